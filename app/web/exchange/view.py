"""The screens of the exchange: a file for translators, and what they send back, tried out before it changes anything."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from flask import Response, abort, current_app, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from redis.exceptions import RedisError

from app.kernel import clock, languages, queues
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, FileRefused
from app.resources import Catalogue
from app.surfaces.records import wording
from app.surfaces.transfer import texts
from app.surfaces.transfer.waiting import keep, look, take
from app.translation.files.entries import MOST_BYTES
from app.translation.files.exporting import FORMATS, file_name, write_archive, write_file
from app.translation.files.importing import Outcome, outcome_of
from app.web.exchange.asking import Wanted, read_wanted
from app.web.exchange.pages import export_page, outcome_pages, told_of
from app.web.workbench.asked import BASE
from app.web.workbench.view import for_translators

MOST_FILES = 20
_CHUNK = 2**16


class ExchangeView(BaseView):
    """For whoever may translate anything; each text is asked for under the rights on its own record."""

    route_base = BASE
    default_view = "choose"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/export", methods=["GET", "POST"])
    @for_translators
    def choose(self) -> Any:
        """Show what can be chosen; a list hands its filters on, and posts the records that are ticked."""
        page = export_page(_catalogue(), read_wanted(_catalogue(), request.values))
        return render_template("exchange/export.html", page=page)

    @expose("/export/file", methods=["GET", "POST"])
    @for_translators
    def download(self) -> Response:
        """Send the file; several languages are packed into one."""
        return _sent(_catalogue(), read_wanted(_catalogue(), request.values))

    @expose("/import", methods=["GET", "POST"])
    @for_translators
    def bring(self) -> Any:
        """Try files out, or import those that were tried."""
        if request.method != "POST":
            return self.page()
        wanted = request.form.get("locale", "")
        if wanted and wanted not in languages.content_locales():
            abort(400)
        try:
            if token := request.form.get("token", ""):
                return self.imported(token, wanted)
            return self.tried(wanted)
        except DomainError as error:
            return self.page(error=str(error.message))

    @expose("/import/<number>")
    @for_translators
    def progress(self, number: str) -> Any:
        """Show how far the job is that imports a large file, and its outcome."""
        found = queues.find_asked(number, texts.JOB, current_user.get_id())
        if found is None:
            abort(404)
        outcomes = [outcome_of(facts) for facts in found.result or ()]
        done, reader = min(found.done, found.total), wording.reader()
        page = {
            "done": done,
            "total": found.total,
            "done_text": wording.number(done, reader),
            "total_text": wording.number(found.total, reader),
            "is_over": found.state in queues.ENDED,
            "failed": found.state in queues.ENDED and found.result is None,
        }
        name = "exchange/_progress.html" if request.headers.get("X-Part") else "exchange/progress.html"
        shown = outcome_pages(_catalogue(), outcomes)
        return render_template(name, page=page, outcomes=shown, is_dry=False, token="", stage=3)

    def tried(self, wanted: str) -> Any:
        """Try files out; they are kept for the import while there is something to import."""
        uploads = [upload for upload in request.files.getlist("file") if upload.filename][:MOST_FILES]
        files = [(str(upload.filename), upload.read(MOST_BYTES + 1)) for upload in uploads]
        if not files:
            raise FileRefused(_("Choose a file."))
        outcomes = texts.read_all(files, current_user, wanted, dry=True)
        token = ""
        if any(outcome.writes or _suggests(outcome) for outcome in outcomes):
            token = keep(texts.packed(files), current_user.get_id(), texts.NAME)
        return self.page(outcomes, token=token, wanted=wanted)

    def imported(self, token: str, wanted: str) -> Any:
        """Import files that were tried out: here, or by a job where they are large."""
        files = [("files.zip", look(token, current_user.get_id(), texts.NAME))]
        if texts.is_large(files):
            try:
                total = request.form.get("total", 0, type=int)
                locale = str(get_locale())
                number = texts.import_later(token, current_user, wanted, max(0, total), locale)
            except RedisError:
                pass  # without a queue it is done here
            else:
                return redirect(f"{BASE}/import/{number}", 303)
        take(token, current_user.get_id(), texts.NAME)
        with unit_of_work():
            outcomes = texts.read_all(files, current_user, wanted, dry=False)
        return self.page(outcomes, is_dry=False)

    def page(
        self,
        outcomes: list[Outcome] | None = None,
        *,
        is_dry: bool = True,
        token: str = "",
        wanted: str = "",
        error: str = "",
    ) -> Any:
        """Draw the page of the import at one of its three steps."""
        shown = outcome_pages(_catalogue(), outcomes or ())
        wanted = wanted or request.args.get("locale", "")
        known = languages.find(wanted)
        return render_template(
            "exchange/import.html",
            outcomes=shown,
            is_dry=is_dry,
            token=token,
            error=error,
            wanted=known.tag if known and known.tag in languages.content_locales() else "",
            total=sum(outcome.total for outcome in outcomes or ()),
            stage=1 if not shown else 2 if is_dry else 3,
            formats=", ".join(form.label for form in FORMATS.values()),
        )


def _suggests(outcome: Outcome) -> bool:
    """Tell whether something is suggested beside a text that was changed meanwhile."""
    return any(line.kind == "conflict" for line in outcome.faults)


def _sent(catalogue: Catalogue, wanted: Wanted) -> Response:
    """Write the file to the disk, then send it: a slow reader holds no connection of the database."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it is sent, or when it fails
    at, asked, told = clock.now(), wanted.asked(), told_of(catalogue)
    try:
        if len(asked) == 1:
            name, kind = file_name(asked[0].locale, wanted.form, at), wanted.form.media_type
            write_file(db.session(), current_user, asked[0], wanted.form, told, at, file)
        else:
            name, kind = f"festoon-{at:%Y-%m-%d}-{wanted.form.name}.zip", "application/zip"
            write_archive(db.session(), current_user, asked, wanted.form, told, at, file)
    except BaseException:
        file.close()
        raise
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = Response(_chunks(file), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.content_length = size
    response.call_on_close(file.close)
    return response


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["catalogue"]
    return found
