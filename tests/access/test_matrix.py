"""Every staff route x every method x every role: allowed or refused exactly as the table of roles says.

A route that is not named here fails the test, so that none is added without a thought about who may enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from app.access.realms import is_staff_path
from app.access.roles import ROLES, grants
from app.kernel.db import db
from app.resources import Resource
from tests.access.steps import enter, make_user

MISSING = "01990000-0000-7000-8000-000000000000"
SCREENS = {
    "list": "list", "show": "show", "add": "add", "edit": "edit translate", "delete": "delete", "do": "show",
    "bulk": "list", "history": "history", "lookup": "list", "export": "export", "import_": "import",
    "column": "list", "move": "list", "cell": "edit", "grid": "edit", "verbs": "list", "record": "show",
    "call_text_right": "edit translate",
    "impact_of_new": "add", "impact_of": "edit translate", "prices_of_new": "add", "prices_of": "edit translate",
    "clock": "add edit translate",
    "preview": "show", "preview_frame": "show", "text": "translate", "look_at_text": "translate",
    "filter": "list", "choose_columns": "list", "keep_columns": "list", "keep_view": "list", "count_views": "list",
    "view_dialogs": "list",
    "change_view": "list", "open_with_view": "list", "delete_view": "list", "restore_view": "list",
    "password": "edit", "upload": "add", "replace": "edit", "move_many": "edit", "tag_many": "edit", "side": "list",
    "file": "show", "alt": "edit translate", "picker": "list", "merge": "edit", "apart": "edit",
    "waiting": "list", "canned": "answer", "say": "answer", "read": "answer", "assign": "answer", "bot": "answer",
    "keep": "edit translate", "keep_new": "add", "panel": "show", "people": "show", "comment": "show",
    "change_comment": "show", "before_delete": "delete", "undelete": "delete",
    "move_to": "move", "confirmation": "show", "calendar_file": "show", "receive": "show", "waive": "show",
    "settle": "show", "grant": "show",
    "new": "add", "book": "add", "confirm_days": "confirm", "cancel_days": "cancel", "move_days": "move",
    "book_day": "add", "leave_out": "add", "change": "show", "prolong": "add",
    "release": "approve_texts", "release_many": "approve_texts",
    "close": "close", "reopen": "reopen", "members": "link", "link": "link",
    "files": "keep_files", "progress": "keep_files", "download": "keep_files",
}  # fmt: skip
API = {
    "get_list": "list", "post": "add", "get": "show", "put": "edit", "delete": "delete", "do": "show",
    "release": "approve_texts", "put_file": "edit", "post_picture": "edit",
}  # fmt: skip
BY_HAND: dict[str, tuple[str, str]] = {
    "ChatApi.respond": ("conversation", "answer"),
    "ChatApi.messages": ("conversation", "show"),
    "ChatApi.read": ("conversation", "answer"),
    "ChatApi.assign": ("conversation", "answer"),
    "ChatApi.bot": ("conversation", "answer"),
    "ChatApi.link": ("conversation", "link"),
    "BookingView.receive": ("payment", "receive"),
    "BookingView.waive": ("payment", "waive"),
    "BookingView.grant": ("refund", "grant"),
    "BookingView.settle": ("refund", "mark_paid withdraw"),
    "ReportsView.index": ("report", "list"),
    "ReportsView.chart": ("report", "list"),
    "ReportsView.numbers": ("report", "list"),
    "DaySheetView.index": ("booking", "list"),
    "TimelineView.index": ("booking", "list"),
    "FreeTimesView.index": ("booking", "list"),
    "TimelineView.events": ("booking", "list"),
    "TimelineView.card": ("booking", "show"),
    "TimelineView.judge": ("booking", "add move extend"),
    "TimelineView.move": ("booking", "move"),
    "TimelineView.book": ("booking", "add"),
    "SimulatorView.index": ("simulation", "list"),
    "MailsView.index": ("mail", "list preview"),
    "MailsView.show": ("mail", "list"),
    "MailsView.body": ("mail", "list"),
    "MailsView.raw": ("mail", "list"),
    "MailsView.attachment": ("mail", "list"),
    "MailsView.templates": ("mail", "preview"),
    "MailsView.preview": ("mail", "preview"),
    "MailsView.sample": ("mail", "preview"),
    "MailsView.test": ("mail", "send"),
    "JobsView.index": ("job", "list"),
    "PrefillView.index": ("prefill", "list"),
    "PrefillView.start": ("prefill", "run"),
    "PrefillView.choose": ("prefill", "list"),
    "PrefillView.show": ("prefill", "list"),
    "PrefillView.cancel": ("prefill", "run"),
    "PrefillView.go_on": ("prefill", "run"),
    "PrefillView.undo": ("prefill", "run"),
    "JobsView.failed": ("job", "run"),
    "JobsView.timed": ("job", "run"),
    "JobsView.deliveries": ("job", "run"),
}
"""Screens written by hand: the name of their permission, and the verbs of which one opens them."""
FOR_TRANSLATORS = {f"WorkbenchView.{name}" for name in ("index", "queue", "act", "undo", "check", "keep")} | {
    f"TextsApi.{name}" for name in ("get_list", "get", "put", "delete", "do", "bulk")
}
FOR_TRANSLATORS |= {f"ExchangeView.{name}" for name in ("choose", "download", "bring", "progress")}
"""Open to whoever may translate anything; each text is then asked for under the rights on its own record."""
OF_THE_SITE = "SiteView.index"
"""The sample site to be translated: open to whoever may translate something of it."""
SIGNED_IN = {
    "KeptView.index",
    "KeptView.discard",
    "FindingView.palette",
    "SiteView.texts",
    "FindingView.palette_find",
    "FindingView.palette_keys",
    "FindingView.palette_record",
    "FindingView.search",
    "FindingView.pin",
    "FindingView.seen",
    "FindingView.notices",
    "FindingView.notices_panel",
    "FindingView.notices_unread",
    "FindingView.notices_read",
} | {
    *(f"HomeView.{name}" for name in ("index", "start", "arrange", "rearrange")),
    *(f"ProfileView.{name}" for name in ("profile", "password", "theme", "screens", "end_sessions")),
}
ANYBODY = {"SignInView.login", "SignInView.logout", "LanguageSwitch.language", "UtilView.back"}


def staff_rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if is_staff_path(str(rule)):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def verbs_for(app: Flask, rule: Rule) -> tuple[Resource, list[str], bool] | None:
    """Tell which resource a route is of, which verbs open it, and whether it is an API's; None for others."""
    view, _, name = rule.endpoint.partition(".")
    for resource in app.extensions["catalogue"]:
        model = resource.model.__name__
        if view == f"{model}View":
            return resource, SCREENS[name].split(), False
        if view == f"{model}Api":
            return resource, API[name].split(), True
    return None


