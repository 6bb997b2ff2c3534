"""The public JSON: envelope, languages, filters, cursors, refusals, one statement each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domains.reviews.service import approve
from tests.factories import (
    ApprovedReviewFactory,
    AssetFactory,
    FestivalFactory,
    FestivalPictureFactory,
    HiddenPackageFactory,
    IncludedItemFactory,
    LanguageFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)

PATHS = ("packages", "themes", "festivals", "testimonials")


def fill(count: int) -> None:
    """Make some of everything, with children and translations."""
    for number in range(count):
        package = PackageFactory()
        item = IncludedItemFactory(package_id=package.id)
        theme = ThemeFactory()
        ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory().id)
        festival = FestivalFactory()
        ApprovedReviewFactory(package_id=package.id)
        for record in (package, theme, festival):
            translate(record, "hi", name=f"नाम {number}")
        translate(item, "hi", text=f"वस्तु {number}")


def get(client: FlaskClient, path: str, **headers: str) -> dict[str, Any]:
    """Read a 200 answer."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body: dict[str, Any] = answer.get_json()
    return body


@pytest.mark.proves("S0.20", "S0.35", "S0.37")
def test_a_package_comes_out_in_the_readers_language_field_by_field(client: FlaskClient) -> None:
    package = PackageFactory(name="Garden party", description="Lanterns")
    item = IncludedItemFactory(package_id=package.id, text="Cake")
    translate(package, "de", name="Gartenfest")
    translate(item, "de", text="Torte")

    found = get(client, "/public/v1/packages?lang=de-AT")["data"][0]

    assert found["name"] == "Gartenfest"
    assert found["description"] == "Lanterns"
    assert found["languages"] == {"name": "de", "slug": "en", "description": "en"}
    assert found["items"][0]["text"] == "Torte"
    assert found["items"][0]["languages"] == {"text": "de"}
    assert found["price"] == {"minor": 125_000, "currency": "EUR"}


@pytest.mark.proves("S0.35")
def test_the_chain_goes_from_the_region_to_the_language_to_the_source(client: FlaskClient) -> None:
    LanguageFactory(tag="de-AT")
    package = PackageFactory(name="Garden party")
    translate(package, "de", name="Gartenfest")
    translate(package, "de-AT", name="Gartlfest")
    path = f"/public/v1/packages/{package.slug}"
    names = {
        lang: get(client, f"{path}?lang={lang}")["data"]["name"] for lang in ("de-AT", "de-CH", "es", "en")
    }
    assert names == {"de-AT": "Gartlfest", "de-CH": "Gartenfest", "es": "Garden party", "en": "Garden party"}


def test_an_empty_translation_falls_back_and_a_draft_is_not_shown(client: FlaskClient) -> None:
    package = PackageFactory(name="Garden party", description="Lanterns")
    translate(package, "de", name="", description="Entwurf")
    from app.kernel.db import db
    from app.translation.models import Translation

    db.session.query(Translation).filter_by(field="description").update({"state": "draft"})
    found = get(client, f"/public/v1/packages/{package.id}?lang=de")["data"]
    assert (found["name"], found["description"]) == ("Garden party", "Lanterns")
    assert set(found["languages"].values()) == {"en"}


@pytest.mark.proves("S0.20")
def test_the_language_comes_from_the_address_then_from_the_header(client: FlaskClient) -> None:
    package = PackageFactory(name="Garden party")
    translate(package, "ar", name="حفلة حديقة")
    by_header = client.get("/public/v1/packages", headers={"Accept-Language": "fr, ar-EG;q=0.8, en;q=0.5"})
    assert by_header.get_json()["data"][0]["name"] == "حفلة حديقة"
    assert by_header.headers["Vary"] == "Accept-Language"
    assert by_header.headers["Content-Language"] == "ar-EG"
    by_address = client.get("/public/v1/packages?lang=en", headers={"Accept-Language": "ar"})
    assert by_address.get_json()["data"][0]["name"] == "Garden party"
    assert "Vary" not in by_address.headers
    assert "Set-Cookie" not in by_header.headers


@pytest.mark.proves("S0.21")
def test_a_theme_brings_its_gallery_in_order(client: FlaskClient) -> None:
    theme = ThemeFactory()
    first, second = AssetFactory(path="pictures/a.webp"), AssetFactory(path="pictures/b.webp")
    ThemePictureFactory(theme_id=theme.id, asset_id=second.id, position=2, alt="Second")
    ThemePictureFactory(theme_id=theme.id, asset_id=first.id, position=1, alt="First")
    pictures = get(client, f"/public/v1/themes/{theme.slug}")["data"]["pictures"]
    assert [(p["picture"]["url"], p["alt"]) for p in pictures] == [
        ("/media/pictures/a.webp", "First"),
        ("/media/pictures/b.webp", "Second"),
    ]
    assert pictures[0]["picture"]["width"] == 1600


