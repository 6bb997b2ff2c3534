"""Refusals of this domain."""

from app.kernel.errors import Conflict


class TransitionRefused(Conflict):
    """The booking's status does not allow the verb."""

    code = "transition_refused"


class TooEarly(Conflict):
    """The day of the event has not come yet."""

    code = "too_early"