def ask(client: FlaskClient, rule: Rule, method: str) -> Any:
    address = re.sub(r"<(\w+:)?key>", MISSING, str(rule))
    address = re.sub(r"<int:\w+>", "1", address)
    address = re.sub(r"<(\w+:)?\w+>", "nothing", address)
    body = {"json": {}} if address.startswith("/api/") else {"data": {}}
    answer = client.open(address, method=method, **(body if method != "GET" else {}))
    answer.close()  # an export holds a file
    return answer


@pytest.fixture
def browser(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return app.test_client()


@pytest.mark.proves("S3.25", "S3.27")
@pytest.mark.parametrize("role", [*ROLES, "no role"])
def test_a_role_enters_where_the_table_lets_it_and_nowhere_else(
    app: Flask, browser: FlaskClient, role: str
) -> None:
    granted = grants(list(app.extensions["catalogue"])).get(role, set())
    user = make_user(*([role] if role in ROLES else []))
    assert enter(browser, user.username).status_code == 303
    wrong = []
    for rule, method in staff_rules(app):
        found = verbs_for(app, rule)
        if rule.endpoint in {*FOR_TRANSLATORS, OF_THE_SITE}:
            names = {
                one.name for one in app.extensions["catalogue"] if one.public or rule.endpoint != OF_THE_SITE
            } | (set() if rule.endpoint == OF_THE_SITE else {"interface_message"})
            may = any(("can_translate", name) in granted for name in names)
            status = ask(browser, rule, method).status_code
            if status >= 500 or (status == 403) == may or status == 401:
                wrong.append((method, str(rule), status, may))
            continue
        if rule.endpoint in BY_HAND:
            name, verbs = BY_HAND[rule.endpoint][0], BY_HAND[rule.endpoint][1].split()
        elif found is not None:
            name, verbs = found[0].name, found[1]
        else:
            assert rule.endpoint in SIGNED_IN | ANYBODY, f"nobody said who may enter {rule}"
            continue
        may = any((f"can_{verb}", name) in granted for verb in verbs)
        status = ask(browser, rule, method).status_code
        if status >= 500 or (status == 403) == may or status == 401:
            wrong.append((method, str(rule), status, may))
    assert wrong == []


def test_a_stranger_enters_nowhere(app: Flask, browser: FlaskClient) -> None:
    wrong = []
    for rule, method in staff_rules(app):
        found = verbs_for(app, rule)
        if found is None and rule.endpoint not in SIGNED_IN | set(BY_HAND) | FOR_TRANSLATORS:
            continue
        answer = ask(browser, rule, method)
        is_refused = answer.status_code == 401
        if not (found and found[2]):
            is_refused |= answer.status_code == 302 and answer.headers["Location"].startswith("/login/?next=")
        if not is_refused:
            wrong.append((method, str(rule), answer.status_code))
    assert wrong == []


def test_a_stranger_learns_nothing_of_what_exists(app: Flask, browser: FlaskClient) -> None:
    """The same answer for a record that is there and one that is not."""
    for path in ("/packages/", "/bookings/", "/api/v1/packages/", "/api/v1/bookings/"):
        answers = [browser.get(f"{path}{key}") for key in (MISSING, "x", "1")]
        assert len({answer.status_code for answer in answers}) == 1


def test_looking_around_changes_nothing(app: Flask, browser: FlaskClient) -> None:
    """An Admin's browser that fetches every address, ahead of the click, leaves the database as it was."""
    assert enter(browser, make_user("Admin").username).status_code == 303
    tables = [table for table in db.metadata.tables if table != "staff_session"]

    def state() -> list[Any]:
        rows = "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{}\" t"
        return [db.session.scalar(text(rows.format(table))) for table in tables]

    before = state()
    for rule, method in staff_rules(app):
        if method == "GET":
            ask(browser, rule, method)
    assert state() == before
