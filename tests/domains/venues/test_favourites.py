"""The venues that a member marks."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.domains.bookings import sign_member_in
from tests.factories import translate
from tests.factories.venues import VenueFactory

URL = "/public/v1/favourites"


@pytest.mark.proves("S1.82")
def test_a_member_marks_lists_and_unmarks_venues_in_their_language(
    client: FlaskClient, session: Session
) -> None:
    mill, barn = VenueFactory(name="The old mill", slug="old-mill"), VenueFactory(name="The barn")
    translate(mill, "de", name="Die alte Mühle", slug="alte-muehle")
    _bob, bobs = sign_member_in(session)
    _eve, eves = sign_member_in(session, "Eve Moss")
    for name in ("alte-muehle", "old-mill", str(mill.id), barn.slug):
        assert client.put(f"{URL}/{name}", headers=bobs).status_code == 204
    listed = client.get(URL, headers=bobs, query_string={"lang": "de"}).get_json()["data"]
    assert [(one["name"], one["slug"]) for one in listed] == [
        ("The barn", barn.slug),
        ("Die alte Mühle", "alte-muehle"),
    ]
    assert client.get(URL, headers=eves).get_json()["data"] == []
    for _twice in range(2):
        assert client.delete(f"{URL}/{mill.id}", headers=bobs).status_code == 204
    assert [one["name"] for one in client.get(URL, headers=bobs).get_json()["data"]] == ["The barn"]


def test_nobody_marks_what_is_not_offered_or_without_signing_in(
    client: FlaskClient, session: Session
) -> None:
    hidden = VenueFactory(is_active=False)
    _bob, bobs = sign_member_in(session)
    assert client.put(f"{URL}/{hidden.id}", headers=bobs).status_code == 404
    assert client.put(f"{URL}/nowhere", headers=bobs).status_code == 404
    for answer in (client.get(URL), client.put(f"{URL}/{hidden.id}"), client.delete(f"{URL}/{hidden.id}")):
        assert answer.status_code == 401
