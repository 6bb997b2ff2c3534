"""The public side of venues that is more than content: what members mark."""

from app.domains.venues.api.favourites import api

__all__ = ["api"]
