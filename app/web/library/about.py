"""What a picture's page tells beside its form: its facts, where it is shown, what looks like it, its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.audit import AuditEntry
from app.kernel.db import db
from app.media.models import Asset, AssetState
from app.media.renditions import nearest
from app.media.twins import twins_of
from app.media.urls import thumbnail_url
from app.resources import Catalogue
from app.surfaces.records import wording
from app.web.library.files import Download, downloads_of
from app.web.library.shelf import facts_of, sides_of
from app.web.library.uses import Use, uses_of

_entry: Any = AuditEntry.__table__


@dataclass(frozen=True, slots=True)
class Twin:
    """Another picture that looks like this one."""

    id: str
    title: str
    url: str
    picture: str
    facts: str
    is_same: bool
    uses: int


@dataclass(frozen=True, slots=True)
class About:
    """What library/_about.html and library/_preview.html show."""

    id: str
    title: str
    shown: str
    width: int
    height: int
    focal_x: int
    focal_y: int
    state: str
    note: str
    uses: tuple[Use, ...]
    hidden_uses: int
    twins: tuple[Twin, ...]
    downloads: tuple[Download, ...]
    facts: tuple[tuple[str, str, str], ...]  # label, value, exact value
    tags: tuple[str, ...]
    may_edit: bool
    may_delete: bool

    @property
    def is_ready(self) -> bool:
        """Tell whether the picture may be shown."""
        return self.state == AssetState.READY


def about(catalogue: Catalogue, asset: Asset) -> About:
    """Gather what is told of a picture: three statements, for one use or a hundred."""
    uses = uses_of(catalogue, asset.id)
    seen = tuple(use for use in uses if use.title is not None)
    is_ready = asset.state == AssetState.READY
    rule = row_rules.condition("asset", current_user, Asset, "show")
    return About(
        id=str(asset.id),
        title=asset.title,
        shown=thumbnail_url(nearest(asset.renditions, 960) or asset.path) if is_ready else "",
        width=asset.width,
        height=asset.height,
        focal_x=asset.focal_x,
        focal_y=asset.focal_y,
        state=asset.state,
        note=asset.note or "",
        uses=seen,
        hidden_uses=max(asset.uses, len(uses)) - len(seen),
        twins=tuple(_twin(other, distance) for other, distance in twins_of(db.session(), asset.id, rule)),
        downloads=downloads_of(asset),
        facts=tuple(_facts(asset)),
        tags=tuple(asset.tags),
        may_edit=may("edit", "asset"),
        may_delete=may("delete", "asset"),
    )


def _twin(other: Asset, distance: int) -> Twin:
    return Twin(
        id=str(other.id),
        title=other.title,
        url=f"/pictures/{other.id}",
        picture=thumbnail_url(other.square) if other.state == AssetState.READY else "",
        facts=facts_of(other, wording.reader()),
        is_same=distance == 0,
        uses=other.uses,
    )


def _facts(asset: Asset) -> Iterator[tuple[str, str, str]]:
    locale = wording.reader()
    if asset.state == AssetState.READY:
        yield _("Format"), asset.media_type.rpartition("/")[2].upper(), ""
        yield _("Dimensions"), sides_of(asset, locale), ""
    yield _("Size"), wording.weight(asset.bytes, locale), wording.number(asset.bytes, locale)
    if asset.file_name:
        yield _("File name"), asset.file_name, ""
    yield _("Added"), wording.ago(asset.created_at, locale), wording.exact(asset.created_at, locale)
    if who := _who_added(asset):
        yield _("Added by"), who, ""


def _who_added(asset: Asset) -> str:
    """Read from the history who put the picture in."""
    told = select(_entry.c.actor_label).where(
        _entry.c.content_type == "asset", _entry.c.object_id == str(asset.id), _entry.c.action == "insert"
    )
    return str(db.session.scalar(told.order_by(_entry.c.id).limit(1)) or "")
