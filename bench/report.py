"""The page that tells what was measured: docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench.contestants import THREADS, Contestant
from bench.environment import REQUIREMENTS
from bench.processes import Cores
from bench.rounds import CONNECTIONS, Plan, Results
from bench.works import WORKS, Subjects

OURS = "festoon"
FASTAPI = "fastapi"
STOCK = "flask-appbuilder"


@dataclass(frozen=True, slots=True)
class Target:
    """A work must cost at most `most` of what the peer needs for it."""

    work: str
    peer: str
    most: float
    gates: bool = True


TARGETS = (
    Target("W1", FASTAPI, 1 / 3),
    Target("W2", FASTAPI, 1 / 3),
    Target("W3", FASTAPI, 1 / 2),
    Target("W5", STOCK, 1 / 10),
    Target("W5d", STOCK, 1 / 10, gates=False),
)
LONGEST_START, MOST_MIB = 1.3, 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target and the ratio that was measured."""

    target: Target
    ratio: float

    @property
    def is_met(self) -> bool:
        """Tell whether the ratio is small enough."""
        return self.ratio <= self.target.most


def judge(results: Results) -> list[Verdict]:
    """Compare the medians with the targets, where both sides were measured."""
    verdicts = []
    for target in TARGETS:
        ours, theirs = results.cost(OURS, target.work), results.cost(target.peer, target.work)
        if ours is not None and theirs is not None:
            verdicts.append(Verdict(target, ours / theirs))
    return verdicts


@dataclass(frozen=True, slots=True)
class Facts:
    """Where and when it was measured."""

    at: datetime
    machine: str
    postgres: str
    versions: str

    @classmethod
    def gather(cls, url: str, cores: Cores) -> Facts:
        """Ask the machine, the database and the list of the peer's requirements."""
        with psycopg.connect(url) as connection:
            postgres = connection.execute("SHOW server_version").fetchone()
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        model = found.group(1) if found else platform.machine()
        pinned = "" if cores.server is None else ", servers and PostgreSQL pinned to one, the load to another"
        pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", REQUIREMENTS.read_text(), re.MULTILINE))
        named = ("fastapi", "pydantic", "sqlalchemy", "asyncpg", "uvicorn", "uvloop")
        return cls(
            datetime.now(UTC),
            f"{os.cpu_count()} cores ({model}){pinned}; Python {platform.python_version()}",
            str(postgres[0]).split()[0] if postgres else "",
            ", ".join(f"{name} {pins[name]}" for name in named),
        )


def write(
    path: Path,
    results: Results,
    contestants: Sequence[Contestant],
    subjects: Subjects,
    plan: Plan,
    facts: Facts,
    checks: Sequence[str],
) -> None:
    """Write the page."""
    sections = (
        _head(facts, subjects, plan, checks),
        "## Cost\n\nCPU-seconds per 1,000 works, server and database together; smaller is better. "
        "In brackets the answers per second that one core gave.\n",
        _table(
            ["", *(work.name for work in WORKS)],
            [
                [contestant.name, *(_cell(results, contestant.name, work.name) for work in WORKS)]
                for contestant in contestants
            ],
        ),
        _legend(contestants),
        "## Targets of this stage\n\nWithout any response cache, as a share of what the peer needs in this run.\n",
        _verdicts(judge(results)),
        _starts(results, contestants),
        "## Spread\n\nCPU-seconds per 1,000 works: least, median, most; the database's share of the median; "
        "the size of an answer.\n",
        _spread(results, contestants),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(sections))


def _head(facts: Facts, subjects: Subjects, plan: Plan, checks: Sequence[str]) -> str:
    turn = f"{plan.requests} requests" if plan.requests else f"{plan.seconds:g} s"
    compared = "\n".join(f"- {check}" for check in checks)
    return f"""# What Festoon costs, beside its peers

Made by `make bench` on {facts.at:%Y-%m-%d}; not edited by hand.

- Machine: {facts.machine}; PostgreSQL {facts.postgres}; {facts.versions}.
- Data: {subjects.bookings:,} bookings, {subjects.confirmed:,} of them confirmed; page {subjects.deep_page:,} is
  the deep one. Everybody reads the same tables of the same database.
- Method: one process a server ({THREADS} threads where it has threads), {CONNECTIONS} connections in a closed loop,
  {plan.rounds} rounds in which every server takes its turn of {turn} at every work; medians. The figure is the CPU
  time of the server's processes and of all of PostgreSQL during the turn, read from `/proc`, divided by
  the answers. A turn ends when its last answer is whole. Figures of different runs are not compared,
  only the ratios within one.
- Festoon runs in production mode with no response cache. It remembers the total of a filtered list for
  some seconds, as its answers say (`total_is_estimate`); the others count for every page.

Before measuring, the answers were compared:

{compared}
"""


def _cell(results: Results, name: str, work: str) -> str:
    trials = results.trials.get((name, work))
    if not trials:
        return "-"
    rate = statistics.median(trial.answered / trial.seconds for trial in trials)
    return f"{_figure(results.cost(name, work) or 0)} ({rate:,.0f})"


def _figure(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _legend(contestants: Sequence[Contestant]) -> str:
    works = "\n".join(f"- {work.name}: {work.about}." for work in WORKS)
    peers = "\n".join(f"- {contestant.name}: {contestant.about}." for contestant in contestants)
    return f"\n{works}\n\n{peers}\n"


def _verdicts(verdicts: Sequence[Verdict]) -> str:
    rows = []
    for verdict in verdicts:
        target = verdict.target
        word = ("met" if verdict.is_met else "missed") + ("" if target.gates else " (not yet asked)")
        rows.append(
            [target.work, target.peer, f"1/{1 / target.most:.0f}", f"1/{1 / verdict.ratio:.1f}", word]
        )
    return _table(["work", "against", "at most", "measured", "verdict"], rows)


def _starts(results: Results, contestants: Sequence[Contestant]) -> str:
    rows = []
    for contestant in contestants:
        starts = results.starts.get(contestant.name)
        if starts:
            seconds = [start.seconds for start in starts]
            fresh = statistics.median(start.mib for start in starts)
            loaded = results.loaded_mib.get(contestant.name, 0)
            rows.append([contestant.name, _least_median_most(seconds), f"{fresh:.0f}", f"{loaded:.0f}"])
    return (
        "\n## W6: cold start and memory\n\nSeconds from the start of the process to its first 200 (least, median, "
        "most), and MiB resident in the process that answers: after that first answer, and after the load. "
        f"The product's final targets are {LONGEST_START} s and {MOST_MIB} MiB.\n\n"
        + _table(["", "seconds to first 200", "MiB then", "MiB after the load"], rows)
    )


def _spread(results: Results, contestants: Sequence[Contestant]) -> str:
    rows = []
    for work in WORKS:
        for contestant in contestants:
            trials = results.trials.get((contestant.name, work.name))
            if trials:
                figures = [trial.per_thousand for trial in trials]
                share = statistics.median(
                    trial.database / (trial.server + trial.database or 1) for trial in trials
                )
                size = f"{trials[-1].bytes:,}"
                rows.append([work.name, contestant.name, _least_median_most(figures), f"{share:.0%}", size])
    return _table(["work", "server", "least, median, most", "database", "bytes"], rows)


def _least_median_most(figures: Sequence[float]) -> str:
    return ", ".join(_figure(value) for value in (min(figures), statistics.median(figures), max(figures)))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"
