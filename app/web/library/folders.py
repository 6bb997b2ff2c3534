"""A folder is deleted beside the pictures, and comes back with what lay in it."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import unit_of_work
from app.kernel.ids import parse_id
from app.media.folders import PictureFolder
from app.media.resources import folders
from app.surfaces.history.restoring import restore, undo_token
from app.surfaces.records import writing
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.view import StaffView


class LibraryFolders(StaffView):
    """What the library's script asks for about folders and the API has not: a deletion that can be undone."""

    @expose("/folder/<key>/delete", methods=["POST"])
    @allowed("list")
    def delete_folder(self, key: str) -> Any:
        """Delete a folder, whose contents move up; tells by what token it is undone."""
        _require()
        rule = row_rules.condition(folders.name, current_user, PictureFolder, "delete")
        with unit_of_work() as session:
            wanted = select(PictureFolder).where(PictureFolder.id == parse_id(key), rule)
            folder = session.scalar(wanted) or abort(404)
            writing.remove(session, folders, folder)
            token = undo_token(session, folders, folder.id, current_user.id)
        return jsonify(told=_("“%(title)s” was deleted.", title=folder.name), token=token)

    @expose("/folder/undelete", methods=["POST"])
    @allowed("list")
    def undelete_folder(self) -> Any:
        """Take a deletion of one's own back: what still lies where it went lies in the folder again."""
        _require()
        with unit_of_work() as session:
            restore(session, self.catalogue, folders, request.form.get("token", ""), current_user.id)
        return jsonify(told=_("Undone."))


def _require() -> None:
    if not may("delete", folders.name):
        abort(403)
