"""A member's photo: one picture, which goes when another comes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domains.members.models import Member
from app.domains.members.service.links import lock_member
from app.kernel.db import db
from app.media.models import Asset
from app.media.service import store_picture


def set_photo(member_id: UUID, content: bytes, title: str, place: str) -> Member:
    """Keep a picture as the member's photo; the one before goes with its files. Raises Invalid at `file`."""
    asset = store_picture(content, title, place=place)  # drawn before anything is locked
    member = lock_member(member_id)
    _drop(member)
    member.asset_id = asset.id
    db.session.flush()
    return member


def remove_photo(member_id: UUID) -> None:
    """Let the photo and its files go."""
    _drop(lock_member(member_id))


def _drop(member: Member) -> None:
    old = db.session.get(Asset, member.asset_id) if member.asset_id else None
    member.asset_id = None
    db.session.flush()
    if old is not None:
        db.session.delete(old)
        db.session.flush()


@event.listens_for(Session, "before_flush")
def _drop_with_member(session: Session, *_unused: Any) -> None:
    """A member who is deleted takes the photo along."""
    for member in [row for row in session.deleted if isinstance(row, Member) and row.asset_id]:
        if (photo := session.get(Asset, member.asset_id)) is not None:
            session.delete(photo)
