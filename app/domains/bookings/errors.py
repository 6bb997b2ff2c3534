"""Refusals of this domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Conflict, Gone, NotFound


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


class NoSuchRoom(NotFound):
    """There is no such room, or nobody may book it."""

    def __init__(self) -> None:
        super().__init__(_l("There is no such room."))


class TimeRefused(Conflict):
    """The time breaks rules of the room; `findings` tells which, in their order."""

    code = "time_refused"

    def __init__(self, message: Any, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class RoomTaken(Conflict):
    """Somebody else has the room at that time."""

    code = "room_taken"

    def __init__(self) -> None:
        super().__init__(_l("Somebody else has this room at that time. Choose another time."))


class TooManyHolds(Conflict):
    """Somebody holds as many times as one may at once."""

    code = "too_many_holds"


class NoSuchHold(NotFound):
    """There is none, or it is somebody else's, or the token is not a right one: all look the same."""

    def __init__(self) -> None:
        super().__init__(_l("There is no such hold."))


class HoldEnded(Gone):
    """The hold has expired, was released, or has become a booking."""

    code = "hold_ended"

    def __init__(self) -> None:
        super().__init__(_l("The time is no longer held. Choose it again."))


class NoSuchCalendar(NotFound):
    """There is none, it was closed, or its address was renewed: all look the same."""

    def __init__(self) -> None:
        super().__init__(_l("There is no such calendar."))


class TimeIsFree(Conflict):
    """Nobody has the time: there is nothing to wait for."""

    code = "time_is_free"

    def __init__(self) -> None:
        super().__init__(_l("This time is free. You can book it now."))


class TooManyWaits(Conflict):
    """The client waits for as many times as one may."""

    code = "too_many_waits"

    def __init__(self, most: int) -> None:
        super().__init__(_l("You wait for %(most)s times already. Leave one of them first.", most=most))


class AlreadyWaiting(Conflict):
    """The client waits for this time already, or for one that meets it."""

    code = "already_waiting"

    def __init__(self) -> None:
        super().__init__(
            _l("You are on the list for this time already. We write to you as soon as it is free.")
        )


class NoSuchWaiting(NotFound):
    """There is none, or the link to it is not a right one: both look the same."""

    def __init__(self) -> None:
        super().__init__(_l("There is no such place on the waiting list."))


class OfferEnded(Gone):
    """The offer was not answered in time, or was answered otherwise."""

    code = "offer_ended"

    def __init__(self) -> None:
        super().__init__(_l("This offer has ended. The time may be somebody else's by now."))


class SeriesRefused(Conflict):
    """Days of a series cannot be as wished, and all of them or none were asked for; `conflicts` tells which and why."""

    code = "series_refused"

    def __init__(self, message: Any, conflicts: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)
