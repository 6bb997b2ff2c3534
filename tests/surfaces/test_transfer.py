"""Spreadsheets go out as the list shows them and come in through the form's door, all rows or none."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.domains.catalog.models import Package
from app.kernel.audit import AuditEntry
from app.surfaces.transfer import export
from app.translation.models import Translation
from tests.factories import BookingFactory, FestivalFactory, PackageFactory, ReviewFactory, translate

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def editor(sign_in: SignIn, session: Session) -> FlaskClient:
    return sign_in("Editor")


def read_csv(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def write_csv(*rows: list[Any], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def write_xlsx(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def try_out(client: FlaskClient, path: str, content: bytes, name: str = "file.csv") -> str:
    """Send a file for a dry run and give the page."""
    answer = client.post(f"/{path}/import", data={"file": (io.BytesIO(content), name)})
    page: str = answer.get_data(as_text=True)
    assert answer.status_code == 200, page[:500]
    return page


def counts(page: str) -> tuple[int, ...]:
    """Read added, changed, unchanged and faults off the page."""
    return tuple(int(number) for number in re.findall(r"<dd>(\d+)</dd>", page)[:4])


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    return found[1] if found else ""


def do_import(client: FlaskClient, path: str, content: bytes) -> str:
    """Try a file out, then import it; gives the last page."""
    token = token_of(page := try_out(client, path, content))
    assert token, page
    return client.post(f"/{path}/import", data={"token": token}).get_data(as_text=True)


HEADINGS = ["name", "slug", "price", "currency"]
GARDEN = ["Garden party", "garden-party", "1250.50", "EUR"]


def test_an_export_holds_the_transfer_fields_the_key_and_the_translations(
    editor: FlaskClient, session: Session
) -> None:
    package = PackageFactory(name="Garden party", slug="garden", price_minor=125_050, is_active=False)
    translate(package, "de", name="Gartenfest")
    session.commit()
    rows = read_csv(editor.get("/packages/export"))
    assert len(rows) == 1
    row = rows[0]
    assert row["id"] == str(package.id)
    assert (row["name"], row["name[de]"], row["name[hi]"]) == ("Garden party", "Gartenfest", "")
    assert (row["price"], row["currency"], row["is_active"]) == ("1250.50", "EUR", "false")
    assert "rating_average" not in row


@pytest.mark.parametrize(
    ("currency", "minor", "written"), [("JPY", 1250, "1250"), ("KWD", 1250, "1.250"), ("EUR", 5, "0.05")]
)
def test_an_amount_has_the_decimals_of_its_currency(
    editor: FlaskClient, session: Session, currency: str, minor: int, written: str
) -> None:
    PackageFactory(currency=currency, price_minor=minor)
    session.commit()
    exported = editor.get("/packages/export")
    assert read_csv(exported)[0]["price"] == written
    assert counts(try_out(editor, "packages", exported.data)) == (0, 0, 1, 0)


def test_an_export_is_exactly_the_filtered_and_sorted_list(editor: FlaskClient, session: Session) -> None:
    for name, country in (("Diwali", "IN"), ("Pongal", "IN"), ("Christmas", "DE")):
        FestivalFactory(name=name, country=country)
    session.commit()
    rows = read_csv(editor.get("/festivals/export?filter[country]=IN&sort=-name"))
    assert [row["name"] for row in rows] == ["Pongal", "Diwali"]
    assert [row["name"] for row in read_csv(editor.get("/festivals/export?q=diwli"))] == ["Diwali"]
    assert editor.get("/festivals/export?format=pdf").status_code == 400


def test_an_export_keeps_to_the_row_rules(editor: FlaskClient, session: Session) -> None:
    PackageFactory(name="Seen", is_active=True)
    hidden = PackageFactory(name="Hidden", slug="hidden", is_active=False)
    session.commit()
    row_rules.limit("package", "Editor", lambda model, user: model.is_active)
    try:
        assert [row["name"] for row in read_csv(editor.get("/packages/export"))] == ["Seen"]
        page = try_out(editor, "packages", write_csv(["id", "name"], [str(hidden.id), "Mine"]))
        assert counts(page) == (0, 0, 0, 1) and "There is no record with this key" in page
        page = try_out(editor, "packages", write_csv(HEADINGS, ["Mine", "hidden", "1", "EUR"]))
        assert counts(page)[3] == 1 and "Another record has this already" in page
    finally:
        row_rules.lift("package", "Editor")


def test_relations_are_told_by_slug_and_understood_by_slug_and_key(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(slug="garden")
    ReviewFactory(package_id=package.id, message="Lovely")
    session.commit()
    client = sign_in("Admin")
    exported = client.get("/reviews/export")
    assert read_csv(exported)[0]["package"] == "garden"
    assert counts(try_out(client, "reviews", exported.data)) == (0, 0, 1, 0)
    headings = ["author_name", "message", "rating", "package"]
    rows = [["A", "Good", "5", "garden"], ["B", "Good", "5", str(package.id)], ["C", "Good", "5", "no-such"]]
    page = try_out(client, "reviews", write_csv(headings, *rows))
    assert counts(page) == (2, 0, 0, 1)


def test_a_workbook_has_typed_cells_and_comes_back_unchanged(editor: FlaskClient, session: Session) -> None:
    package = PackageFactory(name="Garden party", price_minor=125_050, description="=1+1")
    translate(package, "ar", name="حفلة")
    FestivalFactory()
    session.commit()
    exported = editor.get("/packages/export?format=xlsx")
    sheet = load_workbook(io.BytesIO(exported.data)).active
    row = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (row["price"].value, row["price"].data_type) == (1250.5, "n")
    assert (row["is_active"].value, row["name[ar]"].value) == (True, "حفلة")
    assert (row["description"].value, row["description"].data_type) == ("'=1+1", "s")
    assert counts(try_out(editor, "packages", exported.data)) == (0, 0, 1, 0)
    festivals = editor.get("/festivals/export?format=xlsx").data
    days = load_workbook(io.BytesIO(festivals)).active
    assert days.cell(2, [cell.value for cell in days[1]].index("starts_on") + 1).is_date
    assert counts(try_out(editor, "festivals", festivals)) == (0, 0, 1, 0)


def test_a_dry_run_changes_nothing_and_the_import_then_does(editor: FlaskClient, session: Session) -> None:
    known = PackageFactory(name="Old", slug="known", price_minor=100, currency="EUR")
    session.commit()
    content = write_csv(HEADINGS, GARDEN, ["New", "known", "1.00", "EUR"])
    page = try_out(editor, "packages", content)
    assert counts(page) == (1, 1, 0, 0)
    session.expire_all()
    assert session.query(Package).count() == 1
    answer = editor.post("/packages/import", data={"token": token_of(page)}).get_data(as_text=True)
    assert counts(answer) == (1, 1, 0, 0)
    session.expire_all()
    added = session.query(Package).filter_by(slug="garden-party").one()
    assert (added.name, added.price_minor, added.currency, added.is_active) == (
        "Garden party",
        125_050,
        "EUR",
        True,
    )
    assert (known.name, known.price_minor, known.revision) == ("New", 100, 2)
    entry = session.query(AuditEntry).filter_by(object_id=str(added.id), action="insert").one()
    assert (entry.actor_kind, entry.actor_label) == ("user", "Editor Staff")


def test_one_bad_row_keeps_all_rows_out_and_every_fault_is_named(
    editor: FlaskClient, session: Session
) -> None:
    content = write_csv(
        HEADINGS,
        GARDEN,
        ["", "no-name", "1", "EUR"],
        ["Bad slug", "Not A Slug", "1", "EUR"],
        ["Bad price", "bad-price", "a lot", "XXX1"],
        ["Twice", "garden-party", "1", "EUR"],
    )
    page = try_out(editor, "packages", content)
    assert token_of(page) == ""
    faults = re.findall(r'<td class="is-number">(\d+)</td><td><code>(.*?)</code></td>', page)
    assert faults == [("3", "name"), ("4", "slug"), ("5", "price"), ("5", "currency"), ("6", "")]
    assert "stands in row 2 already" in page
    assert session.query(Package).count() == 0


def test_what_the_database_alone_refuses_is_told_at_its_row(editor: FlaskClient, session: Session) -> None:
    headings = ["name", "slug", "category", "country", "starts_on", "ends_on"]
    rows = [[f"Day {n}", f"day-{n}", "national", "IN", "2027-01-02", "2027-01-03"] for n in range(30)]
    rows[17][5] = "2026-01-01"
    page = try_out(editor, "festivals", write_csv(headings, *rows))
    assert re.findall(r'<td class="is-number">(\d+)</td>', page) == ["19"]


def test_translations_are_imported_beside_their_record(editor: FlaskClient, session: Session) -> None:
    known = PackageFactory(name="Beach", slug="beach", price_minor=100, currency="EUR")
    translate(known, "es", name="Playa")
    session.commit()
    headings = [*HEADINGS, "name[de]", "Name[es]"]
    content = write_csv(headings, [*GARDEN, "Gartenfest", ""], ["Beach", "beach", "1", "EUR", "Strand", ""])
    assert counts(do_import(editor, "packages", content)) == (1, 1, 0, 0)
    session.expire_all()
    texts = {(row.locale, row.text) for row in session.query(Translation)}
    assert texts == {("de", "Gartenfest"), ("de", "Strand")}


def test_a_status_cannot_be_imported(sign_in: SignIn, session: Session) -> None:
    booking = BookingFactory(client_name="Anna")
    session.commit()
    client = sign_in("Admin")
    exported = client.get("/bookings/export").data
    assert b"pending" in exported
    assert counts(try_out(client, "bookings", exported)) == (0, 0, 1, 0)
    page = try_out(client, "bookings", exported.replace(b"pending", b"confirmed"))
    assert counts(page) == (0, 0, 0, 1) and "cannot be changed by an import" in page
    session.expire_all()
    assert booking.status == "pending"


def test_unknown_and_repeated_columns_are_named(editor: FlaskClient) -> None:
    page = try_out(editor, "packages", write_csv([*HEADINGS, "rating_sum", "Kolor"], [*GARDEN, "5", "red"]))
    assert "“rating_sum”, “Kolor”" in page
    assert "The column name stands twice" in try_out(
        editor, "packages", write_csv(["name", "Name"], ["a", "b"])
    )
    assert "must name the columns" in try_out(editor, "packages", write_csv(["id"], ["x"]))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_files_of_many_programs_are_understood(
    editor: FlaskClient, session: Session, delimiter: str, encoding: str
) -> None:
    headings = ["Name", "Slug", "Price", "Currency"]
    content = write_csv(
        headings, ["Müller, Söhne; Co", "garden", "1", "EUR"], delimiter=delimiter, encoding=encoding
    )
    assert counts(do_import(editor, "packages", content)) == (1, 0, 0, 0)
    assert session.query(Package).one().name == "Müller, Söhne; Co"


def test_a_workbook_of_another_program_is_understood(editor: FlaskClient, session: Session) -> None:
    from datetime import datetime

    headings = ["name", "slug", "category", "country", "starts_on", "ends_on", "is_active"]
    row = ["Pongal", "pongal", "harvest", "IN", datetime(2027, 1, 14), "2027-01-17", False]  # noqa: DTZ001
    assert counts(do_import(editor, "festivals", write_xlsx(headings, row))) == (1, 0, 0, 0)
    exported = read_csv(editor.get("/festivals/export"))[0]
    assert (exported["starts_on"], exported["ends_on"], exported["is_active"]) == (
        "2027-01-14",
        "2027-01-17",
        "false",
    )


def test_the_token_is_the_users_own_and_works_once_within_the_hour(
    sign_in: SignIn, editor: FlaskClient, session: Session
) -> None:
    gone = "is not there any more"
    token = token_of(try_out(editor, "packages", write_csv(HEADINGS, GARDEN)))
    other = sign_in("Admin")
    assert gone in other.post("/packages/import", data={"token": token}).get_data(as_text=True)
    assert gone in other.post("/themes/import", data={"token": token}).get_data(as_text=True)
    assert gone in editor.post("/packages/import", data={"token": token + "x"}).get_data(as_text=True)
    assert session.query(Package).count() == 0
    assert "The import is done" in editor.post("/packages/import", data={"token": token}).get_data(
        as_text=True
    )
    assert gone in editor.post("/packages/import", data={"token": token}).get_data(as_text=True)
    assert session.query(Package).count() == 1


def test_a_token_grows_old_and_its_file_is_swept(editor: FlaskClient, app: Any) -> None:
    from pathlib import Path

    from app.surfaces.transfer.waiting import FOLDER, keep, take

    folder = Path(app.config["UPLOAD_FOLDER"]) / FOLDER
    with time_machine.travel("2031-01-01T10:00:00Z", tick=False):
        token = keep(b"name", 1, "package")
    with time_machine.travel("2031-01-01T11:00:02Z", tick=False), pytest.raises(Exception, match="any more"):
        take(token, 1, "package")
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    with time_machine.travel("2041-01-01T10:00:00Z", tick=False):
        keep(b"name", 1, "package")
    assert len(list(folder.iterdir())) == 1


def test_importing_needs_the_right_and_the_rights_to_add_and_to_edit(
    sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_in("Viewer").get("/packages/import").status_code in (302, 403)
    client = sign_in("Editor")
    monkeypatch.setattr("app.surfaces.records.adding.may", lambda verb, _name: verb != "add")
    page = try_out(client, "packages", write_csv(HEADINGS, GARDEN))
    assert counts(page) == (0, 0, 0, 1) and "may not add" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_empty_file_has_the_columns_that_are_taken_in(editor: FlaskClient, kind: str) -> None:
    answer = editor.get(f"/packages/import?template={kind}")
    if kind == "xlsx":
        headings = [cell.value for cell in load_workbook(io.BytesIO(answer.data)).active[1]]
    else:
        headings = answer.data.decode("utf-8-sig").strip().split(",")
    assert headings[:3] == ["id", "name", "name[de]"]
    page = editor.get("/packages/import").get_data(as_text=True)
    assert all(f"<code>{heading}</code>" in page for heading in headings)


def test_an_export_takes_as_many_statements_for_many_rows_as_for_one(
    editor: FlaskClient, session: Session, count_statements: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    real = export.copy_csv

    def counting(file: Any, columns: Any, text: str, params: Any) -> int:
        copied.append(text)
        return real(file, columns, text, params)

    def statements() -> int:
        copied.clear()
        with count_statements() as seen:
            assert editor.get("/packages/export").status_code == 200
        return len(copied) + len(seen)

    monkeypatch.setattr(export, "copy_csv", counting)
    PackageFactory()
    session.commit()
    few = statements()
    for _number in range(30):
        translate(PackageFactory(), "de", name="Fest")
    session.commit()
    assert statements() == few
    assert len(copied) == 1


def test_an_excel_file_of_too_many_rows_is_refused_not_cut(
    editor: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_XLSX_ROWS", 2)
    for _number in range(3):
        PackageFactory()
    session.commit()
    assert editor.get("/packages/export?format=xlsx").status_code == 400
    assert len(read_csv(editor.get("/packages/export"))) == 3
    assert editor.get("/packages/export?format=xlsx&filter[name]=Nothing").status_code == 200
