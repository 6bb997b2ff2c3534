"""The walk itself: it goes everywhere, and nothing breaks down on the way."""

from __future__ import annotations

from flask import Flask

from tests.crawl.screens import Screen


def test_no_staff_route_breaks_down(walk: tuple[list[Screen], list[str]]) -> None:
    assert walk[1] == []


def test_every_type_has_its_list_its_record_and_its_history(crawled: Flask, screens: list[Screen]) -> None:
    seen = {screen.path for screen in screens}
    for resource in crawled.extensions["catalogue"]:
        base = f"/{resource.path}/"
        own = {path.removeprefix(base).partition("/")[2] for path in seen if path.startswith(base)}
        assert base in seen
        assert {"", "history"} <= own, resource.name
