"""Whatever order a list offers opens, and is kept by the ways, the pages and the views beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from tests.factories import BookingFactory, PackageFactory

SignIn = Callable[..., FlaskClient]
_LINK = re.compile(r'href="(/[^"]*[?&;]sort=[^"]*)"')


def offered(page: str) -> set[str]:
    """Give every address on a page that names an order."""
    return {unescape(link) for link in _LINK.findall(page)}


def test_every_order_that_a_list_offers_opens(app: Flask, sign_in: SignIn) -> None:
    PackageFactory(), BookingFactory(total_minor=500)
    browser, opened = sign_in("Admin"), 0
    for resource in app.extensions["catalogue"]:
        if not resource.menu:
            continue
        for link in sorted(offered(browser.get(f"/{resource.path}/").text)):
            if urlsplit(link).path != f"/{resource.path}/":
                continue
            assert browser.get(link).status_code == 200, link
            opened += 1
    assert opened > 30


def test_an_order_by_an_amount_is_kept_by_all_that_leads_on(sign_in: SignIn) -> None:
    for minor in (300, 100, 200):
        PackageFactory(price_minor=minor)
    browser = sign_in("Admin")
    for written in ("price", "price_minor"):
        page = browser.get(f"/packages/?sort={written}").text
        assert re.findall(r"€([0-9.]+)<td", page) == ["1.00", "2.00", "3.00"]
        kept = [link for link in offered(page) if "price" in parse_qs(urlsplit(link).query)["sort"][0]]
        assert len(kept) > 3
        assert {browser.get(link).status_code for link in kept} == {200}
