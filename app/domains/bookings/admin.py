"""What the staff screens show of a booking beside its values: the client's own link."""

from __future__ import annotations

from flask_babel import gettext as _

from app.access.rights import may
from app.domains.bookings import queries
from app.domains.bookings.models import Booking
from app.surfaces.screens.pages import Button, Share


def client_link(booking: Booking) -> Share | None:
    """Offer the link to copy, to who may renew it; None once it leads nowhere any more."""
    if not may("renew_link", "booking") or not queries.has_link(booking.event_on):
        return None
    return Share(
        title=_("The client's link"),
        url=queries.client_page(booking.id, booking.link_serial),
        sentence=_("Whoever has it sees the booking and may cancel it. It was mailed to the client."),
        renew=Button("renew_link", _("Make a new one"), f"/bookings/{booking.id}/do/renew_link", "refresh"),
        warning=_("The link that the client has stops working."),
    )
