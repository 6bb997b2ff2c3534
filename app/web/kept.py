"""The forms that the reader left unsaved, in one small list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows as row_rules
from app.access.redirects import safe_path
from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.ids import parse_id
from app.resources import Catalogue, Resource
from app.resources.rich_text import plain_text
from app.surfaces.desk import kept_forms
from app.surfaces.desk.kept_forms import KeptForm
from app.surfaces.records import wording
from app.surfaces.records.adding import may_add
from app.surfaces.screens.filters import key_in
from app.surfaces.screens.gate import send_to_sign_in
from app.surfaces.screens.unsaved import unsaved

TEXT = "text"
"""Under this name the workbench keeps what is typed there."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One form: of what, since when, and where to go on."""

    key: str
    title: str
    kind: str
    icon: str
    when: str
    exact: str
    url: str


class KeptView(BaseView):
    """Everybody sees their own, and of these alone what they may still open."""

    route_base = "/kept"
    default_view = "index"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    def index(self) -> Any:
        """Show the list."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        found = kept_forms.all_of(db.session(), current_user.id)
        return render_template("kept.html", lines=lines_of(current_app.extensions["catalogue"], found))

    @expose("/<key>/discard", methods=["POST"])
    def discard(self, key: str) -> Any:
        """Forget one."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        with unit_of_work() as session:
            gone = kept_forms.drop(session, current_user.id, parse_id(key))
        if gone:
            flash(_("What you had typed was discarded."), "success")
        return redirect(safe_path(request.form.get("back"), "/kept/"))


def lines_of(catalogue: Catalogue, found: Any) -> list[KeptLine]:
    """Word kept forms; the titles of one content type's records are one statement."""
    lines = {str(kept.id): line for kept in found if (line := _line_of_text(kept)) is not None}
    for name in dict.fromkeys(kept.content_type for kept in found):
        resource = catalogue.get(name)
        if resource is not None:
            of_type = [kept for kept in found if kept.content_type == name]
            lines |= {str(kept.id): line for kept, line in _lines_of_type(resource, of_type)}
    return [lines[str(kept.id)] for kept in found if str(kept.id) in lines]


def _line_of_text(kept: KeptForm) -> KeptLine | None:
    """Word a translation that was typed on the workbench; None for what is a form."""
    typed = kept.typed
    if kept.content_type != TEXT or not (typed.get("at") and typed.get("locale")):
        return None
    text = next((value for name, value in typed.items() if name.startswith("text-") and value.strip()), "")
    title = plain_text(text)[:80] or _("Translation")
    reader = wording.reader()
    kind = _("Translation into %(language)s", language=wording.language(typed["locale"], reader))
    url = f"/translate/{quote(typed['locale'])}?{urlencode({'state': 'all', 'at': typed['at']})}"
    when, exact = wording.ago(kept.at, reader), wording.exact(kept.at, reader)
    return KeptLine(str(kept.id), title, kind, "language", when, exact, url)


def _lines_of_type(resource: Resource, found: list[KeptForm]) -> list[tuple[KeptForm, KeptLine]]:
    titles = _titles(resource, [kept.object_id for kept in found if kept.object_id])
    lines = []
    for kept in found:
        is_there = kept.object_id in titles
        if not is_there and not may_add(resource):
            continue  # what was typed for a record that is gone goes on as a new one
        if is_there and _is_saved(resource, kept):
            continue
        here = f"/{resource.path}/{kept.object_id}/edit" if is_there else f"/{resource.path}/add"
        title = titles.get(kept.object_id) or _new_title(resource, kept)
        when = wording.ago(kept.at, wording.reader())
        exact = wording.exact(kept.at, wording.reader())
        url = f"{here}?kept={kept.id}"
        lines.append(
            (kept, KeptLine(str(kept.id), title, str(resource.label), resource.icon, when, exact, url))
        )
    return lines


def _is_saved(resource: Resource, kept: KeptForm) -> bool:
    """Tell whether the record holds all of a form, as the form itself does; asked only where it was saved since."""
    record = db.session.get(resource.model, key_in(resource, kept.object_id))
    if record is None or kept.base_revision == getattr(record, "revision", None):
        return False
    return not unsaved(db.session(), resource, record, kept, may("edit", resource.name))


def _new_title(resource: Resource, kept: KeptForm) -> str:
    return kept.typed.get(resource.title, "").strip() or _("New %(thing)s", thing=str(resource.singular))


def _titles(resource: Resource, keys: list[str]) -> dict[str, str]:
    model = resource.model
    kind = model.__table__.c.id.type.python_type
    wanted = [kind(key) for key in keys]
    if not wanted:
        return {}
    verb = "edit" if may("edit", resource.name) else "translate"
    visible = row_rules.condition(resource.name, current_user, model, verb)
    rows = db.session.execute(
        db.select(model.id, getattr(model, resource.title)).where(model.id.in_(wanted), visible)
    )
    return {str(key): str(title) for key, title in rows}
