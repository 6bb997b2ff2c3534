"""What the rush says of its answers: who may have won, who was refused falsely, and when the guard has held."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from itertools import pairwise

import pytest

from bench.rush import scenes
from bench.rush.clients import Asked, Wish
from bench.rush.report import Results, page
from bench.rush.scenes import SCENES, Found, play
from bench.rush.week import Week

Played = Callable[..., Found]
ONE_SLOT, OVERLAPPING, NEIGHBOURS = SCENES


def answer(wishes: list[Wish], taken: set[int], broken: AbstractSet[int] = frozenset()) -> list[Asked]:
    def status(number: int) -> int:
        return 500 if number in broken else 201 if number in taken else 409

    return [Asked(wish, status(number), 0.1) for number, wish in enumerate(wishes)]


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """Play a run of four clients whose answers are given."""

    def with_answers(scene: scenes.Scene, taken: set[int], broken: AbstractSet[int] = frozenset()) -> Found:
        def ask(_port: int, _path: str, wishes: list[Wish], _run: int) -> tuple[list[Asked], float]:
            return answer(wishes, taken, broken), 0.5

        monkeypatch.setattr(scenes, "ask_at_once", ask)
        return play(scene, 1, "/", "a-room", 4, 1)

    return with_answers


@pytest.mark.parametrize(
    ("scene", "taken", "overlaps", "refused_falsely"),
    [
        (ONE_SLOT, {2}, 0, 0),
        (ONE_SLOT, {1, 2, 3}, 3, 0),
        (ONE_SLOT, set(), 0, 4),
        (NEIGHBOURS, {0, 1, 2, 3}, 0, 0),
        (NEIGHBOURS, {0, 1, 3}, 0, 1),
    ],
)
def test_pairs_that_overlap_and_false_refusals_are_counted(
    played: Played, scene: scenes.Scene, taken: set[int], overlaps: int, refused_falsely: int
) -> None:
    found = played(scene, taken)
    assert (found.winners, found.overlaps, found.refused_falsely) == ([len(taken)], overlaps, refused_falsely)
    assert found.is_right() is not bool(overlaps or refused_falsely)
    assert found.rate == 8


def test_an_answer_that_is_neither_a_hold_nor_a_refusal_is_a_failure(played: Played) -> None:
    found = played(ONE_SLOT, {0}, {3})
    assert found.failures == 1
    assert not found.is_right()


def test_the_times_of_a_scene_are_those_of_its_name() -> None:
    assert len(set(ONE_SLOT.times(3, 50))) == 1 != len(set(OVERLAPPING.times(3, 50)))
    assert len({str(OVERLAPPING.times(3, 50)) for _turn in range(2)}) == 1
    neighbours = [time for run in range(3) for time in NEIGHBOURS.times(run, 50)]
    assert all(before[1] == after[0] for before, after in pairwise(neighbours))


def results(played: Played, slot: set[int], neighbours: set[int], control: set[int]) -> Results:
    product = {
        ONE_SLOT.name: played(ONE_SLOT, slot),
        OVERLAPPING.name: played(OVERLAPPING, {0}),
        NEIGHBOURS.name: played(NEIGHBOURS, neighbours),
    }
    product[OVERLAPPING.name].refused_falsely = 0  # of the four times some meet none of the winners
    bare = played(NEIGHBOURS, {0, 1, 2, 3})
    opened = {ONE_SLOT.name: played(ONE_SLOT, control)}
    return Results(4, 1, product, opened, bare, Week(2, 8050, 25.0, 58.0, 1_000_000))


@pytest.mark.parametrize(
    ("slot", "neighbours", "control", "has_held"),
    [
        ({0}, {0, 1, 2, 3}, {0, 1}, True),
        ({0}, {0, 1, 2, 3}, {0}, False),
        ({0, 1}, {0, 1, 2, 3}, {0, 1}, False),
        ({0}, {0, 1, 2}, {0, 1}, False),
    ],
    ids=["all as it should be", "the control did not fail", "two have one slot", "a neighbour was refused"],
)
def test_the_guard_has_held_only_where_the_control_failed(
    played: Played, slot: set[int], neighbours: set[int], control: set[int], has_held: bool
) -> None:
    found = results(played, slot, neighbours, control)
    assert found.has_held is has_held
    assert f"a share of {found.share:.2f}" in page(found)
