"""Pictures sent to the staff API: into the library, and straight into the gallery of a record."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import UUID

from flask import Response, abort, request
from flask_appbuilder.api import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid
from app.kernel.ids import parse_id
from app.media import service
from app.media.models import Asset, AssetState
from app.media.resources import assets, folders
from app.media.storage.paths import gallery_of
from app.resources import Catalogue, Child, Kind, On, Resource
from app.resources.kinds import Unreadable, parse
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes, ChildChanges
from app.surfaces.records.chosen import find_chosen
from app.surfaces.staff_api.view import StaffApi, permitted, staff_api

PART = "file"


def no_file() -> Invalid:
    """Make the refusal of a request without its one file."""
    return Invalid({PART: [_l("Send one picture, as the part “file” of multipart/form-data.")]})


def require_multipart() -> None:
    """Answer 415 to a request that can carry no file."""
    if request.mimetype != "multipart/form-data":
        abort(415)


def take_file() -> tuple[bytes, str]:
    """Read the one file of a multipart request: (content, its name)."""
    sent = request.files.getlist(PART)
    if len(sent) != 1:
        raise no_file()
    with closing(sent[0]) as file:
        return file.read(), service.file_name_of(file.filename or "")


def words(*more: str) -> dict[str, str]:
    """Read the texts that go with a file; raises Invalid for one that is unknown, or too long."""
    texts = ("title", "alt", "credit")
    known = {*texts, *more}
    unknown = set(request.form) - known - {"csrf_token"}
    if unknown:
        raise Invalid(
            {name: [_l("This field is unknown or may not be written.")] for name in sorted(unknown)}
        )
    told = {name: request.form[name] for name in known if request.form.get(name)}
    return {name: _text(name, value) if name in texts else value for name, value in told.items()}


def _text(name: str, value: str) -> str:
    """Read a text by the field of the picture that it becomes: what a form would refuse is not cut here."""
    field = assets.field(name)
    try:
        return str(parse(field, value) or "") if field is not None else value
    except Unreadable as error:
        raise Invalid({name: [error.sentence]}) from error


def place_of_owner(owner: str) -> str:
    """Give the place of the gallery that `theme/<id>` names, for who may change that record; raises Invalid."""
    table, _slash, key = owner.partition("/")
    place = gallery_of(table, parse_id(key))
    if not place or not may("edit", table):
        raise Invalid({"owner": [_l("Choose a record from the list.")]})
    return place


def folder_of(key: str) -> UUID | None:
    """Give the folder that a picture is sent into; raises Invalid where there is none, or none that they may see."""
    if not key:
        return None
    found = parse_id(key)
    if find_chosen(db.session(), folders, found, is_held=False) is None:
        raise Invalid({"folder": [_l("There is no such folder any more.")]})
    return found


def _take(told: dict[str, str], place: str) -> Asset:
    """Store the one file of the request with the words that go with it."""
    content, name = take_file()
    title = told.get("title") or service.title_of(name)
    asset = service.store_picture(content, title, told.get("alt", ""), place, name)
    if credit := told.get("credit"):
        asset.credit = credit
    return asset


def add_to_library() -> Asset:
    """Take the picture of this request in; raises what `store_picture` raises."""
    require_multipart()
    told = words("owner", "folder")
    place = place_of_owner(told["owner"]) if "owner" in told else ""
    folder = folder_of(told.get("folder", ""))
    asset = _take(told, place)
    if folder is not None:
        asset.folder_id = folder
    return asset


def add_to_gallery(
    session: Session, catalogue: Catalogue, resource: Resource, record: Any, child: Child
) -> None:
    """Take the picture of this request in and set it behind the others of a record's gallery.

    The picture is drawn before the record is locked; two that add at once both stay.
    """
    require_multipart()
    told = words()
    asset = _take(told, gallery_of(resource.name, record.id))
    writing.lock(session, resource, record, None)
    session.refresh(record, [child.name])
    rows = [ChildChanges(str(index), str(row.id)) for index, row in enumerate(getattr(record, child.name))]
    values = {
        field.name: str(asset.id) if field.kind is Kind.PICTURE else asset.alt
        for field in child.fields_on(On.FORM)
        if field.kind is Kind.PICTURE or field.name == "alt"
    }
    rows.append(ChildChanges(str(len(rows)), values=values))
    writing.write(session, catalogue, resource, record, Changes(children={child.name: rows}))


def api_of(catalogue: Catalogue, resource: Resource) -> type[StaffApi]:
    """Make the API class of a resource, with the routes for files where it takes any."""
    if resource.name == "asset":
        return staff_api(catalogue, resource, AssetApi)
    has_gallery = any(_is_gallery(child) for child in resource.children)
    return staff_api(catalogue, resource, GalleryApi if has_gallery else None)


def _is_gallery(child: Child) -> bool:
    return any(field.kind is Kind.PICTURE for field in child.fields)


class AssetApi(StaffApi):
    """Pictures are added as files: one a request, `multipart/form-data`, the part `file`."""

    @expose("/", methods=["POST"])
    @permitted("add")
    def post(self) -> tuple[Response, int]:
        """Take a picture into the library; 202 when it waits for its virus scan.

        `title`, `alt` and `credit` may go with it, and as `owner` the record whose gallery it is meant for.
        """
        if request.is_json:
            self.changes()  # names what is unknown
            raise no_file()
        with unit_of_work():
            asset = add_to_library()
        return self.whole(asset), 202 if asset.state == AssetState.QUARANTINED else 201

    @expose("/<key>/file", methods=["PUT"])
    @permitted("edit")
    def put_file(self, key: str) -> Response:
        """Put another picture in place of this one: everything that shows it shows the new one."""
        asset = self.find(key, "edit")
        require_multipart()
        content, name = take_file()
        with unit_of_work():
            service.replace_picture(asset, content, name)
        return self.whole(asset)


class GalleryApi(StaffApi):
    """A record whose pictures can be sent straight to it."""

    @expose("/<key>/<name>/", methods=["POST"])
    @permitted("edit")
    def post_picture(self, key: str, name: str) -> tuple[Response, int]:
        """Add a picture to a gallery of the record, as its last one."""
        child = self.resource.child(name)
        record = self.find(key, "edit")
        if child is None or not _is_gallery(child):
            abort(404)
        if not may("add", "asset"):
            abort(403)
        with unit_of_work() as session:
            add_to_gallery(session, self.catalogue, self.resource, record, child)
        return self.whole(record), 201
