"""What the templates of the inbox are given: plain values, worded in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's face: initials on a colour; a visitor without a name has none."""

    key: str
    name: str
    initials: str = ""
    hue: int = 0
    is_me: bool = False
    is_bot: bool = False
    is_online: bool = False
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, in UTC; scripts write it anew in the time of the reader's machine."""

    iso: str
    exact: str
    clock: str
    short: str
    day: str


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One view of the list; a count of nothing is not shown."""

    name: str
    label: str
    url: str
    count: str


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation in the list; `by` says who wrote the last message when it was not the visitor."""

    id: str
    url: str
    visitor: Person
    language: str
    language_name: str
    text: str
    by: str
    at: Moment
    unread: int
    unread_words: str
    assignee: Person | None
    is_bot_on: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list beside the conversation; `show` says which of the stacked views a phone has in front."""

    base: str
    view: str
    views: tuple[ViewLink, ...]
    rows: tuple[Line, ...]
    next_url: str
    waiting: int
    list_url: str
    q: str
    show: str
    me: Person
    empty_icon: str
    empty_title: str
    empty_sentence: str


@dataclass(frozen=True, slots=True)
class Item:
    """One message, note or event among the messages."""

    id: str
    seq: int
    sequence: int
    kind: str
    side: str
    author: str
    author_key: str
    text: str
    at: Moment
    icon: str = ""
    client_key: str = ""
    is_joined: bool = False
    begins_day: bool = False
    is_first_unread: bool = False
    state: str = ""
    seen_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A part of a conversation's messages."""

    messages: tuple[Item, ...]
    earlier_url: str = ""


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One conversation."""

    id: str
    base: str
    about_url: str
    canned_url: str
    visitor: Person
    visitor_apart: str
    presence: str
    is_online: bool
    status: str
    locale: str
    assignee: Person | None
    staff: tuple[Person, ...]
    is_bot_on: bool
    has_bot: bool
    history_url: str
    may_answer: bool
    may_link: bool
    may_turn: bool
    staff_read_seq: int
    visitor_read_seq: int
    visitor_read_at: str
    draft: str = ""
    draft_kind: str = "reply"
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the visitor; `zone` makes it a clock that goes on."""

    icon: str
    label: str
    text: str
    href: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A booking, or an earlier conversation."""

    id: str
    url: str
    title: str
    more: str = ""
    status: str = ""
    tone: str = ""
    at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A page the visitor looked at."""

    title: str
    address: str
    at: Moment


@dataclass(frozen=True, slots=True)
class AboutPage:
    """Who the visitor is; a list is None where the reader may not look."""

    since: str
    facts: tuple[Fact, ...]
    member: Person | None
    member_url: str
    may_unlink: bool
    bookings: tuple[Card, ...] | None
    earlier: tuple[Card, ...]
    pages: tuple[Visit, ...]
    member_q: str = ""
    found: tuple[Person, ...] | None = None
