"""Pictures in a real browser: dropped, pasted, chosen, cancelled and tried again."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.domains.catalog.models import ThemePicture
from app.kernel.db import db, unit_of_work
from app.media.models import Asset
from tests.axe import EVERY, faults
from tests.factories import ThemeFactory

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]

DROP = """([selector, files, kinds]) => {
  const carried = new DataTransfer();
  for (const [name, type, content, size] of files) {
    const bytes = size ? new Uint8Array(size) : Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type }));
  }
  const target = document.querySelector(selector);
  const tell = (kind) => target.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
  for (const kind of kinds) tell(kind);
}"""
File = tuple[str, str, str, int]


def drawn(name: str, colour: tuple[int, int, int], form: str = "JPEG") -> File:
    """Draw a picture, as a browser carries it."""
    written = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(written, format=form)
    return name, f"image/{form.lower()}", base64.b64encode(written.getvalue()).decode(), 0


def drop(
    page: Any, selector: str, *files: File, kinds: tuple[str, ...] = ("dragenter", "dragover", "drop")
) -> None:
    page.evaluate(DROP, [selector, list(files), list(kinds)])


TEXT: File = ("notes.jpg", "image/jpeg", base64.b64encode(b"Milk, eggs, lanterns").decode(), 0)
PDF: File = ("plan.pdf", "application/pdf", base64.b64encode(b"%PDF-1.7").decode(), 0)
LARGE: File = ("poster.jpg", "image/jpeg", "", 11 * 2**20)


def until(page: Any, question: str) -> None:
    """Ask the page until it says yes; the policy of our pages forbids Playwright's own way."""
    for _try in range(100):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


@pytest.mark.proves("S0.47")
def test_eight_files_are_dropped_six_become_pictures_and_two_say_what_is_wrong(
    live: Live, enter: Enter
) -> None:
    page = enter("Editor")
    page.goto("/pictures/")
    before = page.locator("#rows [data-id]").count()  # other stories left theirs
    pictures = [
        drawn("garden party.jpg", (160, 60, 90)),
        drawn("lanterns.png", (60, 160, 90), "PNG"),
        drawn("cake.webp", (60, 90, 160), "WEBP"),
        drawn("band.avif", (160, 160, 90), "AVIF"),
        drawn("fireworks.gif", (30, 30, 60), "GIF"),
        drawn("long table.jpg", (200, 120, 60)),
    ]

    drop(page, "body", *pictures, kinds=("dragenter",))
    page.get_by_text("Drop the pictures to add them").wait_for()
    drop(page, "body", *pictures[:3], TEXT, *pictures[3:], LARGE, kinds=("dragover", "drop"))

    page.get_by_text("6 of 8 added, 2 failed").wait_for(timeout=60_000)
    assert not page.locator("[data-dropzone]").is_visible()
    wrong = page.locator("[data-item][data-state=failed]")
    assert [text.split("\n")[0].rsplit(" ", 2)[0] for text in wrong.all_inner_texts()] == [
        "notes.jpg",
        "poster.jpg",
    ]
    assert (
        "This is no JPEG, PNG, WebP, AVIF or GIF picture. Save it as one of these."
        in wrong.nth(0).inner_text()
    )
    tops = [item.bounding_box()["y"] for item in page.locator("[data-item]").all()]
    failed_tops = [item.bounding_box()["y"] for item in wrong.all()]
    assert failed_tops == sorted(tops)[:2], "the failed ones stand first"
    assert "The file is larger than 10 MB. Save the picture smaller." in wrong.nth(1).inner_text()
    assert not wrong.get_by_role("button").filter(visible=True).count(), "another try would end the same"
    until(
        page,
        "[...document.querySelectorAll('[data-item][data-state=done] img')].every((image) => image.naturalWidth > 0)",
    )
    until(page, f"document.querySelectorAll('#rows [data-id]').length === {before + 6}")
    assert faults(page, EVERY) == []

    words = page.get_by_label("Alternative text")
    assert words.count() == 6
    words.first.fill("A table under trees")
    words.first.press("Enter")
    page.get_by_text("Saved", exact=True).first.wait_for()
    assert page.evaluate("document.activeElement.id") == words.nth(1).get_attribute("id")
    with live[1].app_context():
        kept = db.session.scalars(select(Asset).order_by(Asset.created_at)).all()
        assert {row.title for row in kept} >= {
            "garden party",
            "lanterns",
            "cake",
            "band",
            "fireworks",
            "long table",
        }
        assert "A table under trees" in {row.alt for row in kept}


