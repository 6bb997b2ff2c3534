"""Who wrote a text hears how it was judged, and finds it again."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.surfaces.desk.notices import Notice
from app.translation.interface.models import InterfaceMessage
from app.translation.models import Translation, TranslationSuggestion
from app.translation.sources import source_hash
from app.web.workbench.marking import held
from tests.factories import translate
from tests.web.test_notices import user_id
from tests.web.test_workbench import QUEUE, desk, send


def notices(browser: FlaskClient) -> list[tuple[str, str]]:
    """Read one's notices: what each says, and where it leads."""
    page = browser.get("/notices/").get_data(as_text=True)
    found = re.findall(r'<a class="f-line" href="([^"]+)">(.*?)</a>', page, re.DOTALL)
    return [(re.sub(r"<[^>]+>", "", words), unescape(url)) for url, words in found]


def chips(page: str) -> dict[str, str]:
    return dict(re.findall(r'<li><a class="w-chip[^>]*>([^<]+)<span>(\d+)</span>', page))


def suggested(
    session: Session, package: Any, translator: FlaskClient
) -> tuple[dict[str, Any], TranslationSuggestion]:
    """Offer another text where an approved one is shown; give the page it was sent from, and the suggestion."""
    translate(package, "de", name="Gartenfest")
    session.commit()
    here = desk(translator, f"{QUEUE}&state=all")
    send(translator, here, **{"text-name": "Gartenfeier"})
    return here, session.scalars(select(TranslationSuggestion)).one()


def test_who_wrote_a_rejected_text_is_told_why_and_led_to_it(
    package: Any, translator: FlaskClient, editor: FlaskClient
) -> None:
    here = desk(translator)
    assert "Rejected" not in chips(here["page"])
    send(translator, here, **{"text-name": "Gartenfest"})
    assert send(editor, desk(editor, here["url"]), "reject", reason="too plain").status_code == 200
    [(said, url)] = notices(translator)
    assert "Editor Staff rejected a text of yours" in said, said
    assert "Garden party · too plain" in said
    assert notices(editor) == []
    there = desk(translator, url)
    assert "Gartenfest" in there["page"]
    assert "Written by Translator Staff, rejected by Editor Staff, just now" in there["page"]
    assert chips(there["page"])["Rejected"] == "1"


def test_who_rejects_their_own_text_hears_nothing(package: Any, editor: FlaskClient) -> None:
    here = desk(editor)
    send(editor, here, **{"text-name": "Gartenfest"})
    assert send(editor, desk(editor, here["url"]), "reject", reason="no").status_code == 200
    assert notices(editor) == []


def test_who_may_translate_no_longer_is_not_told(
    session: Session, package: Any, translator: FlaskClient, editor: FlaskClient
) -> None:
    here = desk(translator)
    send(translator, here, **{"text-name": "Gartenfest"})
    session.get_one(User, user_id(session, "translator")).roles = []
    session.commit()
    assert send(editor, desk(editor, here["url"]), "reject", reason="no").status_code == 200
    assert session.scalars(select(Notice)).all() == []


def test_who_suggested_is_told_that_it_was_declined_and_why(
    session: Session, package: Any, translator: FlaskClient, editor: FlaskClient
) -> None:
    here, offered = suggested(session, package, translator)
    declined = send(editor, desk(editor, here["url"]), f"decline:{offered.id}:name", reason="keep it short")
    assert declined.status_code == 200
    [(said, url)] = notices(translator)
    assert "Editor Staff declined a suggestion of yours" in said
    assert "Garden party · keep it short" in said
    assert "Gartenfest" in desk(translator, url)["page"]


def test_who_takes_their_own_suggestion_back_hears_nothing(
    session: Session, package: Any, translator: FlaskClient
) -> None:
    here, offered = suggested(session, package, translator)
    assert send(translator, here, f"decline:{offered.id}:name").status_code == 200
    assert notices(translator) == []


def test_my_texts_are_those_one_wrote_and_those_one_suggested_for(
    session: Session, package: Any, translator: FlaskClient, editor: FlaskClient
) -> None:
    suggested(session, package, translator)
    mine = re.search(r'<a class="w-chip is-plain" href="([^"]+)"', desk(translator)["page"])
    assert mine
    shown = desk(translator, unescape(mine[1]))
    assert "Gartenfeier" in shown["page"]
    assert chips(shown["page"])["All"] == "1"
    assert "Nothing here" in editor.get(unescape(mine[1])).get_data(as_text=True)


def test_what_was_decided_on_suggestions_stands_in_the_history(
    session: Session, package: Any, translator: FlaskClient, editor: FlaskClient
) -> None:
    here, offered = suggested(session, package, translator)
    assert "Suggestion declined" not in desk(translator, here["url"])["page"]
    send(editor, desk(editor, here["url"]), f"decline:{offered.id}:name", reason="keep it short")
    page = desk(translator, here["url"])["page"]
    [told] = re.findall(r'<li class="is-decided">.*?</li>', page, re.DOTALL)
    assert "Translator Staff" in told
    assert "Suggestion declined by Editor Staff" in told
    assert "Gartenfeier" in told
    assert "keep it short" in told
    send(translator, desk(translator, here["url"]), **{"text-name": "Gartenparty"})
    offered = session.scalars(
        select(TranslationSuggestion).where(TranslationSuggestion.state == "open")
    ).one()
    send(editor, desk(editor, here["url"]), f"accept:{offered.id}:name")
    assert "Suggestion accepted by Editor Staff" in desk(translator, here["url"])["page"]


# Rule 15: a placeholder stays in one piece in a line that runs from right to left
def test_memory_and_history_keep_placeholders_in_one_piece_and_name_other_forms(
    session: Session, editor: FlaskClient
) -> None:
    same = "%(num)s lamp lit"
    first, second = (
        InterfaceMessage(domain="festoon", context=place, msgid=same, msgid_plural=same, mark=place * 64)
        for place in "ab"
    )
    session.add_all([first, second])
    session.flush()
    for message, form in ((first, "few"), (first, "zero"), (second, "few")):
        row = Translation(content_type="interface_message", object_id=message.id, locale="ar", field=form)
        row.text, row.source_hash, row.source_revision = f"%(num)s مصباح {form}", source_hash(same), 1
        session.add(row)
        session.flush()
    session.commit()
    page = desk(editor, f"/translate/ar?state=all&at=interface_message.{second.id}.zero")["page"]
    offers = re.findall(r'<b class="w-match[^>]*>([^<]+)</b>(?:<span dir="auto">([^<]*)</span>)?', page)
    assert offers == [("100%", ""), ("99%", "Form “few”")]
    for name in ("memory", "history"):
        part = re.search(rf'data-fold="{name}".*?</details>', page, re.DOTALL)
        assert part
        assert '<bdi dir="ltr">%(num)s</bdi> مصباح few' in part[0], part[0]


def test_what_is_no_placeholder_is_written_as_it_is() -> None:
    assert held('<b>"%(name)s"') == ('<bdi dir="ltr">&lt;b&gt;</bdi>&#34;<bdi dir="ltr">%(name)s</bdi>&#34;')
    assert held("100 % & more") == "100 % &amp; more"
