"""What people with bad intentions, or programs with mistakes, send to the doors of texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import lazy_gettext
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.surfaces.records import writing as records
from app.translation import suggesting, writing
from app.translation.addresses import Taken
from app.translation.interface.models import InterfaceMessage
from app.translation.models import Translation, TranslationSuggestion
from app.translation.sources import source_hash
from app.translation.states import Hand
from app.translation.tallies import ALL, tallies
from tests.factories import PackageFactory, ThemeFactory, translate
from tests.translation.carrying import counted, exported, imported, staff

HARM = '"><meta http-equiv="refresh" content="0;url=/evil"></textarea><b>'
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under the trees", slug="garden-party")
    translate(made, "de", name="Gartenfest", slug="gartenfest")
    session.commit()
    return made


def stored(session: Session, field: str = "name") -> Translation:
    session.expire_all()
    return session.scalars(select(Translation).where(Translation.field == field)).one()


def test_a_lazy_sentence_quotes_harm_as_words(app: Flask) -> None:
    with app.test_request_context("/"):
        sentence = lazy_gettext("Never closed: %(what)s", what=HARM)
        assert "<meta" not in render_template_string("{{ sentence }}", sentence=sentence)
        assert "&lt;meta" in render_template_string("<p>{{ sentence }}</p>", sentence=sentence)


def test_what_the_checks_say_of_a_harmful_text_is_words(
    session: Session, package: Any, sign_in: SignIn
) -> None:
    session.execute(
        text("UPDATE translation SET text = :harm WHERE field = 'name'"), {"harm": f"Fest {HARM}"}
    )
    session.commit()
    page = sign_in("Admin").get(f"/packages/{package.id}/text?field=name&lang=de").get_data(as_text=True)
    assert "data-severity" in page
    assert "<meta http-equiv" not in page


def test_a_text_with_faults_passes_no_door(session: Session, sign_in: SignIn) -> None:
    message = InterfaceMessage(domain="festoon", msgid="%(count)s lit", mark="m" * 64)
    session.add(message)
    session.flush()
    writing.put(session, "interface_message", message, "de", "text", "%(count)s an", Hand())
    session.commit()
    row, editor = stored(session, "text"), sign_in("Editor")
    sent = {"text": "%(cont)s an", "revision": row.revision}
    refused = editor.patch(f"/api/v1/translations/{row.id}", json=sent)
    assert refused.status_code == 422
    assert "errors" in refused.get_json()
    page = editor.post(f"/translations/{row.id}/edit", data=sent)
    assert page.status_code == 422
    assert stored(session, "text").text == "%(count)s an"
    right = editor.patch(f"/api/v1/translations/{row.id}", json=sent | {"text": "%(count)s leuchten"})
    assert right.status_code == 200
    assert stored(session, "text").text == "%(count)s leuchten"


def test_a_record_that_others_write_meanwhile_is_deleted_all_the_same(
    session: Session, package: Any, app: Flask
) -> None:
    held = session.get(type(package), package.id)
    session.execute(text("UPDATE package SET revision = revision + 1"))  # somebody saved a text of it
    records.remove(session, app.extensions["catalogue"]["package"], held)
    assert session.scalar(text("SELECT count(*) FROM package")) == 0


def test_an_address_counts_for_no_words(session: Session, package: Any) -> None:
    [german] = tallies(session, None, ["de"], ("package",))
    [french] = tallies(session, None, ["es"], ("package",))
    assert german.words[ALL] == french.words[ALL]


# Rule 20
def test_an_address_in_use_is_not_suggested_by_a_file(session: Session, package: Any) -> None:
    content = exported(session, types=("package",)).replace('msgstr "gartenfest"', 'msgstr "feier"')
    assert counted(imported(session, content, staff("Translator")))["refused"] == 1
    assert session.scalars(select(TranslationSuggestion)).all() == []


def test_an_address_that_another_record_took_is_not_accepted(session: Session, package: Any) -> None:
    PackageFactory(slug="taken")
    row = stored(session, "slug")
    offered = suggesting.suggest(session, row, "taken", Hand(), source_hash(package.slug))
    session.flush()
    with pytest.raises(Taken):
        writing.accept(session, offered, row, package, Hand())


def test_approving_what_is_approved_changes_nothing(session: Session, package: Any, sign_in: SignIn) -> None:
    before = (stored(session).revision, package.revision)
    editor = sign_in("Editor")
    url = f"/api/v1/texts/de/package.{package.id}.name/do/approve"
    assert editor.post(url).get_json()["outcome"] == "same"
    session.expire_all()
    assert (stored(session).revision, package.revision) == before


@pytest.mark.parametrize("size", ["0000019999", "99999999999999999999", "-1", "٣", "1e3", ""])
def test_a_page_has_a_largest_size(package: Any, sign_in: SignIn, size: str) -> None:
    answer = sign_in("Editor").get(f"/api/v1/texts/?locale=de&page[size]={size}")
    assert answer.status_code == 400


def test_control_characters_reach_no_database(
    session: Session, package: Any, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    editor = sign_in("Editor")
    place = f"package.{package.id}.name"
    assert editor.get("/api/v1/texts/?locale=de&q=%00").status_code == 200
    assert editor.get(f"/api/v1/texts/de/{place}%00").status_code == 404
    assert editor.get("/translate/de?q=%00").status_code == 200
    assert editor.get(f"/translate/de?at={place}%00").status_code in (200, 404)
    sent = [
        {"content_type": "package", "id": str(package.id), "field": "name\0", "locale": "de", "text": "x"},
        {"content_type": "package", "id": str(package.id), "field": "name", "locale": "de", "text": "Feier"},
    ]
    told = editor.post("/api/v1/texts/bulk", json={"do": "put", "texts": sent}).get_json()
    assert (told["done"], told["refused"]) == (1, 1)
    rejected = editor.post(f"/api/v1/texts/de/{place}/do/reject", json={"reason": "a\0b"})
    assert rejected.status_code == 200
    assert stored(session).reason == "ab"


@pytest.mark.parametrize("asked", ["type=nope", "of=theme&ids=x"])
def test_an_export_of_what_there_is_not_is_refused(package: Any, sign_in: SignIn, asked: str) -> None:
    ThemeFactory(name="Jungle")
    answer = sign_in("Editor").get(f"/translate/export/file?locale=de&format=csv&{asked}")
    assert answer.status_code == 400


def test_the_codes_own_sentences_are_not_deleted(session: Session, sign_in: SignIn) -> None:
    message = InterfaceMessage(domain="festoon", msgid="Lit", mark="m" * 64)
    session.add(message)
    session.commit()
    assert sign_in("Admin").delete(f"/api/v1/interface-messages/{message.id}").status_code in (403, 404, 405)
    assert session.scalar(select(InterfaceMessage.msgid)) == "Lit"


def test_who_sends_no_token_is_told_where_it_goes(app: Flask, session: Session, sign_in: SignIn) -> None:
    package = PackageFactory()
    session.commit()
    editor = sign_in("Editor")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = editor.post(f"/api/v1/texts/de/package.{package.id}.name/do/approve")
    assert answer.status_code == 400
    assert "X-CSRFToken" in answer.get_data(as_text=True)
