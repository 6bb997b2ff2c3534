"""Which language a public text comes from: the chain of a request, field by field, and the one that knows no fallback."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.languages import Language
from app.surfaces.search.models import SearchEntry
from app.translation.chain import translated_locales
from tests.factories import (
    AssetFactory,
    FestivalFactory,
    IncludedItemFactory,
    LanguageFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)


def read(client: FlaskClient, record: Any, **query: str) -> dict[str, Any]:
    """Read a record of the public JSON."""
    path = {"package": "packages", "theme": "themes", "festival": "festivals", "review": "testimonials"}
    answer = client.get(f"/public/v1/{path[record.__tablename__]}/{record.id}", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()["data"]
    return found


def language(session: Session, tag: str) -> Language:
    return session.query(Language).filter_by(tag=tag).one()


# Rule 7
@pytest.mark.proves("S0.35")
def test_each_field_falls_back_for_itself_and_says_where_it_came_from(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "BABEL_DEFAULT_LOCALE", "es")
    LanguageFactory(tag="de-AT")
    festival = FestivalFactory(name="Garden party", description="Lanterns", default_message="All the best")
    translate(festival, "de-AT", name="Gartlfest")
    translate(festival, "de", name="Gartenfest", description="Laternen")
    package = PackageFactory(name="Garden party")
    items = [IncludedItemFactory(package_id=package.id, text=text) for text in ("Cake", "Music")]
    translate(items[0], "es", text="Tarta")

    found = read(client, festival, lang="de-AT")
    told = {key: (found[key], found["languages"][key]) for key in ("name", "description", "default_message")}
    assert told == {
        "name": ("Gartlfest", "de-AT"),
        "description": ("Laternen", "de"),
        "default_message": ("All the best", "en"),
    }
    items_told = [
        (item["text"], item["languages"]["text"]) for item in read(client, package, lang="de-AT")["items"]
    ]
    assert items_told == [("Tarta", "es"), ("Music", "en")]


# Rule 7
@pytest.mark.proves("S0.35")
def test_a_language_goes_on_to_its_own_fallback_before_the_sites(session: Session) -> None:
    portuguese = LanguageFactory(tag="pt", fallback_id=language(session, "es").id)
    LanguageFactory(tag="pt-BR")
    assert translated_locales("pt-BR", "de") == ("pt-BR", "pt", "es", "de")
    assert translated_locales("pt-BR") == ("pt-BR", "pt", "es")
    assert translated_locales("PT_br") == ("pt-BR", "pt", "es")
    assert translated_locales("fr") == ()
    portuguese.fallback_id = language(session, "en").id
    session.flush()
    assert translated_locales("pt-BR", "de") == ("pt-BR", "pt")


# Rule 8
@pytest.mark.proves("S0.35")
def test_a_language_that_is_switched_off_or_not_public_is_passed_over(
    client: FlaskClient, session: Session
) -> None:
    for tag in ("de-AT", "de-CH"):
        LanguageFactory(tag=tag)
    package = PackageFactory(name="Garden party")
    translate(package, "de", name="Gartenfest")
    translate(package, "de-AT", name="Gartlfest")
    german = language(session, "de")
    for change in ({"is_enabled": False}, {"is_enabled": True, "is_public": False}):
        for name, value in change.items():
            setattr(german, name, value)
        session.flush()
        assert read(client, package, lang="de-AT")["name"] == "Gartlfest"
        assert read(client, package, lang="de-CH")["languages"]["name"] == "en"
        by_header = client.get(
            f"/public/v1/packages/{package.id}", headers={"Accept-Language": "de, es;q=0.5"}
        )
        assert by_header.headers["Content-Language"] == "es"
    german.is_public = True
    session.flush()
    assert read(client, package, lang="de-CH")["name"] == "Gartenfest"


# Rule 8
def test_no_language_comes_twice_whatever_the_table_says(session: Session) -> None:
    first = LanguageFactory(tag="pt")
    second = LanguageFactory(tag="pt-BR", fallback_id=first.id)
    session.query(Language).filter_by(tag="pt").update({"fallback_id": second.id})
    assert languages.chain("pt", "de") == ("pt", "pt-BR", "de", "en")
    assert languages.chain("pt-BR", "pt") == ("pt-BR", "pt", "en")


# Rule 7
@pytest.mark.proves("S0.35")
def test_without_fallback_a_text_is_there_in_the_language_asked_for_or_not_at_all(
    client: FlaskClient,
) -> None:
    LanguageFactory(tag="de-AT")
    festival = FestivalFactory(name="Garden party", description="Lanterns", default_message="")
    translate(festival, "de", name="Gartenfest")

    found = read(client, festival, lang="de", fallback="none")
    assert (found["name"], found["description"]) == ("Gartenfest", "")
    # What is empty in the source is empty; what is only missing is of no language.
    told = {name: found["languages"][name] for name in ("name", "description", "default_message")}
    assert told == {"name": "de", "description": None, "default_message": "en"}
    assert found["slug"] == festival.slug

    assert read(client, festival, lang="de-AT", fallback="none")["languages"]["name"] is None
    source = read(client, festival, lang="en", fallback="none")
    assert (source["name"], source["languages"]["name"]) == ("Garden party", "en")
    assert client.get("/public/v1/packages?fallback=de").status_code == 400


# Rule 7
def test_without_fallback_the_words_of_a_visitor_are_there_in_their_own_language(
    client: FlaskClient,
) -> None:
    review = ReviewFactory(status="approved", locale="de", message="Wunderbar")
    assert read(client, review, lang="de", fallback="none")["message"] == "Wunderbar"
    english = read(client, review, lang="en", fallback="none")
    assert (english["message"], english["languages"]["message"]) == ("", None)


# Rule 7
def test_without_fallback_a_picture_is_described_in_that_language_or_not(client: FlaskClient) -> None:
    theme, asset = ThemeFactory(name="Garden"), AssetFactory(alt="Lanterns")
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id, alt="")
    found = read(client, theme, lang="de", fallback="none")["pictures"][0]
    assert (found["alt"], found["languages"]["alt"]) == ("", None)
    translate(asset, "de", alt="Laternen")
    found = read(client, theme, lang="de", fallback="none")["pictures"][0]
    assert (found["alt"], found["languages"]["alt"]) == ("Laternen", "de")


# Rules 7 and 8
@pytest.mark.parametrize("query", ["", "&fallback=none"])
def test_what_is_not_public_is_not_told_without_fallback_either(
    client: FlaskClient, session: Session, query: str
) -> None:
    package = PackageFactory(name="Garden party")
    translate(package, "de", name="Gartenfest")
    language(session, "de").is_public = False
    session.flush()
    assert "Gartenfest" not in client.get(f"/public/v1/packages?lang=de{query}").get_data(as_text=True)


@pytest.mark.parametrize("query", ["", "&fallback=none"])
def test_a_page_stays_one_statement_in_any_language(
    client: FlaskClient, count_statements: Any, query: str
) -> None:
    LanguageFactory(tag="pt", fallback_id=LanguageFactory(tag="pt-BR").id)
    PackageFactory()
    client.get("/public/v1/packages")  # commits the languages
    texts = set()
    for tag in ("pt", "de-AT", "es", "ar"):
        with count_statements() as seen:
            assert client.get(f"/public/v1/packages?lang={tag}{query}").status_code == 200
        assert len(seen) == 1
        texts.add(seen[0])
    assert len(texts) == (1 if query else 2)


# Rule 20
def test_the_search_stems_an_added_language(sign_in: Any, session: Session) -> None:
    LanguageFactory(tag="fr")
    package, other = PackageFactory(name="Riding"), PackageFactory(name="Sailing")
    translate(package, "fr", name="Les chevaux blancs")
    translate(other, "fr", name="Les bateaux")
    stems = select(SearchEntry.words.op("@@")(func.festoon_query("fr", "cheval blanc")))
    assert session.scalar(stems.where(SearchEntry.object_id == package.id, SearchEntry.locale == "fr"))
    client = sign_in("Editor")
    for sought in ("cheval", "chevaux", "blanche", "CHEVAL blanc"):
        found = client.get(f"/public/v1/packages?lang=fr-CA&q={sought}").get_json()["data"]
        assert [record["name"] for record in found] == ["Les chevaux blancs"], sought
    for page in ("/packages/?q=cheval blanc", "/search?q=cheval blanc"):
        told = client.get(page).get_data(as_text=True)
        assert str(package.id) in told, page
        assert str(other.id) not in told, page
    assert client.get("/public/v1/packages?lang=de&q=cheval").get_json()["data"] == []


# Rule 20
@pytest.mark.parametrize(
    ("tag", "words", "sought"),
    [
        ("it", "Le montagne", "montagna"),
        ("ru", "Красивые горы", "гора"),  # noqa: RUF001  # mountains, and a mountain
        ("tr", "Çiçekler", "çiçek"),
        ("pt-BR", "Casamentos felizes", "feliz casamento"),
        ("nb", "Brylluper", "bryllup"),
        ("ja", "花見 の 宴", "花見"),
    ],
)
def test_each_language_has_its_stemmer_or_keeps_its_words(
    session: Session, tag: str, words: str, sought: str
) -> None:
    LanguageFactory(tag=tag)
    package = PackageFactory()
    translate(package, tag, name=words)
    session.flush()
    stems = select(SearchEntry.words.op("@@")(func.festoon_query(tag, sought)))
    assert session.scalar(stems.where(SearchEntry.object_id == package.id, SearchEntry.locale == tag))


TEXTS = {
    "de": "Gartenfest",
    "es": "Fiesta en el jardín",
    "hi": "बगीचे की दावत",
    "ar": "حفلة حديقة",
    "fr": "Fête au jardin",
    "zh-Hant": "花園派對",
}


# Rules 7 and 19. Each answer is held to the contract by the client of these tests.
@pytest.mark.proves("S0.37")
@pytest.mark.parametrize("tag", ["en", *TEXTS])
@pytest.mark.parametrize("query", ["", "&fallback=none"])
def test_packages_and_themes_answer_in_every_language(
    client: FlaskClient, session: Session, tag: str, query: str
) -> None:
    for added in ("fr", "zh-Hant"):
        LanguageFactory(tag=added)
    package, theme, asset = (
        PackageFactory(name="Party"),
        ThemeFactory(name="Party"),
        AssetFactory(alt="Party"),
    )
    item = IncludedItemFactory(package_id=package.id, text="Party")
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id, alt="")
    for locale, words in TEXTS.items():
        for record, field in ((package, "name"), (theme, "name"), (item, "text"), (asset, "alt")):
            translate(record, locale, **{field: words})
    session.commit()
    wanted = TEXTS.get(tag, "Party")
    for path, record in (("packages", package), ("themes", theme)):
        listed = client.get(f"/public/v1/{path}?lang={tag}{query}")
        detail = client.get(f"/public/v1/{path}/{record.id}?lang={tag}{query}")
        assert detail.headers["Content-Language"] == listed.headers["Content-Language"] == tag
        found = detail.get_json()["data"]
        assert listed.get_json()["data"] == [found]
        assert (found["name"], found["languages"]["name"]) == (wanted, tag)
        below = found["items"][0] if path == "packages" else found["pictures"][0]
        field = "text" if path == "packages" else "alt"
        assert (below[field], below["languages"][field]) == (wanted, tag)
