"""The form of a picture: its focal point is a dot that is dragged, and another file can take its place."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import flash, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.kernel.db import unit_of_work
from app.kernel.errors import DomainError, Invalid
from app.media.models import AssetState
from app.media.renditions import nearest
from app.media.service import replace_picture
from app.media.urls import thumbnail_url
from app.surfaces.screens.forms import Form, Refusal
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pictures import TYPES
from app.surfaces.screens.view import StaffView


class PictureForm(StaffView):
    """Shows the picture in its own form, and takes another file in its place."""

    def form(self, record: Any | None, refusal: Refusal | None = None, status: int = 200) -> Any:
        """Show the form with the picture above its two numbers."""
        if record is None or record.state != AssetState.READY:
            return super().form(record, refusal, status)
        page = Form(self.catalogue, self.resource, record, refusal).page()
        shown = thumbnail_url(nearest(record.renditions, 960) or record.path)
        return render_template(
            "staff/picture_form.html", page=page, shown=shown, types=",".join(TYPES)
        ), status

    @expose("/<key>/replace", methods=["POST"])
    @allowed("edit")
    def replace(self, key: str) -> Any:
        """Put another picture in place of one; everything that shows it shows the new one."""
        record = self.find(key, "edit")
        try:
            with closing(request.files["file"]) as sent:
                content = sent.read()
            with unit_of_work():
                replace_picture(record, content)
        except DomainError as error:
            flash(_reason(error), "danger")
        else:
            flash(_("The picture was replaced."), "success")
        return redirect(f"/{self.resource.path}/{record.id}/edit")


def _reason(error: DomainError) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(sentence) for sentences in error.errors.values() for sentence in sentences)
    return str(error.message)
