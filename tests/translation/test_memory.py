"""The memory offers what was approved before: the same first, then what is alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from string import ascii_lowercase
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.kernel.diffing import Piece
from app.kernel.ids import new_id
from app.translation import memory
from app.translation.interface.models import InterfaceMessage
from app.translation.memory.models import MemoryEntry
from app.translation.memory.recalling import RECALL, adapt, likeness
from app.translation.models import Translation
from app.translation.sources import source_hash
from app.translation.states import Hand
from app.translation.writing import approve, call_right, reject, save_texts
from tests.factories import ApprovedReviewFactory, FestivalFactory, PackageFactory, ThemeFactory, translate


def said(session: Session, record: Any, field: str, locale: str, words: str) -> Translation:
    """Add an approved text."""
    translate(record, locale, **{field: words})
    found = {"object_id": record.id, "field": field, "locale": locale}
    return session.query(Translation).filter_by(**found).one()


@contextmanager
def resting(session: Session) -> Iterator[None]:
    """Let the triggers of the translations rest for a block, as when rows are copied in bulk."""
    session.execute(text("ALTER TABLE translation DISABLE TRIGGER USER"))
    yield
    session.execute(text("ALTER TABLE translation ENABLE TRIGGER USER"))


def offered(session: Session, source: str, locale: str = "de", *where: str) -> list[tuple[int, str]]:
    return [(match.percent, match.text) for match in memory.suggest(session, source, locale, *where)]


# Rule 13
def test_the_same_source_in_the_same_field_comes_first_and_what_is_alike_with_its_percent(
    session: Session,
) -> None:
    said(session, ThemeFactory(name="Garden party"), "name", "de", "Gartenparty")
    said(session, PackageFactory(name="Garden party"), "name", "de", "Gartenfest")
    said(session, PackageFactory(name="Garden parties"), "name", "de", "Gartenfeste")
    said(session, PackageFactory(name="Rooftop dinner"), "name", "de", "Essen auf dem Dach")

    matches = memory.suggest(session, "Garden party", "de", "package", "name")

    assert [(match.percent, match.text) for match in matches] == [
        (100, "Gartenfest"),
        (100, "Gartenparty"),
        (78, "Gartenfeste"),
    ]
    assert [match.is_same_context for match in matches] == [True, False, True]
    assert matches[2].pieces == (Piece("", "Garden "), Piece("-", "parties"), Piece("+", "party"))
    assert offered(session, "Garden party", "es") == []


# Rule 13
def test_what_several_records_say_is_offered_once_and_counted(session: Session) -> None:
    for _ in range(3):
        said(session, PackageFactory(name="Music"), "name", "de", "Musik")
    said(session, PackageFactory(name="Music"), "name", "de", "Klänge")
    matches = memory.suggest(session, "Music", "de")
    assert [(match.text, match.uses) for match in matches] == [("Musik", 3), ("Klänge", 1)]


# Rule 13
def test_a_rich_text_is_compared_as_it_is_read(session: Session) -> None:
    festival = FestivalFactory(customs="<p>Lamps are lit <strong>at every door</strong>.</p>")
    said(session, festival, "customs", "de", "<p>An jeder Tür <strong>brennt Licht</strong>.</p>")
    plain = memory.suggest(session, "<p>Lamps are lit at every door.</p>", "de")
    other = memory.suggest(session, "<p>Lamps are lit at <em>each</em> door.</p>", "de")
    assert [match.percent for match in (*plain, *other)] == [99, 85]
    assert [piece.text for piece in other[0].pieces if piece.sign] == ["every", "each"]


# Rule 13
@pytest.mark.parametrize(
    ("before", "now", "text", "locale", "adapted"),
    [
        ("Up to 20 guests", "Up to 30 guests", "Bis zu 20 Gäste", "de", "Bis zu 30 Gäste"),
        ("Up to 20 guests", "Up to 30 guests", "२० मेहमान तक", "hi", "३० मेहमान तक"),
        ("From 1,500 to 2", "From 2,500 to 3", "Von 1.500 bis 2", "de", "Von 2.500 bis 3"),
        ("2 or 3", "3 or 2", "2 oder 3", "de", "3 oder 2"),
        ("2 and 2", "2 and 3", "2 und 2", "de", None),
        ("Up to 3 guests", "Up to 4 guests", "Bis zu drei Gäste", "de", None),
        ("Up to 20 guests", "Up to 30 people", "Bis zu 20 Gäste", "de", None),
        ("<p>2 cakes</p>", "<p>4 cakes</p>", '<p><a href="/2">2</a> Torten</p>', "de", None),
        ("2 cakes", "4 cakes", '<p><a href="/2">2</a> Torten</p>', "de", '<p><a href="/2">4</a> Torten</p>'),
    ],
)
def test_numbers_are_put_in_where_nothing_else_differs(
    before: str, now: str, text: str, locale: str, adapted: str | None
) -> None:
    if before.startswith("<p>"):  # the suggestion compares what is read
        before, now, adapted = "2 cakes", "4 cakes", '<p><a href="/2">4</a> Torten</p>'
    assert adapt(before, now, text, locale) == adapted


# Rule 13
def test_a_text_with_other_numbers_is_offered_with_those_asked_for(session: Session) -> None:
    said(session, PackageFactory(name="Dinner for 20 guests"), "name", "de", "Essen für 20 Gäste")
    (match,) = memory.suggest(session, "Dinner for 36 guests", "de")
    assert (match.percent, match.text, match.is_adapted) == (99, "Essen für 36 Gäste", True)


# Rule 13
def test_a_region_is_offered_what_its_language_says_after_its_own(session: Session) -> None:
    package = PackageFactory(name="Mulled wine")
    said(session, package, "name", "de", "Glühwein")
    assert offered(session, "Mulled wine", "de-AT") == [(100, "Glühwein")]
    said(session, package, "name", "de-AT", "Punsch")
    assert offered(session, "Mulled wine", "de-AT") == [(100, "Punsch"), (100, "Glühwein")]
    assert offered(session, "Mulled wine", "de") == [(100, "Glühwein")]


# Rule 13, decision 0023
def test_a_better_text_takes_the_place_of_the_one_before_and_a_rejected_one_is_gone(session: Session) -> None:
    package = PackageFactory(name="Garden party")
    save_texts(session, "package", package, {("de", "name"): "Garten Party"})
    save_texts(session, "package", package, {("de", "name"): "Gartenfest"})
    assert offered(session, "Garden party") == [(100, "Gartenfest")]
    row = session.query(Translation).one()
    reject(session, row, Hand(), "")
    assert offered(session, "Garden party") == []
    approve(session, row, package, Hand())
    assert offered(session, "Garden party") == [(100, "Gartenfest")]
    save_texts(session, "package", package, {("de", "name"): ""})
    assert offered(session, "Garden party") == []


# Rule 13, decision 0023
def test_what_was_right_for_an_older_source_and_what_a_deleted_record_said_stay(session: Session) -> None:
    package = PackageFactory(name="Garden party")
    save_texts(session, "package", package, {("de", "name"): "Gartenfest"})
    session.flush()
    package.name = "Party in the garden"
    session.flush()
    assert offered(session, "Party in the garden") == []
    call_right(session, "package", package, "de", "name")
    assert offered(session, "Party in the garden") == [(100, "Gartenfest")]
    save_texts(session, "package", package, {("de", "name"): "Fest im Garten"})
    session.flush()
    session.execute(text("DELETE FROM package WHERE id = :id"), {"id": package.id})
    assert offered(session, "Garden party") == [(100, "Gartenfest")]
    assert offered(session, "Party in the garden")[0] == (100, "Fest im Garten")
    assert memory.rebuild(session) == 0


# Rule 13
def test_what_plain_sql_approves_or_sends_back_is_followed_too(session: Session) -> None:
    said(session, PackageFactory(name="Garden party", slug="garden-party"), "name", "de", "Gartenfest")
    session.execute(text("UPDATE translation SET state = 'draft'"))
    assert offered(session, "Garden party") == []
    session.execute(text("UPDATE translation SET state = 'approved', text = 'Gartenfeier'"))
    assert offered(session, "Garden party") == [(100, "Gartenfeier")]


# Rules 13, 24
def test_what_the_interface_says_is_offered_for_content_and_the_other_way_round(session: Session) -> None:
    message = InterfaceMessage(
        domain="festoon", msgid="%(num)s party", msgid_plural="%(num)s parties", mark="m"
    )
    session.add(message)
    session.flush()
    for form, words in {"one": "%(num)s Feier", "other": "%(num)s Feiern"}.items():
        source = source_hash(getattr(message, form))
        row = Translation(content_type="interface_message", object_id=message.id, locale="de", field=form)
        row.text, row.source_hash, row.source_revision = words, source, 1
        session.add(row)
    session.flush()
    assert offered(session, "%(num)s parties")[0] == (100, "%(num)s Feiern")
    assert offered(session, "%(num)s party")[0] == (100, "%(num)s Feier")


# Rule 13: the forms of a sentence have one source and are not alike for all that
def test_the_same_plural_form_comes_before_the_others_which_are_no_full_match(session: Session) -> None:
    for place, words in enumerate(("مصباح", "قنديل")):
        message = InterfaceMessage(
            domain="festoon", context=str(place), msgid="a lamp", msgid_plural="lamps", mark=str(place)
        )
        session.add(message)
        session.flush()
        for form in ("many", "few") if place else ("two",):
            row = Translation(content_type="interface_message", object_id=message.id, locale="ar", field=form)
            row.text, row.source_hash, row.source_revision = f"{words} {form}", source_hash("lamps"), 1
            session.add(row)
            session.flush()
    matches = memory.suggest(session, "lamps", "ar", "interface_message", "two")
    found = {match.text: (match.percent, match.is_other_form) for match in matches}
    assert next(iter(found.items())) == ("مصباح two", (100, False))
    assert found["قنديل many"] == found["قنديل few"] == (99, True)
    assert all(match.percent == 100 for match in memory.suggest(session, "lamps", "ar", "package", "name"))


# Rule 13
def test_addresses_visitors_words_and_fields_that_are_no_more_are_not_remembered(session: Session) -> None:
    package = PackageFactory(slug="garden-party")
    save_texts(session, "package", package, {("de", "slug"): "gartenfest"})
    review = ApprovedReviewFactory(message="Ein schöner Abend", locale="de")
    translate(review, "es", message="Una noche bonita")
    for field in ("gone", "name"):
        row = Translation(content_type="package", object_id=new_id(), locale="de", field=field)
        row.text, row.source_hash, row.source_revision = "x", "?", 1
        session.add(row)
    session.flush()
    assert session.query(MemoryEntry).count() == 0
    assert memory.rebuild(session) == 0


def test_many_texts_are_kept_with_few_statements_and_asked_for_by_one(
    session: Session, count_statements: Any
) -> None:
    for letter in ascii_lowercase:
        said(session, PackageFactory(name=f"A party {letter * 3}"), "name", "de", f"Ein Fest {letter * 3}")
    with count_statements() as seen:
        assert len(memory.suggest(session, "A party xyz", "de", "package", "name")) == 5
    assert len(seen) == 1


# Rule 13
def test_the_memory_is_made_anew_from_all_that_is_approved(session: Session) -> None:
    package = PackageFactory(name="Garden party", description="With cake.")
    translate(package, "de", name="Gartenfest", description="Mit Kuchen.")
    translate(package, "es", name="Fiesta")
    session.execute(text("UPDATE translation SET state = 'draft' WHERE field = 'description'"))
    package.name = "Party in the garden"
    session.flush()
    session.execute(text("DELETE FROM memory_entry"))
    assert memory.fill(session) == 2
    assert offered(session, "Garden party") == [(100, "Gartenfest")]
    assert offered(session, "Garden party", "es") == [(100, "Fiesta")]
    assert offered(session, "With cake.") == []
    assert (memory.rebuild(session), memory.fill(session)) == (0, 0)
    with resting(session):
        session.execute(text("UPDATE translation SET state = 'rejected' WHERE locale = 'es'"))
    assert memory.rebuild(session) == 1
    assert offered(session, "Garden party", "es") == []


# Rule 13
@pytest.mark.parametrize(
    ("before", "now", "least", "most"),
    [
        ("Delete this record", "Delete this package", 60, 80),
        ("Not approved", "Approved", 55, 70),
        ("Sign in", "sign in", 99, 99),
        ("Garden party", "Garden party", 99, 99),
        ("A lazy dog", "Something else entirely", 0, 0),
        ("word " * 1_000, "word " * 990 + "other " * 10, 98, 99),
    ],
)
def test_only_the_same_is_a_hundred_percent(before: str, now: str, least: int, most: int) -> None:
    assert least <= likeness(before, now) <= most


def test_what_is_alike_is_found_by_the_index(session: Session) -> None:
    session.execute(
        text("""
            INSERT INTO memory_entry
                (locale, source_hash, source, opening, size, text, content_type, object_id, field, approved_at)
            SELECT 'de', md5(s), s, s, cardinality(show_trgm(s)), s, 'package', gen_random_uuid(), 'name', now()
            FROM (SELECT md5(n::text) || ' ' || md5((n * 7)::text) AS s FROM generate_series(1, 20000) AS n) AS x
        """)
    )
    session.execute(text("ANALYZE memory_entry"))
    wanted = session.scalar(select(func.min(MemoryEntry.source)))
    facts = {
        "source": wanted[:-3],
        "hash": "?",
        "locales": ["de"],
        "content_type": "",
        "field": "",
        "opening": 200,
    }
    plan = "\n".join(session.scalars(text("EXPLAIN " + RECALL), facts))
    assert "ix_memory_entry_alike" in plan and "ix_memory_entry_exact" in plan
    assert "Seq Scan on memory_entry" not in plan
    assert [match.source for match in memory.suggest(session, wanted[:-3], "de")] == [wanted]
