"""Refusals of this domain."""

from app.kernel.errors import Conflict, DomainError, Forbidden


class WrongCredentials(DomainError):
    """The address and the password do not belong together; which of them is wrong is not told."""

    status, code = 401, "wrong_credentials"


class Suspended(Forbidden):
    """The member was shut out by staff."""

    code = "suspended"


class RefreshRefused(DomainError):
    """The refresh token is unknown, too old or used already, or its device was signed out."""

    status, code = 401, "refresh_refused"


class LinkSpent(Conflict):
    """The link of a mail was used already, is too old, or was never given."""

    status, code = 410, "link_spent"


class NotNow(Conflict):
    """The member's status does not allow the verb."""

    code = "transition_refused"
