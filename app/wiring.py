"""The wiring of the whole program, to be read from top to bottom; it alone knows every part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder

from app.access.babel import speak_languages
from app.access.cookies import StaffCookies
from app.access.csrf import guard_forms
from app.access.entry import guard_entry
from app.access.headers import guard_headers
from app.access.hosts import guard_hosts, trusted_hosts
from app.access.limits import limit_bodies
from app.access.manager import FestoonSecurityManager
from app.access.messages import speak_by
from app.access.origins import guard_origins
from app.access.realms import Realm, open_realm
from app.access.roles import PARTNER
from app.access.rows import limit
from app.catalogue import load_catalogue
from app.cli import register_commands
from app.demo import sample, translating
from app.domains.bookings import api as bookings
from app.domains.bookings.admin import client_link, feed_address, waiting_link
from app.domains.bookings.queries import partners as bookings_of_partners
from app.domains.bookings.queries.owing import tell_owed
from app.domains.bookings.service import (
    admit,
    announce,
    close_under,
    close_unoffered,
    keep_money_in,
    keep_time,
)
from app.domains.bookings.service.closing import lock_closed
from app.domains.bookings.service.locking import (
    lock_rooms_of_bookings,
    lock_rooms_of_series,
    lock_rooms_of_waits,
)
from app.domains.members import api as members
from app.domains.members.queries import REALM, holder_of
from app.domains.messaging import api as chat
from app.domains.payments.queries import owed_by
from app.domains.payments.service import ManualTill, keep_paid
from app.domains.payments.service.refunds import lock_bookings_of_refunds
from app.domains.reviews.service import recount_touched
from app.domains.venues import api as venues
from app.domains.venues.queries import partners as venues_of_partners
from app.insights.untranslated import shown_values
from app.jobs import load_jobs
from app.kernel.db import db
from app.kernel.logs import configure_logs
from app.mail.checks import warn_at_start
from app.media.routes import media_blueprint
from app.resources import Catalogue
from app.surfaces.contract import pages as contract
from app.surfaces.public.views import public_blueprint
from app.surfaces.records.cautions import caution_of
from app.surfaces.records.guards import guard_writes, lock_before
from app.surfaces.records.news import after_add, after_change
from app.surfaces.screens.record_panels import add_panel
from app.surfaces.screens.shows import share
from app.surfaces.screens.view import staff_view
from app.surfaces.staff_api.texts import TextsApi
from app.surfaces.staff_api.uploads import api_of
from app.translation.direct import judge_direct_writes
from app.translation.interface.live import voice_of
from app.translation.interface.resources import know_interface
from app.translation.reach import know_owners
from app.translation.sources import know_sources
from app.translation.units import know_units
from app.web import assets, errors, health, shell, tracing
from app.web.bookings.money import money_panel
from app.web.bookings.papers import paper_panel, talk_panel
from app.web.bookings.placed import time_panel
from app.web.bookings.view import booking_view
from app.web.chat_api import ChatApi
from app.web.clients import booking as client_booking
from app.web.clients import waiting as client_waiting
from app.web.closures.view import closure_view, warn_of_bookings
from app.web.day_sheet.view import DaySheetView
from app.web.exchange.view import ExchangeView
from app.web.finding.view import FindingView
from app.web.folding import LocalEnvironment, templates_of
from app.web.free_times.view import FreeTimesView
from app.web.home_view import HomeView
from app.web.icons import icon
from app.web.inbox import inbox_view
from app.web.interface import interface_view
from app.web.jobs import JobsView
from app.web.kept import KeptView
from app.web.library.folders import folder_view
from app.web.mails import MailsView
from app.web.members import member_view
from app.web.migrations import migrate
from app.web.packing import serve_files
from app.web.pages import ProfileView
from app.web.prefill.view import PrefillView
from app.web.reports.view import ReportsView
from app.web.rooms.view import room_view
from app.web.series.view import series_view
from app.web.simulator.view import SimulatorView
from app.web.sockets.serving import open_sockets
from app.web.staff_pictures import picture_view
from app.web.staff_users import user_view
from app.web.timeline.view import TimelineView
from app.web.translations import translation_view
from app.web.workbench.marking import held
from app.web.workbench.view import WorkbenchView
from config import flask_config

FIXED: Mapping[str, Any] = {
    "APP_NAME": "Festoon",
    "FAB_CREATE_DB": False,  # the tables come from migrations, the roles from `flask sync`
    "FAB_UPDATE_PERMS": False,
    "FAB_ADD_SECURITY_API": False,
    "FAB_BASE_TEMPLATE": "base.html",
    "RESTX_MASK_SWAGGER": False,
}

VIEWS = {
    "ab_user": user_view,
    "asset": picture_view,
    "booking": booking_view,
    "booking_series": series_view,
    "picture_folder": folder_view,
    "member": member_view,
    "conversation": inbox_view,
    "translation": translation_view,
    "interface_message": interface_view,
    "closure": closure_view,
    "room": room_view,
}
"""Content types whose screens are not only the generated ones."""


class Program(Flask):
    """A Flask that knows of itself that no view and no hook is asynchronous: it asked 14 times a request."""

    jinja_environment = LocalEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function as it is."""
        return func


