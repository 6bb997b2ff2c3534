"""What is done on the workbench: each act is one transaction over the forms of one text, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.kernel.db import db, unit_of_work
from app.kernel.diffing import compare, readable
from app.kernel.errors import BadParameter, DomainError, Invalid
from app.kernel.ids import parse_id
from app.resources import Catalogue
from app.surfaces.desk import kept_forms
from app.surfaces.history.wording import actor_of
from app.surfaces.texts import acts
from app.surfaces.texts.acts import Outcome
from app.surfaces.texts.places import Held, Seen, SourceChanged, TextChanged, hold, place_of
from app.surfaces.texts.undoing import mark, undo_token
from app.translation.resources import state_text
from app.translation.units import Unit, find_unit
from app.web.workbench.bench import Sent, kept_key
from app.web.workbench.beside import text_of_version
from app.web.workbench.entries import entries_of
from app.web.workbench.pages import Clash
from app.web.workbench.plain import is_rich

VERBS = frozenset({"save", "draft", "right", "approve", "reject", "accept", "decline", "restore"})
_MOVES_ON = frozenset({"save", "right", "approve", "reject"})
_WRITES = frozenset({"save", "draft"})
"""What is typed is kept while something else is done to the text."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: a sentence for the reader, how to take it back ("" where nothing was done)."""

    told: str = ""
    undo: str = ""
    refused: Sent | None = None
    status: int = 200
    moves_on: bool = True


