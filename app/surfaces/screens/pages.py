"""What a staff template is given: plain values, already worded in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Cell(NamedTuple):
    """One value of a row. `kind` is a Kind's lower-case name, or "thumbnail" for a picture.

    `tone` colours a chip (success, warning, danger, secondary, info); `hint` is the exact value on hover.
    """

    kind: str
    text: str
    hint: str = ""
    tone: str = ""
    url: str = ""
    picture: str = ""
    is_live: bool | None = None
    """Of a language: whether the record is live in it, where that is not a matter of course."""


@dataclass(frozen=True, slots=True)
class Note:
    """A line below a heading that leads to just the rows it counts."""

    text: str
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. `direction` is "", "asc" or "desc"; `sort_url` is empty where the column cannot be sorted."""

    name: str
    label: str
    kind: str
    sort_url: str = ""
    direction: str = ""
    key: str = ""  # what stands for it in `columns`
    width: int = 0  # in pixels, 0 where it finds its own
    edits: str = ""  # the field's name, where its cells are edited in place
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """Something the reader may do; `url` is posted to when `method` is "post".

    Its dialog lists what it `names`, and ends with its `sentence`.
    """

    name: str
    label: str
    url: str
    icon: str = ""
    tone: str = ""
    method: str = "get"
    asks_reason: bool = False
    names: tuple[str, ...] = ()
    sentence: str = ""


