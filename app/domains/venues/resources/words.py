"""Where fields appear, and the words that the declarations of this domain share."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.resources import Field, On

SHOWN = On.LIST | On.FORM | On.FILTER | On.API | On.PUBLIC | On.TRANSFER
TOLD = On.FORM | On.API | On.PUBLIC | On.TRANSFER
KEPT = On.FORM | On.API | On.TRANSFER
TRANSLATED = On.SEARCH | On.TRANSLATE

VENUES = _l("Venues")
SLUG_HELP = _l("The name in web addresses.")
ORDER_HELP = _l("Small numbers come first.")
TEXTS = _l("Texts")
SHOWING = _l("Where it is shown")
PLACE = _l("Place")
CONTENT = _l("Content")
HOURS = _l("Opening hours")
PRICES = _l("Prices")
PICTURES = _l("Pictures")
RULES = _l("What may be booked")

PICTURE = Field("asset_id", On.FORM | On.API | On.PUBLIC, _l("Picture"))
ALT = Field(
    "alt",
    On.FORM | On.API | On.PUBLIC | On.TRANSLATE,
    _l("Alternative text"),
    help=_l("What someone who cannot see the picture should know."),
)


def active(tab: object = "", section: object = SHOWING) -> Field:
    """Give the switch that shows a record to the public."""
    return Field(
        "is_active",
        On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER,
        _l("Active"),
        help=_l("Only active records are shown to the public."),
        tab=tab,
        section=section,
    )


def order(tab: object = "", section: object = "", *, listed: bool = False) -> Field:
    """Give the number by which records are put in order."""
    on = KEPT | On.LIST if listed else KEPT
    return Field("position", on, _l("Order"), help=ORDER_HELP, tab=tab, section=section)
