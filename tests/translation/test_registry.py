"""Languages are added, changed and removed in the browser, and nothing of what was written is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.db import metadata
from app.kernel.errors import Conflict, Invalid
from app.kernel.languages import Language
from app.kernel.locales import RTL_LANGUAGES, canonical, direction, name_in, own_name, parse_locale
from app.translation.models import Translation
from app.translation.writing import save_texts
from tests.factories import AssetFactory, LanguageFactory, PackageFactory, translate

SignIn = Callable[..., FlaskClient]
WRITTEN_OF_ITSELF = {"language", "audit_entry", "visit", "staff_session"}


def one(session: Session, tag: str) -> Language:
    return session.query(Language).filter_by(tag=tag).one()


def sizes(session: Session) -> dict[str, int]:
    """Count the rows of every table but those that any request of the staff writes."""
    tables = [table for name, table in metadata.tables.items() if name not in WRITTEN_OF_ITSELF]
    counts = [select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables]
    return dict(session.execute(select(*counts)).one()._mapping)


def add(admin: FlaskClient, **values: Any) -> Any:
    return admin.post("/api/v1/languages/", json=values)


def change(admin: FlaskClient, row: Language, **values: Any) -> Any:
    return admin.patch(f"/api/v1/languages/{row.id}", json={"revision": row.revision, **values})


# Rule 23
def test_a_language_is_added_in_the_browser_and_makes_no_row_anywhere(
    sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory(name="Garden party")
    translate(package, "de", name="Gartenfest")
    admin = sign_in("Admin")
    assert "/languages/" in admin.get("/").get_data(as_text=True)
    assert 'name="tag"' in admin.get("/languages/add").get_data(as_text=True)
    before = sizes(session)

    answer = admin.post("/languages/add", data={"tag": "pt-br", "position": "6", "is_enabled": "1"})

    assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:2000]
    made = one(session, "pt-BR")
    assert (made.name, made.direction, made.is_public, made.is_interface) == (
        "Português (Brasil)",
        "ltr",
        False,
        False,
    )
    after = sizes(session)
    assert {name for name in after if after[name] != before[name]} <= {"saved_form", "kept_form"}
    shown = admin.get("/languages/").get_data(as_text=True)
    assert "Português (Brasil)" in shown
    assert "pt-BR" in shown


# Rule 23
def test_an_added_language_is_there_wherever_languages_are(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Garden party")
    AssetFactory(uses=1)
    admin = sign_in("Admin")
    assert "Français" not in admin.get("/packages/?as=languages").get_data(as_text=True)
    LanguageFactory(tag="fr")
    pages = {
        f"/packages/{package.id}/edit": "t-fr-name",
        "/packages/?missing=fr": "Garden party",
        "/packages/?columns=name,available_in": "Garden party",
        "/packages/?as=languages": "Français",
        "/packages/filter?field=missing": "Französisch",
        "/pictures/alt?lang=fr": "Français",
        "/": "Français",
    }
    for path, wanted in pages.items():
        answer = admin.get(path, headers={"Accept-Language": "de"})
        assert wanted in answer.get_data(as_text=True), path
    told = admin.get("/packages/export?format=csv").get_data(as_text=True)
    assert "name[fr]" in told.splitlines()[0]
    sent = {"revision": package.revision, "translations": {"fr": {"name": "Fête au jardin"}}}
    assert admin.patch(f"/api/v1/packages/{package.id}", json=sent).status_code == 200
    found = admin.get(f"/public/v1/packages/{package.id}?lang=fr-CA").get_json()["data"]
    assert (found["name"], found["languages"]["name"]) == ("Fête au jardin", "fr")


# Rule 23
def test_removing_a_language_is_undone_by_switching_it_on_again(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Garden party")
    translate(package, "de", name="Gartenfest")
    admin, german = sign_in("Admin"), one(session, "de")
    address = f"/public/v1/packages/{package.id}?lang=de"

    assert change(admin, german, is_enabled=False).status_code == 200
    assert languages.content_locales() == ("es", "hi", "ar")
    assert admin.get(address).get_json()["data"]["name"] == "Garden party"
    assert "t-de-name" not in admin.get(f"/packages/{package.id}/edit").get_data(as_text=True)
    assert "t-es-name" in admin.get(f"/packages/{package.id}/edit").get_data(as_text=True)
    # Whoever saves the record meanwhile takes nothing from the language.
    sent = {"revision": package.revision, "name": "Garden party", "translations": {"es": {"name": "Fiesta"}}}
    assert admin.patch(f"/api/v1/packages/{package.id}", json=sent).status_code == 200
    assert session.query(Translation).filter_by(locale="de").one().text == "Gartenfest"

    assert change(admin, german, is_enabled=True).status_code == 200
    assert admin.get(address).get_json()["data"]["name"] == "Gartenfest"
    told = admin.get(f"/languages/{german.id}/history").get_data(as_text=True)
    assert "Switched on" in told


# Rule 23
def test_a_language_with_texts_is_not_deleted(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory()
    LanguageFactory(tag="fr")
    translate(package, "fr", name="Fête", description="Lampions")
    admin, french = sign_in("Admin"), one(session, "fr")
    refused = admin.delete(f"/api/v1/languages/{french.id}")
    assert refused.status_code == 409
    assert refused.get_json()["detail"] == (
        "There are 2 texts in this language. Switch it off instead: that keeps them."
    )
    session.query(Translation).filter_by(locale="fr").delete()
    session.commit()
    assert admin.delete(f"/api/v1/languages/{french.id}").status_code in (200, 204)
    assert languages.find("fr") is None


# Rule 23
def test_who_would_delete_a_language_with_texts_reads_why_not(sign_in: SignIn, session: Session) -> None:
    LanguageFactory(tag="fr")
    admin, package = sign_in("Admin"), PackageFactory()
    french, english = one(session, "fr"), one(session, "en")

    def told(row: Language) -> str:
        page: str = admin.get(f"/languages/{row.id}/before-delete").get_data(as_text=True)
        return page

    assert "Nothing refers to it." in told(french)
    translate(package, "fr", name="Fête", description="Lampions")
    session.commit()
    assert "There are 2 texts in this language." in told(french)
    for row in (french, english):
        assert "data-refused" in told(row)
        assert "Nothing refers to it." not in told(row)


def test_a_new_language_stands_behind_the_others(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    last = session.scalar(select(func.max(Language.position)))
    page = admin.get("/languages/add").get_data(as_text=True)
    shown = re.search(r'<input[^>]*name="position"[^>]*>', page)
    assert shown and 'value="0"' not in shown[0]
    admin.post("/languages/add", data={"tag": "fr", "position": "", "is_enabled": "1"})
    add(admin, tag="it")
    add(admin, tag="nl", position=0)
    assert last is not None
    assert [one(session, tag).position for tag in ("fr", "it", "nl")] == [last + 1, last + 2, 0]
    assert languages.known()[-1].tag == "it"


# Rule 23
def test_the_source_language_stays(sign_in: SignIn, session: Session) -> None:
    admin, english = sign_in("Admin"), one(session, "en")
    for wrong in ({"is_enabled": False}, {"is_public": False}, {"is_interface": False}):
        refused = change(admin, english, **wrong)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, list(wrong))
    assert change(admin, english, fallback=str(one(session, "de").id)).status_code == 422
    assert admin.delete(f"/api/v1/languages/{english.id}").status_code == 409
    session.delete(english)
    with pytest.raises(Conflict):
        session.flush()
    session.rollback()
    assert languages.locales()[0] == "en"


# Rule 8
@pytest.mark.proves("S0.35")
def test_a_loop_of_fallbacks_is_refused_by_its_name(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    portuguese = LanguageFactory(tag="pt", fallback_id=one(session, "es").id)
    brazilian = LanguageFactory(tag="pt-BR", fallback_id=portuguese.id)
    spanish = one(session, "es")
    refused = change(admin, spanish, fallback=str(brazilian.id))
    assert refused.get_json()["errors"] == {
        "fallback_id": ["The fallback would go round in a circle: es → pt-BR → pt → es."]
    }
    itself = change(admin, spanish, fallback=str(spanish.id)).get_json()["errors"]["fallback_id"]
    assert itself == ["The fallback would go round in a circle: es → es."]
    assert change(admin, spanish, fallback=str(one(session, "de").id)).status_code == 200
    assert languages.chain("pt-BR") == ("pt-BR", "pt", "es", "de", "en")


def test_two_that_change_together_make_no_loop_either(session: Session) -> None:
    german, spanish = one(session, "de"), one(session, "es")
    german.fallback_id, spanish.fallback_id = spanish.id, german.id
    with pytest.raises(Invalid, match="circle"):
        session.flush()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("PT-br", "pt-BR"),
        ("zh_hant", "zh-Hant"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("es-419", "es-419"),
        ("de-in", "de-IN"),
        ("iw", "he"),
        ("ca-VALENCIA", "ca-valencia"),
        (" fr ", "fr"),
    ],
)
def test_a_tag_is_written_as_bcp_47_does(sign_in: SignIn, session: Session, typed: str, kept: str) -> None:
    assert canonical(typed) == kept
    answer = add(sign_in("Admin"), tag=typed)
    assert answer.status_code == 201, answer.get_json()
    assert answer.get_json()["data"]["tag"] == kept
    assert languages.find(typed.strip()) or kept == "he"


@pytest.mark.parametrize(
    "typed", ["klingonese", "xx", "de-", "x-own", "de-u-co-phonebk", "und", "root", "d", "de AT"]
)
def test_what_names_no_language_is_refused(sign_in: SignIn, typed: str) -> None:
    refused = add(sign_in("Admin"), tag=typed)
    assert refused.status_code == 422
    assert "Give a tag such as fr or pt-BR." in refused.get_json()["errors"]["tag"][0]


def test_a_tag_is_there_once_and_stays(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    assert add(admin, tag="DE").get_json()["errors"] == {
        "tag": ["Another record has this already; choose another."]
    }
    german = one(session, "de")
    assert "keeps its tag" in change(admin, german, tag="fr").get_json()["errors"]["tag"][0]


def test_only_the_admin_changes_languages_and_translators_see_them(sign_in: SignIn, session: Session) -> None:
    german = one(session, "de")
    for role, seen in (("Editor", 200), ("Translator", 200), ("Viewer", 200), ("Moderator", 403)):
        someone = sign_in(role)
        assert someone.get("/languages/").status_code == seen, role
        assert add(someone, tag="fr").status_code == 403, role
        assert change(someone, german, is_enabled=False).status_code == 403, role


def test_no_text_is_written_in_a_language_that_is_not_there(session: Session) -> None:
    package = PackageFactory()
    for tag in ("fr", "DE", "en"):
        with pytest.raises(Invalid):
            save_texts(session, "package", package, {(tag, "name"): "Fête"})
    LanguageFactory(tag="fr", is_enabled=False)
    assert save_texts(session, "package", package, {("fr", "name"): "Fête"}) == 1


def test_the_public_is_told_which_languages_there_are(client: FlaskClient, session: Session) -> None:
    LanguageFactory(tag="ur")
    LanguageFactory(tag="fr", is_public=False)
    one(session, "hi").is_enabled = False
    session.flush()
    told = client.get("/public/v1/languages").get_json()["data"]
    assert [(language["tag"], language["direction"]) for language in told] == [
        ("en", "ltr"),
        ("de", "ltr"),
        ("es", "ltr"),
        ("ar", "rtl"),
        ("ur", "rtl"),
    ]
    assert told[1]["name"] == "Deutsch"


# Rule 19
def test_the_screens_are_offered_in_an_added_language_from_right_to_left(
    sign_in: SignIn, session: Session
) -> None:
    admin = sign_in("Admin")
    urdu = LanguageFactory(tag="ur")
    assert admin.post("/language", data={"locale": "ur"}).status_code == 400
    urdu.is_interface = True
    session.commit()
    assert 'value="ur"' in admin.get("/packages/").get_data(as_text=True)
    assert admin.post("/language", data={"locale": "ur", "next": "/packages/"}).status_code == 303
    page = admin.get("/packages/").get_data(as_text=True)
    assert '<html lang="ur" dir="rtl"' in page.replace("  ", " ")
    assert "Packages" in page  # what nobody has translated is in English
    urdu.is_enabled = False
    session.commit()
    assert '<html lang="en" dir="ltr"' in admin.get("/packages/").get_data(as_text=True)


def test_the_screens_are_offered_in_a_language_of_a_region(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    for tag in ("pt-BR", "zh-Hant", "de-IN"):
        LanguageFactory(tag=tag, is_interface=True)
        session.commit()
        assert admin.post("/language", data={"locale": tag}).status_code == 303
        page = admin.get("/packages/").get_data(as_text=True)
        assert f'<html lang="{tag}" dir="ltr"' in page
        assert admin.get("/").status_code == 200


# Rule 19
@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("dv", "rtl"),
        ("ur-Latn", "ltr"),
        ("az-Arab", "rtl"),
        ("pa-Arab-PK", "rtl"),
        ("ta", "ltr"),
        ("zh-Hant", "ltr"),
    ],
)
def test_the_direction_follows_the_script(session: Session, tag: str, expected: str) -> None:
    assert direction(tag) == expected
    made = LanguageFactory(tag=tag)
    assert session.scalar(select(Language.direction).where(Language.id == made.id)) == expected


# Rule 19
def test_every_language_that_is_written_from_right_to_left_is_known_as_such() -> None:
    for tag in RTL_LANGUAGES:
        assert direction(tag) == "rtl"
    from babel.localedata import locale_identifiers

    for name in locale_identifiers():
        found = parse_locale(name)
        if found is not None and found.text_direction == "rtl":
            assert direction(name) == "rtl", name


def test_a_language_is_named_in_itself_and_in_others() -> None:
    assert [own_name(tag) for tag in ("de", "pt-BR", "de-IN", "zh-Hant")] == [
        "Deutsch",
        "Português (Brasil)",
        "Deutsch (Indien)",
        "中文 (繁體)",
    ]
    assert name_in("de-IN", "en") == "German (India)"


def test_languages_in_use_become_rows_when_the_table_is_made(session: Session) -> None:
    import importlib.util
    from pathlib import Path

    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    path = next((Path(__file__).parents[2] / "migrations" / "versions").glob("*_0905_languages.py"))
    spec = importlib.util.spec_from_file_location("languages_step", path)
    assert spec is not None
    assert spec.loader is not None
    step = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(step)
    package = PackageFactory()
    for tag in ("pt-BR", "xx"):
        translate(package, tag, name="Festa")
    session.flush()
    with Operations.context(MigrationContext.configure(session.connection())):
        step._add_those_in_use(Language.__table__)
    found = session.execute(text("SELECT tag, is_public FROM language ORDER BY position DESC LIMIT 1")).one()
    assert tuple(found) == ("pt-BR", True)
