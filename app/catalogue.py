"""Which content types there are, in the order of the menu."""

from __future__ import annotations

from app.access import resources as access
from app.domains.bookings import resources as bookings
from app.domains.catalog import resources as catalog
from app.domains.members import resources as members
from app.domains.messaging import resources as messaging
from app.domains.payments import resources as payments
from app.domains.reviews import resources as reviews
from app.domains.venues import resources as venues
from app.media import resources as media
from app.resources import Catalogue
from app.translation import registry
from app.translation import resources as translation
from app.translation.glossary import resources as glossary
from app.translation.interface import resources as interface

DECLARING = (
    catalog,
    messaging,
    bookings,
    payments,
    venues,
    members,
    reviews,
    media,
    translation,
    glossary,
    interface,
    registry,
    access,
)


def load_catalogue() -> Catalogue:
    """Gather every declaration; a wrong one stops the start here."""
    catalogue = Catalogue()
    for module in DECLARING:
        catalogue.add(*module.RESOURCES)
    catalogue.check()
    return catalogue
