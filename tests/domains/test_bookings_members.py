"""A member books with what is known of them, and sees and calls off their own bookings alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.domains.members.events import MemberVerified
from app.kernel.audit import AuditEntry
from app.kernel.outbox import record
from tests.domains.bookings import URL, next_address, place, sign_member_in, wish
from tests.factories import BookingFactory, MemberFactory, PackageFactory
from tests.outbox import deliver_all


@pytest.fixture(autouse=True)
def garden_party(session: Session) -> Any:
    """Offer a package."""
    return PackageFactory(slug="garden-party", name="Garden party", price_minor=189_000, currency="EUR")


def without_name() -> dict[str, Any]:
    body = wish()
    del body["client_name"], body["client_email"]
    return body


def test_a_member_need_not_say_who_they_are(client: FlaskClient, session: Session) -> None:
    bob, headers = sign_member_in(session)
    answer = client.post(URL, json=without_name(), headers=headers)
    assert answer.status_code == 201, answer.get_json()
    booking = session.scalars(select(Booking)).one()
    assert (
        booking.member_id,
        booking.client_name,
        booking.client_email,
        booking.locale,
        booking.time_zone,
    ) == (
        bob.id,
        "Bob Marsh",
        "bob.marsh@example.com",
        "de",
        "Europe/Berlin",
    )
    entries = session.scalars(select(AuditEntry).where(AuditEntry.owner_id == str(booking.id))).all()
    assert {(entry.actor_kind, entry.actor_id, entry.actor_label) for entry in entries} == {
        ("member", str(bob.id), "Bob Marsh")
    }
    assert client.post(URL, json=without_name()).status_code == 422


def test_a_member_may_book_under_another_name_and_in_another_language(
    client: FlaskClient, session: Session
) -> None:
    bob, headers = sign_member_in(session)
    headers |= {"Accept-Language": "es"}
    answer = client.post(URL, json=wish(client_name="The Marsh family"), headers=headers)
    booking = place(session, answer.get_json()["data"]["id"])
    assert (booking.client_name, booking.member_id, booking.locale) == ("The Marsh family", bob.id, "es")


def test_a_bad_token_books_nothing(client: FlaskClient, session: Session) -> None:
    for token in ("", "x", "a.b.c"):
        answer = client.post(URL, json=wish(), headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
    assert session.scalars(select(Booking)).all() == []


def test_a_member_sees_their_own_bookings_page_by_page_newest_first(
    client: FlaskClient, session: Session
) -> None:
    bob, headers = sign_member_in(session)
    made = [BookingFactory(member_id=bob.id, client_name=f"Bob {number}") for number in range(5)]
    charlie, theirs = sign_member_in(session, "Charlie Stone")
    BookingFactory(member_id=charlie.id)
    BookingFactory()
    session.commit()
    seen: list[str] = []
    after = ""
    for _page in range(3):
        query = {"page[size]": "2"} | ({"page[after]": after} if after else {})
        answer = client.get(URL, query_string=query, headers=headers).get_json()
        assert answer["page"]["total"] == 5
        seen += [row["client_name"] for row in answer["data"]]
        after = answer["page"]["next"]
    assert after is None
    assert seen == [row.client_name for row in reversed(made)]
    assert client.get(URL, headers=theirs).get_json()["page"]["total"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "page[size]=0",
        "page[size]=101",
        "page[size]=x",
        "page[after]=x",
        "q=x",
        "page[after]=WzAsICIyMDI2IiwgImEiXQ",
    ],
)
def test_a_wrong_parameter_is_named(client: FlaskClient, session: Session, query: str) -> None:
    _bob, headers = sign_member_in(session)
    answer = client.get(f"{URL}?{query}", headers=headers)
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, query.partition("=")[0])


def test_another_members_booking_looks_as_if_there_were_none(client: FlaskClient, session: Session) -> None:
    bob, headers = sign_member_in(session)
    _charlie, theirs = sign_member_in(session, "Charlie Stone")
    mine = BookingFactory(member_id=bob.id)
    visitors = BookingFactory()
    session.commit()
    same = {"X-Request-ID": "the-same-request"}
    assert client.get(f"{URL}/{mine.id}", headers=headers).get_json()["data"]["id"] == str(mine.id)
    for method, tail in (("GET", ""), ("POST", "/cancel")):
        body = {} if method == "GET" else {"json": {}}
        missing = client.open(f"{URL}/{uuid4()}{tail}", method=method, headers=theirs | same, **body)
        assert missing.status_code == 404
        for hidden in (mine, visitors):
            answer = client.open(f"{URL}/{hidden.id}{tail}", method=method, headers=theirs | same, **body)
            assert (answer.status_code, answer.data) == (404, missing.data)
        assert client.open(f"{URL}/{mine.id}{tail}", method=method, **body).status_code == 401
    assert place(session, str(mine.id)).status == "pending"


@pytest.mark.parametrize("nothing", ["bookings", "not-a-key", "%00"])
def test_an_address_that_is_no_key_is_no_booking(client: FlaskClient, session: Session, nothing: str) -> None:
    _bob, headers = sign_member_in(session)
    assert client.get(f"{URL}/{nothing}", headers=headers).status_code == 404


def test_a_member_calls_their_booking_off(client: FlaskClient, session: Session) -> None:
    bob, headers = sign_member_in(session)
    key = client.post(URL, json=wish(), headers=headers).get_json()["data"]["id"]
    answer = client.post(f"{URL}/{key}/cancel", json={"reason": "We moved"}, headers=headers)
    told = answer.get_json()["data"]
    assert (answer.status_code, told["status"]) == (200, "cancelled")
    step = place(session, key).steps[-1]
    assert (step.actor_label, step.reason, step.to_status) == (bob.name, "We moved", "cancelled")


def test_a_members_bookings_are_read_by_a_constant_number_of_statements(
    client: FlaskClient, session: Session, count_statements: Any
) -> None:
    bob, headers = sign_member_in(session)
    counts = []
    for more in (1, 30):
        for _number in range(more):
            BookingFactory(member_id=bob.id)
        session.commit()
        client.get(URL, headers=headers, environ_base=next_address())
        with count_statements() as seen:
            client.get(f"{URL}?page[size]=100", headers=headers)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4


def test_who_confirms_an_address_finds_what_was_booked_with_it_and_nobody_elses(
    client: FlaskClient, session: Session
) -> None:
    mine = BookingFactory(client_email="Nora@Example.com")
    anothers = BookingFactory(client_email="nora@example.org")
    taken = MemberFactory()
    theirs = BookingFactory(client_email="nora@example.com", member_id=taken.id)
    member = MemberFactory(email="nora@example.com")
    record(MemberVerified(member_id=member.id))
    session.commit()

    deliver_all()

    assert session.get_one(Booking, mine.id).member_id == member.id
    assert session.get_one(Booking, anothers.id).member_id is None
    assert session.get_one(Booking, theirs.id).member_id == taken.id
