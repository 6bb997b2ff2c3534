"""The migration tool, told how our columns are compared and written."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_migrate import Migrate


def _write_type(kind: str, item: Any, context: Any) -> Any:
    """Write FAB's file columns as the text they are: their own names need an import that is not there."""
    if kind == "type" and type(item).__name__ in ("ImageColumn", "FileColumn"):
        return "sa.Text()"
    if kind == "type" and type(item).__name__ == "Instant":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Uuid):
        return "sa.Uuid()"
    return False


migrate = Migrate(compare_type=True, render_item=_write_type)
