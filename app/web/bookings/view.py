"""The screens of the bookings: the generated ones, with money, a new time and papers on the page of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.access.babel import zone_of_request
from app.access.rights import may
from app.domains.bookings import queries
from app.domains.bookings.api.room_wording import time_text
from app.domains.bookings.errors import TimeRefused
from app.domains.bookings.resources import bookings
from app.domains.payments import service as payments
from app.domains.payments.queries import refund as find_refund
from app.domains.payments.resources import payments as payment_resource
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import parse_id
from app.kernel.values import Money
from app.resources import Catalogue
from app.resources.kinds import Unreadable, parse
from app.surfaces.records import wording
from app.surfaces.records.news import tell_changed
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView, staff_view
from app.web.bookings import faults
from app.web.bookings.asking import told
from app.web.bookings.confirmation import calendar_file, confirmation_page
from app.web.bookings.glance import glance
from app.web.bookings.placed import MOVABLE, move_form
from app.web.timeline import moving
from app.web.timeline.aside import read_aside
from app.web.timeline.judging import judge, read_wish
from app.web.timeline.places import seen_rooms

BASE = "/bookings"
FIRST_DAY = date(2000, 1, 1)
"""No money was received before: an older day is a slip of the pen."""
_AMOUNT = payment_resource.field("amount_minor")


def booking_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the bookings."""
    return type("BookingView", (_BookingView, staff_view(catalogue, bookings)), {"route_base": BASE})


class _BookingView(StaffView):
    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show a booking with everything in one place."""
        return self.page(self.find(key, "show"))

    def page(self, booking: Any) -> str:
        """Word the page; its dialogs name what is done with others."""
        page = Show(self.catalogue, self.resource, booking).page()
        page = replace(page, actions=told(booking, page.actions), glance=glance(page.panels))
        return render_template("staff/show.html", page=page)

    @expose("/<key>/receive", methods=["POST"])
    @allowed("show")
    def receive(self, key: str) -> Any:
        """Note money that came."""
        _require("receive", "payment")
        booking = self.find(key, "show")
        try:
            with unit_of_work() as session:
                receipt = payments.receive_payment(
                    booking,
                    request.form.get("method", ""),
                    _amount(booking.currency),
                    reference=request.form.get("reference", ""),
                    received_at=_received_at(),
                    note=request.form.get("note", "")[:500],
                    take_up=request.form.get("take_up", "") == "yes",
                )
                session.flush()
                tell_changed(session, self.resource, [booking.id, receipt.booking.id])
        except DomainError as error:
            return self.refused(key, error, faults.PAY)
        flash(*_said_of(receipt))
        return redirect(f"{BASE}/{receipt.booking.id}#money", 303)

    @expose("/<key>/waive", methods=["POST"])
    @allowed("show")
    def waive(self, key: str) -> Any:
        """Let what is open pass."""
        _require("waive", "payment")
        booking = self.find(key, "show")
        try:
            with unit_of_work() as session:
                payments.waive(booking, request.form.get("reason", "")[:500])
                tell_changed(session, self.resource, [booking.id])
        except DomainError as error:
            return self.refused(key, error, faults.WAIVE)
        flash(_("What was open need not be paid."), "success")
        return redirect(f"{BASE}/{key}#money", 303)

    @expose("/<key>/grant", methods=["POST"])
    @allowed("show")
    def grant(self, key: str) -> Any:
        """Pay a part back of a booking that stays; the form says what the asker saw, so that twice is once."""
        _require("grant", "refund")
        booking = self.find(key, "show")
        try:
            with unit_of_work() as session:
                amount = _amount(booking.currency, "grant_amount")
                payments.grant_refund(
                    booking,
                    amount,
                    request.form.get("grant_reason", ""),
                    returned_before=_seen(booking.currency),
                )
                tell_changed(session, self.resource, [booking.id])
        except DomainError as error:
            return self.refused(key, error, faults.GRANT)
        told = wording.money(amount.minor, amount.currency, wording.reader())
        flash(_("%(amount)s is to be paid back. We write to the client.", amount=told), "success")
        return redirect(f"{BASE}/{key}#money", 303)

    @expose("/<key>/refunds/<refund>", methods=["POST"])
    @allowed("show")
    def settle(self, key: str, refund: str) -> Any:
        """Mark a refund as paid, or withdraw it."""
        verb = request.form.get("do", "")
        if not any(may(one, "refund") for one in ("mark_paid", "withdraw")):
            abort(403)
        booking, parsed = self.find(key, "show"), parse_id(refund)
        found = find_refund(db.session(), parsed) if parsed else None
        if found is None or found.booking_id != booking.id or verb not in ("mark_paid", "withdraw"):
            abort(404)
        _require(verb, "refund")
        try:
            with unit_of_work() as session:
                if verb == "mark_paid":
                    payments.mark_refund_paid(found)
                else:
                    payments.withdraw_refund(found, request.form.get("withdraw_reason", "")[:500])
                tell_changed(session, self.resource, [booking.id])
        except DomainError as error:
            return self.refused(key, error, {"reason": f"withdraw-{found.id}"})
        said = _("The refund is marked as paid.") if verb == "mark_paid" else _("The refund is withdrawn.")
        flash(said, "success")
        return redirect(f"{BASE}/{key}#money", 303)

    def refused(self, key: str, error: DomainError, inputs: Mapping[str, str]) -> Any:
        """Show the page again with the refusal and with what was typed."""
        db.session.rollback()
        faults.keep(error, inputs)
        flash(_sentence(error), "danger")
        return self.page(self.find(key, "show")), error.status

    @expose("/<key>/move-to", methods=["GET", "POST"])
    @allowed("move")
    def move_to(self, key: str) -> Any:
        """Say what the guard thinks of another room or time and what it costs, then move the booking there."""
        booking = self.find(key, "move")
        if booking.room_id is None or booking.status not in MOVABLE:
            flash(_("Only a booking of a room that is under way can be moved."), "danger")
            return redirect(f"{BASE}/{key}")
        if request.method == "GET":
            return self.wish(booking, request.args)
        try:
            aside = read_aside(request.form.get("set_aside"))
            wish, reason = read_wish(request.form, booking), request.form.get("reason", "")
            after = moving.move(booking, wish, reason, aside)
        except TimeRefused as error:
            db.session.rollback()
            return self.wish(self.find(key, "move"), request.form), error.status
        except DomainError as error:
            db.session.rollback()
            return self.wish(self.find(key, "move"), request.form, error), error.status
        said = _("“%(title)s” was moved.", title=after.client_name)
        number = _("Its number is %(number)s now; the one before leads here as well.", number=after.reference)
        flash(f"{said} {number}", "success")
        return redirect(f"{BASE}/{after.id}#time", 303)

    def wish(self, booking: Any, asked: Mapping[str, str], error: DomainError | None = None) -> str:
        """Show the form with the guard's answer to what it holds."""
        claim = queries.claim_of(db.session(), booking.id)
        zone = str(claim.promise["zone"]) if claim is not None else "UTC"
        form, answer, refusal = move_form(booking, zone, seen_rooms()), None, ""
        comes_twice = bool(asked.get("fold"))
        if asked.get("starts_at"):
            try:
                wish = read_wish(asked, booking)
                answer = judge(wish, booking) | {"when": time_text(wish.period, zone, wording.reader())}
            except Invalid as invalid:
                refusal, comes_twice = _sentence(invalid), comes_twice or "fold" in invalid.errors
            except DomainError as other:
                refusal = _sentence(other)
        if error is not None and not refusal:
            refusal = _sentence(error)
        return render_template(
            "bookings/move.html",
            booking=booking,
            form=form,
            asked=asked,
            answer=answer,
            refusal=refusal,
            comes_twice=comes_twice,
        )

    @expose("/<key>/confirmation")
    @allowed("show")
    def confirmation(self, key: str) -> Any:
        """Show the confirmation to be printed."""
        return confirmation_page(self.find(key, "show"))

    @expose("/<key>/calendar-file")
    @allowed("show")
    def calendar_file(self, key: str) -> Response:
        """Download the booking as a calendar file."""
        return calendar_file(self.find(key, "show"))


