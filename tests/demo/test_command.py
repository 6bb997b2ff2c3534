"""Loading by the command, in production, and under keys that are always the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access import passwords
from app.demo.keys import stable_key
from app.demo.load import load_demo
from app.demo.people import PASSWORD
from app.domains.members.models import Member
from app.media.models import Asset
from tests.demo.conftest import TODAY


def test_keys_are_stable_and_in_order():
    keys = [stable_key("booking", str(number), number) for number in range(50)]
    assert keys == sorted(keys)
    assert {key.version for key in keys} == {7}
    assert str(stable_key("theme", "rose-ballroom", 8)) == "019b76da-a808-70a1-b82d-2cfc67c42cea"
    assert stable_key("theme", "rose-ballroom", 8) != stable_key("package", "rose-ballroom", 8)


@pytest.mark.long
@pytest.mark.proves("S0.13")
def test_one_command_loads_it_with_every_picture_drawn(app, session):
    answer = app.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 0, answer.output
    assert "108 pictures, 15 packages, 13 themes, 43 festivals" in answer.output
    checksums = session.scalars(select(Asset.checksum)).all()
    assert len(set(checksums)) == len(checksums) == 108


def test_in_production_nobody_knows_the_password_of_the_demos_members(app, session, artist, monkeypatch):
    monkeypatch.setitem(app.config, "IS_PRODUCTION", True)
    load_demo(TODAY, artist)
    assert not passwords.verify(session.scalars(select(Member)).first().password_hash, PASSWORD)
