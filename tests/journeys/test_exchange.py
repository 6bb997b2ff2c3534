"""Texts that leave the house and come back: a file for a translator's own program, and a run of a machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import polib
import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import delete, select

from app.domains.catalog.models import Theme
from app.kernel.db import db, unit_of_work
from app.translation.models import Translation
from app.translation.prefill import jobs, running
from app.translation.prefill.models import PrefillRun
from tests.axe import faults
from tests.factories import translate

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
Live = tuple[str, Flask]
MODES = pytest.mark.parametrize(
    ("width", "dark", "locale"),
    [(1440, False, "en"), (390, True, "en"), (1440, True, "ar"), (390, False, "ar")],
)


@pytest.fixture
def theme(live: Live) -> UUID:
    """Store a theme that nobody has translated."""
    with live[1].app_context(), unit_of_work() as session:
        for old in session.scalars(select(Theme).where(Theme.name.ilike("%poppy%"))):
            session.delete(old)
        session.flush()
        made = Theme(name="Poppy field", slug="poppy-field", colour="#b23a2f", description="Red to the hills")
        session.add(made)
        session.flush()
        return made.id


def texts_of(live: Live, key: UUID) -> dict[str, tuple[str, str]]:
    with live[1].app_context():
        rows = db.session.scalars(select(Translation).where(Translation.object_id == key))
        return {row.field: (row.text, row.state) for row in rows}


def fill(path: Path, texts: dict[str, str]) -> None:
    """Translate a catalogue as an editor of such files does."""
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = texts.get(entry.msgid, entry.msgstr)
    catalogue.save()


# Rule 17: a file goes out, and what comes back is looked at before anything changes
def test_a_file_goes_out_and_what_comes_back_is_looked_at_first(
    live: Live, enter: Enter, theme: UUID, tmp_path: Path
) -> None:
    page = enter("Translator")
    page.goto("/translate/export?type=theme")
    for language in ("Spanish", "Hindi", "Arabic"):
        page.get_by_label(language).uncheck()
    page.get_by_label("PO (gettext)").check()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download").click()
    path = tmp_path / begun.value.suggested_filename
    begun.value.save_as(path)
    fill(path, {"Poppy field": "Mohnfeld", "Red to the hills": "Rot bis zu den Hügeln"})
    page.goto("/translate/import")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    expect(page.locator(".x-changes ins", has_text="Mohnfeld")).to_be_visible()
    assert texts_of(live, theme) == {}
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("The import is done.")).to_be_visible()
    assert texts_of(live, theme) == {
        "name": ("Mohnfeld", "needs_review"),
        "description": ("Rot bis zu den Hügeln", "needs_review"),
    }
    page.goto("/translate/import")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("There is nothing to import in this.")).to_be_visible()


@MODES
def test_the_screens_of_files_are_within_reach_of_everybody(
    live: Live, enter: Enter, theme: UUID, tmp_path: Path, width: int, dark: bool, locale: str
) -> None:
    page = enter("Editor", width=width, dark=dark, locale=locale)
    broken = tmp_path / "broken.po"
    broken.write_text('msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgctxt "x"\nmsgid "a"\nmsgstr "b"\n')
    nothing = tmp_path / "nothing.po"
    nothing.write_bytes(b"\x00\x01")
    for path in ("/translate/export", "/translate/import"):
        page.goto(path)
        within_reach(page)
    page.set_input_files("#file", [broken, nothing])
    page.locator(".f-upload .btn-primary").click()
    expect(page.locator(".x-outcome")).to_have_count(2)
    expect(page.locator(".x-outcome [role=alert]")).to_be_visible()
    within_reach(page)


def within_reach(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []


@pytest.fixture
def waiting(live: Live, theme: UUID, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Let what is filled in stand in the memory, and keep the run that is put into the queue."""
    put: list[UUID] = []
    monkeypatch.setattr(jobs, "put", put.append)
    with live[1].app_context(), unit_of_work() as session:
        session.execute(delete(PrefillRun))
        twin = Theme(name="Poppy field", slug="poppy-field-2", colour="#b23a2f", description="")
        session.add(twin)
        session.flush()
        translate(twin, "de", name="Mohnfeld")
    return put


# Rule 11: the cost first, then a job with progress, then all of it taken back
@MODES
def test_a_machine_fills_in_before_ones_eyes_and_is_taken_back(
    live: Live, enter: Enter, theme: UUID, waiting: list[UUID], width: int, dark: bool, locale: str
) -> None:
    page = enter("Editor", width=width, dark=dark, locale=locale)
    page.goto("/translate/prefill/?locale=de&tool=memory&type=theme")
    within_reach(page)
    page.locator("[formmethod=post]").click()
    run = page.locator("#run")
    expect(run).to_have_attribute("data-under-way", "")
    within_reach(page)
    with live[1].app_context():
        running.work(waiting[0], 60)
        db.session.remove()
    expect(run).not_to_have_attribute("data-under-way", "")
    within_reach(page)
    assert texts_of(live, theme)["name"] == ("Mohnfeld", "machine")
    run.locator("[data-opens=take-back]").click()
    page.locator("#take-back button:not([type=button])").click()
    expect(page.locator("#run .f-banner[data-tone=info]")).to_be_visible()
    within_reach(page)
    assert texts_of(live, theme) == {}
