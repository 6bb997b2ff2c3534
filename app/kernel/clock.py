"""The only place that reads the clock."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Tell the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Tell the present date in UTC."""
    return now().date()
