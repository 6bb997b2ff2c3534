"""Every mail in every language: whole in both forms, and in that language alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from flask import Flask
from jinja2 import Environment

from app.kernel.locales import SHIPPED, direction
from app.mail.composing import TEMPLATES, Mail, compose
from app.mail.kinds import KINDS, Kind
from app.mail.settings import current_settings
from app.mail.wording import speaking
from tests.rules.test_words import words

ROOT = Path(__file__).resolve().parents[2]
EVERY = [pytest.param(kind, locale, id=f"{kind.name}-{locale}") for kind in KINDS for locale in SHIPPED]
VOID = {"meta", "br", "link", "img", "hr"}
ADDRESS = re.compile(r"https?://[^\s\"<>]+")


def example(kind: Kind, locale: str, **more: Any) -> Mail:
    with speaking(locale):
        facts = dict(kind.sample())
    return compose(kind, locale, facts | more, current_settings())


class Reader(HTMLParser):
    """Reads HTML strictly: what is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if len({name for name, _value in attrs}) != len(attrs):
            self.wrong.append(f"{tag} has an attribute twice")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open) and data.strip("\u2007\u034f\u200c \n"):
            self.words.append(" ".join(data.split()))


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.proves("S1.50", "S1.51", "S1.53")
@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_a_mail_is_whole_in_both_forms(app: Flask, kind: Kind, locale: str) -> None:
    mail = example(kind, locale)
    html = read(mail.html)
    assert html.wrong == []
    assert html.open == []
    assert not html.tags & {"script", "iframe", "form", "img", "link"}
    assert f'<html lang="{locale}" dir="{direction(locale)}"' in mail.html
    assert mail.html.lstrip().startswith("<!doctype html>")
    for said in (mail.subject, mail.preheader, mail.text, mail.html):
        assert said.strip()
        assert not re.search(r"\bNone\b|lazy|LazyString|Undefined|\{\{|\{%|%\(", said)
    assert len(mail.subject) <= 90
    assert "\n" not in mail.subject


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_the_text_says_what_the_html_says(app: Flask, kind: Kind, locale: str) -> None:
    mail = example(kind, locale)
    html = read(mail.html)
    spoken = " ".join(mail.text.replace("> ", "").split())
    shown = [word for word in html.words if not word.startswith((mail.preheader, current_settings().brand))]
    only_html = translated(locale, "If the button does not work, open this address:")
    bare = {re.sub(r"^https?://|/$", "", current_settings().site_url)}
    missing = [word for word in shown if word not in spoken and word not in {only_html, "·", *bare}]
    assert missing == []
    shown_links = {link for link in html.links if link.startswith("http")}
    assert shown_links <= set(ADDRESS.findall(mail.text))


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_every_link_is_absolute_and_of_the_settings(app: Flask, kind: Kind, locale: str) -> None:
    settings = current_settings()
    html = read(example(kind, locale).html)
    links = [link for link in html.links if not link.startswith("mailto:")]
    assert links
    assert [link for link in links if not link.startswith((settings.site_url, settings.public_url))] == []


@cache
def catalogue(locale: str) -> dict[str, str]:
    path = ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if not entry.obsolete}


def translated(locale: str, text: str) -> str:
    return catalogue(locale).get(text) or text


