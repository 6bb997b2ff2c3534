"""What the dialogs of a booking's actions name before they are done: who is rejected, and what goes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from app.access.rights import may
from app.surfaces.screens.pages import Button
from app.web.bookings.money import previews
from app.web.bookings.placed import rivals


def told(booking: Any, buttons: Iterable[Button]) -> tuple[Button, ...]:
    """Give the actions with what their dialogs list."""
    return tuple(_told(booking, button) for button in buttons)


def _told(booking: Any, button: Button) -> Button:
    if button.name == "confirm":
        found = rivals(booking)
        if not found:
            return button
        lines = (_("These want the same time and are rejected with it:"),)
        return replace(button, names=(*lines, *(f"{one.title}, {one.when}" for one in found)))
    if button.name in ("cancel", "call_off") and may("list", "payment"):
        client, house = [*previews(booking), "", ""][:2]
        said = client if button.name == "cancel" else house
        return replace(button, names=(said,)) if said else button
    return button
