"""Values changed in a list: one where it stands, or a pasted block at once; checked, locked and refused as in a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings.models import Booking
from app.domains.catalog.models import Festival, Package
from app.domains.reviews.models import Review
from tests.factories import BookingFactory, FestivalFactory, PackageFactory, ReviewFactory
from tests.surfaces.test_screens import text

SignIn = Callable[..., FlaskClient]


def row(record: Any, key: str = "", **values: str) -> dict[str, Any]:
    """Make what the browser sends of a row."""
    facts = {"id": str(record.id), "revision": str(record.revision)} if record is not None else {}
    return {"key": key or facts["id"], "values": values, **facts}


def test_a_value_is_changed_where_it_stands_and_comes_back(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(price_minor=125_000)
    editor = sign_in("Editor")
    address = f"/packages/{package.id}/cell"
    form = text(editor.get(f"{address}?field=price_minor"))
    assert 'value="1250.00"' in form
    answer = editor.post(
        address, data={"field": "price_minor", "value": "1.300,50", "revision": package.revision}
    )
    facts = answer.get_json()
    assert (facts["old"], facts["value"]) == ("1250.00", "1300.50")
    assert session.get(Package, package.id).price_minor == 130_050  # type: ignore[union-attr]
    undo = {"field": "price_minor", "value": facts["old"], "revision": facts["revision"]}
    assert editor.post(address, data=undo).status_code == 200
    assert session.get(Package, package.id).price_minor == 125_000  # type: ignore[union-attr]
    package.price_minor = 90_000
    session.commit()
    late = editor.post(address, data=undo)
    assert (late.status_code, late.get_json()["code"]) == (409, "stale_revision")
    assert "Nothing was overwritten" in late.get_json()["detail"]
    assert session.get(Package, package.id).price_minor == 90_000  # type: ignore[union-attr]


def test_a_wrong_value_is_refused_with_its_sentence(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(price_minor=125_000)
    answer = sign_in("Editor").post(
        f"/packages/{package.id}/cell",
        data={"field": "price_minor", "value": "much"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == {"price_minor": ["Give an amount such as 1250.00."]}
    assert session.get(Package, package.id).price_minor == 125_000  # type: ignore[union-attr]


def test_who_saved_meanwhile_is_not_overwritten(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Ours")
    revision = package.revision
    package.name = "Theirs"
    session.commit()
    answer = sign_in("Editor").post(
        f"/packages/{package.id}/cell", data={"field": "name", "value": "Mine", "revision": revision}
    )
    facts = answer.get_json()
    assert (answer.status_code, facts["code"], facts["theirs"]) == (409, "stale_revision", "Theirs")
    assert session.get(Package, package.id).name == "Theirs"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("status", "Changed by actions alone"),
        ("created_at", "Written by the program"),
        ("package_id", "Open the record"),
    ],
)
def test_what_is_not_typed_over_says_why(sign_in: SignIn, field: str, reason: str) -> None:
    booking = BookingFactory()
    answer = sign_in("Booking operator").post(
        f"/bookings/{booking.id}/cell", data={"field": field, "value": "x"}
    )
    assert answer.status_code == 409
    assert reason in answer.get_json()["detail"]


def test_who_may_not_edit_gets_no_cell(sign_in: SignIn) -> None:
    package = PackageFactory()
    viewer = sign_in("Viewer")
    assert viewer.get(f"/packages/{package.id}/cell?field=name").status_code == 403
    assert viewer.post("/packages/grid", json={"rows": []}).status_code == 403
    page = text(viewer.get("/packages/"))
    assert 'data-edits="name"' not in page
    assert "as=grid" not in page


@pytest.fixture
def limited() -> Iterator[None]:
    rows.limit("booking", "Booking operator", lambda model, _user: model.place == "Lisbon")
    yield
    rows.lift("booking", "Booking operator")


def test_row_rules_keep_hidden_records_from_cells_and_blocks(
    sign_in: SignIn, session: Session, limited: None
) -> None:
    hidden = BookingFactory(place="Porto", client_name="Hidden")
    operator = sign_in("Booking operator")
    assert operator.get(f"/bookings/{hidden.id}/cell?field=place").status_code == 404
    answer = operator.post("/bookings/grid", json={"rows": [row(hidden, client_name="Taken")]})
    assert answer.status_code == 422
    assert "not there any more" in answer.get_json()["faults"][str(hidden.id)][""][0]
    assert session.get(Booking, hidden.id).client_name == "Hidden"  # type: ignore[union-attr]


def test_a_block_is_saved_as_a_spreadsheet_writes_it(sign_in: SignIn, session: Session) -> None:
    first, second = FestivalFactory(category="religious"), FestivalFactory(category="religious")
    package = PackageFactory(currency="EUR")
    editor = sign_in("Editor")
    block = [
        row(
            first,
            category="Harvest",
            starts_on="5/24/27",
            ends_on="5/25/27",
            country="Germany",
            is_active="No",
        ),
        row(second, category="national", starts_on="2027-06-01 00:00:00", ends_on="2027-06-02"),
    ]
    answer = editor.post("/festivals/grid", json={"rows": block})
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["said"] == "2 records were saved."
    saved = session.get(Festival, first.id)
    assert saved is not None
    assert (saved.category, saved.country, saved.is_active) == ("harvest", "DE", False)
    assert saved.starts_on.isoformat() == "2027-05-24"
    assert session.get(Festival, second.id).starts_on.isoformat() == "2027-06-01"  # type: ignore[union-attr]
    assert (
        editor.post("/packages/grid", json={"rows": [row(package, price_minor="€ 1.250,50")]}).status_code
        == 200
    )
    assert session.get(Package, package.id).price_minor == 125_050  # type: ignore[union-attr]


def test_one_wrong_cell_saves_nothing_and_names_itself(sign_in: SignIn, session: Session) -> None:
    good, bad = PackageFactory(name="Good"), PackageFactory(name="Bad")
    editor = sign_in("Editor")
    body = {"rows": [row(good, name="Better"), row(bad, name="", price_minor="much")]}
    answer = editor.post("/packages/grid", json=body)
    assert answer.status_code == 422
    faults = answer.get_json()["faults"]
    assert set(faults) == {str(bad.id)}
    assert set(faults[str(bad.id)]) == {"name", "price_minor"}
    assert session.get(Package, good.id).name == "Good"  # type: ignore[union-attr]


def test_trying_out_writes_nothing(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Still")
    editor = sign_in("Editor")
    tried = editor.post("/packages/grid", json={"rows": [row(package, name="Tried")], "check": True})
    assert (tried.status_code, tried.get_json()) == (200, {"faults": {}, "conflicts": {}})
    wrong = editor.post("/packages/grid", json={"rows": [row(package, slug="No Slug")], "check": True})
    assert set(wrong.get_json()["faults"][str(package.id)]) == {"slug"}
    assert session.get(Package, package.id).name == "Still"  # type: ignore[union-attr]


def test_a_row_that_somebody_saved_meanwhile_is_told_and_the_others_wait(
    sign_in: SignIn, session: Session
) -> None:
    mine, taken = PackageFactory(name="Mine"), PackageFactory(name="Taken")
    body = {"rows": [row(mine, name="Mine now"), row(taken, name="Mine too")]}
    taken.name = "Theirs"
    session.commit()
    editor = sign_in("Editor")
    answer = editor.post("/packages/grid", json=body)
    conflict = answer.get_json()["conflicts"][str(taken.id)]
    assert conflict["values"]["name"] == "Theirs"
    assert session.get(Package, mine.id).name == "Mine"  # type: ignore[union-attr]
    body["rows"][1]["revision"] = conflict["revision"]
    assert editor.post("/packages/grid", json=body).status_code == 200
    assert session.get(Package, taken.id).name == "Mine too"  # type: ignore[union-attr]


def test_rows_that_are_pasted_below_the_last_are_added(sign_in: SignIn, session: Session) -> None:
    new = row(None, "new-1", name="Pasted", slug="pasted", price_minor="10", currency="EUR", position="3")
    answer = sign_in("Editor").post("/packages/grid", json={"rows": [new]})
    assert answer.status_code == 200, answer.get_json()
    added = session.get(Package, answer.get_json()["saved"]["new-1"]["id"])
    assert added is not None
    assert (added.name, added.price_minor) == ("Pasted", 1000)


def test_a_relation_is_pasted_by_its_name(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Garden Party Deluxe")
    PackageFactory(name="Twin")
    PackageFactory(name="Twin")
    review = ReviewFactory(package_id=None)
    admin = sign_in("Admin")
    assert (
        admin.post(
            "/reviews/grid", json={"rows": [row(review, package_id="Garden Party Deluxe")]}
        ).status_code
        == 200
    )
    assert session.get(Review, review.id).package_id == package.id  # type: ignore[union-attr]
    for name, reason in (("Nothing", "No record is called"), ("Twin", "Several records are called")):
        answer = admin.post(
            "/reviews/grid", json={"rows": [{**row(review, package_id=name), "revision": ""}]}
        )
        assert reason in answer.get_json()["faults"][str(review.id)]["package_id"][0]


def test_a_field_that_no_form_has_is_not_written_by_a_block(sign_in: SignIn, session: Session) -> None:
    booking = BookingFactory()
    answer = sign_in("Booking operator").post(
        "/bookings/grid", json={"rows": [row(booking, status="confirmed")]}
    )
    assert answer.status_code == 422
    assert session.get(Booking, booking.id).status == "pending"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ([], 400), ({"rows": "x"}, 400), ({"rows": [{"key": 1, "values": {}}]}, 400),
        ({"rows": [{"key": "a", "values": {"name": 1}}]}, 400),
        ({"rows": [{"key": str(n), "values": {}} for n in range(501)]}, 413),
    ],
)  # fmt: skip
def test_a_block_of_another_shape_is_refused(sign_in: SignIn, body: Any, status: int) -> None:
    assert sign_in("Editor").post("/packages/grid", json=body).status_code == status


def test_only_a_change_of_the_same_field_is_a_conflict_of_a_cell(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Ours", position=1)
    editor = sign_in("Editor")
    address = f"/packages/{package.id}/cell"
    (began,) = re.findall(r'name="revision" value="([^"]+)"', text(editor.get(f"{address}?field=name")))
    package.position = 7
    session.commit()
    answer = editor.post(address, data={"field": "name", "value": "Mine", "revision": began})
    assert answer.status_code == 200
    saved = session.get(Package, package.id)
    assert saved is not None
    assert (saved.name, saved.position) == ("Mine", 7)
    package.position = 8
    session.commit()
    undo = {"field": "name", "value": "Ours", "revision": answer.get_json()["revision"]}
    assert editor.post(address, data=undo).status_code == 200
    package.name = "Theirs"
    session.commit()
    late = editor.post(address, data={"field": "name", "value": "Mine", "revision": began})
    assert (late.status_code, late.get_json()["theirs"]) == (409, "Theirs")
    mine = {"field": "name", "value": "Mine", "revision": late.get_json()["revision"]}
    assert editor.post(address, data=mine).status_code == 200
    assert session.get(Package, package.id).name == "Mine"  # type: ignore[union-attr]


def test_the_place_a_cell_begins_from_cannot_be_made_up(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Ours", position=1)
    revision = package.revision
    package.position = 7
    session.commit()
    editor = sign_in("Editor")
    for made_up in (f"{revision}", f"{revision}.", f"{revision}.999999.00ff", f"{revision}.x.y"):
        sent = {"field": "name", "value": "Mine", "revision": made_up}
        assert editor.post(f"/packages/{package.id}/cell", data=sent).status_code == 409
    assert session.get(Package, package.id).name == "Ours"  # type: ignore[union-attr]
