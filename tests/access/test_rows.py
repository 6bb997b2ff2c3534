"""Row rules: joined over the roles that allow the verb; no role, no row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import User
from flask_login import AnonymousUserMixin
from sqlalchemy import select

from app.access import accounts, rows
from app.domains.catalog.models import Package
from app.kernel.db import db
from tests.access.steps import make_user


@pytest.fixture
def packages(session: Any) -> None:
    for number, currency in enumerate(("EUR", "INR", "USD")):
        package = Package(
            name=currency, slug=f"rows-{number}", description="", price_minor=1, currency=currency
        )
        db.session.add(package)
    db.session.commit()


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    rows.limit("package", "Editor", lambda model, _user: model.currency == "EUR")
    rows.limit("package", "Translator", lambda model, user: model.currency == user.first_name)
    yield
    rows.lift("package", "Editor")
    rows.lift("package", "Translator")


def seen(user: Any, verb: str = "list") -> set[str]:
    condition = rows.condition("package", user, Package, verb)
    return set(db.session.scalars(select(Package.name).where(condition, Package.slug.startswith("rows-"))))


def user_with(*roles: str) -> User:
    user = make_user(*roles)
    user.first_name = "INR"
    db.session.commit()
    return user


@pytest.mark.parametrize(
    ("roles", "visible"),
    [
        (["Editor"], {"EUR"}),
        (["Translator"], {"INR"}),
        (["Editor", "Translator"], {"EUR", "INR"}),
        (["Editor", "Viewer"], {"EUR", "INR", "USD"}),
        (["Admin"], {"EUR", "INR", "USD"}),
        ([], set()),
    ],
)
def test_the_rules_of_all_roles_are_joined(packages: None, roles: list[str], visible: set[str]) -> None:
    assert seen(user_with(*roles)) == visible


def test_a_role_that_does_not_allow_the_verb_adds_no_rows(packages: None) -> None:
    """Viewer sees all rows but edits none; Editor edits its own: together they must not edit all."""
    both = user_with("Editor", "Viewer")
    assert seen(both, "list") == {"EUR", "INR", "USD"}
    assert seen(both, "edit") == {"EUR"}
    assert seen(both, "delete") == {"EUR"}
    assert seen(both, "export") == {"EUR"}
    assert seen(user_with("Editor", "Translator"), "edit") == {"EUR"}
    assert seen(user_with("Viewer"), "edit") == set()


def test_a_stranger_and_a_deactivated_user_see_no_row(packages: None) -> None:
    assert seen(AnonymousUserMixin()) == set()
    assert seen(None) == set()
    viewer = user_with("Viewer")
    accounts.set_active(viewer, False)
    assert seen(viewer) == set()


def test_a_total_is_everybodys_only_where_no_row_is_hidden(session: Any) -> None:
    assert rows.is_limited("package", user_with("Editor"))
    assert not rows.is_limited("package", user_with("Editor", "Viewer"))
    assert rows.is_limited("package", user_with("Editor", "Viewer"), "edit")
    assert rows.is_limited("package", user_with())


def test_a_role_is_limited_by_one_rule() -> None:
    with pytest.raises(ValueError, match="limited"):
        rows.limit("package", "Editor", lambda model, _user: model.is_active)


def test_the_same_rule_may_be_told_again_as_a_second_program_in_one_process_does() -> None:
    def only_euros(model: Any, _user: Any) -> Any:
        return model.currency == "EUR"

    rows.limit("package", "Moderator", only_euros)
    rows.limit("package", "Moderator", only_euros)
    assert rows.has_limits("package")
    rows.lift("package", "Moderator")


@pytest.fixture
def everybodys() -> Iterator[None]:
    rows.limit("package", rows.EVERY_ROLE, lambda model, _user: model.currency == "USD")
    rows.limit("package", rows.EVERY_ROLE, lambda model, _user: model.currency == "INR", "edit", "delete")
    yield
    rows.lift("package", rows.EVERY_ROLE)


def test_a_rule_for_every_role_holds_all_but_the_admin_and_those_with_one_of_their_own(
    packages: None, everybodys: None
) -> None:
    assert seen(user_with("Viewer")) == {"USD"}
    assert seen(user_with("Editor")) == seen(user_with("Editor"), "edit") == {"EUR"}
    assert seen(user_with("Admin")) == seen(user_with("Admin"), "edit") == {"EUR", "INR", "USD"}
    assert rows.is_limited("package", user_with("Viewer"))
    assert not rows.is_limited("package", user_with("Admin"))


def test_a_verb_may_have_a_rule_of_its_own(packages: None, everybodys: None) -> None:
    rows.lift("package", "Editor")
    editor = user_with("Editor")
    assert seen(editor, "list") == seen(editor, "export") == {"USD"}
    assert seen(editor, "edit") == seen(editor, "delete") == {"INR"}
    with pytest.raises(ValueError, match="limited"):
        rows.limit("package", rows.EVERY_ROLE, lambda model, _user: model.is_active, "edit")
    assert rows.has_limits("package")
    assert not rows.has_limits("festival")
