"""Before anything is measured: do all servers give the same content?"""

from __future__ import annotations

from typing import Any

from bench.contestants import Answer
from bench.serving import Server
from bench.works import WORKS

COMPARED: dict[str, tuple[str, ...]] = {
    "W1": ("id", "name", "description", "rating_average", "rating_count", "price", "languages"),
    "W2": ("id", "name", "description", "rating_average", "rating_count", "languages"),
    "W3": ("id", "author_name", "message", "rating", "picture", "package", "theme"),
    "W4": ("client_name", "client_email", "event_on", "place", "guests", "status", "price"),
}
PICTURE = ("id", "url", "width", "height", "blurhash", "focal", "srcset", "thumb")
CHILDREN = {"W1": ("items", "pictures"), "W2": ("pictures",)}
EXPECTED = {"W1": 24, "W2": 1, "W3": 25, "W4": 1, "W5": 25, "W5d": 25}


class Disagreement(Exception):
    """Two servers answer differently; a comparison of their cost would mean nothing."""


def check(servers: list[Server]) -> list[str]:
    """Compare every answer with that of the statement written by hand; tell what was compared."""
    told = []
    for work in WORKS:
        answers = {
            server.contestant.name: server.contestant.read(work.name, _answer(server, work.name))
            for server in servers
            if work.name in server.contestant.paths
        }
        answers = {name: answer for name, answer in answers.items() if answer.records}
        _compare(work.name, answers)
        told.append(f"{work.name}: {', '.join(answers)} give the same {EXPECTED[work.name]} records")
    return told


def _answer(server: Server, work: str) -> bytes:
    path, body = server.contestant.paths[work], server.contestant.bodies.get(work)
    return server.get(path) if body is None else server.post(path, body)


def _compare(work: str, answers: dict[str, Answer]) -> None:
    reference = answers["one statement"]
    if len(reference.records) != EXPECTED[work]:
        raise Disagreement(f"{work}: {len(reference.records)} records instead of {EXPECTED[work]}")
    totals = {answer.total for answer in answers.values()} - {None}
    if len(totals) > 1:
        raise Disagreement(f"{work}: the totals differ: {sorted(totals)}")
    for name, answer in answers.items():
        compare = _compare_rows if work.startswith("W5") else _compare_records
        compare(work, name, answer, reference)


def _compare_records(work: str, name: str, answer: Answer, reference: Answer) -> None:
    for ours, theirs in zip(answer.records, reference.records, strict=True):
        for field in COMPARED[work]:
            _same(f"{work} {name} {field}", _fact(ours, field), _fact(theirs, field))
        for group in CHILDREN.get(work, ()):
            _same(
                f"{work} {name} {group}",
                [_told(row) for row in ours[group]],
                [_told(row) for row in theirs[group]],
            )


def _compare_rows(work: str, name: str, answer: Answer, reference: Answer) -> None:
    _same(
        f"{work} {name} rows", [row["id"] for row in answer.records], [row["id"] for row in reference.records]
    )
    for ours, theirs in zip(answer.records, reference.records, strict=True):
        for field in ("client_name", "place", "package"):
            if "page" in ours and theirs[field] and theirs[field] not in ours["page"]:
                raise Disagreement(f"{work} {name}: its page does not show {field} {theirs[field]!r}")


def _fact(record: dict[str, Any], field: str) -> Any:
    """Give a fact; of an amount only the number and the currency, however else it is written."""
    if field == "languages":  # ours has addresses by language besides, which the others were not asked for
        return {name: tag for name, tag in record[field].items() if name != "slug"}
    if field != "price" or "total" not in record:
        return record[field]
    return record["total"]["minor"], record["total"]["currency"]


def _told(child: dict[str, Any]) -> tuple[Any, ...]:
    picture = child.get("picture") or {}
    return (
        child.get("text", child.get("alt")),
        child["languages"],
        *(picture.get(name) for name in PICTURE),
    )


def _same(what: str, ours: Any, theirs: Any) -> None:
    if ours != theirs:
        raise Disagreement(f"{what}: {ours!r} is not {theirs!r}")
