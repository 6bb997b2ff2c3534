"""Icons, drawn from one sheet of symbols that a browser loads once."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from app.web.assets import asset

_SHEET = "icons.svg"
"""Near the root: a page names it a hundred times."""
_ICON = Markup('<svg class="%s" aria-hidden="true"><use href="%s#%s"/></svg>')


def icon(name: str, extra: str = "") -> Markup:
    """Draw an icon; `extra` are further classes. It says nothing to who listens: put words beside it."""
    return _drawn(name, extra, asset(_SHEET))


@lru_cache(maxsize=1024)
def _drawn(name: str, extra: str, sheet: str) -> Markup:
    return _ICON % (f"icon {extra}" if extra else "icon", sheet, name)
