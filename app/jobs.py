"""Which modules declare jobs."""

from __future__ import annotations

from importlib import import_module

DECLARING = ("app.access.jobs", "app.domains.reviews.jobs")


def load_jobs() -> None:
    """Let every job be known to this process."""
    for module in DECLARING:
        import_module(module)
