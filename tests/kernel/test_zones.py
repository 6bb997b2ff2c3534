"""Which time zones are taken: places everywhere, on every machine the same."""

from __future__ import annotations

import zoneinfo
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.zones import is_zone, zones


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "Asia/Kolkata", "America/Argentina/Ushuaia", "UTC", "EST5EDT"]
)
def test_a_zone_of_the_iana_database_is_taken_and_known_to_the_database(session: Session, name: str) -> None:
    assert is_zone(name)
    assert session.scalar(text("SELECT timezone(:name, now())"), {"name": name}) is not None


def test_what_only_this_machine_knows_is_no_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: {"localtime", "Mars/Olympus"})
    for name in (
        *("localtime", "Factory", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "Mars/Olympus"),
        *("europe/berlin", "../../etc/passwd", "", "CET+1", "leapseconds", "zone.tab", "tzdata.zi"),
    ):
        assert not is_zone(name), name


def test_every_zone_can_be_reckoned_with_and_the_list_is_read_once() -> None:
    assert len(zones()) > 400
    assert zones() is zones()
    for name in zones():
        ZoneInfo(name)
