"""The screens of the interface's sentences: the generated ones, and what is done with their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from redis.exceptions import RedisError

from app.access.rights import may
from app.kernel import languages, queues
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError
from app.resources import Catalogue
from app.surfaces.records import wording
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pages import Cell, Detail, ShowPage
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView, staff_view
from app.translation.interface import jobs, storing
from app.translation.interface.catalogues import is_writable
from app.translation.interface.gathering import has_sources
from app.translation.interface.models import InterfaceMessage, InterfaceRun
from app.translation.interface.plurals import CATEGORIES, TEXT
from app.translation.interface.resources import FORM_NAMES, messages
from app.translation.interface.writing import packed
from app.translation.resources import state_text
from app.translation.writing import texts_of

BASE = f"/{messages.path}/"


def interface_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the interface's sentences."""
    made = staff_view(catalogue, messages)
    return type("InterfaceMessageView", (_InterfaceView, made), {"route_base": f"/{messages.path}"})


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do with the files; `told` are lines on what it last came to."""

    name: str
    label: str
    icon: str
    sentence: str
    is_offered: bool
    url: str
    method: str
    when: str
    exact: str
    who: str
    told: tuple[str, ...]


class _InterfaceView(StaffView):
    """Sentences are read from files and code; what they say is written where all translations are."""

    list_template = "interface/list.html"

    def beside_list(self) -> dict[str, Any]:
        """Give what can be done with the files, to who may."""
        return {"deeds": _deeds() if may("keep_files", self.resource.name) else ()}

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show a sentence with what it says in every language."""
        page = _Shown(self.catalogue, self.resource, self.find(key, "show")).page()
        return render_template("staff/show.html", page=page)

    @expose("/files", methods=["POST"])
    @allowed("keep_files")
    def files(self) -> Any:
        """Read the files, write them, or search the code: by a job, and here where there is no queue."""
        deed = request.form.get("do", "")
        if deed not in jobs.DEEDS:
            abort(400)
        try:
            number = jobs.do_later(deed, int(current_user.id), str(get_locale()))
        except RedisError:
            return _back(*_done_here(deed))
        return redirect(f"{BASE}files/{number}", 303)

    @expose("/files/<number>")
    @allowed("keep_files")
    def progress(self, number: str) -> Any:
        """Wait for the job, then go back to the list and tell there what it came to."""
        found = queues.find_asked(number, jobs.JOB, current_user.get_id())
        if found is None:
            abort(404)
        is_over = found.state in queues.ENDED
        if request.headers.get("X-Part"):
            return render_template("interface/_progress.html", leads=request.path if is_over else "")
        if not is_over:
            return render_template("interface/progress.html", leads="", resource=messages)
        if found.result is None:
            return _back(_("It broke off. The screen “Jobs” tells why."), "danger")
        return _back(found.result["said"], "danger" if found.result["is_refused"] else "success")

    @expose("/files.zip")
    @allowed("keep_files")
    def download(self) -> Response:
        """Give all files as they would be written, for a machine on which they cannot be."""
        with unit_of_work() as session:
            content = packed(session)
        answer = Response(content, mimetype="application/zip")
        answer.headers["Content-Disposition"] = 'attachment; filename="translations.zip"'
        return answer


def _done_here(deed: str) -> tuple[str, str]:
    try:
        return jobs.do(deed), "success"
    except DomainError as error:
        return str(error.message), "danger"


def _back(sentence: str, tone: str) -> Any:
    flash(sentence, tone)
    return redirect(BASE, 303)


class _Shown(Show):
    """The page of a sentence; its texts hang on it without a declared field."""

    def page(self) -> ShowPage:
        """Word the page, with what the sentence says in every language: form by form where it has a plural."""
        page = super().page()
        record: InterfaceMessage = self.record
        texts = texts_of(db.session(), [record.id]).get(record.id, {})
        if not record.msgid_plural:
            first = replace(page.details[0], languages=tuple(_lines(texts, TEXT)))
            return replace(page, details=(first, *page.details[1:]))
        forms = tuple(
            Detail(str(FORM_NAMES[name]), Cell("text", getattr(record, name)), languages=lines)
            for name in CATEGORIES
            if (lines := tuple(_lines(texts, name)))
        )
        return replace(page, details=(*page.details[:2], *forms, *page.details[2:]))


def _lines(texts: Mapping[tuple[str, str], Any], name: str) -> Iterator[tuple[str, str, str]]:
    """Give what one form says: (language and state, direction, text)."""
    for known in languages.known():
        row = texts.get((known.tag, name))
        if row is not None:
            state = f" · {state_text(row.state)}" if row.state != "approved" else ""
            yield f"{known.name}{state}", known.direction, row.text


def _deeds() -> tuple[Deed, ...]:
    can_write, can_gather = is_writable(), has_sources()
    runs = storing.last_runs(db.session())
    writing = (
        (_("Write files"), "file-export", "", f"{BASE}files", "post")
        if can_write
        else (
            _("Download files"),
            "download",
            _("The files cannot be written here. Download them instead."),
            f"{BASE}files.zip",
            "get",
        )
    )
    label, icon, sentence, url, method = writing
    nowhere = "" if can_gather else _("The program's source code is not on this machine.")
    return (
        _deed("read", _("Read files"), "file-import", runs.get("read")),
        _deed("write", label, icon, runs.get("write"), sentence, url=url, method=method),
        _deed("gather", _("Gather from code"), "search", runs.get("gather"), nowhere, is_offered=can_gather),
    )


def _deed(
    name: str,
    label: str,
    icon: str,
    last: InterfaceRun | None,
    sentence: str = "",
    *,
    is_offered: bool = True,
    url: str = f"{BASE}files",
    method: str = "post",
) -> Deed:
    locale = wording.reader()
    return Deed(
        name,
        label,
        icon,
        sentence,
        is_offered,
        url,
        method,
        when=wording.ago(last.at, locale) if last else "",
        exact=wording.exact(last.at, locale) if last else "",
        who=last.actor if last else "",
        told=tuple(_told(name, last.facts)) if last else (),
    )


_COUNTS: dict[str, Callable[[int], str]] = {
    "added": lambda n: ngettext("%(num)d new sentence", "%(num)d new sentences", n),
    "gone": lambda n: ngettext("%(num)d used no more", "%(num)d used no more", n),
    "offered": lambda n: ngettext("%(num)d text offered", "%(num)d texts offered", n),
    "texts": lambda n: ngettext("%(num)d text taken", "%(num)d texts taken", n),
    "removed": lambda n: ngettext("%(num)d text removed", "%(num)d texts removed", n),
    "suggested": lambda n: ngettext("%(num)d suggestion kept", "%(num)d suggestions kept", n),
}


def _told(name: str, facts: dict[str, Any]) -> list[str]:
    told = [word(facts[key]) for key, word in _COUNTS.items() if facts.get(key)]
    told += [*facts.get("files", ()), *facts.get("unreadable", ()), *facts.get("left", ())]
    return told or [_("Nothing was different.")]
