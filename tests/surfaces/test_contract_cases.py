"""Thousands of made-up requests against the contract: no fault of ours, and no answer that it does not name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
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
from sqlalchemy import select

from app.domains.members.models import Member, MemberStatus
from app.domains.members.service.devices import Surroundings, open_device
from app.domains.members.service.registering import register
from app.domains.messaging.api.operations import HEADER
from app.domains.messaging.service import open_session
from app.kernel.db import unit_of_work
from tests.conftest import make_database
from tests.factories import (
    ApprovedReviewFactory,
    AssetFactory,
    FestivalFactory,
    PackageFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW, MANY = 6, 160


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
            "CHAT_WAIT_MOST": 0,  # thousands of requests that wait for a message would wait for days
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
        case.call_and_validate(headers=headers(), checks=CHECKS)

    try:
        one()
    except Unsatisfiable:  # of a path that takes any text nothing can be wrong
        if mode is GenerationMode.POSITIVE:
            raise


class Visitor:
    """Comes from another address each time, so that the limits let it through."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.count = 0

    def __call__(self) -> dict[str, str]:
        """Give the headers of the next case."""
        self.count += 1
        number = self.count
        return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


class SignedIn(Visitor):
    """A member on a device of their own each time: a case may sign the one before out. They chat, too."""

    def __init__(self, app: Flask, member_id: Any, session_token: str) -> None:
        super().__init__(app)
        self.member_id, self.session_token = member_id, session_token

    def __call__(self) -> dict[str, str]:
        with self.app.test_request_context("/public/v1/auth/me"), unit_of_work() as session:
            member = session.get_one(Member, self.member_id)
            member.status = MemberStatus.ACTIVE.value
            tokens = open_device(member, Surroundings("Phone"))
        bearer = {"Authorization": f"Bearer {tokens.access_token}"}
        return super().__call__() | bearer | ({HEADER: self.session_token} if self.count % 2 else {})


@pytest.fixture(scope="module")
def as_visitor(tried_app: Flask) -> Visitor:
    """Give a visitor's headers, in a program that has content."""
    with tried_app.app_context(), unit_of_work():
        for _number in range(3):
            package = PackageFactory()
            translate(package, "de", name="Gartenfest")
            ThemePictureFactory(theme_id=ThemeFactory().id, asset_id=AssetFactory().id)
            FestivalFactory()
            ApprovedReviewFactory(package_id=package.id)
    return Visitor(tried_app)


@pytest.fixture(scope="module")
def as_member(tried_app: Flask) -> SignedIn:
    """Give a member's headers, each time with a fresh token, and a chat's session."""
    with tried_app.test_request_context("/public/v1/sessions"), unit_of_work() as session:
        register("tried@example.com", "eleven green lanterns", "Tried")
        member_id = session.scalar(select(Member.id))
        _session, token = open_session(locale="en")
    return SignedIn(tried_app, member_id, token)


def test_no_case_finds_a_fault_or_an_answer_the_contract_does_not_name(
    tried_app: Flask, as_visitor: Visitor
) -> None:
    tried = try_all(tried_app, FEW, 1, as_visitor)
    assert len(tried) >= 30
    assert sum(tried.values()) >= FEW * len(tried)


def test_no_case_of_a_member_does_either(tried_app: Flask, as_member: SignedIn) -> None:
    tried = try_all(tried_app, FEW, 2, as_member)
    assert sum(tried.values()) >= FEW * len(tried)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_no_case_of_twenty_thousand_does(tried_app: Flask, as_visitor: Visitor, as_member: SignedIn) -> None:
    tried = [try_all(tried_app, MANY, 3, as_visitor), try_all(tried_app, MANY, 4, as_member)]
    assert sum(sum(found.values()) for found in tried) >= 20_000
