"""Pictures that look alike: pairs, found by the checksum of what is stored and by how it looks."""

from __future__ import annotations

from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Integer, Text, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import BIT, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.media.models import Asset, AssetState
from app.media.studio.likeness import MOST_APART, mean_colour

_NEAR_COLOUR = 6
_NEAR_SHAPE = 0.04


class PictureTwin(Model):
    """Two pictures that look alike, told once from each side; `distance` 0 is the same file.

    `is_apart` when somebody said that they are different: they are not told again.
    """

    __tablename__ = "picture_twin"

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(
        ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    distance: Mapped[int] = mapped_column(Integer)
    is_apart: Mapped[bool] = mapped_column(default=False, server_default="false")


def find_twins(session: Session, asset: Asset) -> int:
    """Look for pictures like one that was just stored or replaced, and write the pairs down; gives how many.

    It may be asked again: of two that are stored at the same time neither sees the other before its commit.
    """
    apart = _apart(session, asset)
    session.execute(
        delete(PictureTwin).where(
            or_(PictureTwin.asset_id == asset.id, PictureTwin.other_id == asset.id),
            PictureTwin.is_apart.is_(False),
        )
    )
    found = [(key, distance) for key, distance in _alike(session, asset) if key not in apart]
    if found:
        rows = [
            {"asset_id": one, "other_id": other, "distance": distance}
            for key, distance in found
            for one, other in ((asset.id, key), (key, asset.id))
        ]
        rows.sort(key=lambda row: (str(row["asset_id"]), str(row["other_id"])))
        session.execute(insert(PictureTwin).values(rows).on_conflict_do_nothing())
    return len(found)


def set_apart(session: Session, key: UUID, other: UUID) -> None:
    """Remember that two pictures are different, though they look alike."""
    for one, another in sorted(((key, other), (other, key)), key=str):
        row = session.get(PictureTwin, (one, another))
        if row is not None:
            row.is_apart = True
    session.flush()


def twins_of(session: Session, key: UUID, condition: object) -> list[tuple[Asset, int]]:
    """List the pictures like one, of those a reader may see (`condition`), the nearest first: (picture, distance)."""
    pairs = (
        select(Asset, PictureTwin.distance)
        .join(PictureTwin, PictureTwin.other_id == Asset.id)
        .where(PictureTwin.asset_id == key, PictureTwin.is_apart.is_(False), condition)  # type: ignore[arg-type]
        .order_by(PictureTwin.distance, Asset.id)
        .limit(12)
    )
    return [(asset, distance) for asset, distance in session.execute(pairs)]


def _apart(session: Session, asset: Asset) -> set[UUID]:
    told = select(PictureTwin.other_id).where(
        PictureTwin.asset_id == asset.id, PictureTwin.is_apart.is_(True)
    )
    return set(session.scalars(told))


def _alike(session: Session, asset: Asset) -> list[tuple[UUID, int]]:
    """Compare with every other picture that is shown: the same file, or one whose fingerprint is near.

    One look at each row is a few nanoseconds: a hundred thousand pictures take some hundredths of a second.
    """
    same = Asset.checksum == asset.checksum
    near = same
    distance: object = func.coalesce(None, 0)
    if asset.likeness is not None:
        differing = cast(Asset.likeness.op("#")(cast(asset.likeness, BigInteger)), BIT(64))
        distance = func.bit_count(differing)
        near = or_(same, distance <= MOST_APART)
    found = session.execute(
        select(Asset.id, Asset.checksum, Asset.blurhash, Asset.width, Asset.height, cast(distance, Text))
        .where(Asset.id != asset.id, Asset.state == AssetState.READY, near)
        .where(Asset.path.not_like("users/%"))
        .limit(200)
    )
    alike = []
    for key, checksum, blurhash, width, height, apart in found:
        if checksum == asset.checksum:
            alike.append((key, 0))
        elif _is_like(asset, blurhash, width, height):
            alike.append((key, max(1, int(apart or 0))))
    return alike


def _is_like(asset: Asset, blurhash: str, width: int, height: int) -> bool:
    """Compare shape and colour: a drawing in other colours has the same fingerprint and is another picture."""
    mine, theirs = asset.width / asset.height, width / max(1, height)
    if abs(mine - theirs) > _NEAR_SHAPE * mine:
        return False
    pairs = zip(mean_colour(asset.blurhash), mean_colour(blurhash), strict=True)
    return all(abs(one - other) <= _NEAR_COLOUR for one, other in pairs)
