"""Spaces, signs, numbers and words: what was mistyped is found, what another language does is not."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.translation.checks import check
from app.translation.checks.addresses import urls
from app.translation.checks.markup import tags_of
from app.translation.checks.numbers import numbers_of
from app.translation.checks.placeholders import marks_of
from app.translation.words import words


def codes(source: str, text: str, locale: str = "de", **facts: Any) -> list[str]:
    return [finding.code for finding in check(source, text, locale, **facts)]


def fix(source: str, text: str, locale: str = "de", **facts: Any) -> str | None:
    (finding,) = check(source, text, locale, **facts)
    return finding.fix


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("From ", "Von ", []),
        ("From ", "Von", "Von "),
        ("From", " Von", "Von"),
        ("Two words here", "Zwei  Wörter hier", "Zwei Wörter hier"),
        ("One line\n", "Eine Zeile", "Eine Zeile\n"),
        ("One line", "Eine Zeile\n", "Eine Zeile"),
    ],
)
def test_spaces_are_those_of_the_source(source: str, text: str, expected: Any) -> None:
    if not expected:
        assert codes(source, text) == []
    else:
        assert fix(source, text) == expected


def test_a_line_break_at_one_end_is_refused_where_gettext_refuses_it() -> None:
    assert [one.severity for one in check("a line\n", "Zeile", "de", kind="interface")] == ["error"]
    assert codes("one\n\ntwo", "eins zwei") == ["paragraphs"]
    assert codes("one line", "eins\n\nzwei", kind="interface") == ["paragraphs"]


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "locale"),
    [
        ("Are you sure?", "هل أنت متأكد؟", "ar"),
        ("It is saved.", "सहेजा गया।", "hi"),
        ("It is saved.", "सहेजा गया.", "hi"),
        ("It is saved.", "保存しました。", "ja"),
        ("It is saved.", "محفوظ کیا گیا۔", "ur"),
        ("Are you sure?", "Είστε σίγουροι;", "el"),
        ("Are you sure?", "¿Seguro?", "es"),
        ("Wait...", "Warte…", "de"),
        ("It is saved.", "บันทึกแล้ว", "th"),
        ('He said "yes".', "Er sagte „ja“.", "de"),
        ("(It is saved.)", "(Gespeichert.)", "de"),
        ("min.", "Min", "de"),
        ("Jan.", "Januar", "de"),
        ("Hello,", "Hola:", "es"),
        ("Press ? for all keys", "Pulse ? para las teclas", "es"),
        ("<p>It is saved.</p>", "<p>Gespeichert.</p>", "de"),
    ],
)
def test_a_language_ends_a_sentence_with_its_own_sign(source: str, text: str, locale: str) -> None:
    assert codes(source, text, locale, is_html=source.startswith("<")) == []


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "locale", "expected"),
    [
        ("It is saved.", "सहेजा गया", "hi", "सहेजा गया।"),
        ("Are you sure?", "هل أنت متأكد", "ar", "هل أنت متأكد؟"),
        ("Are you sure?", "Bist du sicher.", "de", "Bist du sicher?"),
        ("Save it now", "Jetzt speichern.", "de", "Jetzt speichern"),
        ("Loading...", "Lädt", "de", "Lädt…"),
        ("<p>It is saved.</p>", "<p>Gespeichert</p>", "de", "<p>Gespeichert.</p>"),
    ],
)
def test_an_end_that_is_not_the_sources_is_put_right(
    source: str, text: str, locale: str, expected: str
) -> None:
    assert fix(source, text, locale, is_html=source.startswith("<")) == expected


def test_spanish_opens_what_it_asks() -> None:
    assert codes("Are you sure?", "Seguro?", "es") == ["inverted"]


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "locale", "expected"),
    [
        ("Open the door", "Öffne die die Tür", "de", []),
        ("Open the door", "Öffne Tür Tür", "de", ["double_word"]),
        ("Open the door", "Abra la la puerta", "es", ["double_word"]),
        ("Slowly now", "धीरे धीरे", "hi", []),
        ("Bora Bora", "Bora Bora", "de", []),
        ("New York, New York", "New York, New York", "de", []),
        ("From 5 5 to 6", "Von 5 5 bis 6", "de", []),
        ("%(a)s %(b)s", "%(a)s %(b)s", "de", []),
    ],
)
def test_a_word_twice_is_found_where_it_means_nothing(
    source: str, text: str, locale: str, expected: list[str]
) -> None:
    assert codes(source, text, locale) == expected


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "locale", "expected"),
    [
        ("Up to 20 guests", "Bis zu 20 Gäste", "de", []),
        ("Up to 20 guests", "२० मेहमान तक", "hi", []),
        ("Up to 20 guests", "حتى ٢٠ ضيفًا", "ar", []),
        ("Up to 20 guests", "حتى و20 ضيفًا", "ar", []),
        ("1,500.50 euros", "1.500,50 Euro", "de", []),
        ("1,500 guests", "1 500 invités", "fr", []),
        ("1,500,000 guests", "15,00,000 मेहमान", "hi", []),
        ("6 pm", "18 Uhr", "de", []),
        ("6:30 pm", "18:30 Uhr", "de", []),
        ("12/31/2026", "31.12.2026", "de", []),
        ("Two guests", "2 Gäste", "de", []),
        ("3 guests", "Drei Gäste", "de", []),
        ("In November", "11月に", "ja", []),
        ("The 21st century", "Il secolo XXI", "it", []),
        ("An MP3 of H2O", "Ein MP3 von H2O", "de", []),
        ("%(n)s of 100", "%(n)s von 100", "de", []),
        ("See https://a.example/2024", "Siehe https://a.example/2024", "de", []),
        ("Up to 20 guests", "Bis zu 30 Gäste", "de", ["number_changed"]),
        ("Up to 20 guests", "Bis zu Gäste", "de", ["number_lost"]),
        ("Up to some guests", "Bis zu 30 Gäste", "de", ["number_extra"]),
        ("1.5 litres", "15 Liter", "de", ["number_changed"]),
        ("3 guests and 40 hosts", "4 Gäste und 40 Gastgeber", "de", ["number_changed"]),
    ],
)
def test_numbers_are_equal_however_they_are_written(
    source: str, text: str, locale: str, expected: list[str]
) -> None:
    assert codes(source, text, locale) == expected


# Rule 14
def test_a_wrong_number_is_put_right_in_the_digits_of_the_text() -> None:
    assert fix("Up to 20 guests", "२१ मेहमान तक", "hi") == "२० मेहमान तक"


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "locale", "expected"),
    [
        ("The garden is open", "The garden is open", "de", ["unchanged"]),
        ("Open the garden", "Open the garden", "hi", ["unchanged"]),
        ("Garden", "Garden", "hi", ["unchanged"]),
        ("Loy Krathong", "Loy Krathong", "de", []),
        ("Festival", "Festival", "de", []),
        ("PDF", "PDF", "hi", []),
        ("%(count)s kB", "%(count)s kB", "hi", []),
        ("https://a.example/x", "https://a.example/x", "hi", []),
        ("The colour is red", "The colour is red", "en-GB", []),
    ],
)
def test_what_nobody_translated_is_found_and_names_are_not(
    source: str, text: str, locale: str, expected: list[str]
) -> None:
    assert codes(source, text, locale) == expected


# Rule 14
@pytest.mark.parametrize(
    ("source", "text", "locale", "expected"),
    [
        ("Price (net)", "Preis (netto", "de", ["bracket"]),
        ("Price (net)", "Preis netto)", "de", ["bracket"]),
        ("Price (net)", "価格（税別）", "ja", []),
        ("a) one b) two", "a) eins b) zwei", "de", []),
        ("Thanks", "Danke :)", "de", []),
        ("A value (it has %(n)s)", "Ein Wert (hat %(n)s)", "de", []),
        ("Date (with time)", "날짜(시간 포함)", "ko", []),
        ('The "best" one', "Der „beste“ von allen", "de", []),
        ('The "best" one', 'Der "beste von allen', "de", ["quote"]),
        ('The "best" one', "Le « meilleur de tous", "fr", ["quote"]),
        ('A 27" screen', 'Ein 27" Bildschirm', "de", []),
        ("Our army", 'צה"ל שלנו', "he", []),
    ],
)
def test_what_is_opened_is_closed(source: str, text: str, locale: str, expected: list[str]) -> None:
    assert codes(source, text, locale) == expected


# Rules 14, 19
def test_a_direction_that_does_not_end_is_an_error_and_is_ended() -> None:
    assert fix("Hello you", "\u202bמה שלומך", "he") == "\u202bמה שלומך\u202c"
    assert fix("Hello you", "\u2067מה\nשלומך", "he", is_html=True) == "\u2067מה\u2069\nשלומך"
    assert fix("Hello you", "מה שלומך\u202c", "he") == "מה שלומך"
    assert codes("Hello you", "\u2067\u202bמה\u202c\u2069 \u200fשלומך", "he") == []


ANY = st.text(
    alphabet=st.one_of(st.sampled_from("%(){}[]<>/\"'s d123.,:?!&;=\u202b\u2069\n"), st.characters())
)


@settings(max_examples=300, deadline=None)
@given(ANY, ANY, st.sampled_from(["de", "ar", "hi", "ja", "el", "zz", ""]), st.booleans())
def test_no_text_makes_a_check_fail(source: str, text: str, locale: str, is_html: bool) -> None:
    for kind in ("content", "interface"):
        found = check(
            source,
            text,
            locale,
            kind=kind,
            is_html=is_html,
            plural="one",
            siblings={"one": text, "other": source},
        )
        assert all(one.span is None or 0 <= one.span[0] <= one.span[1] <= len(text) for one in found)


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_whatever_is_read_out_of_a_text_stands_there(text: str) -> None:
    assert all(text[slice(*mark.span)] == mark.written for mark in marks_of(text, True))
    assert all(text[slice(*tag.span)] == tag.written for tag in tags_of(text))
    assert all(text[slice(*number.span)] == number.written for number in numbers_of(text))
    assert all(0 <= begin < end <= len(text) for begin, end, _url in urls(text))
    assert "".join(word[0] for word in words(text)) in text or len(list(words(text))) > 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abc %(){}ns.!", max_size=40))
def test_a_text_is_at_peace_with_itself(text: str) -> None:
    found = [one.code for one in check(text, text, "de", kind="interface") if one.is_error]
    assert found == []


@pytest.mark.parametrize(
    "part", ['<a "', "{{", "%(", "%(a", "((((", "a@", "http://a", "1,", "\u202b", "a a ", "<b>"]
)
def test_a_text_of_twenty_thousand_signs_is_looked_over_while_it_is_typed(part: str) -> None:
    text = (part * 20_000)[:20_000]
    began = perf_counter()
    check("A source of some words, and %(one)s more.", text, "de", kind="interface")
    check("A source of some words, and %(one)s more.", text, "de", is_html=True)
    assert perf_counter() - began < 3