@pytest.mark.proves("S0.22")
def test_only_approved_reviews_are_testimonials(client: FlaskClient) -> None:
    package = PackageFactory()
    shown = ReviewFactory(author_name="Ann", package_id=package.id)
    ReviewFactory(author_name="Hidden", package_id=package.id)
    approve(shown)
    found = get(client, "/public/v1/testimonials")["data"]
    assert [review["author_name"] for review in found] == ["Ann"]
    assert found[0]["package"] == {"id": str(package.id), "name": package.name, "slug": package.slug}


def test_a_review_says_in_which_language_it_was_written(client: FlaskClient) -> None:
    ApprovedReviewFactory(locale="de", message="Wunderbar")
    assert get(client, "/public/v1/testimonials?lang=es")["data"][0]["languages"] == {"message": "de"}


@pytest.mark.proves("S4.29", "S4.30")
def test_a_festival_is_found_by_id_and_by_slug(client: FlaskClient) -> None:
    festival = FestivalFactory(name="Holi")
    FestivalPictureFactory(festival_id=festival.id, asset_id=AssetFactory().id, is_primary=True)
    by_id = get(client, f"/public/v1/festivals/{festival.id}")
    assert by_id == get(client, f"/public/v1/festivals/{festival.slug}")
    assert by_id["data"]["pictures"][0]["is_primary"] is True
    assert get(client, "/public/v1/festivals?filter[country]=IN")["data"][0]["name"] == "Holi"


def test_what_is_not_active_is_not_there(client: FlaskClient) -> None:
    hidden = HiddenPackageFactory()
    assert get(client, "/public/v1/packages")["data"] == []
    assert client.get(f"/public/v1/packages/{hidden.id}").status_code == 404
    review = ApprovedReviewFactory(package_id=hidden.id)
    assert get(client, f"/public/v1/testimonials/{review.id}")["data"]["package"] is None


