"""Words that are always translated in one way, or kept, or not used."""

from app.translation.glossary.hits import Hit, hits

__all__ = ["Hit", "hits"]
