"""What the new content type of test_new_type.py can do; run inside the copy, not by pytest."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask.testing import FlaskClient

from app import create_app
from app.access.accounts import create_user
from app.kernel.db import unit_of_work

PASSWORD = "quite a long password"  # of users in a database that lives for one test
GIFT = {
    "name": "Lantern",
    "slug": "lantern",
    "description": "It floats.",
    "is_active": "on",
    "t-de-name": "Laterne",
    "t-ar-description": "يطفو.",
}


def main() -> None:
    """Use every surface of the type once."""
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False})
    with app.app_context(), unit_of_work():
        for role in ("Admin", "Viewer"):
            create_user(role.lower(), f"{role.lower()}@example.com", PASSWORD, [role])
    admin, stranger = signed_in(app, "admin"), app.test_client()
    key = screens(admin)
    staff_api(admin, key)
    public_json(stranger, key)
    search_and_export(admin)
    history(admin, key)
    default_deny(signed_in(app, "viewer"), stranger)
    hiding(admin, stranger, key)


def signed_in(app: Any, username: str) -> FlaskClient:
    """Give a browser in which a user is signed in."""
    browser: FlaskClient = app.test_client()
    assert browser.post("/login/", data={"username": username, "password": PASSWORD}).status_code == 303
    return browser


def page(browser: FlaskClient, path: str, status: int = 200) -> str:
    """Open a page."""
    answer = browser.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer.get_data(as_text=True)


def screens(admin: FlaskClient) -> str:
    """Add a gift with its translations through the form; give its key."""
    assert 'href="/gifts/"' in page(admin, "/"), "the menu has no entry"
    page(admin, "/gifts/")
    form = page(admin, "/gifts/add")
    for name in GIFT:
        assert f'name="{name}"' in form, f"the form has no input {name}"
    answer = admin.post("/gifts/add", data=GIFT)
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)
    key = admin.get("/api/v1/gifts/").get_json()["data"][0]["id"]
    assert "Lantern" in page(admin, "/gifts/")
    assert "Laterne" in page(admin, f"/gifts/{key}")
    assert 'value="Laterne"' in page(admin, f"/gifts/{key}/edit")
    refused = admin.post("/gifts/add", data=GIFT | {"name": ""})
    assert refused.status_code == 422
    return str(key)


def staff_api(admin: FlaskClient, key: str) -> None:
    """Read it as staff programs do."""
    found = admin.get(f"/api/v1/gifts/{key}").get_json()["data"]
    assert (found["name"], found["is_active"]) == ("Lantern", True)


def public_json(stranger: FlaskClient, key: str) -> None:
    """Read it as the public does, in its language."""
    for path in (f"/public/v1/gifts/{key}?lang=de-AT", "/public/v1/gifts/lantern?lang=de-AT"):
        found = stranger.get(path).get_json()["data"]
        assert (found["name"], found["description"]) == ("Laterne", "It floats.")
        assert found["languages"] == {"name": "de", "description": "en"}
    listed = stranger.get("/public/v1/gifts?lang=ar").get_json()["data"]
    assert [gift["description"] for gift in listed] == ["يطفو."]
    assert stranger.get("/public/v1/gifts?nonsense=1").status_code == 400


def search_and_export(admin: FlaskClient) -> None:
    """Find it by a word of a translation, and carry it out as a table."""
    assert "Lantern" in page(admin, "/gifts/?q=laterne")
    rows = list(csv.DictReader(io.StringIO(page(admin, "/gifts/export?format=csv").lstrip("\ufeff"))))
    assert [row["name"] for row in rows] == ["Lantern"]


def history(admin: FlaskClient, key: str) -> None:
    """See who made it."""
    assert "admin" in page(admin, f"/gifts/{key}/history")


def default_deny(viewer: FlaskClient, stranger: FlaskClient) -> None:
    """Nobody but an Admin sees it before the table of roles names it."""
    page(viewer, "/gifts/", 403)
    assert viewer.get("/api/v1/gifts/").status_code == 403
    assert stranger.get("/api/v1/gifts/").status_code == 401
    assert stranger.get("/gifts/").status_code == 302


def hiding(admin: FlaskClient, stranger: FlaskClient, key: str) -> None:
    """Un-tick it: it leaves the public."""
    revision = admin.get(f"/api/v1/gifts/{key}").get_json()["data"]["revision"]
    unticked = {name: value for name, value in GIFT.items() if name != "is_active"} | {
        "revision": str(revision)
    }
    assert admin.post(f"/gifts/{key}/edit", data=unticked).status_code in (302, 303)
    assert stranger.get("/public/v1/gifts").get_json()["data"] == []
    assert stranger.get("/public/v1/gifts/lantern").status_code == 404


if __name__ == "__main__":
    main()
