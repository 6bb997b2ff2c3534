"""A decision shows or hides a review and keeps the stars of what it is about right."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domains.catalog.models import Package
from app.domains.reviews.errors import AlreadyDecided
from app.domains.reviews.service import approve, recount, reject
from tests.factories import PackageFactory, ReviewFactory, ThemeFactory


def test_the_stars_follow_the_decisions(session: Session) -> None:
    package = PackageFactory()
    good, bad = ReviewFactory(package_id=package.id, rating=5), ReviewFactory(package_id=package.id, rating=2)
    assert package.rating_average is None
    approve(good)
    approve(bad)
    assert (package.rating_sum, package.rating_count, package.rating_average) == (7, 2, 3.5)
    reject(bad)
    assert (package.rating_sum, package.rating_count) == (5, 1)
    assert bad.decided_at is not None


def test_the_mean_is_the_same_in_python_and_in_sql(session: Session) -> None:
    packages = [
        PackageFactory(rating_sum=stars, rating_count=count) for stars, count in ((87, 20), (17, 4), (25, 6))
    ]
    session.flush()
    told = dict(session.execute(select(Package.id, Package.rating_average)).all())
    assert [package.rating_average for package in packages] == [4.4, 4.3, 4.2]
    assert [float(told[package.id]) for package in packages] == [4.4, 4.3, 4.2]


def test_a_second_equal_decision_is_refused(session: Session) -> None:
    review = ReviewFactory()
    approve(review)
    with pytest.raises(AlreadyDecided):
        approve(review)


def test_a_recount_repairs_what_plain_sql_broke(session: Session) -> None:
    package, theme = PackageFactory(), ThemeFactory()
    approve(ReviewFactory(package_id=package.id, rating=4))
    approve(ReviewFactory(theme_id=theme.id, rating=3))
    session.execute(text("UPDATE package SET rating_sum = 99, rating_count = 9"))
    session.execute(text("UPDATE theme SET rating_sum = 0, rating_count = 0"))
    session.expire_all()
    recount(session)
    assert (package.rating_sum, package.rating_count) == (4, 1)
    assert (theme.rating_sum, theme.rating_count) == (3, 1)


@pytest.mark.proves("S0.8")
@pytest.mark.parametrize("rating", [0, 6, -1])
def test_the_database_refuses_stars_out_of_bounds(session: Session, rating: int) -> None:
    with pytest.raises(IntegrityError, match="ck_review_rating"), session.begin_nested():
        ReviewFactory(rating=rating)


def test_a_review_is_of_one_thing(session: Session) -> None:
    package, theme = PackageFactory(), ThemeFactory()
    with pytest.raises(IntegrityError, match="one_subject"), session.begin_nested():
        ReviewFactory(package_id=package.id, theme_id=theme.id)
