"""Putting a mail together: subject, text and HTML from one template, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask_babel import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.access.messages import teach
from app.mail.addresses import one_line, shown_name
from app.mail.calendars import CANCEL, Attachment, calendar_of
from app.mail.facts import BookingFacts, SeriesFacts, WaitingFacts
from app.mail.kinds import Kind
from app.mail.settings import MailSettings
from app.mail.wording import Voice, speaking

TEMPLATES = Path(__file__).parent / "templates"
DARK = "@media (prefers-color-scheme: dark)"
"""What the dark colours of the HTML stand under; a preview shows them without it."""

MOST_DAYS = 60
"""So many days of a series a mail names."""

_FONTS = (
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, "
    "'Noto Sans Devanagari', 'Noto Sans Arabic', sans-serif"
)
_JOINED = frozenset({"ar", "hi"})
"""Scripts whose letters hang together: they are never spaced closer."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in words, not yet addressed to anybody."""

    kind: str
    locale: str
    subject: str
    preheader: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of a mail."""

    label: str
    value: str
    url: str = ""
    is_main: bool = False


def compose(kind: Kind, locale: str, facts: Mapping[str, Any], settings: MailSettings) -> Mail:
    """Write a mail; raises TypeError when the facts are not exactly those that the kind needs."""
    with speaking(locale) as voice:
        if wrong := facts.keys() ^ kind.sample().keys():
            raise TypeError(f"The facts of {kind.name} differ in {', '.join(sorted(wrong))}")
        context = _context(kind, voice, facts, settings)
        subject = one_line(_block("txt", kind, "subject", context))
        preheader = one_line(_block("txt", kind, "preheader", context))
        said = context | {"subject": subject, "preheader": preheader}
        text = _environment("txt").get_template(f"{kind.name}.jinja").render(said)
        html = _environment("html").get_template(f"{kind.name}.jinja").render(said)
        calendars = tuple(_calendars(kind, facts, settings))
        return Mail(kind.name, voice.words, subject, preheader, _tidy(text), html, calendars)


def _calendars(kind: Kind, facts: Mapping[str, Any], settings: MailSettings) -> Iterator[Attachment]:
    """Write the calendar files: what the mail tells of, and what it takes the place of."""
    if kind.calendar:
        yield calendar_of(facts["booking"], settings, kind.calendar)
    if "before" in facts:
        yield calendar_of(facts["before"], settings, CANCEL, "before.ics")


@lru_cache(maxsize=2)
def _environment(form: str) -> Environment:
    """Make the templates' environment for `html` or `txt`; a fact that is missing is an error, not a gap."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=form == "html",  # noqa: S701  # plain text is shown as it is
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(made)
    made.globals["form"] = form
    return made


def _block(form: str, kind: Kind, name: str, context: Mapping[str, Any]) -> str:
    template = _environment(form).get_template(f"{kind.name}.jinja")
    return "".join(template.blocks[name](template.new_context(dict(context))))


def _context(kind: Kind, voice: Voice, facts: Mapping[str, Any], settings: MailSettings) -> dict[str, Any]:
    """Gather what templates may use; addresses come from the settings alone, never from a request."""
    context = dict(facts)
    if "booking_link" in facts:
        context["booking_link"] = address_of(settings, facts["booking_link"])
    if "waiting_link" in facts:
        context["waiting_link"] = address_of(settings, facts["waiting_link"])
    booking, waiting = facts.get("booking"), facts.get("waiting")
    for_staff = kind.name == "staff_notice"
    return context | {
        "voice": voice,
        "rows": list(_rows(booking, voice, for_staff=for_staff)) if booking else [],
        **({"rows": list(_waiting_rows(waiting, voice))} if waiting else {}),
        **_series_context(facts.get("series"), voice, for_staff=kind.name == "series_notice"),
        "brand": settings.brand,
        "site": settings.site_url,
        "site_name": _bare(settings.site_url),
        "link": lambda **what: f"{settings.site_url}#{urlencode(what)}",
        "greeting": _greeting,
        "font": _FONTS,
        "tight": "0" if voice.words in _JOINED else "-0.01em",
    }


