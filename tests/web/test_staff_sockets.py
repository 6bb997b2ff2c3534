"""What staff may tell by a socket of a conversation that row rules hide from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy.orm import Session

from app.access import rows
from app.access.accounts import find_user
from app.domains.messaging import service
from app.domains.messaging.errors import NoSuchConversation
from app.web.sockets import staff
from app.web.sockets.connections import Connection, Connections
from app.web.sockets.presence import Presence
from tests.domains.messaging.steps import visitor


@pytest.fixture
def limited() -> Iterator[None]:
    rows.limit("conversation", "Booking operator", lambda model, _user: model.visitor_name == "Seen")
    yield
    rows.lift("conversation", "Booking operator")


def test_who_types_is_told_in_conversations_that_are_seen_alone(
    app: Flask,
    sign_in: Callable[..., FlaskClient],
    session: Session,
    limited: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in("Booking operator")
    seen = service.leave_message(visitor(name="Seen"), "Hello?").conversation
    hidden = service.leave_message(visitor(name="Hidden"), "Hello?").conversation
    session.commit()
    told: list[Any] = []
    monkeypatch.setattr(staff, "tell_now", lambda *said: told.append(said))
    connections = Connections()
    namespace = staff.StaffNamespace(app, connections, Presence(""))
    connection = Connection("sid", "/staff", {}, user_id=1, user_name="Olga")
    with app.test_request_context("/live/"):
        login_user(find_user("booking-operator"))
        namespace.typing(connection, {"conversation": str(seen.id), "on": True})
        assert {said[3]["conversation"] for said in told} == {str(seen.id)}
        told.clear()
        with pytest.raises(NoSuchConversation):
            namespace.typing(connection, {"conversation": str(hidden.id), "on": True})
    assert told == []
