"""A responder that answers from published facts alone, always the same to the same question."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_babel import gettext as _

from app.domains.messaging.jobs.responders import Talk
from app.domains.messaging.models import Sender

_PRICES = (
    r"pric|cost|how much|packag|offer|preis|kost|paket|angebot|precio|cuest|paquete|oferta"
    r"|कीमत|दाम|पैकेज|मूल्य|سعر|أسعار|تكلف|باقة|باقات|عرض"
)
_BOOKING = r"\bbook|reserv|buch|बुक|حجز|احجز"
_PERSON = r"human|person|agent|staff|mensch|mitarbeiter|persona|agente|इंसान|व्यक्ति|موظف|شخص"
_MOST_OFFERS = 6


class RuleResponder:
    """Knows three things: what there is and its price, how to book, and that staff will come."""

    def reply(self, talk: Talk) -> str | None:
        """Answer a question it knows; to the first message that it does not know, say what it does know."""
        asked = talk.said[-1][1].strip().lower()
        for wanted, pattern, answer in self._rules():
            if asked == wanted or re.search(pattern, asked):
                return answer(talk)
        has_spoken = any(sender == Sender.BOT for sender, _text in talk.said)
        return None if has_spoken else self._opening(talk)

    def _rules(self) -> tuple[tuple[str, str, Callable[[Talk], str]], ...]:
        return (("3", _PERSON, self._person), ("1", _PRICES, self._prices), ("2", _BOOKING, self._booking))

    def _opening(self, _talk: Talk) -> str:
        questions = (_("Packages and prices"), _("How to book"), _("Speak to a person"))
        listed = "\n".join(f"{number}. {question}" for number, question in enumerate(questions, 1))
        return _("Hello, I am a bot. Write a number, or wait: staff will answer here too.") + f"\n{listed}"

    def _prices(self, talk: Talk) -> str:
        if not talk.offers:
            return self._person(talk)
        listed = "\n".join(f"• {offer.name}: {offer.price}" for offer in talk.offers[:_MOST_OFFERS])
        return _("These are our packages:") + f"\n{listed}"

    def _booking(self, _talk: Talk) -> str:
        return _("Choose a package, then send us the day, the place and your address. We confirm it by mail.")

    def _person(self, _talk: Talk) -> str:
        return _("Staff have been told and will answer here.")
