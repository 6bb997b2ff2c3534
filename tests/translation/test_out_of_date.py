"""A translation goes out of date with its source, says because of which words, and comes back with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.translation.models import Translation
from app.translation.sources import source_hash
from tests.factories import IncludedItemFactory, PackageFactory, translate
from tests.surfaces.test_forms import sent

SignIn = Callable[..., FlaskClient]


def told(session: Session, field: str = "name") -> dict[str, tuple[str, str | None]]:
    """Give (state, what the source said) of a field's translations, by language."""
    session.rollback()
    rows = select(Translation.locale, Translation.state, Translation.source_text).where(
        Translation.field == field
    )
    return {row.locale: (row.state, row.source_text) for row in session.execute(rows)}


def rename(session: Session, record: Any, name: str) -> None:
    session.execute(text("UPDATE package SET name = :name WHERE id = :id"), {"name": name, "id": record.id})
    session.commit()


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under the trees")
    translate(made, "de", name="Gartenfest", description="Unter den Bäumen")
    translate(made, "es", name="Fiesta de jardín")
    session.commit()
    return made


# Rules 1, 2: the source changes, and is turned back
def test_plain_sql_that_changes_a_text_calls_its_translations_out_of_date(
    session: Session, package: Any
) -> None:
    rename(session, package, "Garden feast")
    assert told(session) == {"de": ("stale", "Garden party"), "es": ("stale", "Garden party")}
    assert told(session, "description") == {"de": ("approved", None)}
    rename(session, package, "Garden banquet")
    assert told(session)["de"] == ("stale", "Garden party"), "what it was made from, not what came between"
    rename(session, package, "Garden party")
    assert told(session) == {"de": ("approved", None), "es": ("approved", None)}


# Rules 2, 3
def test_white_space_and_other_fields_leave_translations_alone(session: Session, package: Any) -> None:
    rename(session, package, "  Garden\u00a0 party ")
    session.execute(text("UPDATE package SET price_minor = 1, position = 7"))
    session.commit()
    assert told(session) == {"de": ("approved", None), "es": ("approved", None)}


def test_work_in_progress_keeps_its_state_and_knows_its_source(session: Session, package: Any) -> None:
    session.execute(text("UPDATE translation SET state = 'draft' WHERE locale = 'es'"))
    rename(session, package, "Garden feast")
    assert told(session)["es"] == ("draft", "Garden party")
    rename(session, package, "Garden party")
    assert told(session)["es"] == ("draft", None)


BLANKS = [chr(code) for code in range(0x3001) if chr(code).isspace()]


def test_the_database_and_the_program_fingerprint_a_text_alike(session: Session) -> None:
    texts = [f" a{blank}{blank}b{blank}" for blank in BLANKS] + ["", "a\u200bb", "ä\n\nß 𝄞", "x" * 5000]
    for each in texts:
        assert session.scalar(select(func.festoon_source_hash(each))) == source_hash(each), repr(each)
    assert session.scalar(select(func.festoon_source_hash(None))) == source_hash(None)


# Rule 1
def test_the_old_text_is_still_served(client: FlaskClient, session: Session, package: Any) -> None:
    rename(session, package, "Garden feast")
    answer = client.get(f"/public/v1/packages/{package.slug}", headers={"Accept-Language": "de"}).get_json()
    assert answer["data"]["name"] == "Gartenfest"


