"""`/api/v1/texts/`: translations by their place, one by one and many at once, under the rules of the workbench."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, abort, current_app, jsonify, request
from flask_appbuilder.api import BaseApi, expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from app.access.rights import current_rights
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.kernel.errors import BadParameter, DomainError, Invalid, NotFound
from app.kernel.ids import parse_id
from app.kernel.locales import SOURCE
from app.resources.kinds import storable
from app.surfaces.texts import acts
from app.surfaces.texts.acts import Outcome
from app.surfaces.texts.places import Held, Place, Seen, hold, place_of, read_place
from app.translation.sources import source_hash
from app.translation.units import (
    GROUPS,
    OUTDATED,
    STATES,
    SUGGESTED,
    Asked,
    Unit,
    find_unit,
    types_of,
    units,
)
from app.translation.units import place_of as check_key

View = TypeVar("View", bound=Callable[..., Any])
MOST_AT_ONCE = 200
LARGEST_PAGE, PAGE = 200, 50
_FILTERS = frozenset({"locale", "state", "type", "record", "q", "stale", "page[size]", "page[after]"})
_FLAGS: Mapping[str, bool] = {"true": True, "false": False}


def for_translators(view: View) -> View:
    """Let a view run for whoever may translate anything: else 401 or 403."""

    @wraps(view)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            abort(401)
        if not current_rights().allow_anywhere("can_translate"):
            abort(403)
        return view(self, *args, **kwargs)

    return cast("View", guarded)


class TextsApi(BaseApi):
    """List, read, write, delete and judge; what is not named in a body is not looked at."""

    resource_name = "texts"
    version = "v1"
    openapi_spec_tag = "staff"

    @expose("/", methods=["GET"])
    @for_translators
    def get_list(self) -> Response:
        """List the texts there are to translate into a language, those that are missing among them."""
        asked, size, after = _read_list(request.args)
        found = units(db.session(), current_user, asked, limit=size + 1, after=after)
        more = len(found) > size
        page = {"size": size, "next": found[size - 1].key if more else None}
        return jsonify({"data": [as_json(unit) for unit in found[:size]], "page": page})

    @expose("/<locale>/<place>", methods=["GET"])
    @for_translators
    def get(self, locale: str, place: str) -> Response:
        """Answer one text."""
        return _answer(_place(locale, place))

    @expose("/<locale>/<place>", methods=["PUT"])
    @for_translators
    def put(self, locale: str, place: str) -> Response:
        """Write a text, new or in place of the one that is there."""
        return self.one(locale, place, "put", _body())

    @expose("/<locale>/<place>", methods=["DELETE"])
    @for_translators
    def delete(self, locale: str, place: str) -> Any:
        """Remove a text."""
        with unit_of_work() as session:
            _do(session, "delete", _place(locale, place), {})
        return "", 204

    @expose("/<locale>/<place>/do/<name>", methods=["POST"])
    @for_translators
    def do(self, locale: str, place: str, name: str) -> Response:
        """Approve, reject or call right: "approve", "reject" with a reason, "right"."""
        if name not in ("approve", "reject", "right"):
            abort(404)
        return self.one(locale, place, name, _body() if request.get_data() else {})

    @expose("/bulk", methods=["POST"])
    @for_translators
    def bulk(self) -> Response:
        """Do one thing to many texts, in one transaction; each is answered by itself."""
        body = _body()
        verb, sent = body.get("do"), body.get("texts")
        if not isinstance(verb, str) or verb not in VERBS:
            raise Invalid({"do": [_("Choose one of: %(options)s.", options=", ".join(VERBS))]})
        if not isinstance(sent, list) or not 0 < len(sent) <= MOST_AT_ONCE:
            raise Invalid({"texts": [_("Send 1 to %(most)s texts.", most=MOST_AT_ONCE)]})
        with unit_of_work() as session:
            told = [_one_of_many(session, verb, facts) for facts in sent]
        refused = sum("status" in one for one in told)
        return jsonify({"data": told, "done": len(told) - refused, "refused": refused})

    def one(self, locale: str, written: str, verb: str, facts: Mapping[str, Any]) -> Response:
        """Do something to one text and answer it as it is then."""
        place = _place(locale, written)
        with unit_of_work() as session:
            outcome = _do(session, verb, place, facts)
        return _answer(place, outcome)


def _one_of_many(session: Session, verb: str, facts: Any) -> dict[str, Any]:
    if not isinstance(facts, dict):
        return {"status": 422, "code": "invalid", "detail": _("Send each text as an object.")}
    named = {name: facts.get(name) for name in ("content_type", "id", "field", "locale")}
    try:
        place = _named(named)
        with session.begin_nested():
            outcome = _do(session, verb, place, facts)
    except DomainError as error:
        told: dict[str, Any] = {
            "status": error.status,
            "code": error.code,
            "detail": str(error.message or error),
        }
        if isinstance(error, Invalid):
            told["errors"] = {name: [str(text) for text in texts] for name, texts in error.errors.items()}
        return named | told
    return named | {"outcome": outcome.what}


def _do(session: Session, verb: str, place: Place, facts: Mapping[str, Any]) -> Outcome:
    held = hold(session, current_app.extensions["catalogue"], current_user, place)
    return VERBS[verb](session, held, facts)


def _put(session: Session, held: Held, facts: Mapping[str, Any]) -> Outcome:
    text = facts.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Invalid({"text": [_("Send the text; to remove it, delete it.")]})
    meant = facts.get("meant", [])
    known = frozenset(map(str, meant)) if isinstance(meant, list) else frozenset()
    return acts.write(
        session, held, text, is_draft=facts.get("draft") is True, seen=_seen(facts), meant=known
    )


def _delete(session: Session, held: Held, facts: Mapping[str, Any]) -> Outcome:
    if held.row is None:
        raise NotFound(_("There is no text here yet."))
    return acts.write(session, held, "", seen=_seen(facts))


def _approve(session: Session, held: Held, facts: Mapping[str, Any]) -> Outcome:
    return acts.approve(session, held, _seen(facts))


def _reject(session: Session, held: Held, facts: Mapping[str, Any]) -> Outcome:
    return acts.reject(session, held, str(facts.get("reason") or ""), _seen(facts))


def _right(session: Session, held: Held, facts: Mapping[str, Any]) -> Outcome:
    return acts.call_right(session, held, _seen(facts))


VERBS: Mapping[str, Callable[[Session, Held, Mapping[str, Any]], Outcome]] = {
    "put": _put,
    "delete": _delete,
    "approve": _approve,
    "reject": _reject,
    "right": _right,
}


def _seen(facts: Mapping[str, Any]) -> Seen:
    """Read what the caller had before them; whoever names no revision overwrites whatever is there."""
    revision, mark = facts.get("revision"), facts.get("source_mark")
    if revision is not None and (not isinstance(revision, int) or isinstance(revision, bool)):
        raise Invalid({"revision": [_("Send the revision that you read.")]})
    return Seen(revision, mark if isinstance(mark, str) else "")


def _body() -> dict[str, Any]:
    body = request.get_json()
    if not isinstance(body, dict):
        raise Invalid({"": [_("Send an object.")]})
    return body


def _read_list(args: Mapping[str, str]) -> tuple[Asked, int, str]:
    """Read the filters, the size of the page and where it begins. Raises BadParameter."""
    for name in args:
        if name not in _FILTERS:
            raise BadParameter(name, _("This parameter is unknown."))
    states = tuple(part for part in args.get("state", "").split(",") if part)
    if wrong := [name for name in states if name not in {*STATES, *GROUPS, OUTDATED, SUGGESTED}]:
        raise BadParameter("state", _("There is no such state: %(name)s.", name=wrong[0]))
    if args.get("type") and args["type"] not in types_of():
        raise BadParameter("type", _("There is no such content type to translate."))
    if args.get("stale", "true") not in _FLAGS:
        raise BadParameter("stale", _("Give true or false."))
    record = parse_id(args["record"]) if args.get("record") else None
    if args.get("record") and record is None:
        raise BadParameter("record", _("There is no such record."))
    size, after = args.get("page[size]", str(PAGE)), args.get("page[after]", "")
    if not (size.isascii() and size.isdecimal() and len(size) < 6 and 0 < int(size) <= LARGEST_PAGE):
        raise BadParameter("page[size]", _("Give a number from 1 to %(most)s.", most=LARGEST_PAGE))
    try:
        tuple(check_key(after) if after else ())
    except ValueError as error:
        raise BadParameter("page[after]", _("There is no such place in the list.")) from error
    asked = Asked(
        _locale(args.get("locale", "")),
        types=(args["type"],) if args.get("type") else (),
        states=states,
        owner_id=record,
        search=storable(args.get("q", ""))[:200],
        is_outdated=_FLAGS[args["stale"]] if "stale" in args else None,
    )
    return asked, int(size), after


def _locale(tag: str) -> str:
    if tag == SOURCE or tag not in languages.content_locales():
        raise BadParameter("locale", _("Name a language that is translated into."))
    return tag


def _place(locale: str, written: str) -> Place:
    place = read_place(written, locale)
    if place is None or locale not in languages.content_locales():
        raise NotFound(_("There is no such text to translate."))
    return place


def _named(facts: Mapping[str, Any]) -> Place:
    return _place(str(facts["locale"]), f"{facts['content_type']}.{facts['id']}.{facts['field']}")


def _answer(place: Place, outcome: Outcome | None = None) -> Response:
    unit = find_unit(db.session(), current_user, place.content_type, place.key, place.field, place.locale)
    if unit is None:
        raise NotFound(_("There is no such text to translate."))
    told = {"outcome": outcome.what} if outcome is not None else {}
    return jsonify({"data": as_json(unit)} | told)


def as_json(unit: Unit) -> dict[str, Any]:
    """Write a text with its source; `stale` tells that the source says something else since it was made."""
    return {
        "at": str(place_of(unit)),
        "content_type": unit.content_type,
        "id": str(unit.object_id),
        "field": unit.field,
        "locale": unit.locale,
        "record": {"type": unit.owner_type, "id": str(unit.owner_id), "title": unit.title},
        "source": unit.source,
        "source_mark": source_hash(unit.source),
        "source_before": unit.source_text,
        "text": unit.text or None,
        "state": unit.state,
        "stale": unit.source_text is not None,
        "suggested": unit.is_suggested,
        "tool": unit.tool,
        "reason": unit.reason,
        "words": unit.words,
        "revision": unit.revision,
    }
