"""Rules of booking that staff set aside in the calendar: which, by whom, why, and nowhere else (rules 3, 11 and 24)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking
from app.domains.venues.models import CancellationStep, Room
from app.kernel import clock
from tests.domains.rooms import stored_room
from tests.factories.venues import CancellationPolicyFactory, ClosureFactory
from tests.web.test_timeline import FACTS, SignIn, asked, booked, monday, operator, post, room, wish

__all__ = ["operator", "room"]
CLIENT = {"client_name": "Bob", "client_email": "bob@example.com", "event_type": "wedding", "guests": "20"}


def late(booking: Booking, room: Room, **more: Any) -> dict[str, Any]:
    """Ask for a time that runs past closing."""
    return asked(booking, room, "20:00", "22:00", **more)


def live(session: Session) -> Booking:
    session.expire_all()
    return session.scalars(select(Booking).where(Booking.status == "pending")).one()


def test_the_answer_names_what_can_be_set_aside_to_who_may_do_so(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking = booked(session, room)
    told = post(operator, "/calendar/judge", late(booking, room)).get_json()
    assert told["is_kept"] is False
    assert told["aside"]["is_offered"] is True
    assert told["aside"]["rules"] == ["hours"]
    assert told["aside"]["said"] == "It would set aside, for this booking alone: opening hours."
    kept = post(operator, "/calendar/judge", asked(booking, room, "15:00", "17:00")).get_json()
    assert kept["aside"] == {"is_offered": False, "rules": [], "said": ""}


@pytest.mark.parametrize("against", ["free", "closure", "offered"])
def test_what_is_taken_closed_or_not_offered_is_never_set_aside_and_the_answer_says_why(
    session: Session, room: Room, operator: FlaskClient, against: str
) -> None:
    booking = booked(session, room)
    times, words = (
        wish("19:00", "21:00"),
        {"free": "somebody else", "closure": "closed", "offered": "not offered"},
    )
    if against == "free":
        booked(session, room, "19:00", "21:00")
    elif against == "closure":
        where = {"venue_id": room.venue_id, "room_id": room.id}
        ClosureFactory(starts_at=times.starts_at, ends_at=times.ends_at, **where)
    else:
        room.is_active = False
    session.commit()
    told = post(operator, "/calendar/judge", late(booking, room)).get_json()
    assert (told["aside"]["is_offered"], told["aside"]["rules"]) == (False, [])
    assert words[against] in told["aside"]["said"]
    body = late(booking, room, reason="A friend of the house", set_aside=["hours"])
    assert post(operator, "/calendar/move", body).status_code == 409
    assert post(operator, "/calendar/move", body | {"set_aside": [against]}).status_code == 422
    session.refresh(booking)
    assert booking.status == "pending"


def test_a_booking_is_moved_against_rules_for_a_reason_that_its_page_tells(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking = booked(session, room)
    session.commit()
    silent = post(operator, "/calendar/move", late(booking, room, set_aside=["hours"], reason="  "))
    assert (silent.status_code, list(silent.get_json()["errors"])) == (422, ["reason"])
    body = late(booking, room, set_aside=["hours", "notice"], reason="Zita asked at the fair")
    answer = post(operator, "/calendar/move", body)
    assert answer.status_code == 200, answer.get_json()
    after = live(session)
    note = "Set aside: opening hours. Reason: Zita asked at the fair"
    assert (str(after.id), after.ends_at) == (answer.get_json()["booking"], wish("20:00", "22:00").ends_at)
    assert (booking.steps[-1].reason, after.steps[0].reason) == (note, note)
    assert after.steps[0].actor_label
    for key in (booking.id, after.id):
        assert note in operator.get(f"/bookings/{key}").get_data(as_text=True)


def test_only_what_was_shown_is_set_aside_and_what_broke_meanwhile_is_not(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking = booked(session, room)
    room.notice_minutes = 30 * 1440
    session.commit()
    answer = post(operator, "/calendar/move", late(booking, room, set_aside=["hours"], reason="As agreed"))
    assert answer.status_code == 409
    assert answer.get_json()["judgement"]["aside"]["rules"] == ["notice", "hours"]
    assert live(session).id == booking.id


def test_a_booking_is_made_longer_against_the_hours(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking = booked(session, room, "19:00", "21:00")
    room.notice_minutes = 30 * 1440
    session.commit()
    longer = asked(booking, room, "19:00", "22:00")
    told = post(operator, "/calendar/judge", longer).get_json()
    assert told["aside"]["rules"] == ["hours"], "what it kept when it was made is not asked anew"
    assert post(operator, "/calendar/move", longer).status_code == 409
    done = post(operator, "/calendar/move", longer | {"set_aside": ["hours"], "reason": "The band plays on"})
    assert done.status_code == 200, done.get_json()
    after = live(session)
    assert after.ends_at == wish("19:00", "22:00").ends_at
    assert after.steps[0].reason == "Set aside: opening hours. Reason: The band plays on"


def test_a_new_booking_is_made_against_rules_for_a_reason(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    times = {"starts_at": f"{monday()}T12:10", "ends_at": f"{monday()}T12:40"}
    body = {"room": str(room.id), "zone": "UTC", "client": CLIENT, **times}
    told = post(operator, "/calendar/judge", body).get_json()
    assert told["aside"]["rules"] == ["length", "start"]
    assert post(operator, "/calendar/book", body).status_code == 409
    aside = {"set_aside": ["length", "start"]}
    assert list(post(operator, "/calendar/book", body | aside).get_json()["errors"]) == ["reason"]
    made = post(operator, "/calendar/book", body | aside | {"reason": "A short rehearsal"})
    assert made.status_code == 201, made.get_json()
    assert live(session).steps[0].reason == "Set aside: length, start. Reason: A short rehearsal"


def test_who_lacks_the_right_sets_nothing_aside(
    session: Session, room: Room, operator: FlaskClient, sign_in: SignIn, app: Any
) -> None:
    page = operator.get("/calendar/").get_data(as_text=True)
    assert page.count("data-aside-switch") == 2
    manager = app.appbuilder.sm
    role = manager.add_role("Usher")
    granted = [("booking", "list show add move extend"), ("room", "list show"), ("venue", "list show")]
    for name, verbs in granted:
        for verb in verbs.split():
            manager.add_permission_role(role, manager.find_permission_view_menu(f"can_{verb}", name))
    usher, booking = sign_in("Usher"), booked(session, room)
    session.commit()
    assert "data-aside" not in usher.get("/calendar/").get_data(as_text=True)
    told = post(usher, "/calendar/judge", late(booking, room)).get_json()
    assert told["aside"] == {"is_offered": False, "rules": [], "said": ""}
    more = {"set_aside": ["hours"], "reason": "Because"}
    new = {"room": str(room.id), "zone": "UTC", "client": CLIENT, "starts_at": f"{monday()}T20:00"}
    new |= {"ends_at": f"{monday()}T22:00"}
    for path, body in (("move", late(booking, room)), ("book", new)):
        answer = post(usher, f"/calendar/{path}", body | more)
        assert answer.status_code == 403, answer.get_json()
    form = {"zone": "UTC", "room": str(room.id), **more, "set_aside": "hours"}
    form |= {name: late(booking, room)[name] for name in ("starts_at", "ends_at")}
    assert usher.post(f"/bookings/{booking.id}/move-to", data=form).status_code == 403
    assert live(session).id == booking.id


@pytest.mark.parametrize("path", ["/bookings/add", "/api/v1/bookings/"])
def test_neither_the_form_nor_the_api_sets_rules_aside_for_anybody(
    session: Session, room: Room, sign_in: SignIn, path: str
) -> None:
    admin, is_form = sign_in("Admin"), path.endswith("add")

    def send(starts: str, ends: str, **more: str) -> list[Booking]:
        facts = FACTS | {"room_id": str(room.id), "event_on": monday().isoformat(), "place": "Here"} | more
        facts |= {"starts_at": f"{monday()}T{starts}:00Z", "ends_at": f"{monday()}T{ends}:00Z"}
        answer = admin.post(path, data=facts) if is_form else admin.post(path, json=facts)
        assert answer.status_code < 500
        return list(session.scalars(select(Booking)))

    assert send("20:00", "22:00") == []
    assert send("20:00", "22:00", set_aside="hours", overruled="hours", reason="Because") == []
    assert len(send("12:00", "14:00")) == 1, "only the hours were in the way"


def test_the_page_that_moves_a_booking_sets_aside_as_the_calendar_does(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking = booked(session, room)
    session.commit()
    wanted = late(booking, room)
    where = {name: wanted[name] for name in ("zone", "room", "starts_at", "ends_at")}
    path = f"/bookings/{booking.id}/move-to"
    page = operator.get(path, query_string=where).get_data(as_text=True)
    assert 'name="set_aside" value="hours"' in page
    assert operator.post(path, data=where | {"reason": "Why not"}).status_code == 409
    done = operator.post(path, data=where | {"set_aside": "hours", "reason": "Why not"})
    assert done.status_code == 303, done.get_data(as_text=True)
    assert live(session).steps[0].reason == "Set aside: opening hours. Reason: Why not"


def test_a_move_that_changes_what_calling_off_pays_back_says_so(
    session: Session, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 18: the promised policy is kept, and its instants follow the start."""
    steps = [
        CancellationStep(hours_before=168, refund_percent=100),
        CancellationStep(hours_before=24, refund_percent=50),
    ]
    room = stored_room(session, policy_id=CancellationPolicyFactory(steps=steps).id)
    booking = booked(session, room)
    session.commit()
    later = monday() + timedelta(days=28)
    far = asked(booking, room, "", "") | {"starts_at": f"{later}T12:00", "ends_at": f"{later}T14:00"}
    near = asked(booking, room, "15:00", "17:00")
    two_days_before = wish().starts_at - timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: two_days_before)
    operator = sign_in("Booking operator")
    assert service.refund_for(session, booking).percent == 50
    told = post(operator, "/calendar/judge", far).get_json()
    assert told["paid_back"] == "Called off now, 50% would be paid back; after the move 100%."
    assert post(operator, "/calendar/judge", near).get_json()["paid_back"] == ""
    after = session.get_one(Booking, post(operator, "/calendar/move", far).get_json()["booking"])
    assert service.refund_for(session, after).percent == 100, "as it was told"
