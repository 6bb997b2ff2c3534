"""An amount is read alike through every door: the form, a cell of a list, a pasted block, a file."""

# ruff: noqa: RUF001  # the digits of other scripts are what is tested

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.catalog.models import Package
from tests.factories import PackageFactory
from tests.surfaces.test_transfer import HEADINGS, counts, do_import, try_out, write_csv, write_xlsx

SignIn = Callable[..., FlaskClient]

AS_PASTED = {
    "en": "€1,250.50",
    "de": "1.250,50\u00a0€",
    "es": "1250,50\u00a0EUR",
    "hi": "€१,२५०.५०",
    "ar": "\u200f١٬٢٥٠٫٥٠\u00a0€",
}
NO_AMOUNTS = ("1E+05", "EUR 12 (was 15)", "2 x 50", "12k", "100/2", "=1+1", "₹500", "12 15")
BELOW_ZERO = ("(500)", "−500", "-500 €")


def through_form(client: FlaskClient, package: Any, price: str) -> int:
    form = {"name": package.name, "slug": package.slug, "currency": "EUR", "position": "0"}
    form |= {"revision": str(package.revision), "price_minor": price}
    return client.post(f"/packages/{package.id}/edit", data=form).status_code


def through_cell(client: FlaskClient, package: Any, price: str) -> int:
    return client.post(
        f"/packages/{package.id}/cell",
        data={"field": "price_minor", "value": price},
        headers={"Accept": "application/json"},
    ).status_code


def through_grid(client: FlaskClient, package: Any, price: str) -> int:
    facts = {"key": "a", "id": str(package.id), "revision": str(package.revision)}
    sent = {"rows": [facts | {"values": {"price_minor": price}}]}
    return client.post("/packages/grid", json=sent).status_code


def through_file(client: FlaskClient, package: Any, price: str) -> int:
    file = write_csv(["id", *HEADINGS], [str(package.id), package.name, package.slug, price, "EUR"])
    if counts(try_out(client, "packages", file))[3]:
        return 422
    do_import(client, "packages", file)
    return 200


DOORS = (through_form, through_cell, through_grid, through_file)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("locale", AS_PASTED)
def test_a_pasted_amount_is_read_in_every_language(
    sign_in: SignIn, session: Session, locale: str, door: Any
) -> None:
    package = PackageFactory(price_minor=100, currency="EUR")
    editor = sign_in("Editor")
    editor.environ_base["HTTP_ACCEPT_LANGUAGE"] = locale
    assert f'lang="{locale}"' in editor.get("/packages/").get_data(as_text=True)
    assert door(editor, package, AS_PASTED[locale]) in (200, 302)
    session.expire_all()
    assert session.get(Package, package.id).price_minor == 125_050  # type: ignore[union-attr]


@pytest.mark.parametrize("door", DOORS)
def test_no_door_guesses_at_what_is_no_amount(sign_in: SignIn, session: Session, door: Any) -> None:
    package = PackageFactory(price_minor=100, currency="EUR")
    editor = sign_in("Editor")
    for written in NO_AMOUNTS + BELOW_ZERO:
        assert door(editor, package, written) == 422, written
        session.expire_all()
        assert session.get(Package, package.id).price_minor == 100, written  # type: ignore[union-attr]


def test_a_block_says_what_is_wrong_with_an_amount(sign_in: SignIn) -> None:
    package = PackageFactory(currency="EUR")
    editor = sign_in("Editor")
    for written, sentence in (("12k", "Give an amount such as 1250.00."), ("(500)", "must not be negative")):
        row = {"key": "a", "id": str(package.id), "values": {"price_minor": written}}
        faults = editor.post("/packages/grid", json={"rows": [row], "check": True}).get_json()["faults"]
        assert sentence in faults["a"]["price_minor"][0]


def test_a_number_of_a_workbook_has_decimals_and_no_groups(sign_in: SignIn, session: Session) -> None:
    package = PackageFactory(price_minor=100, currency="EUR")
    editor = sign_in("Editor")
    row = [str(package.id), package.name, package.slug, 1.234, "EUR"]
    assert counts(try_out(editor, "packages", write_xlsx(["id", *HEADINGS], row)))[3] == 1
    row[3] = 1234.5
    do_import(editor, "packages", write_xlsx(["id", *HEADINGS], row))
    session.expire_all()
    assert session.get(Package, package.id).price_minor == 123_450  # type: ignore[union-attr]
