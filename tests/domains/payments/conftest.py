"""A room with a price for the tests of money."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domains.venues.models import Room
from tests.domains.rooms import stored_room


@pytest.fixture
def room(session: Session) -> Room:
    """Store a room where a request keeps its time."""
    return stored_room(session)
