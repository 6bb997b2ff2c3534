"""Refusals of this domain."""

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Conflict, NotFound


class TransitionRefused(Conflict):
    """The booking's status does not allow the verb."""

    code = "transition_refused"


class TooEarly(Conflict):
    """The day of the event has not come yet."""

    code = "too_early"


class TooLateToCancel(Conflict):
    """The last day on which the client could call it off themselves has passed."""

    code = "too_late_to_cancel"


class NoSuchBooking(NotFound):
    """There is none, or it is somebody else's, or the link to it is not a right one: all look the same."""

    def __init__(self) -> None:
        super().__init__(_l("There is no such booking."))
