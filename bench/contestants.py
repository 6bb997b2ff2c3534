"""Who is measured: how each is started, what it is asked for each work, how its answer is read."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

from app.surfaces.records.query import write_cursor
from bench.environment import HOME, ROOT, peer_python
from bench.peers import stock_account
from bench.works import LANGUAGE, PUBLIC_PAGE, REVIEW_PAGE, REVIEW_PAGE_NUMBER, STAFF_PAGE, Place, Subjects

ADMIN = "admin"
PASSWORD = "bench-password-of-one-run"
SECRET = "bench-only-secret-that-guards-nothing-at-all"
THREADS = 4
MEDIA_URL = "/media/"
WRITER = "w4@bench.example"
"""Who posts the bookings of W4; by this they are found and taken away again."""

Facts = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says, in a form that can be compared: its records, and how many there are in all."""

    records: Facts
    total: int | None = None


def read_json(_work: str, body: bytes) -> Answer:
    """Read a JSON answer: a record or a page of records."""
    answer = json.loads(body)
    data = answer["data"]
    return Answer(data if isinstance(data, list) else [data], answer.get("page", {}).get("total"))


def read_html(_work: str, body: bytes) -> Answer:
    """Read a page of the staff list: the keys that its rows link to, in their order, and the page's words."""
    text = body.decode()
    keys = dict.fromkeys(re.findall(r"/bookings/(?:show/)?([0-9a-f-]{36})", text))
    return Answer([{"id": key, "page": unescape(text)} for key in keys])


def read_festoon(work: str, body: bytes) -> Answer:
    """Read ours: pages for staff, JSON for the public."""
    return read_html(work, body) if work.startswith("W5") else read_json(work, body)


