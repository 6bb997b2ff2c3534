"""Every list in every way there is: what it weighs with 25 rows, and that more rows cost no more statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from app.kernel.db import unit_of_work
from tests.crawl.conftest import signed_in
from tests.crawl.copies import fill_up
from tests.crawl.screens import WAYS

PAGE, MANY = 25, 101
HEAVIEST, MORE = 60_000, 700
NO_LISTS = {"conversation"}
"""Types whose list is a screen of its own: the inbox."""


@pytest.fixture(scope="module")
def full(crawled: Flask) -> Iterator[Flask]:
    """Fill every list of the program with more rows than its longest page holds."""
    with crawled.app_context(), unit_of_work() as session:
        for resource in crawled.extensions["catalogue"]:
            fill_up(session, resource, MANY)
        # a hundred languages that are switched off: they fill their own list, and no menu of the others
        session.execute(text("UPDATE language SET is_enabled = false WHERE tag LIKE 'copy-%'"))
    return crawled


@contextmanager
def counting() -> Iterator[list[str]]:
    """Gather the statements of a block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def lists(app: Flask, browser: FlaskClient) -> list[str]:
    """List the addresses of all lists in all their ways."""
    paths = [
        f"/{resource.path}/" for resource in app.extensions["catalogue"] if resource.name not in NO_LISTS
    ]
    ways = [f"{path}?as={way}" for path in paths for way in WAYS]
    return [path for path in (*paths, *ways) if browser.get(path).status_code == 200]


def test_a_list_of_25_rows_weighs_at_most_60_kb_for_every_type(full: Flask) -> None:
    browser = signed_in(full)
    pages = {path: browser.get(path).data for path in lists(full, browser)}
    assert len(pages) >= len(list(full.extensions["catalogue"])) - len(NO_LISTS)
    heavy = {path: (len(page), page.count(b'data-id="')) for path, page in pages.items()}
    assert {path: told for path, told in heavy.items() if told[0] > allowed(told[1])} == {}


def allowed(rows: int) -> int:
    """Give the bytes that a page of so many records may weigh: a month of a calendar holds all that it has."""
    return HEAVIEST + max(0, rows - PAGE) * MORE


def test_a_list_asks_as_often_for_100_rows_as_for_one_whatever_its_type_and_way(full: Flask) -> None:
    browser = signed_in(full)
    differing = {}
    for path in lists(full, browser):
        counts = []
        for size in (1, 100):
            address = f"{path}{'&' if '?' in path else '?'}page[size]={size}"
            browser.get(address)  # what is compiled, counted and remembered at the first time is so by now
            found = []
            for _turn in range(2):  # a session notes once a minute that it is in use: not twice in a row
                with counting() as seen:
                    answer = browser.get(address)
                assert answer.status_code == 200, address
                found.append(len(seen))
            counts.append(min(found))
        if counts[0] != counts[1]:
            differing[path] = counts
    assert differing == {}
