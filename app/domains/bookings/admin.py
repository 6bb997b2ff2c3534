"""What the staff screens show beside the values: a booking's link for its client, a calendar's address."""

from __future__ import annotations

from flask_babel import gettext as _

from app.access.rights import may
from app.domains.bookings import queries
from app.domains.bookings.models import Booking, CalendarFeed, Waiting
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


def feed_address(feed: CalendarFeed) -> Share | None:
    """Offer the address of a calendar to copy, to who may renew it; None while the calendar is not active."""
    if not may("renew", "calendar_feed") or not feed.is_active:
        return None
    return Share(
        title=_("The calendar's address"),
        url=queries.feed_url(feed.id, feed.serial),
        sentence=_(
            "Whoever has it reads this calendar, with the names of clients. Add it to a calendar program."
        ),
        renew=Button("renew", _("Make a new one"), f"/calendar-feeds/{feed.id}/do/renew", "refresh"),
        warning=_("The calendar programs that read the old address find nothing any more."),
    )


def waiting_link(waiting: Waiting) -> Share | None:
    """Offer the link of who waits to copy, to who may renew it."""
    if not may("renew_link", "waiting"):
        return None
    return Share(
        title=_("The client's link"),
        url=queries.waiting_page(waiting.id, waiting.link_serial),
        sentence=_(
            "Whoever has it sees the place in line, answers an offer and may leave. It was mailed to the client."
        ),
        renew=Button(
            "renew_link", _("Make a new one"), f"/waiting-list/{waiting.id}/do/renew_link", "refresh"
        ),
        warning=_("The link that the client has stops working."),
    )
