"""Stock Flask-AppBuilder: a ModelView of bookings with the columns of our list, in a menu like ours.

Its own tables (users, roles, rights) live in the schema `stock`, so that it and Festoon do not meet.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bench.peers.stock_account import PASSWORD, USER
from bench.peers.stock_menu import LINKS, SHOWN

SHARED = {"schema": "public"}


class Package(Model):
    """What a client books."""

    __tablename__ = "package"
    __table_args__ = SHARED

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str]
    price_minor: Mapped[int]
    is_active: Mapped[bool]

    def __repr__(self) -> str:
        return self.name


class Theme(Model):
    """A look for a celebration."""

    __tablename__ = "theme"
    __table_args__ = SHARED

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_active: Mapped[bool]

    def __repr__(self) -> str:
        return self.name


class Festival(Model):
    """A day that a country celebrates."""

    __tablename__ = "festival"
    __table_args__ = SHARED

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str]
    starts_on: Mapped[date]


class Review(Model):
    """What a client says."""

    __tablename__ = "review"
    __table_args__ = SHARED

    id: Mapped[UUID] = mapped_column(primary_key=True)
    author_name: Mapped[str]
    rating: Mapped[int]
    status: Mapped[str]


class Asset(Model):
    """A stored picture."""

    __tablename__ = "asset"
    __table_args__ = SHARED

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    path: Mapped[str]


class Booking(Model):
    """A client's wish for a day."""

    __tablename__ = "booking"
    __table_args__ = SHARED

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_name: Mapped[str]
    client_email: Mapped[str]
    client_phone: Mapped[str | None]
    event_type: Mapped[str]
    event_on: Mapped[date]
    place: Mapped[str]
    package_id: Mapped[UUID | None] = mapped_column(ForeignKey("public.package.id"))
    guests: Mapped[int | None]
    message: Mapped[str]
    total_minor: Mapped[int | None]
    currency: Mapped[str]
    status: Mapped[str]
    locale: Mapped[str]
    created_at: Mapped[datetime]
    package: Mapped[Package | None] = relationship()


class BookingView(ModelView):
    """The list, newest first, 25 a page; all else as it comes."""

    datamodel = SQLAInterface(Booking)
    route_base = "/bookings"
    page_size = 25
    base_order = ("created_at", "desc")
    list_columns: ClassVar = [
        "client_name",
        "event_type",
        "event_on",
        "place",
        "package",
        "total_minor",
        "status",
        "created_at",
    ]


class PackageView(ModelView):
    datamodel = SQLAInterface(Package)


class ThemeView(ModelView):
    datamodel = SQLAInterface(Theme)


class FestivalView(ModelView):
    datamodel = SQLAInterface(Festival)


class ReviewView(ModelView):
    datamodel = SQLAInterface(Review)


class AssetView(ModelView):
    datamodel = SQLAInterface(Asset)


VIEWS = (PackageView, ThemeView, FestivalView, AssetView, ReviewView, BookingView)
"""Those behind `stock_menu.SHOWN`, in its order."""


def create_app() -> Flask:
    """Make the stock application."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=os.environ["SECRET_KEY"],
        SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS={"connect_args": {"options": "-csearch_path=stock"}},
        WTF_CSRF_ENABLED=True,
        LANGUAGES={"en": {"flag": "gb", "name": "English"}},
    )
    db = SQLAlchemy(model_class=Model)
    db.init_app(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        for view, (label, group) in zip(VIEWS, SHOWN, strict=True):
            builder.add_view(view, label, category=group)
        for group, labels in LINKS.items():
            for label in labels:
                builder.add_link(label, href=f"/{label}/", category=group)
        if builder.sm.find_user(USER) is None:
            builder.sm.add_user(
                USER, "Bench", "Mark", "bench@example.org", builder.sm.find_role("Admin"), PASSWORD
            )
    return app