@pytest.mark.proves("S0.47")
def test_pictures_dropped_on_a_gallery_stand_in_the_order_they_were_dropped(live: Live, enter: Enter) -> None:
    with live[1].app_context(), unit_of_work():
        theme = ThemeFactory(name="Dropped", slug="dropped").id
    page = enter("Editor")
    page.goto(f"/themes/{theme}/edit")
    colours = {"third": (1, 200, 3), "first": (200, 1, 3), "second": (1, 3, 200)}

    pictures = [drawn(f"{name}.png", colour, "PNG") for name, colour in colours.items()]
    drop(page, "[data-drop]", pictures[0], TEXT, pictures[1], PDF, pictures[2])

    refused = page.locator("[data-refusals]")
    refused.get_by_text("notes.jpg was not added: This is no JPEG").wait_for(timeout=60_000)
    refused.get_by_text("plan.pdf was not added: This is no JPEG").wait_for()
    until(
        page,
        "[...document.querySelectorAll('[data-row] select')].filter((select) => select.value).length === 3",
    )
    assert page.locator("[data-rows] > li").count() == 3, "a refused file left a row behind"
    assert faults(page, EVERY) == []
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/themes/{theme}")

    with live[1].app_context():
        rows = db.session.execute(
            select(Asset.title, Asset.path)
            .join(ThemePicture, ThemePicture.asset_id == Asset.id)
            .where(ThemePicture.theme_id == theme)
            .order_by(ThemePicture.position)
        ).all()
    assert [title for title, _path in rows] == list(colours)
    assert all(path.startswith(f"themes/{theme}/images/") for _title, path in rows)


def test_a_file_that_did_not_arrive_is_tried_again_and_one_is_cancelled(enter: Enter) -> None:
    page = enter("Editor")
    enter.forgiven.append("ERR_")  # type: ignore[attr-defined]  # we break the connection
    page.goto("/pictures/")

    def hold(_route: Any) -> None:
        """Let a request wait for ever."""

    page.route("**/api/v1/pictures/", lambda route: route.abort())
    drop(page, "body", drawn("train.jpg", (9, 9, 9)))
    failed = page.locator("[data-item][data-state=failed]")
    failed.get_by_text("There is no connection.").wait_for()
    page.unroute("**/api/v1/pictures/")
    failed.get_by_role("button", name="Try again: train.jpg").click()
    page.get_by_text("1 of 1 added").wait_for(timeout=30_000)

    page.route("**/api/v1/pictures/", hold)
    drop(
        page, "body", *(drawn(f"slow {number}.jpg", (9, number, 9)) for number in range(3)), kinds=("paste",)
    )
    until(page, "document.querySelectorAll('[data-item][data-state=sending]').length === 2")
    assert page.locator("[data-item][data-state=waiting]").count() == 1, "more than two were sent at once"
    page.get_by_role("button", name="Cancel: slow 2.jpg").click()
    page.get_by_role("button", name="Cancel all").click()
    page.get_by_text("1 of 4 added, 3 failed").wait_for()
    assert page.get_by_text("Cancelled", exact=True).count() == 3
    page.unroute("**/api/v1/pictures/")
    page.get_by_role("button", name="Try the failed ones again").click()
    page.get_by_text("4 of 4 added").wait_for(timeout=30_000)


@pytest.mark.parametrize(("width", "dark", "locale"), [(390, False, "en"), (1440, True, "ar")])
def test_a_picture_is_chosen_by_keyboard_on_a_phone_and_in_arabic(
    enter: Enter, tmp_path: Path, width: int, dark: bool, locale: str
) -> None:
    page = enter("Editor", width=width, dark=dark, locale=locale)
    page.goto("/pictures/add")
    until(page, "document.activeElement.matches('[data-upload] input[type=file]')")
    Image.new("RGB", (300, 200), (90, 20, 60)).save(tmp_path / "phone.jpg")

    choosers: list[Any] = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))  # noqa: PLW0108  # the browser asks a function
    for _try in range(5):  # a busy browser may take the key for one that came before the page was there
        page.keyboard.press("Enter")
        page.wait_for_timeout(2_000)
        if choosers:
            break
    choosers[0].set_files([tmp_path / "phone.jpg"])

    page.locator("[data-item][data-state=done]").wait_for(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page, EVERY) == []


def test_a_server_with_too_much_to_do_gets_the_picture_when_it_said(enter: Enter) -> None:
    page = enter("Editor")
    enter.forgiven.append("503")  # type: ignore[attr-defined]  # which is what we answer
    page.goto("/pictures/")
    sent: list[int] = []

    def busy(route: Any) -> None:
        """Be busy for the first two."""
        sent.append(1)
        if len(sent) > 2:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"detail": "Many pictures."})

    page.route("**/api/v1/pictures/", busy)
    drop(page, "body", drawn("patient.jpg", (9, 90, 9)))
    page.get_by_text("Waits for its turn").wait_for()
    page.get_by_text("1 of 1 added").wait_for(timeout=30_000)
    assert len(sent) == 3

    page.unroute("**/api/v1/pictures/")
    page.route(
        "**/api/v1/pictures/",
        lambda route: route.fulfill(status=503, headers={"Retry-After": "50"}, json={"detail": "Many."}),
    )
    drop(page, "body", drawn("cancelled.jpg", (9, 9, 90)))
    item = page.locator("[data-item]").filter(has_text="cancelled.jpg")
    item.get_by_text("Waits for its turn").wait_for()
    page.get_by_role("button", name="Cancel: cancelled.jpg").click()
    item.get_by_text("Cancelled", exact=True).wait_for()
    page.unroute("**/api/v1/pictures/")
    item.get_by_role("button", name="Try again").click()
    page.get_by_text("2 of 2 added").wait_for(timeout=30_000)
