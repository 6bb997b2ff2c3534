"""The generated screens of every resource: they open, list, filter, write, refuse and keep what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.catalogue import load_catalogue
from app.domains.bookings.models import Booking
from app.domains.catalog.models import Festival, Package
from app.domains.messaging import service as messaging
from app.domains.messaging.queries import Visitor
from app.kernel.ids import new_id
from app.media.folders import PictureFolder
from app.resources import On, Resource
from app.surfaces.records.adding import is_typed
from app.translation.interface.models import InterfaceMessage
from app.translation.models import Translation
from tests.factories import (
    AssetFactory,
    BookingFactory,
    CannedAnswerFactory,
    FestivalFactory,
    FestivalPictureFactory,
    GlossaryTermFactory,
    IncludedItemFactory,
    LanguageFactory,
    MemberFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    ThemePictureFactory,
    rooms,
    translate,
)
from tests.factories.venues import BY_TYPE

SignIn = Callable[..., FlaskClient]
RESOURCES = {resource.name: resource for resource in load_catalogue()}
PACKAGE = {
    "name": "Garden party",
    "slug": "garden-party",
    "price_minor": "1,250.00",
    "currency": "EUR",
    "position": "0",
}


def one_of(name: str) -> Any:
    """Make a record of a content type, or find one that is there."""
    package = PackageFactory()
    made: dict[str, Callable[[], Any]] = {
        "package": lambda: package,
        "theme": ThemeFactory,
        "festival": FestivalFactory,
        "booking": lambda: BookingFactory(package_id=package.id, total_minor=5000),
        "review": lambda: ReviewFactory(package_id=package.id),
        "asset": AssetFactory,
        "picture_folder": folder,
        "member": MemberFactory,
        "canned_answer": CannedAnswerFactory,
        "glossary_term": GlossaryTermFactory,
        "language": LanguageFactory,
        "interface_message": sentence,
        "conversation": converse,
        "translation": lambda: (translate(package, "de", name="Paket"), first(Translation))[1],
    }
    made |= BY_TYPE | rooms.BY_TYPE
    return made[name]() if name in made else first(RESOURCES[name].model)


def sentence() -> InterfaceMessage:
    """Make a sentence of the interface that no other is."""
    from app.kernel.db import db

    made = InterfaceMessage(domain="festoon", msgid=f"Sentence {new_id()}", mark=new_id().hex, in_files={})
    db.session.add(made)
    db.session.flush()
    return made


def converse() -> Any:
    """Let a visitor say something, and give the conversation."""
    session, _token = messaging.open_session(locale="en")
    visitor = Visitor(session.id, None)
    return messaging.leave_message(visitor, "Do you also come to Porto?").conversation


def folder() -> PictureFolder:
    """Make a folder of the library with a name that no other has."""
    from app.kernel.db import db

    made = PictureFolder(name=f"Folder {new_id()}")
    db.session.add(made)
    db.session.flush()
    return made


def first(model: Any) -> Any:
    from app.kernel.db import db

    return db.session.query(model).first()


def text(answer: Any, status: int = 200) -> str:
    """Read an answer of the expected status."""
    body: str = answer.get_data(as_text=True)
    answer.close()
    assert answer.status_code == status, body[:2000]
    return body


@pytest.mark.proves("S1.16", "S1.17", "S1.20")
@pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))
def test_every_screen_of_every_resource_opens(sign_in: SignIn, resource: Resource) -> None:
    admin = sign_in("Admin")
    record = one_of(resource.name)
    base = f"/{resource.path}"
    assert str(resource.label) in text(admin.get(f"{base}/"))
    text(admin.get(f"{base}/{record.id}"))
    text(admin.get(f"{base}/{record.id}/history"))
    status = 200 if resource.fields_on(On.FORM) else 404
    text(admin.get(f"{base}/{record.id}/edit"), status)
    leads_on = resource.name == "asset" or resource.begun_at  # the list takes the files, a screen the others
    text(admin.get(f"{base}/add"), 302 if leads_on else 200 if is_typed(resource) else 404)
    assert admin.get(f"{base}/lookup?q=a").get_json().keys() == {"data"}


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))
@pytest.mark.proves("S1.65")
def test_a_list_costs_the_same_statements_at_one_and_at_a_hundred_rows(
    sign_in: SignIn, count_statements: Any, resource: Resource
) -> None:
    admin = sign_in("Admin")
    one_of(resource.name)
    base = f"/{resource.path}/?page[size]=100"
    text(admin.get(base))
    with count_statements() as few:
        text(admin.get(base))
    if resource.name in ("package", "theme", "festival", "booking", "review", "asset"):
        for _number in range(99):
            one_of(resource.name)
    text(admin.get(base))
    with count_statements() as many:
        text(admin.get(base))
    assert len(many) <= len(few) <= 6, many


@pytest.mark.proves("S0.6", "S0.26")
def test_a_package_is_added_with_items_and_translations(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    form = PACKAGE | {
        "is_active": "on",
        "t-de-name": "Gartenfest",
        "t-ar-name": "حفلة حديقة",
        "items-present": "1",
        "items-0-position": "1",
        "items-0-text": "Cake",
        "items-0-t-de-text": "Torte",
        "items-1-position": "0",
        "items-1-text": "Music",
    }
    answer = editor.post("/packages/add", data=form)
    package = session.query(Package).one()
    assert answer.headers["Location"] == f"/packages/{package.id}"
    assert (package.price_minor, package.currency, package.is_active) == (125_000, "EUR", True)
    assert [item.text for item in package.items] == ["Music", "Cake"]
    texts = {(row.content_type, row.locale, row.field): row.text for row in session.query(Translation)}
    assert texts == {
        ("package", "de", "name"): "Gartenfest",
        ("package", "ar", "name"): "حفلة حديقة",
        ("included_item", "de", "text"): "Torte",
    }
    shown = text(editor.get(f"/packages/{package.id}"))
    assert "€1,250.00" in shown
    assert "Gartenfest" in shown


def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    PackageFactory(slug="taken")
    form = PACKAGE | {
        "name": "",
        "price_minor": "a lot",
        "slug": "Taken!",
        "description": "Long <text> I typed",
    }
    page = text(editor.post("/packages/add", data=form), 422)
    assert page.count("This field is needed.") >= 1
    assert "Give an amount such as 1250.00." in page
    assert "Use small letters" in page
    assert "Long &lt;text&gt; I typed" in page
    assert 'value="a lot"' in page
    page = text(editor.post("/packages/add", data=PACKAGE | {"slug": "taken", "t-de-name": "Bleibt"}), 422)
    assert "Another record has this already" in page
    assert "Bleibt" in page
    assert session.query(Package).count() == 1


@pytest.mark.proves("S4.7")
def test_a_rule_of_the_database_is_worded_at_its_field(sign_in: SignIn, session: Session) -> None:
    festival = FestivalFactory()
    form = {"revision": "1", "starts_on": "2027-05-02", "ends_on": "2027-05-01"}
    page = text(sign_in("Editor").post(f"/festivals/{festival.id}/edit", data=form), 422)
    assert "The last day cannot come before the first." in page
    assert session.get(Festival, festival.id).ends_on.isoformat() == "2027-03-22"


def test_a_switch_can_be_taken_off(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(is_active=True)
    sign_in("Editor").post(f"/packages/{package.id}/edit", data=PACKAGE | {"revision": "1", "name": "Other"})
    session.refresh(package)
    assert (package.name, package.is_active) == ("Other", False)


def test_the_later_of_two_saves_is_refused_with_both_texts(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Before")
    mine = PACKAGE | {"revision": "1", "name": "Mine"}
    editor.post(f"/packages/{package.id}/edit", data=PACKAGE | {"revision": "1", "name": "Theirs"})
    page = text(editor.post(f"/packages/{package.id}/edit", data=mine), 409)
    assert "Theirs" in page
    assert 'value="Mine"' in page
    session.refresh(package)
    assert package.name == "Theirs"
    assert f'name="seen" value="{package.revision}"' in page
    editor.post(f"/packages/{package.id}/edit", data=mine | {"revision": str(package.revision)})
    session.refresh(package)
    assert package.name == "Mine"


@pytest.mark.proves("S4.8")
def test_the_primary_picture_is_handed_over_and_only_one(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    festival = FestivalFactory()
    pictures = [
        FestivalPictureFactory(
            festival_id=festival.id, asset_id=AssetFactory().id, is_primary=number == 0, position=number
        )
        for number in range(2)
    ]
    form = {"revision": "1", "is_active": "on", "pictures-present": "1"}
    for number, picture in enumerate(pictures):
        form |= {
            f"pictures-{number}-id": str(picture.id),
            f"pictures-{number}-position": str(1 - number),
            f"pictures-{number}-asset_id": str(picture.asset_id),
        }
    answer = editor.post(f"/festivals/{festival.id}/edit", data=form | {"pictures-1-is_primary": "on"})
    assert answer.status_code == 302, answer.get_data(as_text=True)[:1500]
    session.expire_all()
    assert [(p.id, p.is_primary) for p in festival.pictures] == [
        (pictures[1].id, True),
        (pictures[0].id, False),
    ]
    both = form | {
        "pictures-0-is_primary": "on",
        "pictures-1-is_primary": "on",
        "revision": str(festival.revision),
    }
    assert "Only one picture" in text(editor.post(f"/festivals/{festival.id}/edit", data=both), 422)


@pytest.mark.proves("S0.7")
def test_children_are_reordered_changed_and_removed_in_the_parents_form(
    sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory()
    one, two = (
        IncludedItemFactory(package_id=package.id, text=t, position=n) for n, t in enumerate(("One", "Two"))
    )
    form = PACKAGE | {
        "revision": "1",
        "items-present": "1",
        "items-0-id": str(one.id),
        "items-0-position": "0",
        "items-0-text": "One",
        "items-0-DELETE": "1",
        "items-1-id": str(two.id),
        "items-1-position": "1",
        "items-1-text": "Two, better",
        "items-2-position": "0",
        "items-2-text": "New",
    }
    sign_in("Editor").post(f"/packages/{package.id}/edit", data=form)
    session.expire_all()
    assert [item.text for item in package.items] == ["New", "Two, better"]
    assert package.items[1].id == two.id


def test_a_child_of_another_record_cannot_be_taken(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory()
    foreign = IncludedItemFactory(package_id=PackageFactory().id, text="Foreign")
    form = PACKAGE | {
        "revision": "1",
        "items-present": "1",
        "items-0-id": str(foreign.id),
        "items-0-position": "0",
        "items-0-text": "Stolen",
    }
    assert "removed meanwhile" in text(sign_in("Editor").post(f"/packages/{package.id}/edit", data=form), 422)
    session.refresh(foreign)
    assert foreign.text == "Foreign"


@pytest.mark.proves("S0.5", "S0.29")
def test_an_operator_confirms_and_the_status_stands_in_no_form(sign_in: SignIn, session: Session) -> None:
    operator = sign_in("Booking operator")
    booking = BookingFactory()
    assert 'name="status"' not in text(operator.get(f"/bookings/{booking.id}/edit"))
    operator.post(
        f"/bookings/{booking.id}/edit", data={"revision": "1", "status": "completed", "place": "Porto"}
    )
    session.refresh(booking)
    assert (booking.status, booking.place) == ("pending", "Porto")
    page = text(operator.post(f"/bookings/{booking.id}/do/confirm", follow_redirects=True))
    assert f"“{booking.client_name}”: Confirmed." in page
    session.refresh(booking)
    assert booking.status == "confirmed"
    page = text(operator.post(f"/bookings/{booking.id}/do/confirm", follow_redirects=True))
    assert "cannot become" in page


def test_a_bulk_action_does_what_it_can_and_names_what_refuses(sign_in: SignIn, session: Session) -> None:
    operator = sign_in("Booking operator")
    pending, cancelled = BookingFactory(), BookingFactory(status="cancelled", client_name="Gone Client")
    form = {"action": "confirm", "ids": [str(pending.id), str(cancelled.id)], "back": "/bookings/?q=x"}
    answer = operator.post("/bookings/bulk", data=form)
    assert answer.headers["Location"] == "/bookings/?q=x"
    session.expire_all()
    assert (pending.status, cancelled.status) == ("confirmed", "cancelled")
    assert "Gone Client" in text(operator.get("/bookings/"))


def test_a_bulk_actions_way_back_stays_here(sign_in: SignIn) -> None:
    operator = sign_in("Booking operator")
    form = {"action": "confirm", "ids": [str(BookingFactory().id)], "back": "https://evil.example/"}
    assert operator.post("/bookings/bulk", data=form).headers["Location"] == "/bookings/"


def test_an_action_or_deletion_by_get_is_refused(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    booking = BookingFactory()
    for path in (f"/bookings/{booking.id}/delete", f"/bookings/{booking.id}/do/confirm", "/bookings/bulk"):
        assert admin.get(path).status_code in (404, 405)
    session.refresh(booking)
    assert booking.status == "pending"
    assert admin.post(f"/bookings/{booking.id}/do/explode").status_code == 404


def test_what_is_used_elsewhere_is_not_deleted_and_says_why(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    package = PackageFactory()
    BookingFactory(package_id=package.id)
    page = text(admin.post(f"/packages/{package.id}/delete", follow_redirects=True))
    assert "It is still used: Bookings (1)." in page
    assert session.get(Package, package.id) is not None


def test_deleting_takes_children_and_translations_along(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory()
    item = IncludedItemFactory(package_id=package.id)
    translate(package, "de", name="Paket")
    translate(item, "de", text="Ding")
    assert sign_in("Admin").post(f"/packages/{package.id}/delete").status_code == 302
    assert session.query(Translation).count() == 0


def test_a_page_is_never_larger_than_a_hundred_rows(sign_in: SignIn) -> None:
    assert sign_in("Admin").get("/packages/?page[size]=100000").status_code == 400


def test_a_translator_changes_translations_and_nothing_else(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Source")
    translator = sign_in("Translator")
    page = text(translator.get(f"/packages/{package.id}/edit"))
    assert "Your role may translate this record, not change it." in page
    form = PACKAGE | {"revision": "1", "name": "Hijacked", "t-de-name": "Quelle"}
    assert translator.post(f"/packages/{package.id}/edit", data=form).status_code == 302
    session.refresh(package)
    assert package.name == "Source"
    assert session.query(Translation).one().text == "Quelle"
    assert translator.post("/packages/add", data=PACKAGE).status_code == 403
    assert translator.post(f"/packages/{package.id}/delete").status_code == 403


def test_a_row_rule_hides_a_row_from_every_door(sign_in: SignIn, session: Session) -> None:
    from app.access import rows

    rows.limit("booking", "Booking operator", lambda model, _user: model.place == "Lisbon")
    try:
        operator = sign_in("Booking operator")
        hidden = BookingFactory(place="Porto", client_name="Canary Client")
        seen = BookingFactory(place="Lisbon", client_name="Seen Client")
        for path in (
            "/bookings/",
            "/bookings/?q=canary",
            "/bookings/lookup?q=Canary",
            "/api/v1/bookings/",
            "/bookings/export",
        ):
            assert "Canary" not in text(operator.get(path)), path
        for path in ("", "/edit", "/history"):
            assert operator.get(f"/bookings/{hidden.id}{path}").status_code == 404
        assert operator.post(f"/bookings/{hidden.id}/do/confirm").status_code == 404
        assert operator.post(f"/bookings/{hidden.id}/delete").status_code == 404
        assert operator.get(f"/api/v1/bookings/{hidden.id}").status_code == 404
        operator.post("/bookings/bulk", data={"action": "confirm", "ids": [str(hidden.id), str(seen.id)]})
        operator.post("/bookings/bulk", data={"action": "delete", "ids": [str(hidden.id)]})
        session.expire_all()
        assert (session.get(Booking, hidden.id).status, seen.status) == ("pending", "confirmed")
    finally:
        rows.lift("booking", "Booking operator")


def test_a_picture_of_a_theme_is_shown_on_its_page(sign_in: SignIn) -> None:
    theme = ThemeFactory()
    ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory(path="pictures/ab/one.webp").id)
    assert "/media/" in text(sign_in("Viewer").get(f"/themes/{theme.id}"))


@pytest.mark.parametrize("key", ["x", "%00", "1", "' OR 1=1", "01a1fc98-3af5-761a-b252-b115269307b7"])
def test_a_key_that_is_none_is_404(sign_in: SignIn, key: str) -> None:
    admin = sign_in("Admin")
    for resource in RESOURCES.values():
        if key == "1" and resource.name.startswith("ab_"):
            continue
        assert admin.get(f"/{resource.path}/{key}").status_code == 404
        assert admin.get(f"/{resource.path}/{key}/edit").status_code == 404


@pytest.mark.proves("S0.16")
def test_a_stranger_is_sent_to_sign_in_and_back(app: Flask, client: FlaskClient) -> None:
    for resource in RESOURCES.values():
        answer = client.get(f"/{resource.path}/?q=x")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/login/?next=/{resource.path}/%3Fq%3Dx"
        assert client.get(f"/{resource.path}/", headers={"HX-Request": "true"}).status_code == 401
