"""What the screens of the mails show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from app.kernel import languages
from app.kernel.ids import parse_id
from app.kernel.locales import direction, own_name
from app.mail.composing import DARK, Mail
from app.mail.kinds import KINDS, Kind, UnknownKind, kind_named
from app.mail.models import KeptMail
from app.mail.queries import Asked, count, mails
from app.surfaces.records.wording import ago, exact, reader
from app.surfaces.screens.pages import Cell, Choice, Column, FilterInput, ListPage, Row

VIEWS = ("html", "text", "headers")
WIDTHS = ("desktop", "phone")
SCHEMES = ("light", "dark")
LIST = "/mails/"
TEMPLATES = "/mails/templates/"


@dataclass(frozen=True, slots=True)
class Look:
    """How a mail is looked at; `url` is the page's own address."""

    url: str
    lang: str = ""
    view: str = "html"
    width: str = "desktop"
    scheme: str = "light"

    def but(self, **other: str) -> str:
        """Give the address of the same page, looked at otherwise."""
        look = replace(self, **other)
        parts = {"lang": look.lang, "view": look.view, "width": look.width, "scheme": look.scheme}
        plain = Look(look.url)
        query = urlencode({name: value for name, value in parts.items() if value != getattr(plain, name)})
        return f"{look.url}?{query}" if query else look.url


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a mail."""

    name: str
    type: str
    size: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class MailPage:
    """mails/show.html: one mail, or one example; `body_url` is empty where the mail itself is not kept."""

    title: str
    kind: str
    subject: str
    facts: tuple[tuple[str, str, str], ...]  # label, value, exact value on hover
    look: Look
    text: str = ""
    text_direction: str = "ltr"
    body_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()
    raw_url: str = ""


@dataclass(frozen=True, slots=True)
class KindEntry:
    """A kind in the list beside an example."""

    label: str
    when: str
    url: str
    is_shown: bool


def read_look(url: str, asked: Any, lang: str = "") -> Look:
    """Read how a mail is to be looked at; what is not on offer is the plain look."""

    def one_of(name: str, offered: Sequence[str]) -> str:
        return str(asked.get(name)) if asked.get(name) in offered else offered[0]

    return Look(url, lang, one_of("view", VIEWS), one_of("width", WIDTHS), one_of("scheme", SCHEMES))


def label_of(kind: str) -> str:
    """Name a kind; one that is no more keeps its bare name."""
    try:
        return str(kind_named(kind).label)
    except UnknownKind:
        return kind


def read_asked(arguments: Any) -> Asked:
    """Read what is looked for."""
    kind, locale = arguments.get("filter[kind]", ""), arguments.get("filter[locale]", "")
    return Asked(
        words=arguments.get("q", "").strip()[:200].replace("\0", ""),
        kind=kind if kind in {known.name for known in KINDS} else "",
        locale=locale if locale in languages.interface_locales() else "",
        before=parse_id(arguments.get("page[after]", "")),
    )


def list_page(asked: Asked, size: int) -> ListPage:
    """Make the list of the mails."""
    found = mails(asked, size + 1)
    more, total = len(found) > size, count(asked)
    state = {"q": asked.words, "filter[kind]": asked.kind, "filter[locale]": asked.locale}
    query = {name: value for name, value in state.items() if value}
    return ListPage(
        name="mail",
        title=_("Mails"),
        singular=_("Mail"),
        icon="mail",
        columns=tuple(_columns()),
        rows=tuple(_row(mail) for mail in found[:size]),
        filters=tuple(_filters(asked, query)),
        query=asked.words,
        total=ngettext("%(num)s mail", "%(num)s mails", total),
        range="",
        next_url=_address(query | {"page[after]": str(found[size - 1].id)}) if more else "",
        first_url=_address(query) if asked.before else "",
        url=LIST,
        clear_url=LIST if query else "",
        is_filtered=bool(asked.kind or asked.locale),
        searchable=True,
    )


def _columns() -> Iterator[Column]:
    yield Column("subject", _("Subject"), "long_text")
    yield Column("recipient", _("To"), "text")
    yield Column("kind", _("Kind"), "text")
    yield Column("locale", _("Language"), "text")
    yield Column("sent_at", _("Time"), "instant")


def _row(mail: KeptMail) -> Row:
    locale = reader()
    return Row(
        str(mail.id),
        f"{LIST}{mail.id}",
        mail.subject,
        (
            Cell("text", mail.subject),
            Cell("email", mail.recipient),
            Cell("text", label_of(mail.kind)),
            Cell("text", own_name(mail.locale)),
            Cell("instant", ago(mail.sent_at, locale), exact(mail.sent_at, locale)),
        ),
    )


def _filters(asked: Asked, query: dict[str, str]) -> Iterator[FilterInput]:
    kinds = tuple(Choice(kind.name, str(kind.label), kind.name == asked.kind) for kind in KINDS)
    codes = languages.interface_locales()
    locales = tuple(Choice(code, own_name(code), code == asked.locale) for code in codes)
    for name, label, choices in (("kind", _("Kind"), kinds), ("locale", _("Language"), locales)):
        key = f"filter[{name}]"
        shown = next((choice.label for choice in choices if choice.chosen), "")
        rest = {part: value for part, value in query.items() if part != key}
        yield FilterInput(
            name, label, "choice", choices, query.get(key, ""), active_text=shown, clear_url=_address(rest)
        )


def _address(query: dict[str, str]) -> str:
    return f"{LIST}?{urlencode(query)}" if query else LIST


def mail_page(mail: KeptMail, look: Look) -> MailPage:
    """Show a mail that went out, as far as it is kept."""
    locale, address = reader(), f"{LIST}{mail.id}"
    facts = (
        (_("To"), mail.recipient, ""),
        (_("Kind"), label_of(mail.kind), ""),
        (_("Language"), own_name(mail.locale), ""),
        (_("Time"), ago(mail.sent_at, locale), exact(mail.sent_at, locale)),
        (_("Size"), size(mail.size), ""),
    )
    page = MailPage(mail.subject, mail.kind, mail.subject, facts, look)
    if mail.raw is None:
        return replace(page, facts=(*facts, ("Message-ID", mail.message_id, "")))
    message = read(mail.raw)
    return replace(
        page,
        text=part(message, "plain"),
        text_direction=direction(mail.locale),
        body_url=f"{address}/body?scheme={look.scheme}",
        headers=tuple((name, str(value)) for name, value in message.items()),
        files=tuple(
            File(
                str(file.get_filename()),
                file.get_content_type(),
                size(len(content(file))),
                f"{address}/{place}",
            )
            for place, file in enumerate(message.iter_attachments())
        ),
        raw_url=f"{address}/raw",
    )


def example_page(kind: Kind, mail: Mail, whole: int, look: Look) -> MailPage:
    """Show an example of a kind; `whole` is the size of the mail as it would travel."""
    return MailPage(
        str(kind.label),
        kind.name,
        mail.subject,
        ((_("Preview line"), mail.preheader, ""), (_("Size"), size(whole), "")),
        look,
        text=mail.text,
        text_direction=direction(mail.locale),
        body_url=f"{TEMPLATES}{kind.name}/body?lang={mail.locale}&scheme={look.scheme}",
        files=tuple(File(file.name, file.type, size(len(file.content))) for file in mail.attachments),
    )


def kind_entries(shown: Kind, look: Look) -> tuple[KindEntry, ...]:
    """List the kinds beside an example of one of them."""
    return tuple(
        KindEntry(str(k.label), str(k.when), look.but(url=f"{TEMPLATES}{k.name}"), k is shown) for k in KINDS
    )


def read(raw: bytes) -> EmailMessage:
    """Read a kept mail."""
    message: EmailMessage = message_from_bytes(raw, policy=default)
    return message


def part(message: EmailMessage, form: str) -> str:
    """Give the text or the HTML of a mail."""
    body = message.get_body((form,))
    return str(body.get_content()) if body is not None else ""


def content(file: EmailMessage) -> bytes:
    """Give the bytes of a file that goes with a mail."""
    found = file.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def in_scheme(html: str, scheme: str) -> str:
    """Show a mail in light or in dark, whatever the browser likes; its links open beside the screen."""
    shown = html.replace(DARK, "@media all" if scheme == "dark" else "@media not all")
    shown = shown.replace("color-scheme: light dark", f"color-scheme: {scheme}")
    return shown.replace("<head>", '<head><base target="_blank">', 1)


def size(number: int) -> str:
    """Write a size in kilobytes."""
    return _("%(number)s kB", number=format_decimal(round(number / 1000, 1), locale=reader()))
