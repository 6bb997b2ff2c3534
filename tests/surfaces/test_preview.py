"""A record as readers see it, and its texts translated where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.catalogue import load_catalogue
from app.domains.catalog.models import PackagePicture
from app.kernel.languages import Language
from app.surfaces.previews.doors import has_preview
from app.translation.models import Translation, TranslationSuggestion
from app.translation.sources import source_hash
from tests.factories import (
    AssetFactory,
    FestivalFactory,
    IncludedItemFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    translate,
)
from tests.factories.venues import BY_TYPE

RESOURCES = {resource.name: resource for resource in load_catalogue()}
JSON = {"Accept": "application/json"}


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under the old trees", slug="garden-party")
    item = IncludedItemFactory(package_id=made.id, text="Soup", position=0)
    translate(made, "de", name="Gartenfest")
    translate(item, "de", text="Suppe")
    session.commit()
    session.refresh(made)
    return made


def frame(client: Any, record: Any, path: str, lang: str) -> str:
    answer = client.get(f"/{path}/{record.id}/preview/page?lang={lang}")
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return str(answer.get_data(as_text=True))


def text_url(record: Any, field: str, lang: str = "de", row: Any = None, more: str = "") -> str:
    child = f"row={row.id}&" if row is not None else ""
    return f"/packages/{record.id}/text{more}?{child}field={field}&lang={lang}"


def stored(session: Session, field: str, locale: str = "de") -> Translation | None:
    session.expire_all()
    return session.scalar(select(Translation).where(Translation.field == field, Translation.locale == locale))


def test_every_content_type_that_readers_see_has_a_preview(
    session: Session, sign_in: Callable[..., Any]
) -> None:
    made = {
        "packages": PackageFactory(),
        "themes": ThemeFactory(),
        "festivals": FestivalFactory(customs="<p>Lamps.</p>"),
        "testimonials": ReviewFactory(),
        "languages": session.scalars(select(Language)).first(),
    }
    made |= {RESOURCES[name].public: factory() for name, factory in BY_TYPE.items() if RESOURCES[name].public}
    session.commit()
    admin = sign_in("Admin")
    shown = {resource.public: resource for resource in RESOURCES.values() if has_preview(resource)}
    assert shown.keys() == made.keys()
    for name, record in made.items():
        path = shown[name].path
        for lang in ("en", "de", "ar"):
            assert admin.get(f"/{path}/{record.id}/preview?lang={lang}").status_code == 200
            page = frame(admin, record, path, lang)
            assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in page
    hidden = next(resource for resource in RESOURCES.values() if not has_preview(resource))
    assert admin.get(f"/{hidden.path}/{made['packages'].id}/preview").status_code == 404


def test_the_preview_shows_what_readers_get_and_where_it_is_translated(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    translator = sign_in("Translator")
    page = frame(translator, package, "packages", "de")
    name = page.split("<h1")[1].split("</h1>")[0]
    assert 'lang="de"' in name
    assert 'data-state="approved"' in name
    assert "Gartenfest" in name
    told = page.split('class="r-long"')[1].split("</p>")[0]
    assert 'lang="en"' in told  # readers get the source
    assert 'data-state="missing"' in told
    assert "Under the old trees" in told
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    name = frame(translator, package, "packages", "de").split("<h1")[1].split("</h1>")[0]
    assert 'data-state="stale"' in name
    assert "Gartenfest" in name


def test_the_source_and_who_may_not_translate_get_no_places(
    package: Any, sign_in: Callable[..., Any]
) -> None:
    assert "data-text" not in frame(sign_in("Translator"), package, "packages", "en")
    operator = sign_in("Booking operator")
    assert "data-text" not in frame(operator, package, "packages", "de")
    assert operator.get(text_url(package, "name")).status_code == 403


def test_what_readers_do_not_see_is_previewed_for_staff_alone(
    client: Any, session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    session.execute(text("UPDATE package SET is_active = false"))
    session.commit()
    url = f"/packages/{package.id}/preview?lang=de"
    assert client.get(url).status_code == 302
    assert client.get(f"/packages/{package.id}/preview/page?lang=de").status_code == 302
    page = sign_in("Editor").get(url).get_data(as_text=True)
    assert "Readers do not see this record yet." in page


def test_pages_of_a_preview_stand_in_frames_of_ours_alone(package: Any, sign_in: Callable[..., Any]) -> None:
    editor = sign_in("Editor")
    for url in (f"/packages/{package.id}/preview/page?lang=de", text_url(package, "name")):
        headers = editor.get(url).headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
    page = editor.get(f"/packages/{package.id}/preview?lang=de").headers
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


# Rule 4
@pytest.mark.parametrize(
    ("role", "field", "state", "sentence"),
    [
        ("Editor", "description", "approved", "Saved and approved."),
        ("Translator", "description", "needs_review", "Saved; it waits for approval."),
        ("Translator", "name", "approved", "Your suggestion waits for approval."),
    ],
)
def test_a_text_is_saved_in_its_place_by_the_rules_of_all_texts(
    session: Session,
    package: Any,
    sign_in: Callable[..., Any],
    role: str,
    field: str,
    state: str,
    sentence: str,
) -> None:
    client = sign_in(role)
    page = client.get(text_url(package, field)).get_data(as_text=True)
    assert {
        "Editor": "It is approved when you save it.",
        "Translator": "somebody accepts it" if field == "name" else "readers see it after that",
    }[role] in page
    answer = client.post(text_url(package, field), data={"text": "Neuer Text"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    facts = answer.get_json()
    assert (facts["state"], facts["told"]) == (state, sentence)
    suggested = session.scalars(select(TranslationSuggestion.text)).all()
    row = stored(session, field)
    assert row is not None
    if field == "name":
        assert (row.text, list(suggested), facts["text"]) == ("Gartenfest", ["Neuer Text"], "Gartenfest")
    else:
        assert (row.text, row.state, facts["text"], facts["dir"]) == (
            "Neuer Text",
            state,
            "Neuer Text",
            "ltr",
        )
        assert "Neuer Text" in frame(client, package, "packages", "de")


def test_a_text_of_a_row_of_the_record_is_saved_too(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    [item] = package.items
    answer = sign_in("Editor").post(text_url(package, "text", row=item), data={"text": "Brühe"})
    assert answer.status_code == 200
    row = stored(session, "text")
    assert row is not None
    assert (row.content_type, row.object_id, row.text) == ("included_item", item.id, "Brühe")


# Rule 6
def test_a_text_out_of_date_is_called_right_in_its_place(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    editor = sign_in("Editor")
    page = editor.get(text_url(package, "name")).get_data(as_text=True)
    assert "<del>party</del><ins>feast</ins>" in page
    facts = editor.post(text_url(package, "name"), data={"text": "Gartenfest", "right": "y"}).get_json()
    assert facts["state"] == "approved"
    row = stored(session, "name")
    assert row is not None
    assert (row.state, row.source_text, row.source_hash) == ("approved", None, source_hash("Garden feast"))


# Rule 22
def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    editor = sign_in("Editor")
    url = text_url(package, "name")
    sent = {"text": "Gartenfeier", "revision": "1", "source": source_hash("Garden party")}
    assert editor.post(url, data=sent).status_code == 200
    answer = editor.post(url, data=sent | {"text": "Noch eine"}, headers=JSON)
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "text_changed"
    row = stored(session, "name")
    assert row is not None
    assert row.text == "Gartenfeier"
    changed = editor.post(url, data={"text": "x", "source": source_hash("Another")}, headers=JSON)
    assert changed.get_json()["code"] == "source_changed"


# Rule 14
def test_a_text_is_looked_over_while_it_is_typed_and_before_it_is_saved(
    session: Session, sign_in: Callable[..., Any]
) -> None:
    made = PackageFactory(name="Party", description="The menu: https://example.com/menu")
    session.commit()
    editor = sign_in("Editor")
    url, typed = text_url(made, "description"), {"text": "Die Karte: https://example.com/karte"}
    found = editor.post(text_url(made, "description", more="/look"), data=typed).get_json()["findings"]
    asks = [one["key"] for one in found if one["asks"]]
    assert len(asks) == 1
    refused = editor.post(url, data=typed, headers=JSON)
    assert refused.status_code == 422
    assert "Is that meant?" in str(refused.get_json()["errors"])
    assert stored(session, "description") is None
    assert editor.post(url, data=typed | {"meant": asks}).status_code == 200
    assert stored(session, "description") is not None


@pytest.mark.parametrize(
    "query",
    [
        "field=name&lang=en",
        "field=name&lang=xx",
        "field=slug&lang=de",
        "field=price_minor&lang=de",
        "field=name",
        "row=nothing&field=text&lang=de",
        "row=01990000-0000-7000-8000-000000000000&field=text&lang=de",
    ],
)
def test_only_texts_of_the_record_are_found(package: Any, sign_in: Callable[..., Any], query: str) -> None:
    editor = sign_in("Editor")
    assert editor.get(f"/packages/{package.id}/text?{query}").status_code == 404
    assert editor.post(f"/packages/{package.id}/text?{query}", data={"text": "x"}).status_code == 404


def test_rich_text_of_a_translation_is_cleaned_on_its_way_into_the_preview(
    session: Session, sign_in: Callable[..., Any]
) -> None:
    made = FestivalFactory(customs="<p>Lamps and sweets.</p>")
    translate(made, "de", customs="<p>Lampen</p>")
    session.execute(text("UPDATE translation SET text = '<p onclick=\"x\">Lampen<script>1</script></p>'"))
    session.commit()
    editor = sign_in("Editor")
    page = frame(editor, made, "festivals", "de")
    assert "<p>Lampen</p>" in page
    assert "onclick" not in page
    answer = editor.post(
        f"/festivals/{made.id}/text?field=customs&lang=de", data={"text": "<p>Lichter<img src=x></p>"}
    )
    assert answer.get_json()["text"] == "<p>Lichter</p>"


def test_a_picture_is_shown_with_its_words(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    session.add(PackagePicture(package_id=package.id, asset_id=AssetFactory().id, alt="A lantern"))
    session.commit()
    session.refresh(package)
    page = frame(sign_in("Editor"), package, "packages", "de")
    caption = page.split("<figcaption")[1].split("</figcaption>")[0]
    assert 'data-state="missing"' in caption
    assert "A lantern" in caption


def test_forms_lists_and_records_lead_to_the_preview(package: Any, sign_in: Callable[..., Any]) -> None:
    editor = sign_in("Editor")
    here = f"/packages/{package.id}"
    assert f'href="{here}/preview"' in editor.get(here).get_data(as_text=True)
    assert f'href="{here}/preview"' in editor.get(f"{here}/edit").get_data(as_text=True)
    assert f'href="{package.id}/preview"' in editor.get("/packages/").get_data(as_text=True)
    assert "/preview" not in editor.get("/assets/").get_data(as_text=True)
