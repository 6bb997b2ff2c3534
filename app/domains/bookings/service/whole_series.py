"""The verbs of a whole series, as its list and the staff API offer them: all of its days that are still to come."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, object_session

from app.domains.bookings.errors import SeriesRefused, TransitionRefused
from app.domains.bookings.models import BookingSeries
from app.domains.bookings.queries import Seen
from app.domains.bookings.service.reaching import Reach, cancel_days, confirm_days, waiting_days, within
from app.kernel import clock


def has_days_ahead(series: BookingSeries) -> bool:
    """Tell whether the rule of a series has days that are still to come; nothing is read."""
    return series.until_on >= clock.today()


def confirm_all(series: BookingSeries, reason: str = "", seen: Seen | None = None) -> None:
    """Promise every day that waits, if nobody is rejected by it; `seen` is asked of each booking.

    Raises TransitionRefused where none waits, Conflict where another would be rejected (rule 4), and SeriesRefused
    where not one of them can be.
    """
    session = _session(series)
    if not waiting_days(session, series, seen):
        raise TransitionRefused(_l("No day of this series waits to be confirmed."))
    done, refused = confirm_days(session, series, reason, seen=seen)
    if not done:
        against = [one.foreseen for one in refused]
        raise SeriesRefused(_l("Not one of these days could be confirmed."), against)


def cancel_all(series: BookingSeries, reason: str = "", seen: Seen | None = None) -> None:
    """Call every day off that is still to come; `seen` is asked of each booking. Raises TransitionRefused."""
    session = _session(series)
    meant = within(session, series, Reach.ALL, seen=seen)
    if not meant:
        raise TransitionRefused(_l("No day of this series is still to come."))
    cancel_days(session, series, meant, reason)


def _session(series: BookingSeries) -> Any:
    session: Session | None = object_session(series)
    if session is None:
        raise ValueError("a series is changed where it is stored")
    return session
