"""The screens of the mails: what went out, and an example of each kind in every language."""

from __future__ import annotations

from email.headerregistry import Address
from email.policy import SMTP
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access.babel import locale_of_request
from app.access.headers import allow_own_frames, shut_in_frame
from app.access.rights import may
from app.kernel import languages
from app.kernel.db import unit_of_work
from app.kernel.ids import parse_id
from app.kernel.locales import own_name
from app.kernel.outbox import record
from app.mail.composing import Mail, compose
from app.mail.events import SampleAsked
from app.mail.kinds import KINDS, Kind, UnknownKind, kind_named
from app.mail.messages import message_of
from app.mail.models import KeptMail
from app.mail.queries import mail as find_mail
from app.mail.settings import current_settings
from app.mail.wording import speaking
from app.surfaces.screens.gate import allowed
from app.web import mail_pages as pages


class MailsView(BaseView):
    """Mails that went out, for the Admin; examples of them, for translators too."""

    route_base = "/mails"
    default_view = "index"
    class_permission_name = "mail"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list", "preview")
    def index(self) -> Any:
        """List the mails; who may only see examples goes there."""
        if not may("list", "mail"):
            return redirect(pages.TEMPLATES)
        asked = pages.read_asked(request.args)
        page = pages.list_page(asked, current_app.config["PAGE_SIZE"])
        is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
        template = "staff/_part.html" if is_part else "mails/list.html"
        return render_template(template, page=page, keeps=current_settings().keeps, tab="list")

    @expose("/<key>")
    @allowed("list")
    def show(self, key: str) -> Any:
        """Show a mail."""
        mail = self._find(key)
        page = pages.mail_page(mail, pages.read_look(f"{pages.LIST}{mail.id}", request.args))
        return allow_own_frames(Response(render_template("mails/show.html", page=page)))

    @expose("/<key>/body")
    @allowed("list")
    def body(self, key: str) -> Response:
        """Give the HTML of a mail to the frame it is shown in."""
        return _framed(pages.part(pages.read(self._kept(key)), "html"))

    @expose("/<key>/raw")
    @allowed("list")
    def raw(self, key: str) -> Response:
        """Download a mail as it travels."""
        return _download(self._kept(key), "message/rfc822", "mail.eml")

    @expose("/<key>/<int:place>")
    @allowed("list")
    def attachment(self, key: str, place: int) -> Response:
        """Download a file that goes with a mail."""
        files = list(pages.read(self._kept(key)).iter_attachments())
        if place >= len(files):
            abort(404)
        return _download(
            pages.content(files[place]), "application/octet-stream", str(files[place].get_filename())
        )

    @expose("/templates/")
    @allowed("preview")
    def templates(self) -> Any:
        """Go to the first kind."""
        return redirect(f"{pages.TEMPLATES}{KINDS[0].name}")

    @expose("/templates/<name>")
    @allowed("preview")
    def preview(self, name: str) -> Any:
        """Show an example of a kind in a language."""
        kind, lang = _kind(name), _language()
        mail = _example(kind, lang)
        message = message_of(mail, Address("", "reader", "example.com"), "example", current_settings())
        look = pages.read_look(f"{pages.TEMPLATES}{kind.name}", request.args, lang)
        page = pages.example_page(kind, mail, len(message.as_bytes(policy=SMTP)), look)
        answer = render_template(
            "mails/example.html",
            page=page,
            kinds=pages.kind_entries(kind, look),
            languages=[(code, own_name(code)) for code in languages.interface_locales()],
            may_list=may("list", "mail"),
            may_send=may("send", "mail"),
            tab="templates",
        )
        return allow_own_frames(Response(answer))

    @expose("/templates/<name>/body")
    @allowed("preview")
    def sample(self, name: str) -> Response:
        """Give the HTML of an example to the frame it is shown in."""
        return _framed(_example(_kind(name), _language()).html)

    @expose("/templates/<name>/test", methods=["POST"])
    @allowed("send")
    def test(self, name: str) -> Any:
        """Send an example to the reader's own address."""
        kind, lang = _kind(name), _language()
        with unit_of_work():
            record(SampleAsked(kind.name, lang, int(current_user.id)))
        flash(_("The mail is on its way to %(address)s.", address=current_user.email), "success")
        return redirect(f"{pages.TEMPLATES}{kind.name}?lang={lang}", 303)

    def _find(self, key: str) -> KeptMail:
        parsed = parse_id(key)
        found = find_mail(parsed) if parsed else None
        if found is None:
            abort(404)
        return found

    def _kept(self, key: str) -> bytes:
        raw = self._find(key).raw
        if raw is None:
            abort(404)
        return raw


def _kind(name: str) -> Kind:
    try:
        return kind_named(name)
    except UnknownKind:
        abort(404)


def _language() -> str:
    asked = request.values.get("lang", "")
    return asked if asked in languages.interface_locales() else locale_of_request()


def _example(kind: Kind, lang: str) -> Mail:
    with speaking(lang):
        facts = kind.sample()
    return compose(kind, lang, facts, current_settings())


def _framed(html: str) -> Response:
    scheme = "dark" if request.args.get("scheme") == "dark" else "light"
    return shut_in_frame(Response(pages.in_scheme(html, scheme), mimetype="text/html"))


def _download(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
