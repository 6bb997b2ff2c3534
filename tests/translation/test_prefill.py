"""Missing texts are filled in by a tool: labelled, guarded, never over what is there, and taken back in one go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.kernel import clock
from app.kernel.errors import Conflict, Invalid
from app.translation import memory, writing
from app.translation.glossary.models import GlossaryTerm
from app.translation.models import Translation
from app.translation.prefill import asking, jobs, running
from app.translation.prefill.estimating import asked_for, estimate, tools
from app.translation.prefill.from_memory import Memory
from app.translation.prefill.from_service import Service
from app.translation.prefill.models import PrefillRun
from app.translation.prefill.suggester import NotYet, OutOfReach, Request, Usage
from app.translation.states import Hand
from app.translation.units import Asked, counts
from tests.factories import IncludedItemFactory, PackageFactory, ThemeFactory, translate
from tests.translation.model_stand_in import Model, model, turned


@pytest.fixture
def editor(session: Session) -> User:
    made = create_user("erin", "erin@example.com", "a long enough password", ["Editor"])
    session.commit()
    return made


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    with model() as made:
        settings = {"URL": made.url, "KEY": "k3y", "MODEL": "turner", "PRICE": "0.5 USD"}
        for name, value in settings.items():
            monkeypatch.setitem(app.config, f"TRANSLATION_{name}", value)
        yield made


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under old trees")
    IncludedItemFactory(package_id=made.id, text="Soup", position=0)
    session.commit()
    return made


def run(
    session: Session, app: Flask, user: User, tool: str = "service", types: tuple[str, ...] = ("package",)
) -> PrefillRun:
    made = asking.ask_for(session, user, app.config, "de", tool, list(types))
    session.commit()
    assert running.work(made.id, 60) == running.ENDED
    found = session.get(PrefillRun, made.id, populate_existing=True)
    assert found is not None
    return found


def texts(session: Session) -> dict[str, tuple[str, str, str]]:
    session.expire_all()
    return {row.field: (row.text, row.state, row.tool) for row in session.scalars(select(Translation))}


# Rule 11: only missing fields, labelled with tool and time
def test_a_service_fills_in_what_is_missing_and_labels_it(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    translate(package, "de", name="Gartenfest")
    made = run(session, app, editor)
    assert texts(session) == {
        "name": ("Gartenfest", "approved", ""),
        "description": ("rednU dlo seert", "machine", "turner"),
        "text": ("puoS", "machine", "turner"),
    }
    assert (made.status, made.texts, made.seen, made.written) == ("done", 2, 2, 2)
    assert (made.asked, made.tokens) == (1, 100)
    [row] = session.scalars(select(Translation).where(Translation.field == "text"))
    assert (row.author_id, row.approved_by_id, row.is_live) == (None, None, False)
    assert row.updated_at is not None


# Rules 10 and 11: what a machine made never counts as done
def test_what_a_machine_made_does_not_count_as_done(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    run(session, app, editor)
    found = counts(session, None, Asked("de", types=("package",)))
    assert found["package", "machine"] == (3, 6)
    assert ("package", "approved") not in found


# Rule 11: human text is not overwritten, in whatever state it is
@pytest.mark.parametrize("state", ["draft", "needs_review", "approved", "stale", "rejected", "machine"])
def test_no_text_that_is_there_is_overwritten(
    session: Session, app: Flask, service: Model, editor: User, package: Any, state: str
) -> None:
    translate(package, "de", name="Gartenfest", description="Unter Bäumen")
    session.execute(text("UPDATE translation SET state = :state"), {"state": state})
    run(session, app, editor)
    found = texts(session)
    assert (found["name"][0], found["name"][1]) == ("Gartenfest", state)
    assert all("Garden" not in asked for asked in service.times)


def while_asked(monkeypatch: pytest.MonkeyPatch, does: Callable[[], None]) -> None:
    """Do something while a service is asked."""
    asks = Service.propose

    def propose(self: Service, requests: Any, usage: Usage) -> Any:
        does()
        return asks(self, requests, usage)

    monkeypatch.setattr(Service, "propose", propose)


# Rule 11: what somebody writes while the machine thinks stays
def test_what_somebody_wrote_meanwhile_stays(
    session: Session, app: Flask, service: Model, editor: User, package: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> None:
        writing.put(session, "package", package, "de", "name", "Gartenfest", Hand())
        session.execute(text("UPDATE package SET description = 'Under one tree'"))
        session.commit()

    while_asked(monkeypatch, meanwhile)
    made = run(session, app, editor)
    assert texts(session)["name"][0] == "Gartenfest"
    assert "description" not in texts(session)
    assert (made.written, made.passed) == (1, 2)


# Rule 11: placeholders and markup come back, or the text is refused and counted
def test_a_text_that_lost_what_must_stay_is_refused_and_counted(
    session: Session, app: Flask, service: Model, editor: User
) -> None:
    PackageFactory(name="See https://example.com/a today", description="Plain words")
    session.commit()
    run_of_good = run(session, app, editor)
    assert texts(session)["name"][0] == "eeS https://example.com/a yadot"
    assert run_of_good.written == 2
    PackageFactory(name="Ask us at https://example.com/b", description="More words")
    session.commit()
    service.say = lambda asked: [
        {"id": each["id"], "text": each["text"].replace("⟦1⟧", "")} for each in asked
    ]
    made = run(session, app, editor)
    assert (made.written, made.refused) == (1, 1)
    assert not any("/b" in said for said, _state, _tool in texts(session).values())


# Rules 11 and 12: the glossary
def test_the_glossary_is_told_and_its_names_are_kept(
    session: Session, app: Flask, service: Model, editor: User
) -> None:
    term = GlossaryTerm(term="party", rule="translate")
    session.add_all([term, GlossaryTerm(term="Festoon", rule="keep")])
    session.flush()
    translate(term, "de", term="Feier")
    PackageFactory(name="Festoon garden party", description="")
    session.commit()
    run(session, app, editor)
    assert texts(session)["name"][0] == "Festoon nedrag ytrap"
    asked = service.questions[0]["messages"][-1]["content"]
    assert '"text": "⟦1⟧ garden party"' in asked
    assert '"terms": {"party": "Feier"}' in asked
    assert '"about": "Packages · Name"' in asked


# Rules 11 and 13: the memory gives what was approved for the very same source
def test_the_memory_fills_in_what_was_said_before_and_nothing_else(
    session: Session, app: Flask, editor: User, package: Any
) -> None:
    ThemeFactory(name="Garden party", description="Under old tree")
    session.commit()
    writing.put(session, "package", package, "de", "name", "Gartenfest", Hand())
    session.commit()
    memory.rebuild(session)
    made = run(session, app, editor, "memory", ("theme",))
    assert [
        (row.content_type, row.text, row.state, row.tool)
        for row in session.scalars(select(Translation).where(Translation.content_type == "theme"))
    ] == [("theme", "Gartenfest", "machine", "memory")]
    assert (made.texts, made.known, made.written, made.unanswered, made.asked) == (2, 1, 1, 1, 0)


# Rule 11: the cost is known first
def test_an_estimate_counts_texts_words_and_characters_and_the_price(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    asked = asked_for("de", ["package"], [])
    told = estimate(session, editor, asked, tools(app.config)["service"])
    assert (told.texts, told.words, told.characters, told.known) == (
        3,
        6,
        len("Garden partyUnder old treesSoup"),
        0,
    )
    assert told.cost.tokens > 350
    assert told.cost.price == (Decimal("0.5") * told.cost.tokens / 1000).quantize(Decimal("0.01"))
    assert told.cost.currency == "USD"
    assert Memory().cost(10, 10).tokens == 0
    assert Service("http://127.0.0.1:1/v1", "", "m").cost(10, 100).price is None
    assert service.questions == []


def test_chosen_records_alone_are_filled_in(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    other = PackageFactory(name="Other")
    made = asking.ask_for(session, editor, app.config, "de", "service", ["package"], [str(other.id)])
    session.commit()
    running.work(made.id, 60)
    assert {row.object_id for row in session.scalars(select(Translation))} == {other.id}


# Rule 11: undone as a whole, but for what somebody touched
def test_a_run_is_taken_back_but_for_what_somebody_touched(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    made = run(session, app, editor)
    writing.approve(session, stored(session, "name"), package, Hand())
    stored(session, "text").text = "Suppe"
    session.execute(text("UPDATE translation SET text = 'Suppe' WHERE field = 'text'"))
    session.commit()
    assert asking.take_back(session, made.id) == 1
    assert set(texts(session)) == {"name", "text"}
    assert asking.take_back(session, made.id) == 0
    assert (made.undone, made.undone_at is not None) == (1, True)


def stored(session: Session, field: str) -> Translation:
    return session.scalars(select(Translation).where(Translation.field == field)).one()


def test_a_run_that_is_cancelled_writes_no_more(
    session: Session, app: Flask, service: Model, editor: User, package: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = asking.ask_for(session, editor, app.config, "de", "service", ["package"])
    session.commit()

    def cancelled() -> None:
        asking.cancel(session, made.id)
        session.commit()

    with monkeypatch.context() as patch:
        while_asked(patch, cancelled)
        running.work(made.id, 60)
    session.refresh(made)
    assert texts(session) == {}
    assert made.status == "cancelled"
    with pytest.raises(Conflict):
        asking.cancel(session, made.id)
    asking.go_on(session, made.id)
    session.commit()
    running.work(made.id, 60)
    session.refresh(made)
    assert (made.status, made.written) == ("done", 3)


def test_a_run_that_makes_way_goes_on_where_it_stopped(
    session: Session, app: Flask, service: Model, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Service, "at_once", 4)
    for number in range(10):
        PackageFactory(name=f"Party {number} of us", description="")
    made = asking.ask_for(session, editor, app.config, "de", "service", ["package"])
    session.commit()
    assert running.work(made.id, 0) == running.MORE
    session.refresh(made)
    assert (made.status, made.written) == ("running", 4)
    assert running.work(made.id, 60) == running.ENDED
    assert set(service.times.values()) == {1}
    assert len(texts_of_all(session)) == 10


def texts_of_all(session: Session) -> list[str]:
    return list(session.scalars(select(Translation.text)))


@pytest.mark.parametrize(
    ("tool", "locale", "field"),
    [("nobody", "de", "tool"), ("memory", "xx", "locale"), ("memory", "en", "locale")],
)
def test_what_there_is_not_cannot_be_asked_for(
    session: Session, app: Flask, editor: User, package: Any, tool: str, locale: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        asking.ask_for(session, editor, app.config, locale, tool, ["package"])
    assert list(refused.value.errors) == [field]


def test_where_nothing_is_missing_no_run_begins(session: Session, app: Flask, editor: User) -> None:
    with pytest.raises(Conflict):
        asking.ask_for(session, editor, app.config, "de", "memory", ["package"])


# Rule 11: with the rights of who asked, and no longer than they have them
def test_a_run_sees_what_its_user_may_translate(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    made = asking.ask_for(session, editor, app.config, "de", "service", ["package"])
    editor.active = False
    session.commit()
    running.work(made.id, 60)
    assert texts(session) == {}


REQUESTS = [Request(f"Word {n}", f"Word {n}", "de", "package", "name") for n in range(4)]


def client(url: str, waits: list[float]) -> Service:
    return Service(url, "k3y", "turner", seconds=2, sleep=waits.append)


# Rule 11: a service that is busy is asked again when it says so
def test_a_service_that_asks_to_wait_is_waited_for() -> None:
    waits: list[float] = []
    usage = Usage()
    with model(trouble=[(429, {"Retry-After": "7"}), (503, {}), (500, {})]) as made:
        said = client(made.url, waits).propose(REQUESTS, usage)
    assert said == ["droW 0", "droW 1", "droW 2", "droW 3"]
    assert waits == [7, 4, 8]
    assert (usage.questions, usage.tokens) == (4, 100)
    assert made.questions[0]["key"] == "Bearer k3y"
    assert made.questions[0]["model"] == "turner"


@pytest.mark.parametrize(
    ("trouble", "questions"),
    [
        ([(401, {})], 1),
        ([(400, {})], 1),
        ([(403, {})], 1),
    ],
)
def test_a_service_that_refuses_stops_the_run(
    trouble: list[tuple[int, dict[str, str]]], questions: int
) -> None:
    with model(trouble=trouble) as made, pytest.raises(OutOfReach):
        client(made.url, []).propose(REQUESTS, Usage())
    assert len(made.questions) == questions


# Rule 11: no worker waits for long
@pytest.mark.parametrize(
    ("trouble", "questions", "seconds"),
    [([(429, {"Retry-After": "3600"})], 1, 3600), ([(503, {})] * 9, 4, 60), ([(429, {})] * 9, 4, 60)],
)
def test_a_service_that_is_busy_for_long_is_left_alone_meanwhile(
    trouble: list[tuple[int, dict[str, str]]], questions: int, seconds: float
) -> None:
    with model(trouble=trouble) as made, pytest.raises(NotYet) as told:
        client(made.url, []).propose(REQUESTS, Usage())
    assert (len(made.questions), told.value.seconds) == (questions, seconds)


def test_a_run_that_has_to_wait_goes_on_when_it_is_time_and_stops_in_the_end(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    service.trouble = [(429, {"Retry-After": "600"})]
    made = run(session, app, editor)
    assert (made.status, made.tries, made.written) == ("running", 1, 0)
    assert made.next_at is not None
    assert made.next_at > clock.now() + timedelta(seconds=500)
    assert jobs._is_cared_for(made.id)
    assert running.work(made.id, 60) == running.ENDED
    session.refresh(made)
    assert (made.status, made.tries, made.next_at, made.written) == ("done", 0, None, 3)
    again = PackageFactory(name="Another", description="")
    session.commit()
    assert again.id
    service.trouble = [(429, {"Retry-After": "600"})] * running.MOST_TRIES
    made = run(session, app, editor)
    for _ in range(running.MOST_TRIES - 1):
        running.work(made.id, 60)
    session.refresh(made)
    assert made.status == "failed"


def test_a_service_that_is_away_or_silent_is_asked_again_later() -> None:
    with pytest.raises(NotYet):
        client("http://127.0.0.1:1/v1", []).propose(REQUESTS, Usage())
    with model() as made:
        made.hold.clear()
        silent = Service(made.url, "k", "m", seconds=0.3, sleep=lambda _seconds: None)
        began = time.monotonic()
        with pytest.raises(NotYet):
            silent.propose(REQUESTS, Usage())
        assert time.monotonic() - began < 10
        made.hold.set()


@pytest.mark.parametrize(
    "content",
    ["no", "{", '{"texts": 1}', '{"texts": [{"id": "x", "text": "a"}]}', '{"texts": [1]}', "[]"],
)
def test_an_answer_that_cannot_be_read_is_asked_for_in_halves(content: str) -> None:
    asked: list[int] = []

    def say(texts: list[dict[str, Any]]) -> Any:
        asked.append(len(texts))
        return content if len(texts) > 1 else turned(texts)

    with model(say) as made:
        said = client(made.url, []).propose(REQUESTS, Usage())
    assert said == ["droW 0", "droW 1", "droW 2", "droW 3"]
    assert asked == [4, 2, 1, 1, 2, 1, 1]


def test_a_fence_around_an_answer_is_forgiven_and_what_it_lacks_is_counted() -> None:
    with model(lambda _texts: '```json\n{"texts": [{"id": 2, "text": "zwei"}]}\n```') as made:
        assert client(made.url, []).propose(REQUESTS, Usage()) == [None, "zwei", None, None]


# Rule 11: a run that stopped says why, and goes on
def test_a_run_that_a_service_stopped_says_so_and_goes_on(
    session: Session, app: Flask, service: Model, editor: User, package: Any
) -> None:
    service.trouble = [(401, {})]
    made = run(session, app, editor)
    assert (made.status, made.written) == ("failed", 0)
    assert "401" in made.trouble
    asking.go_on(session, made.id)
    session.commit()
    running.work(made.id, 60)
    session.refresh(made)
    assert (made.status, made.written, made.trouble) == ("done", 3, "")
