"""A file that comes back from a translator: what is new goes in, what somebody else changed stays, all is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as
from app.surfaces.transfer.texts import read_all
from app.translation import writing
from app.translation.models import Translation, TranslationSuggestion
from app.translation.sources import source_hash
from app.translation.states import Hand
from tests.factories import PackageFactory, translate
from tests.translation.carrying import KINDS, counted, exported, imported, rows, staff, state_of


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under the trees")
    translate(made, "de", name="Gartenfest")
    session.commit()
    return made


@pytest.fixture
def translator(session: Session) -> Any:
    made = staff("Translator")
    session.commit()
    return made


@pytest.fixture
def editor(session: Session) -> Any:
    made = staff("Editor")
    session.commit()
    return made


def filled(content: str, source: str, words: str) -> str:
    """Fill an entry of a PO file in, as an editor of such files does."""
    at = content.index(f'msgid "{source}"')
    start = content.index('msgstr "', at)
    end = content.index("\n", start)
    return f'{content[:start]}msgstr "{words}"{content[end:]}'


def offered(session: Session) -> list[tuple[str, str]]:
    found = session.scalars(select(TranslationSuggestion))
    return [(one.text, one.source_hash) for one in found]


# Rule 17: a dry run first, which says what the import then does
def test_a_dry_run_tells_what_the_import_does_and_does_nothing(
    session: Session, package: Any, editor: Any
) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    before = state_of(session)
    tried = imported(session, content, editor, dry=True)
    assert state_of(session) == before
    done = imported(session, content, editor)
    assert counted(tried) == counted(done) == {"unchanged": 1, "new": 1}
    assert (tried.changes[0].before, tried.changes[0].after) == ("", "Unter den Bäumen")
    row = rows(session)["de", "description"]
    assert (row.text, row.state, row.author_id, row.approved_by_id) == (
        "Unter den Bäumen",
        "approved",
        editor.id,
        editor.id,
    )
    assert counted(imported(session, content, editor)) == {"unchanged": 2}, "a second time changes nothing"


# Rule 4
def test_what_a_translator_brings_waits_for_review_and_over_what_is_shown_is_suggested(
    session: Session, package: Any, translator: Any
) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    content = filled(content, "Garden party", "Gartenfeier")
    assert counted(imported(session, content, translator)) == {"suggested": 1, "new": 1}
    stored = rows(session)
    assert stored["de", "description"].state == "needs_review"
    assert (stored["de", "name"].text, stored["de", "name"].state) == ("Gartenfest", "approved")
    assert offered(session) == [("Gartenfeier", source_hash("Garden party"))]
    imported(session, content, translator)
    assert len(offered(session)) == 1


# Rule 17: fuzzy is unsure
def test_what_is_fuzzy_is_for_review_whoever_brings_it(session: Session, package: Any, editor: Any) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    at = content.rindex("msgctxt")
    content = f"{content[:at]}#, fuzzy\n{content[at:]}"
    assert counted(imported(session, content, editor)) == {"unchanged": 1, "new": 1}
    assert rows(session)["de", "description"].state == "needs_review"


@pytest.mark.parametrize(("role", "then"), [("Editor", "approved"), ("Translator", "needs_review")])
def test_a_machines_text_whose_mark_is_taken_off_is_right_or_for_review(
    session: Session, package: Any, role: str, then: str
) -> None:
    writing.put(session, "package", package, "de", "description", "Unter Bäumen", Hand(), tool="memory")
    session.commit()
    content = exported(session, types=("package",))
    assert "#, fuzzy" in content
    before = state_of(session)
    assert counted(imported(session, content, staff(role))) == {"unchanged": 2}
    assert state_of(session) == before
    done = imported(session, content.replace("#, fuzzy\n", ""), staff(role, "other"))
    assert counted(done) == {"unchanged": 1, "confirmed": 1}
    assert rows(session)["de", "description"].state == then


# Rule 18
def test_a_file_from_before_the_source_changed_arrives_out_of_date(
    session: Session, package: Any, editor: Any
) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    session.execute(text("UPDATE package SET description = 'Under one tree'"))
    session.commit()
    done = imported(session, content, editor)
    assert (counted(done), done.older) == ({"unchanged": 1, "new": 1}, 1)
    row = rows(session)["de", "description"]
    assert (row.text, row.state, row.source_text) == ("Unter den Bäumen", "stale", "Under the trees")
    session.execute(text("UPDATE package SET description = 'Under the trees'"))
    session.commit()
    assert rows(session)["de", "description"].state == "approved", "right again with its source"


# Rule 18
def test_a_translators_file_from_before_waits_for_review_and_says_that_it_is_older(
    session: Session, package: Any, translator: Any
) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    content = filled(content, "Garden party", "Gartenfeier")
    session.execute(text("UPDATE package SET description = 'Under one tree', name = 'Garden feast'"))
    session.commit()
    assert imported(session, content, translator).older == 2
    row = rows(session)["de", "description"]
    assert (row.state, row.source_text) == ("needs_review", "Under the trees")
    assert offered(session) == [("Gartenfeier", source_hash("Garden party"))]


# Rule 17: changed since export
def test_what_was_changed_here_since_is_told_and_not_overwritten(
    session: Session, package: Any, editor: Any
) -> None:
    writing.put(session, "package", package, "de", "description", "Unter Bäumen", Hand(approves=False))
    session.commit()
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    content = filled(content, "Garden party", "Gartenfeier")
    for row, words in zip(rows(session).values(), ("Fest im Garten", "Im Grünen"), strict=True):
        writing.put(session, "package", package, "de", row.field, words, Hand())
    session.execute(text("UPDATE translation SET state = 'needs_review' WHERE field = 'description'"))
    session.commit()
    done = imported(session, content, editor)
    assert counted(done) == {"conflict": 2}
    stored = {field: row.text for (_locale, field), row in rows(session).items()}
    assert stored == {"name": "Fest im Garten", "description": "Im Grünen"}
    assert [words for words, _hash in offered(session)] == ["Gartenfeier"], "beside the text that is shown"
    assert all("changed here" in str(line.sentence) for line in done.faults)


def test_what_nobody_touched_in_the_file_takes_nothing_back(
    session: Session, package: Any, editor: Any
) -> None:
    content = exported(session, types=("package",))
    writing.put(session, "package", package, "de", "name", "Fest im Garten", Hand())
    session.commit()
    assert counted(imported(session, content, editor)) == {"unchanged": 1, "empty": 1}
    assert rows(session)["de", "name"].text == "Fest im Garten"


def test_a_file_that_lost_its_marks_fills_what_is_missing_and_overwrites_nothing(
    session: Session, package: Any, editor: Any
) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    content = filled(content, "Garden party", "Gartenfeier")
    bare = "\n".join(line for line in content.split("\n") if not line.startswith("#."))
    assert counted(imported(session, bare, editor)) == {"conflict": 1, "new": 1}
    assert rows(session)["de", "name"].text == "Gartenfest"


# Rule 17: unknown and malformed entries are told with their lines, the rest goes in
def test_what_is_no_entry_is_told_with_its_line_and_the_rest_goes_in(
    session: Session, package: Any, editor: Any
) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    content += f'msgctxt "package.name:{package.id}"\nmsgid "Garden party"\nmsgstr "Noch einmal"\n\n'
    content += f'msgctxt "package.colour:{package.id}"\nmsgid "Red"\nmsgstr "Rot"\n\n'
    content += 'msgctxt "Button"\nmsgid "Save"\nmsgstr "Sichern"\n\nmsgid "Left"\nmsgstr "Links\n'
    lines = content.split("\n")
    done = imported(session, content, editor)
    assert counted(done) == {"unchanged": 1, "new": 1, "malformed": 3, "unknown": 1}
    assert [fault.title for fault in done.faults if fault.kind == "unknown"] == ["Red"], "as the file has it"
    told = {fault.line: str(fault.sentence) for fault in done.faults}
    assert told[lines.index('msgctxt "Button"') + 1] == "“Button” is no name of a text here."
    assert told[lines.index('msgstr "Links') + 1] == "A quotation mark is missing, or one too many."
    assert "twice" in " ".join(told.values())
    assert rows(session)["de", "description"].text == "Unter den Bäumen"


# Rule 14
def test_what_the_checks_find_wrong_is_refused_and_the_rest_goes_in(
    session: Session, package: Any, editor: Any
) -> None:
    package.description = "<p>Under the <strong>trees</strong></p>"
    package.name = "Garden"
    session.commit()
    content = exported(session, types=("package",))
    content = filled(content, "Garden", "x" * 4_000)
    done = imported(session, content, editor)
    assert counted(done) == {"refused": 1, "empty": 1}
    assert "characters" in str(done.faults[0].sentence)


# Rule 3: an import of one language leaves the others alone
def test_one_language_leaves_the_others_alone(session: Session, package: Any, editor: Any) -> None:
    translate(package, "es", name="Fiesta de jardín")
    session.commit()
    es = rows(session)["es", "name"]
    before = (es.revision, es.text, es.updated_at)
    imported(session, filled(exported(session), "Garden party", "Gartenfeier"), editor)
    es = rows(session)["es", "name"]
    assert (es.revision, es.text, es.updated_at) == before


# Rule 24: the same rights as in the queue
def test_what_somebody_may_not_translate_is_unknown_to_them(session: Session, package: Any) -> None:
    content = filled(exported(session, types=("package",)), "Under the trees", "Unter den Bäumen")
    operator = staff("Booking operator")
    assert exported(session, user=operator).count("msgctxt") == exported(session, user=operator).count(
        "canned"
    )
    assert counted(imported(session, content, operator)) == {"unknown": 2}
    assert ("de", "description") not in rows(session)


@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_entries_take_few_statements(
    session: Session, kind: str, editor: Any, count_statements: Callable[[], Any]
) -> None:
    number = 1_000 if kind == "po" else 300
    for position in range(number):
        made = PackageFactory(name=f"Party {position}", description=f"Under tree {position}")
        if position % 3 == 0:
            translate(made, "de", name=f"Feier {position}")
    session.commit()
    session.expunge_all()
    with count_statements() as reading:
        content = exported(session, kind, types=("package",))
    assert len(reading) <= 2 * number // 500 + 2
    content = content.replace(">Feier ", ">Fest ").replace('"Feier ', '"Fest ')
    with count_statements() as seen:
        done = imported(session, content, editor)
    changed = len(range(0, number, 3))
    assert counted(done) == {"changed": changed, "empty": 2 * number - changed}
    assert len(seen) <= 12 * (2 * number // 500 + 1), seen
    assert session.scalars(select(Translation.text).where(Translation.text.like("Fest %"))).all()


def test_a_file_that_breaks_off_midway_writes_nothing_at_all(
    session: Session, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.translation.files.importing._AT_ONCE", 2)
    for position in range(6):
        PackageFactory(name=f"Party {position}", description="")
    session.commit()
    lines = exported(session, "csv", types=("package",)).splitlines()
    lines[1:] = [",".join((*line.split(",")[:3], "Feier", *line.split(",")[4:])) for line in lines[1:]]
    whole = "\n".join(lines)
    with acting_as(Actor("user", str(editor.id), editor.username)):
        [outcome] = read_all([("de.csv", f'{whole}\n"x,de,"y",z\n'.encode())], editor, dry=False)
        assert "Row" in str(outcome.refusal)
        assert outcome.counts == {}
        assert rows(session) == {}
        [outcome] = read_all([("de.csv", whole.encode())], editor, dry=False)
    assert counted(outcome) == {"new": 6}
