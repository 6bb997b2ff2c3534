"""What axe finds on every staff screen, in both themes, read from the left and from the right: nothing serious."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.axe import faults
from tests.crawl.conftest import session_cookies
from tests.crawl.screens import Screen

pytestmark = pytest.mark.browser
OTHERS = ("/preview/page", "/confirmation")
SHARES = 8  # a test each, so that workers have something to do and none takes long
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that a theme can break. All others are asked once a page."""
_DARK = "() => { document.documentElement.dataset.bsTheme = 'dark'; }"


def show_alone(page: Any, html: str) -> Any:
    """Show a page in which no script may run, such as a letter, where axe may run: in one without an address."""
    alone = page.context.new_page()
    page.close()
    alone.set_content(html)
    return alone


@pytest.mark.timeout(300)
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_no_screen_has_a_serious_fault_in_either_theme(
    crawled: Flask, served: str, screens: list[Screen], chromium: Any, locale: str, share: int
) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    context.add_cookies(session_cookies(crawled, locale, served))
    page = context.new_page()
    found = {}
    for screen in screens[share::SHARES]:
        answer = page.goto(served + screen.path)
        assert answer.status == screen.status, f"{screen.path}: {answer.status}"
        if "sandbox" in answer.headers.get("content-security-policy", ""):
            page = show_alone(page, answer.text())
        if screen.path.startswith("/site/"):
            page.locator("#account:not(:empty)").wait_for()  # its scripts write its words
        elif not screen.path.endswith(OTHERS):  # those run as their text or their client does
            assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "ar" else "ltr")
        wrong = faults(page)
        page.evaluate(_DARK)
        wrong += [f"dark {fault}" for fault in faults(page, rules=COLOURS)]
        if wrong:
            found[screen.path] = wrong
    context.close()
    assert found == {}
