"""Calendars in six zones, over every change of their clocks, as two calendar programs' libraries read them (rule 10)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.bookings.models import CalendarFeed
from app.kernel import clock
from tests.domains.rooms import stored_room
from tests.domains.test_feeds import address, booked
from tests.domains.venues.test_opening import ZONES

LIBRARY = Path(__file__).parents[2] / ".make" / "lighthouse" / "node_modules" / "ical.js" / "dist" / "ical.js"
NO_LIBRARY = "there is no ical.js here: run `make lighthouse` once"
READER = """
import { readFileSync } from "node:fs";
const { default: ICAL } = await import(process.argv[1]);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
const told = events.map((one) => [one.startDate.toUnixTime(), one.endDate.toUnixTime(), one.summary]);
console.log(JSON.stringify(told));
"""
"""It knows of zones what the file says, nothing else."""
HALF = timedelta(minutes=30)


@pytest.fixture(scope="module")
def library() -> str:
    """Find Node.js and ical.js; without them the test is skipped, unless it is required."""
    if LIBRARY.exists() and shutil.which("node"):
        return LIBRARY.as_uri()
    if os.environ.get("FESTOON_REQUIRE_BROWSER"):
        pytest.fail(NO_LIBRARY)
    pytest.skip(NO_LIBRARY)


def around(zone: str) -> list[datetime]:
    """Give half hours around every change of clocks to come, and some plain hours of a day."""
    from app.domains.bookings.api.zone_rules import changes  # declarations load once the program is made

    begin = datetime.combine(clock.today() - timedelta(days=80), time(0), UTC)
    found = list(changes(ZoneInfo(zone), begin, begin + timedelta(days=470)))
    starts = [change + step * HALF for change in found for step in range(-5, 6)]
    return sorted({*starts, *(begin + timedelta(days=day, hours=13) for day in (1, 200, 400))})


@pytest.fixture(params=ZONES)
def file(
    request: pytest.FixtureRequest, client: FlaskClient, session: Session
) -> tuple[list[datetime], bytes]:
    """Store bookings at these times and read their calendar; gives the starts and the file."""
    room = stored_room(session, request.param)
    feed = CalendarFeed(name="Hall", room_id=room.id)
    session.add(feed)
    starts = around(request.param)
    for start in starts:
        booked(room, start, 1, client_name="مها، 🎉")
    session.flush()
    return starts, client.get(address(feed)).data


@pytest.mark.proves("S2.9", "S2.65")
def test_python_reads_every_time_as_it_was_booked(file: tuple[list[datetime], bytes]) -> None:
    starts, written = file
    events = icalendar.Calendar.from_ical(written).walk("VEVENT")
    read = [tuple(event[name].dt.astimezone(UTC) for name in ("dtstart", "dtend")) for event in events]

    assert sorted(read) == [(start, start + 2 * HALF) for start in starts]


@pytest.mark.proves("S2.9", "S2.65")
def test_javascript_reads_every_time_by_the_rules_in_the_file(
    file: tuple[list[datetime], bytes], library: str
) -> None:
    starts, written = file
    command = ["node", "--input-type=module", "--eval", READER, library]
    done = subprocess.run(command, input=written, capture_output=True, check=True, timeout=60)
    told = json.loads(done.stdout)

    expected = [(start.timestamp(), (start + 2 * HALF).timestamp()) for start in starts]
    assert sorted((start, end) for start, end, _summary in told) == expected
    assert {summary.split(" · ")[1] for *_times, summary in told} == {"مها، 🎉"}


@pytest.mark.parametrize("zone", ZONES)
def test_the_rules_of_a_zone_tell_every_change_by_the_clock_before_it(app: Flask, zone: str) -> None:
    from app.domains.bookings.api.zone_rules import zone_rules

    begin = clock.today()
    rules = zone_rules(zone, begin, begin + timedelta(days=400)).subcomponents
    there = ZoneInfo(zone)

    for rule in rules[1:]:
        before, after = rule["tzoffsetfrom"].td, rule["tzoffsetto"].td
        at = (rule["dtstart"].dt - before).replace(tzinfo=UTC)
        assert at.astimezone(there).utcoffset() == after
        assert (at - timedelta(seconds=1)).astimezone(there).utcoffset() == before
    assert (len(rules) == 1) == (zone == "Asia/Kolkata")
