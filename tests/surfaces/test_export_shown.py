"""The export of what a list shows: its columns in their order and words, under its filters and in its order."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.resources import On, Resource
from app.surfaces.records.looks import column_names
from tests.factories import BookingFactory, FestivalFactory, PackageFactory, translate
from tests.surfaces.test_screens import RESOURCES, one_of

SignIn = Callable[..., FlaskClient]
EXPORTED = [
    resource for resource in RESOURCES.values() if any(field.on & On.TRANSFER for field in resource.fields)
]


def lines_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_columns_order_words_filters_and_sort_are_those_of_the_list(
    sign_in: SignIn, session: Session
) -> None:
    FestivalFactory(name="=Spring feast", category="harvest", country="PT", is_active=True)
    autumn = FestivalFactory(name="Autumn feast", category="harvest", country="IN", is_active=False)
    FestivalFactory(name="Winter feast", category="religious")
    translate(autumn, "de", name="Herbstfest")
    address = "/festivals/export?filter[category]=harvest&sort=-country&format="
    columns = "&columns=country,name,category,is_active,available_in"
    editor = sign_in("Editor")
    assert lines_of(editor.get(f"{address}csv{columns}")) == [
        ["Country", "Name", "Category", "Active", "Available in"],
        ["Portugal", "'=Spring feast", "Harvest", "Yes", "EN"],
        ["India", "Autumn feast", "Harvest", "No", "EN DE"],
    ]
    book = load_workbook(io.BytesIO(editor.get(f"{address}xlsx{columns}").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("Country", "Name", "Category", "Active", "Available in")
    assert [row[0] for row in rows[1:]] == ["Portugal", "India"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_whose_only_column_is_empty_stays_a_row(sign_in: SignIn, session: Session, kind: str) -> None:
    PackageFactory(name="Garden party")
    answer = sign_in("Editor").get(f"/packages/export?format={kind}&columns=rating_average")
    assert answer.status_code == 200
    if kind == "xlsx":
        rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
        assert len(rows) == 2 or rows[1:] == []  # a sheet ends with its last filled row
    else:
        assert answer.data.decode("utf-8-sig").count("\n") == 2


def test_a_relation_is_named_and_an_amount_is_an_amount(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(name="Garden party")
    BookingFactory(package_id=package.id, client_name="Ada", total_minor=5000, status="pending")
    address = "/bookings/export?format={}&columns=client_name,package,total,status"
    operator = sign_in("Booking operator")
    assert lines_of(operator.get(address.format("csv"))) == [
        ["Client", "Package", "Total", "Status"],
        ["Ada", "Garden party", "50.00", "Pending"],
    ]
    book = load_workbook(io.BytesIO(operator.get(address.format("xlsx")).data))
    assert list(book.active.iter_rows(values_only=True))[1] == (
        "Ada",
        "Garden party",
        Decimal("50.00"),
        "Pending",
    )


@pytest.mark.parametrize("resource", EXPORTED, ids=lambda resource: resource.name)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_column_of_every_type_can_be_exported(
    sign_in: SignIn, session: Session, resource: Resource, kind: str
) -> None:
    one_of(resource.name)
    address = f"/{resource.path}/export"
    query = {"format": kind, "columns": ",".join(column_names(resource))}
    answer = sign_in("Admin").get(address, query_string=query)
    assert answer.status_code == 200
    if kind == "csv":
        assert len(lines_of(answer)[0]) == len(column_names(resource))


def test_the_menu_exports_the_columns_that_are_shown(sign_in: SignIn, session: Session) -> None:
    PackageFactory()
    page = sign_in("Editor").get("/packages/?columns=price,name&q=package").get_data(as_text=True)
    assert "/packages/export?q=package&amp;sort=position&amp;columns=price%2Cname&amp;format=csv" in page
    assert "/packages/export?q=package&amp;sort=position&amp;format=xlsx" in page
