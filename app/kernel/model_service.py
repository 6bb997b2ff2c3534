"""A service that speaks OpenAI's protocol: asked once, bounded in time and in bytes.

What it says is a stranger's text.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openai import APIStatusError

# The client of the service is loaded where one is asked: it takes 20 MiB and 600 modules, and few programs have one.


class ServiceFault(Exception):
    """It gave no answer that can be used.

    `status` is its HTTP status, 0 where there was none; `wait` the seconds after which it wants to be asked again.
    """

    def __init__(self, reason: str, status: int = 0, wait: float | None = None) -> None:
        super().__init__(reason)
        self.status, self.wait = status, wait

    @property
    def may_pass(self) -> bool:
        """Tell whether the same question may be answered later."""
        return self.status in (0, 408, 409, 425, 429) or self.status >= 500


@dataclass(frozen=True, slots=True)
class Said:
    """An answer's text, and the tokens that the service says it took."""

    text: str
    tokens: int = 0


class ModelService:
    """One model at one address."""

    def __init__(self, url: str, key: str, model: str, seconds: float, most_bytes: int) -> None:
        self.model, self.seconds, self.most_bytes = model, seconds, most_bytes
        from openai import OpenAI

        self.client = OpenAI(base_url=url, api_key=key or "none", timeout=seconds, max_retries=0)

    def ask(self, messages: Sequence[Any], **options: Any) -> Said:
        """Ask once. Raises ServiceFault when it is away, slow, refuses, or talks too much."""
        import httpx2
        from openai import APIStatusError, OpenAIError

        try:
            said = json.loads(self._read(messages, options))
        except APIStatusError as error:
            raise ServiceFault(type(error).__name__, error.status_code, _wait(error)) from error
        except (OpenAIError, httpx2.HTTPError, ValueError, RecursionError) as error:
            raise ServiceFault(type(error).__name__) from error
        return _said(said)

    def _read(self, messages: Sequence[Any], options: dict[str, Any]) -> bytes:
        """Read the answer piece by piece, so that neither a slow nor an endless one is waited for."""
        end = time.monotonic() + self.seconds
        body = bytearray()
        asked = self.client.chat.completions.with_streaming_response.create(
            model=self.model, messages=list(messages), **options
        )
        with asked as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self.most_bytes:
                    raise ServiceFault("too long")
                if time.monotonic() > end:
                    raise ServiceFault("too slow")
        return bytes(body)


def _said(said: Any) -> Said:
    try:
        text = said["choices"][0]["message"]["content"]
    except (LookupError, TypeError) as error:
        raise ServiceFault("no choice") from error
    if not isinstance(text, str):
        raise ServiceFault("no text")
    usage = said.get("usage")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return Said(text, tokens if isinstance(tokens, int) and 0 <= tokens < 10**9 else 0)


def _wait(error: APIStatusError) -> float | None:
    """Read Retry-After where it is seconds; a date is seldom and not worth a clock that may differ."""
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None
