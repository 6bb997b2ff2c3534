"""The glossary: terms are found as people write them, and said to who translates."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import languages, shared
from app.kernel.languages import Language
from app.translation import glossary, units
from app.translation.checks import blocking, check
from app.translation.glossary.models import GlossaryTerm
from app.translation.models import Translation
from app.translation.units import Asked
from tests.factories import translate

SignIn = Callable[..., FlaskClient]


def term(session: Session, word: str, rule: str = "translate", **facts: Any) -> GlossaryTerm:
    texts = {name: facts.pop(name) for name in ("de", "es", "hi", "ar") if name in facts}
    row = GlossaryTerm(term=word, rule=rule, **facts)
    session.add(row)
    session.flush()
    for locale, wanted in texts.items():
        translate(row, locale, term=wanted)
    session.flush()
    return row


def found(session: Session, source: str, locale: str = "de", said: str = "") -> list[str]:
    return [
        f"{(said if hit.rule == 'forbid' else source)[slice(*hit.span)]}={hit.wanted}"
        for hit in glossary.hits(session, source, locale, said)
    ]


def faults(session: Session, source: str, said: str, locale: str = "de") -> list[tuple[str, str]]:
    hits = glossary.hits(session, source, locale, said)
    return [(one.code, one.severity) for one in check(source, said, locale, terms=hits) if "term" in one.code]


# Rule 12
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A party in the garden", ["party=Feier"]),
        ("Parties!", ["Parties=Feier"]),
        ("The party's guests", ["party's=Feier"]),
        ("A garden party, and another party", ["garden party=Gartenfest", "party=Feier"]),
        ("Two garden  parties", ["garden  parties=Gartenfest"]),
        ("partying", []),
        ("The e-mail", ["e-mail=E-Mail"]),
        ("The email", []),
        ("In May it may rain", ["May=Mai"]),
        ("C++ and C", ["C++=C++"]),
        ("boxes", ["boxes=Kiste"]),
        ("glasses and a glass", ["glasses=Glas", "glass=Glas"]),
        ("Festoon, and Festoon's", ["Festoon=Festoon", "Festoon's=Festoon"]),
        ("", []),
    ],
)
def test_terms_are_found_as_whole_words_in_any_number_the_longest_first(
    source: str, expected: list[str], session: Session
) -> None:
    for word, wanted in {
        "party": "Feier",
        "garden party": "Gartenfest",
        "e-mail": "E-Mail",
        "box": "Kiste",
    }.items():
        term(session, word, de=wanted)
    term(session, "May", de="Mai", is_case_sensitive=True)
    term(session, "glass", de="Glas")
    term(session, "C++", "keep")
    term(session, "Festoon", "keep", is_case_sensitive=True)
    assert found(session, source) == expected


# Rule 12
def test_a_term_that_is_not_used_not_kept_or_forbidden_is_told(session: Session) -> None:
    term(session, "guest", de="Gast", note="Never client")
    term(session, "Festoon", "keep")
    term(session, "Kunde", "forbid", language="de", instead="Gast")
    source = "Festoon for your guests"
    assert faults(session, source, "Festoon für Ihre Gäste") == []
    assert faults(session, source, "Girlande für Ihre Kunden") == [
        ("term_lost", "warning"),
        ("term_unused", "warning"),
        ("term_forbidden", "warning"),
    ]
    (forbidden,) = (
        one
        for one in check(source, "Kunde", "de", terms=glossary.hits(session, source, "de", "Kunde"))
        if one.code == "term_forbidden"
    )
    assert (forbidden.span, forbidden.fix) == ((0, 5), "Gast")
    assert found(session, source, "es") == ["Festoon=Festoon", "guests="]
    assert faults(session, source, "Festoon para sus visitantes", "es") == []


# Rule 12
def test_a_language_may_refuse_what_is_against_the_glossary(session: Session) -> None:
    term(session, "guest", de="Gast")
    assert not blocking(check("Guests", "Besucher", "de", terms=glossary.hits(session, "Guests", "de")))
    session.execute(update(Language).where(Language.tag == "de").values(glossary_blocks=True))
    assert faults(session, "Guests", "Besucher") == [("term_unused", "error")]
    assert languages.find("de") is not None


# Rule 12
def test_a_region_has_its_languages_words_and_those_that_are_its_own(session: Session) -> None:
    wine = term(session, "wine", de="Wein")
    term(session, "Kissen", "forbid", language="de-AT", instead="Polster")
    assert found(session, "Wine", "de-AT", "Ein Kissen") == ["Wine=Wein", "Kissen=Polster"]
    assert found(session, "Wine", "de", "Ein Kissen") == ["Wine=Wein"]
    translate(wine, "de-AT", term="Heuriger")
    assert found(session, "Wine", "de-AT") == ["Wine=Heuriger"]
    assert [hit.term for hit in glossary.hits(session, "Wine", "de", besides=wine.id)] == []


# Rule 12
def test_only_what_is_approved_is_asked_for(session: Session) -> None:
    term(session, "guest", de="Gast")
    session.execute(update(Translation).values(state="draft"))
    assert found(session, "A guest") == ["guest="]
    session.execute(update(Translation).values(state="stale"))
    assert found(session, "A guest") == ["guest=Gast"]


# Rules 10, 12
def test_what_is_kept_or_forbidden_waits_for_no_translation(session: Session, sign_in: SignIn) -> None:
    term(session, "guest")
    term(session, "Festoon", "keep")
    term(session, "Kunde", "forbid", language="de")
    waiting = units.units(session, None, Asked("de", types=("glossary_term",)), 10)
    assert [unit.source for unit in waiting] == ["guest"]
    listed = sign_in("Editor").get("/glossary/?missing=de").get_data(as_text=True)
    assert "guest" in listed and "Kunde" not in listed


def test_several_thousand_terms_are_looked_up_without_a_statement(
    session: Session, count_statements: Any
) -> None:
    session.add_all(GlossaryTerm(term=f"word{number} of it") for number in range(5_000))
    term(session, "garden party", de="Gartenfest")
    session.commit()
    shared.forget_all()
    source = "A garden party of word77 of it. " * 100
    with count_statements() as seen:
        glossary.hits(session, source, "de")
        began = perf_counter()
        assert len(glossary.hits(session, source, "de")) == 200
        assert perf_counter() - began < 0.2
    assert len(seen) == 0


# Rule 12
def test_a_forbidden_word_has_a_language_and_no_other_term_has_one(session: Session) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            text("INSERT INTO glossary_term (id, term, rule) VALUES (gen_random_uuid(), 'x', 'forbid')")
        )
    term(session, "party")
    with pytest.raises(IntegrityError, match="uq_glossary_term"), session.begin_nested():
        term(session, "party", "keep")


# Rule 12
def test_an_editor_keeps_the_glossary_and_a_translator_reads_it(sign_in: SignIn, session: Session) -> None:
    editor, translator = sign_in("Editor"), sign_in("Translator")
    body = {"term": "guest", "translations": {"de": {"term": "Gast"}}}
    assert editor.post("/api/v1/glossary/", json=body).status_code == 201
    assert found(session, "The guests") == ["guests=Gast"]
    refused = editor.post("/api/v1/glossary/", json={"term": "Kunde", "rule": "forbid"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["language"])
    refused = editor.post("/api/v1/glossary/", json={"term": "Kunde", "instead": "Gast"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["instead"])
    assert editor.get("/glossary/").status_code == editor.get("/glossary/add").status_code == 200
    assert translator.get("/glossary/").status_code == 200
    assert translator.post("/api/v1/glossary/", json={"term": "host"}).status_code == 403
    assert "guest" in editor.get("/glossary/export?format=csv").get_data(as_text=True)
