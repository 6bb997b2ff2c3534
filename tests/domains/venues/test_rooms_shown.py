"""A room's pictures in the order that staff give them, and its table of prices with the quote that it explains."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.venues.models import Room, RoomPicture
from app.domains.venues.queries import Tier, quote
from tests.domains.rooms import stored_room
from tests.factories import AssetFactory
from tests.media.files import picture

SignIn = Callable[..., FlaskClient]


def gallery(session: Session, *titles: str) -> Room:
    room = stored_room(session)
    room.pictures = [
        RoomPicture(asset_id=AssetFactory(title=title).id, alt=title, position=number)
        for number, title in enumerate(titles)
    ]
    session.commit()
    return room


def shown(client: FlaskClient, room: Room) -> list[str]:
    told = client.get(f"/public/v1/rooms/{room.id}").get_json()["data"]
    return [one["alt"] for one in told["pictures"]]


def arranged(room: Room, *order: int) -> dict[str, str]:
    """Give what the form sends after rows were dragged: each row under its index, with its new place."""
    form = {"revision": str(room.revision), "is_active": "true", "pictures-present": "1"}
    for place, index in enumerate(order):
        row = room.pictures[index]
        form |= {f"pictures-{index}-position": str(place), f"pictures-{index}-id": str(row.id)}
    return form


@pytest.mark.proves("S1.21", "S1.84")
def test_pictures_that_were_dragged_stand_in_that_order_for_everybody_and_stay_there(
    sign_in: SignIn, client: FlaskClient, session: Session
) -> None:
    room, editor = gallery(session, "Door", "Floor", "Stage"), sign_in("Editor")
    page = editor.get(f"/rooms/{room.id}/edit").get_data(as_text=True)
    assert 'name="pictures-0-position"' in page
    assert "data-handle" in page
    assert editor.post(f"/rooms/{room.id}/edit", data=arranged(room, 2, 0, 1)).status_code == 302
    assert shown(client, room) == ["Stage", "Door", "Floor"]
    session.refresh(room)
    other = {"revision": str(room.revision), "is_active": "true", "capacity": "70"}
    assert editor.post(f"/rooms/{room.id}/edit", data=other).status_code == 302
    assert shown(client, room) == ["Stage", "Door", "Floor"], "saving something else moves none"
    session.refresh(room)
    assert [one.position for one in room.pictures] == [0, 1, 2]
    told = editor.get(f"/api/v1/rooms/{room.id}").get_json()["data"]
    back = [{"id": row["id"]} for row in reversed(told["pictures"])]
    answer = editor.patch(f"/api/v1/rooms/{room.id}", json={"pictures": back, "revision": told["revision"]})
    assert answer.status_code == 200
    assert shown(client, room) == ["Floor", "Door", "Stage"]


@pytest.mark.proves("S1.84")
def test_a_picture_is_sent_with_the_rooms_form_and_through_the_api(
    sign_in: SignIn, client: FlaskClient, session: Session
) -> None:
    room, editor = gallery(session, "Door"), sign_in("Editor")
    form = arranged(room, 0) | {"pictures-1-position": "1", "pictures-1-alt": "Balcony"}
    sent: dict[str, Any] = form | {"pictures-1-upload": (io.BytesIO(picture()), "balcony.jpg")}
    answer = editor.post(f"/rooms/{room.id}/edit", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.get_data(as_text=True)[:2000]
    file = {"file": (io.BytesIO(picture(size=(640, 480))), "stairs.jpg"), "alt": "Stairs"}
    added = editor.post(f"/api/v1/rooms/{room.id}/pictures/", data=file, content_type="multipart/form-data")
    assert added.status_code in (200, 201), added.get_data(as_text=True)
    assert shown(client, room) == ["Door", "Balcony", "Stairs"]


@pytest.mark.proves("S1.22")
def test_a_table_of_prices_is_shown_to_all_and_a_quote_is_told_line_by_line(
    sign_in: SignIn, client: FlaskClient, session: Session
) -> None:
    """Rule 17: what a time costs is a set of the prices that the table shows, nothing in between."""
    room, editor = stored_room(session), sign_in("Editor")
    session.commit()
    page = editor.get(f"/rooms/{room.id}").get_data(as_text=True)
    assert "€40.00" in page
    assert "€140.00" in page
    told = client.get(f"/public/v1/rooms/{room.id}").get_json()["data"]["prices"]
    assert [(one["minutes"], one["price"]["minor"], one["price"]["currency"]) for one in told] == [
        (60, 4000, "EUR"),
        (240, 14000, "EUR"),
    ]
    tiers = [Tier(one["minutes"], one["price"]["minor"]) for one in told]
    found = quote(300, tiers, "EUR")
    assert [(line.times, line.minutes, line.total.minor) for line in found.lines] == [
        (1, 240, 14000),
        (1, 60, 4000),
    ]
    assert found.total.minor == 18000
