"""Pictures come out the same on every run, in every process, and stay light."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from app.demo.content import content
from app.demo.drawing.canvas import Canvas
from app.demo.drawing.palettes import PALETTES
from app.demo.pictures import LARGEST, SCENES, draw, draw_all
from app.media.studio.drawing import WIDTHS


def test_every_recipe_names_a_scene_and_a_palette():
    recipes = content("pictures").values()
    assert {recipe["scene"] for recipe in recipes} == set(SCENES)
    assert {recipe["palette"] for recipe in recipes} <= set(PALETTES)


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_draws_something(scene):
    name, recipe = next(
        (name, recipe) for name, recipe in content("pictures").items() if recipe["scene"] == scene
    )
    canvas = Canvas(name)
    SCENES[scene](canvas, PALETTES[recipe["palette"]], **recipe.get("options", {}))
    drawn = canvas.finish()
    assert len(drawn.convert("L").resize((64, 43)).getcolors(4096)) > 40  # no empty sheet


@pytest.mark.parametrize("name", ["holi-powder", "rose-arch"])
def test_a_picture_is_drawn_the_same_twice(name):
    first, second = draw(name), draw(name)
    assert first == second


def test_a_picture_is_three_to_two_light_and_has_its_renditions():
    drawing = draw("starlit-pavilion")
    picture = drawing.files[0]
    assert len(picture.content) <= LARGEST
    with Image.open(io.BytesIO(picture.content)) as image:
        assert (image.size, image.format) == ((1600, 1067), "WEBP")
        assert len(image.convert("L").resize((64, 43)).getcolors(4096)) > 40  # no empty sheet
    widths = {(file.role, file.width) for file in drawing.files[1:]}
    assert widths == {(form, width) for form in ("webp",) for width in WIDTHS} | {
        ("thumb", 480),
        ("square", 240),
    }
    assert len(drawing.blurhash) == 28


def test_other_names_give_other_pictures():
    assert draw("deco-star").files[0] != draw("gala-star").files[0]


def test_it_is_said_how_far_the_drawing_is(capsys):
    drawn = list(draw_all(["rose-arch", "deco-star"]))
    assert [name for name, _drawing in drawn] == ["deco-star", "rose-arch"]
    assert "2 of 2 are drawn" in capsys.readouterr().out


@pytest.mark.long
def test_all_are_drawn_in_time_each_unlike_the_others_and_the_same_in_other_processes():
    started = time.monotonic()
    drawn = dict(draw_all(workers=2))
    assert time.monotonic() - started < 120  # 40 s on two idle cores
    assert drawn.keys() == content("pictures").keys()
    assert max(len(drawing.files[0].content) for drawing in drawn.values()) <= LARGEST
    assert len({drawing.files[0].content for drawing in drawn.values()}) == len(drawn)
    assert drawn["eid-window"] == draw("eid-window")
