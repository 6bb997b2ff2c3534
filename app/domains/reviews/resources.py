"""What moderators see of reviews, and the public of the approved ones."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.reviews import service
from app.domains.reviews.models import Review, ReviewStatus
from app.resources import Action, Field, Kind, On, Option, Resource

TOLD = On.FORM | On.API | On.TRANSFER

STATUSES = (
    Option(ReviewStatus.PENDING.value, _l("Pending"), "warning"),
    Option(ReviewStatus.APPROVED.value, _l("Approved"), "success"),
    Option(ReviewStatus.REJECTED.value, _l("Rejected"), "secondary"),
)

_WRITTEN = _l("Review")
_ABOUT = _l("What it is about")

reviews = Resource(
    Review,
    _l("Reviews"),
    _l("review"),
    words=_l("ratings, opinions, feedback, testimonials"),
    menu=_l("Business"),
    icon="star",
    order="-submitted_at",
    title="author_name",
    public="testimonials",
    public_when=lambda model: model.status == ReviewStatus.APPROVED.value,
    fields=(
        Field("author_name", On.LIST | On.SEARCH | On.PUBLIC | TOLD, _l("Author"), section=_WRITTEN),
        Field(
            "message", On.LIST | On.SEARCH | On.PUBLIC | On.TRANSLATE | TOLD, _l("Message"), section=_WRITTEN
        ),
        Field(
            "rating", On.LIST | On.FILTER | On.PUBLIC | TOLD, _l("Rating"), kind=Kind.RATING, section=_WRITTEN
        ),
        Field("asset_id", On.FORM | On.API | On.PUBLIC, _l("Picture"), section=_ABOUT),
        Field("package_id", On.LIST | On.FILTER | On.PUBLIC | TOLD, _l("Package"), section=_ABOUT),
        Field("theme_id", On.LIST | On.FILTER | On.PUBLIC | TOLD, _l("Theme"), section=_ABOUT),
        Field(
            "locale",
            On.FORM | On.API | On.PUBLIC | On.TRANSFER,
            _l("Language"),
            kind=Kind.LOCALE,
            section=_WRITTEN,
        ),
        Field("status", On.LIST | On.FILTER | On.API | On.TRANSFER, _l("Status"), options=STATUSES),
        Field("submitted_at", On.LIST | On.FILTER | On.API | On.PUBLIC, _l("Received")),
    ),
    actions=(
        Action(
            "approve",
            _l("Approve"),
            service.approve,
            lambda review: review.status != ReviewStatus.APPROVED,
            icon="check",
            tone="primary",
            leads_to=ReviewStatus.APPROVED,
        ),
        Action(
            "reject",
            _l("Reject"),
            service.reject,
            lambda review: review.status != ReviewStatus.REJECTED,
            icon="x",
            tone="danger",
            leads_to=ReviewStatus.REJECTED,
        ),
    ),
)

RESOURCES = (reviews,)
