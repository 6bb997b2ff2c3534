"""A refusal in one line, as a note on the page says it."""

from __future__ import annotations

from app.kernel.errors import DomainError, Invalid


def reason_of(error: DomainError) -> str:
    """Word a refusal; the sentences of one that names several fields stand one after the other."""
    if isinstance(error, Invalid):
        return " ".join(str(sentence) for sentences in error.errors.values() for sentence in sentences)
    return str(error.message)
