"""A declaration fails at the start, naming the field, when it contradicts its model."""

from __future__ import annotations

from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import User

from app.catalogue import load_catalogue
from app.domains.bookings.models import Booking
from app.domains.catalog.models import Package
from app.resources import Action, Catalogue, Child, Field, Kind, On, Option, Resource
from app.resources.declaration import DeclarationError


def declare(*fields: Field, model: Any = Package, **facts: Any) -> Resource:
    return Resource(model, "Things", "thing", fields=fields, **{"order": "id", **facts})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: declare(Field("nmae", On.LIST, "Name")), "no field 'nmae'"),
        (lambda: declare(Field("name", On.LIST, "N"), Field("name", On.FORM, "N")), "stands twice"),
        (lambda: declare(Field("name", On.PUBLIC, "N")), "no public path"),
        (lambda: declare(Field("price_minor", On.TRANSLATE, "P")), "only text can be translated"),
        (lambda: declare(Field("is_active", On.SEARCH, "A")), "only text can be translated or searched"),
        (lambda: declare(Field("rating_average", On.FORM, "R")), "computed"),
        (lambda: declare(Field("name", On.LIST, "N", kind=Kind.CHOICE)), "needs its options"),
        (lambda: declare(Field("name", On.LIST, "N"), order="-nothing"), "no column 'nothing'"),
        (lambda: declare(Field("name", On.LIST, "N"), title="titel"), "no column 'titel'"),
        (lambda: declare(children=(Child("itmes", "I", "i", fields=()),)), "no children 'itmes'"),
        (lambda: declare(Field("roles", On.LIST, "R"), model=User, title="username"), "no cell of a list"),
        (lambda: declare(Field("price_minor", On.FORM, "P", kind=Kind.DECIMAL)), "precision and scale"),
        (
            lambda: declare(Field("items", On.FILTER, "I")),
            "a table between them",
        ),
        (
            lambda: declare(
                Field("status", On.FORM, "S", options=(Option("pending", "P"),)),
                model=Booking,
                title="client_name",
                actions=(Action("go", "Go", lambda _r, _t: None, lambda _r: True),),
            ),
            "only an action changes a status",
        ),
    ],
)
def test_a_wrong_declaration_stops_the_start(make: Any, words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        make()


def test_a_field_with_no_place_appears_nowhere() -> None:
    resource = declare(Field("name", On(0), "Name"))
    assert all(resource.fields_on(place) == () for place in On)


def test_facts_are_read_from_the_model() -> None:
    resource = declare(
        Field("name", On.FORM, "Name"), Field("price_minor", On.FORM, "Price", kind=Kind.MONEY)
    )
    name, price = resource.fields
    assert (name.kind, name.required, name.max_length) == (Kind.TEXT, True, 200)
    assert (price.key, price.is_stored) == ("price", True)


def test_a_resource_or_a_path_cannot_be_declared_twice() -> None:
    catalogue = Catalogue()
    catalogue.add(declare(path="things"))
    with pytest.raises(DeclarationError, match="declared twice"):
        catalogue.add(declare())
    with pytest.raises(DeclarationError, match="is taken"):
        catalogue.add(declare(model=Booking, title="client_name", path="things"))


def test_the_public_reads_many_of_what_it_sees_alone() -> None:
    catalogue = Catalogue()
    shown = Field("roles", On.PUBLIC, "R")
    catalogue.add(declare(shown, model=User, title="username", public="people"))
    with pytest.raises(DeclarationError, match=r"ab_user\.roles: ab_role is not public"):
        catalogue.check()


def test_every_content_type_of_the_first_documents_is_declared() -> None:
    names = {resource.name for resource in load_catalogue()}
    assert {"package", "theme", "festival", "booking", "review", "asset", "translation", "ab_user"} <= names


def test_the_fingerprint_changes_with_a_place() -> None:
    one, two = Catalogue(), Catalogue()
    one.add(declare(Field("name", On.LIST, "Name")))
    two.add(declare(Field("name", On.LIST | On.FORM, "Name")))
    assert one.fingerprint() != two.fingerprint()
