"""Progress counts the words that are approved and right, and is what a recount by hand finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.translation.progress import BY, Progress, progress
from tests.factories import (
    AssetFactory,
    IncludedItemFactory,
    PackageFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)

STATES = ("approved", "approved", "stale", "machine", "draft", "needs_review", "rejected", "approved")
TYPES = ("package", "theme")

# Written anew, by other means: every source of the two content types, with its words counted by spaces.
SOURCES = """
WITH texts(owner_type, owner_id, content_type, object_id, field, source) AS (
    SELECT 'package', id, 'package', id, 'name', name FROM package
    UNION ALL SELECT 'package', id, 'package', id, 'description', description FROM package
    UNION ALL SELECT 'package', package_id, 'included_item', id, 'text', text FROM included_item
    UNION ALL SELECT 'theme', id, 'theme', id, 'name', name FROM theme
    UNION ALL SELECT 'theme', id, 'theme', id, 'description', description FROM theme
    UNION ALL SELECT 'theme', theme_id, 'theme_picture', id, 'alt', alt FROM theme_picture
)
SELECT {columns}
    sum(length(s.source) - length(replace(s.source, ' ', '')) + 1),
    coalesce(sum(length(s.source) - length(replace(s.source, ' ', '')) + 1) FILTER (WHERE EXISTS (
        SELECT FROM translation AS t WHERE t.content_type = s.content_type AND t.object_id = s.object_id
            AND t.field = s.field AND t.locale = :locale AND t.text <> '' AND t.state = 'approved'
            AND t.source_hash = festoon_source_hash(s.source))), 0)
FROM texts AS s WHERE s.source <> '' {grouped}
"""


def recounted(session: Session, by: str) -> dict[tuple[Any, ...], Progress]:
    names = BY[by]
    found = {}
    for locale in ("de", "es"):
        sql = SOURCES.format(
            columns="".join(f"s.{name}, " for name in names),
            grouped=f"GROUP BY {', '.join(f's.{name}' for name in names)}" if names else "",
        )
        for *key, words, done in session.execute(text(sql), {"locale": locale}):
            found[(locale, *key)] = Progress(int(words), int(done))
    return found


@pytest.fixture
def much(session: Session) -> None:
    """Make texts in every state, in two languages, some of them out of date."""
    place = 0
    for number in range(12):
        package = PackageFactory(
            name=f"Party number {number}", description="Under old trees" if number % 3 else ""
        )
        item = IncludedItemFactory(package_id=package.id, text=f"Soup for {number}", position=0)
        theme = ThemeFactory(name=f"Jungle {number}", description="A deep green evening of music")
        picture = ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory().id, alt="Leaves in light")
        for record, fields in (
            (package, ("name", "description")),
            (item, ("text",)),
            (theme, ("name", "description")),
            (picture, ("alt",)),
        ):
            for field in fields:
                for locale in ("de", "es"):
                    place += 1
                    if place % 5 and getattr(record, field):
                        translate(record, locale, **{field: f"Text {place}"})
                        session.execute(
                            text("UPDATE translation SET state = :state WHERE text = :said"),
                            {"state": STATES[place % len(STATES)], "said": f"Text {place}"},
                        )
    session.execute(text("UPDATE package SET name = name || ' again' WHERE position % 4 = 0"))
    session.execute(text("UPDATE theme SET description = 'Another evening' WHERE position % 5 = 0"))
    session.commit()


# Rule 10: per field, record, model and language
@pytest.mark.parametrize("by", list(BY))
def test_progress_is_what_a_recount_finds(session: Session, much: None, by: str) -> None:
    found = progress(session, None, ("de", "es"), by, TYPES)
    again = recounted(session, by)
    assert found == again
    assert all(count.words > 0 for count in found.values())
    assert sum(count.done for count in found.values()) > 0


# Rule 10: machine text never counts, nor what waits or is out of date
@pytest.mark.parametrize("state", ["machine", "draft", "needs_review", "stale", "rejected"])
def test_what_is_not_approved_does_not_count(session: Session, state: str) -> None:
    package = PackageFactory(name="Garden party", description="")
    translate(package, "de", name="Gartenfest")
    assert progress(session, None, ("de",), "language", TYPES) == {("de",): Progress(2, 2)}
    session.execute(text("UPDATE translation SET state = :state"), {"state": state})
    assert progress(session, None, ("de",), "language", TYPES) == {("de",): Progress(2, 0)}


# Rule 10
def test_all_languages_are_counted_in_one_statement(
    session: Session, much: None, count_statements: Callable[[], Any]
) -> None:
    with count_statements() as made:
        progress(session, None, ("de", "es", "hi", "ar"), "record")
    assert len(made) == 1
