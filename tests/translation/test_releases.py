"""A record is published language by language, and everything that readers get obeys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel.languages import Language
from app.resources import Resource
from app.translation import releases, writing
from app.translation.models import RecordLanguage, Translation
from app.translation.states import Hand
from tests.factories import (
    AssetFactory,
    IncludedItemFactory,
    PackageFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)


@pytest.fixture
def packages(app: Flask) -> Resource:
    found: Resource = app.extensions["catalogue"]["package"]
    return found


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", slug="garden", description="Under the old trees")
    session.commit()
    return made


def gate(session: Session, tag: str = "de", **choices: bool) -> None:
    language = session.scalars(select(Language).where(Language.tag == tag)).one()
    for name, value in ({"is_gated": True} | choices).items():
        setattr(language, name, value)
    session.commit()


def live(session: Session) -> dict[tuple[str, str], bool]:
    rows = session.execute(select(Translation.locale, Translation.text, Translation.is_live))
    return {(locale, said): is_live for locale, said, is_live in rows}


def seen(client: Any, tag: str = "de") -> tuple[str, Mapping[str, str]]:
    answer = client.get(f"/public/v1/packages/garden?lang={tag}")
    data = answer.get_json()["data"]
    return data["name"], {name: data["languages"][name] for name in ("name", "description")}


def publish(session: Session, resource: Resource, record: Any, tag: str = "de") -> Any:
    refused = releases.publish(session, resource, [record.id], tag)
    session.commit()
    return refused.get(record.id)


# Rule 9: nothing changes where no language has a gate
def test_without_a_gate_a_text_is_live_once_it_is_approved(
    session: Session, package: Any, client: Any
) -> None:
    translate(package, "de", name="Gartenfest")
    writing.put(session, "package", package, "de", "description", "Unter Bäumen", Hand(), tool="memory")
    session.commit()
    assert live(session) == {("de", "Gartenfest"): True, ("de", "Unter Bäumen"): False}
    assert seen(client) == ("Gartenfest", {"name": "de", "description": "en"})


# Rule 9
def test_a_gated_language_shows_nothing_until_somebody_publishes_the_record(
    session: Session, package: Any, packages: Resource, client: Any
) -> None:
    gate(session)
    translate(package, "de", name="Gartenfest")
    session.commit()
    assert seen(client) == ("Garden party", {"name": "en", "description": "en"})
    refused = publish(session, packages, package)
    assert [(unit.field, unit.state) for unit in refused.lacking] == [("description", "missing")]
    assert seen(client)[0] == "Garden party"
    translate(package, "de", description="Unter den alten Bäumen")
    assert publish(session, packages, package) is None
    assert seen(client) == ("Gartenfest", {"name": "de", "description": "de"})


# Rule 9: what is required is what readers see, right and approved
@pytest.mark.parametrize("state", ["machine", "draft", "needs_review", "rejected", "stale"])
def test_publishing_is_refused_while_a_text_is_not_right(
    session: Session, package: Any, packages: Resource, state: str
) -> None:
    gate(session)
    translate(package, "de", name="Gartenfest", description="Unter Bäumen")
    session.execute(
        text("UPDATE translation SET state = :state, source_text = :old WHERE field = 'name'"),
        {"state": state, "old": "" if state == "stale" else None},
    )
    session.expire_all()
    refused = publish(session, packages, package)
    assert [unit.field for unit in refused.lacking] == ["name"]
    assert not any(live(session).values())


# Rule 9: a record whose source says nothing in a field needs nothing there
def test_a_field_without_a_source_is_not_required(session: Session, packages: Resource) -> None:
    gate(session)
    bare = PackageFactory(name="Bare", description="")
    translate(bare, "de", name="Karg")
    assert publish(session, packages, bare) is None


# Rules 6 and 9
def test_once_live_it_stays_live_while_its_source_changes(
    session: Session, package: Any, packages: Resource, client: Any
) -> None:
    gate(session)
    translate(package, "de", name="Gartenfest", description="Unter Bäumen")
    assert publish(session, packages, package) is None
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    assert seen(client) == ("Gartenfest", {"name": "de", "description": "de"})
    assert publish(session, packages, package) is None


# Rule 9
def test_withdrawing_one_language_leaves_the_others(
    session: Session, package: Any, packages: Resource, client: Any
) -> None:
    translate(package, "de", name="Gartenfest")
    translate(package, "es", name="Fiesta en el jardín")
    releases.withdraw(session, packages, [package.id], "de")
    session.commit()
    assert live(session) == {("de", "Gartenfest"): False, ("es", "Fiesta en el jardín"): True}
    assert seen(client, "de")[0] == "Garden party"
    assert seen(client, "es")[0] == "Fiesta en el jardín"
    translate(package, "de", description="Unter Bäumen")
    session.commit()
    assert seen(client, "de")[1] == {"name": "en", "description": "en"}
    assert publish(session, packages, package) is None
    assert seen(client, "de")[1] == {"name": "de", "description": "de"}


# Rule 9: rows go with their record, those added later too
def test_texts_of_rows_go_with_their_record(session: Session, package: Any, packages: Resource) -> None:
    soup = IncludedItemFactory(package_id=package.id, text="Soup", position=0)
    translate(soup, "de", text="Suppe")
    releases.withdraw(session, packages, [package.id], "de")
    session.commit()
    assert live(session)["de", "Suppe"] is False
    bread = IncludedItemFactory(package_id=package.id, text="Bread", position=1)
    translate(bread, "de", text="Brot")
    session.commit()
    assert live(session)["de", "Brot"] is False
    assert publish(session, packages, package) is None
    assert live(session) == {("de", "Suppe"): True, ("de", "Brot"): True}


def test_what_a_gallery_says_is_required_and_goes_with_its_record(session: Session, app: Flask) -> None:
    gate(session)
    themes = app.extensions["catalogue"]["theme"]
    theme = ThemeFactory(name="Jungle", description="")
    picture = ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory().id, alt="Leaves")
    translate(theme, "de", name="Dschungel")
    assert [unit.source for unit in publish(session, themes, theme).lacking] == ["Leaves"]
    translate(picture, "de", alt="Blätter")
    assert publish(session, themes, theme) is None
    assert live(session)["de", "Blätter"] is True


# Rule 9: putting up a gate takes nothing down, taking it away neither
def test_a_gate_leaves_what_is_live(session: Session, package: Any, packages: Resource, client: Any) -> None:
    soup = IncludedItemFactory(package_id=package.id, text="Soup", position=0)
    translate(package, "de", name="Gartenfest")
    translate(soup, "de", text="Suppe")
    other = PackageFactory(name="Other")
    hidden = PackageFactory(name="Third")
    translate(hidden, "de", name="Dritte")
    releases.withdraw(session, packages, [hidden.id], "de")
    session.commit()
    before = live(session)
    gate(session)
    assert live(session) == before
    assert seen(client)[0] == "Gartenfest"
    translate(other, "de", name="Andere")
    session.commit()
    assert live(session)["de", "Andere"] is False
    gate(session, is_gated=False)
    assert live(session) == before | {("de", "Andere"): True}
    standing = releases.releases_of(session, packages, [package.id, other.id, hidden.id], ("de",))
    assert [found.status for found in standing.values()] == ["live", "live", "withdrawn"]


# Rule 9: the choice that a record goes live by itself
def test_a_record_publishes_itself_with_its_last_text_where_that_is_chosen(
    session: Session, package: Any, client: Any
) -> None:
    from tests.outbox import deliver_all

    gate(session, publishes_itself=True)
    translate(package, "de", name="Gartenfest")
    session.commit()
    deliver_all()
    assert live(session) == {("de", "Gartenfest"): False}
    writing.put(session, "package", package, "de", "description", "Unter Bäumen", Hand())
    session.commit()
    deliver_all()
    session.expire_all()
    assert set(live(session).values()) == {True}
    assert seen(client)[0] == "Gartenfest"


def test_what_somebody_withdrew_does_not_publish_itself(
    session: Session, package: Any, packages: Resource
) -> None:
    from tests.outbox import deliver_all

    gate(session, publishes_itself=True)
    releases.withdraw(session, packages, [package.id], "de")
    for field, said in (("name", "Gartenfest"), ("description", "Unter Bäumen")):
        writing.put(session, "package", package, "de", field, said, Hand())
    session.commit()
    deliver_all()
    assert not any(live(session).values())


# Rules 9 and 20: the search of the public
def test_the_search_finds_only_what_is_live(
    session: Session, package: Any, packages: Resource, client: Any
) -> None:
    def found() -> list[str]:
        answer = client.get("/public/v1/packages?lang=de&q=Gartenfest")
        return [row["name"] for row in answer.get_json()["data"]]

    translate(package, "de", name="Gartenfest")
    session.commit()
    assert found() == ["Gartenfest"]
    releases.withdraw(session, packages, [package.id], "de")
    session.commit()
    assert found() == []
    assert publish(session, packages, package) is None
    assert found() == ["Gartenfest"]


# Rule 9: what a chat offers is what readers get
def test_the_offers_of_the_chat_obey(session: Session, package: Any, packages: Resource) -> None:
    from app.domains.messaging.jobs.replying import _offers

    translate(package, "de", name="Gartenfest")
    session.commit()
    assert [offer.name for offer in _offers("de")] == ["Gartenfest"]
    releases.withdraw(session, packages, [package.id], "de")
    session.commit()
    assert [offer.name for offer in _offers("de")] == ["Garden party"]


# Rules 9 and 21
def test_an_undone_deletion_brings_back_what_was_withdrawn_and_what_was_live(
    session: Session, package: Any, packages: Resource, sign_in: Callable[..., Any]
) -> None:
    soup = IncludedItemFactory(package_id=package.id, text="Soup", position=0)
    translate(soup, "de", text="Suppe")
    translate(package, "de", name="Gartenfest")
    translate(package, "es", name="Fiesta")
    releases.withdraw(session, packages, [package.id], "es")
    session.commit()
    before = live(session)
    editor = sign_in("Editor")
    assert editor.post(f"/packages/{package.id}/delete").status_code == 302
    assert live(session) == {}
    assert session.scalars(select(RecordLanguage)).all() == []
    with editor.session_transaction() as kept:
        told = " ".join(str(flash) for flash in kept["_flashes"])
    [token] = re.findall(r"\d+\.[0-9a-f]{32}", told)
    assert editor.post("/packages/undelete", data={"token": token}).status_code in (200, 302, 303)
    assert live(session) == before


# Rule 25
def test_the_history_tells_who_published_and_withdrew(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    translate(package, "de", name="Gartenfest")
    session.commit()
    editor = sign_in("Editor")
    for action in ("withdraw", "publish"):
        answer = editor.post(f"/packages/{package.id}/release", data={"locale": "de", "action": action})
        assert answer.status_code == 302, answer.get_data(as_text=True)
    page = editor.get(f"/packages/{package.id}/history").get_data(as_text=True)
    assert "Deutsch" in page
    assert page.count("Withdrawn") >= 2
    assert "Editor Staff" in page


# Rules 4 and 9: who may approve publishes, nobody else
@pytest.mark.parametrize(("role", "status"), [("Editor", 302), ("Translator", 403), ("Viewer", 403)])
def test_who_may_approve_texts_publishes(
    session: Session, package: Any, sign_in: Callable[..., Any], role: str, status: int
) -> None:
    browser, sent = sign_in(role), {"locale": "de", "action": "withdraw"}
    assert browser.post(f"/packages/{package.id}/release", data=sent).status_code == status
    assert (browser.post(f"/api/v1/packages/{package.id}/release", json=sent).status_code == 200) == (
        status == 302
    )


# Rule 9: a refusal names what is missing, with a way to it
def test_a_refusal_names_what_is_missing_and_leads_to_it(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    gate(session)
    soup = IncludedItemFactory(package_id=package.id, text="Soup", position=0)
    translate(package, "de", name="Gartenfest")
    editor = sign_in("Editor")
    form = editor.get(f"/packages/{package.id}/edit").get_data(as_text=True)
    assert "To be approved first:" in form
    assert f"/translate/de?type=package&amp;state=all&amp;record={package.id}&amp;at=" in form
    sent = {"locale": "de", "action": "publish"}
    answer = editor.post(f"/packages/{package.id}/release", data=sent, follow_redirects=True)
    assert "approve Description, Item first" in answer.get_data(as_text=True)
    problem = editor.post(f"/api/v1/packages/{package.id}/release", json=sent)
    assert problem.status_code == 409
    assert problem.get_json()["code"] == "not_complete"
    assert problem.get_json()["errors"] == {
        "description": ["missing"],
        f"included_item.{soup.id}.text": ["missing"],
    }


# Rule 9
def test_many_records_are_published_at_once_and_the_refused_are_named(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    gate(session)
    bare = PackageFactory(name="Bare", description="")
    translate(bare, "de", name="Karg")
    editor = sign_in("Editor")
    page = editor.get("/packages/?as=languages").get_data(as_text=True)
    assert 'value="publish:de"' in page
    assert page.count("Not live") == 2
    sent = {"ids": [str(package.id), str(bare.id)], "release": "publish:de"}
    answer = editor.post("/packages/release", data=sent, follow_redirects=True).get_data(as_text=True)
    assert "1 record changed" in answer
    assert "Garden party: Not published in German" in answer
    assert live(session) == {("de", "Karg"): True}
    for wrong in ("publish:xx", "erase:de", ""):
        assert editor.post("/packages/release", data=sent | {"release": wrong}).status_code == 404


# Rule 9
def test_the_staff_api_tells_where_a_record_is_released(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    gate(session)
    editor = sign_in("Editor")
    sent = {"locale": "es", "action": "withdraw"}
    data = editor.post(f"/api/v1/packages/{package.id}/release", json=sent).get_json()["data"]
    assert {tag: data["released"][tag]["status"] for tag in ("de", "es", "hi")} == {
        "de": "waiting",
        "es": "withdrawn",
        "hi": "live",
    }
    assert data["released"]["de"] == {"status": "waiting", "words": 6, "done": 0}


# Rule 9: one statement of the public costs no more
def test_what_readers_ask_needs_no_more_statements(
    session: Session, package: Any, client: Any, count_statements: Callable[[], Any]
) -> None:
    gate(session)
    translate(package, "de", name="Gartenfest")
    session.commit()
    with count_statements() as made:
        seen(client)
    assert len([statement for statement in made if "FROM" in statement]) == 1
