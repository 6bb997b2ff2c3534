"""Nothing grows out of sight: the sizes of modules, functions and test modules, above all of the largest."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "handler", "handlers"}


@cache
def modules(folder: str) -> Mapping[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def largest(sizes: Mapping[str, int], limit: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > limit}


def percentile_95(sizes: Iterable[int]) -> int:
    ordered = sorted(sizes)
    return ordered[int(len(ordered) * 0.95)]


def lines(folder: str) -> dict[str, int]:
    return {name: len(text.splitlines()) for name, text in modules(folder).items()}


def functions(folder: str) -> dict[str, int]:
    return {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, text in modules(folder).items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_module_is_longer_than_400_lines_and_few_than_300() -> None:
    sizes = lines("app") | lines("bench")
    assert largest(sizes, 400) == {}
    assert percentile_95(sizes.values()) <= 300


def test_no_function_is_longer_than_50_lines_and_few_than_30() -> None:
    sizes = functions("app") | functions("bench")
    assert largest(sizes, 50) == {}
    assert percentile_95(sizes.values()) <= 30


def test_no_test_module_is_longer_than_500_lines() -> None:
    assert largest(lines("tests"), 500) == {}


def test_no_module_is_named_for_being_a_heap() -> None:
    heaps = [name for name in modules("app") if FORBIDDEN & set(Path(name).with_suffix("").parts)]
    assert heaps == []
