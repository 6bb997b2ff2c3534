"""Two people save one record: nothing is overwritten silently, and what does not overlap is joined."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.catalog.models import IncludedItem, Package
from app.translation.models import Translation
from tests.factories import IncludedItemFactory, PackageFactory, translate

SignIn = Callable[..., FlaskClient]


def opened(client: FlaskClient, package: Package) -> dict[str, str]:
    """Open the form and read what a browser would send of it unchanged."""
    return inputs(client.get(f"/packages/{package.id}/edit").get_data(as_text=True))


def inputs(html: str) -> dict[str, str]:
    form = html[html.index("data-form") :]
    form = re.sub(r"<template>.*?</template>", "", form[: form.index("</form>")], flags=re.DOTALL)
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_box = facts.get("type") in ("checkbox", "radio")
        if "name" in facts and facts.get("type") != "file" and (not is_box or re.search(r"\schecked", tag)):
            found[facts["name"]] = unescape(facts.get("value", ""))
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def save(client: FlaskClient, package: Package, form: dict[str, str], status: int = 302) -> str:
    answer = client.post(f"/packages/{package.id}/edit", data=form)
    assert answer.status_code == status, answer.get_data(as_text=True)[-1500:]
    return (
        client.get(answer.headers["Location"]).get_data(as_text=True)
        if status == 302
        else answer.get_data(as_text=True)
    )


def texts(session: Session, record: object) -> dict[str, str]:
    rows = session.scalars(select(Translation).where(Translation.object_id == record.id))  # type: ignore[attr-defined]
    return {f"{row.locale}.{row.field}": row.text for row in rows}


def test_what_does_not_overlap_is_joined_and_said(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Before", description="Before", price_minor=1000)
    item = IncludedItemFactory(package_id=package.id, text="Balloons", position=0)
    gone = IncludedItemFactory(package_id=package.id, text="Cake", position=1).id
    anna, ben = sign_in("Editor", "anna"), sign_in("Editor", "ben")
    mine, theirs = opened(anna, package), opened(ben, package)
    assert "items-1-text" in theirs
    theirs |= {"price_minor": "25.00", "t-de-name": "Davor", "items-1-DELETE": "on"}
    theirs |= {"items-2-id": "", "items-2-position": "2", "items-2-text": "Fireworks"}
    save(ben, package, theirs)
    told = save(anna, package, mine | {"name": "After", "items-0-text": "Red balloons", "t-es-name": "Luego"})
    assert "saved meanwhile. Kept with your changes:" in told
    for label in ("Price", "Name (Deutsch)", "Item"):
        assert label in told
    session.expire_all()
    assert (package.name, package.price_minor) == ("After", 2500)
    assert [row.text for row in package.items] == ["Red balloons", "Fireworks"]
    assert texts(session, package) == {"de.name": "Davor", "es.name": "Luego"}
    assert session.get(IncludedItem, gone) is None and session.get(IncludedItem, item.id) is not None


def test_an_overlap_shows_before_theirs_and_yours_and_is_chosen_one_by_one(
    sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory(name="A quiet party", description="Old words", price_minor=1000)
    item = IncludedItemFactory(package_id=package.id, text="Balloons")
    translate(item, "de", text="Ballons")
    anna, ben = sign_in("Editor", "anna"), sign_in("Editor", "ben")
    mine, theirs = opened(anna, package), opened(ben, package)
    save(
        ben,
        package,
        theirs | {"name": "A loud party", "description": "Theirs", "items-0-t-de-text": "Luftballons"},
    )
    mine |= {
        "name": "A long party",
        "description": "Mine",
        "items-0-t-de-text": "Rote Ballons",
        "price_minor": "12",
    }
    asked = save(anna, package, mine, 409)
    assert asked.count("data-clash=") == 3
    assert "<del>quiet</del><ins>loud</ins>" in asked and "<del>quiet</del><ins>long</ins>" in asked
    assert "Item 1 · Item (Deutsch)" in asked
    again = inputs(asked)
    assert (again["name"], again["description"], again["price_minor"]) == ("A long party", "Mine", "12")

    unchosen = save(anna, package, multi(again, asked), 409)
    assert unchosen.count("data-clash=") == 3, "nothing is written before every overlap is chosen"
    assert (asked.count("Choose one of the two."), unchosen.count("Choose one of the two.")) == (0, 3)
    session.expire_all()
    assert package.name == "A loud party"
    chosen = multi(again | {"description": "Mine, edited"}, asked) | {
        "choose[name]": "theirs",
        "choose[description]": "yours",
        f"choose[items.{item.id}.t-de-text]": "theirs",
    }
    save(anna, package, chosen)
    session.expire_all()
    assert (package.name, package.description, package.price_minor) == ("A loud party", "Mine, edited", 1200)
    assert texts(session, item) == {"de.text": "Luftballons"}


def multi(form: dict[str, str], html: str) -> dict[str, object]:
    """Give the form with every `clash`, which is sent more than once."""
    return form | {"clash": re.findall(r'name="clash" value="([^"]*)"', html)}


def test_a_third_save_makes_every_choice_be_asked_again(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Before")
    anna, ben = sign_in("Editor", "anna"), sign_in("Editor", "ben")
    mine = opened(anna, package) | {"name": "Mine"}
    save(ben, package, opened(ben, package) | {"name": "Theirs"})
    asked = save(anna, package, mine, 409)
    save(ben, package, opened(ben, package) | {"name": "Theirs again"})
    answer = multi(inputs(asked), asked) | {"choose[name]": "yours"}
    assert "Theirs again" in save(anna, package, answer, 409).replace("<ins>", "").replace("</ins>", "")
    session.expire_all()
    assert package.name == "Theirs again"


def test_a_row_that_one_changed_and_the_other_removed_is_chosen(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory()
    one = IncludedItemFactory(package_id=package.id, text="Balloons", position=0).id
    two = IncludedItemFactory(package_id=package.id, text="Cake", position=1).id
    anna, ben = sign_in("Editor", "anna"), sign_in("Editor", "ben")
    mine, theirs = opened(anna, package), opened(ben, package)
    save(ben, package, theirs | {"items-0-DELETE": "on", "items-1-text": "A large cake"})
    asked = save(anna, package, mine | {"items-0-text": "Red balloons", "items-1-DELETE": "on"}, 409)
    slots = re.findall(r'name="clash" value="([^"]*)"', asked)
    assert sorted(slots) == sorted([f"items.{one}.", f"items.{two}."])
    answer = multi(inputs(asked), asked) | {
        f"choose[items.{one}.]": "yours",
        f"choose[items.{two}.]": "theirs",
    }
    save(anna, package, answer)
    session.expire_all()
    assert sorted(row.text for row in package.items) == ["A large cake", "Red balloons"]


def test_a_clash_names_the_row_of_the_form_and_its_languages_in_one_order(
    sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory()
    for place, word in enumerate(("One", "Two", "Three", "Four")):
        item = IncludedItemFactory(package_id=package.id, text=word, position=place)
        for locale in ("ar", "hi", "de", "es"):
            translate(item, locale, text=f"{word} {locale}")
    anna = sign_in("Editor", "anna")
    mine, theirs = opened(anna, package), opened(anna, package)
    save(anna, package, theirs | {"items-1-DELETE": "on"})
    asked = save(anna, package, mine | {"items-1-text": "Two and a half"}, 409)
    assert "<legend>Item 2</legend>" in asked
    for first in ("Two", "Two and a half"):
        assert f">{first} · Two de · Two es · Two hi · Two ar<" in asked
    assert "You saved this in another tab meanwhile" in asked
    assert ("Take the saved one" in asked, "Take theirs" in asked) == (True, False)


def test_a_form_whose_base_is_forged_is_asked_about_every_difference(
    sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory(name="Before", price_minor=1000)
    anna, ben = sign_in("Editor", "anna"), sign_in("Editor", "ben")
    mine = opened(anna, package)
    save(ben, package, opened(ben, package) | {"name": "Theirs"})
    for forged in ("", "0.00", f"1{mine['base']}", "9" * 30, "0." + "0" * 32):
        asked = save(anna, package, mine | {"price_minor": "5", "base": forged}, 409)
        assert set(re.findall(r'name="clash" value="([^"]*)"', asked)) == {"name", "price_minor"}


def test_an_order_that_one_changed_is_joined_with_what_the_other_wrote(
    sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory(name="Before")
    for place, word in enumerate(("One", "Two", "Three")):
        IncludedItemFactory(package_id=package.id, text=word, position=place)
    anna, ben = sign_in("Editor", "anna"), sign_in("Editor", "ben")
    mine, theirs = opened(anna, package), opened(ben, package)
    save(ben, package, theirs | {"items-0-position": "2", "items-2-position": "0"})
    save(anna, package, mine | {"items-1-text": "Two and a half", "name": "After"})
    session.expire_all()
    assert [row.text for row in package.items] == ["Three", "Two and a half", "One"]


def test_a_translator_and_an_editor_do_not_get_into_each_others_way(
    sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory(name="Before")
    item = IncludedItemFactory(package_id=package.id, text="Balloons").id
    translator, editor = sign_in("Translator"), sign_in("Editor")
    mine, theirs = opened(translator, package), opened(editor, package)
    save(editor, package, theirs | {"name": "After", "items-0-DELETE": "on"})
    save(translator, package, mine | {"t-de-name": "Vorher", "items-0-t-de-text": "Ballons"})
    session.expire_all()
    assert package.name == "After" and package.items == []
    assert texts(session, package) == {"de.name": "Vorher"}
    assert session.scalars(select(Translation).where(Translation.object_id == item)).all() == []


def test_the_staff_api_still_refuses_with_409(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Before")
    editor = sign_in("Editor")
    url = f"/api/v1/packages/{package.id}"
    assert editor.put(url, json={"revision": 1, "name": "Theirs"}).status_code == 200
    refused = editor.put(url, json={"revision": 1, "name": "Mine"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "stale_revision")
