"""What the template of a form is given: tabs, sections, inputs with their languages, rows of children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.kernel.diffing import Piece
from app.surfaces.screens.pages import Cell, Choice, Uploads
from app.surfaces.texts.offers import Offer


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What the source of a translation that is out of date said and says; no `pieces` where nobody knows.

    `row`, `locale` and `field` name the text, `source` the fingerprint of what it would be right for.
    """

    pieces: tuple[Piece, ...]
    row: str
    locale: str
    field: str
    source: str
    by: str = ""  # "Changed by Alice Roy, 2 days ago"
    exact: str = ""


@dataclass(frozen=True, slots=True)
class LanguageInput:
    """One language of a translated field. `fallback` is shown greyed while `value` is empty."""

    locale: str
    language: str  # "Deutsch"
    direction: str  # ltr or rtl
    input_name: str
    value: str
    fallback: str = ""
    state: str = ""
    state_text: str = ""
    change: SourceChange | None = None  # where the text is out of date
    readonly: bool = False
    errors: tuple[str, ...] = ()
    reason: str = ""  # why it was rejected
    offers: tuple[Offer, ...] = ()  # what others would have it say
    desk_url: str = ""  # where it lies on the workbench


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One input of a form. `value` is the raw text the input shows (what was typed, after an error)."""

    name: str
    label: str
    kind: str
    value: str = ""
    help: str = ""
    required: bool = False
    max_length: int = 0
    minimum: str = ""
    maximum: str = ""
    readonly: bool = False
    readonly_reason: str = ""
    choices: tuple[Choice, ...] = ()
    search_url: str = ""  # a relation is looked up here, see Choice
    suffix: str = ""  # the currency of a money field, the words of a length of time
    clock: str = ""  # the relation by whose clocks an instant is typed
    clock_words: str = ""  # which clocks those are, once a place is chosen
    picture: str = ""  # the thumbnail of a chosen picture
    digits: int = 2  # how many decimals its currency has
    add_url: str = ""  # where a related record is added, in a drawer
    related_url: str = ""  # what comes before the key of a related record that may be changed
    errors: tuple[str, ...] = ()
    theirs: str = ""  # after a conflict: what somebody else saved meanwhile
    languages: tuple[LanguageInput, ...] = ()
    same_name: str = ""  # the input that says a change leaves the translations right


@dataclass(frozen=True, slots=True)
class ChildRow:
    """An inline row: inputs are named `<child>-<index>-<field>`; a hidden `-id`, `-DELETE` and `-position` go with it."""

    index: str
    id: str
    inputs: tuple[FieldInput, ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildTable:
    """Inline children, ordered by drag. `blank` is the row a template element holds, with index "__index__"."""

    name: str
    label: str
    singular: str
    rows: tuple[ChildRow, ...]
    blank: ChildRow
    has_pictures: bool = False
    errors: tuple[str, ...] = ()
    spread: str = ""
    spread_label: str = ""


@dataclass(frozen=True, slots=True)
class LanguageProgress:
    """How many of the record's words are approved and right in a language."""

    locale: str
    language: str
    done: int
    of: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """Whether a record is live in a language and why not; `lacking` are (label, address) of texts to approve first."""

    locale: str
    language: str
    is_live: bool
    can_publish: bool
    can_withdraw: bool
    reason: str
    lacking: tuple[tuple[str, str], ...]
    url: str


@dataclass(frozen=True, slots=True)
class FormSection:
    """Fields under one heading; `title` is empty where none is declared."""

    key: str
    title: str
    fields: tuple[FieldInput, ...] = ()
    children: tuple[ChildTable, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTab:
    """Sections that are seen together; a form without tabs is one, without a title."""

    key: str
    title: str
    sections: tuple[FormSection, ...]


@dataclass(frozen=True, slots=True)
class KeptValue:
    """A value that no form writes, with the rule that says who or what does."""

    label: str
    cell: Cell
    rule: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A part of a form that is made anew from what is typed: its inside now, and who is asked for it.

    `names` are the inputs of which it depends, "prices-" all that begin so; inputs of its own are sent with the form.
    It stands in the tab of the title `tab`, else below all tabs.
    """

    title: str
    url: str
    names: tuple[str, ...]
    inside: str
    tab: str = ""


@dataclass(frozen=True, slots=True)
class FormPage:
    """staff/form.html, for add and edit."""

    name: str
    title: str
    singular: str
    icon: str
    list_url: str
    list_title: str
    url: str  # where the form is posted
    is_new: bool
    revision: str
    fields: tuple[FieldInput, ...]
    children: tuple[ChildTable, ...] = ()
    progress: tuple[LanguageProgress, ...] = ()
    releases: tuple[ReleaseLine, ...] = ()
    errors: tuple[str, ...] = ()  # not of one field
    uploads: Uploads | None = None  # for who may add pictures
    conflict: str = ""
    show_url: str = ""
    preview_url: str = ""
    delete_url: str = ""
    history_url: str = ""
    can_add_another: bool = False
    safety: Any = None  # what keeps the form from losing anything, see keeping.py
    panel: Any = None  # see panel.py
    copy_url: str = ""  # where the same content is saved as another record
    tabs: tuple[FormTab, ...] = ()
    kept: tuple[KeptValue, ...] = ()
    rule: str = ""  # why the whole form is greyed, and who may change the record
    is_drawer: bool = False
    is_begun: bool = False  # a new record came with a title, from the search that did not find it
    slug: str = ""  # the address in use, which a change would break
    id: str = ""  # of a record that is there
    beside: Beside | None = None  # what a view tells of the values while they are typed
