"""The page that tells what came of it: docs/performance-rooms.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.contestants import THREADS
from bench.rush.scenes import SCENES, Found
from bench.rush.stage import WORKERS
from bench.rush.week import DAYS, MINUTES, ROOMS, Week

LEAST_OF_BARE, LONGEST_P99 = 0.7, 2.0


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured: by scene the product and the control, the neighbours of the bare insert, and the week."""

    clients: int
    runs: int
    product: Mapping[str, Found]
    control: Mapping[str, Found]
    bare: Found
    week: Week

    @property
    def share(self) -> float:
        """Give how fast neighbours are held, as a share of the bare guarded insert's."""
        return self.product["neighbours"].rate / self.bare.rate

    @property
    def has_held(self) -> bool:
        """Tell whether the guard held everywhere, one slot had one winner, and the control failed."""
        one_each = set(self.product["one slot"].winners) == {1}
        all_neighbours = set(self.product["neighbours"].winners) == {self.clients}
        failed = self.control["one slot"].overlaps > 0
        return one_each and all_neighbours and failed and all(map(Found.is_right, self.product.values()))


def page(results: Results) -> str:
    """Write the page."""
    return "\n".join([*_head(results), *_table(results), *_neighbours(results), *_week(results.week), ""])


def _head(results: Results) -> list[str]:
    scenes = "; ".join(f"*{scene.name}*: {scene.about}" for scene in SCENES)
    about = (
        f"{results.clients} HTTP clients ask at once for times in one room, {results.runs} runs of each scene, after "
        f"one that is not counted ({scenes}). Clients and servers share {os.cpu_count()} cores "
        f"({platform.machine()}, Python {platform.python_version()}); each server is gunicorn with {WORKERS} "
        f"processes of {THREADS} threads, and "
        "PostgreSQL keeps what it confirms. The control asks whether a time is free and then inserts it."
    )
    made = f"Made by `make rush` on {datetime.now(UTC):%Y-%m-%d}; not edited by hand."
    return ["# Many who want a room at once", "", made, "", about, ""]


def _table(results: Results) -> list[str]:
    rows = [
        "| scene | server | winners of a run | refused | other answers | overlapping pairs | falsely refused | p99 |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|")
    for scene in SCENES:
        for server, found in (("Festoon", results.product), ("control", results.control)):
            if scene.name in found:
                rows.append(_row(scene.name, server, found[scene.name]))
    return rows


def _row(scene: str, server: str, found: Found) -> str:
    least, most = min(found.winners), max(found.winners)
    winners = str(least) if least == most else f"{least} to {most}"
    counted = f"{found.statuses[409]} | {found.failures} | {found.overlaps} | {found.refused_falsely}"
    return f"| {scene} | {server} | {winners} | {counted} | {found.p99:.2f} s |"


def _neighbours(results: Results) -> list[str]:
    ours, verdict = results.product["neighbours"], "met" if results.share >= LEAST_OF_BARE else "missed"
    told = (
        f"Neighbours were held {ours.rate:.0f} times a second, and inserted {results.bare.rate:.0f} times a second by a "
        "bare WSGI callable that does nothing but the guarded insert, over the same HTTP: a share of "
        f"{results.share:.2f} (aim {LEAST_OF_BARE}, {verdict}; decision 0031)."
    )
    return ["", "## Times that do not meet", "", told, ""]


def _week(week: Week) -> list[str]:
    told = (
        f"{week.slots} free times of {MINUTES} minutes in {DAYS} days are found with {week.statements} statements and "
        f"{week.found:.0f} ms of the program's CPU; the whole answer of the public API, {week.size / 1e6:.1f} MB of "
        f"JSON with the times in words, takes {week.told:.0f} ms."
    )
    return [f"## A week of {ROOMS} rooms", "", told]
