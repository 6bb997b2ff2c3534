"""Refusals of this domain."""

from app.kernel.errors import Conflict, DomainError, NotFound


class SessionUnknown(DomainError):
    """The token is no session's, or the session has ended."""

    status, code = 401, "session_unknown"


class SessionOfAnother(Conflict):
    """The session is linked to another member: a new one is needed."""

    code = "session_of_another"


class NoSuchConversation(NotFound):
    """There is none, or it is somebody else's."""

    code = "no_such_conversation"


class TooManyMessages(DomainError):
    """Messages come faster than anybody writes."""

    status, code = 429, "too_many_messages"


class StillClosed(Conflict):
    """The conversation is closed; only a client's message or staff open it again."""

    code = "conversation_closed"