def sentences(kind: Kind) -> Iterator[str]:
    """Read the sentences of a kind's template and of the frame around it."""
    made = Environment(extensions=["jinja2.ext.i18n"])  # nothing is rendered
    for name in (f"{kind.name}.jinja", "letter.txt"):
        source = (TEMPLATES / name).read_text("utf-8")
        for _line, _function, message in made.extract_translations(source):
            text = message if isinstance(message, str) else message[0]
            if text and not (
                kind.name in ("staff_notice", "series_notice") and "team" in text
            ):  # it is not signed
                yield text


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_every_sentence_is_the_catalogues(app: Flask, kind: Kind, locale: str) -> None:
    """What the catalogue has is said in its words; what it lacks would be English in a mail of another language."""
    said = " ".join(" ".join(read(example(kind, locale).html).words).split())
    said += " " + example(kind, locale).subject
    greeting = translated(locale, "Hello %(name)s,")
    assert greeting.split("%(name)s")[0].strip() in said or kind.name in ("staff_notice", "series_notice")
    for text in sentences(kind):
        wanted = translated(locale, text)
        for piece in re.split(r"%\(\w+\)s", wanted):
            assert " ".join(piece.split()) in said + example(kind, locale).preheader, text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_strangers_write_is_shown_as_they_wrote_it(app: Flask, kind: Kind) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} %(name)s"
    facts = dict(kind.sample())
    if "name" in facts:
        facts["name"] = nasty
    if "booking" in facts:
        from dataclasses import replace

        facts["booking"] = replace(facts["booking"], client=nasty, place=nasty, message=nasty, package=nasty)
    mail = compose(kind, "en", facts, current_settings())
    assert not read(mail.html).tags & {"script", "img"}
    assert "49" not in mail.text.replace("+351", "")


def test_a_name_that_is_an_address_is_not_greeted_by(app: Flask) -> None:
    """A stranger could sign somebody up with an advertisement for a name."""
    (kind,) = (kind for kind in KINDS if kind.name == "verification")
    for name in ("Win money at https://evil.example", "www.evil.example", "evil.example", "a@b", "x/y"):
        mail = example(kind, "en", name=name)
        assert "evil" not in mail.text + mail.html
        assert "Hello,\n" in mail.text
    assert "Hello José Ñandú d'Arc Jr.,\n" in example(kind, "en", name="José Ñandú d'Arc Jr.").text


def test_facts_that_a_kind_does_not_know_or_lacks_are_refused(app: Flask) -> None:
    with pytest.raises(TypeError, match="token, valid_for"):
        compose(KINDS[0], "en", {"name": "A"}, current_settings())
    with pytest.raises(TypeError, match="admin"):
        compose(KINDS[1], "en", {"name": "A", "admin": True}, current_settings())


def test_values_are_written_as_the_readers_locale_does(app: Flask) -> None:
    (kind,) = (kind for kind in KINDS if kind.name == "booking_confirmed")
    assert "€1,250.00" in example(kind, "en").text
    assert "1.250,00\xa0€" in example(kind, "de").text
    austrian = example(kind, "de-AT").text  # German words, Austrian figures
    assert "€\xa01.250,00" in austrian
    assert example(kind, "de-AT").locale == "de"
    assert "2027" in example(kind, "ar").text or "2026" in example(kind, "ar").text
    assert example(kind, "fr").locale == "en"
    assert example(kind, "").locale == "en"


def test_an_instant_is_told_as_the_readers_clock_shows_it(app: Flask) -> None:
    (kind,) = (kind for kind in KINDS if kind.name == "password_changed")
    at = datetime(2027, 7, 5, 21, 30, tzinfo=UTC)
    for locale, zone, wanted in (
        ("de", "Europe/Lisbon", "5. Juli 2027, 22:30 (Lissabon)"),
        ("en-GB", "Australia/Sydney", "6 July 2027, 07:30 (Sydney)"),
        ("es", "UTC", "5 de julio de 2027, 21:30 (UTC)"),
        ("de", "", "5. Juli 2027, 21:30 (UTC)"),
        ("de", "Etc/GMT-3", "6. Juli 2027, 00:30 (Etc/GMT-3)"),
    ):
        said = example(kind, locale, changed_at=at, time_zone=zone).text
        assert wanted in said.replace("\u202f", " ").replace(" um ", ", ").replace(" at ", ", ")


def test_no_words_of_a_template_escape_translation() -> None:
    escaped = {
        path.name: found for path in sorted(TEMPLATES.iterdir()) if (found := words(path.read_text("utf-8")))
    }
    assert escaped == {}


def test_every_kind_has_its_template_and_every_template_its_kind() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.jinja")} == {kind.name for kind in KINDS}
