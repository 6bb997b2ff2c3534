"""Sessions of visitors: begun, linked to a member, ended, forgotten."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, text, update

from app.domains.members import queries as members
from app.domains.messaging.errors import SessionOfAnother, SessionUnknown
from app.domains.messaging.models import MOST_PAGES, Conversation, Step, VisitorSession
from app.domains.messaging.queries import Visitor, digest, session_by_token
from app.domains.messaging.service import news, words
from app.domains.messaging.service.appending import note_step
from app.kernel import clock
from app.kernel.configured import configured
from app.kernel.db import db
from app.kernel.errors import NotFound

PREFIX = "vs_"
_TOUCH_EVERY = timedelta(minutes=1)


def open_session(
    *,
    locale: str = "en",
    user_agent: str = "",
    name: str = "",
    email: str = "",
    member_id: UUID | None = None,
) -> tuple[VisitorSession, str]:
    """Begin a session; give it with its token, which is kept nowhere."""
    token = PREFIX + secrets.token_urlsafe(32)
    session = VisitorSession(
        token_hash=digest(token),
        locale=locale[:35],
        user_agent=words.line(user_agent, 300),
        name=words.line(name, 120),
        email=words.line(email, 254),
        member_id=member_id,
        signed_in_at=None if member_id is None else clock.now(),
        pages=[],
    )
    db.session.add(session)
    db.session.flush()
    return session, token


def visitor_of(
    token: str | None, member_id: UUID | None = None, member_name: str = "", locale: str = ""
) -> Visitor:
    """Tell who asks: by a session's token, as a member, or both, which links the session to the member.

    A session that was sent with a member's token counts from then on beside that member's token alone: whoever
    knows its token, from before or after signing out, has nothing of the member's. One that staff have linked
    shows its visitor what was said in it, until the member speaks there. Raises SessionUnknown for a token that
    is no living session's, SessionOfAnother for another member's.
    """
    if not token:
        if member_id is None:
            raise SessionUnknown(_l("Send the token of a session or of a member."))
        return Visitor(None, member_id, member_name, locale or "en")
    session = session_by_token(token)
    if session is None or _is_over(session, member_id) or not may_speak(session.member_id):
        raise SessionUnknown(_l("The session has ended. Begin a new one."))
    if session.seen_at < clock.now() - _TOUCH_EVERY:
        touched = update(VisitorSession).where(VisitorSession.id == session.id)
        db.session.execute(touched.values(seen_at=clock.now()))
    if member_id is None:
        return Visitor(session.id, None, session.name, locale or session.locale)
    if session.member_id != member_id or session.signed_in_at is None:
        link_session(session.id, member_id, member_name)
        sign_in_session(session.id)
    return Visitor(session.id, member_id, member_name or session.name, locale or session.locale)


def _is_over(session: VisitorSession, member_id: UUID | None) -> bool:
    if session.signed_in_at is not None and None in (member_id, session.member_id):
        return True  # without its member, or taken from them: nobody else may read on
    return session.seen_at < clock.now() - timedelta(days=configured("CHAT_KEEP_DAYS"))


def sign_in_session(session_id: UUID) -> None:
    """Keep what is said in a session to its member: its token alone is worth nothing from now on."""
    own = update(VisitorSession).where(VisitorSession.id == session_id, VisitorSession.signed_in_at.is_(None))
    db.session.execute(own.values(signed_in_at=clock.now()))


def may_speak(member_id: UUID | None) -> bool:
    """Tell whether a session of a member, or of nobody, still counts: a suspended member's does not."""
    if member_id is None:
        return True
    contact = members.contact_of(member_id)
    return contact is not None and contact.is_active


def link_session(session_id: UUID, member_id: UUID, member_name: str = "") -> int:
    """Link a session to a member: what was said in it is the member's from now on. Give how many conversations.

    Raises NotFound, or SessionOfAnother when it is linked to somebody else.
    """
    session = db.session.scalar(
        select(VisitorSession).where(VisitorSession.id == session_id).with_for_update()
        .execution_options(populate_existing=True)
    )  # fmt: skip
    if session is None:
        raise NotFound(_l("There is no such session."))
    if session.member_id not in (None, member_id):
        raise SessionOfAnother(_l("This session belongs to another member. Begin a new one."))
    session.member_id = member_id
    session.name = words.line(member_name, 120) or session.name
    moved = list(
        db.session.scalars(
            select(Conversation)
            .where(Conversation.session_id == session_id, Conversation.member_id.is_(None))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    for conversation in moved:
        conversation.member_id = member_id
        conversation.visitor_name = words.line(member_name, 200) or conversation.visitor_name
        note_step(conversation, Step.LINKED, member_name)
    db.session.flush()
    for conversation in moved:
        news.conversation_changed(conversation)
    return len(moved)


def unlink_session(session_id: UUID) -> int:
    """Take a session and what was said in it from the member it was linked to by mistake; give how many."""
    session = db.session.get(VisitorSession, session_id)
    if session is None or session.member_id is None:
        return 0
    whose = Conversation.session_id == session_id, Conversation.member_id == session.member_id
    locked = select(Conversation).where(*whose).with_for_update().execution_options(populate_existing=True)
    moved = list(db.session.scalars(locked))
    session.member_id, session.name = None, ""
    for conversation in moved:
        about, conversation.member_id, conversation.visitor_name = conversation.visitor_name, None, ""
        note_step(conversation, Step.UNLINKED, about)
    db.session.flush()
    for conversation in moved:
        news.conversation_changed(conversation)
    return len(moved)


def end_session(session_id: UUID) -> None:
    """End a session: its token is dead from now on."""
    ended = update(VisitorSession).where(VisitorSession.id == session_id, VisitorSession.ended_at.is_(None))
    db.session.execute(ended.values(ended_at=clock.now()))


def see_page(session_id: UUID, path: str, title: str = "") -> None:
    """Note that the visitor looks at a page; the last twenty are kept."""
    session = db.session.get(VisitorSession, session_id)
    if session is None:
        return
    page = {"path": words.line(path, 300), "title": words.line(title, 150), "at": clock.now().isoformat()}
    pages = list(session.pages)
    if pages and pages[-1]["path"] == page["path"]:
        pages.pop()
    changed = update(VisitorSession).where(VisitorSession.id == session_id)
    db.session.execute(changed.values(pages=[*pages, page][-MOST_PAGES:], seen_at=clock.now()))
    going_on = select(Conversation).where(
        Conversation.session_id == session_id, Conversation.status == "open"
    )
    for conversation in db.session.scalars(going_on):
        news.page_seen(conversation, page)


def forget_old_sessions(days: int) -> int:
    """Delete sessions of nobody that were left so many days ago, with all that was said; give how many."""
    db.session.execute(text("SET LOCAL lock_timeout = '3s'"))
    old = (
        select(VisitorSession.id)
        .where(
            VisitorSession.member_id.is_(None), VisitorSession.seen_at < clock.now() - timedelta(days=days)
        )
        .limit(5_000)
    )
    gone = delete(VisitorSession).where(VisitorSession.id.in_(old)).returning(VisitorSession.id)
    return len(db.session.execute(gone).all())
