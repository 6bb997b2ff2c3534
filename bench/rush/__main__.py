"""Run everything and write docs/performance-rooms.md; the exit status tells whether the guard held."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.environment import HOME, ROOT
from bench.rush.report import Results, page
from bench.rush.scenes import SCENES, Found, play
from bench.rush.stage import Stage, staging
from bench.rush.week import measure

CLIENTS, RUNS = 500, 20
PAGE = ROOT / "docs" / "performance-rooms.md"
HOLDS = "/public/v1/holds"


def main(arguments: list[str]) -> int:
    """Measure, print and write the page; a smaller try is printed alone."""
    options = _read(arguments)
    with staging(options.folder) as stage:
        product = _all_scenes(stage, stage.product, HOLDS, options, "Festoon")
        control = _all_scenes(stage, stage.control, "/", options, "control")
        bare = play(SCENES[-1], stage.bare, "/", stage.rooms[0], options.clients, options.runs)
        week = measure(stage.url, stage.redis_url)
    results = Results(options.clients, options.runs, product, control, bare, week)
    told = page(results)
    print(told)
    if (options.clients, options.runs) == (CLIENTS, RUNS):
        PAGE.write_text(told, encoding="utf-8")
    return 0 if results.has_held else 1


def _all_scenes(
    stage: Stage, port: int, path: str, options: argparse.Namespace, name: str
) -> dict[str, Found]:
    """Play every scene in a room of its own."""
    found = {}
    for scene, room in zip(SCENES, stage.rooms, strict=False):
        print(f"{name}: {scene.name}", file=sys.stderr, flush=True)
        found[scene.name] = play(scene, port, path, room, options.clients, options.runs)
    return found


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.rush", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--folder", type=Path, default=HOME / "rush")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
