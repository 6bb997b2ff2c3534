"""The other files of a picture: how they are named, written down on its row, and told to the public."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.media.storage import new_path
from app.media.studio.kinds import EXTENSIONS, Drawn

FORMS = ("avif", "webp", "jpeg", "png")
"""In the order in which a browser should be offered them; png stands for jpeg where a picture is see-through."""

Renditions = dict[str, list[list[Any]]]


def named(path: str, files: Iterable[Drawn]) -> dict[str, Drawn]:
    """Give each file its path beside `path`; a crop gets one of its own, since it changes with the focal point."""
    stem, place = path.rpartition(".")[0], path.rpartition("/")[0]
    paths = {}
    for file in files:
        ending = EXTENSIONS[file.form]
        if file.role == "picture":
            paths[path] = file
        elif file.role in FORMS:
            paths[f"{stem}-{file.width}.{ending}"] = file
        else:
            paths[new_path(ending, place)] = file
    return paths


def listed(files: Mapping[str, Drawn]) -> Renditions:
    """Write renditions down as the row keeps them: by form or crop, the narrowest first."""
    found: Renditions = {}
    for path, file in sorted(files.items(), key=lambda item: item[1].width):
        if file.role != "picture":
            found.setdefault(file.role, []).append([file.width, file.height, path])
    return found


def srcset_of(renditions: Renditions) -> str:
    """Write the public `srcset` as JSON text: a list of addresses and widths for each form there is."""
    offered = {
        form: ", ".join(f"{{base}}{path} {width}w" for width, _height, path in renditions[form])
        for form in FORMS
        if form in renditions
    }
    return json.dumps(offered, separators=(",", ":"))


def crop_of(renditions: Renditions, role: str) -> str | None:
    """Give the path of a crop."""
    return str(renditions[role][0][2]) if role in renditions else None


def nearest(renditions: Renditions, width: int) -> str | None:
    """Give the path of the narrowest WebP that is at least so wide, or of the widest there is."""
    offered = renditions.get("webp", [])
    wide = [path for its_width, _height, path in offered if its_width >= width]
    return str(wide[0]) if wide else str(offered[-1][2]) if offered else None


def row_of(renditions: Renditions) -> dict[str, Any]:
    """Give the columns of a row that tell of its renditions."""
    return {
        "renditions": renditions,
        "srcset": srcset_of(renditions),
        "thumb": crop_of(renditions, "thumb"),
        "square": crop_of(renditions, "square"),
    }
