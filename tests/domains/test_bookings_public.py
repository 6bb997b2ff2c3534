"""Bookings from outside: taken in by one statement, priced by the server, told in the client's words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingStep
from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.outbox import OutboxRow
from app.surfaces.search.models import SearchEntry
from tests.domains.bookings import URL, next_address, place, wish
from tests.factories import PackageFactory, translate


@pytest.fixture(autouse=True)
def garden_party(session: Session) -> Any:
    """Offer a package."""
    return PackageFactory(slug="garden-party", name="Garden party", price_minor=189_000, currency="EUR")


@pytest.mark.proves("S0.5", "S0.23")
def test_a_visitor_books_and_is_told_all_that_a_confirmation_page_shows(
    client: FlaskClient, session: Session, garden_party: Any
) -> None:
    day = clock.today() + timedelta(days=90)
    answer = client.post(URL, json=wish(event_on=day.isoformat()))
    assert answer.status_code == 201
    told = answer.get_json()["data"]
    booking = session.scalars(select(Booking)).one()
    assert told["id"] == str(booking.id)
    assert told["reference"] == booking.reference
    assert (told["status"], told["status_label"]) == ("pending", "Pending")
    assert told["package"] == {"id": str(garden_party.id), "slug": "garden-party", "name": "Garden party"}
    assert told["total"] == {"minor": 189_000, "currency": "EUR", "text": "€1,890.00"}
    assert (told["event_on"], told["event_type_label"]) == (day.isoformat(), "Wedding")
    assert told["event_on_text"].endswith(str(day.year))
    assert [step["status"] for step in told["steps"]] == ["pending"]
    assert booking.reference in " ".join(told["next"]) and "amal@example.com" in " ".join(told["next"])
    assert told["cancellation"]["allowed"]
    assert (booking.client_phone, booking.place, booking.guests) == ("+49 30 901820", "Orangery, Potsdam", 80)
    assert (booking.status, booking.total_minor, booking.locale, booking.cancel_days) == (
        "pending",
        189_000,
        "en",
        14,
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_statement_writes_the_booking_its_step_its_news_its_history_and_its_search_entry(
    client: FlaskClient, session: Session, count_statements: Callable[[], Any]
) -> None:
    client.post(URL, json=wish())  # the statement is compiled
    with count_statements() as seen:
        answer = client.post(URL, json=wish(), headers={"X-Request-ID": "a-request-of-a-phone"})
    assert answer.status_code == 201
    assert [statement for statement in seen if "INSERT INTO booking" in statement] == list(seen)
    assert len(seen) == 1
    key = answer.get_json()["data"]["id"]
    step = session.scalars(select(BookingStep).where(BookingStep.booking_id == key)).one()
    assert (step.from_status, step.to_status, step.actor_label) == (None, "pending", "")
    news = session.scalars(select(OutboxRow).order_by(OutboxRow.id.desc())).first()
    assert news is not None
    assert (news.topic, news.payload) == ("booking.received", {"booking_id": key, "in_series": False})
    assert news.correlation_id == "a-request-of-a-phone"
    entries = session.scalars(select(AuditEntry).where(AuditEntry.owner_id == key)).all()
    assert {entry.content_type for entry in entries} == {"booking", "booking_step"}
    assert {(entry.actor_kind, entry.correlation_id) for entry in entries} == {
        ("anonymous", "a-request-of-a-phone")
    }
    assert session.scalar(select(func.count()).where(SearchEntry.object_id == key)) == 1


def test_staff_find_a_booking_by_the_number_that_the_client_reads_out(
    client: FlaskClient, session: Session, sign_in: Callable[..., FlaskClient]
) -> None:
    told = client.post(URL, json=wish(client_name="Zofia Lem")).get_json()["data"]
    client.post(URL, json=wish(client_name="Other Client"))
    staff = sign_in("Booking operator")
    for said in (told["reference"], told["reference"].lower()):
        page = staff.get("/bookings/", query_string={"q": said}).get_data(as_text=True)
        assert "Zofia Lem" in page
        assert "Other Client" not in page
    assert told["reference"] in staff.get(f"/bookings/{told['id']}").get_data(as_text=True)


REFUSED = {
    "client_name": [
        "",
        "   ",
        None,
        7,
        "n" * 201,
        "a\x07b",
        "\u202e",
        "Win at http://evil.example",
        "WWW.evil.example",
    ],
    "client_email": [
        "",
        "amal",
        "amal@",
        "@example.com",
        "a b@example.com",
        "a" * 250 + "@example.com",
        f"amal@{'b' * 64}.com",
        5,
    ],
    "client_phone": ["call me", "12", "+" * 9, 42],
    "event_type": ["", "funeral", None, []],
    "event_on": ["", "soon", "2027-02-30", "24.05.2027", 20270524, None],
    "place": ["", None, "p" * 301],
    "package": ["", "no-such-package", "0198b1c2-0000-7000-8000-000000000000", None, {"id": 1}],
    "guests": [0, -1, 1.5, "many", True, 2**40],
    "time_zone": ["Mars/Olympus", "CET+1", "localtime", "Factory", "posix/Europe/Berlin", 3],
    "message": ["m" * 4_001, ["x"], "\x00"],
}


@pytest.mark.parametrize(
    ("field", "value"), [(name, value) for name, bad in REFUSED.items() for value in bad]
)
def test_a_value_that_breaks_a_rule_is_named_by_its_field(
    client: FlaskClient, session: Session, field: str, value: Any
) -> None:
    answer = client.post(URL, json=wish(**{field: value}), environ_base=next_address())
    assert answer.status_code == 422, answer.get_json()
    assert set(answer.get_json()["errors"]) == {field}
    assert session.scalar(select(func.count()).select_from(Booking)) == 0


def test_all_faults_of_a_form_are_told_at_once_in_the_visitors_language(client: FlaskClient) -> None:
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    answer = client.post(
        URL, json=wish(client_email="amal", event_on=yesterday, guests=0), headers={"Accept-Language": "de"}
    )
    errors = answer.get_json()["errors"]
    assert set(errors) == {"client_email", "event_on", "guests"}
    assert errors["client_email"] == ["Geben Sie eine E-Mail-Adresse an, etwa name@example.com."]


def test_what_a_client_must_not_say_is_refused_and_writes_nothing(
    client: FlaskClient, session: Session
) -> None:
    said = {column.name: 1 for column in Booking.__table__.columns} | {
        "total": 1,
        "price": 1,
        "currency": "XXX",
    }
    for name in said.keys() - wish().keys() - {"time_zone"}:
        answer = client.post(URL, json=wish() | {name: said[name]}, environ_base=next_address())
        assert answer.status_code == 422, name
        assert set(answer.get_json()["errors"]) == {name}
    assert session.scalar(select(func.count()).select_from(Booking)) == 0


@pytest.mark.parametrize(
    ("days", "status"), [(-1, 422), (0, 201), (1, 201), (730, 201), (731, 422), (40_000, 422)]
)
def test_a_day_can_be_booked_from_today_until_two_years_ahead(
    client: FlaskClient, days: int, status: int
) -> None:
    day = clock.today() + timedelta(days=days)
    assert client.post(URL, json=wish(event_on=day.isoformat())).status_code == status


def test_today_is_that_of_the_clients_time_zone(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 3, 1, 1, 0, tzinfo=UTC))
    body = wish(event_on="2027-02-28")
    assert client.post(URL, json=body).status_code == 422
    assert client.post(URL, json=body | {"time_zone": "Pacific/Honolulu"}).status_code == 201
    assert session.scalars(select(Booking.time_zone)).one() == "Pacific/Honolulu"
    late = {"event_on": "2027-03-01", "time_zone": "Asia/Tokyo"}
    assert client.post(URL, json=wish(**late)).status_code == 201


def test_a_package_that_is_not_offered_any_more_cannot_be_booked(
    client: FlaskClient, session: Session, garden_party: Any
) -> None:
    garden_party.is_active = False
    session.commit()
    for said in ("garden-party", str(garden_party.id)):
        answer = client.post(URL, json=wish(package=said))
        assert answer.status_code == 422
        assert set(answer.get_json()["errors"]) == {"package"}


def test_a_package_is_booked_by_its_key_as_by_its_slug(client: FlaskClient, garden_party: Any) -> None:
    for said in ("garden-party", str(garden_party.id)):
        told = client.post(URL, json=wish(package=said)).get_json()["data"]
        assert told["package"]["slug"] == "garden-party"


PRICES = st.integers(0, 10**12)
CURRENCIES = st.sampled_from(("EUR", "USD", "INR", "JPY", "KWD"))
CLAIMS = st.dictionaries(
    st.sampled_from(("total", "total_minor", "price", "price_minor", "currency", "discount", "status")),
    st.one_of(
        st.integers(), st.text(max_size=5), st.floats(allow_nan=False, allow_infinity=False), st.none()
    ),
    min_size=1,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(price=PRICES, currency=CURRENCIES, guests=st.integers(1, 100_000), claims=CLAIMS)
def test_the_total_is_the_servers_whatever_a_client_claims(
    client: FlaskClient,
    session: Session,
    garden_party: Any,
    price: int,
    currency: str,
    guests: int,
    claims: dict[str, Any],
) -> None:
    garden_party.price_minor, garden_party.currency = price, currency
    session.commit()
    refused = client.post(URL, json=wish(guests=guests) | claims, environ_base=next_address())
    assert refused.status_code == 422
    answer = client.post(URL, json=wish(guests=guests), environ_base=next_address())
    told = answer.get_json()["data"]
    assert (told["total"]["minor"], told["total"]["currency"]) == (price, currency)
    kept = session.get(Booking, told["id"])
    assert kept is not None
    assert (kept.total_minor, kept.currency, kept.status) == (price, currency, "pending")


@pytest.mark.parametrize(
    ("headers", "query", "kept"),
    [
        ({}, "", "en"),
        ({"Accept-Language": "de-AT,de;q=0.8"}, "", "de-AT"),
        ({"Accept-Language": "de"}, "?lang=ar", "ar"),
        ({"Accept-Language": "tlh"}, "", "en"),
    ],
)
def test_a_booking_keeps_the_language_that_it_was_made_in(
    client: FlaskClient, session: Session, headers: dict[str, str], query: str, kept: str
) -> None:
    answer = client.post(URL + query, json=wish(), headers=headers)
    assert answer.headers["Content-Language"] == kept
    assert session.scalars(select(Booking.locale)).one() == kept


def test_the_answer_is_in_the_clients_language_with_the_packages_name_in_it(
    client: FlaskClient, session: Session, garden_party: Any
) -> None:
    translate(garden_party, "de", name="Gartenfest")
    told = client.post(f"{URL}?lang=de-CH", json=wish()).get_json()["data"]
    assert told["package"]["name"] == "Gartenfest"
    assert (told["status_label"], told["event_type_label"]) == ("Offen", "Hochzeit")
    assert {"1", "890", "EUR"} <= set(re.split(r"\W+", told["total"]["text"].replace("€", "EUR")))


def test_an_unknown_language_is_refused_before_anything_is_written(
    client: FlaskClient, session: Session
) -> None:
    assert client.post(f"{URL}?lang=xx-not-one", json=wish()).status_code == 400
    assert client.post(f"{URL}?currency=USD", json=wish()).status_code == 400
    assert session.scalar(select(func.count()).select_from(Booking)) == 0


def test_exactly_twenty_bookings_a_minute_come_from_one_address(client: FlaskClient, app: Flask) -> None:
    if time.monotonic() % 60 > 50:
        time.sleep(11)  # the first few are counted by minutes of the clock
    here = {"REMOTE_ADDR": "198.51.100.7"}
    answers = [client.post(URL, json=wish(), environ_base=here).status_code for _try in range(21)]
    assert answers == [201] * 20 + [429]
    last = client.post(URL, json=wish(), environ_base=here)
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert client.post(URL, json=wish(), environ_base={"REMOTE_ADDR": "198.51.100.8"}).status_code == 201


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b'{"client_name": NaN}'])
def test_what_is_no_json_object_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post(URL, data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


def test_a_booking_that_staff_enter_is_news_too_and_one_imported_is_not(
    sign_in: Callable[..., FlaskClient], session: Session, garden_party: Any
) -> None:
    staff = sign_in("Booking operator")
    body = {
        "client_name": "Zofia Lem",
        "client_email": "zofia@example.com",
        "event_type": "wedding",
        "event_on": (date.today() + timedelta(days=30)).isoformat(),  # noqa: DTZ011  # as staff type it
        "place": "Here",
        "package": str(garden_party.id),
    }
    made = staff.post("/api/v1/bookings/", json=body)
    assert made.status_code == 201, made.get_json()
    key = made.get_json()["data"]["id"]
    assert [(row.topic, row.payload) for row in session.scalars(select(OutboxRow))] == [
        ("booking.received", {"booking_id": key, "in_series": False})
    ]
    assert place(session, key).reference == made.get_json()["data"]["reference"]
