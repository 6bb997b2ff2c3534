"""The library over HTTP: what it shows, who may do what in it, and how many statements it takes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from app.domains.catalog.models import ThemePicture
from app.domains.reviews.models import Review
from app.kernel.audit import AuditEntry
from app.media.folders import PictureFolder
from app.media.models import Asset
from app.media.resources import assets
from app.media.service import store_picture
from app.resources import On
from app.translation.models import Translation
from tests.factories import AssetFactory, ReviewFactory, ThemeFactory, translate
from tests.media.test_library import scene

SignIn = Callable[..., FlaskClient]
AS_JSON = {"Accept": "application/json"}


def gallery(*assets: Asset) -> list[ThemePicture]:
    return [ThemePicture(asset_id=asset.id, alt="", position=n) for n, asset in enumerate(assets)]


def page_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.get_data(as_text=True)[:800]
    return answer.get_data(as_text=True)


def test_the_library_opens_as_a_grid_and_is_a_table_on_request(sign_in: SignIn) -> None:
    AssetFactory(title="Lantern walk")
    editor = sign_in("Editor")
    for path in ("/pictures/", "/pictures/?as=gallery"):
        grid = page_of(editor.get(path))
        assert 'class="f-pictures"' in grid
        assert "as=gallery" not in grid  # the address of the list is that of its pictures
    table = page_of(editor.get("/pictures/?as=table&q=lantern"))
    assert '<table class="f-table"' in table
    assert '<input type="hidden" form="find" name="as" value="table">' in table
    (back,) = re.findall(r'<a href="/pictures/\?([^"]*)" title="Gallery">', table)
    assert "q=lantern" in back
    assert "as=" not in back


@pytest.mark.parametrize("way", ["gallery", "table"])
def test_a_page_of_the_library_takes_as_many_statements_for_one_picture_as_for_many(
    sign_in: SignIn, session: Session, count_statements: Callable[[], Any], way: str
) -> None:
    top = PictureFolder(name="Tables")
    session.add(top)
    session.flush()
    AssetFactory(tags=["gold"])
    editor = sign_in("Editor")
    editor.get(f"/pictures/?as={way}")
    with count_statements() as few:
        page_of(editor.get(f"/pictures/?as={way}"))
    for n in range(24):
        session.add(PictureFolder(name=f"Table {n}", parent_id=top.id))
        AssetFactory(tags=["gold", f"tag {n}"], folder_id=top.id, alt="")
    with count_statements() as many:
        page_of(editor.get(f"/pictures/?as={way}"))
    assert len(many) == len(few)


def test_a_folder_and_a_tag_narrow_the_pictures(sign_in: SignIn, session: Session) -> None:
    top = PictureFolder(name="Tables")
    session.add(top)
    session.flush()
    AssetFactory(title="In the folder", folder_id=top.id, tags=["gold"])
    AssetFactory(title="At the top", tags=["gold", "blue"])
    editor = sign_in("Editor")

    def titles(query: str) -> list[str]:
        page = page_of(editor.get(f"/pictures/?as=gallery&{query}"))
        return re.findall(r'f-picture-card-title" dir="auto">([^<]+)<', page)

    assert titles(f"filter[folder]={top.id}") == ["In the folder"]
    assert titles("filter[folder][null]=true") == ["At the top"]
    assert titles("filter[tags]=gold,blue") == ["At the top"]
    assert set(titles("filter[tags][in]=gold,blue")) == {"In the folder", "At the top"}
    assert titles("q=gold&filter[tags][ne]=blue") == ["In the folder"]
    assert titles("sort=title&filter[uses]=0") == ["At the top", "In the folder"]


def test_pictures_are_moved_and_tagged_together_and_it_can_be_undone(
    sign_in: SignIn, session: Session
) -> None:
    top = PictureFolder(name="Tables")
    session.add(top)
    pictures = [AssetFactory(tags=["old"]) for _ in range(2)]
    editor = sign_in("Editor")
    ids = [str(picture.id) for picture in pictures]

    answer = editor.post("/pictures/move", data={"ids": ids, "folder": str(top.id)}, headers=AS_JSON)
    assert answer.json["former"] == dict.fromkeys(ids, "")
    assert {session.get_one(Asset, picture.id).folder_id for picture in pictures} == {top.id}
    again = editor.post("/pictures/move", data={"ids": ids, "folder": ""}, headers=AS_JSON)
    assert again.json["former"] == dict.fromkeys(ids, str(top.id))

    editor.post("/pictures/tag", data={"ids": ids, "add": "Gold, garden party", "remove": "old"})
    assert session.get_one(Asset, pictures[0].id).tags == ["gold", "garden party"]
    pictures[1].tags = ["gold"]
    session.flush()
    more = {"ids": ids, "add": "gold, new", "remove": "garden party"}
    told = editor.post("/pictures/tag", data=more, headers=AS_JSON).json
    assert told["former"] == {
        ids[0]: {"add": "garden party", "remove": "new"},
        ids[1]: {"add": "", "remove": "new"},
    }
    for key, way in told["former"].items():
        editor.post("/pictures/tag", data={"ids": [key], **way}, headers=AS_JSON)
    assert set(session.get_one(Asset, pictures[0].id).tags) == {"gold", "garden party"}
    assert session.get_one(Asset, pictures[1].id).tags == ["gold"]
    actor = (
        session.query(AuditEntry).filter_by(content_type="asset", object_id=ids[0]).order_by(AuditEntry.id)
    )
    assert actor.all()[-1].actor_label == "Editor Staff"


@pytest.mark.parametrize("role", ["Translator", "Viewer", "Moderator"])
def test_who_may_not_change_pictures_moves_tags_and_merges_none(sign_in: SignIn, role: str) -> None:
    picture = AssetFactory()
    browser = sign_in(role)
    data = {"ids": [str(picture.id)], "folder": "", "other": str(picture.id)}
    for path in ("move", "tag", f"{picture.id}/merge", f"{picture.id}/apart", f"{picture.id}/replace"):
        assert browser.post(f"/pictures/{path}", data=data).status_code == 403
    assert browser.post("/api/v1/picture-folders/", json={"name": "Mine"}).status_code == 403
    page = page_of(browser.get("/pictures/?as=gallery"))
    assert "move-pictures" not in page
    assert "data-folder-new" not in page


def test_folders_are_made_moved_and_deleted_through_the_declared_resource(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    top = editor.post("/api/v1/picture-folders/", json={"name": "Festivals"}).json["data"]
    inner = editor.post("/api/v1/picture-folders/", json={"name": "India", "parent": top["id"]}).json["data"]
    picture = AssetFactory()
    sent = {"folder": inner["id"], "tags": ["Gold", "gold"], "revision": picture.revision}
    told = editor.patch(f"/api/v1/pictures/{picture.id}", json=sent).json["data"]
    assert (told["folder"], told["tags"]) == (inner["id"], ["gold"])

    loop = editor.patch(f"/api/v1/picture-folders/{top['id']}", json={"parent": inner["id"], "revision": 1})
    assert loop.status_code == 422
    assert "parent_id" in loop.json["errors"]
    taken = editor.post("/api/v1/picture-folders/", json={"name": "FESTIVALS"})
    assert (taken.status_code, list(taken.json["errors"])) == (422, ["name"])

    assert editor.delete(f"/api/v1/picture-folders/{inner['id']}").status_code == 204
    assert str(session.get_one(Asset, picture.id).folder_id) == top["id"]


def test_a_folder_that_was_deleted_comes_back_with_what_still_lies_where_it_went(
    sign_in: SignIn, session: Session
) -> None:
    top, other = PictureFolder(name="Festivals"), PictureFolder(name="Tables")
    session.add_all((top, other))
    session.flush()
    folder = PictureFolder(name="India", parent_id=top.id)
    session.add(folder)
    session.flush()
    inner = PictureFolder(name="Lamps", parent_id=folder.id)
    session.add(inner)
    stays, moved = AssetFactory(folder_id=folder.id), AssetFactory(folder_id=folder.id)
    session.flush()
    key = folder.id
    editor = sign_in("Editor")
    told = editor.post(f"/picture-folders/{key}/delete", headers=AS_JSON).json
    assert told["told"] == "“India” was deleted."
    session.expire_all()
    assert {stays.folder_id, moved.folder_id, inner.parent_id} == {top.id}
    editor.post("/pictures/move", data={"ids": [str(moved.id)], "folder": str(other.id)})

    answer = editor.post("/picture-folders/undelete", data={"token": told["token"]}, headers=AS_JSON)
    assert answer.status_code == 200
    session.expire_all()
    assert session.get_one(PictureFolder, key).parent_id == top.id
    assert (stays.folder_id, moved.folder_id, inner.parent_id) == (key, other.id, key)
    late = editor.post("/picture-folders/undelete", data={"token": told["token"]}, headers=AS_JSON)
    assert late.status_code == 409
    assert sign_in("Viewer").post(f"/picture-folders/{key}/delete", headers=AS_JSON).status_code == 403


def test_a_picture_is_sent_into_a_folder(sign_in: SignIn, session: Session) -> None:
    top = PictureFolder(name="Tables")
    session.add(top)
    session.flush()
    editor = sign_in("Editor")
    sent = {"file": (io.BytesIO(scene()), "IMG_1.jpg"), "folder": str(top.id)}
    made = editor.post("/api/v1/pictures/", data=sent).json["data"]
    assert (made["folder"], made["file_name"]) == (str(top.id), "IMG_1.jpg")
    wrong = {"file": (io.BytesIO(scene()), "IMG_1.jpg"), "folder": str(made["id"])}
    assert editor.post("/api/v1/pictures/", data=wrong).status_code == 422


def test_where_a_picture_is_shown_stands_on_its_page_with_links(
    sign_in: SignIn, session: Session, count_statements: Callable[[], Any]
) -> None:
    picture = AssetFactory(title="Lamps")
    ThemeFactory(name="Lantern garden", pictures=gallery(picture))
    ReviewFactory(author_name="Asha", asset_id=picture.id)
    editor = sign_in("Editor")
    page = page_of(editor.get(f"/pictures/{picture.id}"))
    used = page[page.index('id="used"') : page.index('id="facts-title"')]
    assert "Lantern garden" in used
    assert "Asha" in used
    address = f"/pictures/{picture.id}"
    with count_statements() as few:
        editor.get(address)
    for n in range(20):
        ThemeFactory(name=f"Garden {n}", pictures=gallery(picture))
    session.commit()
    with count_statements() as many:
        editor.get(address)
    assert len(many) == len(few)


def test_the_page_of_a_picture_shows_the_fields_of_its_form(sign_in: SignIn, session: Session) -> None:
    picture = AssetFactory(title="Lamps", alt="Lamps in trees", credit="Asha", tags=["summer night"])
    translate(picture, "de", alt="Lampen in Bäumen")
    session.commit()
    page = page_of(sign_in("Editor").get(f"/pictures/{picture.id}"))
    told = page[page.index('<dl class="f-details">') : page.index('class="f-show-side"')]
    labels = [label.strip() for label in re.findall(r"<div[^>]*>\s*<dt>([^<]+)</dt>", told)]
    form = [str(field.label) for field in assets.fields_on(On.FORM)]
    assert [label for label in labels if label in form] == form
    assert '<details class="f-also" open>' in told, "the one text there is to translate stands open"
    assert "Lampen in Bäumen" in told
    assert 'dt>Español</dt><dd><span class="f-none">Missing</span>' in told
    assert 'href="/pictures/?filter%5Btags%5D=summer+night"' in told
    assert page.count(">summer night<") == 1


def test_what_a_reader_may_not_see_is_counted_and_not_named(sign_in: SignIn) -> None:
    picture = AssetFactory()
    ReviewFactory(author_name="Asha", asset_id=picture.id)
    page = page_of(sign_in("Translator").get(f"/pictures/{picture.id}"))
    assert "Asha" in page  # translators read reviews
    canned = page_of(sign_in("Moderator").get(f"/pictures/{picture.id}"))
    assert "1 more that you may not see" not in canned


def test_a_picture_that_is_shown_is_not_deleted_but_said_to_be_shown(
    sign_in: SignIn, session: Session
) -> None:
    picture = AssetFactory(title="Lamps")
    ReviewFactory(author_name="Asha", asset_id=picture.id)  # the database would let it go
    editor = sign_in("Editor")
    page = page_of(editor.post(f"/pictures/{picture.id}/delete", follow_redirects=True))
    assert "The picture is still shown" in page
    assert session.get(Asset, picture.id) is not None


def test_one_picture_takes_the_place_of_its_twin_everywhere(sign_in: SignIn, session: Session) -> None:
    kept, other = store_picture(scene(), "Kept"), store_picture(scene(), "Twin")
    gone = other.id
    between = AssetFactory()
    theme = ThemeFactory(name="Lantern garden", pictures=gallery(between, other))
    review = ReviewFactory(asset_id=other.id)
    editor = sign_in("Admin")
    revision = theme.revision

    answer = editor.post(
        f"/pictures/{kept.id}/merge", data={"other": str(other.id), "delete": "1"}, follow_redirects=True
    )
    page = page_of(answer)
    assert "2 records show this picture now" in page
    assert "“Twin” was deleted." in page
    session.expire_all()
    assert [row.asset_id for row in theme.pictures] == [between.id, kept.id]
    assert theme.revision > revision
    assert session.get_one(Review, review.id).asset_id == kept.id
    assert session.get(Asset, gone) is None
    assert (kept.uses, kept.twins) == (2, 0)
    told = session.query(AuditEntry).filter_by(content_type="theme_picture", action="update").all()
    assert [entry.actor_label for entry in told] == ["Admin Staff"]


def test_nothing_is_merged_where_one_record_may_not_be_changed(sign_in: SignIn, session: Session) -> None:
    kept, other = store_picture(scene(), "Kept"), store_picture(scene(), "Twin")
    theme = ThemeFactory(pictures=gallery(other))
    ReviewFactory(asset_id=other.id)
    editor = sign_in("Editor")  # who only reads reviews
    page = page_of(
        editor.post(f"/pictures/{kept.id}/merge", data={"other": str(other.id)}, follow_redirects=True)
    )
    assert "where you may change nothing" in page
    session.expire_all()
    assert [row.asset_id for row in theme.pictures] == [other.id]
    assert session.get_one(Asset, other.id).uses == 2


def test_a_picture_does_not_take_its_own_place(sign_in: SignIn, session: Session) -> None:
    picture = store_picture(scene(), "One")
    own = {"other": str(picture.id), "delete": "1"}
    assert sign_in("Editor").post(f"/pictures/{picture.id}/merge", data=own).status_code == 404
    session.expire_all()
    assert session.get(Asset, picture.id) is not None


def test_twins_that_are_different_are_told_apart(sign_in: SignIn, session: Session) -> None:
    one, other = store_picture(scene(), "One"), store_picture(scene(), "Other")
    editor = sign_in("Editor")
    assert "Same file" in page_of(editor.get(f"/pictures/{one.id}"))
    editor.post(f"/pictures/{one.id}/apart", data={"other": str(other.id)})
    assert "Same file" not in page_of(editor.get(f"/pictures/{one.id}"))
    assert page_of(editor.get("/pictures/?as=gallery&filter[twins][gte]=1")).count("data-card") == 0


def test_each_file_of_a_picture_is_downloaded_under_a_sensible_name(sign_in: SignIn) -> None:
    picture = store_picture(scene(), "Lampen über dem Tisch")
    viewer = sign_in("Viewer")

    def file(name: str) -> tuple[str, bytes]:
        with viewer.get(f"/pictures/file/{picture.id}/{name}") as answer:
            return answer.headers["Content-Disposition"], answer.data

    kept_as, whole = file("original")
    assert kept_as == "attachment; filename=lampen-uber-dem-tisch.jpg"
    assert Image.open(io.BytesIO(whole)).size == (900, 600)
    kept_as, small = file("webp-320")
    assert kept_as == "attachment; filename=lampen-uber-dem-tisch-320.webp"
    assert Image.open(io.BytesIO(small)).size[0] == 320
    assert file("square")[0] == "attachment; filename=lampen-uber-dem-tisch-square.webp"
    for name in ("webp-77", "..%2Fsecret", "gif"):
        assert viewer.get(f"/pictures/file/{picture.id}/{name}").status_code == 404


@pytest.mark.proves("S0.47")
def test_a_translator_writes_the_missing_texts_one_after_the_other(sign_in: SignIn, session: Session) -> None:
    pictures = [AssetFactory(title=f"Picture {n}") for n in range(3)]
    ThemeFactory(pictures=gallery(*pictures))
    newest, middle, oldest = sorted(pictures, key=lambda picture: picture.id, reverse=True)
    translator = sign_in("Translator")
    page = page_of(translator.get("/pictures/alt?lang=de"))
    assert "3 pictures left in Deutsch" in page
    assert f'value="{newest.id}"' in page

    sent = {"id": str(newest.id), "text": "Laternen über dem Tisch"}
    after = page_of(translator.post("/pictures/alt?lang=de", data=sent, headers={"HX-Request": "true"}))
    assert f'value="{middle.id}"' in after
    assert "2 pictures left in Deutsch" in after
    row = session.query(Translation).filter_by(object_id=newest.id, locale="de", field="alt").one()
    assert (row.text, row.state) == ("Laternen über dem Tisch", "needs_review")

    skipped = page_of(translator.get(f"/pictures/alt?lang=de&after={middle.id}"))
    assert f'value="{oldest.id}"' in skipped
    end = page_of(translator.get(f"/pictures/alt?lang=de&after={oldest.id}"))
    assert "2 pictures were skipped" in end
    assert translator.get("/pictures/alt?lang=en").status_code == 403  # the source is the Editor's
    assert translator.post("/pictures/alt", data={"lang": "en", **sent}).status_code == 403
    assert sign_in("Viewer").get("/pictures/alt?lang=de").status_code == 403


def test_the_queue_keeps_what_was_typed_when_it_is_refused(sign_in: SignIn) -> None:
    picture = AssetFactory(alt="")
    ThemeFactory(pictures=gallery(picture))
    editor = sign_in("Editor")
    sent = {"id": str(picture.id), "text": "x" * 301}
    answer = editor.post("/pictures/alt?lang=en", data=sent)
    assert answer.status_code == 422
    assert "x" * 301 in answer.get_data(as_text=True)
    assert "Use at most 300 characters." in answer.get_data(as_text=True)


def test_the_picker_finds_by_words_and_folder_and_shows_no_hidden_picture(
    sign_in: SignIn, session: Session
) -> None:
    top = PictureFolder(name="Tables")
    session.add(top)
    session.flush()
    for n in range(26):
        AssetFactory(title=f"Garland {n:02}", folder_id=top.id if n < 2 else None)
    AssetFactory(title="Waiting", state="quarantined")
    viewer = sign_in("Viewer")
    page = page_of(viewer.get("/pictures/picker"))
    assert page.count("data-pick=") == 24
    assert "Waiting" not in page
    assert "data-upload-one" not in page  # a Viewer adds no pictures
    more = re.search(r'data-more="([^"]+)"', page)
    assert more is not None
    assert page_of(viewer.get(more[1].replace("&amp;", "&"))).count("data-pick=") == 2
    assert page_of(viewer.get(f"/pictures/picker?part=1&folder={top.id}")).count("data-pick=") == 2
    assert page_of(viewer.get("/pictures/picker?part=1&q=garland+07")).count("data-pick=") == 1


def test_a_gallery_without_words_of_its_own_tells_the_pictures(client: FlaskClient, session: Session) -> None:
    told, silent, waiting = (
        AssetFactory(alt="Lanterns"),
        AssetFactory(alt=""),
        AssetFactory(state="quarantined"),
    )
    translate(told, "de", alt="Laternen")
    rows = gallery(told, told, silent, waiting)
    rows[1].alt = "Its own words"
    theme = ThemeFactory(pictures=rows)

    def texts(lang: str) -> list[tuple[str, str]]:
        answer = client.get(f"/public/v1/themes/{theme.slug}?lang={lang}").json
        return [(row["alt"], row["languages"]["alt"]) for row in answer["data"]["pictures"]]

    assert texts("de") == [("Laternen", "de"), ("Its own words", "en"), ("", "en"), ("", "en")]
    assert texts("en")[0] == ("Lanterns", "en")


def test_one_number_tells_what_is_shown_without_words(sign_in: SignIn, session: Session) -> None:
    bare, in_german = AssetFactory(alt=""), AssetFactory(alt="A lantern")
    translate(in_german, "de", alt="Eine Laterne")
    AssetFactory(alt="", title="Shown nowhere")
    ThemeFactory(pictures=gallery(bare, in_german))
    session.commit()
    for role in ("Editor", "Translator"):
        browser = sign_in(role)
        start = page_of(browser.get("/"))
        queue = start[start.index('data-queue="alt"') :]
        assert "Shown without alternative text" in queue
        assert re.findall(r'f-count">(\d+)<', queue)[0] == "2", "each picture once, not once a language"
        side = page_of(browser.get("/pictures/side"))
        shelf = side[side.index("Shown without alternative text") :]
        assert re.findall(r'f-count">(\d+)<', shelf)[0] == "2"
        assert 'data-pictures="2"' in page_of(browser.get("/pictures/alt"))
