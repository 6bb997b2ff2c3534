"""Folders without loops, tags that are searched, uses that are counted, and pictures that look alike."""

from __future__ import annotations

import io
from datetime import timedelta
from importlib import import_module

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domains.catalog.models import ThemePicture
from app.kernel import clock
from app.kernel.errors import Invalid
from app.media.folders import DEEPEST, PictureFolder, tree_of
from app.media.models import Asset
from app.media.queries import count_missing_alt, next_missing_alt, pictures_by_folder, tags_in_use
from app.media.service import replace_picture, store_picture
from app.media.studio.likeness import likeness_of, mean_colour
from app.media.twins import PictureTwin, find_twins, set_apart
from tests.factories import AssetFactory, FestivalFactory, ThemeFactory, translate

pytestmark = pytest.mark.usefixtures("app")


def scene(
    size: tuple[int, int] = (900, 600), colour: str = "orange", form: str = "JPEG", **options: int
) -> bytes:
    """Draw something that can be told from other things: lamps over a table."""
    image = Image.new("RGB", (900, 600), "midnightblue")
    pen = ImageDraw.Draw(image)
    for n in range(7):
        pen.ellipse((40 + n * 125, 60 + (n % 3) * 90, 130 + n * 125, 150 + (n % 3) * 90), fill=colour)
    pen.rectangle((0, 430, 900, 600), fill="saddlebrown")
    pen.rectangle((300, 330, 380, 600), fill="ivory")
    written = io.BytesIO()
    image.resize(size).save(written, format=form, **options)
    return written.getvalue()


def folder(session: Session, name: str, parent: PictureFolder | None = None) -> PictureFolder:
    row = PictureFolder(name=name, parent_id=parent.id if parent else None)
    session.add(row)
    session.flush()
    return row


def test_a_folder_cannot_lie_within_itself_or_below_itself(session: Session) -> None:
    top = folder(session, "Festivals")
    below = folder(session, "India", top)
    lowest = folder(session, "Holi", below)

    top.parent_id = lowest.id
    with pytest.raises(Invalid, match="parent_id"):
        session.flush()


def test_folders_lie_so_deep_and_no_deeper(session: Session) -> None:
    row = None
    for n in range(DEEPEST):
        row = folder(session, f"Level {n}", row)
    with pytest.raises(Invalid):
        folder(session, "One too many", row)


def test_what_lies_in_a_folder_moves_up_when_it_is_deleted(session: Session) -> None:
    top = folder(session, "Festivals")
    gone = folder(session, "India", top)
    inner, namesake = folder(session, "Holi", gone), folder(session, "Holi", top)
    picture = AssetFactory(folder_id=gone.id)

    session.delete(gone)
    session.flush()

    session.expire_all()
    assert session.get_one(Asset, picture.id).folder_id == top.id
    assert session.get_one(PictureFolder, inner.id).parent_id == top.id
    assert session.get_one(PictureFolder, inner.id).name == "Holi 2"  # the name was taken there
    assert session.get_one(PictureFolder, namesake.id).name == "Holi"


def test_uses_are_counted_whoever_writes_the_rows(session: Session) -> None:
    one, other = AssetFactory(), AssetFactory()
    theme = ThemeFactory(pictures=[ThemePicture(asset_id=one.id, alt="", position=0)])
    FestivalFactory(pictures=[])

    def uses() -> tuple[int, int]:
        session.expire_all()
        return session.get_one(Asset, one.id).uses, session.get_one(Asset, other.id).uses

    assert uses() == (1, 0)
    session.execute(text("UPDATE theme_picture SET asset_id = :other"), {"other": other.id})
    assert uses() == (0, 1)
    session.execute(
        text(
            "INSERT INTO theme_picture (id, theme_id, asset_id)"
            " SELECT gen_random_uuid(), :t, :a FROM generate_series(1, 3)"
        ),
        {"t": theme.id, "a": one.id},
    )
    assert uses() == (3, 1)
    session.execute(text("DELETE FROM theme_picture"))
    assert uses() == (0, 0)


def test_counting_uses_is_no_change_of_the_picture(session: Session) -> None:
    asset = AssetFactory()
    before = asset.revision, asset.updated_at
    ThemeFactory(pictures=[ThemePicture(asset_id=asset.id, alt="", position=0)])
    session.refresh(asset)
    assert (asset.revision, asset.updated_at) == before
    told = "SELECT count(*) FROM audit_entry WHERE content_type = 'asset' AND action = 'update'"
    assert session.scalar(text(told)) == 0


def test_a_picture_in_another_size_and_form_is_found_to_be_alike(session: Session) -> None:
    first = store_picture(scene(), "First")
    small = store_picture(scene((450, 300), form="WEBP", quality=60), "Smaller")
    other = store_picture(scene(colour="green"), "In another colour")
    session.expire_all()

    assert (first.likeness is not None, first.twins, small.twins) == (True, 1, 1)
    assert session.get_one(PictureTwin, (first.id, small.id)).distance > 0
    assert other.twins == 0

    same = store_picture(scene(), "The same file")
    session.expire_all()
    assert session.get_one(PictureTwin, (same.id, first.id)).distance == 0
    assert first.twins == 2


def test_what_was_said_to_be_different_is_not_told_again(session: Session) -> None:
    first, second = store_picture(scene(), "First"), store_picture(scene(), "Second")
    set_apart(session, first.id, second.id)
    session.expire_all()
    assert (first.twins, second.twins) == (0, 0)

    assert find_twins(session, first) == 0
    session.expire_all()
    assert first.twins == 0


