"""Two people changed one record: what does not overlap is joined, what does is left to be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.kernel import languages
from app.resources import Resource
from app.surfaces.records.changes import Changes, ChildChanges
from app.surfaces.records.states import Part, State

THEIRS, YOURS = "theirs", "yours"
Choices = Mapping[str, str]
"""What was chosen, by slot: "theirs" or "yours".

A slot is named as its input: `name`, `t-de-name`, `items.<key>.text`; `items.<key>.` is the row itself and
`items..` the order of the rows.
"""


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that both changed. `base` is None where what was there before is not known or was nothing."""

    slot: str
    base: str | None
    theirs: str
    yours: str


@dataclass(slots=True)
class Merge:
    """`changes` hold theirs where you changed nothing, and yours where both did until that is chosen."""

    changes: Changes
    taken: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


@dataclass(slots=True)
class Merger:
    """Joins what was typed with what was saved since; `seen` when the reader was shown exactly these before."""

    resource: Resource
    base: State | None
    theirs: State
    yours: State
    choices: Choices = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    seen: bool = False

    def merge(self, changes: Changes) -> Merge:
        """Join them."""
        merge = Merge(replace(changes, values=dict(changes.values), texts=dict(changes.texts), children={}))
        base = self.base.own if self.base else None
        self._join(merge, "", base, self.theirs.own, self.yours.own, merge.changes)
        for name, rows in changes.children.items():
            if changes.only_texts:
                merge.changes.children[name] = self._join_texts(merge, name, rows)
            else:
                merge.changes.children[name] = self._join_rows(merge, name, rows)
        return merge

    def _decide(self, merge: Merge, slot: str, base: str | None, theirs: str, yours: str) -> bool:
        """Tell whether theirs is to be taken."""
        if theirs == yours:
            return False
        if slot in self.asked:
            chosen = self.choices.get(slot)
            if chosen in (THEIRS, YOURS) and self.seen:
                return chosen == THEIRS
        elif self.seen:
            return False
        elif base is not None and yours == base:
            merge.taken.append(slot)
            return True
        elif base is not None and theirs == base:
            return False
        merge.clashes.append(Clash(slot, base, theirs, yours))
        return False

    def _join(
        self,
        merge: Merge,
        prefix: str,
        base: Part | None,
        theirs: Part,
        yours: Part,
        into: Changes | ChildChanges,
    ) -> None:
        for name, value in yours.fields.items():
            known = base.fields.get(name) if base else None
            now = theirs.fields.get(name, "")
            if self._decide(merge, prefix + name, known, now, value):
                into.values[name] = now
        for place, value in yours.texts.items():
            known = base.texts.get(place, "") if base else None
            now = theirs.texts.get(place, "")
            if self._decide(merge, f"{prefix}t-{place[0]}-{place[1]}", known, now, value):
                into.texts[place] = now

    def _join_texts(self, merge: Merge, name: str, rows: Iterable[ChildChanges]) -> list[ChildChanges]:
        theirs = self.theirs.children.get(name, {})
        joined = []
        for row in rows:
            if row.id in theirs:
                mine = replace(row, texts=dict(row.texts))
                self._join(
                    merge,
                    f"{name}.{row.id}.",
                    self._before(name, row.id),
                    theirs[row.id],
                    Part({}, mine.texts),
                    mine,
                )
                joined.append(mine)
        return joined

    def _before(self, name: str, key: str) -> Part | None:
        return self.base.children.get(name, {}).get(key) if self.base else None

    def _join_rows(self, merge: Merge, name: str, rows: Iterable[ChildChanges]) -> list[ChildChanges]:
        theirs = self.theirs.children.get(name, {})
        yours = self.yours.children.get(name, {})
        joined = []
        for row in rows:
            mine = replace(row, values=dict(row.values), texts=dict(row.texts))
            if not row.id:
                joined.append(mine)
            elif row.id in theirs:
                before = self._before(name, row.id)
                self._join(merge, f"{name}.{row.id}.", before, theirs[row.id], yours[row.id], mine)
                joined.append(mine)
            elif self._keep_removed(merge, name, row, yours[row.id]):
                joined.append(mine)
        joined += self._rows_of_theirs(merge, name, theirs, {row.id for row in joined} | yours.keys())
        return self._in_order(merge, name, joined)

    def _keep_removed(self, merge: Merge, name: str, row: ChildChanges, yours: Part) -> bool:
        """Tell whether a row that they removed stays: you changed it, and nobody chose otherwise."""
        slot, before = f"{name}.{row.id}.", self._before(name, row.id)
        if before is not None and _covers(before, yours):
            merge.taken.append(slot)
            return False
        return not self._decide(merge, slot, None if before is None else told(before), "", told(yours))

    def _rows_of_theirs(
        self, merge: Merge, name: str, theirs: Mapping[str, Part], known: set[str]
    ) -> list[ChildChanges]:
        """List the rows that only they have: added by them, or removed by you."""
        found: list[ChildChanges] = []
        for key, part in theirs.items():
            if key in known:
                continue
            slot, before = f"{name}.{key}.", self._before(name, key)
            if before is None:
                if self.seen:
                    continue  # it was shown, and you removed it
                merge.taken.append(slot)
            elif not _is_changed(before, part) or not self._decide(merge, slot, told(before), told(part), ""):
                continue
            found.append(ChildChanges(str(900 + len(found)), key, dict(part.fields), dict(part.texts)))
        return found

    def _in_order(self, merge: Merge, name: str, rows: list[ChildChanges]) -> list[ChildChanges]:
        """Put the rows in the order of whoever changed it."""
        present = {row.id for row in rows if row.id}
        theirs = [key for key in self.theirs.children.get(name, {}) if key in present]
        common = set(theirs)
        yours = [row.id for row in rows if row.id in common]
        base = None
        if self.base is not None:
            base = [key for key in self.base.children.get(name, {}) if key in common]
            shared = set(base)
            theirs_shared = [key for key in theirs if key in shared]
            yours_shared = [key for key in yours if key in shared]
            took = self._decide_order(merge, name, base, theirs_shared, yours_shared)
        else:
            took = self._decide_order(merge, name, None, theirs, yours)
        if not took:
            return rows
        places = {key: place for place, key in enumerate(theirs)}
        return sorted(rows, key=lambda row: places.get(row.id, len(places)))

    def _decide_order(
        self, merge: Merge, name: str, base: list[str] | None, theirs: list[str], yours: list[str]
    ) -> bool:
        known = None if base is None else ",".join(base)
        return self._decide(merge, f"{name}..", known, ",".join(theirs), ",".join(yours))


