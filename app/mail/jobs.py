"""What is done about mails by itself."""

from __future__ import annotations

from datetime import timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete

from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.jobs import job
from app.kernel.outbox import Delivery, Undeliverable, subscriber
from app.mail.events import SampleAsked
from app.mail.kinds import kind_named
from app.mail.models import KeptMail
from app.mail.sending import send
from app.mail.wording import speaking

KEPT_FOR = timedelta(days=30)
"""How long it is known that a mail went out; no delivery is tried for so long."""


@subscriber("mail.sample", SampleAsked, queue="mail")
def send_sample(event: SampleAsked, delivery: Delivery) -> None:
    """Send an example of a mail to the user who asked for it."""
    user = db.session.get(User, event.user_id)
    if user is None or not user.is_active:
        raise Undeliverable("The user who asked for it is gone.")
    with speaking(event.locale):
        facts = kind_named(event.kind).sample()
    send(event.kind, to=user.email, locale=event.locale, facts=facts, number=delivery.id)


@job("mail.forget", at="40 3 * * *")
def forget_old() -> int:
    """Delete the notes, and in development the mails, that are older than a month."""
    with unit_of_work() as session:
        gone = session.execute(delete(KeptMail).where(KeptMail.sent_at < clock.now() - KEPT_FOR))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # of a CursorResult
