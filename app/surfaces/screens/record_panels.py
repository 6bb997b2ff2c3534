"""What upper layers show on the page of a record beside its values: panels, each with a template of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordPanel:
    """A part of a record's page under its title; `facts` is what the template, which knows them alone, shows."""

    name: str
    title: str
    template: str
    facts: Any


_offers: dict[str, list[Callable[[Any], RecordPanel | None]]] = {}


def add_panel(name: str, offer: Callable[[Any], RecordPanel | None]) -> None:
    """Have the page of each record of the content type show a panel, in the order in which they were added.

    `offer(record)` is asked for a record that the reader may see; it gives None where there is nothing for them.
    """
    offers = _offers.setdefault(name, [])
    if offer not in offers:
        offers.append(offer)


def panels_of(name: str, record: Any) -> tuple[RecordPanel, ...]:
    """Ask for the panels of a record, for its reader."""
    made = (offer(record) for offer in _offers.get(name, ()))
    return tuple(panel for panel in made if panel is not None)
