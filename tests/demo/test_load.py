"""Loading gives what was promised, once, in every language, with histories that could have happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text

from app.access import passwords
from app.access.accounts import find_user
from app.demo.content import LANGUAGES, content
from app.demo.library import is_told
from app.demo.load import Artist, Counts, load_demo
from app.demo.people import PASSWORD
from app.domains.bookings.models import Booking, BookingSeries, BookingStatus, Occurrence
from app.domains.bookings.service import TRANSITIONS
from app.domains.catalog.models import Festival, IncludedItem, Package, PackagePicture, Theme, ThemePicture
from app.domains.members.models import Member
from app.domains.messaging.models import CannedAnswer, Conversation
from app.domains.reviews.models import Review
from app.domains.venues.models import Closure, Company, Room, Venue
from app.kernel.actor import Actor, acting_as
from app.kernel.db import db
from app.media.models import Asset
from app.media.storage import storage
from app.translation import memory
from app.translation.glossary import hits
from app.translation.glossary.models import GlossaryTerm
from app.translation.models import Translation
from tests.conftest import lent
from tests.demo.conftest import TODAY


@pytest.fixture(scope="module")
def loaded(whole_app: Flask, artist: Artist) -> Iterator[tuple[Connection, Counts]]:
    """Load the demo once, in a transaction that is rolled back after the last test: (its connection, the counts)."""
    with whole_app.app_context(), db.engine.connect() as connection:
        outer = connection.begin()
        with lent(whole_app, connection), acting_as(Actor("command", "demo", "Demo data")):
            counted = load_demo(TODAY, artist)
        yield connection, counted
        outer.rollback()


@pytest.fixture
def app(whole_app: Flask, loaded: tuple[Connection, Counts]) -> Iterator[Flask]:
    """Lend the program with the demo in its database; what the test writes is rolled back."""
    connection, _counted = loaded
    with whole_app.app_context():
        written = connection.begin_nested()
        with lent(whole_app, connection):
            yield whole_app
        written.rollback()


@pytest.fixture
def demo(app: Flask, loaded: tuple[Connection, Counts]) -> Counts:
    """Give what was counted as it was loaded."""
    return loaded[1]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def translations_of(session, model):
    told = select(func.count()).where(Translation.content_type == model.__tablename__)
    return session.scalar(told)


@pytest.mark.proves("S3.17")
def test_everything_is_there(demo, session):
    assert count(session, Package) == len(content("packages"))
    assert count(session, Theme) == len(content("themes"))
    assert count(session, Festival) == len(content("festivals")) >= 30
    assert count(session, Review) == 40
    alone = select(func.count()).select_from(Booking).where(Booking.series_id.is_(None))
    assert session.scalar(alone) == 261
    assert count(session, BookingSeries) == demo.series == 2
    days = session.scalars(select(Occurrence)).all()
    assert {"booked", "closed"} <= {one.outcome for one in days}
    assert count(session, Booking) == 261 + sum(one.outcome == "booked" for one in days)
    assert count(session, Member) == 30
    assert count(session, CannedAnswer) == len(content("canned")) == 8
    assert count(session, Conversation) == len(content("chats"))
    assert count(session, Asset) == len(content("pictures")) + 1  # one of them is there twice, to be found
    assert demo.translations == count(session, Translation)
    assert "261 bookings" in str(demo)


def test_there_are_as_many_venues_and_what_belongs_to_them_as_promised(demo, session):
    assert "3 companies, 6 badges, 4 equipment types, 8 equipment, 3 policies, 5 venues, 10 rooms" in str(
        demo
    )
    assert (demo.countries, demo.cities, demo.closures) == (249, 2080, 3)
    assert (count(session, Venue), count(session, Room), count(session, Closure)) == (5, 10, 3)


def test_vera_looks_after_one_company_and_signs_in_with_the_password_of_the_demo(demo, session, client):
    assert demo.partners == 1
    vera = find_user("vera")
    looked_after = session.scalars(select(Company).where(Company.users.contains(vera))).all()
    assert [company.slug for company in looked_after] == ["lindenhof-halls"]
    assert [role.name for role in vera.roles] == ["Partner"]
    signed_in = client.post("/login/", data={"username": "vera", "password": PASSWORD})
    assert signed_in.status_code in (302, 303)
    page = client.get("/venues/").get_data(as_text=True)
    theirs = set(session.scalars(select(Venue.name).where(Venue.company_id == looked_after[0].id)))
    others = set(session.scalars(select(Venue.name))) - theirs
    assert all(name in page for name in theirs)
    assert not any(name in page for name in others)


def test_loading_again_changes_nothing(demo, session, artist):
    before = session.scalar(text("SELECT count(*) FROM audit_entry"))
    again = load_demo(TODAY + timedelta(days=40), artist)
    assert not any(getattr(again, name) for name in again.__slots__)
    assert str(again) == "The demo is there already; nothing has changed."
    assert session.scalar(text("SELECT count(*) FROM audit_entry")) == before


def test_what_was_taken_away_comes_back_and_the_rest_stays(demo, session, artist):
    session.delete(session.scalars(select(Theme).where(Theme.slug == "rose-ballroom")).one())
    package = session.scalars(select(Package).where(Package.slug == "first-birthday")).one()
    package.name = "Our own name"
    session.commit()
    again = load_demo(TODAY, artist)
    assert (again.themes, again.packages, again.pictures) == (1, 0, 0)
    session.refresh(package)
    assert package.name == "Our own name"


def test_every_text_has_its_translations(demo, session):
    fields = {
        Package: 3,  # its address is one in every language
        Theme: 2,
        Festival: 3,
        IncludedItem: 1,
        PackagePicture: 1,
        ThemePicture: 1,
    }
    with_customs = [one for one in content("festivals") if "customs" in one["text"]["en"]]
    more = {Festival: len(with_customs) * len(LANGUAGES)}
    for model, number in fields.items():
        wanted = count(session, model) * number * len(LANGUAGES) + more.get(model, 0)
        assert translations_of(session, model) == wanted, model


def test_some_pictures_wait_for_their_words_in_every_language(demo, session):
    told = [(name, locale) for name in content("pictures") for locale in LANGUAGES if is_told(name, locale)]
    assert 0 < len(told) < len(content("pictures")) * len(LANGUAGES)
    assert {locale for _name, locale in told} == set(LANGUAGES)
    assert translations_of(session, Asset) == len(told)
    without = session.scalar(select(func.count()).select_from(Asset).where(Asset.alt == ""))
    assert without == sum(not is_told(name, "en") for name in content("pictures")) > 0


def test_the_public_reads_it_in_arabic(demo, client):
    answer = client.get("/public/v1/themes/starlit-pavilion?lang=ar").get_json()["data"]
    assert answer["name"] == "جناح تحت النجوم"
    assert answer["languages"]["name"] == "ar"
    assert len(answer["pictures"]) == 4


def test_inactive_ones_are_not_shown(demo, client):
    slugs = {one["slug"] for one in client.get("/public/v1/packages?page[size]=100").get_json()["data"]}
    assert slugs == {one["slug"] for one in content("packages") if one["is_active"]}


def test_every_festival_has_one_primary_picture(demo, session):
    for festival in session.scalars(select(Festival)):
        assert sum(picture.is_primary for picture in festival.pictures) == 1
        assert all(picture.alt for picture in festival.pictures)


def test_the_files_of_every_picture_are_stored(demo, session):
    for asset in session.scalars(select(Asset)):
        with storage().open(asset.path) as file:
            assert len(file.read()) == asset.bytes


def test_stars_are_those_of_the_approved_reviews(demo, session):
    for one in (*session.scalars(select(Package)), *session.scalars(select(Theme))):
        of_it = Review.package_id if isinstance(one, Package) else Review.theme_id
        shown = session.scalars(
            select(Review.rating).where(of_it == one.id, Review.status == "approved")
        ).all()
        assert (one.rating_sum, one.rating_count) == (sum(shown), len(shown)), one.slug


def test_bookings_went_a_way_that_the_transitions_allow(demo, session):
    seen = set()
    for booking in session.scalars(select(Booking)):
        ways = [(step.from_status, step.to_status) for step in booking.steps]
        assert ways[0] == (None, "pending")
        for (_, before), (from_status, after) in pairwise(ways):
            assert from_status == before
            assert BookingStatus(after) in TRANSITIONS[BookingStatus(before)]
        times = [step.at for step in booking.steps]
        assert times == sorted(times)
        assert booking.created_at == times[0]
        assert booking.status == ways[-1][1]
        seen.add(booking.status)
    assert seen == set(BookingStatus)


def test_bookings_suit_the_calendar(demo, session):
    for booking in session.scalars(select(Booking)):
        over = booking.event_on < TODAY
        allowed = {"completed", "cancelled", "no_show"} if over else {"confirmed", "pending", "cancelled"}
        if booking.room_id and not over:
            allowed |= {"moved", "rejected"}
        assert booking.status in allowed
        assert all(step.at.date() <= min(TODAY, booking.event_on) for step in booking.steps)
        assert abs(booking.event_on - TODAY) <= timedelta(days=372)


def test_the_history_names_who_did_it(demo, session):
    labels = session.scalars(
        text("SELECT DISTINCT actor_label FROM audit_entry WHERE content_type = 'booking'")
    )
    assert labels.all() == ["Demo data"]


def test_members_of_every_language_can_sign_in(demo, session):
    """Some wait to confirm their address, and two were suspended, each for a reason."""
    members = list(session.scalars(select(Member)))
    assert {member.locale for member in members} == {"en", *LANGUAGES}
    assert len({member.password_hash for member in members}) == 1
    assert passwords.verify(members[0].password_hash, PASSWORD)
    assert 20 < sum(member.is_verified for member in members) < 30
    assert [bool(member.suspended_because) for member in members if not member.is_active] == [True, True]
    assert all(member.created_at <= member.seen_at for member in members)
    assert max(member.created_at for member in members).date() > TODAY - timedelta(days=7)


# Rules 12, 13
def test_the_glossary_and_the_memory_have_something_to_say(demo, session):
    assert count(session, GlossaryTerm) == len(content("glossary")) == demo.terms
    wanted = {hit.term: hit.wanted for hit in hits(session, "A string quartet for your guests", "de")}
    assert wanted == {"string quartet": "Streichquartett", "guest": "Gast"}
    assert memory.suggest(session, "The festival of lights", "de") == ()
    name = session.scalar(select(Package.name).where(Package.slug == content("packages")[0]["slug"]))
    best, *_others = memory.suggest(session, name, "de", "package", "name")
    assert (best.percent, best.text) == (100, content("packages")[0]["text"]["de"]["name"])
