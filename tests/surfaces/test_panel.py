"""The panel beside a record: comments that reach who is named, what refers to it, and deletions taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.catalog.models import Package, Theme
from app.domains.reviews.models import Review
from app.kernel import clock
from app.surfaces.comments.jobs import forget_of_deleted
from app.surfaces.comments.models import RecordComment
from app.surfaces.desk.notices import Notice
from app.surfaces.history import restoring
from app.translation.models import Translation
from tests.factories import (
    AssetFactory,
    BookingFactory,
    IncludedItemFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)

SignIn = Callable[..., FlaskClient]
PART = {"X-Part": "panel"}


def part(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=PART)
    assert answer.status_code == status, answer.get_data(as_text=True)[-1500:]
    return answer.get_data(as_text=True)


def say(client: FlaskClient, record: Any, path: str = "packages", status: int = 200, **form: str) -> str:
    answer = client.post(f"/{path}/{record.id}/comments", data=form, headers=PART)
    assert answer.status_code == status, answer.get_data(as_text=True)[-1500:]
    return answer.get_data(as_text=True)


def notices(session: Session) -> list[tuple[str, str]]:
    return sorted((row.kind, row.actor) for row in session.scalars(select(Notice)))


@pytest.fixture
def limited() -> Iterator[None]:
    rows.limit("package", "Viewer", lambda model, _user: model.name == "For viewers")
    yield
    rows.lift("package", "Viewer")


def test_a_comment_names_somebody_who_is_told_and_a_thread_is_settled(
    sign_in: SignIn, session: Session
) -> None:
    anna, ben = sign_in("Editor", "anna"), sign_in("Moderator", "ben")
    package = PackageFactory(name="Garden party")
    shown = say(anna, package, body="Is the price right, @ben? <b>", field="price_minor")
    assert '<b class="cm-who">@Moderator Staff</b>' in shown and "&lt;b&gt;" in shown and ">Price<" in shown
    notice = session.scalars(select(Notice)).one()
    assert (notice.kind, notice.title, notice.actor) == ("mention", "Garden party", "Editor Staff")
    assert notice.url.startswith(f"/packages/{package.id}?panel=comments#comment-")
    first = session.scalars(select(RecordComment)).one()
    say(ben, package, body="It is.", thread=str(first.id))
    assert notices(session) == [("comment", "Moderator Staff"), ("mention", "Editor Staff")]
    assert "data-count>1<" in ben.get(f"/packages/{package.id}").get_data(as_text=True)
    answer = anna.post(f"/packages/{package.id}/comments/{first.id}", data={"do": "resolve"}, headers=PART)
    assert "Resolved by Editor Staff" in answer.get_data(as_text=True)
    assert "data-count>" not in ben.get(f"/packages/{package.id}").get_data(as_text=True)


def test_a_thread_is_settled_by_its_author_and_by_who_works_on_the_record(
    sign_in: SignIn, session: Session
) -> None:
    editor, viewer, translator = sign_in("Editor"), sign_in("Viewer"), sign_in("Translator")
    package = PackageFactory()
    tab = f"/packages/{package.id}/panel?tab=comments"
    say(editor, package, body="Is the price right?")
    theirs = session.scalars(select(RecordComment)).one()
    say(viewer, package, body="No.", thread=str(theirs.id))
    answered = session.scalars(select(RecordComment).where(RecordComment.thread_id == theirs.id)).one()
    assert 'value="resolve"' not in part(viewer, tab)
    for form in ({"do": "resolve"}, {"do": "reopen"}):
        for key in (theirs.id, answered.id):
            refused = viewer.post(f"/packages/{package.id}/comments/{key}", data=form, headers=PART)
            assert refused.status_code == 403
    session.refresh(theirs)
    assert theirs.resolved_at is None
    for client in (translator, editor):
        assert 'value="resolve"' in part(client, tab)
        for do in ("resolve", "reopen"):
            answer = client.post(f"/packages/{package.id}/comments/{theirs.id}", data={"do": do})
            assert answer.status_code == 302
    say(editor, package, body="Is it, @viewer?")
    assert part(viewer, tab).count('value="resolve"') == 1, "whom it names knows when it is settled"
    asked = session.scalars(select(RecordComment).where(RecordComment.body == "Is it, @viewer?")).one()
    done = viewer.post(f"/packages/{package.id}/comments/{asked.id}", data={"do": "resolve"}, headers=PART)
    assert "Resolved by Viewer Staff" in done.get_data(as_text=True)
    say(viewer, package, body="Mine")
    mine = session.scalars(select(RecordComment).where(RecordComment.body == "Mine")).one()
    assert part(viewer, tab).count('value="resolve"') == 1
    done = viewer.post(f"/packages/{package.id}/comments/{mine.id}", data={"do": "resolve"}, headers=PART)
    assert "Resolved by Viewer Staff" in done.get_data(as_text=True)


@pytest.fixture
def held() -> Iterator[None]:
    rows.limit("package", "Editor", lambda model, _user: model.name != "Seen alone", "edit", "translate")
    yield
    rows.lift("package", "Editor")


def test_who_may_only_see_this_one_settles_nothing_of_others(
    sign_in: SignIn, session: Session, held: None
) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Seen alone")
    say(sign_in("Admin"), package, body="Wait")
    first = session.scalars(select(RecordComment)).one()
    answer = editor.post(f"/packages/{package.id}/comments/{first.id}", data={"do": "resolve"}, headers=PART)
    assert answer.status_code == 403 and 'value="resolve"' not in answer.get_data(as_text=True)


def test_only_its_author_changes_a_comment_and_names_anew(sign_in: SignIn, session: Session) -> None:
    anna, ben = sign_in("Editor", "anna"), sign_in("Editor", "ben")
    package = PackageFactory()
    say(anna, package, body="First")
    comment = session.scalars(select(RecordComment)).one()
    address = f"/packages/{package.id}/comments/{comment.id}"
    for form in ({"do": "edit", "body": "Forged"}, {"do": "remove"}):
        assert ben.post(address, data=form, headers=PART).status_code == 403
    for _again in range(2):
        anna.post(address, data={"do": "edit", "body": "Second, @ben"}, headers=PART)
    session.expire_all()
    assert comment.body == "Second, @ben" and comment.edited_at is not None
    assert [(row.kind, row.times) for row in session.scalars(select(Notice))] == [("mention", 1)]
    say(ben, package, body="An answer", thread=str(comment.id))
    assert "taken back" in anna.post(address, data={"do": "remove"}, headers=PART).get_data(as_text=True)
    say(anna, package, body="", status=422)
    assert "x" * 50 in say(anna, package, body="x" * 6000, status=422), "a refusal keeps what was typed"


def test_comments_keep_to_row_rules_and_roles(sign_in: SignIn, session: Session, limited: None) -> None:
    editor, viewer, operator = sign_in("Editor"), sign_in("Viewer"), sign_in("Booking operator")
    hidden, open_one = PackageFactory(name="Hidden"), PackageFactory(name="For viewers")
    festival_path = "festivals"
    say(editor, hidden, body="@viewer must not hear of this, nor @nobody")
    assert notices(session) == []
    say(editor, open_one, body="@viewer may")
    assert notices(session) == [("mention", "Editor Staff")]
    for address in ("panel?tab=comments", "panel?tab=references", "people?q="):
        assert viewer.get(f"/packages/{hidden.id}/{address}", headers=PART).status_code == 404
    say(viewer, hidden, body="I was here", status=404)
    assert "may" in part(viewer, f"/packages/{open_one.id}/panel?tab=comments")
    found = editor.get(f"/packages/{open_one.id}/people?q=v").get_json()["data"]
    assert [person["name"] for person in found] == ["viewer"]
    assert editor.get(f"/packages/{hidden.id}/people?q=v").get_json()["data"] == []
    assert operator.get(f"/{festival_path}/{hidden.id}/panel", headers=PART).status_code == 403
    assert part(viewer, f"/packages/{open_one.id}/panel?tab=history", 403)
    comment = session.scalars(select(RecordComment).where(RecordComment.object_id == str(hidden.id))).one()
    taken = f"/packages/{open_one.id}/comments/{comment.id}"
    assert viewer.post(taken, data={"do": "resolve"}, headers=PART).status_code == 404


def test_comments_of_a_deleted_record_go_when_nobody_can_take_it_back(
    sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = sign_in("Admin")
    gone, stays = PackageFactory(), PackageFactory()
    for package in (gone, stays):
        say(admin, package, body="Words")
    admin.post(f"/packages/{gone.id}/delete")
    assert forget_of_deleted() == 0
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr("app.surfaces.comments.jobs.clock.now", lambda: later)
    assert forget_of_deleted() == 1
    assert [row.object_id for row in session.scalars(select(RecordComment))] == [str(stays.id)]


def test_without_scripts_the_panel_is_pages(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Garden party")
    answer = editor.post(f"/packages/{package.id}/comments", data={"body": "Hello"}, follow_redirects=True)
    assert "Hello" in (page := answer.get_data(as_text=True)) and "<h1>Garden party</h1>" in page
    assert editor.get(f"/packages/{package.id}/panel?tab=nonsense").status_code == 400


def test_what_refers_to_a_record_is_counted_in_one_statement_and_row_safe(
    sign_in: SignIn, session: Session, count_statements: Any, app: Flask
) -> None:
    admin, operator = sign_in("Admin"), sign_in("Booking operator")
    package = PackageFactory(name="Garden party")
    BookingFactory(package_id=package.id, client_name="Ada King")
    address = f"/packages/{package.id}/panel?tab=references"
    part(admin, address)
    with count_statements() as few:
        part(admin, address)
    for _number in range(30):
        BookingFactory(package_id=package.id)
        ReviewFactory(package_id=package.id)
    with count_statements() as many:
        shown = part(admin, address)
    assert len(few) == len(many)
    assert re.search(r"Bookings</a>.*?>31</b>", shown, re.DOTALL) and re.search(
        r"Reviews</a>.*?>30</b>", shown, re.DOTALL
    )
    assert f"/bookings/?filter%5Bpackage%5D={package.id}" in shown
    assert "Reviews</a>" not in (seen := part(operator, address)) and "Bookings</a>" in seen
    assert "There are more that your role does not show." in seen


def test_of_what_a_role_may_not_list_there_is_neither_link_nor_number(
    sign_in: SignIn, session: Session
) -> None:
    editor, package = sign_in("Editor"), PackageFactory(name="Garden party")
    BookingFactory(package_id=package.id)
    assert editor.get("/bookings/").status_code == 403
    inactive = "Make it inactive instead"
    panel = part(editor, f"/packages/{package.id}/panel?tab=references")
    before = part(editor, f"/packages/{package.id}/before-delete")
    assert "Records that your role does not show refer to it." in panel
    assert "data-refused" in before and "records that your role does not show still refer to it" in before
    assert f'href="/packages/{package.id}/edit">{inactive}' in before
    for shown in (panel, before):
        assert "/bookings/" not in shown and "Bookings" not in shown and ">0<" not in shown
    said = editor.post(f"/packages/{package.id}/delete", follow_redirects=True).text
    assert "records that your role does not show still refer to it" in said and inactive in said
    for address in re.findall(r'href="(/(?!static)[^"]*)"', panel + before):
        assert editor.get(unescape(address)).status_code == 200
    package.is_active = False
    session.commit()
    assert inactive not in part(editor, f"/packages/{package.id}/before-delete")
    asset, theme = AssetFactory(), ThemeFactory()
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id)
    assert inactive not in part(editor, f"/pictures/{asset.id}/before-delete"), "a picture has no such switch"


def test_a_picture_knows_the_galleries_and_records_that_show_it(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    asset, theme = AssetFactory(title="A lamp"), ThemeFactory(name="Festival of lights")
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id)
    ReviewFactory(asset_id=asset.id, author_name="Grace")
    shown = part(admin, f"/pictures/{asset.id}/panel?tab=references")
    assert "Festival of lights" in shown and "Grace" in shown
    whole = part(admin, f"/pictures/{asset.id}/panel?tab=references&of=theme_picture.asset_id")
    assert f'href="/themes/{theme.id}"' in whole
    before = part(admin, f"/pictures/{asset.id}/before-delete")
    assert "data-refused" in before and "Themes" in before and "Reviews" not in before
    assert admin.get(f"/pictures/{asset.id}/panel?tab=references&of=ab_user.id").status_code == 400


def test_a_deletion_says_first_what_it_does_and_is_taken_back_whole(
    sign_in: SignIn, session: Session
) -> None:
    admin = sign_in("Admin")
    theme = ThemeFactory(name="Festival of lights", description="Lamps")
    picture = ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory().id, alt="A lamp")
    translate(theme, "de", name="Lichterfest")
    translate(picture, "de", alt="Eine Lampe")
    review = ReviewFactory(theme_id=theme.id, author_name="Grace", message="Lovely")
    say(admin, theme, "themes", body="Keep this one")
    keys = theme.id, picture.id, review.id
    ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory().id)
    before = part(admin, f"/themes/{theme.id}/before-delete")
    assert re.search(r"Gallery</.*?>2</b>", before, re.DOTALL)
    assert "Deleted with it" in before and "Reviews" in before and "Gallery" in before
    assert "You can undo this for 15 minutes." in before
    held = snapshot(session)
    page = admin.post(f"/themes/{theme.id}/delete", follow_redirects=True).get_data(as_text=True)
    token = re.search(r'name="token" value="([^"]*)"', page)
    assert token and session.get(Theme, keys[0]) is None and session.get(Review, keys[2]) is None
    other = sign_in("Admin", "other-admin")
    other.post("/themes/undelete", data={"token": token[1]})
    assert session.get(Theme, keys[0]) is None, "only who deleted takes it back"
    session.execute(text("SELECT set_config('festoon.actor', '', true)"))  # as in a transaction of its own
    answer = admin.post("/themes/undelete", data={"token": token[1]}, follow_redirects=True)
    assert "1 record is back." in answer.get_data(as_text=True)
    session.expire_all()
    assert snapshot(session) == held
    assert "Keep this one" in part(admin, f"/themes/{keys[0]}/panel?tab=comments")
    history = part(admin, f"/themes/{keys[0]}/panel?tab=history")
    assert "Restored" in history and "Database user" not in history
    again = admin.post("/themes/undelete", data={"token": token[1]}, follow_redirects=True)
    assert "back already" in again.get_data(as_text=True)


def snapshot(session: Session) -> list[Any]:
    """Read all that a deletion of a theme touches, but for what counts saves."""
    rows_ = "SELECT to_jsonb(t) - 'revision' - 'updated_at' FROM {} t ORDER BY id"
    names = ("theme", "theme_picture", "translation", "review", "search_entry")
    statements = (rows_.format(name) if name != "search_entry" else SEARCHED for name in names)
    return [session.execute(text(statement)).scalars().all() for statement in statements]


SEARCHED = "SELECT content_type || object_id || locale || text FROM search_entry ORDER BY 1"


def test_an_undo_comes_too_late_or_finds_its_place_taken(
    sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = sign_in("Admin")
    package = PackageFactory(slug="garden-party")
    page = admin.post(f"/packages/{package.id}/delete", follow_redirects=True).get_data(as_text=True)
    token = re.search(r'name="token" value="([^"]*)"', page)
    assert token
    PackageFactory(slug="garden-party")
    session.commit()
    refused = admin.post("/packages/undelete", data={"token": token[1]}, follow_redirects=True)
    assert "something else has taken its place" in refused.get_data(as_text=True)
    later = clock.now() + restoring.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(restoring.clock, "now", lambda: later)
    for tried in (token[1], "", "1.00", "x.y", f"{token[1]}0"):
        late = admin.post("/packages/undelete", data={"token": tried})
        assert late.status_code == 302
    assert session.scalar(select(func.count()).select_from(Package)) == 1


def test_many_deleted_at_once_come_back_together(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    packages = [PackageFactory() for _number in range(3)]
    IncludedItemFactory(package_id=packages[0].id)
    form = {"action": "delete", "ids": [str(package.id) for package in packages], "back": "/packages/"}
    page = admin.post("/packages/bulk", data=form, follow_redirects=True).get_data(as_text=True)
    assert "3 records deleted." in page
    token = re.search(r'name="token" value="([^"]*)"', page)
    assert token
    assert "3 records are back." in admin.post(
        "/packages/undelete", data={"token": token[1]}, follow_redirects=True
    ).get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Package)) == 3


def test_what_the_history_does_not_hold_whole_is_not_offered_back(app: Flask) -> None:
    catalogue = app.extensions["catalogue"]
    restorable = {r.name for r in catalogue if restoring.is_restorable(catalogue, r)}
    assert {"package", "theme", "festival", "review", "canned_answer"} <= restorable
    assert {"asset", "member", "conversation", "ab_user"}.isdisjoint(restorable)


def test_a_large_save_is_told_by_row_and_language(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Garden party", description="A quiet party for twenty guests.")
    form = {
        "name": "Garden party",
        "slug": package.slug,
        "price_minor": "10",
        "currency": "EUR",
        "position": "0",
    }
    form |= {"revision": "1", "description": "A loud party for twenty guests.", "items-present": "1"}
    for place in range(4):
        form |= {
            f"items-{place}-id": "",
            f"items-{place}-position": str(place),
            f"items-{place}-text": f"Item {place}",
        }
        form |= {f"items-{place}-t-de-text": f"Ding {place}", f"items-{place}-t-es-text": f"Cosa {place}"}
    assert editor.post(f"/packages/{package.id}/edit", data=form).status_code == 302
    told = part(editor, f"/packages/{package.id}/panel?tab=history")
    assert "A <del>quiet</del><ins>loud</ins> party" in told
    groups = re.findall(r"<summary>.*?<span>(.*?)</span><span class=\"f-help\">(.*?)</span>", told, re.DOTALL)
    assert ("Included items", "4 changes") in groups
    assert ("Deutsch", "4 changes") in groups and ("Español", "4 changes") in groups
    assert session.scalar(select(func.count()).select_from(Translation)) == 8


def test_a_long_value_of_the_history_is_shown_by_its_first_lines_and_can_be_unfolded(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Garden", description="Short")
    for text_ in ("w" * 400, "Short again"):
        package.description = text_
        session.commit()
    for page in (
        part(editor, f"/packages/{package.id}/panel?tab=history"),
        part(editor, f"/packages/{package.id}/history"),
    ):
        told = re.findall(r"<dt>Description</dt><dd( class=\"is-clamped\")?>(.*?)</dd>", page, re.DOTALL)
        assert [bool(clamped) for clamped, _value in told] == [True, True, False]
        assert ["Show more: Description" in value for _clamped, value in told] == [True, True, False]
        assert "w" * 400 in told[0][1], "what is folded is there"
        assert "Show more: Name" not in page
