"""What there is to translate is read text by text, in one order, by one statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.translation.units import Asked, counts, find_unit, units
from tests.factories import IncludedItemFactory, PackageFactory, ThemeFactory, translate


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under the old trees")
    IncludedItemFactory(package_id=made.id, text="Soup", position=0)
    translate(made, "de", name="Gartenfest")
    session.commit()
    return made


def test_every_text_is_a_unit_with_its_words_and_its_state(session: Session, package: Any) -> None:
    found = units(session, None, Asked("de", types=("package",)), limit=10)
    assert [(unit.field, unit.source, unit.words, unit.state, unit.text) for unit in found] == [
        ("name", "Garden party", 2, "approved", "Gartenfest"),
        ("description", "Under the old trees", 4, "missing", ""),
        ("text", "Soup", 1, "missing", ""),
    ]
    assert {unit.owner_id for unit in found} == {package.id}
    assert {unit.title for unit in found} == {"Garden party"}


def test_the_queue_goes_on_after_a_unit_and_back(session: Session, package: Any) -> None:
    ThemeFactory(name="Jungle", description="")
    session.commit()
    asked = Asked("de", states=("todo",))
    first, second, third = units(session, None, asked, limit=3)
    assert [unit.source for unit in (first, second, third)] == ["Under the old trees", "Soup", "Jungle"]
    assert units(session, None, asked, after=second.key)[0] == third
    assert [unit.key for unit in units(session, None, asked, limit=5, before=third.key)] == [
        second.key,
        first.key,
    ]


# Rule 10
def test_progress_counts_what_a_recount_finds(session: Session, package: Any) -> None:
    session.execute(text("UPDATE package SET description = 'Under one tree'"))
    translate(package, "de", description="Unter einem Baum")
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    found = counts(session, None, Asked("de", types=("package",)))
    assert found == {
        ("package", "approved"): (1, 3),
        ("package", "missing"): (1, 1),
        ("package", "stale"): (1, 2),
        ("package", "outdated"): (1, 2),
        ("package", "suggested"): (0, 0),
    }
    every = units(session, None, Asked("de", types=("package",)), limit=100)
    assert sum(unit.words for unit in every if unit.is_done) == found["package", "approved"][1]


def test_one_statement_whatever_the_number(
    session: Session, package: Any, count_statements: Callable[[], Any]
) -> None:
    for _ in range(20):
        PackageFactory()
    session.commit()
    with count_statements() as seen:
        assert len(units(session, None, Asked("de"), limit=50)) > 20
    assert len(seen) == 1
    with count_statements() as seen:
        counts(session, None, Asked("de"))
    assert len(seen) == 1


def test_a_unit_is_found_by_its_place(session: Session, package: Any) -> None:
    unit = find_unit(session, None, "package", package.id, "name", "de")
    assert unit is not None
    assert unit.is_done
    assert find_unit(session, None, "package", package.id, "slug", "de") is None
