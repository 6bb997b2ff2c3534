"""Open suggestions as they are shown beside their texts: what they would change, whose they are, who may decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.diffing import Piece, compare, readable, shortened
from app.resources import Kind
from app.surfaces.records import wording
from app.translation.models import SHOWN_STATES, Translation
from app.translation.sources import SOURCES
from app.translation.states import Hand, hand_of
from app.translation.suggesting import open_suggestions


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody's suggestion: the text, and what it would change in the one that is shown."""

    id: str
    text: str
    pieces: tuple[Piece, ...]
    by: str
    exact: str
    is_own: bool
    may_accept: bool
    rule: str = ""


class Offers:
    """The open suggestions for some texts, read in two statements, and only when one of the texts is shown."""

    def __init__(self, session: Session, rows: Iterable[Translation]) -> None:
        self.session = session
        self.rows = [row for row in rows if row.state in SHOWN_STATES]

    @cached_property
    def found(self) -> Mapping[Any, Any]:
        """Read the suggestions, by text."""
        return open_suggestions(self.session, [row.id for row in self.rows]) if self.rows else {}

    @cached_property
    def names(self) -> dict[int, str]:
        """Read whose they are."""
        return names_of(self.session, {one.author_id for found in self.found.values() for one in found})

    def of(self, row: Translation | None) -> tuple[Offer, ...]:
        """Word those for one text, the newest first."""
        if row is None or row.state not in SHOWN_STATES or row.id not in self.found:
            return ()
        hand = hand_of(row.content_type, row.locale)
        return tuple(self._offer(row, one, hand) for one in self.found[row.id])

    def _offer(self, row: Translation, one: Any, hand: Hand) -> Offer:
        field, reader = SOURCES.get((row.content_type, row.field)), wording.reader()
        read = readable if field is not None and field.kind is Kind.RICH_TEXT else str
        old, new = read(row.text), read(one.text)
        by = self.names.get(one.author_id or 0, "") or one.origin or _("Somebody")
        return Offer(
            id=str(one.id),
            text=one.text,
            pieces=shortened(compare(old, new)) if old != new else (),
            by=_("%(name)s, %(when)s", name=by, when=wording.ago(one.updated_at, reader)),
            exact=wording.exact(one.updated_at, reader),
            is_own=hand.user_id is not None and one.author_id == hand.user_id,
            may_accept=hand.judges(one.author_id),
            rule=_rule(hand, one),
        )


def _rule(hand: Hand, one: Any) -> str:
    """Say why somebody may not accept it; nothing for who may."""
    if hand.judges(one.author_id):
        return ""
    if hand.approves:
        return _("This is your suggestion: somebody else has to accept it.")
    return _("It waits for somebody who may approve.")


def names_of(session: Session, keys: Collection[int | None]) -> dict[int, str]:
    """Read the names of users."""
    wanted = [key for key in keys if key is not None]
    if not wanted:
        return {}
    found = session.scalars(select(User).where(User.id.in_(wanted)))
    return {user.id: user.get_full_name().strip() or user.username for user in found}
