"""The inbox over HTTP: what is listed, who may do what, what is shown of a conversation, and that nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access import rows
from app.access.accounts import find_user
from app.domains.members.models import Member
from app.domains.messaging import queries, service
from app.domains.messaging.models import CannedAnswer, Conversation, MessageKind
from app.domains.messaging.service import Author
from app.kernel.audit import AuditEntry
from tests.domains.messaging.steps import visitor
from tests.factories import BookingFactory, translate

SignIn = Callable[..., FlaskClient]
PART = {"X-Part": "messages", "Accept": "application/json"}
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7*7 }}",
    "</template><script>alert(1)</script>",
)


def open_talk(text: str = "Hello?", **facts: Any) -> Conversation:
    """Have a visitor write."""
    left = service.leave_message(visitor(**facts), text)
    return left.conversation


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    return answer.get_data(as_text=True)


def listed(browser: FlaskClient, query: str) -> list[str]:
    """Name the visitors in the list, in its order."""
    return re.findall(r'i-line-name"><bdi>(.*?)</bdi>', page(browser, f"/inbox/?{query}"))


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("Booking operator")


def user_id(name: str = "booking-operator") -> int:
    user = find_user(name)
    assert user is not None
    return int(user.id)


@pytest.mark.proves("S0.31")
def test_each_view_lists_its_conversations_with_the_last_message_and_how_much_is_unread(
    operator: FlaskClient, session: Session
) -> None:
    mine = open_talk("About the tent", name="Mine")
    service.assign(mine.id, user_id())
    nobodys = open_talk("First", name="Nobody's")
    service.leave_message(queries.Visitor(nobodys.session_id, None, "Nobody's"), "Second <b>line</b>")
    closed = open_talk("Bye", name="Done")
    service.close(closed.id)
    session.commit()

    assert listed(operator, "view=open") == ["Nobody&#39;s", "Mine"]
    assert listed(operator, "view=mine") == ["Mine"]
    assert listed(operator, "view=unassigned") == ["Nobody&#39;s"]
    assert listed(operator, "view=closed") == ["Done"]
    found = page(operator, "/inbox/")
    assert "Second &lt;b&gt;line&lt;/b&gt;" in found
    assert '<span class="i-badge">2<' in found
    counts = dict(re.findall(r'data-count="(\w+)">(\d+)<', found))
    assert counts == {"open": "2", "mine": "1", "unassigned": "1"}
    assert operator.get("/inbox/waiting").json == {"waiting": 2}


def test_the_staff_api_lists_the_same_conversations(operator: FlaskClient, session: Session) -> None:
    open_talk("Hello from outside", name="Vera")
    session.commit()

    row = operator.get("/api/v1/inbox/").json["data"][0]

    assert (row["visitor_name"], row["last_excerpt"], row["unread_by_staff"]) == (
        "Vera",
        "Hello from outside",
        1,
    )


def test_pages_of_the_list_follow_each_other_without_gap_or_double(
    operator: FlaskClient, session: Session
) -> None:
    for number in range(65):
        open_talk("Hi", name=f"Guest {number:02}")
    session.commit()

    seen, url = [], "/inbox/?view=open"
    while url:
        found = page(operator, url)
        seen += re.findall(r"<bdi>(Guest \d\d)</bdi>", found)
        more = re.search(r'class="i-more" href="([^"]+)"', found)
        url = more[1].replace("&amp;", "&") if more else ""

    assert seen == [f"Guest {number:02}" for number in reversed(range(65))]


def test_a_search_finds_by_name_and_by_what_was_said_in_every_view(
    operator: FlaskClient, session: Session
) -> None:
    open_talk("Do you rent lanterns?", name="Vera")
    done = open_talk("100% sure", name="Walter")
    service.close(done.id)
    session.commit()

    assert listed(operator, "q=LANTERN") == ["Vera"]
    assert listed(operator, "q=walt") == ["Walter"]
    assert listed(operator, "q=0%25 s") == ["Walter"]
    assert listed(operator, "q=_____") == []


def test_an_answer_and_a_note_stand_among_the_messages_with_what_became_of_it(
    operator: FlaskClient, session: Session
) -> None:
    talk = open_talk("Is the 17th free?", name="Vera")
    session.commit()
    url = f"/inbox/{talk.id}"

    assert operator.post(f"{url}/messages", data={"text": "Yes, it is."}).headers["Location"] == url
    operator.post(f"{url}/messages", data={"text": "Ask logistics first.", "kind": "note"})
    operator.post(f"{url}/assign", data={"user": str(user_id())})
    operator.post(f"{url}/bot", data={"on": "1"})
    operator.post(f"{url}/bot", data={"on": ""})
    operator.post(f"{url}/close")
    operator.post(f"{url}/reopen")

    found = page(operator, url)
    for words in ("Is the 17th free?", "Yes, it is.", "Ask logistics first.", "took over", "switched the bot off",
                  "closed the conversation", "reopened the conversation"):  # fmt: skip
        assert words in found
    public = queries.messages(talk.id)
    assert [message.text for message in public] == ["Is the 17th free?", "Yes, it is."]


def test_a_message_sent_twice_with_one_key_is_kept_once(operator: FlaskClient, session: Session) -> None:
    talk = open_talk()
    session.commit()
    form = {"text": "Yes", "client_key": "key-1", "after": "1"}

    first, again = (operator.post(f"/inbox/{talk.id}/messages", data=form, headers=PART) for _ in range(2))

    assert first.status_code == again.status_code == 200
    assert first.json["messages"] == again.json["messages"]
    assert first.json["messages"].count('data-client="key-1"') == 1


@pytest.mark.parametrize(("text", "status"), [("", 422), ("   ", 422), ("x" * 4001, 422), ("x" * 4000, 303)])
def test_a_text_that_is_none_or_too_long_is_refused_and_stays_in_the_input(
    operator: FlaskClient, session: Session, text: str, status: int
) -> None:
    talk = open_talk()
    session.commit()

    answer = operator.post(f"/inbox/{talk.id}/messages", data={"text": text, "kind": "note"})

    assert answer.status_code == status
    if status == 422:
        assert f">{text}</textarea>" in answer.get_data(as_text=True)
        assert re.search(r'value="note" checked', answer.get_data(as_text=True))


def test_messages_are_given_by_parts_before_and_after_a_mark(operator: FlaskClient, session: Session) -> None:
    talk = open_talk("Message 1")
    for number in range(2, 61):
        service.leave_message(queries.Visitor(talk.session_id, None), f"Message {number}")
    service.read_by_staff(talk.id, user_id())
    session.commit()
    url = f"/inbox/{talk.id}"

    whole = page(operator, url)
    earlier = re.search(r'href="([^"]+before=\d+)"', whole)
    assert earlier
    before = operator.get(earlier[1].replace("&amp;", "&"), headers=PART).json
    after = operator.get(f"{url}?after=58", headers=PART).json

    def texts(html: str) -> list[str]:
        return re.findall(r"Message \d+(?=</span></p>)", html)

    numbers = [f"Message {number}" for number in range(1, 61)]
    assert texts(before["messages"]) + texts(whole) == numbers
    assert texts(after["messages"]) == numbers[58:]
    assert (after["last"], after["status"]) == (60, "open")


def test_reading_is_written_down_by_a_post_and_never_by_looking(
    operator: FlaskClient, session: Session
) -> None:
    talk = open_talk()
    session.commit()

    page(operator, f"/inbox/{talk.id}")
    session.refresh(talk)
    assert talk.unread_by_staff == 1
    operator.post(f"/inbox/{talk.id}/read", data={"sequence": "1"}, headers=PART)
    session.refresh(talk)
    assert (talk.unread_by_staff, talk.read_by_staff) == (0, 1)


@pytest.mark.proves("S0.32")
def test_a_conversation_linked_to_a_member_is_theirs_and_can_be_unlinked(
    operator: FlaskClient, session: Session
) -> None:
    vera = Member(email="vera@example.com", username="vera", name="Vera Lind", password_hash="x")
    session.add(vera)
    BookingFactory(client_email="vera@example.com", client_name="Vera", event_type="wedding")
    talk = open_talk("It is me, Vera")
    session.commit()
    as_member = queries.Visitor(None, vera.id, "Vera Lind")
    assert queries.conversations_of(as_member) == []

    found = operator.get(f"/inbox/{talk.id}/members?q=lin", headers=PART).get_data(as_text=True)
    assert f'value="{vera.id}"' in found
    operator.post(f"/inbox/{talk.id}/link", data={"member": str(vera.id)})

    assert [row.id for row in queries.conversations_of(as_member)] == [talk.id]
    assert [row.text for row in queries.messages(talk.id)] == ["It is me, Vera"]
    shown = page(operator, f"/inbox/{talk.id}")
    assert "Vera Lind" in shown
    assert "vera@example.com" in shown
    assert "Wedding" in shown
    operator.post(f"/inbox/{talk.id}/link", data={"member": ""})
    assert queries.conversations_of(as_member) == []


def test_only_who_may_answer_can_be_given_a_conversation(
    sign_in: SignIn, operator: FlaskClient, session: Session
) -> None:
    sign_in("Editor")
    talk = open_talk()
    session.commit()

    refused = operator.post(f"/inbox/{talk.id}/assign", data={"user": str(user_id("editor"))}, headers=PART)
    operator.post(f"/inbox/{talk.id}/assign", data={"user": str(user_id())}, headers=PART)

    assert refused.status_code == 422
    session.refresh(talk)
    assert talk.assigned_to_id == user_id()


def test_a_moderator_reads_and_closes_but_does_not_answer(sign_in: SignIn, session: Session) -> None:
    talk = open_talk("Buy cheap watches", name="Spam")
    session.commit()
    browser = sign_in("Moderator")

    shown = page(browser, f"/inbox/{talk.id}")
    assert "Buy cheap watches" in shown
    assert "data-composer" not in shown
    assert browser.post(f"/inbox/{talk.id}/messages", data={"text": "Hi"}).status_code == 403
    assert browser.get(f"/inbox/{talk.id}/members?q=ve").status_code == 403
    assert browser.post(f"/inbox/{talk.id}/close").status_code == 303
    session.refresh(talk)
    assert talk.status == "closed"


def test_bookings_are_shown_to_those_who_may_list_them(sign_in: SignIn, session: Session) -> None:
    talk = open_talk("Hi", email="vera@example.com")
    BookingFactory(client_email="vera@example.com", event_type="wedding")
    session.commit()

    assert "Wedding" in page(sign_in("Booking operator"), f"/inbox/{talk.id}")
    assert "Wedding" not in page(sign_in("Moderator"), f"/inbox/{talk.id}")


def test_row_rules_hold_in_the_list_in_the_counts_and_in_the_conversation(
    operator: FlaskClient, session: Session
) -> None:
    seen, hidden = open_talk("Mine", name="Seen"), open_talk("canary-4711", name="Hidden")
    session.commit()
    rows.limit("conversation", "Booking operator", lambda model, _user: model.visitor_name == "Seen")
    try:
        assert listed(operator, "view=open") == ["Seen"]
        assert listed(operator, "q=canary") == []
        assert operator.get("/inbox/waiting").json == {"waiting": 1}
        assert operator.get(f"/inbox/{seen.id}").status_code == 200
        answers = [
            operator.get(f"/inbox/{hidden.id}"),
            operator.post(f"/inbox/{hidden.id}/messages", data={"text": "x"}),
            operator.post(f"/inbox/{hidden.id}/close"),
            operator.get(f"/inbox/{hidden.id}/members?q=ab"),
        ]
    finally:
        rows.lift("conversation", "Booking operator")

    assert [answer.status_code for answer in answers] == [404] * 4
    assert "canary" not in "".join(answer.get_data(as_text=True) for answer in answers)


@pytest.mark.parametrize("path", ["messages", "read", "assign", "bot", "close", "reopen", "link"])
def test_nothing_is_done_without_the_token_of_the_form(
    operator: FlaskClient, session: Session, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = open_talk()
    session.commit()
    monkeypatch.setitem(operator.application.config, "WTF_CSRF_ENABLED", True)

    assert operator.post(f"/inbox/{talk.id}/{path}", data={"text": "x", "sequence": "1"}).status_code == 400


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_visitors_say_and_are_called_is_text(
    operator: FlaskClient, session: Session, attack: str
) -> None:
    who = visitor(name=attack)
    talk = service.leave_message(who, attack).conversation
    assert who.session_id is not None
    service.see_page(who.session_id, f"/{attack}", attack)
    service.answer(talk.id, attack, Author(user_id(), attack), kind=MessageKind.NOTE)
    session.commit()

    for path in ("/inbox/", f"/inbox/{talk.id}", f"/inbox/?q={attack[:5]}", f"/inbox/?q={attack}", "/"):
        found = page(operator, path)
        assert "<script>alert" not in found
        assert "<img src=x" not in found
        assert "<svg onload" not in found
        assert ">49<" not in found


def test_canned_answers_come_in_the_visitors_language_and_fall_back(
    operator: FlaskClient, session: Session
) -> None:
    first = CannedAnswer(title="Opening hours", shortcut="hours", text="We are here from nine.", position=1)
    hidden = CannedAnswer(title="Old", text="Old", is_active=False)
    session.add_all([first, hidden, CannedAnswer(title="Thanks", text="Thank you!", position=2)])
    session.flush()
    translate(first, "de", text="Wir sind ab neun Uhr da.")
    session.commit()

    found = operator.get("/inbox/canned?locale=de-AT").json["answers"]

    assert [(row["title"], row["text"]) for row in found] == [
        ("Opening hours", "Wir sind ab neun Uhr da."),
        ("Thanks", "Thank you!"),
    ]
    assert operator.get("/inbox/canned?locale=%00").json["answers"][0]["text"] == "We are here from nine."


def test_a_page_takes_as_many_statements_for_many_messages_as_for_one(
    operator: FlaskClient, session: Session, count_statements: Callable[[], Any]
) -> None:
    talk, counted = open_talk("1", name="Vera", email="vera@example.com"), []
    for many in (1, 40):
        for number in range(many):
            open_talk("Hi", name=f"Guest {number}")
            service.leave_message(queries.Visitor(talk.session_id, None), "More")
            service.answer(talk.id, "Yes", Author(user_id(), "Greta"))
            BookingFactory(client_email="vera@example.com")
        session.commit()
        session.expunge_all()
        with count_statements() as seen:
            page(operator, f"/inbox/{talk.id}")
        counted.append(len(seen))

    assert counted[0] == counted[1] <= 12


def test_the_history_tells_of_steps_and_not_of_every_message(operator: FlaskClient, session: Session) -> None:
    talk = open_talk()
    service.answer(talk.id, "Welcome", Author(user_id(), "Greta"))
    session.commit()
    before = session.query(AuditEntry).count()

    operator.post(f"/inbox/{talk.id}/messages", data={"text": "Yes"})
    assert session.query(AuditEntry).count() == before
    operator.post(f"/inbox/{talk.id}/close")

    entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.owner_type, entry.new["status"]) == ("conversation", "closed")


def test_the_menu_counts_what_waits_only_for_who_may_see_it(sign_in: SignIn) -> None:
    assert 'data-news="/inbox/waiting"' in page(sign_in("Booking operator"), "/")
    stranger = page(sign_in("Editor"), "/")
    assert "data-news" not in stranger
    assert "js/news.js" not in stranger


def test_visitors_who_wait_longest_stand_first_at_home(operator: FlaskClient, session: Session) -> None:
    for name in ("First", "Second"):
        open_talk("Anybody there?", name=name)
    answered = open_talk("Thanks", name="Answered")
    service.answer(answered.id, "Welcome", Author(user_id(), "Greta"))
    session.commit()

    found = page(operator, "/")

    assert found.index("First") < found.index("Second")
    assert "Answered" not in found


def test_names_are_set_apart_in_sentences_of_the_other_direction_and_a_browser_is_named(
    operator: FlaskClient, session: Session
) -> None:
    agent = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
    )
    talk = open_talk("Hello?", user_agent=agent)
    session.commit()
    operator.post(f"/inbox/{talk.id}/assign", data={"user": str(user_id())})
    code = talk.id.hex[-4:].upper()

    english = page(operator, f"/inbox/{talk.id}")
    assert "Chrome, Linux" in english
    assert "Mozilla" not in english
    assert f"Write to Visitor {code}" in english

    operator.post("/language", data={"locale": "ar"})
    arabic = page(operator, f"/inbox/{talk.id}")
    assert 'dir="rtl"' in arabic
    assert f"\u2068{code}\u2069" in arabic
    took_over = queries.messages(talk.id, with_notes=True)[-1]
    assert took_over.author_name
    assert f"\u2068{took_over.author_name}\u2069" in arabic


def test_staff_comment_on_a_conversation_as_on_any_record(operator: FlaskClient, session: Session) -> None:
    talk = open_talk()
    said = operator.post(
        f"/inbox/{talk.id}/comments", data={"body": "Ring them first"}, headers={"X-Part": "panel"}
    )
    assert said.status_code == 200
    assert "Ring them first" in said.get_data(as_text=True)
    left = operator.post(f"/inbox/{talk.id}/messages", data={"text": "Hello."}, headers=PART)
    assert left.status_code == 200 and "Hello." in left.get_json()["messages"]
