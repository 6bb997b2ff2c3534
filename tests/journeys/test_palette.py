"""The palette's own entries as a person looks for them: by the words of the buttons, in five languages, with slips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.kernel.db import unit_of_work
from tests.factories import PackageFactory
from tests.journeys.test_finding import open_palette

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
ADDS, LISTS = "[data-url='/packages/add']", "[data-url='/packages/']"


@pytest.mark.parametrize(
    ("locale", "adding", "listing"),
    [
        ("en", ["add package", "create packages", "new package", "package"], ["packages", "bundle"]),
        ("de", ["Paket hinzufügen", "paket anlegen", "neu paket", "neues Paket"], ["Pakete"]),
        ("es", ["añadir paquete", "Crear paquete", "paquete nuevo"], ["paquetes"]),
        ("hi", ["पैकेज जोड़ें", "नया पैकेज"], ["पैकेज"]),
        ("ar", ["إضافة باقة", "اضافه باقة", "أنشئ باقات"], ["باقات", "الباقات", "الباقة", "حزم"]),
    ],
)
def test_an_action_is_found_by_the_words_of_the_buttons(
    enter: Enter, locale: str, adding: list[str], listing: list[str]
) -> None:
    page = enter("Editor", locale=locale)
    found = open_palette(page)
    for typed, entry in [*((typed, ADDS) for typed in adding), *((typed, LISTS) for typed in listing)]:
        page.locator("#palette-input").fill(typed)
        expect(found.locator(entry), f"{locale}: {typed}").to_have_count(1)


def test_the_pages_own_button_stands_for_the_action_that_leads_there_too(
    live: tuple[str, Flask], enter: Enter
) -> None:
    with live[1].app_context(), unit_of_work():
        PackageFactory()
    page = enter("Editor")
    page.goto("/packages/")
    found = open_palette(page, "add packa")
    expect(found.locator("[role=option]", has_text="Add package")).to_have_count(1)
    expect(found.locator(ADDS)).to_have_count(0)


@pytest.mark.parametrize(
    "typed", ["pakcages", "pckages", "packeges", "packaages", "packagess", "add pakcage"]
)
def test_one_slip_in_a_word_is_forgiven(enter: Enter, typed: str) -> None:
    page = enter("Editor")
    found = open_palette(page, typed)
    expect(found.locator(ADDS)).to_have_count(1)


def test_a_guess_stands_behind_the_records_that_are_called_as_was_typed(
    live: tuple[str, Flask], enter: Enter
) -> None:
    with live[1].app_context(), unit_of_work():
        PackageFactory(name="Lark at dawn", slug="lark-at-dawn")
    page = enter("Editor")
    found = open_palette(page, "lark")  # much like "dark"
    expect(found.locator("[data-clicks='[data-theme-set=dark]']")).to_have_count(1)
    expect(found.locator("[role=option]").first).to_contain_text("Lark at dawn")
    page.locator("#palette-input").fill("dakr")
    expect(found.locator("[role=option]").first).to_contain_text("Appearance: Dark")


def test_one_result_is_not_called_results(enter: Enter) -> None:
    page = enter("Editor")
    open_palette(page, "keyboard short")
    expect(page.locator("#palette [data-says]")).to_have_text("Results: 1")
