"""The workbench: one text after the other, by who may do what, with nothing lost and everything taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.kernel.audit import AuditEntry
from app.surfaces.desk.kept_forms import KeptForm
from app.translation.models import Translation, TranslationSuggestion
from tests.factories import ThemeFactory, translate

QUEUE = "/translate/de?type=package"
SCRIPT = {"X-Part": "bench"}


def stored(session: Session, field: str = "name") -> Translation | None:
    session.expire_all()
    return session.scalar(select(Translation).where(Translation.field == field, Translation.locale == "de"))


def desk(browser: FlaskClient, url: str = QUEUE) -> dict[str, Any]:
    """Read the page as its form would be sent, and where it stands."""
    answer = browser.get(url)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return read(answer.get_data(as_text=True))


def read(page: str) -> dict[str, Any]:
    found = re.search(r'<form class="w-main" method="post" action="([^"]+)"', page)
    assert found, page
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    areas = re.findall(r'<textarea[^>]* name="((?:text|before)-[^"]+)"[^>]*>([^<]*)</textarea>', page)
    form |= {name: unescape(value) for name, value in areas}
    words = re.search(r'data-written="([^"]*)" data-same="([^"]*)"', page)
    return {
        "url": unescape(found[1]),
        "form": form,
        "page": page,
        "written": unescape(words[1]) if words else "",
        "same": unescape(words[2]) if words else "",
    }


def send(browser: FlaskClient, here: dict[str, Any], do: str = "save", **changes: str) -> Any:
    return browser.post(here["url"], data=here["form"] | {"do": do} | changes, headers=SCRIPT)


def test_who_may_translate_nothing_has_no_workbench(sign_in: Callable[..., FlaskClient]) -> None:
    viewer = sign_in("Viewer")
    assert viewer.get("/translate/").status_code == 403
    assert viewer.get("/translate/de").status_code == 403
    assert "/translate/" not in viewer.get("/packages/").get_data(as_text=True)


# Rule 10
def test_the_overview_counts_words_that_are_approved_and_right(
    session: Session, package: Any, translator: FlaskClient
) -> None:
    translate(package, "de", name="Gartenfest", description="Unter alten Bäumen")
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    page = translator.get("/translate/").get_data(as_text=True)
    row = re.search(r'<th scope="row">.*?Packages.*?</tr>', page, re.DOTALL)
    assert row
    assert "4 of 7 words · 1 of 3 texts" in row[0]
    assert "2 to do" in row[0]
    facts = translator.get("/translate/", headers={"Accept": "application/json"}).get_json()["data"]
    german = next(one for one in facts["languages"] if one["locale"] == "de")
    assert german["waiting"]["outdated"] == "1"


def test_one_text_is_shown_and_the_next_one_after_it_is_saved(
    session: Session, package: Any, editor: FlaskClient
) -> None:
    here = desk(editor)
    assert "Garden party" in here["page"]
    assert (here["written"], here["same"]) == ("Approve and next", "Approve and next")
    answer = send(editor, here, **{"text-name": "Gartenfest"}).get_json()
    assert answer["told"] == "Approved"
    row = stored(session)
    assert row is not None
    assert (row.text, row.state) == ("Gartenfest", "approved")
    second = desk(editor, answer["next"])
    assert "Under the old trees" in second["page"]
    assert "1 done today" in second["page"]


def test_the_address_shows_a_colleague_the_same_text(package: Any, editor: FlaskClient) -> None:
    here = desk(editor, f"{QUEUE}&state=all&q=soup")
    assert "Soup" in here["page"]
    assert "Soup" in desk(editor, here["url"])["page"]
    assert editor.get(f"{QUEUE}&state=nonsense").status_code == 400
    assert editor.get(f"{QUEUE}&after=nonsense").status_code == 400
    assert editor.get("/translate/xx").status_code == 404
    assert editor.get("/translate/en").status_code == 404


# Rule 4
def test_what_a_translator_writes_waits_and_over_a_shown_text_is_suggested(
    session: Session, package: Any, translator: FlaskClient, editor: FlaskClient
) -> None:
    here = desk(translator)
    assert here["written"] == "Send for review and next"
    assert "Your roles let you translate, not approve." in here["page"]
    send(translator, here, **{"text-name": "Gartenfest"})
    assert getattr(stored(session), "state", "") == "needs_review"
    review = desk(editor, f"{QUEUE}&state=review")
    assert review["same"] == "Approve and next"
    assert send(editor, review).get_json()["told"] == "Approved"
    again = desk(translator, here["url"])
    assert again["written"] == "Suggest and next"
    told = send(translator, again, **{"text-name": "Gartenfeier"}).get_json()
    assert told["told"] == "Suggested; it waits for approval"
    assert getattr(stored(session), "text", "") == "Gartenfest"
    offered = session.scalars(select(TranslationSuggestion)).one()
    suggested = desk(editor, f"{QUEUE}&state=suggested")
    assert f"accept:{offered.id}:name" in suggested["page"]
    assert f"accept:{offered.id}:name" not in desk(translator, suggested["url"])["page"]
    assert send(translator, again, f"accept:{offered.id}:name").status_code == 403
    assert send(editor, suggested, f"accept:{offered.id}:name").get_json()["told"] == "Approved"
    assert getattr(stored(session), "text", "") == "Gartenfeier"


def test_a_rejected_text_says_why_to_who_wrote_it(
    session: Session, package: Any, translator: FlaskClient, editor: FlaskClient
) -> None:
    here = desk(translator)
    send(translator, here, **{"text-name": "Gartenfest"})
    assert send(editor, desk(editor, here["url"]), "reject").status_code == 422
    assert send(editor, desk(editor, here["url"]), "reject", reason="too plain").status_code == 200
    assert getattr(stored(session), "state", "") == "rejected"
    assert "too plain" in desk(translator, here["url"])["page"]
    assert send(translator, here, "reject", reason="no").status_code in (403, 409)


# Rule 6
def test_a_text_out_of_date_shows_what_changed_and_is_called_right(
    session: Session, package: Any, editor: FlaskClient, translator: FlaskClient
) -> None:
    translate(package, "de", name="Gartenfest")
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    here = desk(editor, f"{QUEUE}&state=outdated")
    assert "<del>party</del>" in here["page"]
    assert "<ins>feast</ins>" in here["page"]
    offered = send(translator, desk(translator, here["url"]), "right::name").get_json()
    assert offered["told"] == "Suggested; it waits for approval"
    assert send(editor, here, "right::name").get_json()["told"] == "Approved"
    row = stored(session)
    assert row is not None
    assert (row.state, row.source_text) == ("approved", None)


# Rule 22
def test_the_second_who_saves_a_text_is_asked_and_nothing_is_overwritten(
    session: Session, package: Any, editor: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    other = sign_in("Admin")
    translate(package, "de", name="Gartenfest")
    session.commit()
    here, theirs = desk(editor, f"{QUEUE}&state=all"), desk(other, f"{QUEUE}&state=all")
    assert send(other, theirs, **{"text-name": "Fest im Garten"}).status_code == 200
    answer = send(editor, here, **{"text-name": "Gartenfeier"})
    assert answer.status_code == 409
    merged = read(answer.get_data(as_text=True))
    assert "Admin Staff saved this meanwhile" in merged["page"]
    assert merged["form"]["text-name"] == "Gartenfeier"
    assert "Fest im Garten" in unescape(merged["page"])
    assert getattr(stored(session), "text", "") == "Fest im Garten"
    assert send(editor, merged).get_json()["told"] == "Approved"
    assert getattr(stored(session), "text", "") == "Gartenfeier"


# Rule 22
def test_who_writes_for_a_source_that_changed_meanwhile_reads_it_first(
    session: Session, package: Any, editor: FlaskClient
) -> None:
    here = desk(editor)
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    answer = send(editor, here, **{"text-name": "Gartenfest"})
    assert answer.status_code == 409
    merged = read(answer.get_data(as_text=True))
    assert "The source changed while you were writing" in merged["page"]
    assert merged["form"]["text-name"] == "Gartenfest"
    assert stored(session) is None
    assert send(editor, merged).status_code == 200


def test_a_form_that_was_open_learns_of_what_the_workbench_saved(
    session: Session, package: Any, editor: FlaskClient
) -> None:
    before = package.revision
    send(editor, desk(editor), **{"text-name": "Gartenfest"})
    session.refresh(package)
    assert package.revision == before + 1


def test_what_is_typed_is_kept_until_it_is_saved(session: Session, package: Any, editor: FlaskClient) -> None:
    here = desk(editor)
    at = here["form"]["at"]
    kept = editor.post(f"/translate/de/keep?at={at}", data=here["form"] | {"text-name": "Garten"})
    assert kept.status_code == 200
    again = desk(editor)
    assert again["form"]["text-name"] == "Garten"
    assert "Not saved yet" in again["page"]
    assert "Translation into German" in editor.get("/kept/").get_data(as_text=True)
    send(editor, again)
    session.expire_all()
    assert session.scalars(select(KeptForm)).all() == []


# Rule 25
def test_every_act_is_taken_back_and_every_version_comes_back(
    session: Session, package: Any, editor: FlaskClient, translator: FlaskClient
) -> None:
    here = desk(editor)
    saved = send(editor, here, **{"text-name": "Gartenfest"}).get_json()
    undo = {"token": saved["undo"]}
    assert translator.post("/translate/de/undo", data=undo, headers=SCRIPT).status_code == 410
    assert editor.post("/translate/de/undo", data=undo, headers=SCRIPT).status_code == 200
    assert stored(session) is None
    send(editor, desk(editor, here["url"]), **{"text-name": "Gartenfest"})
    send(editor, desk(editor, here["url"]), **{"text-name": "Gartenfeier"})
    page = desk(editor, here["url"])
    version = re.search(r'value="(restore:\d+:name)"', page["page"])
    assert version
    assert send(editor, page, version[1]).get_json()["told"] == "Approved"
    row = stored(session)
    assert row is not None
    assert row.text == "Gartenfest"


def test_what_somebody_has_gone_on_with_is_not_taken_back(
    session: Session, package: Any, editor: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    here = desk(editor)
    saved = send(editor, here, **{"text-name": "Gartenfest"}).get_json()
    other = sign_in("Admin")
    send(other, desk(other, here["url"]), **{"text-name": "Fest"})
    answer = editor.post("/translate/de/undo", data={"token": saved["undo"]}, headers=SCRIPT)
    assert answer.status_code == 409
    assert getattr(stored(session), "text", "") == "Fest"


def test_a_suggestion_that_was_rewritten_is_taken_back_step_by_step(
    session: Session, package: Any, translator: FlaskClient
) -> None:
    translate(package, "de", name="Gartenfest")
    session.commit()
    here = desk(translator, f"{QUEUE}&state=all&q=Garden")
    written = []
    for words in ("Fest im Garten", "Gartenparty"):
        answer = send(translator, desk(translator, here["url"]), **{"text-name": words}).get_json()
        assert answer["told"].startswith("Suggested")
        written.append({"token": answer["undo"]})

    def offered() -> list[str]:
        session.expire_all()
        table = TranslationSuggestion
        return list(session.scalars(select(table.text).where(table.state == "open")))

    def undo(token: dict[str, str]) -> int:
        return int(translator.post("/translate/de/undo", data=token, headers=SCRIPT).status_code)

    assert offered() == ["Gartenparty"]
    assert undo(written[0]) == 409, "its author went on with it"
    assert undo(written[1]) == 200
    assert offered() == ["Fest im Garten"]
    assert undo(written[1]) == 409
    assert undo(written[0]) == 200
    assert offered() == []


# Rule 5
def test_four_eyes_are_said_plainly(session: Session, package: Any, editor: FlaskClient) -> None:
    session.execute(text("UPDATE language SET four_eyes = true WHERE tag = 'de'"))
    session.commit()
    here = desk(editor)
    assert here["written"] == "Send for review and next"
    send(editor, here, **{"text-name": "Gartenfest"})
    mine = desk(editor, here["url"])
    assert "You wrote this text: somebody else has to approve it." in mine["page"]
    assert mine["same"] == "Next"
    refused = send(editor, mine, "approve")
    assert refused.status_code == 403
    assert "somebody else has to approve it" in refused.get_data(as_text=True)


# Rule 14
def test_a_text_with_faults_is_not_approved_and_says_which(session: Session, editor: FlaskClient) -> None:
    ThemeFactory(name="Visit https://example.com today", description="")
    session.commit()
    here = desk(editor, "/translate/de?type=theme")
    assert "w-held" in here["page"]
    answer = send(editor, here, **{"text-name": "Besuch heute"})
    assert answer.status_code == 422
    assert "w-finding" in answer.get_data(as_text=True)
    assert stored(session) is None
    at = here["form"]["at"]
    told = editor.post(f"/translate/de/check?at={at}", data=here["form"] | {"text-name": "Besuch heute"})
    assert told.get_json()["blocks"] is True
    assert send(editor, here, "draft", **{"text-name": "Besuch heute"}).get_json()["told"] == "Saved as draft"


def test_without_scripts_one_goes_on_by_posting(session: Session, package: Any, editor: FlaskClient) -> None:
    here = desk(editor)
    answer = editor.post(here["url"], data=here["form"] | {"do": "save", "text-name": "Gartenfest"})
    assert answer.status_code == 303
    page = editor.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Under the old trees" in page
    assert "/translate/de/undo" in page


def test_the_queue_is_read_by_programs_too(package: Any, editor: FlaskClient) -> None:
    facts = editor.get(QUEUE, headers={"Accept": "application/json"}).get_json()["data"]
    assert facts["text"]["title"] == "Garden party"
    assert facts["text"]["forms"][0]["source"] == "Garden party"
    assert facts["counts"]["missing"] == "3"


# Rule 15: all forms of a sentence together
def test_the_forms_of_a_plural_are_one_page_and_one_save(session: Session, editor: FlaskClient) -> None:
    from app.translation.interface.models import InterfaceMessage

    message = InterfaceMessage(
        domain="festoon", msgid="%(num)s lamp lit", msgid_plural="%(num)s lamps lit", mark="m" * 64
    )
    session.add(message)
    session.commit()
    admin_queue = "/translate/ar?type=interface_message&q=lamp"
    here = desk(editor, admin_queue)
    forms = [name for name in here["form"] if name.startswith("text-")]
    assert forms == [f"text-{name}" for name in ("zero", "one", "two", "few", "many", "other")]
    texts = dict.fromkeys(forms, "%(num)s مصباح")
    assert send(editor, here, **texts).get_json()["told"] == "Approved"
    of_message = select(Translation).where(Translation.object_id == message.id)
    found = session.scalars(of_message).all()
    assert {(row.field, row.state) for row in found} == {
        (name.removeprefix("text-"), "approved") for name in forms
    }
    send(editor, desk(editor, here["url"]), **{"text-many": "%(num)s مصباحًا"})
    page = desk(editor, here["url"])
    [version] = re.findall(r'value="(restore:\d+:many)"', page["page"])
    assert send(editor, page, version).status_code == 200
    assert {row.text for row in session.scalars(of_message).all()} == {"%(num)s مصباح"}
    session.expire_all()
    undone = editor.get(admin_queue).get_data(as_text=True)
    assert "Nothing here" in undone


# Rule 3: the triggers see every write, so the history tells of all there were
def test_saving_one_field_writes_that_field_in_that_language_and_nothing_else(
    session: Session, package: Any, translator: FlaskClient
) -> None:
    for locale in ("de", "es"):
        translate(package, locale, name="Gartenfest", description="Unter alten Bäumen")
    session.execute(text("UPDATE translation SET state = 'draft'"))
    session.commit()
    last = session.scalar(select(func.max(AuditEntry.id)))
    here = desk(translator, f"{QUEUE}&state=all")
    assert send(translator, here, **{"text-name": "Gartenfeier"}).status_code == 200
    written = session.scalars(select(AuditEntry).where(AuditEntry.id > last)).all()
    assert [(one.action, one.content_type) for one in written] == [("update", "translation")]
    assert (written[0].new["locale"], written[0].new["field"], written[0].new["text"]) == (
        *("de", "name", "Gartenfeier"),
    )
