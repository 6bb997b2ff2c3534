"""Which modules declare jobs, subscribers and domain events."""

from __future__ import annotations

from importlib import import_module

DECLARING = (
    "app.kernel.outbox.delivering",
    "app.kernel.outbox.purging",
    "app.access.jobs",
    "app.mail.jobs",
    "app.domains.bookings.jobs",
    "app.domains.members.jobs",
    "app.domains.messaging.events",
    "app.domains.messaging.jobs",
    "app.domains.payments.events",
    "app.domains.payments.jobs",
    "app.domains.reviews.jobs",
    "app.media.jobs",
    "app.media.release",
    "app.translation.interface.jobs",
    "app.translation.memory.jobs",
    "app.surfaces.comments.jobs",
    "app.surfaces.contract.jobs",
    "app.surfaces.desk.jobs",
    "app.surfaces.transfer.texts",
    "app.translation.prefill.jobs",
    "app.translation.publishing",
)
"""A domain's events stand here too: what the relay does not know it leaves waiting."""


def load_jobs() -> None:
    """Let every job, subscriber and domain event be known to this process."""
    for module in DECLARING:
        import_module(module)