def told(part: Part) -> str:
    """Say in one line what a row holds."""
    texts = [part.texts[place] for place in sorted(part.texts, key=_by_language)]
    return " · ".join(text for text in (*part.fields.values(), *texts) if text)


def _by_language(place: tuple[str, str]) -> tuple[int, str]:
    locale, name = place
    tags = [known.tag for known in languages.every()]
    return tags.index(locale) if locale in tags else len(tags), name


def _is_changed(before: Part, after: Part) -> bool:
    return not (_covers(before, after) and _covers(after, before))


def _covers(before: Part, after: Part) -> bool:
    """Tell whether nothing of a row was changed; what was not sent counts as unchanged."""
    same = all(before.fields.get(name, "") == value for name, value in after.fields.items())
    return same and all(before.texts.get(place, "") == text for place, text in after.texts.items())


def differences(now: State, yours: State) -> list[str]:
    """List the slots in which what was typed differs from the record."""
    found = _different("", now.own, yours.own)
    for name, rows in yours.children.items():
        held = now.children.get(name, {})
        for key, part in rows.items():
            if key in held:
                found += _different(f"{name}.{key}.", held[key], part)
            else:
                found.append(f"{name}.{key}.")
        found += [f"{name}.{key}." for key in held if key not in rows]
        if [key for key in held if key in rows] != [key for key in rows if key in held]:
            found.append(f"{name}..")
    return found


def _different(prefix: str, now: Part, yours: Part) -> list[str]:
    found = [prefix + name for name, value in yours.fields.items() if now.fields.get(name, "") != value]
    found += [
        f"{prefix}t-{locale}-{name}"
        for (locale, name), text in yours.texts.items()
        if now.texts.get((locale, name), "") != text
    ]
    return found
