"""The calendar of rooms: its page, its feed, the guard's answer, and the verbs of dragging and booking."""

from __future__ import annotations

from typing import Any

from flask import Response, get_flashed_messages, jsonify, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _

from app.access.rights import may
from app.domains.bookings.errors import TimeRefused
from app.domains.bookings.resources import EVENT_TYPES
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import DomainError, Invalid
from app.surfaces.records import wording
from app.surfaces.screens.gate import allowed
from app.web.timeline import moving
from app.web.timeline.aside import read_aside
from app.web.timeline.asked import read_asked, read_days, read_zone
from app.web.timeline.feed import events
from app.web.timeline.judging import between, judge, read_wish
from app.web.timeline.pages import booking_card
from app.web.timeline.places import page_of, seen_rooms
from app.web.timeline.wording import settings


class TimelineView(BaseView):
    """Rooms and what is kept in them; all of it under the rights and row rules of bookings, rooms and venues."""

    route_base = "/calendar"
    default_view = "index"
    class_permission_name = "booking"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list")
    def index(self) -> Any:
        """Show the calendar; what is in it is fetched by its script."""
        page = page_of(read_asked(request.args, clock.today()), seen_rooms())
        return render_template(
            "timeline/index.html", page=page, settings=settings(page), occasions=EVENT_TYPES, may=may
        )

    @expose("/events")
    @allowed("list")
    def events(self) -> Response:
        """Give what is in the rooms from a day to before another."""
        asked = read_asked({name: request.args.get(name, "") for name in ("venues", "zone")}, clock.today())
        first, last = read_days(request.args, clock.today())
        shown = asked.chosen(seen_rooms())
        return jsonify(events(shown, first, last, asked.shown_zone(shown)))

    @expose("/bookings/<key>")
    @allowed("show")
    def card(self, key: str) -> Any:
        """Show a booking beside its event, with what may be done with it."""
        zone = read_zone(request.args.get("zone", "")) or "UTC"
        said = get_flashed_messages(with_categories=True)
        card = booking_card(moving.find(key, "show"), zone)
        return render_template("timeline/_booking.html", card=card, said=said)

    @expose("/judge", methods=["POST"])
    @allowed("add", "move", "extend")
    def judge(self) -> Response:
        """Say what stands against a wish, and what it costs; nothing is written."""
        body = _body()
        booking = moving.find_movable(body["booking"]) if body.get("booking") else None
        return jsonify(judge(read_wish(body, booking), booking))

    @expose("/move", methods=["POST"])
    @allowed("move", "extend")
    def move(self) -> Any:
        """Move a booking, or make it longer; a refusal tells rule by rule what stands against it."""
        body = _body()
        booking = moving.find_movable(body.get("booking"))
        wish = read_wish(body, booking)
        try:
            after = moving.move(
                booking, wish, str(body.get("reason") or ""), read_aside(body.get("set_aside"))
            )
        except TimeRefused as error:
            return self.refused(error, wish, body.get("booking"))
        said = _(
            "“%(title)s” is now on %(when)s, with the number %(number)s.",
            title=after.client_name,
            when=between(wish.period, wish.zone, wording.reader()),
            number=after.reference,
        )
        return jsonify(booking=str(after.id), said=said)

    @expose("/book", methods=["POST"])
    @allowed("add")
    def book(self) -> Any:
        """Book a time for a client."""
        body = _body()
        wish = read_wish(body)
        client = body.get("client")
        try:
            made = moving.book(
                wish,
                client if isinstance(client, dict) else {},
                body.get("confirm") is True,
                str(body.get("reason") or ""),
                read_aside(body.get("set_aside")),
            )
        except TimeRefused as error:
            return self.refused(error, wish, None)
        said = _("Booked for %(title)s, number %(number)s.", title=made.client_name, number=made.reference)
        return jsonify(booking=str(made.id), said=said), 201

    def refused(self, error: DomainError, wish: Any, key: Any) -> Any:
        """Answer a refusal with the guard's words of this moment."""
        db.session.rollback()
        booking = moving.find_movable(key) if key else None
        told = judge(wish, booking)
        against = [rule["sentence"] for rule in told["rules"] if not rule["is_kept"]]
        detail = " ".join([str(error.message), *against])
        facts = {"code": error.code, "status": error.status, "detail": detail, "judgement": told}
        return jsonify(facts), error.status


def _body() -> dict[str, Any]:
    """Read the body; 415 where it is no JSON, Invalid where it is no object."""
    body = request.get_json()
    if not isinstance(body, dict):
        raise Invalid({"": [_("Send a JSON object.")]})
    return body
