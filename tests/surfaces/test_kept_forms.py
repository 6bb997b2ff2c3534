"""Nothing typed is lost: forms are kept, offered again, and go when they are saved or old."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.models import StaffPreference
from app.domains.catalog.models import Package
from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.surfaces.desk.jobs import forget_kept_forms
from app.surfaces.desk.kept_forms import MOST_OF_ONE, KeptForm
from tests.factories import IncludedItemFactory, PackageFactory, translate

SignIn = Callable[..., FlaskClient]
PACKAGE = {
    "name": "Garden party",
    "slug": "garden-party",
    "price_minor": "10",
    "currency": "EUR",
    "position": "0",
}


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-800:]
    return answer.get_data(as_text=True)


def typed(package: Package, **more: str) -> dict[str, str]:
    held = {"slug": package.slug, "name": package.name, "price_minor": str(package.price_minor / 100)}
    return PACKAGE | held | {"revision": str(package.revision), "is_active": "true"} | more


def test_a_form_is_kept_offered_and_continued_with_rows_and_translations(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Before")
    item = IncludedItemFactory(package_id=package.id, text="Balloons")
    form = typed(package, name="After", **{"t-de-name": "Danach", "items-present": "1"}) | {
        "items-0-id": str(item.id), "items-0-position": "0", "items-0-text": "Lanterns",
        "items-1-id": "", "items-1-position": "1", "items-1-text": "Fireworks", "items-1-t-de-text": "Feuerwerk",
    }  # fmt: skip
    key = str(uuid4())
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    answer = editor.post(f"/packages/{package.id}/keep", data=form | {"kept": key})
    assert answer.get_json()["kept"] == key
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before, "keeping is no news"

    offered = page(editor, f"/packages/{package.id}/edit")
    assert "that were not saved" in offered
    assert 'name="name" value="Before"' in offered.replace("  ", " ") or 'value="Before"' in offered
    for field in ("Name", "Name (Deutsch)", "Item 1 · Item", "Item 2"):
        assert field in offered
    continued = page(editor, f"/packages/{package.id}/edit?kept={key}")
    for value in ("After", "Danach", "Lanterns", "Fireworks", "Feuerwerk", key):
        assert f'value="{value}"' in continued
    assert "It is not saved yet." in continued

    assert editor.post(f"/packages/{package.id}/edit", data=form | {"kept": key}).status_code == 302
    session.expire_all()
    assert package.name == "After"
    assert session.get(KeptForm, key) is None, "what is saved is kept no longer"
    assert "that were not saved" not in page(editor, f"/packages/{package.id}/edit")


def test_a_new_record_is_kept_too_and_stands_in_the_list(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    key = str(uuid4())
    editor.post("/packages/keep", data=PACKAGE | {"kept": key, "name": "A half-made package"})
    assert "A half-made package" in page(editor, "/kept/")
    assert f"/packages/add?kept={key}" in page(editor, "/packages/add")
    assert 'value="A half-made package"' in page(editor, f"/packages/add?kept={key}")
    assert (
        editor.post(f"/kept/{key}/discard", data={"back": "/packages/add"}).headers["Location"]
        == "/packages/add"
    )
    assert "A half-made package" not in page(editor, "/kept/")


def test_a_refused_save_keeps_all(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    package = PackageFactory()
    key = str(uuid4())
    refused = editor.post(
        f"/packages/{package.id}/edit", data=typed(package, name="", slug="Not a slug") | {"kept": key}
    )
    assert refused.status_code == 422
    kept = session.get(KeptForm, key)
    assert kept is not None and kept.typed["slug"] == "Not a slug"
    assert 'value="Not a slug"' in page(editor, f"/packages/{package.id}/edit?kept={key}")


def test_a_form_that_is_clean_again_is_forgotten(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    package = PackageFactory()
    key = str(uuid4())
    form = typed(package, name="Typed") | {"kept": key}
    editor.post(f"/packages/{package.id}/keep", data=form)
    assert editor.post(f"/packages/{package.id}/keep", data=form | {"clean": "1"}).get_json() == {
        "kept": None
    }
    assert session.get(KeptForm, key) is None


def test_two_tabs_are_kept_side_by_side(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    package = PackageFactory()
    for name in ("From one tab", "From another tab"):
        editor.post(f"/packages/{package.id}/keep", data=typed(package, name=name) | {"kept": str(uuid4())})
    assert page(editor, f"/packages/{package.id}/edit").count("data-offer=") == 2


def test_nobody_sees_or_overwrites_what_another_typed(sign_in: SignIn, session: Session) -> None:
    editor, other = sign_in("Editor"), sign_in("Editor", "other")
    package = PackageFactory(name="Before")
    key = str(uuid4())
    address = f"/packages/{package.id}"
    editor.post(f"{address}/keep", data=typed(package, name="A secret plan") | {"kept": key})
    assert "that were not saved" not in page(other, f"{address}/edit")
    assert "A secret plan" not in page(other, f"{address}/edit?kept={key}")
    assert other.post(f"{address}/keep", data=typed(package, name="Mine") | {"kept": key}).status_code == 404
    other.post(f"/kept/{key}/discard")
    session.expire_all()
    kept = session.get(KeptForm, key)
    assert kept is not None and kept.typed["name"] == "A secret plan"


def test_no_password_is_kept(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    key = str(uuid4())
    editor.post("/packages/keep", data=PACKAGE | {"kept": key, "new_password": "hunter2", "api_token": "x"})
    kept = session.get(KeptForm, key)
    assert kept is not None and {"new_password", "api_token", "kept"}.isdisjoint(kept.typed)


def test_kept_forms_go_after_thirty_days_and_are_not_many(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    for _number in range(MOST_OF_ONE + 2):
        editor.post("/packages/keep", data=PACKAGE | {"kept": str(uuid4())})
    assert session.scalar(select(func.count()).select_from(KeptForm)) == MOST_OF_ONE
    session.execute(update(KeptForm).values(at=clock.now() - timedelta(days=31)))
    assert forget_kept_forms() == MOST_OF_ONE
    assert session.scalar(select(func.count()).select_from(KeptForm)) == 0


def test_what_was_typed_for_a_record_that_is_deleted_becomes_a_new_one(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Before")
    item = IncludedItemFactory(package_id=package.id)
    item_id = item.id
    translate(package, "de", name="Vorher")
    address, form = f"/packages/{package.id}", typed(package, name="Worked on for an hour", slug="an-hour")
    form |= {
        "items-present": "1",
        "items-0-id": str(item.id),
        "items-0-position": "0",
        "items-0-text": "Kept row",
    }
    key = str(uuid4())
    editor.post(f"{address}/keep", data=form | {"kept": key})
    editor.post(f"{address}/delete")
    assert editor.get(f"{address}/edit").status_code == 404
    assert f"/packages/add?kept={key}" in page(editor, "/kept/")
    continued = page(editor, f"/packages/add?kept={key}")
    assert 'value="Worked on for an hour"' in continued and 'value="Kept row"' in continued
    assert str(item_id) not in continued
    refused = editor.post(f"{address}/edit", data=form | {"kept": key, "name": "Worked on for two"})
    assert refused.status_code == 409 and "Somebody deleted this record" in refused.get_data(as_text=True)
    assert 'value="Worked on for two"' in page(editor, f"/packages/add?kept={key}")
    assert sign_in("Translator").post(f"{address}/edit", data=form | {"kept": key}).status_code == 404
    added = editor.post("/packages/add", data=form | {"kept": key, "items-0-id": "", "revision": ""})
    assert added.status_code == 302
    assert session.get(KeptForm, key) is None


def test_only_what_differs_from_a_fresh_form_is_named(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    fresh = page(editor, "/packages/add")
    assert re.search(r'name="is_active"[^>]* checked', fresh), "a fresh form holds something already"
    begun = {"name": "", "slug": "", "description": "", "price_minor": "", "currency": "EUR"}
    begun |= {"position": "0", "is_active": "true", "items-present": "1", "pictures-present": "1"}
    row = {"items-0-id": "", "items-0-position": "0", "items-0-text": ""}
    key = str(uuid4())

    def named(**more: str) -> list[str]:
        editor.post("/packages/keep", data=begun | row | more | {"kept": key})
        return re.findall(r'kf-fields">([^<]*)<', page(editor, "/packages/add"))

    assert named() == [], "nothing was typed"
    assert named(name="Garden") == ["Name"]
    assert named(**{"t-de-name": "Garten", "items-0-text": "Cake"}) == ["Name (Deutsch), Item 1 · Item"]
    assert named(is_active="", position="7") == ["Order, Active"], "a default that was changed was typed"


@pytest.mark.parametrize(("zone", "called"), [("", "UTC"), ("Asia/Kolkata", "GMT+05:30")])
def test_when_a_form_was_kept_is_told_in_the_time_zone_of_the_account(
    sign_in: SignIn, session: Session, zone: str, called: str
) -> None:
    editor, key = sign_in("Editor"), str(uuid4())
    if zone:
        user = session.scalar(select(User.id).where(User.username == "editor"))
        session.add(StaffPreference(id=uuid4(), user_id=user, time_zone=zone))
        session.commit()
    answer = editor.post("/packages/keep", data=PACKAGE | {"kept": key}).get_json()
    there = datetime.fromisoformat(answer["at"]).astimezone(ZoneInfo(zone or "UTC"))
    assert answer["time"] == f"{there:%H:%M} {called}"
    assert f"You have changes from {answer['time']} that" in page(editor, "/packages/add")
    assert f"you typed until {answer['time']}." in page(editor, f"/packages/add?kept={key}")
    session.execute(update(KeptForm).values(at=clock.now() - timedelta(days=2)))
    before = there - timedelta(days=2)
    assert f"{before:%b} {before.day}, {before:%Y, %H:%M} {called}" in page(editor, "/packages/add")


def test_what_comes_to_be_kept_after_the_save_is_no_unsaved_form(sign_in: SignIn, session: Session) -> None:
    """A beacon or a slow request may arrive after the save that it came before."""
    editor = sign_in("Editor")
    package = PackageFactory(name="Before")
    edit = page(editor, f"/packages/{package.id}/edit")
    base = re.search(r'name="base" value="([^"]*)"', edit)
    assert base is not None
    key = str(uuid4())
    form = typed(package, name="A new name", base=base[1], kept=key)
    assert editor.post(f"/packages/{package.id}/edit", data=form).status_code == 302
    assert editor.post(f"/packages/{package.id}/keep", data=form).status_code == 200
    assert key not in page(editor, f"/packages/{package.id}/edit")
    assert key not in page(editor, "/kept/")
    assert key not in page(editor, "/")
    unsaved = form | {"description": "Typed by hand and saved nowhere"}
    editor.post(f"/packages/{package.id}/keep", data=unsaved)
    for address in (f"/packages/{package.id}/edit", "/kept/", "/"):
        assert key in page(editor, address)


def test_what_comes_to_be_kept_after_its_record_was_made_is_not_kept(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    key = str(uuid4())
    form = PACKAGE | {"kept": key}
    assert editor.post("/packages/add", data=form).status_code == 302
    assert editor.post("/packages/keep", data=form).get_json() == {"kept": None}
    assert key not in page(editor, "/packages/add") + page(editor, "/kept/")
    more = form | {"description": "Typed after going back"}
    assert editor.post("/packages/keep", data=more).get_json()["kept"] == key


def test_a_form_that_is_too_large_is_refused_with_what_to_do(sign_in: SignIn) -> None:
    editor = sign_in("Editor")
    package = PackageFactory()
    most = editor.application.config["MAX_FORM_MEMORY_SIZE"]
    assert f'data-most="{most}"' in page(editor, f"/packages/{package.id}/edit")
    large = typed(package, description="x" * (most + 1))
    refused = editor.post(f"/packages/{package.id}/edit", data=large)
    assert refused.status_code == 413
    assert "Go back: what you typed is still there. Shorten it" in refused.get_data(as_text=True)
