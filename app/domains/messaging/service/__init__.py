"""Verbs on conversations, a file a group; callers find all of them here."""

from app.domains.messaging.models import MessageKind, Sender, Step
from app.domains.messaging.service.reading import read_by_client, read_by_staff
from app.domains.messaging.service.steps import assign, close, close_idle, reopen, set_bot
from app.domains.messaging.service.visitors import PREFIX as SESSION_PREFIX
from app.domains.messaging.service.visitors import (
    end_session,
    forget_old_sessions,
    link_session,
    may_speak,
    open_session,
    see_page,
    unlink_session,
    visitor_of,
)
from app.domains.messaging.service.writing import Author, Left, answer, answer_as_bot, leave_message

__all__ = [
    "SESSION_PREFIX",
    "Author",
    "Left",
    "MessageKind",
    "Sender",
    "Step",
    "answer",
    "answer_as_bot",
    "assign",
    "close",
    "close_idle",
    "end_session",
    "forget_old_sessions",
    "leave_message",
    "link_session",
    "may_speak",
    "open_session",
    "read_by_client",
    "read_by_staff",
    "reopen",
    "see_page",
    "set_bot",
    "unlink_session",
    "visitor_of",
]