# Rules 1, 6
def test_the_form_shows_what_changed_and_one_click_calls_it_right(
    sign_in: SignIn, session: Session, package: Any
) -> None:
    rename(session, package, "Garden feast")
    translator = sign_in("Translator")
    page = translator.get(f"/packages/{package.id}/edit").get_data(as_text=True)
    german = page[page.index('id="i-name-de"') :]
    assert "<del>party</del><ins>feast</ins>" in german[: german.index("</div>")]
    assert 'data-state="stale">Out of date<' in page
    editor = sign_in("Editor")
    session.refresh(package)
    editor.post(f"/packages/{package.id}/edit", data=sent(package) | {"name": "Garden banquet"})
    page = translator.get(f"/packages/{package.id}/edit").get_data(as_text=True)
    assert re.search(r"Changed by Editor Staff, (just now|\d+ seconds? ago)</small>", page)
    rename(session, package, "Garden feast")
    facts = {"locale": "de", "field": "name", "row": "", "source": source_hash("Garden feast")}
    address, wants = f"/packages/{package.id}/texts/right", {"Accept": "application/json"}
    answer = translator.post(address, data=facts, headers=wants)
    assert answer.get_json() == {"state": "stale", "text": "Suggested; it waits for approval"}
    answer = editor.post(address, data=facts, headers=wants)
    assert answer.get_json() == {"state": "approved", "text": "Approved"}
    assert told(session) == {"de": ("approved", None), "es": ("stale", "Garden party")}
    rename(session, package, "Garden party")
    assert told(session)["de"] == ("stale", "Garden feast")


