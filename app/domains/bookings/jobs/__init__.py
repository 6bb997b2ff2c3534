"""What is done about bookings while nobody waits for it: mails, notices, reminders, times given free."""

from app.domains.bookings.jobs.keeping import free_lapsed, give_bookings_to_member
from app.domains.bookings.jobs.mails import (
    MORNING,
    TO_STRANGERS,
    ReminderDue,
    notice_received,
    record_reminders,
    remind_client,
    tell_client_cancelled,
    tell_client_confirmed,
    tell_client_received,
    tell_staff,
)

__all__ = [
    "MORNING",
    "TO_STRANGERS",
    "ReminderDue",
    "free_lapsed",
    "give_bookings_to_member",
    "notice_received",
    "record_reminders",
    "remind_client",
    "tell_client_cancelled",
    "tell_client_confirmed",
    "tell_client_received",
    "tell_staff",
]
