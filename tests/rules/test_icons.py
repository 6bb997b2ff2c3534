"""Every icon that is named is in the sprite."""

from __future__ import annotations

import re
from pathlib import Path

from app.catalogue import load_catalogue

WEB = Path(__file__).parents[2] / "app" / "web"


def drawn() -> set[str]:
    return set(
        re.findall(r'<symbol id="([\w-]+)"', (WEB / "static" / "icons.svg").read_text(encoding="utf-8"))
    )


def test_every_content_type_and_action_has_an_icon_that_is_drawn() -> None:
    resources = list(load_catalogue())
    named = {resource.icon for resource in resources}
    named |= {action.icon for resource in resources for action in resource.actions if action.icon}
    assert named - drawn() == set()


def test_every_icon_that_a_page_names_is_drawn() -> None:
    pages = [page.read_text(encoding="utf-8") for page in (WEB / "templates").rglob("*.html")]
    named = {name for page in pages for name in re.findall(r'\bicon\("([\w-]+)"\)', page)}
    assert len(named) > 50
    assert named - drawn() == set()
