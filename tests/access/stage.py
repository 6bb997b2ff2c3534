"""A small program guarded like the real one, with planted screens of stock Flask-AppBuilder in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, session
from flask_appbuilder import AppBuilder, BaseView, expose, has_access
from flask_appbuilder.api import BaseApi
from flask_appbuilder.security.decorators import has_access_api, protect
from flask_jwt_extended import current_user, jwt_required
from jinja2 import DictLoader

from app.access.babel import speak_languages
from app.access.cookies import StaffCookies
from app.access.csrf import guard_forms
from app.access.entry import guard_entry
from app.access.headers import guard_headers
from app.access.hosts import guard_hosts, trusted_hosts
from app.access.limits import limit_bodies
from app.access.manager import FestoonSecurityManager
from app.access.realms import Realm, open_realm
from app.kernel.actor import current_actor
from app.kernel.db import db

MEMBERS = {"0199-alice": "Alice", "1": "the member whose key is 1"}
MEMBER = Realm("member", "/public/member/", lambda key, _claims: MEMBERS.get(key))


class HomeView(BaseView):
    """The page that everybody comes home to."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> str:
        return "home"

    @expose("/boom")
    def boom(self) -> str:
        raise RuntimeError("SELECT secret")

    @expose("/who")
    def who(self) -> Response:
        return jsonify(current_actor().facts())

    @expose("/keeps")
    def keeps(self) -> Response:
        session["kept"] = "yes"
        return Response("kept", headers={"Cache-Control": "public, max-age=60"})


class PlantedView(BaseView):
    """A stock screen; `class_permission_name` is the beginning of the other one's."""

    route_base = "/planted"
    class_permission_name = "planted"
    default_view = "list"

    @expose("/")
    @has_access
    def list(self) -> str:
        return "planted list"

    @expose("/all")
    @has_access
    def list_all(self) -> str:
        return "planted list of all"

    @expose("/json")
    @has_access_api
    def data(self) -> Response:
        return jsonify([1])

    @expose("/write", methods=["POST", "PUT", "PATCH", "DELETE"])
    @has_access_api
    def write(self) -> str:
        return "written"


class PlantedSecretView(BaseView):
    """A stock screen nobody was granted."""

    route_base = "/planted-secret"
    class_permission_name = "plantedSecret"
    default_view = "list"

    @expose("/")
    @has_access
    def list(self) -> str:
        return "planted secret list"


class PlantedApi(BaseApi):
    """A stock API, with and without sign-in by a browser."""

    resource_name = "planted"
    class_permission_name = "planted"

    @expose("/", methods=["GET", "POST"])
    @protect()
    def list(self) -> Response:
        return self.response(200, result="by token")

    @expose("/both", methods=["GET", "POST"])
    @protect(allow_browser_login=True)
    def list_all(self) -> Response:
        return self.response(200, result="by session")


def open_side() -> Blueprint:
    """Make the open side: a page that may be stored, and one for members with a token."""
    side = Blueprint("open_side", __name__, url_prefix="/public")

    @side.get("/page")
    def page() -> Response:
        return Response("page", headers={"Cache-Control": "public, max-age=60"})

    @side.get("/who")
    def who() -> Response:
        return jsonify(current_actor().facts())

    @side.get("/boom")
    def boom() -> str:
        raise RuntimeError("SELECT secret")

    @side.get("/member/me")
    @jwt_required()
    def me() -> str:
        return str(current_user)

    @side.post("/member/say")
    def say() -> str:
        return "said"

    return side


def make_stage(connection: Any, **config: Any) -> Flask:
    """Make the program on a connection that a test lends."""
    app = Flask("stage")
    app.jinja_loader = DictLoader(
        {"login.html": "{{ form.username }}|{{ form.next }}|{{ error }}|{{ csp_nonce() }}"}
    )
    app.config.update(
        SECRET_KEY="s" * 48,
        SQLALCHEMY_DATABASE_URI="postgresql+psycopg://",
        IS_PRODUCTION=False,
        READ_IN_SESSION=True,
    )
    app.config.update(config)
    app.session_interface = StaffCookies()
    db.init_app(app)
    limit_bodies(app)
    guard_entry(app)
    guard_forms(app)
    speak_languages()
    open_realm(app, MEMBER)
    with app.app_context():
        db._app_engines[app][None] = connection
        builder = AppBuilder(
            app, db.session, indexview=HomeView, security_manager_class=FestoonSecurityManager
        )
        for view in (PlantedView, PlantedSecretView, PlantedApi):
            builder.add_view_no_menu(view)
    app.register_blueprint(open_side())
    guard_hosts(app, trusted_hosts([]), 0)
    guard_headers(app, bool(app.config["IS_PRODUCTION"]))
    return app
