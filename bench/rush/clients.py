"""Hundreds of clients at once: connections that are all open before the first of them asks."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 60.0

Wish = dict[str, str]
"""A time in a room: `room`, `starts_at` and `ends_at`, which is ISO text with an offset."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one client asked for, the status that came back, and the seconds that it took."""

    wish: Wish
    status: int
    seconds: float


def ask_at_once(port: int, path: str, wishes: Sequence[Wish], run: int) -> tuple[list[Asked], float]:
    """Have each wish asked for by a client of its own, all at once; gives the answers and the seconds of all."""
    return asyncio.run(_all(port, path, wishes, run))


async def _all(port: int, path: str, wishes: Sequence[Wish], run: int) -> tuple[list[Asked], float]:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in wishes]
    begun = asyncio.Event()

    async def one(number: int) -> Asked:
        reader, writer = opened[number]
        message = _message(port, path, json.dumps(wishes[number]), f"{run}.{number >> 8}.{number & 255}")
        await begun.wait()
        at = time.perf_counter()
        writer.write(message)
        status = int((await asyncio.wait_for(reader.readline(), LONGEST)).split()[1])
        seconds = time.perf_counter() - at
        writer.close()
        return Asked(wishes[number], status, seconds)

    tasks = [asyncio.create_task(one(number)) for number in range(len(wishes))]
    await asyncio.sleep(0)  # every task waits now
    at = time.perf_counter()
    begun.set()
    return list(await asyncio.gather(*tasks)), time.perf_counter() - at


def _message(port: int, path: str, body: str, place: str) -> bytes:
    """Write a request as if by another visitor behind a proxy: limits count what comes from one address."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        "Connection: close",
        f"Content-Length: {len(body)}",
        f"X-Forwarded-For: 10.{place}",
    ]
    return "\r\n".join([*lines, "", body]).encode()
