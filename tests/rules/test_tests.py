"""Tests about the tests: each one runs, asserts something, and proves rows that exist."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.rules import requirements

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
Function = ast.FunctionDef | ast.AsyncFunctionDef
TOUCHING = {"raises", "fail", "warns", "deprecated_call", "unraisable"}
"""What of pytest asserts by itself."""


@cache
def modules() -> dict[str, ast.Module]:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(TESTS.rglob("*.py"))
    }


def functions(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def called(node: ast.AST) -> Iterator[str]:
    """Give the last name of everything that is called."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def asserting() -> set[str]:
    """Name the functions of the tests that assert, themselves or through others that do."""
    every = [node for tree in modules().values() for node in functions(tree)]
    known = {node.name for node in every if asserts(node, set())}
    while new := {node.name for node in every if node.name not in known and asserts(node, known)}:
        known |= new
    return known


def asserts(node: Function, known: set[str]) -> bool:
    if any(isinstance(inner, ast.Assert) for inner in ast.walk(node)):
        return True
    return any(
        name in TOUCHING or name in known or name.startswith(("assert_", "expect", "to_"))
        for name in called(node)
    )


def is_trivial(test: ast.expr) -> bool:
    """Tell whether an assertion holds whatever the program does."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Tuple):
        return bool(test.elts)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(is_trivial(value) for value in test.values)
    if isinstance(test, ast.Compare) and len(test.comparators) == 1 and isinstance(test.ops[0], ast.Eq):
        return ast.dump(test.left) == ast.dump(test.comparators[0])
    return False


def test_every_test_asserts_something() -> None:
    known = asserting()
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules().items()
        for node in functions(tree)
        if node.name.startswith("test_") and not asserts(node, known)
    ]
    assert silent == []


def test_no_assertion_holds_whatever_happens() -> None:
    trivial = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) and is_trivial(node.test)
    ]
    assert trivial == []


def test_no_test_is_hidden_by_another_of_its_name() -> None:
    for name, tree in modules().items():
        names = Counter(node.name for node in tree.body if isinstance(node, Function))
        assert [found for found, count in names.items() if count > 1] == [], name


def test_every_test_module_is_collected() -> None:
    lost = [
        name
        for name, tree in modules().items()
        if any(node.name.startswith("test_") for node in functions(tree))
        and not Path(name).name.startswith("test_")
    ]
    assert lost == []


def test_no_test_is_switched_off() -> None:
    """A test is skipped by what is missing on a machine, never for good."""
    switched_off = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and (node.value.attr, node.attr) in {("mark", "skip"), ("mark", "xfail")}
    ]
    assert switched_off == []


def test_every_mark_names_a_row_that_is_asked_for() -> None:
    asked = {row.number for row in requirements.rows()}
    assert len(asked) == 563
    assert requirements.proofs(TESTS).keys() - asked == set()


def test_the_page_of_requirements_is_up_to_date() -> None:
    wanted = requirements.report(requirements.rows(), requirements.proofs(TESTS))
    assert requirements.REPORT.read_text("utf-8") == wanted, "run `make requirements`"


def test_marks_of_a_module_a_class_and_a_function_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_a.py").write_text(
        'pytestmark = pytest.mark.proves("S0.1")\n'
        '@pytest.mark.proves("S0.2", "S0.3")\ndef test_b(): pass\n'
        'class TestC:\n    @pytest.mark.proves("S0.2")\n    def test_d(self): pass\n'
    )
    assert requirements.proofs(folder) == {
        "S0.1": ["tests/test_a.py"],
        "S0.2": ["tests/test_a.py::test_b", "tests/test_a.py::TestC::test_d"],
        "S0.3": ["tests/test_a.py::test_b"],
    }


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("assert True", True),
        ("assert (answer, 'said')", True),
        ("assert answer == 2 or True", True),
        ("assert answer == answer", True),
        ("assert answer == 2", False),
        ("assert answer", False),
    ],
)
def test_an_empty_assertion_is_seen(line: str, holds: bool) -> None:
    statement = ast.parse(line).body[0]
    assert isinstance(statement, ast.Assert)
    assert is_trivial(statement.test) is holds
