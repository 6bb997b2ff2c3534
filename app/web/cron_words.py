"""When a timed job runs, in words: of the crontab lines that the program uses; any other is shown as it is."""

from __future__ import annotations

import re
from datetime import time

from babel.dates import format_time, get_day_names
from flask_babel import gettext as _
from flask_babel import ngettext

_DAILY = re.compile(r"(\d+) (\d+) \* \* \*")
_WEEKLY = re.compile(r"(\d+) (\d+) \* \* ([0-7])")
_MONTHLY = re.compile(r"(\d+) (\d+) (\d+) \* \*")
_HOURLY = re.compile(r"(\d+) \* \* \* \*")
_EVERY_MINUTES = re.compile(r"(?:\*|\*/(\d+)) \* \* \* \*")


def worded(cron: str, locale: str) -> str:
    """Say it: every day at 03:37 UTC."""
    if found := _EVERY_MINUTES.fullmatch(cron):
        return ngettext("Every minute", "Every %(num)s minutes", int(found[1] or 1))
    if found := _HOURLY.fullmatch(cron):
        return _("Every hour at minute %(minute)s", minute=found[1])
    if found := _DAILY.fullmatch(cron):
        return _("Every day at %(time)s UTC", time=_clock(found, locale))
    if found := _WEEKLY.fullmatch(cron):
        day = get_day_names(locale=locale)[(int(found[3]) - 1) % 7]
        return _("Every %(day)s at %(time)s UTC", day=day, time=_clock(found, locale))
    if found := _MONTHLY.fullmatch(cron):
        return _("Day %(day)s of each month at %(time)s UTC", day=found[3], time=_clock(found, locale))
    return cron


def _clock(found: re.Match[str], locale: str) -> str:
    return format_time(time(int(found[2]), int(found[1])), "short", locale=locale)
