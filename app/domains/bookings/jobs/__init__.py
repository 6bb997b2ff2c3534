"""What is done about bookings while nobody waits for it: mails, notices, reminders, times given free."""

from app.domains.bookings.jobs import series
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
    tell_client_moved,
    tell_client_received,
    tell_client_rejected,
    tell_client_revived,
    tell_staff,
)
from app.domains.bookings.jobs.waiting import (
    pass_time_on,
    tell_ended,
    tell_joined,
    tell_offered,
    tend_waiting,
)

__all__ = [
    "MORNING",
    "TO_STRANGERS",
    "ReminderDue",
    "free_lapsed",
    "give_bookings_to_member",
    "notice_received",
    "pass_time_on",
    "record_reminders",
    "remind_client",
    "series",
    "tell_client_cancelled",
    "tell_client_confirmed",
    "tell_client_moved",
    "tell_client_received",
    "tell_client_rejected",
    "tell_client_revived",
    "tell_ended",
    "tell_joined",
    "tell_offered",
    "tell_staff",
    "tend_waiting",
]
