"""Files from strangers: what is no file of ours, or a trap, is refused with a sentence; nothing of it is followed."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask import Flask

from app.kernel.errors import FileRefused
from app.kernel.locales import SOURCE
from app.translation.files.entries import MOST_BYTES, Entry, Malformed, Place, Text
from app.translation.files.exporting import FORMATS
from app.translation.files.opening import open_file, unpacked
from tests.translation.carrying import AT
from tests.translation.test_files_round_trip import text_of

KEY = "01990000-0000-7000-8000-000000000001"
HEAD = '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
HEAD += '<file source-language="en" target-language="de"><body>'
TAIL = "</body></file></xliff>"
HEAD_2 = '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="de"><file id="f">'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PO = 'msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'

pytestmark = pytest.mark.usefixtures("app")


def entries(content: str | bytes, wanted: str = "") -> list[Any]:
    data = content.encode() if isinstance(content, str) else content
    return list(open_file("a file", data, wanted).entries)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "UTF-8"),
        (b"hello world", "no PO, XLIFF or CSV"),
        ("name,colour\nx,y\n", "no PO, XLIFF or CSV"),
        (LAUGHS + HEAD + TAIL, "declares"),
        (OUTSIDE + HEAD + TAIL, "declares"),
        ('<!DOCTYPE xliff SYSTEM "http://example.com/x.dtd">' + HEAD + TAIL, "declares"),
        (HEAD + "<trans-unit>", "line 1"),
        (HEAD + "\n\n<b>&nope;</b>" + TAIL, "line 3"),
        ("<html><body/></html>", "no XLIFF"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "no XLIFF"),
        ("<a>" * 200, "no XLIFF"),
        (HEAD + "<group>" * 100, "too deep"),
        (HEAD.replace('"de"', '"tlh"') + TAIL, "tlh"),
        (HEAD.replace('"de"', f'"{SOURCE}"') + TAIL, "Nothing is translated into “en”"),
        (HEAD.replace(' target-language="de"', "") + TAIL, "which language"),
        ('msgid "a"\nmsgstr "b"\n', "which language"),
        (PO.replace("de\\n", "xx-nothing\\n"), "xx-nothing"),
        (PO.encode() + 'msgid "ä"\nmsgstr "ü"\n'.encode("latin-1"), "UTF-8"),
        (PO.replace("UTF-8", "ASCII").encode() + 'msgid "ä"\n'.encode(), "ASCII"),
        ('id,language,source,translation\n"x,de,"y",z\n', "Row 2"),
        ("id,language,source,translation\nx,,y,z\n", "which language"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_with_a_sentence(content: str | bytes, says: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        entries(content)
    assert says in str(refusal.value.message)


def test_a_file_in_another_language_than_was_chosen_is_refused() -> None:
    with pytest.raises(FileRefused, match="in “de”, not in “es”"):
        entries(PO, "es")
    assert entries(PO, "de") == []


def test_an_archive_that_is_a_trap_is_refused() -> None:
    bomb, many = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("de.po", "0" * 30_000_000)
    with zipfile.ZipFile(many, "w") as archive:
        for position in range(60):
            archive.writestr(f"{position}.po", PO)
    for content, says in (
        (bomb.getvalue(), "far more than its size"),
        (many.getvalue(), "more than 50 files"),
        (many.getvalue()[:500], "damaged"),
        (b"x" * (MOST_BYTES + 1), "larger than 20 MB"),
    ):
        with pytest.raises(FileRefused, match=says):
            list(unpacked("a file", content))


def test_an_archive_gives_its_files_without_their_paths() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../etc/de.po", PO)
        archive.writestr("__MACOSX/._de.po", b"\0")
    assert list(unpacked("a.zip", made.getvalue())) == [("de.po", PO.encode())]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_catalogue_is_read_in_the_charset_that_it_names(charset: str) -> None:
    name = charset.removesuffix("-sig")
    body = PO.replace("UTF-8", name) + f'msgctxt "package.name:{KEY}"\nmsgid "a"\nmsgstr "Bäume"\n'
    [found] = entries(body.replace("\n", "\r\n").encode(charset))
    assert found.text == "Bäume"


@pytest.mark.parametrize("name", ["idna", "zip", "rot13", "unicode_escape", "punycode"])
def test_a_charset_that_is_none_is_not_used(name: str) -> None:
    body = PO.replace("UTF-8", name) + f'msgctxt "package.name:{KEY}"\nmsgid "a"\nmsgstr "Bäume \\\\u0041"\n'
    [found] = entries(body)
    assert found.text == "Bäume \\u0041"


def test_a_rule_for_plurals_that_is_none_is_left_alone() -> None:
    for rule in (
        "nplurals=999999999; plural=n",
        "nplurals=2; plural=__import__('os')",
        "nplurals=2; plural=1/0;",
    ):
        body = PO.replace("de\\n", f"de\\nPlural-Forms: {rule}\\n")
        body += f'msgctxt "interface_message.forms:{KEY}"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'
        assert [one.text for one in entries(body)] == ["c", "d"], rule


def test_more_forms_than_the_language_has_are_told() -> None:
    body = (
        PO
        + f'msgctxt "interface_message.forms:{KEY}"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[7] "d"\n'
    )
    [found] = entries(body)
    assert isinstance(found, Malformed)
    assert found.line == 4


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ('Ein <g id="1">Fest</g>', "Ein <b>Fest</b>"),
        ('Ein <bx id="1"/>Fest<ex id="1"/>', "Ein <b>Fest</b>"),
        ('Ein <bpt id="1">&lt;b class="x"&gt;</bpt>Fest<ept id="1">&lt;/b&gt;</ept>', 'Ein <b class="x">Fest</b>'),
        ('Ein <mrk mtype="seg" mid="0">Fest</mrk> für <x id="2"/>', "Ein Fest für %(name)s"),
        ('<g id="9">Fest</g>', None),
        ('<x id="77"/>', None),
    ],
)  # fmt: skip
def test_what_programs_make_of_the_marks_of_a_text_is_read(target: str, said: str | None) -> None:
    """Some keep the number of a mark alone; one that the source does not have is told."""
    unit = f'<trans-unit id="package.name:{KEY}"><source>A <bpt id="1">&lt;b&gt;</bpt>party<ept id="1">&lt;/b&gt;</ept>'
    unit += f' for <ph id="2">%(name)s</ph></source><target>{target}</target></trans-unit>'
    [found] = entries(HEAD + unit + TAIL)
    assert (found.text if isinstance(found, Entry) else None) == said


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ('Ein <pc id="1" dataRefStart="d1" dataRefEnd="d2">Fest</pc>', "Ein <b>Fest</b>"),
        ('Ein <sc id="1" dataRef="d1"/>Fest<ec startRef="1" dataRef="d2"/>', "Ein <b>Fest</b>"),
        ('<pc id="1">Fest</pc> <mrk id="m1" type="term">hier</mrk><cp hex="0001"/>', "<b>Fest</b> hier\x01"),
        ('<ph id="5" dataRef="nothing"/>', None),
    ],
)
def test_the_marks_of_the_newer_version_are_read(target: str, said: str | None) -> None:
    unit = f'<unit id="package.name:{KEY}"><originalData><data id="d1">&lt;b&gt;</data><data id="d2">&lt;/b&gt;</data>'
    unit += '</originalData><segment state="translated"><source>A <pc id="1" dataRefStart="d1" dataRefEnd="d2">party'
    unit += f"</pc></source><target>{target}</target></segment></unit></file></xliff>"
    [found] = entries(HEAD_2 + unit)
    assert (found.text if isinstance(found, Entry) else None) == said


def test_segments_that_a_program_made_of_a_text_are_one_text() -> None:
    unit = f'<unit id="package.name:{KEY}"><segment state="final"><source>One. </source><target>Eins. </target></segment>'
    unit += "<ignorable><source> </source><target> </target></ignorable>"
    unit += '<segment state="translated"><source>Two.</source><target>Zwei.</target></segment></unit></file></xliff>'
    [found] = entries(HEAD_2 + unit)
    assert (found.source, found.text, found.is_unsure) == ("One.  Two.", "Eins.  Zwei.", False)


def test_what_a_program_offers_beside_a_text_is_not_the_text() -> None:
    unit = f'<trans-unit id="package.name:{KEY}" approved="yes"><source>A</source><target>B</target>'
    unit += "<alt-trans><source>C</source><target>D</target></alt-trans><note>E</note></trans-unit>"
    [found] = entries(HEAD + unit + TAIL)
    assert (found.source, found.text, found.is_unsure) == ("A", "B", False)


def test_a_unit_that_is_none_is_told_with_its_line() -> None:
    good = f'<trans-unit id="package.name:{KEY}"><source>A</source><target>B</target></trans-unit>'
    bad = '<trans-unit id="nothing of ours"><source>A</source><target>B</target></trans-unit>'
    found = entries(f"{HEAD}\n{good}\n{bad}\n{TAIL}")
    assert [type(one) for one in found] == [Entry, Malformed]
    assert found[1].line == 3


# Rule 17: ids, states, notes and marks are where other programs look for them
def test_the_parts_of_an_xliff_file_are_where_programs_look_for_them(app: Flask) -> None:
    from defusedxml import ElementTree

    text = text_of(
        "A <strong>party</strong> for %(name)s", "Ein <strong>Fest</strong> für %(name)s", 1,
        state="stale", previous="A party", title="Garden", notes=("of a package",),
    )  # fmt: skip
    old = ElementTree.fromstring("".join(FORMATS["xliff-1.2"].write([text], "de", AT)))
    one = "{urn:oasis:names:tc:xliff:document:1.2}"
    unit = old.find(f".//{one}trans-unit")
    assert (unit.get("id"), unit.get("resname")) == (str(text.place), "Garden")
    assert [part.get("id") for part in unit.find(f"{one}source")] == ["1", "1", "2"]
    assert [part.get("id") for part in unit.find(f"{one}target")] == ["1", "1", "2"]
    assert unit.find(f"{one}target").get("state") == "needs-adaptation"
    assert unit.find(f"{one}note").text == "of a package"
    assert unit.find(f"{one}alt-trans/{one}source").text == "A party"
    new = ElementTree.fromstring("".join(FORMATS["xliff-2.0"].write([text], "de", AT)))
    two = "{urn:oasis:names:tc:xliff:document:2.0}"
    unit = new.find(f".//{two}unit")
    assert [data.text for data in unit.findall(f"{two}originalData/{two}data")] == [
        "<strong>",
        "</strong>",
        "%(name)s",
    ]
    assert [part.tag for part in unit.find(f"{two}segment/{two}source")] == [f"{two}pc", f"{two}ph"]
    assert unit.find(f"{two}segment").get("subState") == "festoon:stale"
    assert [note.text for note in unit.findall(f"{two}notes/{two}note")] == ["of a package", "A party"]


def test_a_long_file_is_read_piece_by_piece() -> None:
    from itertools import islice

    unit = f'<trans-unit id="package.name:{KEY}"><source>A</source><target>B</target></trans-unit>\n'
    incoming = open_file("a file", (HEAD + unit * 20_000 + "<broken").encode())
    assert len(list(islice(incoming.entries, 5_000))) == 5_000, "before the end was looked at"
    with pytest.raises(FileRefused):
        list(incoming.entries)


def test_a_place_is_read_as_it_was_written() -> None:
    [text] = [text_of("a", "b", 3)]
    assert isinstance(text, Text)
    assert isinstance(text.place, Place)
    assert str(text.place) == "package.name:01990000-0000-7000-8000-000000000003"