def test_pairs_follow_a_picture_that_is_replaced_or_deleted(session: Session) -> None:
    first, second, third = (store_picture(scene(), title) for title in ("One", "Two", "Three"))
    replace_picture(second, scene(colour="green"))
    session.expire_all()
    assert (first.twins, second.twins, third.twins) == (1, 0, 1)
    session.delete(third)
    session.flush()
    session.expire_all()
    assert first.twins == 0


def test_what_shows_too_little_is_like_nothing(session: Session) -> None:
    assert likeness_of(Image.new("RGB", (300, 200), "skyblue")) is None
    flat = io.BytesIO()
    Image.new("RGB", (300, 200), "skyblue").save(flat, "PNG")
    other = io.BytesIO()
    Image.new("RGB", (330, 220), "skyblue").save(other, "PNG")
    first, second = store_picture(flat.getvalue(), "Sky"), store_picture(other.getvalue(), "Sky again")
    session.expire_all()
    assert (first.twins, second.twins) == (0, 0)


def test_the_mean_colour_is_read_from_the_blurhash(session: Session) -> None:
    asset = store_picture(scene(), "Lamps")
    red, green, blue = mean_colour(
        asset.blurhash
    )  # the mean of the light, which is brighter than that of the numbers
    assert red > blue > green
    plain = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 100, 50)).save(plain, "PNG")
    assert mean_colour(store_picture(plain.getvalue(), "Plain").blurhash) == (200, 100, 50)
    assert mean_colour("") == (0, 0, 0)


def test_replacing_keeps_the_focal_point_if_it_shall(session: Session) -> None:
    asset = store_picture(scene(), "Lamps")
    asset.focal_x, asset.focal_y = 20, 70
    session.flush()
    replace_picture(asset, scene((600, 400)), keeps_focal=True)
    assert (asset.focal_x, asset.focal_y) == (20, 70)
    replace_picture(asset, scene((660, 440)))
    assert (asset.focal_x, asset.focal_y) == (50, 50)


@pytest.mark.proves("S0.47")
def test_pictures_in_use_without_words_are_counted_in_each_language(session: Session) -> None:
    bare, told, unused = AssetFactory(alt=""), AssetFactory(), AssetFactory(alt="")
    translate(told, "de", alt="Laternen")
    ThemeFactory(
        pictures=[ThemePicture(asset_id=key, alt="", position=n) for n, key in enumerate((bare.id, told.id))]
    )
    photo = AssetFactory(alt="", path="users/0/avatars/1.webp")
    session.execute(text("UPDATE asset SET uses = 1 WHERE id = :key"), {"key": photo.id})

    missing = count_missing_alt()
    counts = missing.by_language
    assert (counts["en"], counts["de"], counts["hi"]) == (1, 1, 2)
    assert missing.pictures == 2, "each once, in however many languages it lacks one"
    assert count_missing_alt(locales=("en", "de")).pictures == 1
    of_told = count_missing_alt(Asset.id == told.id).by_language
    assert of_told == {"en": 0, "de": 0, "es": 1, "hi": 1, "ar": 1}
    first = next_missing_alt(session, "hi", None)
    assert first is not None
    second = next_missing_alt(session, "hi", None, first.id)
    assert second is not None
    assert {first.id, second.id} == {bare.id, told.id}
    assert next_missing_alt(session, "hi", None, second.id) is None
    assert unused.id not in {first.id, second.id}


def test_tags_and_folders_are_counted(session: Session) -> None:
    row = folder(session, "Tables")
    AssetFactory(tags=["gold", "table"], folder_id=row.id)
    AssetFactory(tags=["gold"])
    assert tags_in_use(session) == [("gold", 2), ("table", 1)]
    assert pictures_by_folder(session) == {row.id: 1, None: 1}


def test_a_picture_is_found_by_its_tags_and_by_its_file_name(session: Session) -> None:
    asset = AssetFactory(title="Untitled", tags=["marigold"], file_name="IMG_2041.webp")
    found = "SELECT object_id FROM search_entry WHERE content_type = 'asset' AND text LIKE :part"
    for part in ("%marigold%", "%img_2041%"):
        assert session.scalars(text(found), {"part": part}).all() == [asset.id]


def test_folders_stand_by_their_names_in_whatever_case(session: Session) -> None:
    for name in ("Zinnias", "asters", "Roses", "peonies"):
        folder(session, name)
    assert [row.name for row in tree_of(session)] == ["asters", "peonies", "Roses", "Zinnias"]


def test_a_folder_that_moves_up_gets_a_number_where_its_name_is_taken_in_another_case(
    session: Session,
) -> None:
    folder(session, "lamps")
    top = folder(session, "Festivals")
    inner = folder(session, "Lamps", top)
    session.delete(top)
    session.flush()
    session.refresh(inner)
    assert (inner.name, inner.parent_id) == ("Lamps 2", None)


def test_doubles_of_older_databases_are_numbered(session: Session) -> None:
    module = import_module("migrations.versions.20261121_1155_folder_names")
    session.execute(text("DROP INDEX uq_picture_folder_name"))
    rows = [folder(session, name) for name in ("Lamps", "lamps", "LAMPS", "lamps 2")]
    for number, row in enumerate(rows):
        row.created_at = clock.now() + timedelta(minutes=number)
    session.flush()
    session.execute(text(module.PART))
    session.expire_all()
    assert [row.name for row in rows] == ["Lamps", "lamps 3", "LAMPS 4", "lamps 2"]


@pytest.mark.parametrize("name", ["Festivals", "FESTIVALS"])
def test_the_same_name_stands_twice_only_in_other_folders(session: Session, name: str) -> None:
    top = folder(session, "Festivals")
    folder(session, "Festivals", top)
    session.add(PictureFolder(name=name))
    with pytest.raises(Exception, match="uq_picture_folder_name"):
        session.flush()
    session.rollback()
