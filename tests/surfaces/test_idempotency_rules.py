"""What a key is, what it is bound to, and what is left of it after a refusal, a fault or a day."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking
from app.kernel import clock
from app.kernel.outbox import OutboxRow
from app.surfaces.contract.idempotency import IdempotentAnswer, fingerprint
from app.surfaces.contract.jobs import forget
from tests.domains.bookings import URL, path_of, sign_member_in, wish
from tests.factories import PackageFactory


@pytest.fixture(autouse=True)
def garden_party(session: Session) -> Any:
    """Offer a package."""
    return PackageFactory(slug="garden-party", name="Garden party", price_minor=189_000, currency="EUR")


def book(client: FlaskClient, key: str, body: Any = None, **headers: str) -> Any:
    return client.post(URL, json=body or wish(), headers={"Idempotency-Key": key} | headers)


def how_many(session: Session, model: Any = Booking) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_same_key_and_body_give_the_same_answer_and_say_so(client: FlaskClient, session: Session) -> None:
    key = str(uuid4())
    first, second = book(client, key), book(client, key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Content-Language"] == first.headers["Content-Language"]
    assert (how_many(session), how_many(session, OutboxRow)) == (1, 1)


def test_json_in_another_order_is_the_same_body(client: FlaskClient, session: Session) -> None:
    key, body = str(uuid4()), wish()
    book(client, key, body)
    again = book(client, key, dict(reversed(body.items())))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert how_many(session) == 1


def test_another_body_under_the_key_is_refused(client: FlaskClient, session: Session) -> None:
    key = str(uuid4())
    book(client, key)
    other = book(client, key, wish(guests=81))
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    assert how_many(session) == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "schlüssel", "a\tb"])
def test_what_is_no_key_is_refused(client: FlaskClient, session: Session, key: str) -> None:
    answer = book(client, key)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_idempotency_key")
    assert how_many(session) == 0


@pytest.mark.parametrize("key", ["!", "~" * 255, "1", "\"';--"])
def test_every_visible_ascii_text_is_a_key(client: FlaskClient, key: str) -> None:
    assert book(client, key).status_code == 201


def test_a_refusal_leaves_the_key_free_for_what_is_mended(client: FlaskClient, session: Session) -> None:
    key = str(uuid4())
    assert book(client, key, wish(package="no-such-package")).status_code == 422
    assert how_many(session, IdempotentAnswer) == 0
    assert book(client, key).status_code == 201


def test_a_fault_leaves_nothing_of_the_booking_nor_of_the_key(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, whole = str(uuid4()), service.receive

    def fail(*given: Any) -> Any:
        whole(*given)
        raise RuntimeError("the power went out")

    monkeypatch.setattr(service, "receive", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert book(client, key).status_code == 500
    assert (how_many(session), how_many(session, IdempotentAnswer), how_many(session, OutboxRow)) == (0, 0, 0)
    monkeypatch.setattr(service, "receive", whole)
    first = book(client, key)
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers


def test_a_key_belongs_to_its_member(client: FlaskClient, session: Session) -> None:
    key = str(uuid4())
    _bob, his = sign_member_in(session)
    _charlie, hers = sign_member_in(session, "Charlie Stone")
    answers = [book(client, key, **headers).get_json()["data"]["id"] for headers in (his, hers, {})]
    assert len(set(answers)) == 3
    assert book(client, key, **his).get_json()["data"]["id"] == answers[0]


def test_an_answer_is_kept_for_a_day(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, began, body = str(uuid4()), clock.now(), wish()
    first = book(client, key, body).get_json()["data"]["id"]
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=23, minutes=59))
    assert forget() == 0
    assert book(client, key, body).get_json()["data"]["id"] == first
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=24, minutes=1))
    assert book(client, key, body).get_json()["data"]["id"] != first
    assert forget() == 0
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(days=3))
    assert forget() == 1
    assert how_many(session, IdempotentAnswer) == 0


def test_the_secret_link_is_not_kept_with_the_answer(client: FlaskClient, session: Session) -> None:
    key = str(uuid4())
    link = book(client, key).get_json()["data"]["links"]["status"]
    kept = session.scalars(select(IdempotentAnswer)).one()
    assert kept.body is not None
    assert link.rsplit("/", 1)[1].encode() not in bytes(kept.body)
    assert client.get(path_of(link)).status_code == 200


def test_the_fingerprint_of_a_form_is_that_of_its_fields_and_of_the_contents_of_its_files(app: Flask) -> None:
    def of(content: bytes, alt: str = "x") -> bytes:
        data = {"alt": alt, "photo": (BytesIO(content), "a.png")}
        with app.test_request_context("/", method="POST", data=data):
            return fingerprint()

    first, again = (of(b"one") for _try in range(2))
    assert first == again
    assert len({of(b"one"), of(b"two"), of(b"one", "y")}) == 3
