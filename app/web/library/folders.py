"""The screens of the folders: the generated ones, and what the library's script does with a folder and takes back."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.kernel.db import unit_of_work
from app.media.resources import folders
from app.resources import Catalogue
from app.surfaces.history.restoring import restore, undo_token
from app.surfaces.records import writing
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.view import StaffView, staff_view


def folder_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the folders."""
    made = staff_view(catalogue, folders)
    return type("PictureFolderView", (_FolderView, made), {"route_base": f"/{folders.path}"})


class _FolderView(StaffView):
    """A folder that was deleted beside the pictures comes back with what still lies where its contents went."""

    @expose("/<key>/delete", methods=["POST"])
    @allowed("delete")
    def delete(self, key: str) -> Any:
        """Delete a folder, whose contents move up; a script is told by what token that is undone."""
        if not _is_script():
            return super().delete(key)
        folder = self.find(key, "delete")
        with unit_of_work() as session:
            writing.remove(session, self.resource, folder)
            token = undo_token(session, self.resource, folder.id, current_user.id)
        return jsonify(told=_("“%(title)s” was deleted.", title=folder.name), token=token)

    @expose("/undelete", methods=["POST"])
    @allowed("delete")
    def undelete(self) -> Any:
        """Take a deletion of one's own back."""
        if not _is_script():
            return super().undelete()
        with unit_of_work() as session:
            restore(session, self.catalogue, self.resource, request.form.get("token", ""), current_user.id)
        return jsonify(told=_("Undone."))


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
