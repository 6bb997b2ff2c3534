"""What is exported and imported again changes nothing, whatever the texts say; other programs read what we write."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.translation import writing
from app.translation.files.entries import Entry, Place, Plural, Text
from app.translation.files.exporting import FORMATS
from app.translation.files.opening import open_file
from app.translation.interface.catalogues import plurals_for
from app.translation.interface.plurals import CATEGORIES
from app.translation.sources import source_hash
from app.translation.states import Hand
from tests.factories import IncludedItemFactory, PackageFactory, translate
from tests.translation.carrying import AT, KINDS, counted, exported, imported, state_of

NASTY = (
    "plain",
    "two\nlines",
    "three\n\nlines\n",
    "\nfirst empty",
    'a "quoted" \\ word \\n and \\\\',
    "tabs\tand\u00a0spaces\u200b",
    "carriage\rreturn\r\nboth",
    "مرحبا %(name)s في {{ party }}",
    "\u202bRTL\u202c mixed עברית",
    '<p>Under <strong>the <em>trees</em></strong><br>at <a href="https://example.com/?a=1&amp;b=2">home</a></p>',
    "</p> broken <b> and <i>x</b> <y> 1 < 2 & 3 > 2 ]]> &amp; &lt;",
    "=HYPERLINK(1)",
    "'=quoted",
    '#~ msgid "x"',
    "\ufffe\uffff\x01\x1f",
    "\u2028\u2029\x85\x0b\x0c",
    "emoji 🎉 and \U0001d518",
)  # fmt: skip
ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=80)
WORDS = st.one_of(st.sampled_from(NASTY), ANY)


def text_of(source: str, said: str, position: int = 0, **more: Any) -> Text:
    key = f"01990000-0000-7000-8000-{position:012x}"
    return Text(Place("package", "name", UUID(key)), source, said, more.pop("state", "approved"), **more)


def through(kind: str, texts: list[Text], locale: str = "ar") -> list[Entry]:
    content = "".join(FORMATS[kind].write(texts, locale, AT)).encode()
    incoming = open_file("a file", content)
    found = list(incoming.entries)
    assert incoming.language == locale
    assert all(isinstance(one, Entry) for one in found), found
    return found  # type: ignore[return-value]


# Rule 17
@pytest.mark.parametrize("kind", KINDS)
@given(source=WORDS, said=WORDS, previous=WORDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(app: Any, kind: str, source: str, said: str, previous: str) -> None:
    sent = [
        text_of(source, said, 1, previous=previous, title=previous, notes=(previous,), state="stale"),
        text_of(said, source, 2),
    ]
    back = through(kind, sent)
    assert [(one.place, one.source, one.text) for one in back] == [
        (one.place, one.source, one.text) for one in sent
    ]
    assert [one.seen for one in back] == [one.seen for one in sent]
    assert [one.is_unsure for one in back] == [one.is_unsure for one in sent]


# Rule 17: states
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["machine", "draft", "needs_review", "approved", "stale", "rejected"])
def test_what_is_not_done_is_unsure_in_every_format(app: Any, kind: str, state: str) -> None:
    [back] = through(kind, [text_of("Garden party", "Gartenfest", state=state)])
    assert back.is_unsure is (state != "approved")
    assert back.seen is not None
    assert back.seen.state == state


# Rule 15
def test_the_forms_of_a_message_are_one_entry_of_a_catalogue(app: Any) -> None:
    key, plural = uuid4(), Plural("%(num)s guest", "%(num)s guests")
    forms = plurals_for("ar").forms
    assert set(forms) == set(CATEGORIES)
    texts = [
        Text(
            Place("interface_message", name, key),
            plural.one if name == "one" else plural.other,
            f"ضيف {name}",
            "approved",
            plural=plural,
        )
        for name in forms
    ]
    content = "".join(FORMATS["po"].write(texts, "ar", AT))
    [entry] = polib.pofile(content)
    assert (entry.msgid, entry.msgid_plural) == (plural.one, plural.other)
    assert entry.msgstr_plural == {number: f"ضيف {name}" for number, name in enumerate(forms)}
    assert "nplurals=6" in polib.pofile(content).metadata["Plural-Forms"]
    back = {one.place.field: one.text for one in through("po", texts)}
    assert back == {name: f"ضيف {name}" for name in forms}


@pytest.fixture
def party(session: Session) -> Any:
    """Make a record with texts in every state, and more of whatever kind."""
    made = PackageFactory(name="Garden party", description="Under the trees")
    for position, nasty in enumerate(NASTY):
        item = IncludedItemFactory(package_id=made.id, text="Item", position=position)
        session.flush()
        statement = "UPDATE included_item SET text = :text WHERE id = :id"
        session.execute(text(statement), {"text": f"{position} {nasty}", "id": item.id})
        session.execute(
            text(
                "INSERT INTO translation (id, content_type, object_id, locale, field, text, state, source_hash,"
                " source_revision) VALUES (gen_random_uuid(), 'included_item', :id, 'de', 'text', :text,"
                " :state, :hash, 1)"
            ),
            {
                "id": item.id,
                "text": f"{nasty} {position}",
                "state": ("approved", "needs_review", "machine", "draft", "rejected")[position % 5],
                "hash": source_hash(f"{position} {nasty}"),
            },
        )
    translate(made, "de", name="Gartenfest")
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    writing.put(session, "package", made, "de", "description", "Unter Bäumen", Hand(), tool="memory")
    session.commit()
    session.expire_all()
    return made


# Rule 17: export, then import: no change
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("states", [(), ("todo",), ("needs_review", "stale")])
def test_what_is_exported_and_imported_again_changes_nothing(
    session: Session, party: Any, kind: str, states: tuple[str, ...]
) -> None:
    before = state_of(session)
    done = imported(session, exported(session, kind, states=states))
    assert set(counted(done)) <= {"unchanged", "empty"}
    assert done.total >= (len(NASTY) if not states else 3)
    assert state_of(session) == before


# Rule 17: polib
def test_what_polib_wrote_is_what_we_wrote(session: Session, party: Any, tmp_path: Path) -> None:
    content = exported(session, types=("package",))
    path = tmp_path / "texts.po"
    path.write_text(content, "utf-8", newline="")
    catalogue = polib.pofile(str(path))
    assert catalogue.metadata["Language"] == "de"
    by_context = {entry.msgctxt: entry for entry in catalogue}
    stale = by_context[f"package.name:{party.id}"]
    assert (stale.fuzzy, stale.previous_msgid, stale.msgstr) == (True, "Garden party", "Gartenfest")
    catalogue.save(str(path))
    before = state_of(session)
    done = imported(session, path.read_bytes())
    assert set(counted(done)) == {"unchanged"}
    assert done.total == len(catalogue) == len(by_context)
    assert state_of(session) == before
    crlf = content.replace("\n", "\r\n").encode("utf-8-sig")
    assert counted(imported(session, crlf)) == counted(done)


READER = """
import sys
from translate.storage import factory
store = factory.getobject(sys.argv[1])
for unit in store.units:
    if unit.istranslatable() and not unit.isheader():
        print(ascii([unit.getid(), str(unit.source), str(unit.target or ""), unit.isfuzzy()]))
"""


# Rule 17: the reader of translate-toolkit, in a process of its own
@pytest.mark.parametrize("kind", ["po", "xliff-1.2"])
def test_translate_toolkit_reads_what_we_write(
    session: Session, kind: str, party: Any, tmp_path: Path
) -> None:
    path = tmp_path / f"texts.{FORMATS[kind].ending}"
    path.write_text(exported(session, kind, types=("package",)), "utf-8")
    read = subprocess.run(
        [sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=True
    )
    units = [ast.literal_eval(line) for line in read.stdout.splitlines()]
    assert len(units) == len(NASTY) + 2
    named = next(unit for unit in units if f"package.name:{party.id}" in unit[0])
    assert named[2:] == ["Gartenfest", True]
    rich = next(unit for unit in units if "Under <strong>the" in unit[1])
    assert "https://example.com/?a=1&amp;b=2" in rich[1]
