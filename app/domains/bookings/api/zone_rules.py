"""The clocks of a zone as calendar programs read them: a VTIMEZONE with every change in a span of days.

The library's own writes a change to summer time an hour late: it tells it by the clock after the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@lru_cache(maxsize=256)
def zone_rules(name: str, first: date, last: date) -> Timezone:
    """Write what the clocks of a zone do from one day to another; nobody changes what is given."""
    zone = ZoneInfo(name)
    begin = datetime.combine(first, time(0), UTC)
    written = Timezone()
    written.add("tzid", name)
    written.add_component(_rule(zone, begin, begin))
    for change in changes(zone, begin, datetime.combine(last, time(0), UTC)):
        written.add_component(_rule(zone, change - _SECOND, change))
    return written


def changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Give the instants at which the clocks of a zone are put forward or back."""
    at = begin
    while at < end:
        after = at + _DAY
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield _change(zone, at, after)
        at = after


def _change(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    offset = late.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late


def _rule(zone: ZoneInfo, before: datetime, at: datetime) -> TimezoneDaylight | TimezoneStandard:
    """Write what holds from an instant on; its beginning is told by the clock as it was before (RFC 5545, 3.6.5)."""
    then, now = before.astimezone(zone), at.astimezone(zone)
    offset = then.utcoffset() or timedelta()
    rule = TimezoneDaylight() if now.dst() else TimezoneStandard()
    rule.add("dtstart", (at + offset).replace(tzinfo=None))
    rule.add("tzoffsetfrom", offset)
    rule.add("tzoffsetto", now.utcoffset() or timedelta())
    rule.add("tzname", now.tzname() or str(zone))
    return rule
