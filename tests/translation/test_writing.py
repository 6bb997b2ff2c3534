"""A translation stands once per record, locale and field, beside the source it was made from."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as
from app.kernel.errors import Invalid
from app.kernel.locales import best_match, direction, fallback_chain
from app.translation.models import Translation
from app.translation.sources import source_hash
from app.translation.writing import save_texts, texts_of
from tests.factories import PackageFactory, translate


@pytest.mark.proves("S0.11")
def test_a_text_stands_once_and_goes_with_its_owner(session: Session) -> None:
    package, other = PackageFactory(), PackageFactory()
    translate(package, "de", name="Paket")
    translate(package, "es", name="Paquete")
    translate(other, "de", name="Anderes")
    with pytest.raises(IntegrityError, match="uq_translation"), session.begin_nested():
        translate(package, "de", name="Zweites")
    session.execute(text("DELETE FROM package WHERE id = :id"), {"id": package.id})
    assert [row.text for row in session.query(Translation)] == ["Anderes"]


def test_a_text_keeps_the_source_it_was_made_from(session: Session) -> None:
    package = PackageFactory(name="Garden party")
    with acting_as(Actor("user", "", "Alice")):
        assert save_texts(session, "package", package, {("de", "name"): " Gartenfest "}) == 1
    session.flush()
    row = session.query(Translation).one()
    assert (row.text, row.state, row.source_revision) == ("Gartenfest", "approved", package.revision)
    assert row.source_hash == source_hash("Garden  party ")
    assert save_texts(session, "package", package, {("de", "name"): "Gartenfest"}) == 0
    assert save_texts(session, "package", package, {("de", "name"): ""}) == 1
    session.flush()
    assert texts_of(session, [package.id]) == {}


@pytest.mark.parametrize("locale", ["en", "klingonese", "x" * 40])
def test_there_is_no_translating_into_the_source_or_into_nothing(session: Session, locale: str) -> None:
    with pytest.raises(Invalid):
        save_texts(session, "package", PackageFactory(), {(locale, "name"): "x"})


@pytest.mark.parametrize(
    ("tag", "default", "chain"),
    [
        ("de-AT", "en", ("de-AT", "de", "en")),
        ("en", "en", ("en",)),
        ("de_AT", "es", ("de-AT", "de", "es", "en")),
        ("es", "es", ("es", "en")),
        ("zh-Hant-HK", "en", ("zh-Hant-HK", "zh-Hant", "zh", "en")),
    ],
)
def test_the_chain_has_no_loop(tag: str, default: str, chain: tuple[str, ...]) -> None:
    assert fallback_chain(tag, default) == chain


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("de-AT, en;q=0.5", "de"),
        ("fr, ar;q=0.7, de;q=0.9", "de"),
        ("fr", None),
        ("", None),
        ("de;q=0, es", "es"),
        ("*;q=x", None),
    ],
)
def test_a_browsers_wish_is_read(header: str, chosen: str | None) -> None:
    assert best_match(header) == chosen


def test_arabic_runs_from_right_to_left() -> None:
    assert (direction("ar"), direction("ar-EG"), direction("de")) == ("rtl", "rtl", "ltr")
