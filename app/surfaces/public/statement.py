"""The one statement behind a public list or detail: PostgreSQL writes each record's JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float, Select, String, Text, case, cast, func, literal, null, select, true
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by

from app.kernel.db import named
from app.media.models import Asset
from app.resources import Catalogue, Child, Field, Join, Kind, On, Resource
from app.surfaces.records import listing
from app.surfaces.records.query import ListQuery
from app.translation.addresses import alternates, found_by
from app.translation.chain import STRICT, Chain

_asset: Any = Asset.__table__
CLOCK = "HH24:MI"
"""How a time is written: to the minute."""
PRESENT, FORMER = "present address", "former address"
"""By which a record is found whose address each language may have one of its own of."""


def list_statement(
    catalogue: Catalogue, resource: Resource, query: ListQuery, depth: int, matching: Any = None
) -> Select[Any]:
    """Make the statement of a list: rows of (JSON text, the values of the cursor...)."""
    table = resource.model.__table__
    inner = listing.narrow(select(*_columns(resource, query)), resource, query, table)
    inner = inner.where(_shown(resource))
    if matching is not None:
        inner = inner.where(matching)
    chosen = listing.page(inner, resource, query, table).subquery("r")
    cursor = listing.cursor_columns(resource, query, chosen)
    statement = _record(catalogue, resource, chosen, depth, cursor)
    return statement.order_by(*(key.ordered for key in listing.sort_keys(resource, query, chosen)))


def detail_statement(catalogue: Catalogue, resource: Resource, by: str, depth: int) -> Select[Any]:
    """Make the statement of one record, found by the column `by`, or by PRESENT or FORMER; bound as `wanted`."""
    table = resource.model.__table__
    if by in (PRESENT, FORMER):
        wanted = cast(named("wanted", String), String)
        found = table.c.id == found_by(resource.name, wanted, formerly=by == FORMER)
    else:
        found = table.c[by] == named("wanted", table.c[by].type)
    inner = select(*_columns(resource, ListQuery())).where(found, _shown(resource))
    return _record(catalogue, resource, inner.subquery("r"), depth, [])


def count_shown(resource: Resource, query: ListQuery, matching: Any = None) -> Select[Any]:
    """Make the statement that counts what a public list holds on all its pages."""
    counted = listing.count_statement(resource, query, resource.model.__table__).where(_shown(resource))
    return counted if matching is None else counted.where(matching)


def _shown(resource: Resource) -> Any:
    return resource.public_when(resource.model) if resource.public_when else true()


def _columns(resource: Resource, query: ListQuery) -> list[Any]:
    """List what the page needs of the table: public fields, sort columns, key; expressions by their name."""
    table = resource.model.__table__
    columns = {"id": table.c.id}
    for name, _down in query.sort:
        columns[name] = table.c[name]
    for field in resource.fields_on(On.PUBLIC):
        if field.join is not None:
            continue
        columns[field.name] = table.c[field.name] if field.is_stored else field.column.label(field.name)
        if field.kind is Kind.MONEY:
            columns["currency"] = table.c.currency
        if field.on & On.TRANSLATE and "locale" in table.c:
            columns["locale"] = table.c.locale
    return list(columns.values())


def _record(
    catalogue: Catalogue, resource: Resource, chosen: Any, depth: int, more: list[Any]
) -> Select[Any]:
    chain = Chain(depth, chosen)
    pairs = _pairs(catalogue, chain, resource.name, resource.fields_on(On.PUBLIC), chosen)
    for child in resource.children:
        if child.public:
            pairs += [
                literal(child.name, String, literal_execute=True),
                _children(catalogue, child, chosen, depth),
            ]
    text = cast(func.json_build_object(*pairs), Text)
    return select(text, *more).select_from(chain.joined)


def _pairs(
    catalogue: Catalogue, chain: Chain, content_type: str, fields: tuple[Field, ...], row: Any
) -> list[Any]:
    """Give the alternating names and values of a record's JSON object."""
    pairs: list[Any] = [_name("id"), row.c.id]
    languages: list[Any] = []
    for field in fields:
        value: Any = None if field.join is not None else row.c[field.name]
        if field.on & On.TRANSLATE:
            value, locale = chain.choose(
                content_type, row.c.id, field.name, value, row.c.get("locale"), needed=field.is_address
            )
            if field.name == "alt" and "asset_id" in row.c:
                value, locale = _or_the_pictures(chain.depth, value, locale, row)
            languages += [_name(field.key), locale]
        elif field.kind is Kind.MONEY:
            value = _money(value, row.c.currency)
        elif field.kind is Kind.PICTURE:
            value = _picture(chain.depth, value, row)
        elif field.kind is Kind.RELATION:
            value = _relation(catalogue, chain.depth, field, value, row)
        elif field.join is not None:
            value = _relations(catalogue, chain.depth, field, field.join, row)
        elif field.kind is Kind.TIME:
            value = func.to_char(value, _name(CLOCK))
        elif field.kind is Kind.DECIMAL:
            value = func.trim_scale(value)
        pairs += [_name(field.key), value]
        if field.is_address:
            pairs += [_name("slugs"), alternates(content_type, row.c.id, row.c[field.name])]
    return [*pairs, _name("languages"), func.json_build_object(*languages)]


