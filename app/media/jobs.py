"""What is done to pictures when nobody waits: slow renditions, new crops, files that no row names any more."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import func, select, update

from app.kernel.db import db, unit_of_work
from app.kernel.errors import NotFound
from app.kernel.jobs import job
from app.kernel.outbox import Delivery, record, subscriber
from app.media.events import FilesLeft, FocalPointMoved, PictureStored
from app.media.filekeeping import keep_with, remove
from app.media.models import Asset, AssetState
from app.media.renditions import listed, named, row_of
from app.media.sandbox import DrawingFailed, NotTaken, Order, draw
from app.media.storage import AlreadyKept, storage
from app.media.studio.kinds import Drawn
from app.media.sweep import ask_for_missing, sweep
from app.media.twins import find_twins

log: Any = structlog.get_logger("festoon.media")
_table: Any = Asset.__table__
_SECONDS = 60


@subscriber("media.draw_slow_forms", PictureStored, queue="slow", seconds=2 * _SECONDS)
def draw_slow_forms(event: PictureStored, delivery: Delivery) -> None:
    """Draw the AVIF of a picture, and whatever else it lacks."""
    asset = _asset(event)
    if asset is None:
        return
    forms, lacks_crops = _missing_forms(asset), "thumb" not in asset.renditions
    if forms or lacks_crops:
        _redraw(asset, Order(forms=forms, crops=lacks_crops, focal=asset.focal, seconds=_SECONDS, nice=10))
    with unit_of_work() as session:  # of two that were stored at the same time neither saw the other
        again = session.get(Asset, event.asset_id, populate_existing=True)
        if again is not None and again.state == AssetState.READY:
            find_twins(session, again)


@subscriber("media.draw_crops", FocalPointMoved, seconds=2 * _SECONDS)
def draw_crops(event: FocalPointMoved, delivery: Delivery) -> None:
    """Cut a picture's crops anew around its focal point."""
    asset = _asset(event)
    if asset is not None:
        _redraw(asset, Order(crops=True, focal=asset.focal, seconds=_SECONDS))


@subscriber("media.remove_files", FilesLeft)
def remove_files(event: FilesLeft, delivery: Delivery) -> None:
    """Remove files that no row names any more."""
    remove(event.paths)


@job("media.sweep", queue="slow", at="7 4 * * *", seconds=3_600)
def sweep_files() -> dict[str, Any]:
    """Remove strays, tell which pictures lack files, and ask again for what was never drawn."""
    found = sweep()
    with unit_of_work() as session:
        asked = ask_for_missing(session)
    return {"removed": found.removed, "missing": found.missing, "asked": asked}


def _asset(event: PictureStored | FocalPointMoved) -> Asset | None:
    with unit_of_work() as session:
        found = session.get(Asset, event.asset_id, populate_existing=True)
        return found if found is not None and found.state == AssetState.READY else None


def _missing_forms(asset: Asset) -> tuple[str, ...]:
    is_clear = "png" in asset.renditions
    return tuple(
        form
        for form in ("avif", "webp", "jpeg")
        if form not in asset.renditions and not (form == "jpeg" and is_clear)
    )


def _redraw(asset: Asset, order: Order) -> None:
    """Draw from the stored picture, and put the files in unless it changed meanwhile."""
    try:
        with storage().open(asset.path) as file:
            drawing = draw(file.read(), order)
    except NotFound:  # deleted or replaced in this moment
        return
    except (NotTaken, DrawingFailed) as refusal:
        # The picture is shown as it is; another try would end alike.
        log.warning("media.not_redrawn", asset=str(asset.id), why=refusal.why)
        return
    files = named(asset.path, drawing.files)
    for path, drawn in files.items():
        with suppress(AlreadyKept):  # by an earlier try of this job
            storage().put(path, drawn.content)
    with unit_of_work() as session:
        keep_with(session, files)
        if not _write_down(asset, order, files, drawing.likeness):
            record(FilesLeft(tuple(files)))


def _write_down(asset: Asset, order: Order, files: dict[str, Drawn], likeness: int | None) -> bool:
    """Name the files on the row; not when it is gone, holds another picture, or its focal point moved again."""
    held = select(_table.c.renditions).where(_table.c.id == asset.id, _table.c.path == asset.path)
    if order.crops:
        held = held.where(_table.c.focal_x == asset.focal_x, _table.c.focal_y == asset.focal_y)
    former = db.session.execute(held.with_for_update()).scalar()
    if former is None:
        return False
    now = former | listed(files)
    kept = {path for of_role in now.values() for _width, _height, path in of_role}
    if left := {path for of_role in former.values() for _width, _height, path in of_role} - kept:
        record(FilesLeft(tuple(sorted(left))))
    # Not through the model: a staff member who has the picture's form open shall not be told it has changed.
    values = row_of(now) | {
        "updated_at": _table.c.updated_at,
        "likeness": func.coalesce(_table.c.likeness, likeness),
    }
    db.session.execute(update(_table).where(_table.c.id == asset.id).values(**values))
    return True
