"""Asks the web process whether it is ready, with nothing but a socket."""

from __future__ import annotations

import socket

_PATH = "/health/ready"
_SECONDS = 3.0


def address(host: str, port: int) -> str:
    """Write the address a person opens."""
    reached = reachable(host)
    return f"http://{f'[{reached}]' if ':' in reached else reached}:{port}"


def reachable(host: str) -> str:
    """Give a host to connect to; the name of every address is none of them."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  # compared, not bound


def is_ready(host: str, port: int) -> tuple[bool, str]:
    """Tell whether the web process says it is ready, and what it says else."""
    question = f"GET {_PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((reachable(host), port), timeout=_SECONDS) as connection:
            connection.sendall(question.encode())
            answer = b""
            while part := connection.recv(4096):
                answer += part
    except OSError as error:
        return False, f"nothing answers ({error.strerror or error})"
    head, _, body = answer.decode(errors="replace").partition("\r\n\r\n")
    status = head.split(" ", 2)[1:2]
    return status == ["200"], f"it answers {' '.join(status)} {body[:200].strip()}".strip()