def _require(verb: str, name: str) -> None:
    if not may(verb, name):
        abort(403)


def _sentence(error: DomainError) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(text) for texts in error.errors.values() for text in texts)
    return str(error.message)


def _amount(currency: str, name: str = "amount") -> Money:
    try:
        minor = parse(_AMOUNT, request.form.get(name, ""), currency) if _AMOUNT else None
    except Unreadable as error:
        raise Invalid({name: [str(error)]}) from error
    return Money(minor or 0, currency)


def _seen(currency: str) -> Money:
    """Read what had been paid back, or was to be, when the form was shown. Raises Invalid where it does not say."""
    text = request.form.get("returned_before", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Invalid({"amount": [_("Load the booking's page anew, then send it again.")]})
    return Money(int(text), currency)


def _received_at() -> datetime | None:
    """Read the day on which money came, as noon there; today is now."""
    text = request.form.get("received_on", "")
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        raise Invalid({"received_on": [_("Give a date.")]}) from None
    here = ZoneInfo(zone_of_request())
    today = clock.now().astimezone(here).date()
    if day == today:
        return None
    if not FIRST_DAY <= day <= today + timedelta(days=1):  # elsewhere it may be tomorrow already
        raise Invalid({"received_on": [_("Money comes on a day since 2000, and not in the future.")]})
    return datetime.combine(day, time(12), here).astimezone(UTC)


def _said_of(receipt: payments.Receipt) -> tuple[str, str]:
    amount = wording.money(receipt.payment.amount_minor, receipt.payment.currency, wording.reader())
    if receipt.is_returned:
        return _("%(amount)s came too late. All of it is to be paid back.", amount=amount), "warning"
    if receipt.refusal:
        refusal = receipt.refusal
        return _(
            "%(amount)s received. It could not be confirmed: %(why)s", amount=amount, why=refusal
        ), "warning"
    if receipt.was_taken_up:
        return _("%(amount)s received. The booking is taken up again.", amount=amount), "success"
    return _("%(amount)s received.", amount=amount), "success"
