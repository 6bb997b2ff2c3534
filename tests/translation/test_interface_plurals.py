"""The forms of a gettext catalogue are CLDR's plural categories."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale
from sqlalchemy.orm import Session

from app.translation.interface.plurals import CATEGORIES, plurals_of
from app.translation.interface.reading import read_files
from app.translation.units import Asked, units
from tests.translation.catalogues import po_path, text_of

FORMS = {
    "ja": ("other",),
    "zh-Hant": ("other",),
    "en": ("one", "other"),
    "de": ("one", "other"),
    "es": ("one", "other"),
    "hi": ("one", "other"),
    "pt-BR": ("one", "other"),
    "ru": ("one", "few", "many"),
    "pl": ("one", "few", "many"),
    "sl": ("one", "two", "few", "other"),
    "ar": ("zero", "one", "two", "few", "other", "many"),
}
"""In the order of gettext's indexes: Arabic's last two stand the other way round than CLDR lists them."""


# Rule 15
@pytest.mark.parametrize("tag", FORMS)
def test_each_index_has_the_category_of_its_numbers(tag: str) -> None:
    assert plurals_of(tag).forms == FORMS[tag]


# Rule 15
@pytest.mark.parametrize("tag", ["de", "ru", "pl", "ar", "ja", "sl"])
def test_a_number_takes_the_form_of_its_category(tag: str) -> None:
    plurals = plurals_of(tag)
    category_of = Locale.parse(tag).plural_form
    for number in range(300):
        name = plurals.forms[plurals.index_of(number)]
        assert name == category_of(number), (tag, number)


# Rule 15
def test_a_catalogues_own_rule_goes_before_the_languages() -> None:
    assert plurals_of("pl", 2, "n != 1").forms == ("one", "many")
    assert len(set(plurals_of("fr", 6, "n % 6").forms)) == 6
    assert set(plurals_of("fr", 6, "n % 6").forms) == set(CATEGORIES)


# Rule 15
def test_a_plural_has_a_text_for_each_form(folder: Path, session: Session) -> None:
    read_files(session)
    said = {name: text_of(session, "%(num)d cake", "ar", name) for name in FORMS["ar"]}
    assert [row.text for row in said.values() if row] == [
        "لا كعك", "كعكة", "كعكتان", "%(num)d كعكات", "%(num)d كعكة كاملة", "%(num)d كعكة",
    ]  # fmt: skip
    assert text_of(session, "%(num)d cake", "ar") is None


# Rule 15
@pytest.mark.parametrize(("tag", "count"), [("de", 2), ("ar", 6)])
def test_every_form_is_a_text_to_translate(folder: Path, session: Session, tag: str, count: int) -> None:
    read_files(session)
    found = [unit for unit in units(session, None, Asked(tag), limit=1000) if unit.title == "%(num)d cake"]
    assert len(found) == count
    assert {unit.source for unit in found} == {"%(num)d cake", "%(num)d cakes"}
    assert {unit.field for unit in found if unit.source == "%(num)d cake"} == {"one"}


# Rule 15: changed language data adds the missing forms as untranslated
def test_a_form_that_a_catalogue_gains_is_missing(folder: Path, session: Session) -> None:
    read_files(session)
    path = po_path(folder, "de")
    path.write_text(
        path.read_text().replace(
            "nplurals=2; plural=(n != 1);", "nplurals=3; plural=(n==0 ? 0 : n==1 ? 1 : 2);"
        )
    )
    found = [unit for unit in units(session, None, Asked("de"), limit=1000) if unit.title == "%(num)d cake"]
    assert {unit.field: unit.state for unit in found} == {
        "zero": "missing",
        "one": "approved",
        "other": "approved",
    }
