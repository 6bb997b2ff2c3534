"""What Vera writes stays her company's: nothing is made for others, moved to them, or taken from them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import rows
from app.access.accounts import find_user
from app.domains.bookings.models import Booking
from app.domains.catalog.models import Package
from app.domains.venues.models import Closure, Room, Venue
from app.media.models import Asset
from tests.domains.partners import Estate, entrust
from tests.factories import PackageFactory
from tests.factories.venues import CityFactory
from tests.media.files import picture

HIDDEN = "The chosen record is not there any more; choose another."
OUTSIDE = "saved like this it would be none of them"
SignIn = Callable[..., FlaskClient]


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def venue_facts(company: Any, slug: str = "new-house") -> dict[str, str]:
    facts = {"name": "New house", "slug": slug, "street": "Canal 9", "zone": "Europe/Berlin"}
    return facts | {"company_id": str(company), "city_id": str(CityFactory().id)}


def room_facts(venue: Any, slug: str = "new-room") -> dict[str, str]:
    return {"name": "New room", "slug": slug, "venue_id": str(venue), "capacity": "30"}


def in_json(facts: dict[str, str]) -> dict[str, str]:
    return {name.removesuffix("_id"): value for name, value in facts.items()}


def closure_facts(venue: Any, room: Any = "") -> dict[str, str]:
    times = {"starts_at": "2030-05-24T06:00", "ends_at": "2030-05-25T06:00"}
    return times | {"reason": "The floor is sanded.", "venue_id": str(venue), "room_id": str(room)}


@pytest.mark.proves("S1.10", "S1.79", "S1.83")
def test_a_partner_adds_changes_and_deletes_venues_rooms_and_closures_of_their_own(
    vera: FlaskClient, session: Session, ours: Estate
) -> None:
    assert vera.post("/venues/add", data=venue_facts(ours.company.id)).status_code == 302
    venue = session.scalars(select(Venue).where(Venue.slug == "new-house")).one()
    assert vera.post("/rooms/add", data=room_facts(venue.id)).status_code == 302
    room = session.scalars(select(Room).where(Room.slug == "new-room")).one()
    assert vera.post("/closures/add", data=closure_facts(venue.id, room.id)).status_code == 302
    changed = vera.patch(f"/api/v1/rooms/{room.id}", json={"capacity": 45, "revision": room.revision})
    assert (changed.status_code, changed.get_json()["data"]["capacity"]) == (200, 45)
    edited = {"revision": str(ours.company.revision), "is_active": "true", "phone": "+49 30 555 0100"}
    assert vera.post(f"/companies/{ours.company.id}/edit", data=edited).status_code == 302
    for path in (f"rooms/{room.id}", f"venues/{venue.id}"):
        assert vera.post(f"/{path}/delete").status_code == 302
        assert vera.get(f"/{path}").status_code == 404
    assert ours.company.phone == "+49 30 555 0100"


@pytest.mark.proves("S1.10")
def test_nothing_is_made_for_others_by_form_or_api(
    vera: FlaskClient, session: Session, noise: Estate, ours: Estate
) -> None:
    tries = {
        "venues": (Venue, venue_facts(noise.company.id)),
        "rooms": (Room, room_facts(noise.venue.id)),
        "closures": (Closure, closure_facts(noise.venue.id)),
    }
    for path, (model, facts) in tries.items():
        before = count(session, model)
        page = vera.post(f"/{path}/add", data=facts)
        body = page.get_data(as_text=True)
        assert page.status_code == 422
        assert HIDDEN in body
        assert "Canary" not in body
        answer = vera.post(f"/api/v1/{path}/", json=in_json(facts))
        assert answer.status_code == 422, answer.get_data(as_text=True)
        assert count(session, model) == before
    answer = vera.post("/api/v1/closures/", json=in_json(closure_facts(ours.venue.id, noise.room.id)))
    assert answer.status_code == 422, "a room of others in a venue of one's own"


@pytest.mark.proves("S1.10")
def test_nothing_is_handed_over_to_others_by_form_cell_table_or_api(
    vera: FlaskClient, session: Session, ours: Estate, noise: Estate
) -> None:
    room, venue = f"/rooms/{ours.room.id}", str(noise.venue.id)
    form = vera.post(f"{room}/edit", data={"revision": "1", "is_active": "true", "venue_id": venue})
    assert (form.status_code, HIDDEN in form.get_data(as_text=True)) == (422, True)
    assert "Canary" not in form.get_data(as_text=True)
    cell = vera.post(f"{room}/cell", data={"field": "venue_id", "value": venue, "revision": "1"})
    assert cell.status_code in (409, 422)
    row = {"key": "a", "id": str(ours.room.id), "revision": "1", "values": {"venue_id": venue}}
    table = vera.post("/rooms/grid", json={"rows": [row]})
    assert (table.status_code, "Canary" in table.get_data(as_text=True)) == (422, False)
    row["values"] = {"venue_id": "Canary venue"}
    assert vera.post("/rooms/grid", json={"rows": [row]}).status_code == 422
    new = {"key": "b", "values": room_facts(venue)}
    assert vera.post("/rooms/grid", json={"rows": [new]}).status_code == 422
    for path, body in (
        (f"rooms/{ours.room.id}", {"venue": venue}),
        (f"venues/{ours.venue.id}", {"company": str(noise.company.id)}),
        (f"closures/{ours.closure.id}", {"venue": venue}),
        (f"closures/{ours.closure.id}", {"room": str(noise.room.id)}),
        (f"companies/{ours.company.id}", {"logo_picture": str(noise.picture.id)}),
    ):
        answer = vera.patch(f"/api/v1/{path}", json={"revision": 1} | body)
        assert answer.status_code == 422, (path, answer.get_data(as_text=True))
    session.expire_all()
    assert (ours.room.venue_id, ours.venue.company_id) == (ours.venue.id, ours.company.id)


@pytest.mark.proves("S1.10")
def test_a_file_that_names_a_venue_of_others_is_refused(
    vera: FlaskClient, session: Session, ours: Estate, noise: Estate
) -> None:
    def sent(text: str) -> str:
        data = {"file": (io.BytesIO(text.encode()), "rooms.csv")}
        answer = vera.post("/rooms/import", data=data, content_type="multipart/form-data")
        return str(answer.get_data(as_text=True))

    before = count(session, Room)
    for venue in (noise.venue.slug, noise.venue.id):
        page = sent(f"name,slug,venue,capacity\nNew,new-room,{venue},30\n")
        assert "data-import-token" not in page
        assert 'name="token"' not in page
        assert "Canary venue" not in page
    page = sent(f"id,name\n{noise.room.id},Taken\n")
    assert "There is no record with this key" in page
    assert 'name="token"' in sent(f"name,slug,venue,capacity\nNew,new-room,{ours.venue.slug},30\n")
    assert count(session, Room) == before


@pytest.mark.proves("S1.10")
def test_who_looks_after_a_company_is_no_partners_to_say(
    vera: FlaskClient, sign_in: SignIn, session: Session, ours: Estate
) -> None:
    sign_in("Partner", "charlie")
    charlie, mine = entrust(session, "charlie", ours.company), find_user("vera")
    assert mine is not None
    page = vera.get(f"/companies/{ours.company.id}/edit").get_data(as_text=True)
    assert "Only who looks after users may change who looks after a company." in page
    for users in ([mine.id], [], [mine.id, charlie.id, 1]):
        body = {"users": [str(key) for key in users], "revision": ours.company.revision}
        assert vera.patch(f"/api/v1/companies/{ours.company.id}", json=body).status_code == 422
    session.expire_all()
    assert {user.username for user in ours.company.users} == {"vera", "charlie"}


@pytest.mark.proves("S1.10", "S1.78")
def test_an_admin_entrusts_a_company_to_a_user_in_its_form_and_its_page_names_them(
    sign_in: SignIn, session: Session, ours: Estate
) -> None:
    partner, admin = sign_in("Partner", "vera"), sign_in("Admin")
    assert partner.get(f"/rooms/{ours.room.id}").status_code == 404
    user = find_user("vera")
    assert user is not None
    form = {"revision": "1", "is_active": "true", "users": str(user.id)}
    assert admin.post(f"/companies/{ours.company.id}/edit", data=form).status_code == 302
    assert "Partner Staff" in admin.get(f"/companies/{ours.company.id}").get_data(as_text=True)
    assert partner.get(f"/rooms/{ours.room.id}").status_code == 200
    session.refresh(ours.company)
    again = {"users": [], "revision": ours.company.revision}
    assert admin.patch(f"/api/v1/companies/{ours.company.id}", json=again).status_code == 200
    assert partner.get(f"/rooms/{ours.room.id}").status_code == 404


def test_a_partner_confirms_and_cancels_bookings_of_their_rooms(
    vera: FlaskClient, session: Session, ours: Estate, noise: Estate
) -> None:
    assert vera.post(f"/bookings/{ours.booking.id}/do/confirm").status_code == 302
    session.refresh(ours.booking)
    assert ours.booking.status == "confirmed"
    for do in ("confirm", "cancel"):
        assert vera.post(f"/bookings/{noise.booking.id}/do/{do}", data={"reason": "x"}).status_code == 404
        assert vera.post(f"/api/v1/bookings/{noise.booking.id}/do/{do}", json={}).status_code == 404
    assert vera.post("/bookings/add", data={}).status_code == 403
    assert vera.post(f"/bookings/{ours.booking.id}/edit", data={}).status_code == 403
    session.expire_all()
    assert session.get_one(Booking, noise.booking.id).status == "pending"


def test_a_picture_that_a_partner_sends_is_theirs_to_use_and_no_other_partners(
    vera: FlaskClient, sign_in: SignIn, session: Session, ours: Estate, noise: Estate
) -> None:
    form = {"revision": "1", "is_active": "true", "logo_asset_id-upload": (io.BytesIO(picture()), "logo.jpg")}
    path = f"/companies/{ours.company.id}/edit"
    assert vera.post(path, data=form, content_type="multipart/form-data").status_code == 302
    data = {"file": (io.BytesIO(picture(size=(640, 480))), "hall.jpg")}
    sent = vera.post("/api/v1/pictures/", data=data, content_type="multipart/form-data")
    assert sent.status_code == 201
    key = sent.get_json()["data"]["id"]
    assert vera.get(f"/api/v1/pictures/{key}").status_code == 200
    charlie = sign_in("Partner", "charlie")
    entrust(session, "charlie", noise.company)
    assert charlie.get(f"/api/v1/pictures/{key}").status_code == 404
    assert charlie.get(f"/api/v1/pictures/{noise.picture.id}").status_code == 200
    session.expire_all()
    assert session.get_one(Asset, ours.company.logo_asset_id).title == "logo"


@pytest.fixture
def euros_only() -> Iterator[None]:
    rows.limit("package", "Editor", lambda model, _user: model.currency == "EUR")
    yield
    rows.lift("package", "Editor")


def test_whatever_a_rule_is_about_what_is_written_stays_within_it(
    sign_in: SignIn, session: Session, euros_only: None
) -> None:
    """Not only what points at hidden records: a value that the rule looks at is kept, on every way in."""
    editor = sign_in("Editor")
    package = PackageFactory(name="Feast", slug="feast")
    session.commit()
    facts = {"name": "Tea", "slug": "tea", "price_minor": "10", "currency": "INR"}
    page = editor.post("/packages/add", data=facts)
    assert (page.status_code, OUTSIDE in page.get_data(as_text=True)) == (422, True)
    address = f"/packages/{package.id}"
    page = editor.post(f"{address}/edit", data={"revision": "1", "is_active": "true", "currency": "INR"})
    assert (page.status_code, OUTSIDE in page.get_data(as_text=True)) == (422, True)
    sent = {"field": "currency", "value": "INR", "revision": "1"}
    cell = editor.post(f"{address}/cell", data=sent, headers={"Accept": "application/json"})
    assert (cell.status_code, OUTSIDE in cell.get_data(as_text=True)) == (422, True)
    row = {"key": "a", "id": str(package.id), "revision": "1", "values": {"currency": "INR"}}
    table = editor.post("/packages/grid", json={"rows": [row]})
    assert (table.status_code, OUTSIDE in table.get_data(as_text=True)) == (422, True)
    answer = editor.patch(f"/api/v1{address}", json={"currency": "INR", "revision": 1})
    assert (answer.status_code, OUTSIDE in answer.get_data(as_text=True)) == (422, True)
    text = f"id,name,slug,price,currency\n{package.id},Feast,feast,10,INR\n,Tea,tea,10,INR\n,Ale,ale,10,EUR\n"
    data = {"file": (io.BytesIO(text.encode()), "packages.csv")}
    said = editor.post("/packages/import", data=data, content_type="multipart/form-data")
    assert said.get_data(as_text=True).count(OUTSIDE) == 2
    session.expire_all()
    assert (package.currency, count(session, Package)) == ("EUR", 1)
    good = {"revision": "1", "is_active": "true", "name": "Great feast"}
    assert editor.post(f"{address}/edit", data=good).status_code == 302
