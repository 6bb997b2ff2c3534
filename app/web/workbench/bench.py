"""The queue of one person in one language: which text's turn it is, and all that its page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.babel import zone_of_request
from app.kernel import clock, languages
from app.kernel.db import db
from app.resources import Catalogue
from app.surfaces.desk import kept_forms
from app.surfaces.records import wording
from app.surfaces.texts.places import place_of as place_of_unit
from app.surfaces.texts.places import read_place
from app.translation.states import hand_of
from app.translation.tallies import ALL, Standing, done_since, standing
from app.translation.units import TO_DO, Asked, Unit, find_unit, types_of, units
from app.web.workbench import beside, boxes, verbs
from app.web.workbench.asked import BASE, CHIPS, REJECTED, Address
from app.web.workbench.overview import INTERFACE, type_words
from app.web.workbench.pages import Clash, Count, Desk, QueuePage

KEPT_TYPE = "text"
MOST_FORMS = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent and was not saved: the texts by field, and why."""

    texts: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clashes: Mapping[str, Clash] = field(default_factory=dict)
    meant: frozenset[str] = frozenset()


class Bench:
    """Reads for one request; nothing of it is kept."""

    def __init__(self, catalogue: Catalogue, user: Any, address: Address, *, is_named: bool = False) -> None:
        self.catalogue, self.user, self.address = catalogue, user, address
        self.is_named = is_named
        self.session = db.session()
        self.asked = address.asked(int(user.id))

    @cached_property
    def here(self) -> tuple[Unit, ...]:
        """Find the text whose turn it is; of a sentence with plural forms all of them, of an empty queue none.

        What is sent is of the text that its address names and of no other, though that may be gone.
        """
        found = self._named() or (None if self.is_named else self._next())
        return self._with_forms(found) if found is not None else ()

    def _named(self) -> Unit | None:
        place = read_place(self.address.at, self.address.locale) if self.address.at else None
        if place is None:
            return None
        return find_unit(
            self.session, self.user, place.content_type, place.key, place.field, self.address.locale
        )

    def _next(self) -> Unit | None:
        found = units(
            self.session, self.user, self.asked, after=self.address.after, before=self.address.before
        )
        return found[0] if found else None

    def _with_forms(self, unit: Unit) -> tuple[Unit, ...]:
        if unit.content_type != INTERFACE:
            return (unit,)
        asked = Asked(self.address.locale, types=self.asked.types, owner_id=unit.owner_id)
        found = units(self.session, self.user, asked, limit=MOST_FORMS)
        return tuple(one for one in found if one.object_id == unit.object_id) or (unit,)

    def page(self, sent: Sent | None = None) -> QueuePage:
        """Word the whole page."""
        address = self.address
        known = languages.find(address.locale)
        counted = standing(self.session, self.user, self.asked, self.here[0].key if self.here else "")
        return QueuePage(
            locale=address.locale,
            language=wording.language(address.locale, wording.reader()),
            direction=known.direction if known else "ltr",
            chips=self._chips(counted),
            types=self._types(),
            languages=self._languages(),
            place=self._place(counted),
            today=self._today(),
            q=address.q,
            record=address.record,
            record_title=self.here[0].title if address.record and self.here else "",
            mine_url=address.url(mine="") if address.mine else address.url(mine="1", state=ALL),
            is_mine=bool(address.mine),
            type=address.type,
            state=address.state,
            here_url=address.url(at=self._at()),
            all_url=Address(address.locale, state=ALL).url(),
            begin_url=address.url(),
            is_at_end=bool(address.after or address.before) and bool(self._left(counted)),
            is_done=bool(address.after) and not self._left(counted),
            desk=self.desk(sent) if self.here else None,
        )

    def _at(self) -> str:
        return str(place_of_unit(self.here[0])) if self.here else ""

    def _chips(self, counted: Standing) -> tuple[Count, ...]:
        reader = wording.reader()
        return tuple(
            Count(
                name,
                str(label),
                wording.number(counted.groups[name], reader),
                self.address.url(state=name),
                name == self.address.state,
                not counted.groups[name],
            )
            for name, label in CHIPS.items()
            if name != REJECTED or counted.groups[name] or name == self.address.state
        )

    def _types(self) -> tuple[Count, ...]:
        every = Count("", _("All content"), "", self.address.url(type=""), not self.address.type)
        of_type = (
            Count(
                name,
                type_words(self.catalogue, name)[0],
                "",
                self.address.url(type=name),
                name == self.address.type,
            )
            for name in self._my_types()
        )
        return (every, *of_type)

    def _my_types(self) -> list[str]:
        from app.access.rights import may

        return [name for name in types_of() if may("translate", name)]

    def _languages(self) -> tuple[Count, ...]:
        reader = wording.reader()
        return tuple(
            Count(
                tag,
                wording.language(tag, reader),
                "",
                Address(tag, self.address.type, self.address.state, self.address.q).url(),
                tag == self.address.locale,
            )
            for tag in languages.content_locales()
        )

    def _left(self, counted: Standing) -> int:
        return counted.groups.get(self.address.state, 0)

    def _place(self, counted: Standing) -> str:
        reader, total = wording.reader(), self._left(counted)
        if not self.here or self.address.state not in counted.groups:
            return ""
        return _(
            "%(place)s of %(total)s",
            place=wording.number(max(counted.place, 1 if total else 0), reader),
            total=wording.number(total, reader),
        )

    def _today(self) -> str:
        midnight = clock.now().astimezone(ZoneInfo(zone_of_request()))
        begun = midnight.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        done = done_since(self.session, int(self.user.id), self.address.locale, begun)
        return ngettext("%(num)d done today", "%(num)d done today", done) if done else ""

    def desk(self, sent: Sent | None = None) -> Desk:
        """Word the text whose turn it is, with what helps beside it."""
        first, last = self.here[0], self.here[-1]
        hands = {unit.field: hand_of(unit.content_type, unit.locale) for unit in self.here}
        key = kept_key(self.user, first)
        kept = kept_forms.find(self.session, int(self.user.id), key) if sent is None else None
        facts = boxes.Facts(self.catalogue, self.session, self.here, hands)
        address, base = self.address, f"{BASE}/{self.address.locale}"
        return Desk(
            at=self._at(),
            key=last.key,
            url=address.url(at=self._at()),
            post_url=address.url(at=self._at()),
            check_url=f"{base}/check?at={self._at()}",
            keep_url=f"{base}/keep?at={self._at()}",
            next_url=address.url(after=last.key),
            back_url=address.url(before=first.key),
            room=place_of_unit(first).room,
            boxes=boxes.make(facts, sent or _of_kept(kept), _time(kept.at) if kept is not None else ""),
            context=beside.context(self.catalogue, self.session, first, address),
            verbs=verbs.of(self.here, hands),
            aside=beside.aside(self.catalogue, self.session, self.user, self.here, address),
            error=sent.error if sent else "",
            kept_key=str(key),
        )


