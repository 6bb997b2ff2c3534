"""The screens of the pictures: the generated ones, where a record is added by sending a file."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.kernel.db import unit_of_work
from app.kernel.errors import DomainError, Invalid
from app.media.models import AssetState
from app.media.resources import assets
from app.media.service import store_picture, title_of
from app.resources import Catalogue
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.view import StaffView, staff_view
from app.web.focal_points import PictureForm


def picture_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the pictures."""
    return type("AssetView", (_PictureView, staff_view(catalogue, assets)), {"route_base": "/pictures"})


class _PictureView(PictureForm):
    """Pictures are dropped on the list; its plain form sends them here where no script runs."""

    @expose("/add")
    @allowed("add")
    def add(self) -> Any:
        """Lead to where pictures are sent."""
        return redirect(f"/{self.resource.path}/#choose")

    @expose("/upload", methods=["POST"])
    @allowed("add")
    def upload(self) -> Any:
        """Take several pictures in; each that is refused is named with the reason, the others stay."""
        counts = dict.fromkeys(AssetState, 0)
        for sent in request.files.getlist("file"):
            try:
                with closing(sent) as file, unit_of_work():
                    stored = store_picture(file.read(), title_of(file.filename or ""))
                counts[AssetState(stored.state)] += 1
            except DomainError as error:
                flash(f"{sent.filename}: {_reason(error)}", "danger")
        if ready := counts[AssetState.READY]:
            flash(ngettext("%(num)d picture added.", "%(num)d pictures added.", ready), "success")
        if counts[AssetState.QUARANTINED]:
            flash(
                _("Some pictures wait for their virus scan. They are shown as soon as it is done."), "warning"
            )
        return redirect(f"/{self.resource.path}/")


def _reason(error: DomainError) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(sentence) for sentences in error.errors.values() for sentence in sentences)
    return str(error.message)
