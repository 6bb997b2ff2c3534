"""`make requirements`: writes docs/requirements.md, which row is proved by which test, from the `proves` marks."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = ROOT / "docs" / "requirements-rows.txt"
REPORT = ROOT / "docs" / "requirements.md"
_Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement: its number, what it asks for, and what must be seen."""

    number: str
    asked: str
    seen: str

    @property
    def source(self) -> str:
        """Give the document it comes from."""
        return self.number.partition(".")[0]


def rows() -> list[Row]:
    """Read every requirement, in the order of the list."""
    return [Row(*line.split("\t")) for line in ROWS.read_text("utf-8").splitlines()]


def proofs(folder: Path) -> dict[str, list[str]]:
    """List for each number the tests under `folder` that are marked to prove it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder.parent).as_posix()
        for number, name in _marks(ast.parse(path.read_text("utf-8"))):
            test = f"{place}::{name}" if name else place
            if test not in found[number]:
                found[number].append(test)
    return found


def _marks(scope: _Scope, name: str = "") -> Iterator[tuple[str, str]]:
    """Give (number, test) for the marks of a scope and of those inside it; a class's or module's covers all."""
    for node in _own(scope):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _marks(node, f"{name}::{node.name}" if name else node.name)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "proves":
            for argument in node.args:
                yield str(ast.literal_eval(argument)), name


def _own(scope: _Scope) -> Iterator[ast.AST]:
    """Walk what belongs to a scope, without entering the functions and classes in it."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            waiting = [*ast.iter_child_nodes(node), *waiting]


def report(asked: Sequence[Row], proved: Mapping[str, Sequence[str]]) -> str:
    """Write the page."""
    lines = [
        "# Requirements",
        "",
        "Written by `make requirements` from the `proves` marks of the tests. A row is met when a test proves it.",
        "",
        "| source | rows | proved | open |",
        "| --- | ---: | ---: | ---: |",
    ]
    for source in dict.fromkeys(row.source for row in asked):
        every = [row for row in asked if row.source == source]
        met = sum(row.number in proved for row in every)
        lines.append(f"| {source} | {len(every)} | {met} | {len(every) - met} |")
    met = sum(row.number in proved for row in asked)
    lines.append(f"| all | {len(asked)} | {met} | {len(asked) - met} |")
    lines += ["", "## Proved", "", "| row | asked for | to be seen | test |", "| --- | --- | --- | --- |"]
    for row in asked:
        if tests := proved.get(row.number):
            lines.append(f"| {row.number} | {row.asked} | {row.seen} | {_tests(tests)} |")
    lines += ["", "## Open", "", "| row | asked for | to be seen |", "| --- | --- | --- |"]
    lines += [f"| {row.number} | {row.asked} | {row.seen} |" for row in asked if row.number not in proved]
    return "\n".join(lines) + "\n"


def _tests(tests: Sequence[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests)


def main() -> int:
    """Write the page and say how many rows are proved."""
    asked, proved = rows(), proofs(ROOT / "tests")
    if unknown := sorted(proved.keys() - {row.number for row in asked}):
        print(f"No such row: {', '.join(unknown)}.", file=sys.stderr)  # noqa: T201  # a command prints
        return 1
    REPORT.write_text(report(asked, proved), "utf-8")
    print(f"{len(proved)} of {len(asked)} rows are proved; {REPORT.relative_to(ROOT)} names the tests.")  # noqa: T201  # a command prints
    return 0


if __name__ == "__main__":
    sys.exit(main())
