"""`/api/v1/<resource>/` for signed-in staff, made from the declaration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, abort, jsonify, request
from flask_appbuilder.api import BaseApi, expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid
from app.kernel.ids import parse_id
from app.resources import Catalogue, On, Resource
from app.surfaces.records import writing
from app.surfaces.records.adding import is_typed
from app.surfaces.records.cautions import cautions
from app.surfaces.records.changes import Changes, read_json
from app.surfaces.records.news import tell_changed
from app.surfaces.records.query import read_query, write_cursor
from app.surfaces.staff_api.writer import as_json, read_page
from app.translation.releases import is_released, publish, withdraw

View = TypeVar("View", bound=Callable[..., Any])


def staff_api(catalogue: Catalogue, resource: Resource, base: type[StaffApi] | None = None) -> type[StaffApi]:
    """Make the API class of a resource, from a base that knows more routes where one is given."""
    return type(
        f"{resource.model.__name__}Api",
        (base or StaffApi,),
        {
            "catalogue": catalogue,
            "resource": resource,
            "resource_name": resource.path,
            "class_permission_name": resource.name,
        },
    )


def permitted(*verbs: str) -> Callable[[View], View]:
    """Let a view run for a signed-in user who may do one of the verbs: else 401 or 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                abort(401)
            if not any(may(verb, self.resource.name) for verb in verbs):
                abort(403)
            return view(self, *args, **kwargs)

        return cast("View", guarded)

    return decorate


class StaffApi(BaseApi):
    """List, read, add, change, delete and act; a change names the revision it was made from."""

    catalogue: Catalogue
    resource: Resource
    version = "v1"
    openapi_spec_tag = "staff"

    @expose("/", methods=["GET"])
    @permitted("list")
    def get_list(self) -> Response:
        """Answer one page: the same grammar and envelope as the public JSON."""
        query = read_query(self.resource, request.args.items(multi=True), On.API)
        condition = row_rules.condition(self.resource.name, current_user, self.resource.model)
        rows, total = read_page(self.resource, query, condition)
        more = len(rows) > query.size
        rows = rows[: query.size]
        after = None
        if more:
            passed = (query.after.passed if query.after else 0) + len(rows)
            after = write_cursor(rows[-1][1:], passed)
        page = {"size": query.size, "next": after, "total": total, "total_is_estimate": False}
        return jsonify({"data": [as_json(self.resource, row[0]) for row in rows], "page": page})

    @expose("/", methods=["POST"])
    @permitted("add")
    def post(self) -> tuple[Response, int]:
        """Add a record; 405 where records are never typed."""
        changes = self.changes()  # names what is unknown
        if not is_typed(self.resource):
            abort(405)
        with unit_of_work() as session:
            record = writing.write(session, self.catalogue, self.resource, None, changes)
            warnings = cautions(session, self.resource, [record])
        return self.whole(record, warnings), 201

    @expose("/<key>", methods=["GET"])
    @permitted("show")
    def get(self, key: str) -> Response:
        """Answer a record with its children and translations."""
        return self.whole(self.find(key, "show"))

    @expose("/<key>", methods=["PUT", "PATCH"])
    @permitted("edit")
    def put(self, key: str) -> Response:
        """Change the named fields of a record."""
        record = self.find(key, "edit")
        changes = self.changes()
        if changes.revision is None and hasattr(record, "revision"):
            raise Invalid({"revision": [_("Send the revision that you read, so that no change is lost.")]})
        with unit_of_work() as session:
            writing.write(session, self.catalogue, self.resource, record, changes)
            warnings = cautions(session, self.resource, [record])
        return self.whole(record, warnings)

    @expose("/<key>", methods=["DELETE"])
    @permitted("delete")
    def delete(self, key: str) -> tuple[str, int]:
        """Delete a record."""
        record = self.find(key, "delete")
        with unit_of_work() as session:
            writing.remove(session, self.resource, record)
        return "", 204

    @expose("/<key>/do/<name>", methods=["POST"])
    @permitted("show")
    def do(self, key: str, name: str) -> Response:
        """Do one of the resource's actions; `{"reason": "..."}` may go with it."""
        if self.resource.action(name) is None:
            abort(404)
        if not may(name, self.resource.name):
            abort(403)
        record = self.find(key, name)
        body = request.get_json(silent=True)
        reason = str(body.get("reason") or "") if isinstance(body, dict) else ""
        with unit_of_work() as session:
            writing.act(session, self.resource, record, name, reason[:500])
        return self.whole(record)

    @expose("/<key>/release", methods=["POST"])
    @permitted("approve_texts")
    def release(self, key: str) -> Any:
        """Publish a record in a language, or withdraw it: `{"locale": "de", "action": "publish"}`.

        409 names the texts that are not approved.
        """
        record, body = self.find(key, "approve_texts"), request.get_json(silent=True)
        facts = body if isinstance(body, dict) else {}
        locale, action = str(facts.get("locale") or ""), facts.get("action")
        if not is_released(self.resource):
            abort(404)
        if action not in ("publish", "withdraw"):
            raise Invalid({"action": [_("Send publish or withdraw.")]})
        with unit_of_work() as session:
            user_id = int(current_user.id)
            if action == "withdraw":
                withdraw(session, self.resource, [record.id], locale, user_id)
            elif refused := publish(session, self.resource, [record.id], locale, user_id):
                raise refused[record.id]
            tell_changed(session, self.resource, [record.id])
        return self.whole(record)

    def changes(self) -> Changes:
        """Read the body; 415 when it is no JSON."""
        return read_json(self.resource, request.get_json())

    def find(self, key: str, verb: str) -> Any:
        """Find a record under the row rules; 404 for a hidden one as for a missing one."""
        model = self.resource.model
        has_uuid = (
            model.__table__.c.id.type.python_type is not int
        )  # users and roles are written by their screens
        parsed = parse_id(key) if has_uuid else None
        record = None
        if parsed is not None:
            visible = row_rules.condition(self.resource.name, current_user, model, verb)
            record = db.session.scalar(select(model).where(model.id == parsed, visible))
        return record if record is not None else abort(404)

    def whole(self, record: Any, warnings: Sequence[str] = ()) -> Response:
        """Answer a record whole, with what its writer should know of it."""
        told = {"warnings": list(warnings)} if warnings else {}
        return jsonify({"data": as_json(self.resource, record, whole=True)} | told)
