"""How long it takes to read how 1,000 records stand in 8 languages: one statement, over the large set."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from bench.contestants import festoon_environment
from bench.database import Stage
from bench.environment import ROOT

RECORDS, LANGUAGES, WARM, ASKED = 1_000, 8, 3, 20
MORE = ("fr", "it", "pt", "nl", "pl", "sv")


@dataclass(frozen=True, slots=True)
class Matrix:
    """So many records and languages, in how many statements, and the milliseconds: median and 95 of 100."""

    records: int
    languages: int
    statements: int
    median: float
    most: float


def time_matrix(stage: Stage) -> Matrix:
    """Read it in a process of its own, as the program is configured; what it needs is rolled back."""
    command = [sys.executable, "-m", "bench.matrix"]
    environment = festoon_environment(stage.url, stage.redis_url)
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return Matrix(**json.loads(done.stdout.splitlines()[-1]))


def _read() -> Matrix:
    from sqlalchemy import delete, event, select
    from sqlalchemy.engine import Engine

    from app import create_app
    from app.kernel import languages
    from app.kernel.db import db
    from app.surfaces.screens.ways.languages import standings

    app = create_app()
    with app.app_context():
        session = db.session()
        wanted = LANGUAGES - len(languages.content_locales())
        session.add_all(languages.Language(tag=tag, position=50) for tag in MORE[: max(0, wanted)])
        session.commit()  # what is not committed, the program asks for again each time
        resource = app.extensions["catalogue"]["package"]
        keys = [str(key) for key in session.scalars(select(resource.model.id).limit(RECORDS))]
        seen: list[str] = []
        event.listen(Engine, "before_cursor_execute", lambda _c, _cur, statement, *_r: seen.append(statement))
        took = []
        for _ in range(WARM + ASKED):
            seen.clear()
            begun = time.perf_counter()
            found = standings(resource, keys)
            took.append((time.perf_counter() - begun) * 1000)
        told = {tag for _key, tag in found}
        statements = len(seen)
        session.execute(delete(languages.Language).where(languages.Language.tag.in_(MORE)))
        session.commit()
    took = sorted(took[WARM:])
    most = took[int(len(took) * 0.95)]
    return Matrix(len(keys), len(told), statements, statistics.median(took), most)


if __name__ == "__main__":
    from dataclasses import asdict

    print(json.dumps(asdict(_read())))
