"""Whatever happens to pictures in whatever order: the rows and the stored files end up the same."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.media.filekeeping import remove
from app.media.models import Asset
from app.media.service import replace_picture, store_picture
from app.media.storage import storage
from tests.media.files import picture
from tests.outbox import deliver_all

SMALL = {form: picture(form, (9, 7)) for form in ("PNG", "JPEG", "GIF")}
STEPS = ("store", "replace", "delete", "move", "refuse", "commit", "roll back", "savepoint", "deliver")

story = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 9), st.sampled_from(sorted(SMALL))),
    min_size=3,
    max_size=14,
)


@pytest.fixture(autouse=True)
def empty_folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files in a folder of their own: other tests leave theirs when their rows are rolled back."""
    monkeypatch.setitem(app.config, "UPLOAD_FOLDER", str(tmp_path))


class Story:
    """Carries the steps of a story out, as a program that may end at any of them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def some(self, number: int) -> Asset | None:
        """Choose one of the pictures there are."""
        found = self.session.scalars(select(Asset).order_by(Asset.id)).all()
        return found[number % len(found)] if found else None

    def do(self, step: str, number: int, form: str) -> None:
        """Carry one step out."""
        asset = self.some(number)
        if step == "store":
            store_picture(SMALL[form], "A picture")
        elif step == "replace" and asset:
            replace_picture(asset, SMALL[form])
        elif step == "delete" and asset:
            self.session.delete(asset)
            self.session.flush()
        elif step == "move" and asset:
            asset.focal_x = number * 10
            self.session.flush()
        elif step == "refuse":
            with suppress(Invalid):
                store_picture(b"no picture", "Never")
        elif step == "savepoint":
            with self.session.begin_nested() as savepoint:
                if asset:
                    self.session.delete(asset)
                    self.session.flush()
                if number % 2:
                    savepoint.rollback()
        elif step == "commit":
            self.session.commit()
        elif step == "roll back":
            self.session.rollback()
        elif step == "deliver":
            self.session.commit()
            deliver_all()


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=story)
def test_no_story_leaves_an_orphan(app: Flask, session: Session, steps: list[Any]) -> None:
    told = Story(session)
    for step in steps:
        told.do(*step)

    session.commit()
    deliver_all()

    named = {path for asset in session.scalars(select(Asset)) for path in asset.files}
    assert set(storage().paths()) == named
    for asset in session.scalars(select(Asset)).all():
        session.delete(asset)
    session.commit()
    deliver_all()
    assert list(storage().paths()) == []


def test_the_last_story_would_be_noticed(app: Flask, session: Session) -> None:
    """The check above sees: without the news that files are left, they lie there."""
    asset = store_picture(SMALL["PNG"], "A picture")
    session.commit()
    files = asset.files
    session.delete(asset)
    session.commit()

    assert files <= set(storage().paths())
    remove(files)
