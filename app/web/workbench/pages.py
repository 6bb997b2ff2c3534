"""What the templates of the workbench are given: plain values, worded in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.kernel.diffing import Piece
from app.surfaces.screens.form_pages import FieldInput, SourceChange
from app.surfaces.texts.offers import Offer
from app.web.workbench.marking import Mark


@dataclass(frozen=True, slots=True)
class Count:
    """A number that leads to the texts it counts."""

    name: str
    label: str
    number: str
    url: str
    is_on: bool = False
    is_none: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done of one language, or of one content type in it."""

    name: str
    label: str
    url: str
    percent: int
    percent_text: str
    sentence: str
    counts: tuple[Count, ...] = ()
    direction: str = "ltr"
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One content type in all languages."""

    label: str
    icon: str
    cells: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """workbench/overview.html."""

    languages: tuple[Progress, ...]
    types: tuple[TypeRow, ...]
    is_empty: bool
    can_prefill: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What a text was: when, by whom, in which state. `form` is its label where several are translated together."""

    id: str
    field: str
    form: str
    by: str
    when: str
    exact: str
    did: str
    pieces: tuple[Piece, ...]
    text: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A suggestion that somebody has decided on: whose it was, what became of it and when, and why."""

    by: str
    when: str
    exact: str
    did: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clash:
    """What somebody else saved while this was typed."""

    by: str
    text: str
    theirs: tuple[Piece, ...]
    yours: tuple[Piece, ...]
    is_source: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a text; one that `blocks` must be mended before it is approved.

    `fix` is the text put right; one that `asks` may be meant, which its `key` says when it is sent along.
    """

    level: str
    text: str
    fix: str = ""
    asks: bool = False
    key: str = ""
    is_meant: bool = False

    @property
    def blocks(self) -> bool:
        """Tell whether nobody may approve it so."""
        return self.level == "error"


@dataclass(frozen=True, slots=True)
class Box:
    """One text: its source, its input and what is known of it."""

    name: str
    label: str
    hint: str
    source: tuple[Mark, ...]
    source_html: str
    source_text: str
    source_mark: str
    input: FieldInput
    value: str
    stored: str
    revision: int
    state: str
    state_text: str
    tone: str
    by: str
    exact: str
    tool: str
    limit: int
    is_rich: bool
    is_long: bool
    reason: str = ""
    change: SourceChange | None = None
    is_outdated: bool = False
    clash: Clash | None = None
    kept: str = ""
    offers: tuple[Offer, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Give the id of the input."""
        return f"w-{self.name}"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another text of the same record."""

    label: str
    source: str
    text: str
    state: str
    state_text: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Other:
    """The same text in another language."""

    locale: str
    language: str
    direction: str
    text: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A text that memory offers."""

    text: str
    percent: str
    pieces: tuple[Piece, ...]
    where: str
    is_exact: bool
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary that stands in the source."""

    term: str
    text: str
    note: str
    rule: str
    rule_text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A comment on the record that nobody has settled yet."""

    by: str
    when: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """Where the text stands."""

    type_label: str
    icon: str
    title: str
    field: str
    note: str
    picture: str = ""
    form_url: str = ""
    show_url: str = ""
    preview_url: str = ""
    record_url: str = ""


@dataclass(frozen=True, slots=True)
class Verbs:
    """What this person's buttons say, and which rules hold for them."""

    save: str
    save_same: str
    is_next_only: bool
    may_draft: bool
    may_reject: bool
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """What helps beside a text."""

    neighbours: tuple[Neighbour, ...] = ()
    others: tuple[Other, ...] = ()
    memory: tuple[Remembered, ...] = ()
    terms: tuple[Term, ...] = ()
    versions: tuple[Version, ...] = ()
    decided: tuple[Decided, ...] = ()
    said: tuple[Said, ...] = ()
    comments_url: str = ""
    comment_field: str = ""
    comment_begin: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """workbench/_desk.html: the text whose turn it is; `at` names it, `key` is its place in the order."""

    at: str
    key: str
    url: str
    post_url: str
    check_url: str
    keep_url: str
    next_url: str
    back_url: str
    room: str
    boxes: tuple[Box, ...]
    context: Context
    verbs: Verbs
    aside: Aside = field(default_factory=Aside)
    error: str = ""
    kept_key: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """workbench/queue.html."""

    locale: str
    language: str
    direction: str
    chips: tuple[Count, ...]
    types: tuple[Count, ...]
    languages: tuple[Count, ...]
    place: str
    today: str
    q: str
    record: str
    record_title: str
    mine_url: str
    is_mine: bool
    type: str
    state: str
    here_url: str
    all_url: str
    begin_url: str
    is_at_end: bool
    is_done: bool
    desk: Desk | None
