"""Gathers the interface's messages from the code, as `make messages` does; that needs the sources on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_from_file
from babel.messages.frontend import parse_mapping_cfg

from app.kernel.settings import ROOT
from app.translation.interface.catalogues import Sentence, appbuilder_home
from app.translation.interface.models import APPBUILDER, OURS

MAPPING = "babel.cfg"
KEYWORDS: Mapping[str, Any] = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
"""The functions whose first argument is a message: Babel's own, and our names for the lazy ones."""
NOTES = ("Translators:",)
"""What a comment begins with that is for who translates the message after it."""
SERVED = (
    "api/__init__.py",
    "baseviews.py",
    "const.py",
    "fields.py",
    "security/decorators.py",
    "upload.py",
    "validators.py",
    "views.py",
)
"""The parts of Flask-AppBuilder whose sentences can reach a reader: its own screens are not served."""


def has_sources(root: Path = ROOT) -> bool:
    """Tell whether the code can be searched."""
    return (root / MAPPING).is_file() and (root / "app").is_dir()


def gather(root: Path = ROOT) -> Catalog:
    """Gather every message of the code, with where it stands."""
    with (root / MAPPING).open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalogue = Catalog(project="Festoon", copyright_holder="The Festoon authors")
    found = extract_from_dir(
        str(root),
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=NOTES,
        directory_filter=lambda path: _is_searched(root, Path(path)),
    )
    for name, line, message, comments, context in found:
        catalogue.add(
            message, None, [(name.replace("\\", "/"), line)], auto_comments=comments, context=context
        )
    return catalogue


def _is_searched(root: Path, path: Path) -> bool:
    """Leave out what the mapping leaves out anyway: looking through all installed packages takes a minute."""
    return path.relative_to(root).parts[0] == "app" and not path.name.startswith((".", "_"))


def gathered_sentences(catalogue: Catalog) -> Iterator[Sentence]:
    """Give what was gathered of our own code."""
    return (_sentence(message, OURS) for message in catalogue if message.id)


@lru_cache(maxsize=1)
def appbuilder_sentences() -> tuple[Sentence, ...]:
    """Give the sentences of Flask-AppBuilder's code that we serve."""
    home = appbuilder_home()
    catalogue = Catalog()
    for name in SERVED:
        if (home / name).is_file():
            for line, message, comments, context in extract_from_file("python", home / name, KEYWORDS):
                place = [(f"{APPBUILDER}/{name}", line)]
                catalogue.add(message, None, place, auto_comments=comments, context=context)
    return tuple(_sentence(message, APPBUILDER) for message in catalogue if message.id)


def _sentence(message: Message, domain: str) -> Sentence:
    is_plural = isinstance(message.id, (list, tuple))
    msgid, msgid_plural = (message.id[0], message.id[1]) if is_plural else (message.id, "")
    return Sentence(
        domain,
        message.context or "",
        str(msgid),
        str(msgid_plural),
        flags=", ".join(sorted(set(message.flags) - {"fuzzy"})),
        comment="\n".join(message.auto_comments),
        where_used="\n".join(_places(message.locations)),
    )


def _places(locations: Iterable[tuple[str, int]]) -> list[str]:
    return list(dict.fromkeys(f"{name}:{line}" for name, line in sorted(locations)))