def _children(catalogue: Catalogue, child: Child, parent: Any, depth: int) -> Any:
    table = child.model.__table__.alias()
    chain = Chain(depth, table)
    pairs = _pairs(catalogue, chain, child.table, child.fields_on(On.PUBLIC), table)
    rows = aggregate_order_by(func.json_build_object(*pairs), table.c.position, table.c.id)
    gathered = select(func.coalesce(func.json_agg(rows), cast(_name("[]"), JSON)))
    mine = table.c[child.parent_column] == parent.c.id
    return gathered.select_from(chain.joined).where(mine).correlate(parent).scalar_subquery()


def _name(text: str) -> Any:
    return literal(text, String, literal_execute=True)


def _money(value: Any, currency: Any) -> Any:
    money = func.json_build_object(_name("minor"), value, _name("currency"), currency)
    return case((value.is_not(None), money), else_=null())


def _picture(depth: int, key: Any, row: Any) -> Any:
    """Tell where a picture is and how large, and its alternative text where the row has none of its own."""
    asset = _asset.alias()
    chain = Chain(depth, asset)
    base = named("media_url", String)
    facts = {
        "id": asset.c.id,
        "url": base + asset.c.path,
        "width": asset.c.width,
        "height": asset.c.height,
        "blurhash": asset.c.blurhash,
        "focal": func.json_build_object(
            _name("x"), cast(asset.c.focal_x, Float) / 100, _name("y"), cast(asset.c.focal_y, Float) / 100
        ),
        "srcset": cast(func.replace(asset.c.srcset, _name("{base}"), base), JSON),
        "thumb": base + asset.c.thumb,
    }
    if "alt" not in row.c:
        facts["alt"] = chain.choose("asset", asset.c.id, "alt", asset.c.alt)[0]
    pairs = [part for name, value in facts.items() for part in (_name(name), value)]
    may_be_shown = asset.c.state == _name("ready")
    return _looked_up(chain.joined, pairs, (asset.c.id == key) & may_be_shown, row)


def _or_the_pictures(depth: int, own: Any, locale: Any, row: Any) -> tuple[Any, Any]:
    """Give the picture's alternative text where a row of a gallery has none; only then it is looked up."""
    asset = _asset.alias()
    chain = Chain(depth, asset)
    text, told = chain.choose("asset", asset.c.id, "alt", asset.c.alt)

    def looked_up(column: Any) -> Any:
        found = select(column).select_from(chain.joined).where(asset.c.id == row.c.asset_id)
        return found.where(asset.c.state == _name("ready")).correlate(row).scalar_subquery()

    is_bare = (own == _name("")) & locale.is_not(None)
    told_in = looked_up(told) if depth == STRICT else func.coalesce(looked_up(told), locale)
    words = case((is_bare, func.coalesce(looked_up(text), own)), else_=own)
    return words, case((is_bare, told_in), else_=locale)


def _relation(catalogue: Catalogue, depth: int, field: Field, key: Any, row: Any) -> Any:
    """Name the related record in the reader's language; null when the public does not see it."""
    target = catalogue[field.target]
    table = target.model.__table__.alias()
    chain = Chain(depth, table)
    facts, visible = _named(target, chain, table)
    return _looked_up(chain.joined, facts, (table.c.id == key) & visible, row)


def _relations(catalogue: Catalogue, depth: int, field: Field, join: Join, row: Any) -> Any:
    """Name the related records that the public sees, in the order that their content type has."""
    target = catalogue[field.target]
    table = target.model.__table__.alias()
    chain = Chain(depth, table)
    facts, visible = _named(target, chain, table)
    links = join.table.alias()
    order = listing.sort_keys(target, ListQuery(sort=target.order_by), table)
    found = aggregate_order_by(func.json_build_object(*facts), *(key.ordered for key in order))
    gathered = select(func.coalesce(func.json_agg(found), cast(_name("[]"), JSON)))
    gathered = gathered.select_from(chain.joined.join(links, links.c[join.theirs] == table.c.id))
    return gathered.where(links.c[join.ours] == row.c.id, visible).correlate(row).scalar_subquery()


def _named(target: Resource, chain: Chain, table: Any) -> tuple[list[Any], Any]:
    """Give the names and values by which a record is told where another points at it, and whether it is seen."""
    title: Any = table.c[target.title]
    titled = target.field(target.title)
    if titled is not None and titled.on & On.TRANSLATE:
        title, _locale = chain.choose(target.name, table.c.id, target.title, title)
    facts = [_name("id"), table.c.id, _name(target.title), title]
    if (slug := target.slug_field) is not None:
        address: Any = table.c[slug.name]
        if slug.is_address:
            address, _locale = chain.choose(target.name, table.c.id, slug.name, address, needed=True)
        facts += [_name("slug"), address]
    return facts, target.public_when(table.c) if target.public_when else true()


def _looked_up(source: Any, facts: list[Any], condition: Any, row: Any) -> Any:
    """Make an object of the one record found by its key, null without it.

    Not a join: for a page of records the planner would read the whole other table to hash it.
    """
    found = select(func.json_build_object(*facts)).select_from(source).where(condition)
    return found.correlate(row).scalar_subquery()
