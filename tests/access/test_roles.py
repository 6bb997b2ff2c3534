"""The table of roles: exact names, exact pairs, nothing that is not written there."""

from __future__ import annotations

import pytest

from app.access.roles import ADMIN, GRANTS, ROLES, UnknownGrant, grants, pairs_of, verbs_of
from app.catalogue import load_catalogue

RESOURCES = list(load_catalogue())
WRITING = ("add", "edit", "delete", "import", "translate")
PERSONAL = ("booking", "ab_user", "ab_role")


def test_the_roles_have_their_exact_names() -> None:
    assert ROLES == ("Admin", "Editor", "Translator", "Booking operator", "Moderator", "Viewer", "Partner")


def test_the_admin_may_do_everything_that_is_declared() -> None:
    assert grants(RESOURCES)[ADMIN] == pairs_of(RESOURCES)
    for resource in RESOURCES:
        for action in resource.actions:
            assert (f"can_{action.name}", resource.name) in grants(RESOURCES)[ADMIN]


@pytest.mark.parametrize("role", GRANTS)
def test_nobody_else_touches_users_and_roles(role: str) -> None:
    assert not {name for _, name in grants(RESOURCES)[role]} & {"ab_user", "ab_role"}


@pytest.mark.parametrize("role", [role for role in GRANTS if role not in ("Booking operator", "Partner")])
def test_only_who_handles_bookings_sees_clients(role: str) -> None:
    assert "booking" not in {name for _, name in grants(RESOURCES)[role]}


def test_the_viewer_only_reads() -> None:
    assert {permission for permission, _ in grants(RESOURCES)["Viewer"]} == {"can_list", "can_show"}


def test_the_translator_writes_translations_alone() -> None:
    writes = {pair for pair in grants(RESOURCES)["Translator"] if pair[0].removeprefix("can_") in WRITING}
    assert {pair for pair in writes if pair[0] != "can_translate"} == {("can_edit", "translation")}


def test_the_moderator_decides_on_reviews_chats_and_members_and_writes_nothing_else() -> None:
    mine = grants(RESOURCES)["Moderator"]
    assert {("can_approve", "review"), ("can_reject", "review"), ("can_edit", "review")} <= mine
    assert {name for permission, name in mine if permission not in ("can_list", "can_show")} == {
        "review",
        "conversation",
        "member",
    }


def test_the_partner_neither_adds_nor_changes_bookings_and_translates_nothing() -> None:
    mine = grants(RESOURCES)["Partner"]
    on_bookings = {permission.removeprefix("can_") for permission, name in mine if name == "booking"}
    assert not on_bookings & {"add", "edit", "delete", "import", "renew_link", "overrule"}
    assert not {permission for permission, _ in mine} & {"can_translate", "can_approve_texts"}


def test_the_booking_operator_does_every_action_on_bookings() -> None:
    booking = next(resource for resource in RESOURCES if resource.name == "booking")
    mine = {permission for permission, name in grants(RESOURCES)["Booking operator"] if name == "booking"}
    of_screens = {"can_move", "can_extend", "can_overrule"}  # done by screens of their own: they ask
    assert mine == {f"can_{verb}" for verb in verbs_of(booking)} | of_screens


@pytest.mark.parametrize(
    "table",
    [
        {"Editor": {"pakage": "list"}},
        {"Editor": {"package": "list publish"}},
        {"Editor": {"package": "confirm"}},
        {"Editor": {"package": "can_list"}},
        {"Editor": {"pack": "list"}},
        {"Editor": {"asset": "export"}},
    ],
)
def test_a_grant_of_what_nothing_declares_stops_the_sync(table: dict[str, dict[str, str]]) -> None:
    with pytest.raises(UnknownGrant, match="Editor"):
        grants(RESOURCES, table)