@pytest.mark.parametrize(
    "key", ["nothing", "0" * 36, "%00", "a" * 3000, "01a1fc98-3af5-761a-b252-b115269307b7"]
)
def test_an_unknown_key_is_404_as_a_problem(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/public/v1/packages/{key}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


@pytest.mark.proves("S1.99", "S2.99")
def test_the_envelope_is_the_same_for_every_list(client: FlaskClient) -> None:
    fill(2)
    for path in PATHS:
        body = get(client, f"/public/v1/{path}?page[size]=1")
        assert set(body) == {"data", "page"}
        assert set(body["page"]) == {"size", "next", "total", "total_is_estimate"}
        assert body["page"]["size"] == 1
        assert body["page"]["total"] == 2
        assert "languages" in body["data"][0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("count", [1, 60])
@pytest.mark.proves("S1.65", "S3.102")
def test_a_list_and_a_detail_cost_one_statement_each(
    client: FlaskClient, count_statements: Any, path: str, count: int
) -> None:
    fill(count)
    address = f"/public/v1/{path}?lang=hi&page[size]=50"
    client.get(address)  # the total is remembered from here on
    with count_statements() as statements:
        body = get(client, address)
    assert len(statements) == 1
    with count_statements() as statements:
        get(client, f"/public/v1/{path}/{body['data'][0]['id']}?lang=hi")
    assert len(statements) == 1


@pytest.mark.parametrize("sort", ["position", "-name", "name,-position", "-created_at"])
def test_the_cursor_walks_every_record_once(client: FlaskClient, sort: str) -> None:
    for number in range(23):
        PackageFactory(name=f"Package {number % 5}", position=number % 3)
    seen: list[str] = []
    address = f"/public/v1/packages?page[size]=4&sort={sort}"
    after = ""
    while after is not None:
        body = get(client, address + (f"&page[after]={after}" if after else ""))
        seen += [record["id"] for record in body["data"]]
        after = body["page"]["next"]
    assert len(seen) == len(set(seen)) == 23


def test_a_cursor_holds_while_records_are_added_before_it(client: FlaskClient) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(6):
        ApprovedReviewFactory(submitted_at=start + timedelta(days=number), author_name=str(number))
    first = get(client, "/public/v1/testimonials?page[size]=3")
    ApprovedReviewFactory(submitted_at=start + timedelta(days=99), author_name="new")
    rest = get(client, f"/public/v1/testimonials?page[size]=3&page[after]={first['page']['next']}")
    assert [record["author_name"] for record in rest["data"]] == ["2", "1", "0"]
    assert rest["page"]["next"] is None


@pytest.mark.proves("S1.100")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("filter[rating]=4", {"four"}),
        ("filter[rating][gte]=4", {"four", "five"}),
        ("filter[rating][lte]=3", {"three"}),
        ("filter[rating][ne]=4", {"three", "five"}),
        ("filter[rating][in]=3,5", {"three", "five"}),
        ("filter[package][null]=true", {"three", "four"}),
        ("filter[package][null]=false", {"five"}),
        ("filter[rating][gte]=4&filter[package][null]=true", {"four"}),
    ],
)
def test_each_operator_filters(client: FlaskClient, address: str, expected: set[str]) -> None:
    ApprovedReviewFactory(author_name="three", rating=3)
    ApprovedReviewFactory(author_name="four", rating=4)
    ApprovedReviewFactory(author_name="five", rating=5, package_id=PackageFactory().id)
    found = get(client, f"/public/v1/testimonials?{address}")["data"]
    assert {record["author_name"] for record in found} == expected


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("colour=red", "colour"),
        ("filter[status]=pending", "filter[status]"),
        ("filter[price_minor.id]=1", "filter[price_minor.id]"),
        ("filter[price][like]=1", "filter[price][like]"),
        ("filter[price]=much", "filter[price]"),
        ("sort=is_active", "sort"),
        ("sort=(select 1)", "sort"),
        ("page[size]=0", "page[size]"),
        ("page[size]=101", "page[size]"),
        ("page[size]=-1", "page[size]"),
        ("page[size]=1e9", "page[size]"),
        ("page[after]=xyz", "page[after]"),
        ("page[after]=WzEsMSwxLDFd", "page[after]"),
        ("lang=%3Cscript%3E", "lang"),
        ("q=" + "x" * 201, "q"),
        ("q=%00", "q"),
    ],
)
def test_a_wrong_parameter_is_a_400_that_names_it(client: FlaskClient, address: str, parameter: str) -> None:
    answer = client.get(f"/public/v1/packages?{address}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["parameter"] == parameter


def test_a_cursor_with_values_of_another_kind_is_refused_not_an_error(client: FlaskClient) -> None:
    from app.surfaces.records.query import write_cursor

    PackageFactory()
    for values in (["x", "y"], [1, "no key"], [None, None], [2**70, "01a1fc98-3af5-761a-b252-b115269307b7"]):
        answer = client.get(f"/public/v1/packages?page[after]={write_cursor(values, 1)}")
        assert answer.status_code == 400, values


def test_the_search_finds_words_in_the_readers_language(client: FlaskClient) -> None:
    package = PackageFactory(name="Garden party")
    PackageFactory(name="Rooftop dinner")
    translate(package, "de", name="Gartenfest")
    assert [p["name"] for p in get(client, "/public/v1/packages?q=garden")["data"]] == ["Garden party"]
    assert [p["name"] for p in get(client, "/public/v1/packages?q=gartenfest&lang=de")["data"]] == [
        "Gartenfest"
    ]
    assert get(client, "/public/v1/packages?q=zeppelin")["data"] == []


def test_text_is_ordered_as_a_reader_would_and_paged_so(client: FlaskClient) -> None:
    for name in ("Zebra", "apple", "Éclair", "Banana", "eagle", "Ängste"):
        PackageFactory(name=name)
    seen: list[str] = []
    after = ""
    while after is not None:
        path = "/public/v1/packages?sort=name&page[size]=2" + (f"&page[after]={after}" if after else "")
        body = get(client, path)
        seen += [record["name"] for record in body["data"]]
        after = body["page"]["next"]
    assert seen == ["Ängste", "apple", "Banana", "eagle", "Éclair", "Zebra"]


@pytest.mark.proves("S0.48", "S4.100")
def test_a_picture_is_offered_in_every_width_and_form_and_cut_around_its_focal_point(
    client: FlaskClient,
) -> None:
    from app.kernel.db import db
    from app.media.service import store_picture
    from tests.media.files import picture
    from tests.outbox import deliver_all

    asset = store_picture(picture(size=(700, 500)), "Party", "Lanterns")
    asset.focal_x, asset.focal_y = 25, 70
    db.session.flush()
    theme = ThemeFactory()
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id)
    db.session.commit()
    deliver_all()

    found = get(client, f"/public/v1/themes/{theme.slug}")["data"]["pictures"][0]["picture"]

    assert found["id"] == str(asset.id)
    assert found["focal"] == {"x": 0.25, "y": 0.7}
    assert len(found["blurhash"]) == 28
    assert list(found["srcset"]) == ["avif", "webp", "jpeg"]
    for form, offered in found["srcset"].items():
        urls, widths = zip(*(part.split(" ") for part in offered.split(", ")), strict=True)
        assert widths == ("320w", "640w")
        for url in urls:
            with client.get(url) as answer:
                assert (answer.status_code, answer.mimetype) == (200, f"image/{form}")
                answer.get_data()
    with client.get(found["thumb"]) as answer:
        assert answer.mimetype == "image/webp"
        answer.get_data()


def test_a_picture_that_may_not_be_shown_is_not_there(client: FlaskClient) -> None:
    from app.kernel.db import db

    theme = ThemeFactory()
    asset = AssetFactory(state="quarantined")
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id, alt="Not yet")
    db.session.commit()

    assert get(client, f"/public/v1/themes/{theme.slug}")["data"]["pictures"][0]["picture"] is None
