"""Why a time in a room is free or not, rule by rule, in words for staff and for visitors (features row 42)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from flask_babel import gettext as _

from app.domains.bookings.queries.availability import Calendar, Finding, Rule, Taken
from app.domains.venues.queries import Closed
from app.kernel import durations
from app.kernel.values import Period


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one rule says of a wish, as a sentence in the reader's language."""

    rule: Rule
    is_kept: bool
    sentence: str


def explain(
    calendar: Calendar, findings: Sequence[Finding], locale: str, *, for_staff: bool = False, zone: str = ""
) -> list[Explanation]:
    """Word every finding; times are told in `zone`, else in the venue's.

    Visitors do not learn whether a booking or a hold keeps the time, nor of buffers; staff do.
    """
    teller = _Teller(calendar, locale, zone or calendar.rules.zone, for_staff)
    return [Explanation(one.rule, one.is_kept, teller.tell(one)) for one in findings]


class _Teller:
    def __init__(self, calendar: Calendar, locale: str, zone: str, for_staff: bool) -> None:
        self.rules = calendar.rules
        self.locale = Locale.parse(locale.replace("-", "_"))
        self.zone = ZoneInfo(zone)
        self.for_staff = for_staff

    def tell(self, finding: Finding) -> str:
        """Word one finding."""
        told: dict[Rule, Callable[[Finding], str]] = {
            Rule.OFFERED: self._offered,
            Rule.NOTICE: self._notice,
            Rule.ADVANCE: self._advance,
            Rule.LENGTH: self._length,
            Rule.HOURS: self._hours,
            Rule.START: self._start,
            Rule.CLOSURE: self._closure,
            Rule.FREE: self._free,
        }
        return told[finding.rule](finding)

    def _offered(self, finding: Finding) -> str:
        return _("The room can be booked.") if finding.is_kept else _("The room cannot be booked at present.")

    def _notice(self, finding: Finding) -> str:
        ahead = self._lasting(self.rules.notice)
        if not self.rules.notice:
            return _("It is still to come.") if finding.is_kept else _("This time is over.")
        if finding.is_kept:
            return _("It is at least %(time)s ahead.", time=ahead)
        return _("It begins too soon: book at least %(time)s ahead.", time=ahead)

    def _advance(self, finding: Finding) -> str:
        if finding.is_kept:
            return _("It is not too far ahead.")
        return _("It is too far ahead: book at most %(days)s days before.", days=self.rules.advance_days)

    def _length(self, finding: Finding) -> str:
        if finding.is_kept:
            return _("Its length is offered.")
        return _(
            "Its length is not offered: from %(least)s to %(most)s, in steps of %(step)s.",
            least=self._lasting(self.rules.shortest),
            most=self._lasting(self.rules.longest),
            step=self._lasting(self.rules.step),
        )

    def _hours(self, finding: Finding) -> str:
        if finding.is_kept:
            return _("The venue is open for all of it.")
        closed = next((one for one in finding.against if isinstance(one, Period)), None)
        if closed is None:
            return _("The venue is not open then.")
        return _("The venue is not open %(period)s.", period=self._between(closed))

    def _start(self, finding: Finding) -> str:
        step = self._lasting(self.rules.step)
        if finding.is_kept:
            return _("It begins when a booking can begin.")
        return _("A booking begins at opening, or in steps of %(step)s from then.", step=step)

    def _closure(self, finding: Finding) -> str:
        closed = next((one for one in finding.against if isinstance(one, Closed)), None)
        if closed is None:
            return _("No closure is in the way.")
        period = self._between(closed.period)
        if closed.reason:
            return _("It is closed %(period)s: %(reason)s.", period=period, reason=closed.reason)
        return _("It is closed %(period)s.", period=period)

    def _free(self, finding: Finding) -> str:
        taken = next((one for one in finding.against if isinstance(one, Taken)), None)
        if taken is None:
            return _("Nobody else has it.")
        period = self._between(taken.shown)
        if not self.for_staff:
            return _("Somebody else has it %(period)s.", period=period)
        before, after = self.rules.buffer_before, self.rules.buffer_after
        if taken.until is not None:
            return _(
                "It is held %(period)s, until %(until)s.", period=period, until=self._moment(taken.until)
            )
        if before or after:
            return _(
                "It is booked %(period)s, with %(before)s before and %(after)s after it kept free.",
                period=period,
                before=self._lasting(before),
                after=self._lasting(after),
            )
        return _("It is booked %(period)s.", period=period)

    def _between(self, period: Period) -> str:
        """Word a period: the day once where it begins and ends on one."""
        starts, ends = (at.astimezone(self.zone) for at in (period.starts_at, period.ends_at))
        if starts.date() == ends.date():
            return _("from %(start)s to %(end)s", start=self._moment(starts), end=self._clock(ends))
        return _("from %(start)s to %(end)s", start=self._moment(starts), end=self._moment(ends))

    def _moment(self, at: datetime) -> str:
        there = at.astimezone(self.zone)
        return f"{format_skeleton('MMMEd', there, locale=self.locale)}, {self._clock(there)}"

    def _clock(self, at: datetime) -> str:
        return format_time(at.astimezone(self.zone), "short", locale=self.locale)

    def _lasting(self, minutes: int) -> str:
        return durations.told(minutes, str(self.locale))
