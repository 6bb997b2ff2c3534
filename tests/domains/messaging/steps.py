"""What the tests of the chat do again and again."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from app.domains.messaging import service
from app.domains.messaging.queries import Visitor
from app.kernel.db import db

ADDRESS = "/public/v1"
HEADER = "X-Chat-Session"


def begin(client: FlaskClient, **facts: Any) -> dict[str, Any]:
    """Begin a session over HTTP; gives its facts, the token among them."""
    answer = client.post(f"{ADDRESS}/sessions", json=facts)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.json
    return found


def write(client: FlaskClient, token: str, text: str, **more: Any) -> Any:
    """Leave a message over HTTP."""
    return client.post(f"{ADDRESS}/chat/messages", json={"text": text, **more}, headers={HEADER: token})


def visitor(**facts: Any) -> Visitor:
    """Make a visitor with a session."""
    _session, token = service.open_session(**facts)
    db.session.commit()
    return service.visitor_of(token)
