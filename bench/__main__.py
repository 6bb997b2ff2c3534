"""`python -m bench`: fill, check, measure, write docs/performance.md; the exit status tells the verdict."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.kernel.embedded import EmbeddedError
from bench import agreement, report
from bench.agreement import Disagreement
from bench.contestants import Contestant, contestants, festoon_environment
from bench.database import Stage, staging, with_demo
from bench.environment import HOME, ROOT
from bench.matrix import time_matrix
from bench.memory import time_memory
from bench.processes import Cores, choose_cores
from bench.rounds import Plan, measure, start_cold
from bench.serving import ServerFailed, serving
from bench.updates import Update, time_updates
from bench.verdict import is_passed, judge, told
from bench.works import TooLittleData, read_subjects

QUICK = Plan(rounds=5, seconds=0.6, warm_seconds=0.4)


def main(arguments: list[str]) -> int:
    """Run the whole measurement."""
    options = _read(arguments)
    plan = QUICK if options.quick else Plan()
    plan = replace(plan, works=tuple(options.works))
    if options.requests:
        plan = replace(plan, rounds=options.rounds, requests=options.requests)
    run = run_all(options.folder, options.factor, plan)
    report.write(options.output, run)
    verdicts = judge(run.results)
    for verdict in verdicts:
        target = verdict.target
        word = "met" if verdict.is_met else "missed"
        print(
            f"{target.work}: {told(verdict.ratio)} of {target.against}, at most {told(target.most)}: {word}"
        )
    print(f"written to {options.output}")
    return 0 if is_passed(verdicts) else 1


def run_all(folder: Path, factor: float, plan: Plan) -> report.Run:
    """Fill, compare, measure and start cold; everything that is started is stopped again."""
    cores = choose_cores()
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with staging(folder, factor, cores, tell) as stage:
        subjects = read_subjects(stage.url)
        everybody: tuple[Contestant, ...] = contestants(stage.url, stage.redis_url, subjects)
        with serving(everybody, cores, logs) as servers:
            checks = agreement.check(servers)
            results = measure(servers, stage.pids, cores, plan, tell)
            if not plan.works:
                tell("partial updates")
                results.updates["the large set"] = time_updates(servers[0], stage.url)
                results.matrix = time_matrix(stage)
                results.asked = time_memory(stage)
        if not plan.works:
            results.updates["the demo"] = _updates_of_demo(stage, everybody[0], cores, logs)
            tell("cold starts")
            results.starts = start_cold(everybody, cores, plan.rounds, logs)
        facts = report.Facts.gather(stage.url, cores)
    return report.Run(results, everybody, subjects, plan, facts, checks)


def _updates_of_demo(stage: Stage, ours: Contestant, cores: Cores, logs: Path) -> list[Update]:
    """Time the partial updates with what a new business has."""
    url = with_demo(stage, tell)
    small = replace(ours, environment=festoon_environment(url, stage.redis_url))
    with serving((small,), cores, logs) as servers:
        return time_updates(servers[0], url)


def tell(sentence: str) -> None:
    """Say how far the run is."""
    print(sentence, file=sys.stderr, flush=True)


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short turns, about two minutes")
    parser.add_argument("--factor", type=float, default=1.0, help="a part of the large set: 0.1 is a tenth")
    parser.add_argument(
        "--requests", type=int, default=0, help="turns of so many requests instead of seconds"
    )
    parser.add_argument("--rounds", type=int, default=5, help="with --requests: how many rounds")
    parser.add_argument(
        "--works", nargs="*", default=[], help="measure these alone, such as W4; no cold starts"
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs" / "performance.md", help="the page to write"
    )
    parser.add_argument("--folder", type=Path, default=HOME, help="where the database and the logs are kept")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ServerFailed, Disagreement, TooLittleData, EmbeddedError) as fault:
        sys.exit(str(fault))
    except KeyboardInterrupt:
        sys.exit("Stopped; nothing was written.")
