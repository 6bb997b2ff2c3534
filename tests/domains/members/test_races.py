"""Many at once, over real connections: one refresh wins, one link works, one registration makes the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text

from app.domains.members.models import Member, MemberDevice, MemberRefresh
from app.domains.members.service import issue_token
from app.kernel.db import db, unit_of_work
from tests.domains.members.steps import OTHER, PASSWORD, address, make_member, say

AT_ONCE = 50
THREADS = 10


@pytest.fixture
def open_app(whole_app: Flask) -> Iterator[Flask]:
    """Lend the program on its committed database, and take the members away again."""
    for limiter in whole_app.extensions["limiter"]:
        limiter.reset()
    with whole_app.app_context():
        yield whole_app
        db.session.rollback()
        with unit_of_work() as session:
            session.execute(delete(Member))
            session.execute(text("DELETE FROM outbox"))
        db.session.remove()


def all_at_once(app: Flask, times: int, do: Callable[[Any, int], Any]) -> list[Any]:
    """Do it that often, always ten of them started in the same moment, each on a connection of its own."""
    start = Barrier(THREADS)

    def one(number: int) -> Any:
        with app.app_context():
            start.wait(timeout=30)
            try:
                return do(app.test_client(), number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.proves("S2.69")
def test_of_fifty_refreshes_at_once_one_wins_and_the_family_lives_on(open_app: Flask) -> None:
    member = make_member()
    body = {"email": member.email, "password": PASSWORD}
    tokens = say(open_app.test_client(), "/auth/login", body).get_json()
    answers = all_at_once(
        open_app,
        AT_ONCE,
        lambda client, _n: say(client, "/auth/refresh", {"refresh_token": tokens["refresh_token"]}),
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1, "all were given the winner's pair"
    rows = db.session.execute(select(MemberRefresh.used_at, MemberRefresh.parent_id)).all()
    assert sorted((row.used_at is None, row.parent_id is None) for row in rows) == [
        (False, True),
        (True, False),
    ]
    after = say(
        open_app.test_client(), "/auth/refresh", {"refresh_token": answers[0].get_json()["refresh_token"]}
    )
    assert after.status_code == 200


def test_the_losers_of_a_race_past_the_grace_end_the_family(
    open_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the grace there is one winner to be seen: the conditional update decides, not the answer."""
    from datetime import timedelta

    from app.domains.members.service import devices

    monkeypatch.setattr(devices, "GRACE", timedelta(seconds=-60))
    member = make_member()
    tokens = say(
        open_app.test_client(), "/auth/login", {"email": member.email, "password": PASSWORD}
    ).get_json()
    answers = all_at_once(
        open_app,
        AT_ONCE,
        lambda client, _n: say(client, "/auth/refresh", {"refresh_token": tokens["refresh_token"]}),
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (AT_ONCE - 1)
    assert db.session.scalar(select(MemberDevice.ended_because)) == "reused"


def test_of_ten_uses_of_one_link_at_once_one_counts(open_app: Flask) -> None:
    member = make_member()
    with unit_of_work():
        token = issue_token(member.id, "reset")
    body = {"token": token, "password": OTHER}
    answers = all_at_once(open_app, THREADS, lambda client, _n: say(client, "/auth/reset-password", body))
    assert sorted(answer.status_code for answer in answers) == [204] + [410] * (THREADS - 1)


def test_of_ten_registrations_at_once_one_makes_the_account(
    open_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.domains.members.api.entry.MAILS_TO_ONE", "50 per hour")
    body = {"email": "amal@example.com", "password": PASSWORD, "name": "Amal"}
    answers = all_at_once(
        open_app, THREADS, lambda client, _n: say(client, "/auth/register", body, environ_base=address())
    )
    assert {(answer.status_code, answer.data) for answer in answers} == {(202, answers[0].data)}
    assert db.session.scalar(select(func.count()).select_from(Member)) == 1
    topics = list(db.session.scalars(text("SELECT topic FROM outbox ORDER BY topic")))
    assert topics == ["member.registered"] + ["member.registration_repeated"] * (THREADS - 1)


def test_exactly_five_of_fifty_sign_ins_at_once_are_looked_at(open_app: Flask) -> None:
    member, here = make_member(), {"REMOTE_ADDR": "192.0.2.77"}
    body = {"email": member.email, "password": PASSWORD}
    answers = all_at_once(
        open_app, AT_ONCE, lambda client, _n: say(client, "/auth/login", body, environ_base=here)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * (AT_ONCE - 5)
