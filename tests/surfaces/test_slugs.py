"""Addresses in every language: where they lead, where they led, and whose they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.catalogue import load_catalogue
from app.kernel.errors import Invalid
from app.surfaces.records import writing as records
from app.surfaces.records.changes import Changes
from app.translation import writing
from app.translation.models import Translation
from app.translation.progress import progress
from app.translation.states import Hand
from app.translation.units import Asked, units
from tests.factories import FestivalFactory, PackageFactory, translate

# Everything here is rule 20: slugs translatable, unique per language, an old slug redirects.


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", slug="garden-party")
    translate(made, "de", name="Gartenfest", slug="gartenfest")
    session.commit()
    return made


def told(client: Any, path: str) -> dict[str, Any]:
    answer = client.get(f"/public/v1/{path}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json()["data"])


def moved(client: Any, path: str) -> str:
    answer = client.get(f"/public/v1/{path}")
    assert answer.status_code == 301, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_a_slug_is_given_in_the_language_asked_with_those_of_the_others(client: Any, package: Any) -> None:
    german = told(client, "packages/gartenfest?lang=de")
    assert (german["slug"], german["languages"]["slug"]) == ("gartenfest", "de")
    assert german["slugs"] == {"en": "garden-party", "de": "gartenfest"}
    spanish = told(client, "packages/gartenfest?lang=es")
    assert (spanish["slug"], spanish["languages"]["slug"]) == ("garden-party", "en")
    [listed] = client.get("/public/v1/packages?lang=de-AT").get_json()["data"]
    assert (listed["slug"], listed["slugs"]["en"]) == ("gartenfest", "garden-party")


def test_a_record_is_found_by_its_slug_of_any_language(client: Any, package: Any) -> None:
    for slug in ("garden-party", "gartenfest", str(package.id)):
        for lang in ("en", "de", "hi"):
            assert told(client, f"packages/{slug}?lang={lang}")["id"] == str(package.id)


def test_letters_of_other_scripts_are_addresses_as_they_are(client: Any, session: Session) -> None:
    festival = FestivalFactory(slug="diwali")
    translate(festival, "hi", slug="दिवाली")
    session.commit()
    assert told(client, f"festivals/{quote('दिवाली')}?lang=hi")["slug"] == "दिवाली"
    session.execute(text("UPDATE translation SET text = 'दीपावली' WHERE field = 'slug'"))
    session.commit()
    where = moved(client, f"festivals/{quote('दिवाली')}?lang=hi")
    assert where.endswith(f"/festivals/{quote('दीपावली')}?lang=hi")


def test_an_old_slug_leads_to_the_present_one_and_never_to_another_record(
    client: Any, session: Session, package: Any
) -> None:
    session.execute(text("UPDATE package SET slug = 'garden-feast'"))
    session.execute(text("UPDATE translation SET text = 'gartenfeier' WHERE field = 'slug'"))
    session.commit()
    assert moved(client, "packages/garden-party?lang=de").endswith("/packages/gartenfeier?lang=de")
    assert moved(client, "packages/gartenfest?lang=en").endswith("/packages/garden-feast?lang=en")
    answer = client.get("/public/v1/packages/gartenfest", headers={"Accept-Language": "de"})
    assert answer.headers["Location"].endswith("/packages/gartenfeier")
    assert "Accept-Language" in answer.headers["Vary"]
    assert "no-cache" in answer.headers["Cache-Control"]
    other = PackageFactory(name="Other", slug="garden-party")
    session.commit()
    assert told(client, "packages/garden-party?lang=de")["id"] == str(other.id)
    session.execute(text("UPDATE package SET slug = 'another' WHERE slug = 'garden-party'"))
    session.commit()
    assert moved(client, "packages/garden-party?lang=en").endswith("/packages/another?lang=en")


def test_an_old_slug_that_a_record_takes_back_is_present_again(
    client: Any, session: Session, package: Any
) -> None:
    for slug in ("garden-feast", "garden-party"):
        session.execute(text("UPDATE package SET slug = :slug"), {"slug": slug})
        session.commit()
    assert told(client, "packages/garden-party?lang=en")["slug"] == "garden-party"
    assert moved(client, "packages/garden-feast?lang=en").endswith("/packages/garden-party?lang=en")


def test_the_slug_of_a_language_stays_present_while_it_is_the_records_own_in_another(
    client: Any, session: Session
) -> None:
    festival = FestivalFactory(slug="diwali")
    translate(festival, "de", slug="diwali")
    session.commit()
    session.execute(text("DELETE FROM translation WHERE field = 'slug'"))
    session.commit()
    assert told(client, "festivals/diwali?lang=de")["slug"] == "diwali"


def test_what_the_public_does_not_see_is_not_betrayed_by_an_old_slug(
    client: Any, session: Session, package: Any
) -> None:
    session.execute(text("UPDATE package SET slug = 'garden-feast', is_active = false"))
    session.commit()
    for slug in ("garden-party", "gartenfest", "garden-feast", "nothing"):
        assert client.get(f"/public/v1/packages/{slug}").status_code == 404


def test_a_slug_that_waits_for_review_is_no_address_yet(client: Any, session: Session, package: Any) -> None:
    writing.put(session, "package", package, "es", "slug", "fiesta", Hand(approves=False))
    session.commit()
    assert client.get("/public/v1/packages/fiesta?lang=es").status_code == 404
    row = session.scalars(select(Translation).where(Translation.locale == "es")).one()
    writing.approve(session, row, package, Hand())
    session.commit()
    assert told(client, "packages/fiesta?lang=es")["slug"] == "fiesta"


def test_a_slug_that_waits_is_in_the_queue_and_one_that_nobody_wrote_is_not_missing(
    session: Session, package: Any
) -> None:
    def slugs(locale: str) -> list[tuple[str, str]]:
        found = units(session, None, Asked(locale, types=("package",)), 50)
        return [(unit.source, unit.state) for unit in found if unit.field == "slug"]

    PackageFactory(name="Nobody's", slug="nobodys")
    writing.put(session, "package", package, "es", "slug", "fiesta", Hand(approves=False))
    session.commit()
    assert slugs("es") == [("garden-party", "needs_review")]
    assert slugs("de") == [("garden-party", "approved")]
    assert slugs("hi") == []
    done = progress(session, None, ["es"], "record", ("package",), (package.id,))
    assert done["es", "package", package.id].words == len(f"{package.name} {package.description}".split())


def form_of(record: Any, **more: str) -> dict[str, str]:
    plain = {"name": record.name, "slug": record.slug, "price_minor": "100", "currency": "EUR"}
    plain |= {"description": "", "position": "0", "is_active": "true"}
    return plain | {"revision": str(record.revision)} | more


def test_a_slug_that_another_record_has_is_refused_at_its_field(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    other = PackageFactory(name="Other", slug="other")
    session.commit()
    editor = sign_in("Editor")
    tried = (
        ("t-de-slug", "gartenfest", "i-slug-de"),
        ("t-es-slug", "garden-party", "i-slug-es"),
        ("slug", "gartenfest", "i-slug"),
    )
    for field, taken, anchor in tried:
        answer = editor.post(f"/packages/{other.id}/edit", data=form_of(other, **{field: taken}))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (field, page)
        assert "Another record has this already" in page
        assert f'href="#{anchor}"' in page
    saved = editor.post(f"/packages/{other.id}/edit", data=form_of(other, **{"t-de-slug": "anderes"}))
    assert saved.status_code == 302


def test_under_a_race_the_database_refuses_the_second_at_the_field(
    session: Session, package: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = load_catalogue()
    monkeypatch.setattr(writing, "must_be_free", lambda *_facts: None)  # the other came a moment later
    other = PackageFactory(name="Other", slug="other")
    session.commit()
    for changes, field in (
        (Changes({}, {("de", "slug"): "garden-party"}), "t-de-slug"),
        (Changes({"slug": "gartenfest"}), "slug"),
    ):
        with pytest.raises(Invalid) as refused:
            records.write(session, catalogue, catalogue["package"], other, changes)
        assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    ("locale", "typed", "is_taken"),
    [
        ("de", "Gartenfest-2", True),
        ("de", "grüße", False),
        ("hi", "बगीचा-पार्टी", True),
        ("ar", "حفل-الحديقة", True),
        ("ar", "garden", True),
        ("ar", "حفل الحديقة", False),
        ("hi", "-बगीचा", False),
        ("hi", "grüße", False),
    ],
)
def test_a_slug_is_of_its_languages_letters(
    session: Session, locale: str, typed: str, is_taken: bool
) -> None:
    made = PackageFactory(slug="one")
    session.commit()
    faults = writing.faults_of("package", {(locale, "slug"): typed})
    assert (not faults) is is_taken
    if is_taken:
        writing.save_texts(session, "package", made, {(locale, "slug"): typed})
        session.flush()
        assert session.scalars(select(Translation.text)).one() == typed.lower()


def test_who_may_not_approve_changes_no_address_in_use(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    translator = sign_in("Translator")
    answer = translator.post(
        f"/packages/{package.id}/edit",
        data={"revision": str(package.revision), "t-de-slug": "anders", "t-es-slug": "fiesta"},
    )
    assert answer.status_code == 422
    assert "This address is in use" in answer.get_data(as_text=True)


def test_a_slug_is_no_text_to_be_translated(session: Session, package: Any) -> None:
    fields = {unit.field for unit in units(session, None, Asked("es", ("package",)), limit=50)}
    assert "name" in fields
    assert "slug" not in fields
    session.execute(text("UPDATE package SET slug = 'garden-feast'"))
    session.commit()
    row = session.scalars(select(Translation).where(Translation.field == "slug")).one()
    assert (row.state, row.source_text) == ("approved", None)


def test_a_deleted_record_that_comes_back_has_its_addresses_again(
    client: Any, session: Session, sign_in: Callable[..., Any], package: Any
) -> None:
    session.execute(text("UPDATE package SET slug = 'garden-feast'"))
    session.commit()
    editor = sign_in("Editor")
    answer = editor.post(f"/packages/{package.id}/delete", follow_redirects=True)
    page = answer.get_data(as_text=True)
    for slug in ("garden-feast", "gartenfest", "garden-party"):
        assert client.get(f"/public/v1/packages/{slug}").status_code == 404
    token = page.split('name="token" value="')[1].split('"')[0]
    where = page.split('data-tone="undo"')[1].split('action="')[1].split('"')[0]
    assert editor.post(where, data={"token": token}).status_code == 302
    assert told(client, "packages/gartenfest?lang=de")["slugs"] == {"en": "garden-feast", "de": "gartenfest"}
    assert moved(client, "packages/garden-party?lang=de").endswith("/packages/gartenfest?lang=de")


def test_a_copy_takes_no_address_of_another(
    client: Any, session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    sent = form_of(package, **{"t-de-name": "Gartenfest", "t-de-slug": "gartenfest", "then": "copy"})
    answer = sign_in("Editor").post("/packages/add", data=sent)
    assert answer.status_code == 302
    assert told(client, "packages/gartenfest-copy?lang=de")["slugs"] == {
        "en": "garden-party-copy",
        "de": "gartenfest-copy",
    }
    assert told(client, "packages/gartenfest?lang=de")["id"] == str(package.id)


def test_a_booking_names_its_package_by_the_slug_of_any_language(client: Any, package: Any) -> None:
    wish = {
        "package": "gartenfest",
        "client_name": "Ana",
        "client_email": "ana@example.com",
        "event_type": "birthday",
        "event_on": "2027-01-01",
        "place": "Lisbon",
        "time_zone": "Europe/Lisbon",
    }
    answer = client.post(
        "/public/v1/bookings?lang=de", json=wish, headers={"Idempotency-Key": "one-two-three-four"}
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert answer.get_json()["data"]["package"]["slug"] == "gartenfest"


def test_files_carry_the_slug_of_each_language(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    editor = sign_in("Editor")
    answer = editor.get("/packages/export?format=csv&what=import")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
    answer.close()
    assert (row["slug"].strip('"'), row["slug[de]"].strip('"')) == ("garden-party", "gartenfest")
    sent = "id,slug[de],slug[hi]\n" + f"{package.id},gartenfeier,बगीचा\n"
    file = {"file": (io.BytesIO(sent.encode()), "packages.csv")}
    page = editor.post("/packages/import", data=file, content_type="multipart/form-data").get_data(
        as_text=True
    )
    token = page.split('name="token" value="')[1].split('"')[0]
    assert editor.post("/packages/import", data={"token": token}).status_code in (200, 302)
    found = told(editor, "packages/gartenfeier?lang=hi")
    assert found["slugs"] == {"en": "garden-party", "de": "gartenfeier", "hi": "बगीचा"}
    assert moved(editor, "packages/gartenfest?lang=de").endswith("/packages/gartenfeier?lang=de")


def test_the_contract_names_the_slugs_and_the_way_to_the_present_one(client: Any) -> None:
    contract = client.get("/public/v1/openapi.json").get_json()
    assert "slugs" in contract["components"]["schemas"]["Package"]["required"]
    assert "301" in contract["paths"]["/public/v1/packages/{wanted}"]["get"]["responses"]
