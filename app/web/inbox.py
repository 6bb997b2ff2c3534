"""The inbox of staff: every route reads, or does one verb of the conversations, and works without scripts too.

A script asks for a part of the page by the header `X-Part` and gets it as JSON with pieces of HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import InvalidRequestError

from app.domains.messaging import queries, service
from app.domains.messaging.errors import NoSuchConversation
from app.domains.messaging.resources import conversations
from app.domains.messaging.service import Author, MessageKind
from app.insights.visitors import member
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import parse_id
from app.kernel.locales import parse_locale
from app.resources import Catalogue
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.view import StaffView, staff_view
from app.web import inbox_talk as talk
from app.web.inbox_list import BASE, list_page, staff_by_id, waiting

if TYPE_CHECKING:
    from app.domains.messaging.models import Conversation


def inbox_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the conversations."""
    return type("ConversationView", (_InboxView, staff_view(catalogue, conversations)), {"route_base": BASE})


class _InboxView(StaffView):
    """The list, a conversation beside it, and what is done there."""

    @expose("/")
    @allowed("list")
    def list(self) -> Any:
        """Show the list, or give the part of it that a script asks for."""
        page = list_page(staff_by_id(), request.args.get("current", ""))
        if _part() == "list":
            return jsonify(
                list=render_template("inbox/_list.html", page=page),
                views=render_template("inbox/_views.html", page=page),
                waiting=page.waiting,
            )
        return render_template("inbox/screen.html", page=page, talk=None)

    @expose("/waiting")
    @allowed("list")
    def waiting(self) -> Response:
        """Count the conversations that wait for the reader."""
        return jsonify(waiting=waiting())

    @expose("/canned")
    @allowed("answer")
    def canned(self) -> Response:
        """List the answers kept ready, in a visitor's language."""
        locale = request.args.get("locale", "en")[:35]
        return jsonify(answers=queries.canned_answers(locale if parse_locale(locale) else "en"))

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show a conversation, or give the part of it that a script asks for."""
        conversation = self.find(key, "show")
        if _part() == "messages":
            return self.messages(conversation)
        return self.screen(conversation)

    @expose("/<key>/messages", methods=["POST"])
    @allowed("answer")
    def say(self, key: str) -> Any:
        """Leave an answer, or a note."""
        conversation = self.find(key, "answer")
        text, kind = request.form.get("text", ""), request.form.get("kind", "reply")
        author = Author(int(current_user.id), queries.staff_name(int(current_user.id)) or "")
        left = MessageKind.NOTE if kind == "note" else MessageKind.TEXT
        try:
            with unit_of_work():
                service.answer(conversation.id, text, author, request.form.get("client_key") or None, left)
        except NoSuchConversation as error:
            return self.gone(error)
        except Invalid as error:
            if _part():
                raise
            sentences = [str(sentence) for found in error.errors.values() for sentence in found]
            return self.screen(conversation, draft=text, draft_kind=kind, errors=tuple(sentences)), 422
        return self.answered(conversation, key)

    @expose("/<key>/read", methods=["POST"])
    @allowed("answer")
    def read(self, key: str) -> Any:
        """Note that the reader has seen the conversation up to a message."""
        sequence = _number(request.form.get("sequence", ""))
        user_id = int(current_user.id)
        return self.do_verb(key, "answer", lambda it: service.read_by_staff(it.id, user_id, sequence))

    @expose("/<key>/assign", methods=["POST"])
    @allowed("answer")
    def assign(self, key: str) -> Any:
        """Give the conversation to somebody who may answer, or to nobody."""
        wanted = request.form.get("user", "")
        user_id = _number(wanted)
        if wanted and user_id not in staff_by_id():
            raise Invalid({"user": [_("Choose somebody who may answer.")]})
        return self.do_verb(key, "answer", lambda it: service.assign(it.id, user_id))

    @expose("/<key>/bot", methods=["POST"])
    @allowed("answer")
    def bot(self, key: str) -> Any:
        """Let the bot answer, or not."""
        is_on = request.form.get("on") == "1"
        return self.do_verb(key, "answer", lambda it: service.set_bot(it.id, is_on))

    @expose("/<key>/close", methods=["POST"])
    @allowed("close")
    def close(self, key: str) -> Any:
        """Close the conversation."""
        return self.do_verb(key, "close", lambda it: service.close(it.id))

    @expose("/<key>/reopen", methods=["POST"])
    @allowed("reopen")
    def reopen(self, key: str) -> Any:
        """Open the conversation again."""
        return self.do_verb(key, "reopen", lambda it: service.reopen(it.id))

    @expose("/<key>/members")
    @allowed("link")
    def members(self, key: str) -> Any:
        """Find members to link the conversation to."""
        conversation = self.find(key, "link")
        found = talk.members(request.args.get("q", "").strip()[:80])
        return render_template("inbox/_members.html", base=f"{BASE}/{conversation.id}", found=found)

    @expose("/<key>/link", methods=["POST"])
    @allowed("link")
    def link(self, key: str) -> Any:
        """Link the visitor's session to a member, so that the history follows; or take the link away."""
        wanted = request.form.get("member", "")
        found = member(db.session(), parsed) if (parsed := parse_id(wanted)) is not None else None
        if wanted and found is None:
            abort(404)

        def turn(conversation: Conversation) -> None:
            if conversation.session_id is None:
                return
            if found is None:
                service.unlink_session(conversation.session_id)
            else:
                service.link_session(conversation.session_id, found.id, found.name)

        return self.do_verb(key, "link", turn)

    def do_verb(self, key: str, right: str, verb: Callable[[Conversation], Any]) -> Any:
        """Do something to a conversation that the reader may do it to."""
        conversation = self.find(key, right)
        try:
            with unit_of_work():
                verb(conversation)
        except NoSuchConversation as error:
            return self.gone(error)
        except DomainError as error:
            if _part():
                raise
            flash(str(error.message), "danger")
        return self.answered(conversation, key)

    def gone(self, error: NoSuchConversation) -> Any:
        """Lead on from a conversation that somebody deleted meanwhile: to the list, where no script asks."""
        if _part():
            raise error
        flash(str(error.message), "danger")
        return redirect(f"{BASE}/", 303)

    def answered(self, conversation: Conversation, key: str) -> Any:
        """Give what is new in the conversation to a script, and the whole page to a browser without."""
        if not _part():
            return redirect(f"{BASE}/{key}", 303)
        try:
            db.session.refresh(conversation)
        except InvalidRequestError:  # somebody deleted it since
            abort(404)
        return self.messages(conversation)

    def messages(self, conversation: Conversation) -> Response:
        """Give the messages after, or before, a mark, and where the conversation stands."""
        seen_at = talk.read_at(conversation)
        part = talk.thread(conversation, seen_at)
        return jsonify(
            messages=render_template("inbox/_messages.html", thread=part),
            **talk.state_of(conversation, seen_at),
        )

    def screen(self, conversation: Conversation, **draft: Any) -> Any:
        """Show the conversation with the list beside it; for a script, without."""
        show = "about" if request.args.get("show") == "about" else "talk"
        staff, facts = staff_by_id(), talk.facts_of(conversation)
        page = list_page(staff, str(conversation.id), show)
        parts = {
            "page": page,
            "talk": talk.talk_page(conversation, staff, facts, **draft),
            "about": talk.about_page(conversation, facts),
            "thread": talk.thread(conversation, facts.read_at),
        }
        if _part() == "pane":
            return jsonify(
                pane=render_template("inbox/_talk.html", **parts),
                list=render_template("inbox/_list.html", page=page),
                views=render_template("inbox/_views.html", page=page),
                waiting=page.waiting,
            )
        return render_template("inbox/screen.html", **parts)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _part() -> str:
    return request.headers.get("X-Part", "")
