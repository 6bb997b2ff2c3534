"""Who a conversation's visitor is, across domains: their member, their bookings, what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.domains.members.models import Member
from app.domains.messaging.models import Conversation, ReadMark, VisitorSession
from app.surfaces.search.models import SearchEntry

MOST_BOOKINGS = 6
MOST_EARLIER = 5
MOST_FOUND = 6
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class VisitorFacts:
    """A list is None where the reader may not look."""

    session: VisitorSession | None
    member: Member | None
    read_at: datetime | None
    bookings: Sequence[Booking] | None
    earlier: Sequence[Conversation]


def visitor_facts(
    session: Session,
    conversation: Conversation,
    visible_bookings: ColumnElement[bool] | None,
    visible_conversations: ColumnElement[bool],
) -> VisitorFacts:
    """Read what is known of the visitor of a conversation; the conditions are those of the reader's row rules."""
    read_at = (
        select(ReadMark.read_at)
        .where(ReadMark.conversation_id == Conversation.id, ReadMark.user_id.is_(None))
        .scalar_subquery()
    )
    found = session.execute(
        select(VisitorSession, Member, read_at)
        .select_from(Conversation)
        .outerjoin(VisitorSession, VisitorSession.id == Conversation.session_id)
        .outerjoin(Member, Member.id == func.coalesce(Conversation.member_id, VisitorSession.member_id))
        .where(Conversation.id == conversation.id)
    ).one()
    visitor, member, seen = found
    bookings = None
    if visible_bookings is not None:
        bookings = _bookings(session, visitor, member, visible_bookings)
    return VisitorFacts(
        visitor, member, seen, bookings, _earlier(session, conversation, visible_conversations)
    )


def _bookings(
    session: Session, visitor: VisitorSession | None, member: Member | None, visible: ColumnElement[bool]
) -> Sequence[Booking]:
    """List the newest bookings of the member, and those under an address that is known to be the member's.

    An address that a visitor only says is theirs is shown to staff too: it says so on the screen.
    """
    whose: list[ColumnElement[bool]] = []
    addresses = {person.email.lower() for person in (visitor, member) if person is not None and person.email}
    if member is not None:
        whose.append(Booking.member_id == member.id)
    if addresses:
        # The index of the search finds what may fit: one for this alone would cost each booking that is made.
        parts = [SearchEntry.text.like(func.festoon_like(address)) for address in sorted(addresses)]
        near = select(SearchEntry.object_id).where(SearchEntry.content_type == "booking", or_(*parts))
        whose.append(and_(Booking.id.in_(near), func.lower(Booking.client_email).in_(addresses)))
    if not whose:
        return ()
    newest = select(Booking).where(visible, or_(*whose)).order_by(Booking.created_at.desc(), Booking.id)
    return session.scalars(newest.limit(MOST_BOOKINGS)).all()


def _earlier(
    session: Session, conversation: Conversation, visible: ColumnElement[bool]
) -> Sequence[Conversation]:
    whose = []
    if conversation.session_id is not None:
        whose.append(Conversation.session_id == conversation.session_id)
    if conversation.member_id is not None:
        whose.append(Conversation.member_id == conversation.member_id)
    if not whose:
        return ()
    others = select(Conversation).where(or_(*whose), Conversation.id != conversation.id, visible)
    newest = others.order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    return session.scalars(newest.limit(MOST_EARLIER)).all()


def find_members(session: Session, text: str) -> Sequence[Member]:
    """Find members by the beginning of a word of their name, or of their address."""
    sought = text.strip()
    if len(sought) < SHORTEST_SEARCH:
        return ()
    escaped = sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = or_(
        Member.name.ilike(f"{escaped}%"),
        Member.name.ilike(f"% {escaped}%"),
        Member.email.ilike(f"{escaped}%"),
    )
    return session.scalars(
        select(Member).where(like).order_by(Member.name, Member.id).limit(MOST_FOUND)
    ).all()


def member(session: Session, key: UUID) -> Member | None:
    """Find a member by key."""
    return session.get(Member, key)