@dataclass(frozen=True, slots=True)
class Login:
    """The page on which staff sign in; the fields of its form beside the hidden ones."""

    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server under measurement; `paths` has an address for each work it can do, `bodies` what is posted to it."""

    name: str
    about: str
    command: Callable[[int], list[str]]
    environment: Mapping[str, str]
    paths: Mapping[str, str]
    read: Callable[[str, bytes], Answer] = read_json
    first: str = "W1"
    login: Login | None = None
    bodies: Mapping[str, str] = field(default_factory=dict)


def contestants(url: str, redis_url: str, subjects: Subjects) -> tuple[Contestant, ...]:
    """List everybody, ours first."""
    return (
        _festoon(url, redis_url, subjects),
        _fastapi(url, subjects),
        *_flask_appbuilders(url, subjects),
        _one_statement(url, subjects),
        _bare(),
    )


def _environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def _gunicorn(application: str) -> Callable[[int], list[str]]:
    def command(port: int) -> list[str]:
        gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"]
        return [*gunicorn, "--threads", str(THREADS), "--bind", f"127.0.0.1:{port}", application]

    return command


def _festoon(url: str, redis_url: str, subjects: Subjects) -> Contestant:
    def cursor(place: Place, passed: int) -> str:
        return write_cursor((place.moment, place.key), passed)

    reviews = cursor(subjects.before_reviews, (REVIEW_PAGE_NUMBER - 1) * REVIEW_PAGE)
    deep = cursor(subjects.before_deep, (subjects.deep_page - 1) * STAFF_PAGE)
    stars = {"filter[rating][gte]": 4, "sort": "-submitted_at", "page[after]": reviews}
    confirmed = {"filter[status]": "confirmed"}
    return Contestant(
        "festoon",
        "Festoon, production mode, a log line for each request, no response cache",
        _gunicorn("wsgi:app"),
        festoon_environment(url, redis_url),
        {
            "W1": "/public/v1/packages?" + urlencode({"lang": LANGUAGE, "page[size]": PUBLIC_PAGE}),
            "W2": f"/public/v1/themes/{subjects.theme}?lang={LANGUAGE}",
            "W3": "/public/v1/testimonials?" + urlencode(stars | {"lang": "en"}),
            "W4": "/public/v1/bookings",
            "W5": "/bookings/?" + urlencode(confirmed),
            "W5d": "/bookings/?" + urlencode(confirmed | {"page[after]": deep}),
        },
        read=read_festoon,
        login=Login("/login/", {"username": ADMIN, "password": PASSWORD}),
        bodies={"W4": wish(subjects)},
    )


def wish(subjects: Subjects) -> str:
    """Write the booking that everybody is posted."""
    day = datetime.now(UTC).date() + timedelta(days=120)
    return json.dumps(
        {
            "client_name": "Amal Haddad",
            "client_email": WRITER,
            "client_phone": "+49 30 901820",
            "event_type": "wedding",
            "event_on": day.isoformat(),
            "place": "Orangery, Potsdam",
            "package": subjects.package,
            "guests": 80,
            "message": "Two of us need a ramp, and the band wants a power line to the lawn.",
        }
    )


def festoon_environment(url: str, redis_url: str) -> dict[str, str]:
    """Give the settings under which Festoon is filled and measured."""
    return _environment(
        FESTOON_ENV="production",
        SECRET_KEY=SECRET,
        DATABASE_URL=url,
        REDIS_URL=redis_url,
        FESTOON_ADMIN_PASSWORD=PASSWORD,
        FESTOON_LOG_FORMAT="json",
        FESTOON_PROXY_COUNT="1",
        FESTOON_UPLOAD_DIR=str(HOME / "uploads"),
    )


def _fastapi(url: str, subjects: Subjects) -> Contestant:
    def command(port: int) -> list[str]:
        server = [str(peer_python()), "-m", "uvicorn", "bench.peers.fastapi_app.main:app", "--no-access-log"]
        return [*server, "--host", "127.0.0.1", "--port", str(port)]

    stars = {"rating_from": 4, "sort": "-submitted_at", "page": REVIEW_PAGE_NUMBER, "size": REVIEW_PAGE}
    return Contestant(
        "fastapi",
        "FastAPI, async SQLAlchemy, asyncpg, uvicorn with uvloop, no access log (W5 as JSON, without sign-in)",
        command,
        _environment(BENCH_ASYNC_URL=with_driver(url, "asyncpg"), BENCH_MEDIA_URL=MEDIA_URL),
        {
            "W1": f"/packages?lang={LANGUAGE}&size={PUBLIC_PAGE}",
            "W2": f"/themes/{subjects.theme}?lang={LANGUAGE}",
            "W3": "/testimonials?" + urlencode(stars),
            "W4": "/bookings",
            "W5": "/bookings?status=confirmed",
            "W5d": f"/bookings?status=confirmed&page={subjects.deep_page}",
        },
        bodies={"W4": wish(subjects)},
    )


STOCK, STOCK_EQUAL = "flask-appbuilder", "flask-appbuilder, equal to"


def _flask_appbuilders(url: str, subjects: Subjects) -> Iterator[Contestant]:
    about = (
        "stock Flask-AppBuilder, a ModelView with the same columns and a menu of as many entries, signed in"
    )
    yield _flask_appbuilder(
        STOCK, f"{about}; filtered by “Starts with”, which its filter offers first", 0, url, subjects
    )
    yield _flask_appbuilder(
        STOCK_EQUAL, "the same, filtered by “Equal to”, the kindest to it", 3, url, subjects
    )


def _flask_appbuilder(name: str, about: str, operator: int, url: str, subjects: Subjects) -> Contestant:
    """Give the stock interface with one of the operators that it offers for a text, by its place in their menu."""
    listed = f"/bookings/list/?_flt_{operator}_status=confirmed"
    return Contestant(
        name,
        about,
        _gunicorn("bench.peers.flask_appbuilder_app:create_app()"),
        _environment(SECRET_KEY=SECRET, DATABASE_URL=with_driver(url, "psycopg")),
        {"W5": listed, "W5d": f"{listed}&page_BookingView={subjects.deep_page - 1}"},
        read=read_html,
        first="/login/",
        login=Login("/login/", {"username": stock_account.USER, "password": stock_account.PASSWORD}),
    )


def _one_statement(url: str, subjects: Subjects) -> Contestant:
    def after(path: str, place: Place) -> str:
        return path + "?" + urlencode({"moment": place.moment.isoformat(), "key": str(place.key)})

    return Contestant(
        "one statement",
        "one statement by hand in a bare WSGI callable, gunicorn gthread (W5 as JSON)",
        _gunicorn("bench.peers.one_statement:app"),
        _environment(BENCH_URL=url),
        {
            "W1": f"/W1?lang={LANGUAGE}",
            "W2": "/W2?" + urlencode({"lang": LANGUAGE, "slug": subjects.theme}),
            "W3": after("/W3", subjects.before_reviews),
            "W4": "/W4",
            "W5": "/W5?moment=infinity&key=ffffffff-ffff-ffff-ffff-ffffffffffff",
            "W5d": after("/W5", subjects.before_deep),
        },
        bodies={"W4": wish(subjects)},
    )


def _bare() -> Contestant:
    return Contestant(
        "bare WSGI",
        "bytes from memory in a bare WSGI callable, gunicorn gthread",
        _gunicorn("bench.peers.bare:app"),
        _environment(),
        {"W1": "/", "W2": "/", "W3": "/"},
        read=lambda work, body: Answer([]),
    )


def with_driver(url: str, driver: str) -> str:
    """Name the driver in a database's address, as SQLAlchemy wants it."""
    return re.sub(r"^postgres(ql)?(\+\w+)?:", f"postgresql+{driver}:", url)
