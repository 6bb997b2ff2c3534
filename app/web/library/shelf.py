"""What the library's list shows beside and in place of its rows: folders, tags, shelves, and pictures as cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.media.folders import PictureFolder, tree_of
from app.media.models import Asset, AssetState
from app.media.queries import pictures_by_folder, tags_in_use
from app.media.renditions import nearest
from app.media.resources import assets
from app.media.urls import thumbnail_url
from app.surfaces.records import wording
from app.surfaces.records.query import ListQuery, write_query
from app.surfaces.screens.list_tabs import desk_of
from app.surfaces.screens.pages import ListPage, Row
from app.translation.models import SHOWN_STATES, Translation
from app.web.library.alts import missing_alts

BASE = "/pictures/"
TIMES = "\u00d7"


@dataclass(frozen=True, slots=True)
class ShownFolder:
    """A folder in the tree; `count` is of the pictures in it, not of those in folders below it."""

    id: str
    name: str
    url: str
    count: int
    depth: int
    revision: int
    parent: str = ""
    is_open: bool = False
    holds_open: bool = False
    children: tuple[ShownFolder, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of the library that one click shows."""

    name: str
    label: str
    icon: str
    url: str
    count: str
    is_open: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside the pictures."""

    shelves: tuple[Shelf, ...]
    folders: tuple[ShownFolder, ...]
    tags: tuple[Shelf, ...]
    flat: tuple[ShownFolder, ...] = ()
    open_folder: str = ""
    open_name: str = ""
    sees_folders: bool = False
    may_sort: bool = False
    may_add_folder: bool = False
    may_edit_folder: bool = False
    may_delete_folder: bool = False
    alt_url: str = ""
    alt_count: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """What library/_grid.html shows."""

    cards: tuple[PictureCard, ...]
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class PictureCard:
    """A picture as a card of the grid."""

    row: Row
    picture: str
    facts: str
    uses: int
    twins: int
    state: str
    state_label: str
    tone: str
    told: int
    of_languages: int
    tags: tuple[str, ...] = ()


def seen() -> Any:
    """Give the condition on the pictures that the reader may list."""
    return row_rules.condition("asset", current_user, Asset)


def sees_folders() -> bool:
    """Tell whether the reader may know which folders there are."""
    return may("list", "picture_folder")


def shown_folders() -> list[PictureFolder]:
    """Read the folders that the reader may know of."""
    return tree_of(db.session()) if sees_folders() else []


def address(query: ListQuery, *more: tuple[str, str]) -> str:
    """Write an address of the library that keeps how it is shown and sorted, and nothing of what is searched."""
    kept = [pair for pair in write_query(query) if pair[0] in ("sort", "as")]
    pairs = [*kept, *more]
    return f"{BASE}?{urlencode(pairs)}" if pairs else desk_of(assets).bare_url


def side_of(query: ListQuery) -> Side:
    """Read folders, tags and shelves with their counts: the same five statements, however many there are."""
    held = {(item.field.name, item.operator): item.value for item in query.filters}
    condition = seen()
    by_folder = pictures_by_folder(db.session(), condition)
    chosen = held.get(("folder_id", "eq"))
    tree = tuple(_branch(query, shown_folders(), by_folder, chosen, None, 0))
    flat = tuple(_flat(tree))
    opened = next((folder for folder in flat if folder.is_open), None)
    may_describe = may("edit", "asset") or may("translate", "asset")
    return Side(
        shelves=_shelves(query, held, condition, by_folder),
        folders=tree,
        tags=_tags(query, held, condition),
        flat=flat,
        open_folder=opened.id if opened else "",
        open_name=opened.name if opened else "",
        sees_folders=sees_folders(),
        may_sort=may("edit", "asset"),
        may_add_folder=may("add", "picture_folder"),
        may_edit_folder=may("edit", "picture_folder"),
        may_delete_folder=may("delete", "picture_folder"),
        alt_url=f"{BASE}alt" if may_describe else "",
        alt_count=_n(missing_alts().pictures) if may_describe else "",
    )


def _branch(
    query: ListQuery,
    rows: list[PictureFolder],
    counts: dict[UUID | None, int],
    chosen: Any,
    parent: UUID | None,
    depth: int,
) -> Iterable[ShownFolder]:
    for row in rows:
        if row.parent_id != parent or depth > 12:
            continue
        children = tuple(_branch(query, rows, counts, chosen, row.id, depth + 1))
        yield ShownFolder(
            id=str(row.id),
            name=row.name,
            url=address(query, ("filter[folder]", str(row.id))),
            count=counts.get(row.id, 0),
            depth=depth,
            revision=row.revision,
            parent=str(parent or ""),
            is_open=row.id == chosen,
            holds_open=any(child.is_open or child.holds_open for child in children),
            children=children,
        )


def _flat(folders: Iterable[ShownFolder]) -> Iterable[ShownFolder]:
    for folder in folders:
        yield folder
        yield from _flat(folder.children)


def _shelves(
    query: ListQuery, held: dict[tuple[str, str], Any], condition: Any, by_folder: dict[UUID | None, int]
) -> tuple[Shelf, ...]:
    counted = select(
        func.count().filter(Asset.uses == 0),
        func.count().filter(Asset.twins > 0),
        func.count().filter(Asset.state != AssetState.READY),
    )
    unused, twins, held_back = db.session.execute(counted.where(condition)).one()
    total = sum(by_folder.values())
    loose = [
        Shelf(
            "loose",
            _("Without a folder"),
            "folder",
            address(query, ("filter[folder][null]", "true")),
            _n(by_folder.get(None, 0)),
            held.get(("folder_id", "null")) is True,
        )
    ]
    told = [
        Shelf("all", _("All pictures"), "photo", address(query), _n(total), not held),
        *(loose if sees_folders() else []),
        Shelf(
            "unused",
            _("Shown nowhere"),
            "eye-off",
            address(query, ("filter[uses]", "0")),
            _n(unused),
            held.get(("uses", "eq")) == 0,
        ),
        Shelf(
            "twins",
            _("Duplicates"),
            "copy",
            address(query, ("filter[twins][gte]", "1")),
            _n(twins),
            held.get(("twins", "gte")) == 1,
        ),
    ]
    if held_back:
        url = address(query, ("filter[state][ne]", "ready"))
        is_open = held.get(("state", "ne")) == "ready"
        told.append(
            Shelf("held", _("Not to be shown"), "alert-triangle", url, _n(held_back), is_open, "warning")
        )
    return tuple(told)


def _tags(query: ListQuery, held: dict[tuple[str, str], Any], condition: Any) -> tuple[Shelf, ...]:
    chosen = held.get(("tags", "eq")) or []
    return tuple(
        Shelf(name, name, "tag", address(query, ("filter[tags]", name)), _n(number), name in chosen)
        for name, number in tags_in_use(db.session(), condition)
    )


def _n(number: int) -> str:
    return wording.number(number, wording.reader())


def gallery(page: ListPage, query: ListQuery) -> ListPage:
    """Give the list's page with its rows as pictures: two statements more, for one picture or a hundred."""
    keys = [key for row in page.rows if (key := parse_id(row.id)) is not None]
    found = {asset.id: asset for asset in db.session.scalars(select(Asset).where(Asset.id.in_(keys)))}
    told = _languages(keys)
    cards = tuple(
        _card(row, asset, told.get(asset.id, 0))
        for row in page.rows
        if (key := parse_id(row.id)) and (asset := found.get(key)) is not None
    )
    is_folder = [(f.field.name, f.operator) for f in query.filters] == [
        ("folder_id", "eq")
    ] and not query.search
    return replace(page, body_template="library/_grid.html", body=Grid(cards, is_folder))