def address_of(settings: MailSettings, path: str) -> str:
    """Make a path of ours an absolute address; what the settings made absolute already stays as it is."""
    if path.startswith(("https://", "http://")):
        return path
    if path.startswith("/"):
        return f"{settings.public_url}{path}"
    raise ValueError(f"{path!r} is no path of ours")


def _greeting(name: str) -> str:
    name = shown_name(name)
    return _("Hello %(name)s,", name=name) if name else _("Hello,")


def _rows(booking: BookingFacts, voice: Voice, *, for_staff: bool) -> Iterator[Row]:
    """List what is told of a booking, without what is not known."""
    if for_staff:
        yield Row(_("Client"), one_line(booking.client), is_main=True)
        yield Row(_("E-mail"), booking.email, url=f"mailto:{booking.email}")
        if booking.phone:
            yield Row(_("Phone"), one_line(booking.phone))
    yield Row(_("Occasion"), str(booking.occasion))
    if booking.room and booking.starts_at and booking.ends_at:
        yield Row(_("Room"), one_line(booking.room))
        yield Row(_("Start"), voice.instant(booking.starts_at, booking.zone), is_main=not for_staff)
        yield Row(_("End"), voice.instant(booking.ends_at, booking.zone))
    else:
        yield Row(_("Date"), voice.day(booking.day), is_main=not for_staff)
    if booking.place:
        yield Row(_("Place"), one_line(booking.place))
    if booking.package:
        yield Row(_("Package"), one_line(booking.package))
    if booking.guests is not None:
        yield Row(_("Guests"), voice.number(booking.guests))
    if booking.total is not None:
        yield Row(_("Total"), voice.money(booking.total))
    if booking.reference:
        yield Row(_("Reference"), booking.reference)


def _waiting_rows(waiting: WaitingFacts, voice: Voice) -> Iterator[Row]:
    """List what somebody waits for, and until when they may answer an offer."""
    yield Row(_("Room"), ", ".join(one_line(part) for part in (waiting.room, waiting.venue) if part))
    yield Row(_("Start"), voice.instant(waiting.starts_at, waiting.zone), is_main=True)
    yield Row(_("End"), voice.instant(waiting.ends_at, waiting.zone))
    if waiting.guests is not None:
        yield Row(_("Guests"), voice.number(waiting.guests))
    if waiting.place:
        yield Row(_("Place in line"), voice.number(waiting.place))
    if waiting.deadline is not None:
        yield Row(_("Answer until"), voice.instant(waiting.deadline, waiting.reader_zone), is_main=True)


def _series_context(series: SeriesFacts | None, voice: Voice, *, for_staff: bool) -> dict[str, Any]:
    if series is None:
        return {}
    return {"rows": list(_series_rows(series, voice, for_staff=for_staff))}


def _series_rows(series: SeriesFacts, voice: Voice, *, for_staff: bool) -> Iterator[Row]:
    """List what is told of a series, and its days: the first of them where there are very many."""
    if for_staff:
        yield Row(_("Client"), one_line(series.client), is_main=True)
        yield Row(_("E-mail"), series.email, url=f"mailto:{series.email}")
    yield Row(_("Occasion"), str(series.occasion))
    yield Row(_("Place"), one_line(series.place))
    yield Row(_("Days"), voice.number(len(series.days)))
    if series.total is not None:
        yield Row(_("Total"), voice.money(series.total))
    for one in series.days[:MOST_DAYS]:
        start = voice.instant(one.starts_at, one.zone) if one.starts_at else voice.day(one.day)
        yield Row(_("Start"), start, is_main=not for_staff)
    if len(series.days) > MOST_DAYS:
        yield Row(_("And further days"), voice.number(len(series.days) - MOST_DAYS))


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _tidy(text: str) -> str:
    """Leave one empty line between paragraphs, and no space at the end of a line but the signature's."""
    lines = [line if line == "-- " else line.strip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
