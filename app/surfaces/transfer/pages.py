"""The import page: a file is tried out first, then the same bytes are imported."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, FileRefused
from app.resources import Catalogue, Resource
from app.surfaces.records.adding import may_add
from app.surfaces.screens.pages import Button, ImportPage
from app.surfaces.transfer.columns import columns_of, describe
from app.surfaces.transfer.export import MEDIA_TYPES, template_response
from app.surfaces.transfer.importing import Outcome, has_transfer, run_import
from app.surfaces.transfer.reading import MOST_BYTES, read_sheet
from app.surfaces.transfer.waiting import keep, take


def import_page(catalogue: Catalogue, resource: Resource) -> ImportPage | Response:
    """Answer a request of the import page: the form, an empty file to fill, a dry run or an import."""
    if not has_transfer(resource):
        abort(404)
    if (kind := request.args.get("template")) in MEDIA_TYPES:
        return template_response(resource, kind)
    if request.method != "POST":
        return _page(resource)
    try:
        outcome, token = _answer(catalogue, resource)
    except DomainError as error:
        return _page(resource, error=str(error.message))
    return _page(resource, outcome=_worded(outcome, token))


def _answer(catalogue: Catalogue, resource: Resource) -> tuple[Outcome, str | None]:
    """Try a file out, or import the one that a token stands for: (outcome, token; None after an import)."""
    if token := request.form.get("token", ""):
        outcome = _run(catalogue, resource, take(token, current_user.get_id(), resource.name), dry=False)
        return outcome, None if not outcome.errors else ""
    upload = request.files.get("file")
    content = upload.read(MOST_BYTES + 1) if upload is not None else b""
    if not content:
        raise FileRefused(_("Choose a file."))
    outcome = _run(catalogue, resource, content, dry=True)
    is_useful = not outcome.errors and outcome.added + outcome.changed > 0
    return outcome, keep(content, current_user.get_id(), resource.name) if is_useful else ""


def _run(catalogue: Catalogue, resource: Resource, content: bytes, dry: bool) -> Outcome:
    sheet = read_sheet(content)
    model = resource.model
    visible = select(model).where(row_rules.condition(resource.name, current_user, model, "edit"))
    rights = {"add": may_add(resource), "edit": may("edit", resource.name)}
    if dry:
        return run_import(db.session(), catalogue, resource, sheet, visible, rights, dry=True)
    with unit_of_work() as session:
        return run_import(session, catalogue, resource, sheet, visible, rights, dry=False)


def _worded(outcome: Outcome, token: str | None) -> dict[str, Any]:
    return {
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "errors": [
            {"row": error.row, "column": error.column, "message": str(error.sentence)}
            for error in outcome.errors
        ],
        "warnings": outcome.warnings,
        "token": token or "",
        "is_dry": token is not None,
    }


def _page(resource: Resource, error: str = "", outcome: dict[str, Any] | None = None) -> ImportPage:
    here = f"/{resource.path}/import"
    return ImportPage(
        title=_("Import %(what)s", what=str(resource.label)),
        list_url=f"/{resource.path}/",
        list_title=str(resource.label),
        url=here,
        columns=describe(resource, columns_of(resource)),
        template_urls=tuple(
            Button(kind, label, f"{here}?template={kind}", "download")
            for kind, label in (("csv", _("Empty CSV file")), ("xlsx", _("Empty Excel file")))
        ),
        error=error,
        outcome=outcome,
    )
