"""The sample site is translated where it stands by staff; visitors never get any of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import IncludedItemFactory, PackageFactory, translate

MARKS = ("data-text", "data-translate", "in-place", "/site/", "ip-drawer")


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="")
    IncludedItemFactory(package_id=made.id, text="Soup", position=0)
    translate(made, "de", name="Gartenfest")
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    session.refresh(made)
    return made


def page_of(client: Any, address: str) -> str:
    answer = client.get(address)
    text = str(answer.get_data(as_text=True))
    answer.close()  # it holds a file
    return text


def test_a_visitor_gets_the_plain_site_whatever_is_asked_for(
    client: Any, package: Any, sign_in: Callable[..., Any]
) -> None:
    plain = page_of(client, "/sample/")
    assert not any(mark in plain for mark in MARKS)
    assert page_of(client, "/sample/?translate=de") == plain
    assert page_of(sign_in("Translator"), "/sample/?translate=de") == plain
    answer = client.get("/public/v1/packages?lang=de")
    assert "/text?" not in answer.get_data(as_text=True)


def test_only_who_translates_gets_the_site_with_its_places(
    client: Any, package: Any, sign_in: Callable[..., Any]
) -> None:
    answer = client.get("/site/?translate=de")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/?next=")
    assert client.get(f"/site/texts?lang=de&owners={package.id}").status_code == 401
    assert sign_in("Viewer").get("/site/?translate=de").status_code == 403
    translator = sign_in("Translator")
    page = translator.get("/site/?translate=de")
    assert '<html data-translate="de"' in page.get_data(as_text=True)
    assert "ip-drawer" in page.get_data(as_text=True)
    assert "private" in page.headers["Cache-Control"]
    still = translator.get("/site/?translate=de&still=1")
    assert "ip-drawer" not in still.get_data(as_text=True)
    assert "frame-ancestors 'self'" in still.headers["Content-Security-Policy"]
    assert translator.get("/site/?translate=xx").status_code == 404


def test_the_texts_of_the_site_say_how_they_stand(package: Any, sign_in: Callable[..., Any]) -> None:
    translator = sign_in("Translator")
    told = translator.get(f"/site/texts?lang=de&owners={package.id},nonsense").get_json()
    [item] = package.items
    name, line = (
        f"/packages/{package.id}/text?field=name",
        f"/packages/{package.id}/text?row={item.id}&field=text",
    )
    assert told[name] == {"state": "stale", "stateText": "Out of date", "label": "Name"}
    assert told[line]["state"] == "missing"
    assert translator.get(f"/site/texts?lang=en&owners={package.id}").get_json() == {}
    viewer = sign_in("Viewer").get(f"/site/texts?lang=de&owners={package.id}")
    assert viewer.get_json() == {}
