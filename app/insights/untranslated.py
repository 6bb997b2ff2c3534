"""How many texts are translated, by content type and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.access.rights import Rights
from app.resources import Catalogue, Resource
from app.translation.models import Translation


def translatable(catalogue: Catalogue, rights: Rights) -> list[Resource]:
    """List the content types that the reader may translate, all of whose rows are written in the source language.

    Of a visitor's words, in whatever language, none is missing.
    """
    return [
        resource
        for resource in catalogue
        if resource.translated
        and "locale" not in resource.model.__table__.c
        and rights.allow("can_translate", resource.name)
    ]


def untranslated_parts(resources: Sequence[Resource]) -> dict[str, Any]:
    """Count the texts there are by content type, and by content type and language those with a translation."""
    pairs: list[Any] = []
    wanted: list[ColumnElement[bool]] = []
    owners: list[tuple[ColumnElement[bool], str]] = []
    for resource in resources:
        texts: Any = 0
        tables = {resource.name: resource.model} | {child.table: child.model for child in resource.children}
        for name, fields in resource.translated:
            table = tables[name].__table__
            filled = [func.count().filter(table.c[item.name] != "") for item in fields]
            texts = select(sum(filled[1:], start=filled[0])).select_from(table).scalar_subquery() + texts
            own = Translation.content_type == name
            owners.append((own, resource.name))
            wanted.append(and_(own, Translation.field.in_([item.name for item in fields])))
        pairs += [resource.name, texts]
    owner = case(*owners).label("owner")
    done = (
        select(owner, Translation.locale, func.count().label("many"))
        .where(Translation.text != "", Translation.state != "rejected", or_(*wanted))
        .group_by(owner, Translation.locale)
        .subquery()
    )
    return {
        "texts": func.json_build_object(*pairs),
        "translated": select(func.json_agg(done.table_valued())).select_from(done).scalar_subquery(),
    }


def missing(texts: Mapping[str, int], translated: Sequence[Mapping[str, Any]], locale: str) -> dict[str, int]:
    """Tell how many texts have no translation into a language, by content type; those with none are left out."""
    done = {row["owner"]: row["many"] for row in translated if row["locale"] == locale}
    left = {name: many - done.get(name, 0) for name, many in texts.items()}
    return {name: many for name, many in left.items() if many > 0}
