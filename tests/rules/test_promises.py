"""What is promised about the project itself: how it is checked, documented and decided."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask

from app.surfaces.contract.openapi import document

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("kernel", "access", "domains", "surfaces", "media", "translation", "mail", "web", "journeys")


@pytest.mark.proves("S0.49", "S0.50")
def test_ci_runs_the_readmes_test_command_over_every_part_and_skips_nothing() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert re.search(r"^make test\b", readme, re.MULTILINE)
    assert re.search(r"^[^#\n]*\bmake\b.* test$", ci, re.MULTILINE)
    assert "FESTOON_REQUIRE_BROWSER=1" in ci and "set -euo pipefail" in ci
    assert [part for part in PARTS if not list((ROOT / "tests" / part).rglob("test_*.py"))] == []


@pytest.mark.proves("S0.62")
def test_a_public_function_or_class_without_a_docstring_does_not_pass_the_gate() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert lint["select"] == ["ALL"]
    assert not {"D", "D1", "D100", "D101", "D102", "D103", "D104"} & set(lint["ignore"])
    loosened = {place for place, rules in lint["per-file-ignores"].items() if {"D", "D1"} & set(rules)}
    assert loosened == {"tests/**", "migrations/**", "bench/**"}
    bare = []
    for file in (ROOT / "app").rglob("*.py"):
        for node in ast.parse(file.read_text("utf-8")).body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):
                bare.append(f"{file.name}: {node.name}")
    assert bare == []


@pytest.mark.proves("S0.66")
def test_each_decision_says_what_why_and_at_what_cost_and_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    pages = sorted(folder.glob("[0-9]*.md"))
    assert len(pages) >= 10
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text("utf-8")
        assert f"({page.name})" in index, page.name
        for part in ("**Decided", "**Why", "**Costs"):
            assert part in text, f"{page.name} has no part {part}"


@pytest.mark.proves("S1.43")
def test_the_contract_holds_a_schema_for_everything_that_signing_in_takes_and_gives(app: Flask) -> None:
    with app.app_context():
        schemas = document(app, app.extensions["catalogue"])["components"]["schemas"]
    wanted = {
        "Register", "Login", "Refresh", "Logout", "Token", "Address", "NewPassword", "PasswordChange", "Profile",
        "OwnMember", "MemberAnswer", "TokensAnswer", "AcceptedAnswer", "SignedInDevice",
    }  # fmt: skip
    assert wanted <= set(schemas)
    assert len(wanted) >= 12
    assert all(schemas[name]["properties"] for name in wanted)