def kept_key(user: Any, unit: Unit) -> UUID:
    """Give the key under which a person's unsaved text is kept: the same in every window of theirs."""
    return uuid5(NAMESPACE_URL, f"festoon:{user.id}:{place_of_unit(unit).room}")


def _of_kept(kept: Any) -> Sent:
    if kept is None:
        return Sent()
    return Sent({name.removeprefix("text-"): text for name, text in kept.fields if name.startswith("text-")})


def _time(at: datetime) -> str:
    reader = wording.reader()
    return wording.time(at, reader) if wording.is_of_today(at) else wording.exact(at, reader)


def as_json(page: QueuePage) -> dict[str, Any]:
    """Write the queue for a script: how much is left, and the text whose turn it is."""
    desk = page.desk
    facts: dict[str, Any] = {"locale": page.locale, "counts": {one.name: one.number for one in page.chips}}
    facts["text"] = (
        None
        if desk is None
        else {
            "at": desk.at,
            "title": desk.context.title,
            "field": desk.context.field,
            "next": desk.next_url,
            "forms": [
                {
                    "field": box.name,
                    "source": box.source_text,
                    "text": box.value,
                    "state": box.state,
                    "revision": box.revision,
                    "source_mark": box.source_mark,
                    "is_outdated": box.is_outdated,
                }
                for box in desk.boxes
            ],
        }
    )
    return facts


__all__ = ["TO_DO", "Bench", "Sent", "as_json", "kept_key"]
