"""What axe finds wrong on a page; asked once the page stands still."""

from __future__ import annotations

from typing import Any

EVERY = ("minor", "moderate", "serious", "critical")
_AT_REST = """async () => {
  const isMoving = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;
  for (let moving; (moving = document.getAnimations().filter(isMoving)).length;)
    await Promise.allSettled(moving.map((one) => one.finished));
}"""
_RUN = """(options) => axe.run(document, options).then(({ violations }) =>
  violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0].html })))"""


def faults(
    page: Any, impacts: tuple[str, ...] = ("serious", "critical"), rules: tuple[str, ...] = ()
) -> list[str]:
    """Give each fault of these impacts with the first element it concerns; of some rules alone when named.

    A colour that is halfway through a change has a contrast that nobody ever reads: wait for its end.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(_AT_REST)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    # A frame of ours runs no script: axe would wait a minute for its answer.
    options: dict[str, Any] = {"resultTypes": ["violations"], "iframes": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = page.evaluate(_RUN, options)
    return [f"{fault['id']}: {fault['html'][:200]}" for fault in found if fault["impact"] in impacts]