class Act:
    """One act of one person on the forms that a page showed.

    `do` names the act and, between colons, what it is about: a suggestion or a version, and the form.
    """

    def __init__(
        self, catalogue: Catalogue, user: Any, here: tuple[Unit, ...], form: MultiDict[str, str]
    ) -> None:
        self.catalogue, self.user, self.here, self.form = catalogue, user, here, form
        self.meant = meant_in(form)
        self.verb, self.which, self.only = [*form.get("do", "save").split(":"), "", ""][:3]
        if self.verb not in VERBS:
            raise BadParameter("do", _("There is no such act."))

    def run(self) -> Done:
        """Do it, or say why not; what was typed is kept when it was not."""
        at = self.here[0]
        try:
            with unit_of_work() as session:
                begun = mark(session)
                outcomes = [outcome for unit in self._wanted() for outcome in self._one(session, unit)]
                if self.verb in _WRITES:
                    kept_forms.drop(session, int(self.user.id), kept_key(self.user, at))
                undo = self._undo(session, begun, outcomes)
        except (TextChanged, SourceChanged) as error:
            return self._refused(error, clashes=self._clashes(error))
        except Invalid as error:
            errors = {name: tuple(map(str, texts)) for name, texts in error.errors.items()}
            known = {unit.field for unit in self.here}
            more = [text for name, texts in errors.items() if name not in known for text in texts]
            return self._refused(error, errors=errors, told=" ".join(more))
        except DomainError as error:
            return self._refused(error)
        return Done(told_of(outcomes), undo, moves_on=self.verb in _MOVES_ON)

    def _wanted(self) -> Iterator[Unit]:
        """Choose the forms that the act is about: all, or the one that it names."""
        for unit in self.here:
            if not self.only or unit.field == self.only:
                yield unit

    def _one(self, session: Session, unit: Unit) -> Iterator[Outcome]:
        held = hold(session, self.catalogue, self.user, place_of(unit))
        seen = self._seen(unit)
        if self.verb in ("save", "draft"):
            raw = self.form.get(f"text-{unit.field}")
            if raw is not None:
                yield self._write(session, held, raw, seen)
        elif self.verb == "restore":
            text = text_of_version(session, unit, self.which)
            if text is None:
                raise BadParameter("version", _("There is no such version of this text."))
            yield acts.write(session, held, text, seen=seen, meant=self.meant, forms=self._forms())
        elif held.row is not None:
            yield self._judge(session, held, seen)

    def _write(self, session: Session, held: Held, raw: str, seen: Seen) -> Outcome:
        is_draft = self.verb == "draft"
        return acts.write(
            session, held, raw, is_draft=is_draft, seen=seen, meant=self.meant, forms=self._forms()
        )

    def _judge(self, session: Session, held: Held, seen: Seen) -> Outcome:
        key = parse_id(self.which)
        reason = self.form.get("reason", "")
        if self.verb == "right":
            return acts.call_right(session, held, seen, self.meant)
        if self.verb == "approve":
            return acts.approve(session, held, seen, self.meant)
        if self.verb == "reject":
            return acts.reject(session, held, reason, seen)
        if self.verb == "accept":
            return acts.accept(session, held, key, self.meant)
        return acts.decline(session, held, key, reason)

    def _forms(self) -> dict[str, tuple[str, str]]:
        """Give the source and the text of every form, as they were sent."""
        return {
            unit.field: (unit.source, self.form.get(f"text-{unit.field}", unit.text)) for unit in self.here
        }

    def _seen(self, unit: Unit) -> Seen:
        revision = self.form.get(f"revision-{unit.field}", "")
        return Seen(
            int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else None,
            self.form.get(f"source-{unit.field}", "")[:64],
        )

    def _undo(self, session: Session, begun: int, outcomes: list[Outcome]) -> str:
        changed = [outcome for outcome in outcomes if outcome.what != acts.SAME]
        if not changed:
            return ""
        offered = next((one for one in changed if one.suggestion is not None), changed[0])
        return undo_token(session, int(self.user.id), begun, offered.what, offered.suggestion)

    def _refused(self, error: DomainError, told: str = "", **facts: Any) -> Done:
        texts = {
            unit.field: self.form[f"text-{unit.field}"]
            for unit in self.here
            if f"text-{unit.field}" in self.form
        }
        with unit_of_work() as session:
            at = self.here[0]
            if texts:
                key = kept_key(self.user, at)
                kept_forms.keep(session, int(self.user.id), key, "text", str(at.object_id), self.form)
        said = told if isinstance(error, Invalid) else str(error.message)
        return Done(refused=Sent(texts, error=said, meant=self.meant, **facts), status=error.status)

    def _clashes(self, error: DomainError) -> dict[str, Clash]:
        """Say, for each form that somebody else saved meanwhile, what they wrote and what was written here."""
        db.session.rollback()
        found: dict[str, Clash] = {}
        for unit in self.here:
            now = find_unit(
                db.session(), self.user, unit.content_type, unit.object_id, unit.field, unit.locale
            )
            mine = self.form.get(f"text-{unit.field}", "")
            seen = self._seen(unit)
            if now is None or (isinstance(error, TextChanged) and now.revision == (seen.revision or 0)):
                continue
            found[unit.field] = self._clash(now, mine, isinstance(error, SourceChanged))
        return found

    def _clash(self, now: Unit, mine: str, is_source: bool) -> Clash:
        read = readable if is_rich(now) else str
        began = self.form.get(f"before-{now.field}", "")
        newest = next(iter(entries_of(db.session(), now, most=1)), None)
        return Clash(
            by=actor_of(newest) if newest is not None else "",
            text=now.text,
            theirs=compare(read(began), read(now.text)),
            yours=compare(read(began), read(mine)),
            is_source=is_source,
        )


def meant_in(form: MultiDict[str, str]) -> frozenset[str]:
    """Read which findings are meant so."""
    return frozenset(value for name, value in form.items(multi=True) if name.startswith("meant-"))


def told_of(outcomes: list[Outcome]) -> str:
    """Say what came of an act; nothing where nothing did."""
    changed = [outcome.what for outcome in outcomes if outcome.what != acts.SAME]
    if not changed:
        return ""
    what = changed[0]
    words = {
        "approved": _("Approved"),
        "needs_review": _("Sent for review"),
        "draft": _("Saved as draft"),
        "rejected": _("Rejected"),
        acts.SUGGESTED: _("Suggested; it waits for approval"),
        acts.REMOVED: _("Removed"),
        acts.DECLINED: _("Suggestion declined"),
    }
    return words.get(what) or state_text(what)
