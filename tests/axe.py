"""What axe finds wrong on a page; asked once the page stands still."""

from __future__ import annotations

from typing import Any

EVERY = ("minor", "moderate", "serious", "critical")
_AT_REST = """async () => {
  const isMoving = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;
  const moving = () => document.getAnimations().filter(isMoving);
  for (let round = 0; round < 10 && moving().length; round += 1) {
    const pause = new Promise((done) => setTimeout(done, 500));
    await Promise.race([Promise.allSettled(moving().map((one) => one.finished)), pause]);
  }
  for (const one of moving()) one.finish();
}"""
"""What moves comes to its end. What does not in five seconds is put there: on a page of which nothing is painted
anew, time may stand still."""
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