def test_nobody_calls_right_what_they_did_not_see(sign_in: SignIn, session: Session, package: Any) -> None:
    rename(session, package, "Garden feast")
    facts = {"locale": "de", "field": "name", "source": source_hash("Garden feast")}
    rename(session, package, "Garden riot")
    address = f"/packages/{package.id}/texts/right"
    translator = sign_in("Translator")
    answer = translator.post(address, data=facts, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "The source changed once more" in answer.get_json()["detail"]
    assert told(session)["de"] == ("stale", "Garden party")
    assert sign_in("Viewer").post(address, data=facts).status_code == 403
    unknown = facts | {"field": "slug"}
    assert translator.post(address, data=unknown).status_code == 404


# Rule 2
def test_an_editor_says_that_the_meaning_is_the_same(sign_in: SignIn, session: Session, package: Any) -> None:
    session.execute(
        text(
            "UPDATE translation SET source_hash = 'older', state = 'stale', source_text = 'Party'"
            " WHERE locale = 'es'"
        )
    )
    session.commit()
    editor = sign_in("Editor")
    address = f"/packages/{package.id}/edit"
    words = {"name": "Garden Party!", "description": "Under all the trees", "same-name": "y"}
    assert editor.post(address, data=sent(package) | words).status_code == 302
    assert told(session) == {"de": ("approved", None), "es": ("stale", "Party")}
    assert told(session, "description") == {"de": ("stale", "Under the trees")}


def test_the_rows_of_a_record_have_sources_too(sign_in: SignIn, session: Session, package: Any) -> None:
    item = IncludedItemFactory(package_id=package.id, text="Soup", position=0)
    translate(item, "de", text="Suppe")
    session.commit()
    editor = sign_in("Editor")
    address = f"/packages/{package.id}/edit"
    assert 'name="items-0-same-text"' in editor.get(address).get_data(as_text=True)
    row = {"items-present": "y", "items-0-id": str(item.id), "items-0-position": "0"}
    words = {"items-0-text": "Soup!", "items-0-same-text": "y"}
    assert editor.post(address, data=sent(package) | row | words).status_code == 302
    assert told(session, "text") == {"de": ("approved", None)}
    session.refresh(package)
    assert editor.post(address, data=sent(package) | row | {"items-0-text": "Stew"}).status_code == 302
    assert told(session, "text") == {"de": ("stale", "Soup!")}
    facts = {"locale": "de", "field": "text", "row": str(item.id), "source": source_hash("Stew")}
    assert editor.post(f"/packages/{package.id}/texts/right", data=facts).status_code == 302
    assert told(session, "text") == {"de": ("approved", None)}


def test_a_text_saved_anew_is_of_the_source_as_it_is(sign_in: SignIn, session: Session, package: Any) -> None:
    editor = sign_in("Editor")
    address = f"/packages/{package.id}/edit"
    words = {"name": "Garden feast", "t-de-name": "Gartenschmaus"}
    assert editor.post(address, data=sent(package) | words).status_code == 302
    assert told(session) == {"de": ("approved", None), "es": ("stale", "Garden party")}


def test_the_staff_api_says_that_the_meaning_is_the_same(
    sign_in: SignIn, session: Session, package: Any
) -> None:
    editor = sign_in("Editor")
    body = {"name": "Garden Party", "same_meaning": ["name"], "revision": package.revision}
    answer = editor.patch(f"/api/v1/packages/{package.id}", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert told(session)["de"] == ("approved", None)
    session.refresh(package)
    wrong = editor.patch(
        f"/api/v1/packages/{package.id}", json={"same_meaning": ["position"], "revision": package.revision}
    )
    assert wrong.status_code == 422
    assert "same_meaning" in wrong.get_json()["errors"]


def test_the_history_tells_who_called_it_right_and_not_what_follows_by_itself(
    sign_in: SignIn, session: Session, package: Any
) -> None:
    rename(session, package, "Garden feast")
    editor = sign_in("Editor")
    before = editor.get(f"/packages/{package.id}/history").get_data(as_text=True)
    assert "Out of date" not in before
    facts = {"locale": "de", "field": "name", "source": source_hash("Garden feast")}
    editor.post(f"/packages/{package.id}/texts/right", data=facts)
    after = editor.get(f"/packages/{package.id}/history").get_data(as_text=True)
    assert "Out of date" in after
    assert "Name · Deutsch · State" in after


def test_a_deletion_taken_back_brings_back_what_was_out_of_date(
    sign_in: SignIn, session: Session, package: Any
) -> None:
    rename(session, package, "Garden feast")
    editor = sign_in("Editor")
    page = editor.post(f"/packages/{package.id}/delete", follow_redirects=True).get_data(as_text=True)
    assert told(session) == {}
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    editor.post("/packages/undelete", data={"token": token[1]})
    assert told(session) == {"de": ("stale", "Garden party"), "es": ("stale", "Garden party")}


def test_a_text_written_anew_on_the_translations_own_screen_is_right(
    sign_in: SignIn, session: Session, package: Any
) -> None:
    rename(session, package, "Garden feast")
    german = (Translation.locale == "de", Translation.field == "name")
    key, revision = session.execute(select(Translation.id, Translation.revision).where(*german)).one()
    body = {"text": "Gartenschmaus", "revision": revision}
    answer = sign_in("Editor").patch(f"/api/v1/translations/{key}", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert told(session) == {"de": ("approved", None), "es": ("stale", "Garden party")}


def test_lists_and_the_home_page_find_what_is_out_of_date(
    sign_in: SignIn, session: Session, package: Any
) -> None:
    whole = PackageFactory(name="Lantern supper")
    translate(whole, "de", name="Laternenmahl")
    item = IncludedItemFactory(package_id=whole.id, text="Soup")
    translate(item, "es", text="Sopa")
    hidden = PackageFactory(name="Hidden", is_active=False)
    translate(hidden, "de", name="Versteckt")
    session.commit()
    translator = sign_in("Translator")
    assert "Garden" not in translator.get("/packages/?outdated=de").get_data(as_text=True)
    session.execute(text("UPDATE package SET name = name || ' feast' WHERE name <> 'Lantern supper'"))
    session.execute(text("UPDATE included_item SET text = 'Stew'"))
    session.commit()
    german = translator.get("/packages/?outdated=de").get_data(as_text=True)
    assert "Garden party feast" in german
    assert "Hidden feast" in german
    assert "Lantern supper" not in german
    assert "Out of date in" in german
    spanish = translator.get("/packages/?outdated=es").get_data(as_text=True)
    assert "Garden party feast" in spanish
    assert "Lantern supper" in spanish, "a row of it is out of date"
    home = translator.get("/").get_data(as_text=True)
    queue = home[home.index('data-queue="texts:outdated"') :].split("</section>")[0]
    links = re.findall(r'href="(/[^"]+outdated=(\w+)[^"]*)">([^<]*) (\d+)<', queue)
    assert [(tag, name, number) for _url, tag, name, number in links] == [
        ("de", "Packages", "1"),
        ("es", "Packages", "2"),
    ]
    for url, _tag, _name, number in links:
        assert f"1\u2013{number} of {number}" in translator.get(unescape(url)).get_data(as_text=True)
    assert translator.get("/packages/?outdated=xx").status_code == 400
    assert translator.get("/bookings/?outdated=de").status_code in {400, 403}
