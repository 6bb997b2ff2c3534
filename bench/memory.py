"""How long the memory and the glossary take to be asked: with 100,000 texts of one language and 5,000 terms."""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bench.contestants import festoon_environment
from bench.database import Stage
from bench.environment import ROOT

ENTRIES, TERMS, WARM, ASKED = 100_000, 5_000, 5, 100
_FILL = """
INSERT INTO memory_entry (locale, source_hash, source, opening, size, text, content_type, object_id, field, approved_at)
SELECT 'de', festoon_source_hash(s.source), s.source, p.opening, cardinality(show_trgm(p.opening)), s.source, 'package',
    gen_random_uuid(), 'name', now()
FROM unnest(CAST(:sources AS text[])) AS s(source)
CROSS JOIN LATERAL (SELECT left(festoon_plain(s.source), 200) AS opening) AS p
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked of how many, how often something was offered, and the milliseconds: median and 95 of 100."""

    what: str
    stored: int
    answered: int
    median: float
    most: float


def time_memory(stage: Stage) -> list[Asking]:
    """Ask in a process of its own, as the program is configured; what it needs is rolled back."""
    command = [sys.executable, "-m", "bench.memory"]
    environment = festoon_environment(stage.url, stage.redis_url)
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return [Asking(**facts) for facts in json.loads(done.stdout.splitlines()[-1])]


class Writer:
    """Writes sentences as long as those of content and interface are, of the words of our own pages."""

    def __init__(self) -> None:
        self.dice = random.Random(5)
        pages = sorted((ROOT / "docs").glob("*.md"))
        self.words = re.findall(r"[A-Za-z]+", " ".join(page.read_text("utf-8") for page in pages))

    def sentence(self) -> str:
        """Write a label, a sentence or a paragraph."""
        chance = self.dice.random()
        most = 3 if chance < 0.25 else 12 if chance < 0.7 else 40 if chance < 0.9 else 300
        return " ".join(self.dice.choices(self.words, k=self.dice.randint(max(1, most // 4), most)))

    def terms(self, most: int) -> set[str]:
        """Pick words and pairs of words."""
        singles = {word.lower() for word in self.words if len(word) > 4}
        pairs = {
            f"{self.dice.choice(self.words)} {self.dice.choice(self.words)}".lower() for _ in range(most)
        }
        return set(self.dice.sample(sorted(singles | pairs), most))

    def changed(self, sentence: str) -> str:
        """Change one word in ten, at least one."""
        words = sentence.split()
        for _ in range(max(1, len(words) // 10)):
            words[self.dice.randrange(len(words))] = self.dice.choice(self.words)
        return " ".join(words)


def _ask() -> list[Asking]:
    from sqlalchemy import text

    from app import create_app
    from app.kernel.db import db
    from app.translation import memory
    from app.translation.glossary.hits import load
    from app.translation.glossary.models import GlossaryTerm

    writer = Writer()
    app = create_app()
    with app.app_context():
        session = db.session()
        sources = list(dict.fromkeys(writer.sentence() for _ in range(ENTRIES * 5 // 4)))[:ENTRIES]
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text(_FILL), {"sources": sources})
        session.execute(text("ANALYZE memory_entry"))
        session.add_all(GlossaryTerm(term=term) for term in writer.terms(TERMS))
        session.flush()
        asked = [writer.changed(source) for source in writer.dice.sample(sources, WARM + ASKED)]
        index = load(session.connection())  # as other processes have it, read once
        found = [
            _timed("the memory", len(sources), asked, lambda one: memory.suggest(session, one, "de")),
            _timed("the glossary", TERMS, asked, lambda one: list(index.source.find(one))),
        ]
        session.rollback()
    return found


def _timed(what: str, stored: int, asked: list[str], ask: Callable[[str], Any]) -> Asking:
    took, answered = [], 0
    for one in asked:
        begun = time.perf_counter()
        answered += bool(ask(one))
        took.append((time.perf_counter() - begun) * 1000)
    took = sorted(took[WARM:])
    return Asking(what, stored, answered - WARM, statistics.median(took), took[int(len(took) * 0.95)])


if __name__ == "__main__":
    print(json.dumps([asdict(one) for one in _ask()]))
