"""The guards of both sides: each lets in whom it names, and refuses everybody else in its own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, g
from flask_login import login_user
from werkzeug.exceptions import Unauthorized

from app.access import guards
from app.domains.members.models import Member
from app.domains.members.service.devices import Surroundings, open_device
from app.kernel.db import db
from app.kernel.errors import Forbidden, NotFound
from tests.access.steps import make_user
from tests.domains.members.steps import make_member

ME = "/public/v1/auth/me"


@pytest.fixture
def asking(app: Flask) -> Callable[[Member | None], Any]:
    """Give the context of a request of a member, or of a visitor."""

    def ask(member: Member | None) -> Any:
        headers = {}
        if member is not None:
            with app.test_request_context(ME):
                headers["Authorization"] = f"Bearer {open_device(member, Surroundings()).access_token}"
            db.session.commit()
        return app.test_request_context(ME, headers=headers)

    return ask


@pytest.mark.proves("S1.44", "S1.47")
def test_each_guard_lets_in_whom_it_names(asking: Any) -> None:
    member = make_member()
    with asking(member):
        for guard in (guards.current_member, guards.active_member, guards.verified_member):
            assert guard().id == member.id
        assert guards.owning_member(member.id).id == member.id
    with asking(None):
        for guard in (guards.current_member, guards.active_member, guards.verified_member):
            with pytest.raises(Unauthorized):
                guard()
        with pytest.raises(Unauthorized):
            guards.owning_member(member.id)


@pytest.mark.proves("S1.44")
def test_who_is_suspended_or_not_confirmed_or_no_owner_is_refused(asking: Any) -> None:
    waiting, other = make_member(is_verified=False), make_member()
    with asking(waiting):
        assert guards.active_member().id == waiting.id
        with pytest.raises(guards.NotVerified) as refusal:
            guards.verified_member()
        assert (refusal.value.status, refusal.value.code) == (403, "not_verified")
        for owner in (other.id, None):
            with pytest.raises(NotFound):
                guards.owning_member(owner)
    with asking(other) as context:
        other.status = "suspended"
        db.session.commit()
        assert context.request.headers["Authorization"]
        with pytest.raises(Unauthorized):
            guards.active_member()


@pytest.mark.proves("S1.44", "S0.17")
def test_the_guard_of_admins_lets_no_other_role_in(app: Flask) -> None:
    for role in ("Admin", "Editor", "Moderator"):
        user = make_user(role)
        with app.test_request_context("/users/"):
            login_user(user)
            if role == "Admin":
                assert guards.admin().id == user.id
            else:
                with pytest.raises(Forbidden):
                    guards.admin()
    with app.test_request_context("/users/"):
        g.pop("_login_user")  # the context of the test is lent to each of its requests
        with pytest.raises(Unauthorized):
            guards.admin()
