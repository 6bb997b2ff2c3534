"""The checks find what is wrong with a translation, and say nothing of what is right."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.translation.checks import blocking, categories, check, missing_forms
from app.translation.checks.plurals import covers_one_number

INTERFACE: dict[str, Any] = {"kind": "interface"}
HTML: dict[str, Any] = {"is_html": True}


def codes(source: str, text: str, locale: str = "de", **facts: Any) -> list[str]:
    return [finding.code for finding in check(source, text, locale, **facts)]


def fixed(source: str, text: str, locale: str = "de", **facts: Any) -> str | None:
    """Give the text after its only finding was put right."""
    (finding,) = check(source, text, locale, **facts)
    return finding.fix


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("%(count)s rows", "%(count)s Zeilen", []),
        ("%(count)s rows", "Zeilen: %(count)s", []),
        ("%(count)s rows", "Zeilen", ["placeholder_lost"]),
        ("%(count)s rows of %(name)s", "%(anzahl)s Zeilen von %(name)s", ["placeholder_renamed"]),
        ("Hello %(name)s", "Hallo %(name)s %(title)s", ["placeholder_extra"]),
        ("%(count)d rows", "%(count)s Zeilen", ["placeholder_changed"]),
        ("%(count)s rows", "%(count) Zeilen", ["placeholder_lost", "percent"]),
        ("%(count)s rows", "% (count)s Zeilen", ["placeholder_lost", "percent"]),
        ("%s of %d", "%s von %d", []),
        ("%s of %d", "%d von %s", ["placeholder_order"]),
        ("%s of %d", "%2$d von %1$s", []),
        ("%s of %s", "%s", ["placeholder_lost"]),
        ("%(n)s is 50%% of it", "%(n)s sind 50 %% davon", []),
        ("%(n)s is 50%% of it", "%(n)s sind 50 % davon", ["percent"]),
        ("{name} and {other}", "{other} und {name}", []),
        ("{name} and {other}", "{name}", ["placeholder_lost"]),
        ("{} of {}", "{} von {}", []),
        ("{price:.2f}", "{price:.2f}", []),
        ("{price:.2f}", "{price:.2d}", ["placeholder_changed"]),
        ("{{ name }} came", "{{ name }} kam", []),
        ("{{ name }} came", "{{name}} kam", []),
        ("{{ name }} came", "{{ Name }} kam", ["placeholder_renamed"]),
        ("{% if x %}a{% endif %}", "{% if x %}b{% endif %}", []),
        (
            "{count, plural, one {# row} other {# rows}}",
            "{count, plural, one {# Zeile} other {# Zeilen}}",
            [],
        ),
    ],
)
def test_placeholders_are_those_of_the_source(source: str, text: str, expected: list[str]) -> None:
    assert codes(source, text, **INTERFACE) == expected


# Rule 14: what others have taken for placeholders
@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        ("100% silk", "100 % echte Seide", "content"),
        ("50% discount", "50 % der Summe", "content"),
        ("100% pure", "100%ige Reinheit", "interface"),
        ("20% is kept", "20%ig einbehalten", "interface"),
        ("See https://a.example/a%20deep%20one", "Siehe https://a.example/a%20deep%20one", "interface"),
        ("Braces {} here", "Klammern {} hier", "content"),
        ("Press { or }", "Drücke { oder }", "interface"),
        ("Up to 5 %", "Bis zu 5 %", "interface"),
    ],
)
def test_a_percentage_is_no_placeholder(source: str, text: str, kind: str) -> None:
    assert not [one for one in check(source, text, "de", kind=kind) if one.is_error]


# Rule 14
def test_a_placeholder_that_was_translated_is_put_back() -> None:
    assert fixed("Hello %(name)s", "Hallo %(nombre)s", **INTERFACE) == "Hallo %(name)s"
    assert fixed("%(n)d rows", "%(n)s Zeilen", **INTERFACE) == "%(n)d Zeilen"
    assert fixed("%(n)s is 5%% more", "%(n)s ist 5% mehr", **INTERFACE) == "%(n)s ist 5%% mehr"


# Rule 15
@pytest.mark.parametrize(
    ("locale", "form", "text", "expected"),
    [
        ("ar", "zero", "لا صفوف", []),
        ("ar", "one", "صف واحد", []),
        ("ar", "two", "صفان", []),
        ("ar", "few", "صفوف", [("placeholder_lost", "error")]),
        ("de", "one", "Eine Zeile", []),
        ("de", "other", "Zeilen", [("placeholder_lost", "error")]),
        ("ru", "one", "строка", [("placeholder_lost", "warning")]),  # 1, 21, 31
        ("ru", "one", "%(num)s строка", []),
        ("ja", "other", "%(num)s 行", []),
    ],
)
def test_a_form_for_one_number_need_not_name_it(
    locale: str, form: str, text: str, expected: list[tuple[str, str]]
) -> None:
    forms = ("%(num)s row in %(name)s", "%(num)s rows in %(name)s")
    text = f"{text} %(name)s"
    found = check(forms[form != "one"], text, locale, plural=form, source_forms=forms, **INTERFACE)
    assert [(one.code, one.severity) for one in found] == expected


# Rule 15
def test_nothing_but_the_number_may_be_left_out() -> None:
    forms = ("%(num)s row in %(name)s", "%(num)s rows in %(name)s")
    assert codes(forms[0], "Eine Zeile", plural="one", source_forms=forms, **INTERFACE) == [
        "placeholder_lost"
    ]
    forms = ("One row", "%(num)s rows")
    assert codes(forms[0], "%(num)s строка", "ru", plural="one", source_forms=forms, **INTERFACE) == []


# Rule 15
@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("ja", ("other",)),
        ("de", ("one", "other")),
        ("hi", ("one", "other")),
        ("pl", ("one", "few", "many")),
        ("ru", ("one", "few", "many")),
        ("sl", ("one", "two", "few", "other")),
        ("ar", ("zero", "one", "two", "few", "many", "other")),
        ("ga", ("one", "two", "few", "many", "other")),
        ("tlh-unknown", ("other",)),
    ],
)
def test_each_language_has_the_forms_that_it_counts_with(locale: str, expected: tuple[str, ...]) -> None:
    assert categories(locale) == expected
    assert missing_forms(locale, {expected[0]: "x"}) == expected[1:]


def test_a_form_stands_for_one_number_or_for_several() -> None:
    assert covers_one_number("de", "one") and covers_one_number("ar", "two")
    assert not covers_one_number("ru", "one") and not covers_one_number("de", "other")


# Rules 14, 15
def test_forms_are_looked_at_together() -> None:
    def forms(locale: str, **texts: str) -> list[tuple[str, str]]:
        name, said = next(iter(texts.items()))
        facts = {"plural": name, "siblings": texts, "source_forms": ("%(n)s row", "%(n)s rows"), **INTERFACE}
        return [(one.code, one.detail) for one in check("%(n)s row", said, locale, **facts)]

    assert forms("ja", other="%(n)s 行") == []
    assert forms("tr", one="%(n)s satır", other="%(n)s satır") == []
    assert forms("de", one="%(n)s Zeichen", other="%(n)s Zeichen") == []
    assert forms("pl", one="%(n)s a", few="%(n)s a", many="%(n)s a") == [("plural_same", "")]
    assert forms("pl", one="%(n)s a", few="", many="%(n)s b") == [("plural_missing", "few")]
    assert forms("ar", one="%(n)s a", two="", zero="") == [("plural_missing", "zero, two")]


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "facts", "expected"),
    [
        ("<b>a</b> b", "b <b>a</b>", INTERFACE, []),
        ("<b>a</b> b", "b a", INTERFACE, ["tag_lost"]),
        ("<b>a</b> b", "<b>a b", INTERFACE, ["tag_open"]),
        ("<b>a</b> b", "a</b> <b>b</b>", INTERFACE, ["tag_unopened"]),
        ("<b>a</b> <i>b</i>", "<b>a <i>b</b></i>", INTERFACE, ["tag_crossed", "tag_unopened"]),
        ("a<br>b", "a<br/>b", INTERFACE, []),
        ("a", "<b>a</b>", INTERFACE, ["tag_extra"]),
        ('<a href="/x" class="y">a</a>', '<a class="y" title="ä" href="/x">a</a>', INTERFACE, []),
        (
            '<a href="/x" class="y">a</a>',
            '<a href="/x" class="z">a</a>',
            INTERFACE,
            ["tag_lost", "tag_extra"],
        ),
        ("<b>open", "<b>offen", INTERFACE, []),
        ("Enter <your name>", "Gib <deinen Namen> ein", INTERFACE, []),
        ("1 < 2 > 0", "1 < 2 > 0", INTERFACE, []),
        ("I <3 you", "Ich <3 dich", INTERFACE, []),
        ("<app>x</app>", "x", INTERFACE, ["tag_lost"]),
        ("<p>a <strong>b</strong></p>", "<p>a <strong>b</strong></p>", HTML, []),
        ("<p>a <strong>b</strong></p>", "<p>a <b>b</b></p>", HTML, []),
        ("<p>a <strong>b</strong></p>", "<p>a b</p>", HTML, ["tag_lost"]),
        ("<p>a</p><p>b</p>", "<p>a b</p>", HTML, ["paragraphs"]),
        ("<p>a</p>", "<p>a<script>b</script></p>", HTML, ["tag_refused"]),
        ("<p>a</p>", "<p>a</p></ul>", HTML, ["tag_unopened"]),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li></ul>", HTML, ["tag_lost"]),
    ],
)
def test_tags_are_closed_and_those_of_the_source(
    source: str, text: str, facts: dict[str, Any], expected: list[str]
) -> None:
    found = [code for code in codes(source, text, **facts) if code not in ("unchanged", "end", "double_word")]
    assert found == expected


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("See https://a.example/x.", "Siehe https://a.example/x.", []),
        ("See https://a.example/x.", "देखें https://a.example/x।", []),
        ("See https://A.example/x/", "Siehe https://a.example/x", []),
        ("See https://a.example/en/x.", "Siehe https://a.example/de/x.", []),
        ("See https://en.wiki.example/x.", "Siehe https://de.wiki.example/x.", []),
        ("See https://a.example/x.", "Siehe https://b.example/x.", ["url_replaced"]),
        ("See https://a.example/x.", "Siehe dort.", ["url_lost"]),
        ("See there.", "Siehe https://a.example/x.", ["url_extra"]),
        ("Write to a@b.example", "Schreib an a@b.example", []),
        ("Write to a@b.example", "Schreib an c@b.example", ["url_replaced"]),
        ("Write to us@b.example", "Schreib uns", ["url_lost"]),
        ("(https://a.example/x_(y))", "(https://a.example/x_(y))", []),
        ("Begin with 'http://'.", "Beginne mit „http://“.", []),
        ('<a href="/x">a</a>', '<a href="/y">a</a>', ["url_replaced"]),
        ('<a href="https://a.example/?a=1&amp;b=2">a</a>', '<a href="https://a.example/?a=1&b=2">a</a>', []),
    ],
)
def test_addresses_are_kept_or_consciously_replaced(source: str, text: str, expected: list[str]) -> None:
    facts = HTML if source.startswith("<") else {}
    locale = "hi" if "देखें" in text else "de"
    assert [code for code in codes(source, text, locale, **facts) if code != "unchanged"] == expected


# Rule 14
def test_who_means_another_address_says_so_and_saves() -> None:
    found = check("See https://a.example/x.", "Siehe https://b.example/y.", "de")
    (asked,) = blocking(found)
    assert (asked.code, asked.severity, asked.asks) == ("url_replaced", "warning", True)
    assert asked.fix == "Siehe https://a.example/x."
    assert blocking(found, {asked.key}) == ()
    again = check("See https://a.example/x.", "Siehe https://c.example/z.", "de")
    assert blocking(again, {asked.key}) == again


# Rule 14
def test_a_text_fits_and_is_not_far_longer_than_its_language_needs() -> None:
    assert codes("Party", "Feier", max_length=5) == []
    assert codes("Party", "Feiern", max_length=5) == ["too_long"]
    assert codes("Add", "Hinzufügen") == []
    assert codes("Add Role", "Adicionar Função de Segurança", "pt") == ["far_longer"]
    assert codes("Open the record", "Öffne" + " den Datensatz und" * 4) == ["far_longer"]


def test_a_finding_is_worded_for_who_reads_it(app: Flask) -> None:
    with app.test_request_context():
        (finding,) = check("%(count)s rows", "Zeilen", "de", **INTERFACE)
        assert str(finding.sentence) == "Missing: %(count)s"
    assert check("Rows", "  ", "de") == ()
