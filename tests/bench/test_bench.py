"""A tiny run of the measurement: what it counts, what it compares, what it concludes. No time is asserted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from bench import agreement, report, verdict
from bench.contestants import WRITER, Answer, Contestant, contestants
from bench.database import fill, tidy
from bench.load import Order, run
from bench.peers import stock_menu
from bench.processes import Cores, cpu_seconds, is_alive, resident_mib, tree
from bench.rounds import Plan, Results, Start, Trial, measure
from bench.serving import Server, ServerFailed, serving
from bench.updates import Update, time_updates
from bench.works import Place, Subjects, read_subjects
from tests.conftest import make_database

ANYWHERE = Cores(None, None)
TINY = 0.03


@pytest.fixture(scope="module")
def subjects(worker_id: str) -> tuple[str, Subjects]:
    """Fill a database of its own with a small part of the large set."""
    url = make_database(f"festoon_bench_{worker_id}").replace("+psycopg", "")
    fill(url, "redis://127.0.0.1:1/0", TINY)
    return url, read_subjects(url)


@pytest.fixture(scope="module")
def everybody(subjects: tuple[str, Subjects]) -> dict[str, Contestant]:
    """Name the contestants that need nothing which is not installed."""
    url, chosen = subjects
    found = contestants(url, "redis://127.0.0.1:1/0", chosen)
    return {contestant.name: contestant for contestant in found if contestant.name != "fastapi"}


@pytest.fixture
def bare(everybody: dict[str, Contestant], tmp_path: Path) -> Iterator[Server]:
    """Run the bare server."""
    with serving([everybody["bare WSGI"]], ANYWHERE, tmp_path) as servers:
        yield servers[0]


def test_the_load_asks_exactly_as_often_as_ordered(bare: Server) -> None:
    result = run(Order(bare.port, "/", requests=23, connections=4))
    assert (result.answered, result.refused) == (23, 0)
    assert result.bytes >= 23 * len(b'{"data": "hello"}')


def test_the_load_runs_as_its_own_process(bare: Server) -> None:
    order = json.dumps({"port": bare.port, "path": "/", "requests": 3})
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=order, capture_output=True, check=True, text=True
    )
    assert json.loads(done.stdout)["answered"] == 3


def test_a_server_that_refuses_is_not_measured(everybody: dict[str, Contestant], tmp_path: Path) -> None:
    wrong = replace(everybody["one statement"], paths={"W1": "/W1?lang=hi", "W2": "/W9"})
    with serving([wrong], ANYWHERE, tmp_path) as servers, pytest.raises(ServerFailed, match="W2"):
        measure(servers, [], ANYWHERE, Plan(rounds=1, requests=2), lambda _told: None)


def test_cpu_and_memory_of_the_children_are_counted() -> None:
    burn = (
        "sum(i * i for i in range(3_000_000)); x = bytearray(64 * 2**20); print('done', flush=True); input()"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        assert len(tree(process.pid)) == 2
        assert cpu_seconds(process.pid) > 0.02
        assert resident_mib(process.pid) > 64
        process.stdin.write(b"\n")
        process.stdin.close()
        process.wait()


def test_what_was_started_is_stopped(everybody: dict[str, Contestant], tmp_path: Path) -> None:
    with serving([everybody["bare WSGI"]], ANYWHERE, tmp_path) as servers:
        started = tree(servers[0].process.pid)
        assert len(started) == 2
    assert not [pid for pid in started if is_alive(pid)]


def test_ours_and_the_statement_by_hand_agree_and_are_measured(
    everybody: dict[str, Contestant], subjects: tuple[str, Subjects], tmp_path: Path
) -> None:
    chosen = [everybody["festoon"], everybody["one statement"], everybody["bare WSGI"]]
    plan = Plan(rounds=2, requests=3, warm_seconds=0)
    with serving(chosen, ANYWHERE, tmp_path) as servers:
        checks = agreement.check(servers)
        results = measure(servers, [], ANYWHERE, plan, lambda _told: None)
        updates = time_updates(servers[0], subjects[0])
    assert [each.about for each in updates if not 0 < each.median <= each.most] == []
    assert len(updates) == 6
    assert len(checks) == 6
    assert {name for name, _work in results.trials} == {"festoon", "one statement", "bare WSGI"}
    assert len(results.trials) == 6 + 6 + 3
    for trials in results.trials.values():
        assert [trial.answered for trial in trials] == [3, 3]
    facts = report.Facts.gather(subjects[0], ANYWHERE)
    page = tmp_path / "performance.md"
    report.write(page, report.Run(results, chosen, subjects[1], plan, facts, checks))
    written = page.read_text()
    assert "| W5d | festoon |" in written
    assert "2 rounds" in written


def test_our_booking_is_written_with_all_that_belongs_to_it_and_taken_away_again(
    everybody: dict[str, Contestant], subjects: tuple[str, Subjects], tmp_path: Path
) -> None:
    chosen, url = everybody["festoon"], subjects[0]
    counted = (
        "SELECT (SELECT count(*) FROM booking WHERE client_email = %(writer)s),"
        " (SELECT count(*) FROM booking_step JOIN booking AS b ON b.id = booking_id WHERE b.client_email = %(writer)s),"
        " (SELECT count(*) FROM outbox), (SELECT count(*) FROM search_entry JOIN booking AS b ON b.id = object_id"
        " WHERE b.client_email = %(writer)s), (SELECT count(*) FROM audit_entry JOIN booking AS b"
        " ON b.id::text = owner_id WHERE b.client_email = %(writer)s)"
    )
    tidy(url)
    with serving([chosen], ANYWHERE, tmp_path) as servers:
        order = Order(servers[0].port, chosen.paths["W4"], chosen.bodies["W4"], requests=30)
        assert run(order).answered == 30  # from thirty addresses: more than one may send in a minute
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(counted, {"writer": WRITER}).fetchone() == (30, 30, 30, 30, 60)
        tidy(url)
        assert connection.execute(counted, {"writer": WRITER}).fetchone() == (0, 0, 0, 0, 0)


def test_a_different_answer_stops_the_run() -> None:
    row = {"author_name": "A", "message": "M", "rating": 5, "package": None, "theme": None}
    row |= {"picture": {"srcset": {"webp": "a 480w"}}}
    rows = [dict(row, id=str(number)) for number in range(25)]
    same = {"one statement": Answer(rows), "peer": Answer([dict(row) for row in rows], total=7)}
    agreement._compare("W3", same)
    other = {**same, "peer": Answer([*rows[:-1], dict(rows[-1], message="other")])}
    with pytest.raises(agreement.Disagreement, match="W3 peer message"):
        agreement._compare("W3", other)
    other = {**same, "peer": Answer([*rows[:-1], dict(rows[-1], picture={"srcset": {}})])}
    with pytest.raises(agreement.Disagreement, match="W3 peer picture"):
        agreement._compare("W3", other)
    totals = {"one statement": Answer(rows, total=8), "peer": same["peer"]}
    with pytest.raises(agreement.Disagreement, match="totals"):
        agreement._compare("W3", totals)


def results_of(ours: dict[str, float], fastapi: float, stock: float) -> Results:
    """Make results of one trial a work, with the given costs for a thousand answers."""
    results = Results(starts={"festoon": [Start(1.0, 90.0)]})
    for work, cost in ours.items():
        results.trials["festoon", work] = [Trial(cost, 0.0, 1000, 1.0, 10)]
        results.trials["fastapi", work] = [Trial(fastapi / 2, fastapi / 2, 1000, 1.0, 10)]
        results.trials["flask-appbuilder", work] = [Trial(stock, 0.0, 1000, 1.0, 10)]
    return results


def test_the_verdict_holds_each_work_to_its_own_target() -> None:
    works = {"W1": 3.0, "W2": 3.0, "W3": 4.5, "W4": 4.5, "W5": 2.3, "W5d": 2.0}
    assert verdict.is_passed(verdict.judge(results_of(works, fastapi=9.0, stock=92.0)))
    for work, most in works.items():
        worse = results_of(works | {work: most * 1.01}, fastapi=9.0, stock=92.0)
        missed = [each.target.work for each in verdict.judge(worse) if not each.is_met]
        assert missed == [work]
        assert not verdict.is_passed(verdict.judge(worse))


def test_a_deep_page_is_held_to_the_stock_interface_too() -> None:
    for deep, missed in ((2.0, []), (2.02, ["flask-appbuilder"])):
        found = verdict.judge(results_of({"W5": 2.0, "W5d": deep}, fastapi=18.0, stock=80.0))
        assert [each.target.against for each in found if not each.is_met] == missed


@pytest.mark.parametrize(("first", "deep"), [(1.6, 2.0), (2.0, 1.6)])
def test_a_deep_page_must_cost_what_the_first_one_costs(first: float, deep: float) -> None:
    results = results_of({"W5": first, "W5d": deep}, fastapi=9.0, stock=80.0)
    missed = [each.target.against for each in verdict.judge(results) if not each.is_met]
    assert missed == ["festoon, W5" if deep > first else "festoon, W5d"]
    assert verdict.told(1.25) == "1.25x"


def test_a_work_that_was_not_measured_is_not_passed() -> None:
    assert not verdict.is_passed(verdict.judge(results_of({"W1": 1.0}, fastapi=9.0, stock=30.0)))


def test_the_median_is_reported_not_the_best() -> None:
    results = Results()
    results.trials["festoon", "W1"] = [Trial(cost, 0.0, 1000, 1.0, 10) for cost in (1.0, 5.0, 2.0)]
    assert results.cost("festoon", "W1") == 2.0
    assert results.cost("festoon", "W2") is None


def test_the_page_tells_the_ratios(tmp_path: Path) -> None:
    results = results_of({"W1": 1.0, "W2": 4.0, "W3": 1.0, "W5": 1.0, "W5d": 1.0}, fastapi=9.0, stock=30.0)
    results.updates = {"the demo": [Update("a cell saved", 7.0, 9.0)]}
    place = Place(datetime(2027, 1, 1, tzinfo=UTC), UUID(int=1))
    subjects = Subjects(
        "theme", "package", place, place, deep_page=1000, confirmed=250_000, bookings=1_000_000
    )
    chosen = contestants("postgresql:///none", "redis://127.0.0.1:1/0", subjects)
    facts = report.Facts(datetime(2027, 1, 2, tzinfo=UTC), "2 cores", "18", "fastapi 1")
    page = tmp_path / "performance.md"
    report.write(page, report.Run(results, chosen, subjects, Plan(), facts, ["W1: same"]))
    written = page.read_text()
    assert "| W1 | fastapi | 1/3.0 | 1/9.0 | met |" in written
    assert "| W2 | fastapi | 1/3.0 | 1/2.2 | missed |" in written
    assert "| W5d | festoon, W5 | 1.20x | 1.00x | met |" in written
    assert "| a cell saved | 7.0 | 9.0 |" in written
    assert "on 2027-01-02" in written


def test_the_stock_menu_offers_what_ours_does(sign_in: Callable[[str], FlaskClient]) -> None:
    page = sign_in("Admin").get("/").text
    frame = page[page.index('<nav aria-label="Modules">') :].partition("</nav>")[0]
    ours = re.findall(r"</svg><span>([^<]+)</span>", frame)
    offered = [label for label, _group in stock_menu.SHOWN]
    offered += [label for labels in stock_menu.LINKS.values() for label in labels]
    assert sorted(["Home", *offered, "Users", "Roles"]) == sorted(ours)
