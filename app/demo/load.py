"""Loads the demo in one transaction; what is there already is left as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import passwords
from app.demo.chats import add_canned_answers, add_conversations
from app.demo.clients import wishes
from app.demo.comments import add_comments
from app.demo.content import LANGUAGES, content
from app.demo.feeds import add_feeds
from app.demo.festivals import next_occasions
from app.demo.glossary import add_terms
from app.demo.keys import stable_key
from app.demo.library import COPIED, TWIN, add_folders, is_told, shelve, twin_key
from app.demo.partners import add_partner
from app.demo.payments import add_payments
from app.demo.people import PASSWORD, people
from app.demo.pictures import draw_all
from app.demo.room_bookings import RoomBookings
from app.demo.series import add_series
from app.demo.venues import Estate
from app.demo.views import add_views
from app.demo.waiting import add_waiting
from app.domains.bookings.models import Booking, BookingStep
from app.domains.catalog.models import (
    Festival,
    FestivalPicture,
    IncludedItem,
    Package,
    PackagePicture,
    Theme,
    ThemePicture,
)
from app.domains.members.models import Member, MemberDevice
from app.domains.reviews.models import Review, ReviewStatus
from app.domains.reviews.service import recount
from app.domains.venues.service import load_places
from app.kernel.configured import configured
from app.kernel.db import unit_of_work
from app.media.models import Asset
from app.media.sandbox import Drawing
from app.media.service import keep_drawing
from app.translation.writing import save_texts

Artist = Callable[[Iterable[str]], Iterator[tuple[str, Drawing]]]


@dataclass(slots=True)
class Counts:
    """How many records of the demo were put in."""

    pictures: int = 0
    packages: int = 0
    themes: int = 0
    festivals: int = 0
    reviews: int = 0
    bookings: int = 0
    payments: int = 0
    calendars: int = 0
    waiting: int = 0
    series: int = 0
    members: int = 0
    canned_answers: int = 0
    conversations: int = 0
    terms: int = 0
    partners: int = 0
    countries: int = 0
    cities: int = 0
    companies: int = 0
    badges: int = 0
    equipment_types: int = 0
    equipment: int = 0
    policies: int = 0
    venues: int = 0
    rooms: int = 0
    closures: int = 0
    translations: int = 0

    def add(self, more: Mapping[str, int]) -> None:
        """Count what another part has put in."""
        for name, number in more.items():
            setattr(self, name, getattr(self, name) + number)

    def __str__(self) -> str:
        told = ", ".join(
            f"{number:,} {name.replace('_', ' ')}" for name, number in asdict(self).items() if number
        )
        return f"The demo is loaded: {told}." if told else "The demo is there already; nothing has changed."


def load_demo(today: date, artist: Artist = draw_all) -> Counts:
    """Load what is missing of the demo as of a day; the artist draws the pictures that are not stored yet."""
    with unit_of_work() as session:
        loading = Loading(session, today)
        loading.counts.add(asdict(load_places(session)))
        loading.pictures(artist)
        loading.packages()
        loading.themes()
        loading.festivals()
        loading.venues()
        loading.counts.partners = add_partner(session)
        loading.reviews()
        loading.members()
        loading.bookings()
        loading.counts.bookings += RoomBookings(session, today).add_all()
        loading.counts.series = add_series(session, today)
        loading.counts.calendars = add_feeds(session)
        loading.counts.payments = add_payments(session, today)
        loading.counts.waiting = add_waiting(session, today)
        loading.chats()
        loading.glossary()
        add_views(session)
        add_comments(session, loading.packages_by_slug, datetime.combine(today, time(9), UTC))
        return loading.counts


@dataclass(slots=True)
class Loading:
    """One run: what it has put in, and the keys that later parts refer to."""

    session: Session
    today: date
    counts: Counts = field(default_factory=Counts)
    assets: dict[str, UUID] = field(default_factory=dict)
    packages_by_slug: dict[str, UUID] = field(default_factory=dict)
    themes_by_slug: dict[str, UUID] = field(default_factory=dict)

    def pictures(self, artist: Artist, only: Collection[str] = ()) -> None:
        """Draw and store the pictures that are missing, or only some of them."""
        recipes = content("pictures")
        keys = {name: stable_key("asset", name, n) for n, name in enumerate(recipes)}
        self.assets = {name: key for name, key in keys.items() if not only or name in only}
        stored = self._stored(Asset, self.assets.values())
        missing = [name for name, key in self.assets.items() if key not in stored]
        if not missing:
            return
        folders = add_folders(self.session)
        for name, drawing in artist(missing):
            alts = recipes[name]["alt"]
            title = name.replace("-", " ").capitalize()
            alt = alts["en"] if is_told(name, "en") else ""
            asset = keep_drawing(drawing, title, alt, key=self.assets[name])
            shelve(asset, name, folders)
            told = {locale: {"alt": alts[locale]} for locale in LANGUAGES if is_told(name, locale)}
            self._translate(asset, "asset", told)
            self.counts.pictures += 1
            if name == COPIED:
                self._copy(drawing, alts["en"])

    def _copy(self, drawing: Drawing, alt: str) -> None:
        """Put a picture in once more, as somebody who did not find it in the library does."""
        if not self._stored(Asset, [twin_key()]):
            keep_drawing(drawing, TWIN, alt, key=twin_key()).file_name = "IMG_2041.webp"
            self.counts.pictures += 1

    def packages(self) -> None:
        """Put in the packages with their items and pictures."""
        for number, told in enumerate(content("packages")):
            key = self._key_of(Package, told["slug"], number)
            self.packages_by_slug[told["slug"]] = key[0]
            if key[1]:
                continue
            package = Package(
                id=key[0],
                slug=told["slug"],
                name=told["text"]["en"]["name"],
                description=told["text"]["en"]["description"],
                price_minor=told["price_minor"],
                currency=told["currency"],
                is_active=told["is_active"],
                position=number,
                items=[
                    IncludedItem(text=text, position=n) for n, text in enumerate(told["text"]["en"]["items"])
                ],
                pictures=[PackagePicture(**facts) for facts in self._gallery(told["pictures"])],
            )
            slugs = {locale: {"slug": slug} for locale, slug in told["slugs"].items()}
            self._add(package, "package", told["text"])
            self._translate(package, "package", slugs)
            for n, item in enumerate(package.items):
                texts = {locale: {"text": told["text"][locale]["items"][n]} for locale in LANGUAGES}
                self._translate(item, "included_item", texts)
            self._translate_gallery(package.pictures, "package_picture", told["pictures"])
            self.counts.packages += 1

    def themes(self) -> None:
        """Put in the themes with their galleries."""
        for number, told in enumerate(content("themes")):
            key = self._key_of(Theme, told["slug"], number)
            self.themes_by_slug[told["slug"]] = key[0]
            if key[1]:
                continue
            theme = Theme(
                id=key[0],
                slug=told["slug"],
                name=told["text"]["en"]["name"],
                description=told["text"]["en"]["description"],
                colour=told["colour"],
                is_active=told["is_active"],
                position=number,
                pictures=[ThemePicture(**facts) for facts in self._gallery(told["pictures"])],
            )
            self._add(theme, "theme", told["text"])
            self._translate_gallery(theme.pictures, "theme_picture", told["pictures"])
            self.counts.themes += 1

    def festivals(self) -> None:
        """Put in the festivals with their next dates."""
        order = {told["slug"]: number for number, told in enumerate(content("festivals"))}
        for occasion in next_occasions(self.today):
            key, is_stored = self._key_of(Festival, occasion.slug, order[occasion.slug])
            if is_stored:
                continue
            names = list(occasion.pictures)
            gallery = [dict(facts, is_primary=not n) for n, facts in enumerate(self._gallery(names))]
            festival = Festival(
                id=key,
                slug=occasion.slug,
                category=occasion.category,
                country=occasion.country,
                zone=occasion.zone,
                facts=occasion.facts,
                starts_on=occasion.starts_on,
                ends_on=occasion.ends_on,
                pictures=[FestivalPicture(**facts) for facts in gallery],
                **occasion.text["en"],
            )
            self._add(festival, "festival", occasion.text)
            self._translate_gallery(festival.pictures, "festival_picture", names)
            self.counts.festivals += 1

    def venues(self) -> None:
        """Put in the venues with all that belongs to them."""
        estate = Estate(self.session, self.today, self._translate, self._gallery, self._translate_gallery)
        self.counts.add(estate.add_all())

    def reviews(self) -> None:
        """Put in the reviews and count their stars."""
        keys = [stable_key("review", told["author_name"], n) for n, told in enumerate(content("reviews"))]
        stored = self._stored(Review, keys)
        for key, told in zip(keys, content("reviews"), strict=True):
            if key in stored:
                continue
            submitted_at = self._days_ago(told["days_ago"], hour=10 + key.int % 9)
            is_decided = told["status"] != ReviewStatus.PENDING
            review = Review(
                id=key,
                package_id=self.packages_by_slug.get(told.get("package", "")),
                theme_id=self.themes_by_slug.get(told.get("theme", "")),
                submitted_at=submitted_at,
                created_at=submitted_at,
                decided_at=submitted_at + timedelta(hours=7) if is_decided else None,
                **{name: told[name] for name in ("author_name", "message", "rating", "locale", "status")},
            )
            self._add(review, "review", {})
            self.counts.reviews += 1
        if self.counts.reviews:
            recount(self.session)

    def bookings(self) -> None:
        """Put in the bookings with the steps they went through."""
        wanted = {stable_key("booking", str(n), n): wish for n, wish in enumerate(wishes(self.today))}
        stored = self._stored(Booking, wanted)
        members = self._members()
        for number, (key, wish) in enumerate(wanted.items()):
            if key in stored:
                continue
            theirs = [one for one in members if one.locale == wish.facts["locale"]] if number % 7 == 3 else []
            owner = next((one for one in theirs if one.created_at <= wish.steps[0].at), None)
            said = (
                {"member_id": owner.id, "client_name": owner.name, "client_email": owner.email}
                if owner
                else {}
            )
            steps = [
                BookingStep(
                    from_status=step.before.value if step.before else None,
                    to_status=step.after.value,
                    at=step.at,
                    reason=step.reason,
                    actor_label="Demo data",
                    position=n,
                )
                for n, step in enumerate(wish.steps)
            ]
            booking = Booking(
                id=key,
                package_id=self.packages_by_slug.get(wish.package or ""),
                status=steps[-1].to_status,
                created_at=steps[0].at,
                steps=steps,
                **wish.facts | said,
            )
            self.session.add(booking)
            self.counts.bookings += 1
        self.session.flush()

    def members(self) -> None:
        """Put in the members with their devices; in production nobody knows their password."""
        wanted = {
            stable_key("member", one.facts["email"], n): one for n, one in enumerate(people(self.today))
        }
        taken = Member.id.in_(list(wanted)) | Member.email.in_(
            [one.facts["email"] for one in wanted.values()]
        )
        stored = set(self.session.scalars(select(Member.email).where(taken)))
        missing = {key: one for key, one in wanted.items() if one.facts["email"] not in stored}
        plain = passwords.generate() if configured("IS_PRODUCTION") else PASSWORD
        password_hash = passwords.hash_password(plain) if missing else ""
        for key, one in missing.items():
            self.session.add(Member(id=key, password_hash=password_hash, **one.facts))
            self.session.flush()
            for name, ip, first, last in one.devices:
                device = {"member_id": key, "epoch": 1, "name": name, "ip": ip}
                self.session.add(MemberDevice(created_at=first, seen_at=last, **device))
        self.session.flush()
        self.counts.members = len(missing)

    def _members(self) -> list[Member]:
        """List the demo's members who are stored; a booking now and then is one of theirs."""
        keys = [stable_key("member", one.facts["email"], n) for n, one in enumerate(people(self.today))]
        found = {one.id: one for one in self.session.scalars(select(Member).where(Member.id.in_(keys)))}
        return [found[key] for key in keys if key in found]

    def chats(self) -> None:
        """Put in the answers that staff keep ready, and conversations that wait for them."""
        self.counts.canned_answers = add_canned_answers(self.session, self._translate)
        self.counts.conversations = add_conversations(self.session, self._days_ago)

    def glossary(self) -> None:
        """Put in the words that translators agree on."""
        self.counts.terms = add_terms(self.session, self._translate)

    def _key_of(self, model: Any, slug: str, number: int) -> tuple[UUID, bool]:
        """Give the key of a record and whether it is stored, be it ours or somebody's with that slug."""
        key = stable_key(model.__tablename__, slug, number)
        found = self.session.scalar(select(model.id).where((model.slug == slug) | (model.id == key)).limit(1))
        return (found, True) if found else (key, False)

    def _stored(self, model: Any, keys: Iterable[UUID]) -> set[UUID]:
        return set(self.session.scalars(select(model.id).where(model.id.in_(list(keys)))))

    def _gallery(self, names: list[str]) -> list[dict[str, Any]]:
        alts = content("pictures")
        return [
            {"asset_id": self.assets[name], "alt": alts[name]["alt"]["en"], "position": n}
            for n, name in enumerate(names)
        ]

    def _translate_gallery(self, rows: list[Any], content_type: str, names: list[str]) -> None:
        for row, name in zip(rows, names, strict=True):
            alts = content("pictures")[name]["alt"]
            self._translate(row, content_type, {locale: {"alt": alts[locale]} for locale in LANGUAGES})

    def _add(self, record: Any, content_type: str, text: dict[str, dict[str, Any]]) -> None:
        self.session.add(record)
        self.session.flush()
        self._translate(record, content_type, text)

    def _translate(self, record: Any, content_type: str, text: dict[str, dict[str, Any]]) -> None:
        texts = {
            (locale, name): told
            for locale in LANGUAGES
            for name, told in text.get(locale, {}).items()
            if isinstance(told, str)
        }
        self.counts.translations += save_texts(self.session, content_type, record, texts)

    def _days_ago(self, days: int, hour: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days), time(hour, days % 60), UTC)
