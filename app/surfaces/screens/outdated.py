"""What became of the source of a translation that is out of date: which words, by whose hand, when."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from app.kernel.db import db
from app.kernel.diffing import compare, readable, shortened
from app.resources import Field, Kind, Resource
from app.surfaces.history.reading import latest_edits
from app.surfaces.history.wording import actor_of
from app.surfaces.records import wording
from app.surfaces.screens.form_pages import SourceChange
from app.translation.models import Translation
from app.translation.sources import source_hash


class SourceChanges:
    """Of one record and its rows; the history is read once, and only when something is out of date."""

    def __init__(self, resource: Resource, record: Any, texts: Iterable[Translation]) -> None:
        self.resource = resource
        self.record = record
        self.outdated = [row for row in texts if row.source_text is not None]

    @cached_property
    def edits(self) -> dict[tuple[str, str], Any]:
        """Find the last edit of each source, by (key of its row, field)."""
        fields = {row.field for row in self.outdated}
        return latest_edits(db.session(), self.resource.name, self.record.id, fields)

    def of(self, item: Field, row: Translation | None, meant: Any) -> SourceChange | None:
        """Tell what the source said when the text was made from it and says now; None while that is the same."""
        if row is None or row.source_text is None:
            return None
        old, new = row.source_text, getattr(meant, item.name) or ""
        read = readable if item.kind is Kind.RICH_TEXT else str
        pieces = shortened(compare(read(old), read(new))) if old else ()
        edit = self.edits.get((str(row.object_id), item.name))
        return SourceChange(
            pieces=pieces,
            row=str(row.object_id),
            locale=row.locale,
            field=item.name,
            source=source_hash(new),
            by=_by(edit) if edit is not None else "",
            exact=wording.exact(edit.at, wording.reader()) if edit is not None else "",
        )


def _by(edit: Any) -> str:
    when = wording.ago(edit.at, wording.reader())
    return _("Changed by %(name)s, %(when)s", name=actor_of(edit), when=when)
