"""A picture's focal point is set in its form, by a pointer, by keys and by numbers; another file takes its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.kernel.db import db, unit_of_work
from app.media.models import Asset
from app.media.service import store_picture
from tests.media.files import picture
from tests.outbox import deliver_all

pytestmark = pytest.mark.browser


@pytest.fixture
def asset(live: tuple[str, Flask]) -> Asset:
    """Store a wide picture, red on the left and blue on the right."""
    with live[1].app_context():
        with unit_of_work():
            key = store_picture(picture(size=(1600, 400)), "A wide picture").id
        deliver_all()
    return saved(live, key)


def saved(live: tuple[str, Flask], key: UUID) -> Asset:
    """Read the picture as it is stored now."""
    with live[1].app_context():
        found = db.session.get_one(Asset, key)
        db.session.expunge(found)
        return found


@pytest.mark.proves("S0.47")
def test_an_editor_drags_the_focal_point_and_the_crops_follow(
    live: tuple[str, Flask], enter: Callable[..., Any], asset: Asset
) -> None:
    page = enter("Editor")
    page.goto(f"{live[0]}/pictures/{asset.id}/edit")
    stage = page.locator("[data-stage]")
    box = stage.bounding_box()
    crop = page.locator(".f-focal-crop.is-wide img")
    assert crop.evaluate("image => image.style.objectPosition") == "50% 50%"

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.75, steps=4)
    page.mouse.up()

    assert page.input_value("[name=focal_x]") == "10"
    assert page.input_value("[name=focal_y]") == "75"
    assert crop.evaluate("image => image.style.objectPosition").startswith("0% ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert (page.input_value("[name=focal_x]"), page.input_value("[name=focal_y]")) == ("11", "65")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"{live[0]}/pictures/{asset.id}")

    before, now = asset.thumb, saved(live, asset.id)
    assert (now.focal_x, now.focal_y) == (11, 65)
    with live[1].app_context():
        deliver_all()
    now = saved(live, asset.id)
    assert now.thumb != before
    assert page.request.get(f"{live[0]}/media/{now.thumb}").status == 200
    assert page.request.get(f"{live[0]}/media/{before}").status == 404


def test_the_numbers_alone_do_it_too_and_say_what_they_may_be(
    live: tuple[str, Flask], enter: Callable[..., Any], asset: Asset
) -> None:
    page = enter("Editor")
    page.goto(f"{live[0]}/pictures/{asset.id}/edit")

    page.fill("[name=focal_x]", "300")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("[role=alert]")
    assert "from 0 to 100" in page.inner_text("[role=alert]")
    page.fill("[name=focal_x]", "100")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"{live[0]}/pictures/{asset.id}")

    assert saved(live, asset.id).focal_x == 100


def test_another_file_takes_the_place_of_a_picture(
    live: tuple[str, Flask], enter: Callable[..., Any], asset: Asset
) -> None:
    page = enter("Editor")
    page.goto(f"{live[0]}/pictures/{asset.id}/edit")

    new = {"name": "new.png", "mimeType": "image/png", "buffer": picture("PNG", size=(500, 400))}
    page.set_input_files(".f-replace input[type=file]", new)
    page.get_by_role("button", name="Replace", exact=True).click()
    page.wait_for_selector("text=The picture was replaced.")

    now = saved(live, asset.id)
    assert (now.title, now.width, now.media_type) == ("A wide picture", 500, "image/png")
    assert now.path != asset.path
    page.set_input_files(".f-replace input[type=file]", {**new, "buffer": b"<script>"})
    page.get_by_role("button", name="Replace", exact=True).click()
    page.wait_for_selector("text=no JPEG, PNG")
    assert saved(live, asset.id).path == now.path


def test_who_may_not_change_a_picture_sees_no_dot(
    live: tuple[str, Flask], enter: Callable[..., Any], asset: Asset
) -> None:
    page = enter("Translator")
    page.goto(f"{live[0]}/pictures/{asset.id}/edit")

    assert page.locator("[data-stage] img").is_visible()
    assert page.locator("[data-dot]").count() == 0
    assert page.locator(".f-replace").count() == 0
