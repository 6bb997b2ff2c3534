"""A client sees a booking and calls it off through their link, a member by being signed in; nobody else does."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domains.bookings import queries, service
from app.domains.bookings.models import BookingStep
from app.kernel import clock
from app.kernel.outbox import OutboxRow
from tests.domains.bookings import URL, path_of, place, wish
from tests.factories import PackageFactory


@pytest.fixture(autouse=True)
def garden_party(session: Session) -> Any:
    """Offer a package."""
    return PackageFactory(slug="garden-party", name="Garden party", price_minor=189_000, currency="EUR")


@pytest.fixture
def booked(client: FlaskClient) -> dict[str, Any]:
    """Book as a visitor; gives what they are told."""
    told: dict[str, Any] = client.post(URL, json=wish()).get_json()["data"]
    return told


def look(client: FlaskClient, token: str, **more: Any) -> Any:
    return client.get(f"{URL}/status/{token}", **more)


def test_the_link_shows_the_booking_as_it_stands_and_its_steps(
    client: FlaskClient, session: Session, booked: dict[str, Any]
) -> None:
    service.confirm(place(session, booked["id"]))
    answer = client.get(path_of(booked["links"]["status"]))
    told = answer.get_json()["data"]
    assert (told["reference"], told["status"]) == (booked["reference"], "confirmed")
    assert [step["status"] for step in told["steps"]] == ["pending", "confirmed"]
    assert told["total"] == booked["total"]
    assert told["links"] == booked["links"]
    assert told["cancellation"]["until"] == (clock.today() + timedelta(days=76)).isoformat()


def test_what_the_link_leads_to_is_neither_indexed_nor_kept_nor_passed_on(
    client: FlaskClient, booked: dict[str, Any]
) -> None:
    path = path_of(booked["links"]["status"])
    for answer in (client.get(path), client.post(f"{path}/cancel", json={})):
        assert answer.status_code == 200
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_secret_of_a_link_has_128_bits_and_lies_nowhere_in_the_database(
    session: Session, booked: dict[str, Any]
) -> None:
    token = booked["links"]["status"].rsplit("/", 1)[1]
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    secret = raw[18:]
    assert len(secret) * 8 >= 128
    tables = session.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    ).all()
    assert "outbox" in tables
    assert "audit_entry" in tables
    for table in tables:
        rows = session.scalars(text(f'SELECT t::text FROM "{table}" AS t')).all()
        kept = "\n".join(rows)
        assert token not in kept
        assert secret.hex() not in kept


def _forgeries(token: str) -> list[str]:
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))

    def write(changed: bytes) -> str:
        return base64.urlsafe_b64encode(changed).decode().rstrip("=")

    flipped = [bytes([*raw[:i], raw[i] ^ 1, *raw[i + 1 :]]) for i in range(len(raw))]
    return [
        *(write(changed) for changed in flipped),
        write(raw[:-1]),
        write(raw[:18]),
        write(raw + b"\0"),
        write(uuid4().bytes + raw[16:]),
        token[:-2],
        token + "A",
        str(UUID(bytes=raw[:16])),
        "x",
        "%00",
        "💐",
        "A" * 46,
        "." * 46,
    ]


def test_a_wrong_link_looks_as_if_there_were_no_booking(
    client: FlaskClient, app: Flask, booked: dict[str, Any]
) -> None:
    missing = look(client, queries.link_token(uuid4()), headers={"X-Request-ID": "the-same-request"})
    assert missing.status_code == 404
    forgeries = _forgeries(booked["links"]["status"].rsplit("/", 1)[1])
    assert len(forgeries) > 40
    for number, forged in enumerate(forgeries):
        here = {"REMOTE_ADDR": f"10.1.{number // 200}.{number % 200}"}
        answer = look(client, forged, headers={"X-Request-ID": "the-same-request"}, environ_base=here)
        assert (answer.status_code, answer.data) == (404, missing.data), forged
        assert client.post(f"{URL}/status/{forged}/cancel", json={}, environ_base=here).status_code == 404


def test_guessing_is_slowed_down(client: FlaskClient) -> None:
    here = {"REMOTE_ADDR": "198.51.100.9"}
    answers = [look(client, f"guess{number}", environ_base=here).status_code for number in range(61)]
    assert answers == [404] * 60 + [429]


def test_a_renewed_link_ends_the_one_before(
    client: FlaskClient, session: Session, booked: dict[str, Any]
) -> None:
    booking = place(session, booked["id"])
    service.renew_link(booking)
    session.commit()
    assert client.get(path_of(booked["links"]["status"])).status_code == 404
    assert look(client, queries.link_token(booking.id, booking.link_serial)).status_code == 200


def test_the_link_ends_half_a_year_after_the_event(
    client: FlaskClient, booked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = datetime.combine(clock.today() + timedelta(days=90), datetime.min.time(), UTC)
    path = path_of(booked["links"]["status"])
    for days, status in ((180, 200), (181, 404)):
        monkeypatch.setattr(clock, "now", lambda days=days: event + timedelta(days=days))
        assert client.get(path).status_code == status


@pytest.mark.parametrize(("day", "status"), [("9999-12-31", 200), ("0001-01-05", 404)])
def test_a_day_at_the_end_of_the_calendar_breaks_no_page(
    day: str, status: int, client: FlaskClient, sign_in: Any, session: Session, booked: dict[str, Any]
) -> None:
    """No such day is taken any more; one that was taken earlier is still shown."""
    booking = place(session, booked["id"])
    service.confirm(booking)
    booking.event_on = date.fromisoformat(day)
    session.commit()
    assert client.get(path_of(booked["links"]["status"])).status_code == status
    staff = sign_in("Booking operator")
    for page in ("", "/edit", "/history"):
        assert staff.get(f"/bookings/{booking.id}{page}").status_code == 200
    wanted = {"event_on": day, "revision": booking.revision}
    refused = staff.patch(f"/api/v1/bookings/{booking.id}", json=wanted)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["event_on"])
    assert service.last_cancel_day(booking.status, booking.event_on, 14) <= booking.event_on


def test_a_client_calls_a_wish_off_and_says_why(
    client: FlaskClient, session: Session, booked: dict[str, Any]
) -> None:
    path = path_of(booked["links"]["status"])
    answer = client.post(f"{path}/cancel", json={"reason": "We found another day."})
    told = answer.get_json()["data"]
    assert (told["status"], told["cancellation"]["allowed"]) == ("cancelled", False)
    step = session.scalars(select(BookingStep).order_by(BookingStep.position.desc())).first()
    assert step is not None
    assert (step.from_status, step.to_status, step.reason) == (
        "pending",
        "cancelled",
        "We found another day.",
    )
    assert [row.topic for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))] == [
        "booking.received",
        "booking.cancelled",
    ]
    again = client.post(f"{path}/cancel", json={})
    assert (again.status_code, again.get_json()["code"]) == (409, "transition_refused")


@pytest.mark.parametrize(
    ("status", "days", "allowed"),
    [
        ("pending", 0, True),
        ("pending", 3, True),
        ("confirmed", 15, True),
        ("confirmed", 14, True),
        ("confirmed", 13, False),
        ("confirmed", 0, False),
    ],
)
def test_a_promised_day_can_be_given_back_until_fourteen_days_before_it(
    client: FlaskClient, session: Session, booked: dict[str, Any], status: str, days: int, allowed: bool
) -> None:
    booking = place(session, booked["id"])
    booking.status, booking.event_on = status, clock.today() + timedelta(days=days)
    session.commit()
    path = path_of(booked["links"]["status"])
    assert client.get(path).get_json()["data"]["cancellation"]["allowed"] is allowed
    answer = client.post(f"{path}/cancel", json={})
    if allowed:
        assert answer.get_json()["data"]["status"] == "cancelled"
    else:
        assert (answer.status_code, answer.get_json()["code"]) == (409, "too_late_to_cancel")
        assert place(session, booked["id"]).status == "confirmed"


def test_a_promise_is_kept_when_the_policy_changes(
    app: Flask,
    client: FlaskClient,
    session: Session,
    booked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    booking = place(session, booked["id"])
    booking.status, booking.event_on = "confirmed", clock.today() + timedelta(days=20)
    session.commit()
    monkeypatch.setitem(app.config, "CANCEL_DAYS", 60)
    assert client.post(f"{path_of(booked['links']['status'])}/cancel", json={}).status_code == 200


def test_what_is_over_cannot_be_called_off(
    client: FlaskClient, session: Session, booked: dict[str, Any]
) -> None:
    for status in ("completed", "no_show", "cancelled"):
        booking = place(session, booked["id"])
        booking.status = status
        session.commit()
        path = path_of(booked["links"]["status"])
        told = client.get(path).get_json()["data"]
        assert told["cancellation"]["allowed"] is False
        assert client.post(f"{path}/cancel", json={}).get_json()["code"] == "transition_refused"


def test_links_lead_to_the_public_address_whatever_host_is_named(app: Flask, client: FlaskClient) -> None:
    app.config["PUBLIC_URL"], before = "https://celebrate.example", app.config["PUBLIC_URL"]
    try:
        told = client.post(URL, json=wish(), headers={"Host": "localhost:9999"}).get_json()["data"]
        assert told["links"]["status"].startswith("https://celebrate.example/public/v1/bookings/status/")
        app.config["BOOKING_PAGE"] = "https://site.example/my#{token}"
        told = client.post(URL, json=wish()).get_json()["data"]
        assert told["links"]["page"].startswith("https://site.example/my#")
    finally:
        app.config["PUBLIC_URL"], app.config["BOOKING_PAGE"] = before, ""


def page_of(booked: dict[str, Any]) -> str:
    return path_of(booked["links"]["page"])


def test_the_clients_page_shows_the_booking_in_the_language_it_was_made_in(
    client: FlaskClient, session: Session
) -> None:
    told = client.post(f"{URL}?lang=de", json=wish(place="<b>Hof</b>")).get_json()["data"]
    answer = client.get(page_of(told), headers={"Accept-Language": "es"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'lang="de"' in page
    assert told["reference"] in page
    assert "&lt;b&gt;Hof" in page
    assert 'dir="rtl"' in client.get(f"{page_of(told)}?lang=ar").get_data(as_text=True)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")


def test_the_clients_page_calls_the_booking_off_or_says_why_not(
    client: FlaskClient, session: Session, booked: dict[str, Any]
) -> None:
    done = client.post(f"{page_of(booked)}/cancel", data={"reason": "Rain"})
    assert (done.status_code, done.headers["Location"]) == (303, page_of(booked))
    assert place(session, booked["id"]).steps[-1].reason == "Rain"
    again = client.post(f"{page_of(booked)}/cancel")
    assert again.status_code == 409
    assert 'role="alert"' in again.get_data(as_text=True)


def test_a_wrong_address_of_the_clients_page_is_a_page_that_says_so(client: FlaskClient) -> None:
    for method in ("GET", "POST"):
        tail = "/cancel" if method == "POST" else ""
        answer = client.open(f"/public/booking/{queries.link_token(uuid4())}{tail}", method=method)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_an_operator_finds_the_clients_link_on_the_bookings_page_and_makes_a_new_one(
    sign_in: Callable[..., FlaskClient], client: FlaskClient, session: Session, booked: dict[str, Any]
) -> None:
    staff = sign_in("Booking operator")
    link = booked["links"]["page"]
    page = staff.get(f"/bookings/{booked['id']}").get_data(as_text=True)
    assert f'value="{link}"' in page
    assert f'action="/bookings/{booked["id"]}/do/renew_link"' in page
    assert "renew_link" not in staff.get("/bookings/").get_data(as_text=True)
    assert staff.post(f"/bookings/{booked['id']}/do/renew_link").status_code == 302
    assert client.get(path_of(link)).status_code == 404
    renewed = queries.client_page(UUID(booked["id"]), place(session, booked["id"]).link_serial)
    assert renewed != link
    assert f'value="{renewed}"' in staff.get(f"/bookings/{booked['id']}").get_data(as_text=True)


def test_a_link_that_leads_nowhere_any_more_is_not_offered(
    sign_in: Callable[..., FlaskClient], session: Session, booked: dict[str, Any]
) -> None:
    booking = place(session, booked["id"])
    booking.event_on = clock.today() - timedelta(days=200)
    session.commit()
    page = sign_in("Booking operator").get(f"/bookings/{booked['id']}").get_data(as_text=True)
    assert "data-copies" not in page
