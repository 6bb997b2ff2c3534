"""The rules of the settings of the services that answer chats and fill in missing translations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kernel.settings import Settings


def check_translation(settings: Settings) -> Iterator[str]:
    """List what must be mended before the service can be asked."""
    if bool(settings.translation_url) != bool(settings.translation_model):
        yield "Set FESTOON_TRANSLATION_URL and FESTOON_TRANSLATION_MODEL together."
    if not re.fullmatch(r"(\d{1,6}(\.\d{1,8})? [A-Z]{3})?", settings.translation_price):
        yield "FESTOON_TRANSLATION_PRICE must be an amount and a currency, such as 0.002 USD."


def check_chat(settings: Settings) -> Iterator[str]:
    """List what must be mended before a bot can answer."""
    if settings.chat_bot not in ("off", "rules", "openai"):
        yield "FESTOON_CHAT_BOT must be off, rules or openai."
    if settings.chat_bot == "openai" and not (settings.chat_model_url and settings.chat_model):
        yield "FESTOON_CHAT_BOT is openai; set FESTOON_CHAT_MODEL_URL and FESTOON_CHAT_MODEL too."
