"""What matters most of a booking, beside its title: when and where, and what is still to be paid."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.surfaces.screens.pages import Cell
from app.surfaces.screens.record_panels import RecordPanel
from app.web.bookings.money import MoneyFacts
from app.web.bookings.placed import TimeFacts


def glance(panels: Iterable[RecordPanel]) -> tuple[Cell, ...]:
    """Read it off the panels, each part leading to the one that tells the rest."""
    cells = []
    for panel in panels:
        facts = panel.facts
        if isinstance(facts, TimeFacts):
            cells += [Cell("text", facts.when, url=f"#{panel.name}"), Cell("text", facts.place)]
        elif isinstance(facts, MoneyFacts) and facts.owed_typed and facts.sums and not facts.is_over:
            still = _("%(amount)s still to be paid", amount=facts.owed)
            cells.append(Cell("text", still, url=f"#{panel.name}"))
    return tuple(cells)
