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

packages = Resource(
    Package,
    _l("Packages"),
    _l("package"),
    menu=CATALOG,
    icon="gift",
    order="position",
    public="packages",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        Field("slug", TOLD, _l("Slug"), kind=Kind.SLUG, help=_SLUG_HELP),
        Field("description", TOLD | TRANSLATED, _l("Description")),
        Field("price_minor", SHOWN, _l("Price"), kind=Kind.MONEY),
        Field("currency", On.FORM | On.API | On.TRANSFER, _l("Currency"), kind=Kind.CURRENCY),
        Field("rating_average", On.LIST | On.API | On.PUBLIC, _l("Rating"), kind=Kind.RATING),
        Field("rating_count", On.API | On.PUBLIC, _l("Reviews")),
        Field("position", On.FORM | On.API | On.TRANSFER, _l("Order"), help=_ORDER_HELP),
        Field(
            "is_active", On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER, _l("Active"), help=_ACTIVE_HELP
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
    menu=CATALOG,
    icon="palette",
    order="position",
    public="themes",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        Field("slug", TOLD, _l("Slug"), kind=Kind.SLUG, help=_SLUG_HELP),
        Field("description", TOLD | TRANSLATED, _l("Description")),
        Field("rating_average", On.LIST | On.API | On.PUBLIC, _l("Rating"), kind=Kind.RATING),
        Field("rating_count", On.API | On.PUBLIC, _l("Reviews")),
        Field("position", On.FORM | On.API | On.TRANSFER, _l("Order"), help=_ORDER_HELP),
        Field(
            "is_active", On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER, _l("Active"), help=_ACTIVE_HELP
        ),
    ),
    children=(Child("pictures", _l("Gallery"), _l("picture"), fields=(_PICTURE, _ALT)),),
)

festivals = Resource(
    Festival,
    _l("Festivals"),
    _l("festival"),
    menu=CATALOG,
    icon="confetti",
    order="starts_on",
    public="festivals",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        Field("slug", TOLD, _l("Slug"), kind=Kind.SLUG, help=_SLUG_HELP),
        Field("description", TOLD | TRANSLATED, _l("Description")),
        Field("category", SHOWN, _l("Category"), options=CATEGORIES),
        Field("country", SHOWN, _l("Country"), kind=Kind.COUNTRY),
        Field("starts_on", SHOWN, _l("First day")),
        Field("ends_on", SHOWN, _l("Last day")),
        Field(
            "default_message", TOLD | On.TRANSLATE, _l("Default message"), help=_l("What cards begin with.")
        ),
        Field(
            "is_active", On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER, _l("Active"), help=_ACTIVE_HELP
        ),
    ),
    children=(
        Child(
            "pictures",
            _l("Pictures"),
            _l("picture"),
            fields=(
                _PICTURE,
                _ALT,
                Field("is_primary", On.FORM | On.API | On.PUBLIC, _l("Primary")),
            ),
        ),
    ),
)

RESOURCES = (packages, themes, festivals)
