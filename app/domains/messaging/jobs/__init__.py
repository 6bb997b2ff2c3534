"""What is done in conversations while nobody waits for it."""

from app.domains.messaging.jobs.replying import reply
from app.domains.messaging.jobs.tidying import close_idle, forget_old

__all__ = ["close_idle", "forget_old", "reply"]