def _languages(keys: list[UUID]) -> dict[UUID, int]:
    """Count the languages, without the source, in which pictures have an alternative text."""
    counted = select(Translation.object_id, func.count()).where(
        Translation.content_type == "asset",
        Translation.object_id.in_(keys),
        Translation.field == "alt",
        Translation.locale.in_(languages.content_locales()),
        Translation.state.in_(SHOWN_STATES),
        Translation.text != "",
    )
    rows = db.session.execute(counted.group_by(Translation.object_id))
    return {row[0]: row[1] for row in rows}


def _card(row: Row, asset: Asset, told: int) -> PictureCard:
    locale = wording.reader()
    field = assets.field("state")
    option = field.option(asset.state) if field else None
    is_ready = asset.state == AssetState.READY
    shown = asset.thumb or nearest(asset.renditions, 480) or asset.path
    return PictureCard(
        row=row,
        picture=thumbnail_url(shown) if is_ready else "",
        facts=facts_of(asset, locale),
        uses=asset.uses,
        twins=asset.twins,
        state=asset.state,
        state_label=str(option.label) if option and not is_ready else "",
        tone=option.tone if option else "",
        told=told + bool(asset.alt.strip()),
        of_languages=len(languages.locales()),
        tags=tuple(asset.tags),
    )


def facts_of(asset: Asset, locale: str) -> str:
    """Word a picture's form, size and weight: JPEG · 1,600 by 1,067 · 214 kB, with the sign for by."""
    parts = []
    if asset.state == AssetState.READY:
        parts.append(asset.media_type.rpartition("/")[2].upper())
        parts.append(sides_of(asset, locale))
    return " · ".join([*parts, wording.weight(asset.bytes, locale)])


def sides_of(asset: Asset, locale: str) -> str:
    """Word how many pixels a picture has."""
    return f"{wording.number(asset.width, locale)} {TIMES} {wording.number(asset.height, locale)}"
