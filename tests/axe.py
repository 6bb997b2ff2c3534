"""What axe finds wrong on a page; asked once the page stands still."""

from __future__ import annotations

from typing import Any

EVERY = ("minor", "moderate", "serious", "critical")
_AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter((moving) => moving.effect.getComputedTiming().endTime !== Infinity)
  .map((moving) => moving.finished))"""


def faults(
    page: Any, impacts: tuple[str, ...] = ("serious", "critical"), rules: tuple[str, ...] = ()
) -> list[str]:
    """Give each fault of these impacts with the first element it concerns; of some rules alone when named.

    A colour that is halfway through a change has a contrast that nobody ever reads: wait for its end.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(_AT_REST)
    # A frame of ours runs no script: axe would wait a minute for its answer.
    options: dict[str, Any] = {"resultTypes": ["violations"], "iframes": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found if fault["impact"] in impacts
    ]
