"""Refusals of this domain."""

from app.kernel.errors import Conflict


class AlreadyDecided(Conflict):
    """The review has that decision already."""

    code = "already_decided"
