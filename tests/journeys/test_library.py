"""The picture library in a real browser: folders, tags, twins, missing texts, and choosing a picture in a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.domains.catalog.models import Theme, ThemePicture
from app.kernel.db import db, unit_of_work
from app.media.folders import PictureFolder
from app.media.models import Asset
from app.media.service import store_picture
from app.translation.models import Translation
from tests.axe import faults
from tests.factories import ThemeFactory
from tests.journeys.test_uploads import drawn, drop
from tests.media.test_library import scene

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]


@pytest.fixture
def lamps(live: Live) -> Iterator[list[UUID]]:
    """Store three pictures of lamps that two themes show, and take away what a story made of them."""
    with live[1].app_context():
        with unit_of_work():
            keys = [
                store_picture(scene(colour=colour), f"Lamps {colour}").id
                for colour in ("gold", "cyan", "pink")
            ]
            rows = [ThemePicture(asset_id=key, alt="", position=n) for n, key in enumerate(keys)]
            theme = ThemeFactory(name="Lantern garden", slug="lantern-garden", pictures=rows).id
        yield keys
        with unit_of_work() as session:
            session.rollback()
            for found in session.scalars(select(Theme).where(Theme.id == theme)):
                session.delete(found)
            session.flush()
            for asset in session.scalars(select(Asset)):
                if not asset.uses:
                    session.delete(asset)
            session.flush()
            session.execute(delete(PictureFolder).where(PictureFolder.parent_id.is_not(None)))
            session.execute(delete(PictureFolder))


def stored(live: Live, key: UUID) -> Asset:
    with live[1].app_context():
        found = db.session.get_one(Asset, key)
        db.session.expunge(found)
        return found


def add_folder(page: Any, name: str) -> Any:
    """Make a folder in the dialog, and give it as it stands beside the pictures."""
    page.get_by_role("button", name="New folder", exact=True).click()
    page.locator("#folder-name").fill(name)
    page.locator("#folder").get_by_role("button", name="Save").click()
    found = page.locator("#library [data-folder]").filter(has=page.get_by_text(name, exact=True)).last
    found.wait_for()
    return found


@pytest.mark.proves("S0.47")
def test_an_editor_sorts_pictures_into_folders_by_dragging_and_by_keys(
    live: Live, enter: Enter, lamps: list[UUID]
) -> None:
    page = enter("Editor")
    page.goto("/pictures/")
    top = add_folder(page, "Festivals")
    inner = add_folder(page, "Lights")
    inner.locator(".f-folder").drag_to(top.locator(".f-folder"))
    page.get_by_text("The folder was moved.").wait_for()
    inner = page.locator("#library [data-folder] [data-folder]", has_text="Lights")
    inner.wait_for()

    gold = page.locator("[data-card]", has_text="Lamps gold")
    gold.drag_to(inner)
    page.get_by_text("1 picture moved.").wait_for()
    folder = inner.get_attribute("data-folder")
    assert str(stored(live, lamps[0]).folder_id) == folder
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone.").wait_for()
    assert stored(live, lamps[0]).folder_id is None

    for name in ("Lamps gold", "Lamps cyan"):
        page.get_by_label(f"Select {name}").check()
    page.locator("#bulk").get_by_role("button", name="Move").click()
    page.locator("#move-folder").select_option(folder)
    page.locator("#move-pictures").get_by_role("button", name="Move").click()
    page.get_by_text("2 pictures moved.").wait_for()
    page.locator("#library").get_by_role("link", name="Lights").click()
    page.get_by_text("1\u20132 of 2").wait_for()
    assert page.locator("[data-card]").count() == 2

    drop(page, "body", drawn("band.jpg", (160, 160, 90)))
    page.get_by_text("1 of 1 added").wait_for(timeout=30_000)
    page.locator("[data-card]", has_text="band").wait_for()
    with live[1].app_context():
        sent = db.session.scalars(select(Asset).where(Asset.file_name == "band.jpg")).one()
        assert str(sent.folder_id) == folder
    assert faults(page) == []

    inner.hover()
    inner.get_by_label("More for Lights").click()
    inner.get_by_role("button", name="Delete").click()
    page.locator("#folder-delete").get_by_role("button", name="Delete").click()
    page.locator("#library [aria-current]", has_text="Festivals").wait_for()
    page.get_by_text("1\u20133 of 3").wait_for()
    page.locator(".f-note", has_text="“Lights” was deleted.").get_by_role("button", name="Undo").click()
    page.locator("#library [data-folder] [data-folder]", has_text="Lights").wait_for()
    assert str(stored(live, lamps[0]).folder_id) == folder


def test_pictures_are_tagged_together_and_found_by_their_tags(
    live: Live, enter: Enter, lamps: list[UUID]
) -> None:
    page = enter("Editor", width=390, height=844)
    page.goto("/pictures/?as=gallery")
    for name in ("Lamps gold", "Lamps pink"):
        page.get_by_label(f"Select {name}").check()
    page.locator("#bulk").get_by_role("button", name="Tags").click()
    page.get_by_label("Add these tags").fill("Evening, lamps")
    page.locator("#tag-pictures").get_by_role("button", name="Save").click()
    page.get_by_text("2 pictures changed.").wait_for()
    assert stored(live, lamps[2]).tags == ["evening", "lamps"]
    page.locator(".f-note", has_text="2 pictures changed.").get_by_role("button", name="Undo").click()
    page.get_by_text("Undone.").wait_for()
    assert stored(live, lamps[2]).tags == []
    for name in ("Lamps gold", "Lamps pink"):
        page.get_by_label(f"Select {name}").check()
    page.locator("#bulk").get_by_role("button", name="Tags").click()
    page.get_by_label("Add these tags").fill("Evening, lamps")
    page.locator("#tag-pictures").get_by_role("button", name="Save").click()
    page.locator(".f-note", has_text="2 pictures changed.").wait_for()
    page.locator("#library summary").first.click()
    page.locator(".f-tags").get_by_role("link", name="evening").click()
    page.get_by_text("1\u20132 of 2").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []


@pytest.mark.proves("S0.47")
def test_a_picture_tells_where_it_is_shown_and_takes_its_twins_place(
    live: Live, enter: Enter, lamps: list[UUID]
) -> None:
    with live[1].app_context(), unit_of_work():
        twin = store_picture(scene((450, 300), "gold"), "Lamps again").id
    page = enter("Editor")
    page.goto(f"/pictures/{twin}")
    assert page.locator(".f-focal-crop").count() == 3
    assert "Nothing shows this picture" in page.locator("#used").inner_text()
    assert faults(page) == []
    page.get_by_role("button", name="Use this one everywhere").click()
    page.get_by_text("1 record shows this picture now.").wait_for()
    page.locator("#used").get_by_role("link", name="Lantern garden").wait_for()
    with live[1].app_context():
        assert db.session.get(Asset, lamps[0]) is None
        rows = db.session.scalars(select(ThemePicture.asset_id).order_by(ThemePicture.position)).all()
        assert twin in rows
    with page.expect_download() as waited:
        page.get_by_role("link", name="The picture itself").click()
    assert waited.value.suggested_filename == "lamps-again.jpg"


@pytest.mark.proves("S0.47")
@pytest.mark.parametrize("width", [1440, 390])
def test_a_translator_works_through_the_missing_texts_by_keyboard(
    live: Live, enter: Enter, lamps: list[UUID], width: int
) -> None:
    page = enter("Translator", width=width)
    page.goto("/pictures/alt?lang=de")
    assert page.evaluate("document.activeElement.id") == "alt-text"
    newest = stored(live, max(lamps))
    page.get_by_role("heading", name=newest.title).wait_for()
    page.keyboard.type("Lampen über einem Tisch")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name=stored(live, sorted(lamps)[1]).title).wait_for()
    assert page.evaluate("document.activeElement.id") == "alt-text"
    page.keyboard.press("Alt+ArrowRight")
    page.get_by_role("heading", name=stored(live, min(lamps)).title).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []
    with live[1].app_context():
        row = db.session.scalars(select(Translation).where(Translation.object_id == newest.id)).one()
        assert (row.locale, row.field, row.text) == ("de", "alt", "Lampen über einem Tisch")


@pytest.mark.proves("S0.47")
@pytest.mark.parametrize("width", [1440, 390])
def test_a_picture_is_chosen_from_the_library_in_a_form(
    live: Live, enter: Enter, lamps: list[UUID], width: int
) -> None:
    with live[1].app_context():
        theme = db.session.scalars(select(Theme.id).where(Theme.slug == "lantern-garden")).one()
    page = enter("Editor", width=width)
    page.goto(f"/themes/{theme}/edit")
    opener = page.locator("[data-media-picker]:visible").first
    opener.scroll_into_view_if_needed()
    opener.click()
    picker = page.locator("#media-picker")
    picker.wait_for()
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("lamps pink")
    picker.locator("[data-pick]").nth(0).wait_for()
    page.wait_for_timeout(400)  # the search waits for the end of the typing
    assert picker.locator("[data-pick]").all_inner_texts() == ["Lamps pink"]
    assert faults(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    picker.wait_for(state="hidden")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/themes/{theme}")
    with live[1].app_context():
        rows = db.session.scalars(
            select(ThemePicture.asset_id)
            .where(ThemePicture.theme_id == theme)
            .order_by(ThemePicture.position)
        ).all()
        assert rows == [lamps[2], lamps[1], lamps[2]]
