"""A sign-in leads to a path of ours, whatever the address asked for says."""

from __future__ import annotations

import pytest

from app.access.redirects import safe_path
from tests.access.payloads import ELSEWHERE, OURS


@pytest.mark.parametrize("target", [*ELSEWHERE, None, ""])
def test_a_target_elsewhere_leads_home(target: str | None) -> None:
    assert safe_path(target) == "/"


@pytest.mark.parametrize("target", OURS)
def test_a_path_of_ours_is_kept_as_it_is(target: str) -> None:
    assert safe_path(target) == target


def test_what_to_do_otherwise_can_be_said() -> None:
    assert safe_path("//evil.example", otherwise="/packages/") == "/packages/"
