"""What a machine must leave alone is hidden from it, and comes back whole or the text is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.translation.prefill.guarding import guard


# Rule 11: placeholders, markup and addresses
@pytest.mark.parametrize(
    ("source", "is_interface", "text"),
    [
        ("Hello %(name)s!", True, "Hello ⟦1⟧!"),
        ("%s of %s", True, "⟦1⟧ of ⟦2⟧"),
        ("Save {count} files", True, "Save ⟦1⟧ files"),
        ("<p>A <b>long</b> table</p>", False, "⟦1⟧A ⟦2⟧long⟦3⟧ table⟦4⟧"),
        ("See https://example.com/a?b=1.", False, "See ⟦1⟧."),
        ('<a href="https://example.com">Here</a>', False, "⟦1⟧Here⟦2⟧"),
        ("  Two lines\n", False, "Two lines"),
        ("⟦1⟧ stays", False, "⟦1⟧ stays"),
        ("100% silk", False, "100% silk"),
    ],
)
def test_what_must_stay_is_hidden(source: str, is_interface: bool, text: str) -> None:
    hidden = guard(source, is_interface=is_interface)
    assert hidden.text == text
    assert hidden.restore(hidden.text) == source


# Rule 11: terms that are not translated
def test_a_term_that_is_not_translated_is_hidden_too() -> None:
    hidden = guard("A Festoon evening", keep=[(2, 9)])
    assert hidden.text == "A ⟦1⟧ evening"
    assert hidden.restore("Ein Abend mit ⟦1⟧") == "Ein Abend mit Festoon"


def test_of_two_that_meet_the_longer_is_hidden() -> None:
    hidden = guard('<img src="https://example.com/{name}.png"> {name}', is_interface=True)
    assert hidden.text == "⟦1⟧ ⟦2⟧"
    assert not hidden.says_something


# Rule 11
@pytest.mark.parametrize(
    "answer",
    ["Hallo", "Hallo ⟦1⟧ und", "⟦1⟧ ⟦1⟧ ⟦2⟧", "⟦1⟧ ⟦2⟧ ⟦3⟧", "⟦1⟧ ⟦2", "⟦1⟧ 2⟧", "⟦1⟧ ⟦2⟧ ⟦", "⟦0⟧ ⟦1⟧"],
)
def test_what_does_not_come_back_whole_is_refused(answer: str) -> None:
    assert guard("%(a)s and %(b)s", is_interface=True).restore(answer) is None


def test_marks_may_change_places_and_have_other_digits() -> None:
    hidden = guard("%(a)s and %(b)s", is_interface=True)
    assert hidden.restore("⟦ 2 ⟧ und ⟦\u0661⟧") == "%(b)s und %(a)s"


def test_the_white_space_around_a_source_is_kept() -> None:
    assert guard(" Hello %s\n", is_interface=True).restore("Hallo ⟦1⟧") == " Hallo %s\n"


@given(st.text(max_size=200), st.booleans())
def test_whatever_the_source_says_it_comes_back(source: str, is_interface: bool) -> None:
    hidden = guard(source, is_interface=is_interface)
    assert hidden.restore(hidden.text) in (source, None)
    if not any(sign in source for sign in "⟦⟧"):
        assert hidden.restore(hidden.text) == source
