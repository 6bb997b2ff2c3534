"""The measurement: rounds in which every server takes its turn, so that other load hits all of them."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.contestants import Contestant
from bench.environment import ROOT
from bench.load import Order, Result
from bench.matrix import Matrix
from bench.memory import Asking
from bench.processes import Cores, cpu_seconds, resident_mib, stop
from bench.serving import Server, ServerFailed, launch, wait_for_first
from bench.updates import Update
from bench.works import WORKS

CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Trial:
    """What one turn cost: CPU-seconds of the server and of the database, for so many answers."""

    server: float
    database: float
    answered: int
    seconds: float
    bytes: int

    @property
    def per_thousand(self) -> float:
        """Give the CPU-seconds for 1,000 answers, server and database."""
        return (self.server + self.database) * 1000 / self.answered

    @property
    def database_share(self) -> float:
        """Give the part of the cost that is the database's."""
        return self.database / ((self.server + self.database) or 1)


@dataclass(frozen=True, slots=True)
class Start:
    """One cold start: seconds to the first 200, and the memory of the process that gave it."""

    seconds: float
    mib: float


@dataclass(slots=True)
class Results:
    """Trials by (contestant, work), starts by contestant, and partial updates by the data they were timed with."""

    trials: dict[tuple[str, str], list[Trial]] = field(default_factory=dict)
    starts: dict[str, list[Start]] = field(default_factory=dict)
    loaded_mib: dict[str, float] = field(default_factory=dict)
    updates: dict[str, list[Update]] = field(default_factory=dict)
    matrix: Matrix | None = None
    asked: list[Asking] = field(default_factory=list)

    def cost(self, name: str, work: str) -> float | None:
        """Give the median cost of a work; None for what was not measured."""
        trials = self.trials.get((name, work))
        return statistics.median(trial.per_thousand for trial in trials) if trials else None


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure: rounds, seconds of a turn, or a fixed number of requests instead of seconds.

    `works` names those that are measured; none named, all are.
    """

    rounds: int = 5
    seconds: float = 2.5
    warm_seconds: float = 0.8
    requests: int = 0
    works: tuple[str, ...] = ()


def measure(
    servers: list[Server], stores: Sequence[int], cores: Cores, plan: Plan, tell: Callable[[str], None]
) -> Results:
    """Warm every server up, then go round after round through all works and servers."""
    results = Results()
    turns = [
        (work.name, server)
        for work in WORKS
        for server in servers
        if work.name in server.contestant.paths and work.name in (plan.works or (work.name,))
    ]
    for work, server in turns:
        _load(server, work, cores, plan.warm_seconds, plan.requests)
    for number in range(plan.rounds):
        tell(f"round {number + 1} of {plan.rounds}")
        for work, server in turns:
            trial = take_turn(server, work, stores, cores, plan)
            results.trials.setdefault((server.contestant.name, work), []).append(trial)
    for server in servers:
        results.loaded_mib[server.contestant.name] = resident_mib(server.process.pid)
    return results


def take_turn(server: Server, work: str, stores: Sequence[int], cores: Cores, plan: Plan) -> Trial:
    """Load one server with one work and read what it and the stores (PostgreSQL, Valkey) used for it."""

    def used() -> tuple[float, float]:
        return cpu_seconds(server.process.pid), sum(cpu_seconds(pid) for pid in stores)

    server_before, stores_before = used()
    result = _load(server, work, cores, plan.seconds, plan.requests)
    server_after, stores_after = used()
    return Trial(
        server_after - server_before,
        stores_after - stores_before,
        result.answered,
        result.seconds,
        result.bytes // result.answered,
    )


def _load(server: Server, work: str, cores: Cores, seconds: float, requests: int) -> Result:
    path = server.contestant.paths[work]
    body = server.contestant.bodies.get(work, "")
    order = Order(server.port, path, body, server.headers, CONNECTIONS, seconds, requests)
    core = () if cores.load is None else (str(cores.load),)
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", *core],
        input=json.dumps(asdict(order)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(f"{server.contestant.name}, {work}: {done.stderr.strip().splitlines()[-1]}")
    result = Result(**json.loads(done.stdout))
    if result.refused or not result.answered:
        raise ServerFailed(f"{server.contestant.name}, {work}: {result.refused} refused; see {server.log}")
    return result


def start_cold(
    contestants: tuple[Contestant, ...], cores: Cores, rounds: int, logs: Path
) -> dict[str, list[Start]]:
    """Start each server anew, round after round; bytecode and file cache are warm, the process is not."""
    starts: dict[str, list[Start]] = {}
    for _number in range(rounds):
        for contestant in contestants:
            server = launch(contestant, cores.server, logs)
            try:
                wait_for_first(server)
                made = Start(server.seconds_to_first, resident_mib(server.process.pid))
            finally:
                stop(server.process)
            starts.setdefault(contestant.name, []).append(made)
    return starts
