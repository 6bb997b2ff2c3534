"""The screens of series: made with every day foreseen, mended day by day, changed this and later, or all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.access import rows
from app.access.rights import may
from app.domains.bookings import service
from app.domains.bookings.queries import days, foresee, read_rooms
from app.domains.bookings.resources import EVENT_TYPES, bookings, list_of_series
from app.domains.bookings.service import Mode, Reach
from app.kernel import clock, languages
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import parse_id
from app.kernel.locales import own_name
from app.kernel.values import Period
from app.resources import Catalogue
from app.surfaces.records.news import tell_changed
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.panel import panel_of
from app.surfaces.screens.view import StaffView, is_part, staff_view
from app.web.series import pages
from app.web.series.asked import Asked, from_booking, from_wish, read_asked
from app.web.series.changing import asked_change, change_of, change_page, meant_days
from app.web.series.pages import PATH
from app.web.series.words import Preview, preview_of
from app.web.timeline.asked import instant_of
from app.web.timeline.judging import read_wish
from app.web.timeline.places import model_of, seen_rooms


def series_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the series."""
    generated = staff_view(catalogue, list_of_series)
    return type("BookingSeriesView", (_SeriesView, generated), {"route_base": PATH})


class _SeriesView(StaffView):
    """The generated list; a series is made, seen and changed on pages of its own, with each of its days."""

    @expose("/new")
    @allowed("add")
    def new(self) -> Any:
        """Show the form and every day of the rule; htmx asks for the days alone while one types."""
        sent = request.args
        if not sent.get("starts") and (texts := _begun(sent)):
            asked = read_asked(_Sent(texts), seen_rooms(), whole=False)
            return self.drawn(asked, _preview(asked), is_begun=True)
        asked = read_asked(sent, seen_rooms(), whole=False)
        if is_part():
            return render_template("series/_days.html", preview=_preview(asked), asked=asked)
        is_begun = bool(sent.get("starts"))
        return self.drawn(asked, _preview(asked) if is_begun else Preview(), is_begun=is_begun)

    def drawn(self, asked: Asked, preview: Preview, *, is_begun: bool) -> Any:
        """Draw the form."""
        return render_template(
            "series/new.html",
            asked=asked,
            preview=preview,
            faults=asked.faults if is_begun else {},
            rooms=seen_rooms(),
            occasions=EVENT_TYPES,
            locales=[(tag, own_name(tag)) for tag in languages.interface_locales()],
            today=clock.today().isoformat(),
        )

    @expose("/new", methods=["POST"])
    @allowed("add")
    def book(self) -> Any:
        """Book the series."""
        _may_book()
        asked = read_asked(request.form, seen_rooms(), whole=True)
        if asked.faults or asked.room is None or asked.repetition is None:
            return self.drawn(asked, _preview(asked), is_begun=True), 422
        try:
            with unit_of_work() as session:
                series = service.book_series(
                    session, asked.facts, asked.room.id, asked.repetition, asked.mode
                )
                key, booked = series.id, sum(one.booking_id is not None for one in series.occurrences)
                _tell(session, series)
        except Invalid as error:
            asked.faults |= {name: str(texts[0]) for name, texts in error.errors.items()}
            return self.drawn(asked, _preview(asked), is_begun=True), error.status
        except DomainError as error:
            flash(str(error.message), "danger")
            return self.drawn(asked, _preview(asked), is_begun=True), error.status
        flash(ngettext("%(num)d day is booked.", "%(num)d days are booked.", booked), "success")
        return redirect(f"{PATH}/{key}", 303)

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show a series with all of its days."""
        series = self.find(key, "show")
        page = replace(pages.series_page(series), panel=panel_of(self.resource, series))
        return render_template("series/show.html", page=page)

    @expose("/<key>/days/confirm", methods=["POST"])
    @allowed("confirm")
    def confirm_days(self, key: str) -> Any:
        """Confirm every day that waits, if whoever sends this was told whom that rejects (rule 4)."""
        series = self.find(key, "confirm")
        reason = request.form.get("reason", "")[:500]
        rivals = {one for one in map(parse_id, request.form.getlist("rivals")) if one is not None}
        try:
            with unit_of_work() as session:
                done, refused = service.confirm_days(
                    session, series, reason, seen=pages.seen("confirm"), told=rivals
                )
                _tell(session, series)
        except DomainError as error:
            return _refused(series, {"what": "confirm", "reason": reason}, error)
        flash(ngettext("%(num)d day is confirmed.", "%(num)d days are confirmed.", done), "success")
        if refused:
            told = ngettext("%(num)d day could not be.", "%(num)d days could not be.", len(refused))
            flash(told, "warning")
        return redirect(f"{PATH}/{key}", 303)

    @expose("/<key>/days/<day>/book", methods=["POST"])
    @allowed("add")
    def book_day(self, key: str, day: str) -> Any:
        """Book a day that was left out or could not be: as wished, at another time, in another room."""
        _may_book()
        series = self.find(key, "add")
        room_id = parse_id(request.form.get("room_id", ""))
        room = next((one for one in seen_rooms() if one.id == (room_id or series.room_id)), None)
        if room is None:
            abort(404)
        return self.on_day(
            series,
            day,
            lambda session, one: service.book_occurrence(
                session, one, room.id, _wish(request.form.get("starts_at", ""), series, room.zone)
            ),
            _("The day is booked."),
        )

    @expose("/<key>/days/<day>/leave-out", methods=["POST"])
    @allowed("add")
    def leave_out(self, key: str, day: str) -> Any:
        """Decide that a day stays out."""
        return self.on_day(self.find(key, "add"), day, service.leave_out, _("The day is left out."))

    def on_day(self, series: Any, day: str, do: Any, told: str) -> Any:
        """Do something with one day, and tell what came of it."""
        try:
            with unit_of_work() as session:
                occurrence = service.occurrence_of(session, series, parse_id(day) or abort(404))
                if not pages.is_seen(series, occurrence):
                    abort(404)
                do(session, occurrence)
                _tell(session, series)
        except DomainError as error:
            flash(_sentence(error), "danger")
        else:
            flash(told, "success")
        return redirect(f"{PATH}/{series.id}#d-{day}", 303)

    @expose("/<key>/change")
    @allowed("show")
    def change(self, key: str) -> Any:
        """Show what calling off or moving days would do to each of them."""
        page = change_page(self.find(key, "show"), request.args)
        return render_template("series/_changes.html" if is_part() else "series/change.html", page=page)

    @expose("/<key>/days/cancel", methods=["POST"])
    @allowed("cancel")
    def cancel_days(self, key: str) -> Any:
        """Call days off."""
        series = self.find(key, "cancel")
        with unit_of_work() as session:
            meant = meant_days(session, series, request.form, "cancel")
            done = service.cancel_days(session, series, meant, request.form.get("reason", "")[:500])
            _tell(session, series)
        flash(ngettext("%(num)d day is called off.", "%(num)d days are called off.", done), "success")
        return redirect(f"{PATH}/{key}", 303)

    @expose("/<key>/days/move", methods=["POST"])
    @allowed("move")
    def move_days(self, key: str) -> Any:
        """Move days, or all of them or none."""
        series = self.find(key, "move")
        texts, asked = asked_change(series, request.form)
        mode = Mode.ALL if texts.get("mode") == Mode.ALL.value else Mode.SKIP
        if asked.faults:
            return render_template("series/change.html", page=change_page(series, request.form)), 422
        try:
            with unit_of_work() as session:
                change = change_of(series, texts)
                meant = meant_days(session, series, request.form, "move")
                reason = texts.get("reason", "")[:500]
                told = service.move_days(session, series, meant, change, mode, reason)
                if told and texts.get("reach") != Reach.ONE.value:
                    service.keep_change(series, change)
                _tell(session, series)
        except DomainError as error:
            return _refused(series, request.form, error)
        done = sum(one.foreseen.is_free for one in told)
        flash(ngettext("%(num)d day is moved.", "%(num)d days are moved.", done), "success")
        if len(told) > done:
            words = dict.fromkeys(str(text) for one in told for text in one.words)
            could_not = ngettext("%(num)d day could not be.", "%(num)d days could not be.", len(told) - done)
            flash(" ".join([could_not, *words]), "warning")
        return redirect(f"{PATH}/{key}", 303)

    @expose("/<key>/prolong", methods=["POST"])
    @allowed("add")
    def prolong(self, key: str) -> Any:
        """Add the days of the rule until a later one."""
        _may_book()
        series = self.find(key, "add")
        try:
            until_on = datetime.fromisoformat(request.form.get("until_on", "")).date()
        except ValueError:
            flash(_("Give a date such as 2027-05-24."), "danger")
            return redirect(f"{PATH}/{key}", 303)
        mode = Mode.ALL if request.form.get("mode") == Mode.ALL.value else Mode.SKIP
        try:
            with unit_of_work() as session:
                added = service.prolong(session, series, until_on, mode)
                booked = sum(one.booking_id is not None for one in added)
                _tell(session, series)
        except DomainError as error:
            flash(_sentence(error), "danger")
        else:
            flash(ngettext("%(num)d day is booked.", "%(num)d days are booked.", booked), "success")
        return redirect(f"{PATH}/{key}", 303)


class _Sent(dict[str, str]):
    """What was not sent but is known, read as a form."""

    def getlist(self, name: str) -> list[str]:
        """Give the values of a name."""
        return [self[name]] if name in self else []


def _tell(session: Any, series: Any) -> None:
    """Let who looks at lists and calendars learn that a series and its bookings changed."""
    session.flush()
    tell_changed(session, list_of_series, [series.id])
    keys = session.scalars(select(bookings.model.id).where(bookings.model.series_id == series.id))
    tell_changed(session, bookings, list(keys))


def _may_book() -> None:
    """Answer 403 to who may add to series, but no booking."""
    if not may("add", bookings.name):
        abort(403)


def _begun(sent: Mapping[str, str]) -> dict[str, str]:
    """Give what the form begins with where something is to come again: a booking, or a wish in the calendar."""
    rooms = seen_rooms()
    if sent.get("from"):
        booking = _booking(sent["from"])
        room = next((one for one in rooms if booking is not None and one.id == booking.room_id), None)
        return from_booking(booking, room) if room is not None else {}
    if not sent.get("starts_at"):
        return {}
    try:
        wish = read_wish(sent)
    except DomainError as error:
        flash(_sentence(error), "danger")
        return {}
    return from_wish(wish, next(one for one in rooms if one.id == wish.room))


def _booking(key: str) -> Any:
    """Find the booking that is to come again; None where there is none with a room for this reader."""
    parsed, model = parse_id(key), model_of("booking")
    if parsed is None:
        return None
    seen = rows.condition("booking", current_user, model, "show")
    return db.session.scalar(select(model).where(model.id == parsed, model.room_id.is_not(None), seen))


def _preview(asked: Asked) -> Preview:
    """Foresee every day of the rule: two statements, however many there are."""
    if asked.room is None or asked.repetition is None:
        return Preview(fault=next(iter(asked.faults.values()), ""))
    try:
        dates = days(asked.repetition, asked.room.zone)
    except Invalid as error:
        for name, texts in error.errors.items():
            asked.faults[name] = str(texts[0])
        return Preview(fault=_sentence(error))
    now = clock.now()
    keys = pages.others_of(asked.room, seen_rooms())
    known = read_rooms(db.session.connection(), keys, dates, now)
    text = asked.text("guests")
    guests = int(text[:6]) if text.isascii() and text.isdecimal() else None
    foreseen = foresee(known, asked.room.id, dates, now, guests=guests)
    return preview_of(foreseen, known[asked.room.id].rules, asked.repetition)


def _wish(text: str, series: Any, zone: str) -> Any:
    """Read another time for a day; None where none is given. Raises Invalid."""
    if not text:
        return None
    starts_at = instant_of("starts_at", text, zone, fold="0")  # of a time that comes twice the first is meant
    return Period(starts_at, starts_at + timedelta(minutes=series.minutes))


def _refused(series: Any, sent: Mapping[str, str], error: DomainError) -> Any:
    """Say why nothing was written, above what was asked for."""
    db.session.rollback()
    flash(_sentence(error), "danger")
    return render_template("series/change.html", page=change_page(series, sent)), error.status


def _sentence(error: DomainError) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(text) for texts in error.errors.values() for text in texts)
    return str(error.message)
