"""Serves the program on a free port of this machine, for real browsers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve a program while the block runs; gives its address."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)


def _whole(app: Flask) -> Any:
    """Read every answer to its end before it is sent.

    A browser that moves on breaks off a download. The server of these tests then forgets to close the file, and the
    warning about it would meet whichever test runs at that time.
    """

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
        parts = app(environ, start_response)
        try:
            return [*parts]
        finally:
            if close := getattr(parts, "close", None):
                close()

    return answer
