"""What staff see of the pictures and of their folders; a picture is put in by uploading it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.media.folders import PictureFolder
from app.media.models import Asset, AssetState
from app.resources import Field, Kind, On, Option, Resource

assets = Resource(
    Asset,
    _l("Pictures"),
    _l("picture"),
    words=_l("photos, images, files, uploads, media"),
    menu=_l("Catalog"),
    icon="photo",
    title="title",
    path="pictures",
    opens_as="gallery",
    fields=(
        Field("id", On.LIST, _l("Picture"), kind=Kind.PICTURE),
        Field("title", On.LIST | On.FORM | On.SEARCH | On.API, _l("Title")),
        Field(
            "alt",
            On.FORM | On.SEARCH | On.API | On.TRANSLATE,
            _l("Alternative text"),
            help=_l("What someone who cannot see the picture should know."),
        ),
        Field(
            "focal_x",
            On.FORM | On.API,
            _l("Focal point from the left, in percent"),
            help=_l("Crops keep this point in sight. Drag the dot in the picture, or type two numbers."),
        ),
        Field("focal_y", On.FORM | On.API, _l("Focal point from the top, in percent")),
        Field("credit", On.FORM | On.API, _l("Credit"), kind=Kind.TEXT),
        Field("folder_id", On.LIST | On.FORM | On.FILTER | On.API, _l("Folder")),
        Field(
            "tags",
            On.FORM | On.FILTER | On.SEARCH | On.API,
            _l("Tags"),
            kind=Kind.TAGS,
            help=_l("Words between commas, by which the picture is found again."),
        ),
        Field("uses", On.LIST | On.FILTER | On.API, _l("Uses")),
        Field("bytes", On.LIST | On.API, _l("Size"), kind=Kind.BYTES),
        Field(
            "state",
            On.FILTER | On.API,
            _l("State"),
            kind=Kind.CHOICE,
            options=(
                Option(AssetState.READY, _l("Ready"), "success"),
                Option(AssetState.QUARANTINED, _l("Waits for its virus scan"), "warning"),
                Option(AssetState.REFUSED, _l("Refused"), "danger"),
            ),
        ),
        Field("note", On.API, _l("What was found")),
        Field("file_name", On.SEARCH | On.API, _l("File name"), kind=Kind.TEXT),
        Field("media_type", On.FILTER | On.API, _l("Format")),
        Field("width", On.API, _l("Width")),
        Field("height", On.API, _l("Height")),
        Field("twins", On.FILTER | On.API, _l("Looks like others")),
        Field("created_at", On.LIST | On.FILTER | On.API, _l("Added")),
    ),
)

folders = Resource(
    PictureFolder,
    _l("Folders"),
    _l("folder"),
    icon="folder",
    path="picture-folders",
    order="name",
    fields=(
        Field("name", On.LIST | On.FORM | On.SEARCH | On.API, _l("Name")),
        Field("parent_id", On.LIST | On.FORM | On.FILTER | On.API, _l("Within")),
        Field("created_at", On.LIST | On.API, _l("Added")),
    ),
)

RESOURCES = (assets, folders)
