"""Pictures sent to the staff side: to the API, to a gallery, and with a form; the same rule for all."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.catalog.models import ThemePicture
from app.domains.reviews.models import Review
from app.media.models import Asset
from tests.factories import AssetFactory, FestivalFactory, PackageFactory, ReviewFactory, ThemeFactory
from tests.media.files import picture
from tests.media.seaweed import free_ports

SignIn = Callable[..., FlaskClient]


def sent(content: bytes | None = None, name: str = "garden_party-2.JPG") -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture(size=(640, 480)) if content is None else content), name


@pytest.mark.proves("S0.46", "S0.47")
def test_a_picture_sent_to_the_library_is_answered_with_all_its_addresses(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")

    answer = editor.post("/api/v1/pictures/", data={"file": sent(), "alt": "Lanterns", "credit": "Ada"})

    assert answer.status_code == 201, answer.get_json()
    made = answer.get_json()["data"]
    assert (made["title"], made["alt"], made["credit"], made["state"]) == (
        "garden party 2", "Lanterns", "Ada", "ready",
    )  # fmt: skip
    assert (made["picture"]["width"], made["picture"]["height"]) == (640, 480)
    for address in (made["picture"]["url"], made["picture"]["thumb"]):
        with editor.get(address) as file:
            assert file.status_code == 200
    assert "webp" in made["picture"]["srcset"]
    assert session.get(Asset, made["id"]) is not None
    listed = editor.get("/api/v1/pictures/").get_json()["data"]
    assert [row["picture"]["id"] for row in listed] == [made["id"]]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"no picture at all", "This is no JPEG"),
        (b"", "empty"),
        (b"\xff\xd8\xff" + b"\0" * (10 * 2**20), "larger than 10 MB"),
        (picture()[:300], "damaged"),
    ],
    ids=["text", "empty", "too large", "damaged"],
)
@pytest.mark.proves("S0.47")
def test_what_is_no_picture_is_refused_at_the_file_with_advice(
    sign_in: SignIn, content: bytes, advice: str
) -> None:
    answer = sign_in("Editor").post("/api/v1/pictures/", data={"file": sent(content)})
    answer.request.environ["wsgi.input"].close()  # the test's client keeps a large body in a file

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert advice in answer.get_json()["errors"]["file"][0]


def test_a_request_that_is_no_upload_says_how_one_looks(sign_in: SignIn) -> None:
    editor = sign_in("Editor")

    by_json = editor.post("/api/v1/pictures/", json={"title": "X"})
    assert (by_json.status_code, list(by_json.get_json()["errors"])) == (422, ["file"])
    assert editor.post("/api/v1/pictures/", data=b"pixels", content_type="image/png").status_code == 415
    for data in ({"alt": "X"}, {"file": [sent(), sent()]}):
        answer = editor.post("/api/v1/pictures/", data=data, content_type="multipart/form-data")
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["file"])
    unknown = editor.post("/api/v1/pictures/", data={"file": sent(), "state": "ready"})
    assert (unknown.status_code, list(unknown.get_json()["errors"])) == (422, ["state"])


def test_a_text_that_is_too_long_is_refused_at_its_field_and_nothing_is_cut(
    sign_in: SignIn, session: Session
) -> None:
    editor, theme = sign_in("Editor"), ThemeFactory()
    session.commit()
    for address in ("/api/v1/pictures/", f"/api/v1/themes/{theme.id}/pictures/"):
        for name, limit in (("title", 200), ("alt", 300)):
            refused = editor.post(address, data={"file": sent(), name: "x" * 5_000})
            assert refused.status_code == 422
            assert refused.get_json()["errors"] == {name: [f"Use at most {limit} characters."]}
    assert session.query(Asset).count() == 0
    longest = {"file": sent(), "title": "t" * 200, "alt": "a" * 300}
    made = editor.post("/api/v1/pictures/", data=longest).get_json()["data"]
    assert (made["title"], made["alt"]) == ("t" * 200, "a" * 300)


def test_while_the_scanner_is_away_an_upload_is_accepted_and_not_shown(
    sign_in: SignIn, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CLAMD_URL", f"tcp://127.0.0.1:{free_ports(1)[0]}")

    answer = sign_in("Editor").post("/api/v1/pictures/", data={"file": sent()})

    assert answer.status_code == 202
    assert (answer.get_json()["data"]["state"], answer.get_json()["data"]["picture"]) == ("quarantined", None)


@pytest.mark.proves("S0.47")
def test_another_picture_takes_the_place_of_one_everywhere(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    made = editor.post("/api/v1/pictures/", data={"file": sent()}).get_json()["data"]

    answer = editor.put(f"/api/v1/pictures/{made['id']}/file", data={"file": sent(picture("PNG"), "new.png")})

    changed = answer.get_json()["data"]
    assert (answer.status_code, changed["id"], changed["title"]) == (200, made["id"], made["title"])
    assert changed["picture"]["url"] != made["picture"]["url"]
    assert (changed["picture"]["width"], changed["file_name"]) == (64, "new.png")
    assert (made["revision"], changed["revision"]) == (1, 2)


@pytest.mark.proves("S0.47", "S4.96")
@pytest.mark.parametrize(
    ("factory", "path"),
    [(ThemeFactory, "themes"), (PackageFactory, "packages"), (FestivalFactory, "festivals")],
)
def test_pictures_are_sent_straight_to_the_gallery_of_a_record_and_stand_in_their_order(
    sign_in: SignIn, session: Session, factory: type, path: str
) -> None:
    record = factory()
    session.commit()
    editor = sign_in("Editor")

    for name in ("first.png", "second.png"):
        answer = editor.post(
            f"/api/v1/{path}/{record.id}/pictures/", data={"file": sent(name=name), "alt": name}
        )
        assert answer.status_code == 201, answer.get_json()

    rows = answer.get_json()["data"]["pictures"]
    assert [row["alt"] for row in rows] == ["first.png", "second.png"]
    for row in rows:
        stored = session.get(Asset, row["picture"]["id"])
        assert stored is not None
        assert stored.path.startswith(f"{path}/{record.id}/images/")
        with editor.get(row["picture"]["url"]) as file:
            assert file.status_code == 200


def test_a_gallery_that_is_none_takes_nothing(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory()
    session.commit()
    editor = sign_in("Editor")

    for address in (f"packages/{package.id}/items/", f"packages/{package.id}/nothing/"):
        assert editor.post(f"/api/v1/{address}", data={"file": sent()}).status_code == 404
    missing = "01990000-0000-7000-8000-000000000000"
    assert editor.post(f"/api/v1/themes/{missing}/pictures/", data={"file": sent()}).status_code == 404
    refused = editor.post(f"/api/v1/packages/{package.id}/pictures/", data={"file": sent(b"text")})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["file"])


@pytest.mark.proves("S0.47")
def test_who_may_not_add_pictures_adds_none_by_form_or_api_but_chooses_one(
    sign_in: SignIn, session: Session
) -> None:
    review = ReviewFactory(asset_id=None)
    there = AssetFactory()
    session.commit()
    moderator = sign_in("Moderator")
    address = f"/reviews/{review.id}/edit"

    assert 'type="file"' not in moderator.get(address).get_data(as_text=True)
    assert moderator.post("/api/v1/pictures/", data={"file": sent()}).status_code == 403
    by_form = moderator.post(address, data={"asset_id-upload": sent(), "revision": review.revision})
    assert by_form.status_code == 422
    assert "Your role may not add pictures" in by_form.get_data(as_text=True)
    assert session.query(Asset).count() == 1

    revision = moderator.get(f"/api/v1/reviews/{review.id}").get_json()["data"]["revision"]
    chosen = moderator.put(
        f"/api/v1/reviews/{review.id}", json={"picture": str(there.id), "revision": revision}
    )
    assert chosen.status_code == 200, chosen.get_json()
    session.expire_all()
    assert session.get(Review, review.id).asset_id == there.id  # type: ignore[union-attr]


@pytest.mark.proves("S0.47")
def test_a_gallery_is_filled_by_a_form_in_the_order_of_its_rows(sign_in: SignIn, session: Session) -> None:
    theme = ThemeFactory()
    session.commit()
    rows = {"name": theme.name, "slug": theme.slug, "revision": theme.revision, "pictures-present": "1"}
    for index, place in ((0, 1), (1, 0)):
        rows |= {f"pictures-{index}-position": place, f"pictures-{index}-asset_id": ""}
        rows |= {f"pictures-{index}-upload": sent(name=f"number {index}.png")}

    answer = sign_in("Editor").post(f"/themes/{theme.id}/edit", data=rows)

    assert answer.status_code == 302, answer.get_data(as_text=True)[-2000:]
    kept = session.query(ThemePicture).filter_by(theme_id=theme.id).order_by(ThemePicture.position).all()
    titles = [session.get(Asset, row.asset_id).title for row in kept]  # type: ignore[union-attr]
    assert titles == ["number 1", "number 0"]
    assert all(session.get(Asset, row.asset_id).path.startswith(f"themes/{theme.id}/") for row in kept)  # type: ignore[union-attr]


@pytest.mark.proves("S0.47")
def test_without_scripts_a_plain_form_takes_several_and_names_what_it_refused(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    files = [sent(name="one.jpg"), sent(b"text", "notes.jpg"), sent(name="two.jpg")]

    page = editor.post("/pictures/upload", data={"file": files}, follow_redirects=True).get_data(as_text=True)

    assert "2 pictures added." in page
    assert "notes.jpg: This is no JPEG" in page
    assert session.query(Asset).count() == 2
    assert editor.get("/pictures/add").headers["Location"] == "/pictures/#choose"


def test_a_full_disk_is_said_with_its_own_status_and_leaves_no_row(
    sign_in: SignIn, app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("a file where the folder should be")
    editor = sign_in("Editor")
    monkeypatch.setitem(app.config, "UPLOAD_FOLDER", str(tmp_path / "file"))

    answer = editor.post("/api/v1/pictures/", data={"file": sent()})

    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_unavailable")
    assert session.query(Asset).count() == 0


def test_a_picture_for_a_gallery_lies_in_its_branch_for_who_may_change_the_record(
    sign_in: SignIn, session: Session
) -> None:
    festival = FestivalFactory()
    session.commit()
    editor = sign_in("Editor")

    answer = editor.post("/api/v1/pictures/", data={"file": sent(), "owner": f"festival/{festival.id}"})
    stored = session.get(Asset, answer.get_json()["data"]["id"])
    assert stored is not None
    assert stored.path.startswith(f"festivals/{festival.id}/images/")

    for owner in (f"booking/{festival.id}", "festival/../../etc", "festival/", "nothing"):
        refused = editor.post("/api/v1/pictures/", data={"file": sent(), "owner": owner})
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["owner"])


def test_a_refused_picture_cannot_be_chosen_for_a_record(sign_in: SignIn, session: Session) -> None:
    AssetFactory(title="A lantern", state="refused")
    fine = AssetFactory(title="A lantern too")
    session.commit()

    found = sign_in("Editor").get("/pictures/lookup?q=lantern").get_json()["data"]

    assert [option["value"] for option in found] == [str(fine.id)]
