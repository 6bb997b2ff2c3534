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
from bench.matrix import Matrix
from bench.processes import Cores
from bench.rounds import CONNECTIONS, Plan, Results
from bench.verdict import judge, told
from bench.works import WORKS, Subjects

LONGEST_START, MOST_MIB = 1.3, 100

COST = """## Cost

CPU-seconds per 1,000 works, server and database together; smaller is better. In brackets the answers per
second that one core gave.
"""

TARGETS = """
## Targets of this stage

Without any response cache, as a share of what the peer needs in this run.
"""

STARTS = f"""
## W6: cold start and memory

Seconds from the start of the process to its first 200 (least, median, most), and MiB resident in the process
that answers: after that first answer, and after the load. The final targets are {LONGEST_START} s and
{MOST_MIB} MiB.
"""

UPDATES = """
## Partial updates of the staff screens

Milliseconds from the request to the last byte of the answer, one after the other, on the core that the servers
share: median, and what 95 of 100 stay under, with the large set and with the demo. Reported only; with the demo's
data nobody should wait longer than 100 ms.
"""

MATRIX = """
## Records by language

How the texts of records stand in each language, read for the list by language: milliseconds in the program's own
process, on the database of the large set. Reported only; 150 is the aim.
"""

ASKED = """
## Memory and glossary

What a translator waits for at every text: what was approved before for a source with one word in ten changed, and
the terms in it. Milliseconds in the program's own process; all entries are of one language. Reported only.
"""

SPREAD = """
## Spread

CPU-seconds per 1,000 works: least, median, most; the database's share of it; the bytes of an answer with its head.
"""


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
        pinned = "" if cores.server is None else ", one for servers and PostgreSQL, one for the load"
        pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", REQUIREMENTS.read_text(), re.MULTILINE))
        named = ("fastapi", "pydantic", "sqlalchemy", "asyncpg", "uvicorn", "uvloop")
        return cls(
            datetime.now(UTC),
            f"{os.cpu_count()} cores ({model}){pinned}; Python {platform.python_version()}",
            str(postgres[0]).split()[0] if postgres else "",
            ", ".join(f"{name} {pins[name]}" for name in named),
        )


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run knows when it is over."""

    results: Results
    contestants: Sequence[Contestant]
    subjects: Subjects
    plan: Plan
    facts: Facts
    checks: Sequence[str]


def write(path: Path, run: Run) -> None:
    """Write the page."""
    sections = (
        _head(run),
        COST,
        _costs(run),
        _legend(run.contestants),
        TARGETS,
        _verdicts(run.results),
        STARTS,
        _starts(run),
        UPDATES,
        _updates(run.results),
        *((MATRIX, _matrix(run.results.matrix)) if run.results.matrix else ()),
        *((ASKED, _asked(run.results)) if run.results.asked else ()),
        SPREAD,
        _spread(run),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(sections))


def _head(run: Run) -> str:
    facts, subjects, plan = run.facts, run.subjects, run.plan
    turn = f"{plan.requests} requests" if plan.requests else f"{plan.seconds:g} s"
    compared = "\n".join(f"- {check}" for check in run.checks)
    return f"""# What Festoon costs, beside its peers

Made by `make bench` on {facts.at:%Y-%m-%d}; not edited by hand.

- Machine: {facts.machine}; PostgreSQL {facts.postgres}; {facts.versions}.
- Data: {subjects.bookings:,} bookings, {subjects.confirmed:,} of them confirmed; the deep page is number
  {subjects.deep_page:,}. Everybody reads the same tables of the same database.
- Method: one process a server ({THREADS} threads where it has threads), {CONNECTIONS} connections in a closed
  loop, {plan.rounds} rounds in which every server takes its turn of {turn} at every work; medians. The
  figure is the CPU time of the server's processes, of PostgreSQL's and of Valkey's during the turn, read from
  `/proc`, divided by the answers. A turn ends when its last answer is whole. Only ratios within one run mean
  anything.
- W4: Festoon writes the booking with its first step, its domain event, its history and its search entries,
  in one statement; the others insert one row into a table of their own, with the same rows, columns and indexes and
  no triggers.
- Festoon runs in production mode with no response cache. It remembers the total of a filtered list for
  some seconds, as its answers say (`total_is_estimate`); the others count for every page, as is usual.

Before measuring, the answers were compared:

{compared}
"""


def _costs(run: Run) -> str:
    names = [work.name for work in WORKS]
    rows = [
        [contestant.name, *(_cost(run.results, contestant.name, work) for work in names)]
        for contestant in run.contestants
    ]
    return _table(["", *names], rows)


def _cost(results: Results, name: str, work: str) -> str:
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
    return f"{works}\n\n{peers}"


def _verdicts(results: Results) -> str:
    rows = []
    for verdict in judge(results):
        target = verdict.target
        word = ("met" if verdict.is_met else "missed") + ("" if target.gates else " (for comparison)")
        rows.append([target.work, target.against, told(target.most), told(verdict.ratio), word])
    return _table(["work", "against", "at most", "measured", "verdict"], rows)


def _starts(run: Run) -> str:
    rows = []
    for contestant in run.contestants:
        if starts := run.results.starts.get(contestant.name):
            fresh = statistics.median(start.mib for start in starts)
            loaded = run.results.loaded_mib.get(contestant.name, 0)
            seconds = _least_median_most([start.seconds for start in starts])
            rows.append([contestant.name, seconds, f"{fresh:.0f}", f"{loaded:.0f}"])
    return _table(["", "seconds to first 200", "MiB then", "MiB after the load"], rows)


def _updates(results: Results) -> str:
    rows: dict[str, list[str]] = {}
    for found in results.updates.values():
        for each in found:
            rows.setdefault(each.about, [each.about]).extend([f"{each.median:.1f}", f"{each.most:.1f}"])
    heads = [head for data in results.updates for head in (f"{data}: median", "95 of 100")]
    return _table(["what", *heads], list(rows.values()))


def _matrix(matrix: Matrix) -> str:
    row = [f"{matrix.records:,}", str(matrix.languages), str(matrix.statements)]
    row += [f"{matrix.median:.0f}", f"{matrix.most:.0f}"]
    return _table(["records", "languages", "statements", "median", "95 of 100"], [row])


def _asked(results: Results) -> str:
    rows = [
        [one.what, f"{one.stored:,}", f"{one.answered}", f"{one.median:.1f}", f"{one.most:.1f}"]
        for one in results.asked
    ]
    return _table(["asked", "stored", "answers of 100", "median", "95 of 100"], rows)


def _spread(run: Run) -> str:
    rows = []
    for work in WORKS:
        for contestant in run.contestants:
            if trials := run.results.trials.get((contestant.name, work.name)):
                figures = _least_median_most([trial.per_thousand for trial in trials])
                share = statistics.median(trial.database_share for trial in trials)
                rows.append([work.name, contestant.name, figures, f"{share:.0%}", f"{trials[-1].bytes:,}"])
    return _table(["work", "server", "least, median, most", "database", "bytes"], rows)


def _least_median_most(figures: Sequence[float]) -> str:
    return ", ".join(_figure(value) for value in (min(figures), statistics.median(figures), max(figures)))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"
