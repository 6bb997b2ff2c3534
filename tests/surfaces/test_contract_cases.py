"""Thousands of made-up requests against the contract: no fault of ours, and no answer that it does not name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    not_a_server_error,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import make_database

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW, MANY = 12, 400


@pytest.fixture(scope="module")
def tried_app(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Make the program on a database of its own, where everything that is tried is committed."""
    from pathlib import Path

    from flask_migrate import upgrade

    from app import create_app
    from app.kernel.db import db

    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": make_database(f"festoon_cases_{worker_id}"),
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(tmp_path_factory.mktemp("uploads")),
            "PROXY_COUNT": 1,
        }
    )
    with app.app_context():
        upgrade(str(Path(__file__).parents[2] / "migrations"))
        assert app.test_cli_runner().invoke(args=["sync"]).exit_code == 0
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def try_all(app: Flask, examples: int, number: int, headers: Any) -> dict[str, int]:
    """Try every operation with that many cases, half of them wrong on purpose; give the number tried of each."""
    schema = schemathesis.openapi.from_wsgi("/public/v1/openapi.json", app)
    tried: dict[str, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try_operation(operation, mode, examples, number, headers, tried)
    return tried


def try_operation(
    operation: Any, mode: GenerationMode, examples: int, number: int, headers: Any, tried: dict[str, int]
) -> None:
    try:
        strategy = operation.as_strategy(generation_mode=mode)
    except Exception:  # nothing of it can be wrong
        if mode is GenerationMode.POSITIVE:
            raise
        return

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def one(case: Any) -> None:
        tried[operation.label] = tried.get(operation.label, 0) + 1
        case.call_and_validate(headers=headers(sum(tried.values())), checks=CHECKS)

    one()


def as_visitor(count: int) -> dict[str, str]:
    """Come from another address each time, so that the limits let it through."""
    return {"X-Forwarded-For": f"10.{count >> 16 & 255}.{count >> 8 & 255}.{count & 255}"}


def test_no_case_finds_a_fault_or_an_answer_the_contract_does_not_name(tried_app: Flask) -> None:
    tried = try_all(tried_app, FEW, 1, as_visitor)
    assert len(tried) >= 8
    print(sum(tried.values()), tried)
