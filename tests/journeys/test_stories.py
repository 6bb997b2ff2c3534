"""Whole stories in a real browser: an editor, a moderator, an operator, and what the public then reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import expect

from app.kernel.db import unit_of_work
from tests.axe import faults
from tests.factories import BookingFactory, PackageFactory, ReviewFactory, ThemeFactory

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]


def read(live: Live, path: str, language: str) -> dict[str, Any]:
    """Read public JSON as a visitor does."""
    request = Request(live[0] + path, headers={"Accept-Language": language})  # our own server
    with urlopen(request) as answer:
        body: dict[str, Any] = json.load(answer)
        return body


def make(live: Live, build: Callable[[], Any]) -> Any:
    """Make records in the running program's database."""
    with live[1].app_context(), unit_of_work():
        return build()


@pytest.mark.proves("S0.7", "S0.21", "S0.37", "S0.48", "S3.107")
def test_an_editor_gives_a_theme_pictures_and_an_arabic_name_and_the_public_sees_it(
    live: Live, enter: Enter, tmp_path: Path
) -> None:
    theme = make(live, lambda: ThemeFactory(name="Lantern night", slug="lantern-night"))
    picture = tmp_path / "lantern.png"
    Image.new("RGB", (900, 600), (120, 60, 140)).save(picture)
    page = enter("Editor")
    page.goto("/themes/")
    page.get_by_role("link", name="Lantern night").first.click()
    page.get_by_role("link", name="Edit").first.click()
    page.wait_for_url(re.compile(r"/edit$"))
    page.locator("[data-language=ar]").first.click()
    page.fill("[name='t-ar-name']", "ليلة الفوانيس")
    page.get_by_role("button", name="Add picture", exact=True).click()
    page.set_input_files("[name='pictures-0-upload']", picture)
    page.fill("[name='pictures-0-alt']", "A lantern in the dark")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/themes/[0-9a-f-]{36}$"))

    found = read(live, f"/public/v1/themes/{theme.slug}", "ar")["data"]
    assert found["name"] == "ليلة الفوانيس"
    assert found["languages"]["name"] == "ar"
    shown = found["pictures"][0]
    assert shown["alt"] == "A lantern in the dark"
    with urlopen(live[0] + shown["picture"]["url"]) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("image/")


@pytest.mark.proves("S0.22", "S0.28")
def test_a_moderator_approves_a_review_and_it_is_a_testimonial(live: Live, enter: Enter) -> None:
    package = make(live, lambda: PackageFactory(name="Rooftop dinner", slug="rooftop-dinner"))
    make(live, lambda: ReviewFactory(author_name="Noor Haddad", rating=4, package_id=package.id))
    page = enter("Moderator")
    page.goto("/reviews/?q=Noor")
    page.get_by_role("link", name="Noor Haddad").first.click()
    page.wait_for_url(re.compile(r"/reviews/[0-9a-f-]{36}$"))
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Approved").first.wait_for()
    names = [review["author_name"] for review in read(live, "/public/v1/testimonials", "en")["data"]]
    assert "Noor Haddad" in names
    assert read(live, "/public/v1/packages/rooftop-dinner", "en")["data"]["rating_average"] == 4.0


@pytest.mark.proves("S0.29", "S0.30")
def test_an_operator_confirms_a_booking_on_a_phone(live: Live, enter: Enter) -> None:
    booking = make(live, lambda: BookingFactory(client_name="Mei Tanaka", event_on=date(2031, 5, 24)))
    page = enter("Booking operator", width=390, height=844)
    page.goto("/bookings/?q=Mei")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Mei Tanaka").first.click()
    page.wait_for_url(re.compile(r"/bookings/[0-9a-f-]{36}$"))
    page.get_by_role("button", name="Confirm", exact=True).first.click()
    page.get_by_text("Confirmed").first.wait_for()
    page.goto(f"/bookings/{booking.id}/history")
    assert page.get_by_text("Booking operator Staff").count() >= 1


def test_what_was_typed_survives_a_refusal(live: Live, enter: Enter) -> None:
    page = enter("Editor")
    page.goto("/packages/add")
    page.fill("[name=name]", "Garden party")
    page.fill("[name=slug]", "garden party!")
    page.fill("[name=price_minor]", "12x")
    page.evaluate("document.querySelector('form[method=post] [name=slug]').form.noValidate = true")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Use small letters").first.wait_for()
    assert page.input_value("[name=name]") == "Garden party"
    assert page.input_value("[name=price_minor]") == "12x"


def test_the_second_of_two_tabs_is_told_and_keeps_its_text(live: Live, enter: Enter) -> None:
    package = make(live, lambda: PackageFactory(name="Two tabs"))
    first = enter("Editor")
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/packages/{package.id}/edit")
    first.fill("[name=name]", "From the first tab")
    first.fill("[name=price_minor]", "77")
    first.get_by_role("button", name="Save", exact=True).click()
    first.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))
    second.fill("[name=name]", "From the second tab")
    second.get_by_role("button", name="Save", exact=True).click()
    second.get_by_role("heading", name="You saved this in another tab meanwhile").wait_for()
    joined = second.locator(".mg-joined")
    expect(joined).to_have_text("What else was saved meanwhile is in the form already: Price.")
    assert second.input_value("[name=name]") == "From the second tab"
    theirs = second.locator(".mg-choice", has=second.locator("[value=theirs]"))
    assert theirs.locator("input").get_attribute("data-value") == "From the first tab"
    assert theirs.locator("ins").inner_text() == "From the first tab"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_no_screen_has_a_serious_fault_of_accessibility(
    live: Live, enter: Enter, dark: bool, locale: str
) -> None:
    def fill() -> tuple[Any, Any]:
        package = PackageFactory()
        return package, BookingFactory(package_id=package.id)

    package, booking = make(live, fill)
    page = enter("Admin", dark=dark, locale=locale)
    assert page.get_attribute("html", "dir") == ("rtl" if locale == "ar" else "ltr")
    paths = ["/", "/bookings/", "/packages/add", f"/packages/{package.id}", f"/packages/{package.id}/edit"]
    paths += [
        f"/bookings/{booking.id}",
        f"/bookings/{booking.id}/history",
        "/packages/import",
        "/profile",
        "/nothing-here",
    ]
    found: list[str] = []
    for path in paths:
        page.goto(path)
        found += [f"{path}: {fault}" for fault in faults(page)]
    assert found == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_no_screen_scrolls_sideways_and_none_loads_bootstrap_3_or_jquery(
    live: Live, enter: Enter, width: int, locale: str
) -> None:
    package = make(live, PackageFactory)
    page = enter("Admin", width=width, locale=locale)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    for path in (
        "/",
        "/packages/",
        "/packages/add",
        f"/packages/{package.id}/edit",
        "/bookings/",
        "/translations/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert not [
        url for url in loaded if re.search(r"jquery|select2|bootstrap[-.]?3|/appbuilder/|google", url)
    ]
    assert all(url.startswith((live[0], "data:", "blob:")) for url in loaded)
