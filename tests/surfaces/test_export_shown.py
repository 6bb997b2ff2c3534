"""The export of what a list shows: its columns in their order and words, under its filters and in its order."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
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
        ["Client", "Package", "Total", "Currency", "Status"],
        ["Ada", "Garden party", "50.00", "EUR", "Pending"],
    ]
    book = load_workbook(io.BytesIO(operator.get(address.format("xlsx")).data))
    assert list(book.active.iter_rows(values_only=True))[1] == (
        "Ada",
        "Garden party",
        Decimal("50.00"),
        "EUR",
        "Pending",
    )
    alone = sign_in("Editor").get("/packages/export?format=csv&columns=currency,price,name")
    assert lines_of(alone)[0] == ["Currency", "Price", "Name"], "once is enough"


def test_a_moment_is_one_in_a_workbook_and_an_iso_text_in_csv(sign_in: SignIn, session: Session) -> None:
    BookingFactory(created_at=datetime(2027, 5, 24, 20, 30, 15, 123456, tzinfo=UTC))
    operator = sign_in("Booking operator")
    address = "/bookings/export?columns=created_at&format="
    assert lines_of(operator.get(f"{address}csv"))[1] == ["2027-05-24T20:30:15Z"]
    screens = {"density": "cosy", "start_page": "/", "shortcuts": "on", "time_zone": "Asia/Kolkata"}
    assert operator.post("/profile/screens", data=screens).status_code == 303
    sheet = load_workbook(io.BytesIO(operator.get(f"{address}xlsx").data)).active
    assert sheet["A1"].value == "Received (Asia/Kolkata)"
    assert (sheet["A2"].value, sheet["A2"].is_date) == (datetime(2027, 5, 25, 2, 0, 15), True)  # noqa: DTZ001
    assert sheet.column_dimensions["A"].width > 20


def test_all_columns_are_all_that_may_be_read_under_words(sign_in: SignIn, session: Session) -> None:
    booking = BookingFactory(client_name="Ada", total_minor=5000)
    headings, row = lines_of(sign_in("Booking operator").get("/bookings/export?format=csv&what=all"))
    told = dict(zip(headings, row, strict=True))
    assert {"Number", "Received", "Client", "E-mail", "Total", "Currency"} <= set(headings)
    assert (told["Number"], told["Total"], told["Currency"]) == (booking.reference, "50.00", "EUR")
    feast = FestivalFactory(name="Holi", customs="<p>Colours</p>")
    translate(feast, "de", name="Holi-Fest")
    headings, row = lines_of(sign_in("Editor").get("/festivals/export?format=csv&what=all"))
    told = dict(zip(headings, row, strict=True))
    assert (told["Name"], told["Name (Deutsch)"], told["Available in"]) == ("Holi", "Holi-Fest", "EN DE")
    assert "Colours" in told["How it is celebrated"]
    assert not any(re.match(r"[a-z_]+(\[|$)", heading) for heading in headings)


@pytest.mark.parametrize("resource", EXPORTED, ids=lambda resource: resource.name)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_column_of_every_type_can_be_exported(
    sign_in: SignIn, session: Session, resource: Resource, kind: str
) -> None:
    one_of(resource.name)
    address = f"/{resource.path}/export"
    query = {"format": kind, "columns": ",".join(column_names(resource))}
    admin = sign_in("Admin")
    assert admin.get(address, query_string={"format": kind, "what": "all"}).status_code == 200
    answer = admin.get(address, query_string=query)
    assert answer.status_code == 200
    if kind == "csv":
        assert len(set(lines_of(answer)[0]) - {"Currency"}) == len({*column_names(resource)} - {"currency"})


def test_the_menu_exports_the_columns_that_are_shown(sign_in: SignIn, session: Session) -> None:
    PackageFactory()
    page = sign_in("Editor").get("/packages/?columns=price,name&q=package").get_data(as_text=True)
    assert "/packages/export?q=package&amp;sort=position&amp;columns=price%2Cname&amp;format=csv" in page
    for kind, words in (("csv", "For import, as CSV"), ("xlsx", "For import, for Excel")):
        door = page.split(f'"/packages/export?q=package&amp;sort=position&amp;format={kind}"')[1]
        assert words in door[:300]
    assert "/packages/export?q=package&amp;sort=position&amp;what=all&amp;format=csv" in page
