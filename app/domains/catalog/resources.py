"""What staff and the public see of packages, themes and festivals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.catalog.models import Festival, FestivalCategory, Package, Theme
from app.resources import Child, Field, Kind, On, Option, Resource

SHOWN = On.LIST | On.FORM | On.FILTER | On.API | On.PUBLIC | On.TRANSFER
TOLD = On.FORM | On.API | On.PUBLIC | On.TRANSFER
TRANSLATED = On.SEARCH | On.TRANSLATE

CATALOG = _l("Catalog")

CATEGORIES = (
    Option(FestivalCategory.RELIGIOUS.value, _l("Religious"), "info"),
    Option(FestivalCategory.NATIONAL.value, _l("National"), "primary"),
    Option(FestivalCategory.SEASONAL.value, _l("Seasonal"), "success"),
    Option(FestivalCategory.CULTURAL.value, _l("Cultural"), "warning"),
    Option(FestivalCategory.HARVEST.value, _l("Harvest"), "secondary"),
)

_PICTURE = Field("asset_id", On.FORM | On.API | On.PUBLIC, _l("Picture"))
_ALT = Field(
    "alt",
    On.FORM | On.API | On.PUBLIC | On.TRANSLATE,
    _l("Alternative text"),
    help=_l("What someone who cannot see the picture should know."),
)
_SLUG_HELP = _l("The name in web addresses.")
_ACTIVE_HELP = _l("Only active records are shown to the public.")
_ORDER_HELP = _l("Small numbers come first.")
_PRICE = _l("Price")
_TEXTS = _l("Texts")
_SHOWING = _l("Where it is shown")
_CONTENT = _l("Content")
_DAYS = _l("Days and place")
_GALLERY = _l("Pictures")

packages = Resource(
    Package,
    _l("Packages"),
    _l("package"),
    words=_l("bundles, offers, deals, prices"),
    menu=CATALOG,
    icon="gift",
    order="position",
    public="packages",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name"), section=_TEXTS),
        Field("slug", TOLD | On.TRANSLATE, _l("Slug"), kind=Kind.SLUG, help=_SLUG_HELP, section=_SHOWING),
        Field("description", TOLD | TRANSLATED, _l("Description"), section=_TEXTS),
        Field("price_minor", SHOWN, _l("Price"), kind=Kind.MONEY, section=_PRICE),
        Field("currency", On.FORM | On.API | On.TRANSFER, _l("Currency"), kind=Kind.CURRENCY, section=_PRICE),
        Field("rating_average", On.LIST | On.API | On.PUBLIC, _l("Rating"), kind=Kind.RATING),
        Field("rating_count", On.API | On.PUBLIC, _l("Reviews")),
        Field("position", On.FORM | On.API | On.TRANSFER, _l("Order"), help=_ORDER_HELP, section=_SHOWING),
        Field(
            "is_active",
            On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER,
            _l("Active"),
            help=_ACTIVE_HELP,
            section=_SHOWING,
        ),
    ),
    children=(
        Child(
            "items",
            _l("Included items"),
            _l("item"),
            fields=(Field("text", On.FORM | On.API | On.PUBLIC | On.TRANSLATE, _l("Item")),),
        ),
        Child("pictures", _l("Pictures"), _l("picture"), fields=(_PICTURE, _ALT)),
    ),
)

themes = Resource(
    Theme,
    _l("Themes"),
    _l("theme"),
    words=_l("styles, decorations, looks"),
    menu=CATALOG,
    icon="palette",
    order="position",
    public="themes",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name"), section=_TEXTS),
        Field("slug", TOLD | On.TRANSLATE, _l("Slug"), kind=Kind.SLUG, help=_SLUG_HELP, section=_SHOWING),
        Field("description", TOLD | TRANSLATED, _l("Description"), section=_TEXTS),
        Field(
            "colour",
            On.LIST | TOLD,
            _l("Colour"),
            kind=Kind.COLOUR,
            help=_l("The colour of the theme's cards and buttons."),
            section=_SHOWING,
        ),
        Field("rating_average", On.LIST | On.API | On.PUBLIC, _l("Rating"), kind=Kind.RATING),
        Field("rating_count", On.API | On.PUBLIC, _l("Reviews")),
        Field("position", On.FORM | On.API | On.TRANSFER, _l("Order"), help=_ORDER_HELP, section=_SHOWING),
        Field(
            "is_active",
            On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER,
            _l("Active"),
            help=_ACTIVE_HELP,
            section=_SHOWING,
        ),
    ),
    children=(Child("pictures", _l("Gallery"), _l("picture"), fields=(_PICTURE, _ALT)),),
)

festivals = Resource(
    Festival,
    _l("Festivals"),
    _l("festival"),
    words=_l("holidays, feasts, events"),
    menu=CATALOG,
    icon="confetti",
    order="starts_on",
    public="festivals",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name"), tab=_CONTENT, section=_TEXTS),
        Field(
            "slug",
            TOLD | On.TRANSLATE,
            _l("Slug"),
            kind=Kind.SLUG,
            help=_SLUG_HELP,
            tab=_CONTENT,
            section=_SHOWING,
        ),
        Field("description", TOLD | TRANSLATED, _l("Description"), tab=_CONTENT, section=_TEXTS),
        Field(
            "customs",
            TOLD | TRANSLATED,
            _l("How it is celebrated"),
            kind=Kind.RICH_TEXT,
            help=_l("A few paragraphs with what is done, eaten and worn."),
            tab=_CONTENT,
            section=_TEXTS,
        ),
        Field("category", SHOWN, _l("Category"), options=CATEGORIES, tab=_CONTENT, section=_SHOWING),
        Field("country", SHOWN, _l("Country"), kind=Kind.COUNTRY, tab=_DAYS),
        Field(
            "zone",
            TOLD,
            _l("Time zone"),
            kind=Kind.ZONE,
            help=_l("Its days begin at midnight there."),
            tab=_DAYS,
        ),
        Field("starts_on", SHOWN, _l("First day"), tab=_DAYS),
        Field("ends_on", SHOWN, _l("Last day"), tab=_DAYS),
        Field(
            "default_message",
            TOLD | On.TRANSLATE,
            _l("Default message"),
            help=_l("What cards begin with."),
            tab=_CONTENT,
            section=_TEXTS,
        ),
        Field(
            "facts",
            On.FORM | On.API | On.PUBLIC,
            _l("Further facts"),
            help=_l("Names and values for the website, as JSON."),
            tab=_DAYS,
            section=_l("For the website"),
        ),
        Field(
            "is_active",
            On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER,
            _l("Active"),
            help=_ACTIVE_HELP,
            tab=_CONTENT,
            section=_SHOWING,
        ),
    ),
    children=(
        Child(
            "pictures",
            _GALLERY,
            _l("picture"),
            tab=_GALLERY,
            fields=(
                _PICTURE,
                _ALT,
                Field("is_primary", On.FORM | On.API | On.PUBLIC, _l("Primary")),
            ),
        ),
    ),
)

RESOURCES = (packages, themes, festivals)
