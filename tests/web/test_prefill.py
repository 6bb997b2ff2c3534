"""The screen on which missing texts are filled in by a tool: what it comes to first, then watched and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.translation.models import Translation
from app.translation.prefill import jobs, running
from app.translation.prefill.models import PrefillRun
from tests.factories import PackageFactory
from tests.translation.model_stand_in import Model, model

BASE = "/translate/prefill/"


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    with model() as made:
        settings = {"URL": made.url, "KEY": "k3y", "MODEL": "turner", "PRICE": "2 EUR"}
        for name, value in settings.items():
            monkeypatch.setitem(app.config, f"TRANSLATION_{name}", value)
        yield made


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Keep what is put into the queue: there is none under test."""
    waiting: list[Any] = []
    monkeypatch.setattr(jobs, "put", waiting.append)
    return waiting


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under old trees")
    session.commit()
    return made


def run_of(session: Session) -> PrefillRun:
    session.expire_all()
    return session.scalars(select(PrefillRun)).one()


def page(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:800]
    return answer.get_data(as_text=True)


# Rule 11: the cost is shown before anything is asked
def test_the_screen_says_first_what_it_comes_to(
    session: Session, service: Model, package: Any, sign_in: Callable[..., Any]
) -> None:
    said = page(sign_in("Editor"), f"{BASE}?locale=de&tool=service&type=package")
    for label, figure in (
        ("Missing texts", "2"),
        ("Words", "5"),
        ("Characters", "27"),
        ("Known to the memory", "0"),
    ):
        assert f"<dt>{label}</dt><dd>{figure}</dd>" in said
    assert "<dt>Cost, about</dt><dd>€0.8" in said
    assert service.questions == []
    assert session.scalars(select(PrefillRun)).all() == []


def test_without_a_price_it_says_so_and_without_a_service_there_is_the_memory_alone(
    app: Flask, service: Model, package: Any, sign_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = sign_in("Editor")
    monkeypatch.setitem(app.config, "TRANSLATION_PRICE", "")
    assert "No price is set" in page(editor, f"{BASE}?tool=service")
    monkeypatch.setitem(app.config, "TRANSLATION_URL", "")
    said = page(editor, BASE)
    assert 'value="service"' not in said
    assert "FESTOON_TRANSLATION_URL" in said


# Rule 11: a job with progress, then the result and its undoing
def test_a_run_is_begun_watched_and_taken_back(
    session: Session, service: Model, package: Any, put: list[Any], sign_in: Callable[..., Any]
) -> None:
    editor = sign_in("Editor")
    answer = editor.post(BASE, data={"locale": "de", "tool": "service", "type": ["package"]})
    run = run_of(session)
    assert (answer.status_code, answer.location) == (303, f"/translate/prefill/{run.id}")
    assert put == [run.id]
    waiting = page(editor, answer.location)
    assert "data-under-way" in waiting
    assert "0 of 2" in waiting
    running.work(run.id, 60)
    done = page(editor, answer.location)
    assert "data-under-way" not in done
    assert "<dt>Written</dt><dd>2</dd>" in done
    assert "/translate/de?state=machine" in done
    part = editor.get(answer.location, headers={"X-Part": "run"}).get_data(as_text=True)
    assert part.lstrip().startswith('<div class="p-run"')
    undone = editor.post(f"{answer.location}/undo", follow_redirects=True).get_data(as_text=True)
    assert "2 texts were removed." in undone
    assert session.scalars(select(Translation)).all() == []
    assert "Taken back" in page(editor, BASE)


def test_a_run_is_stopped_and_goes_on(
    session: Session, service: Model, package: Any, put: list[Any], sign_in: Callable[..., Any]
) -> None:
    editor = sign_in("Editor")
    here = editor.post(BASE, data={"locale": "de", "tool": "service", "type": "package"}).location
    assert "Cancelled" in editor.post(f"{here}/cancel", follow_redirects=True).get_data(as_text=True)
    assert "ended already" in editor.post(f"{here}/cancel", follow_redirects=True).get_data(as_text=True)
    assert "Waiting" in editor.post(f"{here}/go-on", follow_redirects=True).get_data(as_text=True)
    assert len(put) == 2


def test_where_nothing_is_missing_nothing_begins(
    session: Session, service: Model, put: list[Any], sign_in: Callable[..., Any]
) -> None:
    editor = sign_in("Editor")
    sent = {"locale": "de", "tool": "service", "type": "package"}
    answer = editor.post(BASE, data=sent, follow_redirects=True)
    assert "Nothing is missing there." in answer.get_data(as_text=True)
    assert put == []


def test_chosen_records_of_a_list_come_along(
    session: Session, service: Model, package: Any, put: list[Any], sign_in: Callable[..., Any]
) -> None:
    other = PackageFactory(name="Other thing", description="")
    session.commit()
    editor = sign_in("Editor")
    assert 'formaction="/translate/prefill/choose"' in page(editor, "/packages/?as=languages")
    answer = editor.post(f"{BASE}choose", data={"type": "package", "ids": [str(other.id)]})
    said = page(editor, answer.location)
    assert "1 chosen record" in said
    assert "<dt>Missing texts</dt><dd>1</dd>" in said
    editor.post(BASE, data={"locale": "de", "tool": "service", "type": "package", "record": str(other.id)})
    running.work(run_of(session).id, 60)
    assert [row.text for row in session.scalars(select(Translation))] == ["rehtO gniht"]


def test_who_may_only_look_cannot_run_it(
    session: Session, service: Model, package: Any, sign_in: Callable[..., Any]
) -> None:
    translator = sign_in("Translator")
    said = page(translator, BASE)
    assert 'formmethod="post"' not in said
    assert translator.post(BASE, data={"locale": "de"}).status_code == 403
    assert sign_in("Viewer").get(BASE).status_code == 403


@pytest.mark.parametrize("address", ["nothing", "01990000-0000-7000-8000-000000000000"])
def test_there_is_no_such_run(app: Flask, sign_in: Callable[..., Any], address: str) -> None:
    editor = sign_in("Editor")
    assert editor.get(f"{BASE}{address}").status_code == 404
    assert editor.post(f"{BASE}{address}/undo").status_code == 404
