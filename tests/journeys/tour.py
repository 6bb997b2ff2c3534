"""All screens of the demo, each as four readers see it, on one sheet: `make screens INTO=<folder>`."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.kernel.db import db
from app.mail.kinds import KINDS
from app.mail.models import KeptMail
from app.resources import Catalogue, On, Resource
from app.resources.ways import board_field, calendar_days, picture_source

WIDE, PHONE = (1440, 900), (390, 844)
READERS = (
    ("wide-light-en", WIDE, "light", "en"),
    ("wide-dark-ar", WIDE, "dark", "ar"),
    ("phone-dark-en", PHONE, "dark", "en"),
    ("phone-light-ar", PHONE, "light", "ar"),
)
"""Who looks: every pair of a width, a theme and a direction is among them."""
WHOLE = ("package", "theme", "booking", "asset")
"""Types whose every screen is taken; of the others the list, and the form where it is another one."""
BY_HAND = (
    ("home", "/"),
    ("arrange", "/arrange"),
    ("reports", "/reports/"),
    ("search", "/search?q=garden"),
    ("notices", "/notices/"),
    ("kept", "/kept/"),
    ("jobs", "/jobs/"),
    ("jobs-failed", "/jobs/?view=failed"),
    ("mails", "/mails/"),
    ("mail-template", f"/mails/templates/{KINDS[0].name}"),
    ("profile", "/profile"),
    ("pictures-alt", "/pictures/alt"),
    ("no-hits", "/bookings/?q=xxxxxxxx"),
    ("error-404", "/themes/none"),
    ("error-400", "/bookings/?nonsense=1"),
)


def screens(catalogue: Catalogue) -> list[tuple[str, str]]:
    """List the screens: (name, path)."""
    found = list(BY_HAND)
    for resource in catalogue:
        found += _of_type(resource, resource.name in WHOLE)
    mail = db.session.scalars(select(KeptMail.id).limit(1)).first()
    return [*found, *([("mail", f"/mails/{mail}")] if mail else [])]


def _of_type(resource: Resource, is_whole: bool) -> list[tuple[str, str]]:
    name, base = resource.name.replace("_", "-"), f"/{resource.path}/"
    model: Any = resource.model
    key = db.session.scalars(select(model.id).order_by(model.id).limit(1)).first()
    found = [(f"{name}-list", base)]
    found += [(f"{name}-{way}", f"{base}?as={way}") for way in _ways(resource)]
    if key is None:
        return found
    has_form = bool(resource.fields_on(On.FORM))
    found += [(f"{name}-edit", f"{base}{key}/edit")] if has_form else [(f"{name}-show", f"{base}{key}")]
    if is_whole:
        found += [(f"{name}-show", f"{base}{key}"), (f"{name}-history", f"{base}{key}/history")]
        found += [(f"{name}-import", f"{base}import")] if resource.fields_on(On.TRANSFER) else []
    return found


def _ways(resource: Resource) -> list[str]:
    there = {
        "gallery": picture_source(resource),
        "board": board_field(resource),
        "calendar": calendar_days(resource),
    }
    return [way for way, source in there.items() if source]


def write_sheet(folder: Path, names: list[str]) -> Path:
    """Write a page that shows all pictures beside each other, a row for each screen."""
    rows = "\n".join(f"<h2>{escape(name)}</h2><p>{_row(name)}</p>" for name in names)
    sheet = folder / "index.html"
    style = "body{font:15px system-ui;margin:2rem}p{display:flex;gap:1rem;overflow-x:auto}img{border:1px solid #ccc}"
    sheet.write_text(
        f'<!doctype html><meta charset="utf-8"><title>Screens</title><style>{style}</style>{rows}\n'
    )
    return sheet


def _row(name: str) -> str:
    files = [f"{name}.{reader[0]}.png" for reader in READERS]
    return "".join(f'<a href="{file}"><img src="{file}" alt="{file}" height="360"></a>' for file in files)
