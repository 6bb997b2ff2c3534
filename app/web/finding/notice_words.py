"""Notices in the reader's words, made when they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.access.rights import may
from app.resources import Catalogue
from app.surfaces.desk.known import Key, Known, known
from app.surfaces.desk.notices import Notice
from app.surfaces.records import wording
from app.web.finding.pages import KindLink, NoticeLine, NoticesPage

BASE = "/notices/"
KINDS = {
    "mention": (_l("Mentions"), "at"),
    "comment": (_l("Comments"), "message"),
    "assigned": (_l("Given to me"), "inbox"),
    "booking": (_l("Bookings"), "calendar-plus"),
    "payment_late": (_l("Late payments"), "cash"),
    "text_rejected": (_l("Rejected texts"), "circle-x"),
    "text_declined": (_l("Declined suggestions"), "ban"),
    "job_failed": (_l("Failed jobs"), "alert-triangle"),
}
"""The kinds that the list can be narrowed to, with their icons; another is shown under `all`."""


def notices_page(
    session: Session,
    catalogue: Catalogue,
    notices: Sequence[Notice],
    *,
    kind: str,
    only_unread: bool,
    size: int,
) -> NoticesPage:
    """Word a page of notices; `notices` holds one more where there is a next page."""
    shown = notices[:size]
    state = {"kind": kind} if kind else {}
    more = {
        **state,
        **({"show": "unread"} if only_unread else {}),
        "page[after]": str(shown[-1].id) if shown else "",
    }
    lines = worded(session, catalogue, shown)
    return NoticesPage(
        lines=lines,
        kinds=tuple(_kind_links(kind, only_unread)),
        only_unread=only_unread,
        unread_url=_address({**state, "show": "unread"}),
        all_url=_address(state),
        next_url=_address(more) if len(notices) > size else "",
        has_unread=any(not line.is_read for line in lines),
    )


def worded(session: Session, catalogue: Catalogue, notices: Sequence[Notice]) -> tuple[NoticeLine, ...]:
    """Word notices in one statement more; those about what the reader may see no longer are left out."""
    records = known(session, catalogue, [(row.resource, row.record_id) for row in notices])
    locale = wording.reader()
    return tuple(_line(row, records, locale) for row in notices if _may_read(row, catalogue, records))


def count_readable(session: Session, catalogue: Catalogue, notices: Sequence[Notice]) -> int:
    """Count those of the notices that the reader may see."""
    records = known(session, catalogue, [(row.resource, row.record_id) for row in notices])
    return sum(_may_read(row, catalogue, records) for row in notices)


def _may_read(row: Notice, catalogue: Catalogue, records: Mapping[Key, Known]) -> bool:
    if row.resource not in [resource.name for resource in catalogue]:
        return True
    is_about_many = row.subject != row.record_id
    return (row.resource, row.record_id) in records or (is_about_many and may("list", row.resource))


def _line(row: Notice, records: Mapping[Key, Known], locale: str) -> NoticeLine:
    record = records.get((row.resource, row.record_id))
    icon = KINDS[row.kind][1] if row.kind in KINDS else "bell"
    return NoticeLine(
        id=str(row.id),
        kind=row.kind,
        icon=icon,
        sentence=_sentence(row),
        title=record.title if record is not None else row.title if row.subject == row.record_id else "",
        url=row.url or (record.url if record is not None else ""),
        when=wording.ago(row.at, locale),
        exact=wording.exact(row.at, locale),
        is_read=row.read_at is not None,
    )


def _sentence(row: Notice) -> str:
    if row.kind == "mention":
        return _("%(name)s mentioned you", name=row.actor)
    if row.kind == "comment":
        return ngettext(
            "%(name)s wrote a comment",
            "%(num)d new comments, the latest by %(name)s",
            row.times,
            name=row.actor,
        )
    if row.kind == "assigned":
        return _("%(name)s gave you a conversation", name=row.actor)
    if row.kind == "booking":
        return ngettext("A new booking", "%(num)d new bookings", row.times)
    if row.kind == "payment_late":
        return _("Money came too late and is to be paid back")
    if row.kind == "text_rejected":
        return _("%(name)s rejected a text of yours", name=row.actor)
    if row.kind == "text_declined":
        return _("%(name)s declined a suggestion of yours", name=row.actor)
    if row.kind == "job_failed":
        return ngettext("A job of yours failed", "%(num)d jobs of yours failed", row.times)
    return row.actor


def _kind_links(chosen: str, only_unread: bool) -> list[KindLink]:
    state = {"show": "unread"} if only_unread else {}
    links = [KindLink(_("All"), _address(state), not chosen)]
    links += [
        KindLink(str(label), _address({"kind": kind, **state}), kind == chosen)
        for kind, (label, _icon) in KINDS.items()
    ]
    return links


def _address(state: Mapping[str, str]) -> str:
    return f"{BASE}?{urlencode(state)}" if state else BASE
