"""The language and the theme of the screens: the account's choice, then the cookie's, then the browser's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import flask_appbuilder.base
from babel import Locale
from flask import Response, abort, current_app, g, has_request_context, make_response, redirect, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.babel.manager import BabelManager
from flask_babel import Babel, LazyString
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy.dialects.postgresql import insert

from app.access.headers import read_cookie, set_cookie
from app.access.messages import keep_messages
from app.access.models import DENSITIES, THEMES, StaffPreference
from app.access.realms import is_staff_path
from app.access.redirects import own_path
from app.access.sessions import current_session
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.kernel.ids import new_id
from app.kernel.locales import SHIPPED, own_name, parse_locale
from app.kernel.zones import is_zone

_CATALOGUES = Path(__file__).resolve().parents[2] / "translations"
_API_PREFIXES = ("/api/", "/public/")
UTC = "UTC"


def _escaped(sentence: LazyString) -> Markup:
    """Write a lazy sentence into a page as text: the library's own way takes what it quotes for markup."""
    return escape(str(sentence))


LazyString.__html__ = _escaped


class FestoonBabelManager(BabelManager):  # type: ignore[misc]  # FAB is untyped
    """Reads our own catalogues only, and keeps the choice out of the session."""

    def __init__(self, appbuilder: Any) -> None:
        self.appbuilder = appbuilder
        config = current_app.config
        config["LANGUAGES"] = {locale: {"flag": "", "name": own_name(locale)} for locale in SHIPPED}
        config.setdefault("BABEL_DEFAULT_LOCALE", SHIPPED[0])
        config["BABEL_TRANSLATION_DIRECTORIES"] = str(_CATALOGUES)
        self.babel = Babel(current_app, locale_selector=self.get_locale)
        keep_messages(current_app, self.babel)

    def register_views(self) -> None:
        """Register the switch of language in place of FAB's."""
        self.locale_view = self.appbuilder.add_view_no_menu(LanguageSwitch)

    def get_locale(self) -> Locale | None:
        """Choose the language of this request."""
        return parse_locale(locale_of_request())


class LanguageSwitch(BaseView):  # type: ignore[misc]  # FAB's views are untyped
    """The switch of language."""

    route_base = ""
    default_view = "language"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/language", methods=["POST"])  # type: ignore[untyped-decorator]
    def language(self) -> Response:
        """Remember `locale` in a cookie, and in the account when signed in; go back to where it was asked."""
        locale = request.form.get("locale", "")
        if locale not in languages.interface_locales():
            abort(400)
        if current_user.is_authenticated:
            with unit_of_work():
                prefer(int(current_user.id), locale=locale)
        answer = make_response(redirect(own_path(request.form.get("next") or request.referrer), 303))
        set_cookie(answer, "locale", locale)
        return answer


def speak_languages() -> None:
    """Make AppBuilder build our manager; it has no setting for it."""
    flask_appbuilder.base.BabelManager = FestoonBabelManager


def locale_of_request() -> str:
    """Choose among the languages of the screens. An API takes `lang`, and looks at no account and no cookie."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not request:
        return default
    accepted = languages.best_words(request.headers.get("Accept-Language", ""))
    if request.path.startswith(_API_PREFIXES):
        return languages.best_words(request.args.get("lang", "")[:35]) or accepted or default
    if not is_staff_path(request.path):
        return accepted or default
    chosen = (_account_choice("locale"), read_cookie("locale"))
    return _first(chosen, languages.interface_locales()) or accepted or default


def theme_of_request() -> str:
    """Give the theme: light, dark, or auto, which is the system's. A script's switch keeps it in a cookie."""
    return _first((request.cookies.get("theme"), _account_choice("theme")), THEMES) or "auto"


def density_of_request() -> str:
    """Give how closely the screens are set: cosy or compact."""
    return _first((_account_choice("density"),), DENSITIES) or DENSITIES[0]


def zone_of_request() -> str:
    """Give the time zone in which exact times are told; UTC unless the account names another."""
    if not has_request_context():
        return UTC
    if "festoon_zone" not in g:
        kept = _account_choice("time_zone")
        g.festoon_zone = kept if kept and is_zone(kept) else UTC
    return str(g.festoon_zone)


def has_shortcuts() -> bool:
    """Tell whether single keys are shortcuts for whoever reads; they are unless the account says no."""
    return not current_user.is_authenticated or getattr(current_session(), "shortcuts", None) is not False


def prefer(user_id: int, **choices: str | bool | None) -> None:
    """Remember in the account what its user likes, by the names of a preference's columns."""
    statement = insert(StaffPreference).values(id=new_id(), user_id=user_id, **choices)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=[StaffPreference.user_id], set_=choices)
    )


def _account_choice(name: str) -> str | None:
    return getattr(current_session(), name, None) if current_user.is_authenticated else None


def _first(values: Iterable[str | None], allowed: tuple[str, ...]) -> str | None:
    """Give the first value that is on offer."""
    return next((value for value in values if value in allowed), None)
