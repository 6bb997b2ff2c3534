"""How the demo's pictures lie in the library: folders, tags, some words that are still to be written, one twin."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.content import content
from app.demo.drawing import (
    feasts_at_the_water,
    feasts_of_india,
    feasts_of_light,
    feasts_of_spring,
    feasts_of_the_street,
    meadows,
    nights,
    seasons,
    stages,
    tables,
    towns,
)
from app.demo.keys import stable_key
from app.media.folders import PictureFolder
from app.media.models import Asset

TREE = (
    ("Festivals", ""),
    ("India", "Festivals"),
    ("Lights", "Festivals"),
    ("Spring", "Festivals"),
    ("Street and water", "Festivals"),
    ("Tables and cakes", ""),
    ("Stages", ""),
    ("Outdoors", ""),
    ("Nights", "Outdoors"),
    ("Seasons", "Outdoors"),
)
"""The folders with the one they lie in."""

_FOLDER_OF = {
    feasts_of_india: "India",
    feasts_of_light: "Lights",
    feasts_of_spring: "Spring",
    feasts_of_the_street: "Street and water",
    feasts_at_the_water: "Street and water",
    tables: "Tables and cakes",
    stages: "Stages",
    meadows: "Outdoors",
    nights: "Nights",
    towns: "Nights",
    seasons: "Seasons",
}
LOOSE = 9
"""Every ninth picture lies in no folder yet."""

UNTOLD = {"en": 41, "de": 13, "es": 17, "hi": 11, "ar": 7}
"""By language, the how manieth pictures have no alternative text yet."""

COPIED, TWIN = "marigold-table", "Marigold table (copy)"
"""The picture that is there twice, and how the second is called."""


def add_folders(session: Session) -> dict[str, UUID]:
    """Put in the folders that are missing; gives the keys of all by name."""
    keys = {name: stable_key("picture_folder", name, n) for n, (name, _above) in enumerate(TREE)}
    stored = set(session.scalars(select(PictureFolder.id).where(PictureFolder.id.in_(keys.values()))))
    for name, above in TREE:
        if keys[name] not in stored:
            session.add(PictureFolder(id=keys[name], name=name, parent_id=keys[above] if above else None))
            session.flush()
    return keys


def shelve(asset: Asset, name: str, folders: dict[str, UUID]) -> None:
    """Lay a new picture into its folder and tag it by what it shows and its colours."""
    recipe, number = content("pictures")[name], list(content("pictures")).index(name)
    page = next(page for page in _FOLDER_OF if recipe["scene"] in page.SCENES)
    asset.folder_id = None if number % LOOSE == LOOSE - 1 else folders[_FOLDER_OF[page]]
    told = (recipe["palette"], recipe["scene"])
    asset.tags = list(dict.fromkeys(word.replace("_", " ") for word in told))
    asset.file_name = f"{name}.webp"


def is_told(name: str, locale: str) -> bool:
    """Tell whether a picture has its alternative text in a language already."""
    number = list(content("pictures")).index(name) + 1
    return number % UNTOLD[locale] != 0


def twin_key() -> UUID:
    """Give the key of the picture that is there twice."""
    return stable_key("asset", TWIN, len(content("pictures")))