PAGES = (
    ProfileView,
    FindingView,
    KeptView,
    MailsView,
    JobsView,
    ReportsView,
    TimelineView,
    FreeTimesView,
    DaySheetView,
    WorkbenchView,
    ExchangeView,
    PrefillView,
    SimulatorView,
)
"""Screens that belong to no type."""


def wire(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Make the program; `overrides` go over what the environment says, for tests."""
    app = Program(__name__, template_folder="web/templates", static_folder="web/static")
    app.config.from_mapping(FIXED)
    app.config.from_mapping(flask_config(overrides or {}))
    configure_logs(app.config["LOG_FORMAT"], app.config["LOG_LEVEL"])
    warn_at_start(app.config["MAIL"])
    catalogue = app.extensions["catalogue"] = load_catalogue()
    know_texts(catalogue)
    limit_partners()

    app.session_interface = StaffCookies()
    db.init_app(app)
    migrate.init_app(app, db)
    limit_bodies(app)
    guard_entry(app)
    open_realm(app, Realm(REALM, "/public/v1/", holder_of))
    guard_forms(app)
    tracing.watch_requests(app)
    speak_languages()
    app.add_template_filter(held)
    templates_of(app).fold(asset=assets.asset, icon=icon, noun=shell.noun)
    serve_files(app)

    with app.app_context():
        builder = AppBuilder(
            app, db.session, indexview=HomeView, security_manager_class=FestoonSecurityManager
        )
        speak_by(app, voice_of)
        for view in PAGES:
            builder.add_view_no_menu(view)
        builder.add_api(ChatApi)
        builder.add_api(TextsApi)
        add_surfaces(app, builder, catalogue)

    load_jobs()
    subscribe()
    add_open_side(app)
    app.context_processor(shell.shell_context(catalogue))
    errors.register(app)
    register_commands(app)
    open_sockets(app)
    guard_hosts(
        app,
        trusted_hosts(app.config["HOSTS"], app.config["HOST"], app.config["PUBLIC_URL"]),
        app.config["PROXY_COUNT"],
    )
    guard_origins(app, app.config["PUBLIC_ORIGINS"])
    guard_headers(app, app.config["IS_PRODUCTION"])
    return app


def know_texts(catalogue: Catalogue) -> None:
    """Let the translations know of what they are, whose they are and which there are to be made."""
    know_sources(catalogue)
    know_owners(catalogue)
    know_units(catalogue, shown_values)
    know_interface(catalogue)
    judge_direct_writes()


def limit_partners() -> None:
    """Let a partner see and touch only what belongs to the companies that they look after."""
    for rules in (venues_of_partners.PARTNERS, bookings_of_partners.PARTNERS):
        for name, rule in rules.items():
            limit(name, PARTNER, rule)


def add_surfaces(app: Flask, builder: AppBuilder, catalogue: Catalogue) -> None:
    """Give every resource its screens and its staff API, and the public ones their JSON."""
    for resource in catalogue:
        own = VIEWS.get(resource.name)
        builder.add_view_no_menu(own(catalogue) if own else staff_view(catalogue, resource))
        builder.add_api(api_of(catalogue, resource))
    if not app.config["IS_PRODUCTION"]:
        builder.add_view_no_menu(translating.SiteView)
    app.register_blueprint(public_blueprint(catalogue))


def add_open_side(app: Flask) -> None:
    """Add what answers without a staff session."""
    app.register_blueprint(health.blueprint)
    app.register_blueprint(media_blueprint)
    app.register_blueprint(contract.blueprint)
    if not app.config["IS_PRODUCTION"]:
        app.register_blueprint(sample.blueprint)
    app.register_blueprint(chat.api)
    app.register_blueprint(bookings.api)
    app.register_blueprint(bookings.rooms)
    app.register_blueprint(venues.api)
    app.register_blueprint(bookings.feeds)
    app.register_blueprint(bookings.waiting)
    app.register_blueprint(client_booking.blueprint)
    app.register_blueprint(client_waiting.blueprint)
    for api in members.APIS:
        app.register_blueprint(api)


def subscribe() -> None:
    """Tell lower layers what upper ones want to know."""
    after_change("review", recount_touched)
    after_add("booking", announce)
    guard_writes("booking", keep_time)
    guard_writes("waiting", admit)
    guard_writes("room", close_unoffered)
    guard_writes("venue", close_unoffered)
    guard_writes("closure", close_under)
    guard_writes("closure", lock_closed)
    caution_of("closure", warn_of_bookings)
    guard_writes("booking", keep_paid)
    lock_before("booking", lock_rooms_of_bookings)
    lock_before("booking_series", lock_rooms_of_series)
    lock_before("waiting", lock_rooms_of_waits)
    lock_before("refund", lock_bookings_of_refunds)
    keep_money_in(ManualTill())
    tell_owed(owed_by)
    for offer in (time_panel, money_panel, talk_panel, paper_panel):
        add_panel("booking", offer)
    share("booking", client_link)
    share("waiting", waiting_link)
    share("calendar_feed", feed_address)