class Row(NamedTuple):
    """A record in a list; `cells` stand in the order of the columns, the first one is its title."""

    id: str
    url: str
    title: str
    cells: tuple[Cell, ...]
    edit_url: str = ""
    picture: str = ""
    preview_url: str = ""  # beside the list's own address


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """A range of dates that moves with the calendar, such as the next seven days."""

    label: str
    low: str
    high: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A saved view above its list; the first tab, without an id, is the whole list."""

    id: str
    label: str
    url: str
    active: bool = False
    changed: bool = False  # the list was changed since the view was saved
    is_own: bool = False
    is_default: bool = False
    shared: str = "me"  # me, all, or the name of a role


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The tabs of a list. `state` is what a view would keep, `address` the list's own with all of its state."""

    tabs: tuple[ViewTab, ...] = ()
    state: str = ""
    address: str = ""
    can_keep: bool = False
    roles: tuple[str, ...] = ()
    for_all: bool = False
    url: str = ""

    @property
    def active(self) -> ViewTab | None:
        """Find the saved view that is open."""
        return next((tab for tab in self.tabs if tab.active and tab.id), None)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that a list can show."""

    name: str
    label: str
    shown: bool


@dataclass(frozen=True, slots=True)
class FilterInput:
    """A filter of the list: `kind` says which inputs; `value`, `low` and `high` are what the address holds.

    Where there is an `editor_url` the inputs are fetched when the filter is opened, else they are in the page.
    """

    name: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    value: str = ""
    low: str = ""
    high: str = ""
    active_text: str = ""
    clear_url: str = ""
    search_url: str = ""
    editor_url: str = ""
    takes_many: bool = False
    can_be_empty: bool = False
    is_null: str = ""  # "true", "false", or "" where it is not asked
    presets: tuple[Preset, ...] = ()


@dataclass(frozen=True, slots=True)
class Uploads:
    """Where a browser sends pictures, one a request, and what it may tell the reader beforehand."""

    url: str
    types: tuple[str, ...]
    most_bytes: int
    most_megabytes: int
    owner: str = ""  # whose gallery they are for: "theme/<id>"
    folder: str = ""  # the folder of the library that they are to lie in


@dataclass(frozen=True, slots=True)
class WayLink:
    """One way to see the same list: a table, pictures, a board, a calendar, a spreadsheet."""

    name: str
    label: str
    icon: str
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """staff/list.html and, for an htmx request, `body_template` alone; `body` is what another way than rows shows."""

    name: str
    title: str
    singular: str
    icon: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    filters: tuple[FilterInput, ...]
    query: str
    total: str  # "200 bookings", "about 250,000 bookings"
    range: str  # "1-25"
    next_url: str = ""
    first_url: str = ""
    previous_url: str = ""
    url: str = ""
    clear_url: str = ""
    is_filtered: bool = False
    searchable: bool = False
    add_url: str = ""
    import_url: str = ""
    export_urls: tuple[Button, ...] = ()
    bulk_url: str = ""
    bulk_actions: tuple[Button, ...] = ()
    bulk_releases: tuple[Choice, ...] = ()  # in a list by language
    prefill_url: str = ""
    hidden_state: tuple[tuple[str, str], ...] = ()  # all but the search, to be kept when the form is sent
    sorts: tuple[Column, ...] = ()
    near: str = ""
    dates_by: str = ""  # the date by which the rows are ordered, where one can jump to a day
    desk: DeskPage = DeskPage()
    can_choose: bool = False  # there are columns to choose from
    ways: tuple[WayLink, ...] = ()
    body_template: str = "staff/_rows.html"
    body: Any = None
    uploads: Uploads | None = (
        None  # where records are files: the page takes them, there is no form to add one
    )


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of a show page.

    `languages` holds (language, direction, text) of a translated field, the text empty where it is missing; they
    stand open where no other field has any. `tags` holds each tag with the address of the list of what bears it.
    """

    label: str
    cell: Cell
    is_long: bool = False
    languages: tuple[tuple[str, str, str], ...] = ()
    is_open: bool = False
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChildList:
    """Children on a show page; `pictures` when they are a gallery."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_gallery: bool = False
    count: str = ""  # of all there are, where only some are shown
    url: str = ""  # the list of all


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a history entry.

    `group` is the child group or the language that it belongs to, and `name` its label inside of that;
    `pieces` tell a text word by word.
    """

    label: str
    old: str
    new: str
    group: str = field(default="", compare=False)
    name: str = field(default="", compare=False)
    pieces: tuple[Any, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of an entry that belong to one child group or to one language."""

    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change: who, when (relative and exact), what."""

    actor: str
    action: str
    when: str
    exact: str
    changes: tuple[Change, ...]

    @property
    def own(self) -> tuple[Change, ...]:
        """Give the changes of the record's own fields."""
        return tuple(change for change in self.changes if not change.group)

    @property
    def groups(self) -> tuple[ChangeGroup, ...]:
        """Give the others, by child group and language."""
        labels = dict.fromkeys(change.group for change in self.changes if change.group)
        return tuple(
            ChangeGroup(label, tuple(change for change in self.changes if change.group == label))
            for label in labels
        )


@dataclass(frozen=True, slots=True)
class Share:
    """An address to be copied and given away; `renew` makes another, at the price that `warning` names."""

    title: str
    url: str
    sentence: str
    renew: Button | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class ShowPage:
    """staff/show.html."""

    name: str
    title: str
    singular: str
    icon: str
    list_url: str
    list_title: str
    details: tuple[Detail, ...]
    children: tuple[ChildList, ...] = ()
    status: Cell | None = None
    actions: tuple[Button, ...] = ()
    edit_url: str = ""
    delete_url: str = ""
    history_url: str = ""
    public_url: str = ""
    preview_url: str = ""
    meta: tuple[tuple[str, Cell], ...] = ()  # created, updated
    share: Share | None = None
    panels: tuple[Any, ...] = ()
    panel: Any = None
    id: str = ""
    glance: tuple[Cell, ...] = ()  # what matters most of it, below the title


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """staff/history.html."""

    title: str
    list_url: str
    list_title: str
    show_url: str
    entries: tuple[HistoryEntry, ...]
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class ImportPage:
    """staff/import.html: upload, then the dry run's outcome, then the import."""

    title: str
    list_url: str
    list_title: str
    url: str
    columns: tuple[tuple[str, str, tuple[str, ...]], ...]  # (column, what it takes, the values it is one of)
    template_urls: tuple[Button, ...] = ()
    error: str = ""
    outcome: dict[str, Any] | None = (
        None  # {"added", "changed", "unchanged", "errors": [{"row","column","message"}], "token", "is_dry"}
    )
    steps: tuple[str, ...] = field(default=())
