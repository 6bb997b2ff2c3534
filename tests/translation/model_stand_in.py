"""A service on this machine that speaks OpenAI's protocol and translates by turning words around."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Say = Callable[[list[dict[str, Any]]], Any]
"""Makes the texts of an answer, or a whole content of another form, of the texts that were asked for."""


def turned(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Translate: each word backwards, marks as they are."""

    def backwards(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith("⟦") else found[0][::-1]

    return [{"id": text["id"], "text": re.sub(r"⟦\d+⟧|[^\W\d_]+", backwards, text["text"])} for text in texts]


class Model(ThreadingHTTPServer):
    """Keeps what it was asked; `trouble` are HTTP answers (status, headers) to give first, one a question."""

    daemon_threads = True

    def __init__(self, say: Say, trouble: list[tuple[int, dict[str, str]]] | None = None) -> None:
        self.questions: list[dict[str, Any]] = []
        self.times: Counter[str] = Counter()
        self.trouble = list(trouble or ())
        self.say = say
        self.hold = threading.Event()
        """While it is not set, nothing is answered."""
        self.hold.set()
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_arguments: Any) -> None:
        """A client that left, or was killed, is no fault."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def answer(self, body: dict[str, Any], headers: Any) -> tuple[int, dict[str, str], Any]:
        with self.lock:
            self.questions.append(body | {"key": headers["Authorization"]})
            texts = json.loads(body["messages"][-1]["content"])["texts"]
            self.times.update(text["text"] for text in texts)
            if self.trouble:
                status, more = self.trouble.pop(0)
                return status, more, {"error": {"message": "no"}}
        self.hold.wait(30)
        said = self.say(texts)
        content = json.dumps({"texts": said}, ensure_ascii=False) if isinstance(said, list) else said
        message = {"role": "assistant", "content": content}
        return (
            200,
            {},
            {
                "id": "1",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 70, "completion_tokens": 30, "total_tokens": 100},
            },
        )


def _handler(model: Model) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, told = model.answer(body, self.headers)
            sent = json.dumps(told).encode()
            try:
                self.send_response(status)
                for name, value in ({"Content-Type": "application/json"} | headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)
            except OSError:
                return

        def log_message(self, *_arguments: Any) -> None:
            """Be quiet."""

    return Handler


@contextmanager
def model(say: Say = turned, trouble: list[tuple[int, dict[str, str]]] | None = None) -> Iterator[Model]:
    """Run the service while the block does."""
    server = Model(say, trouble)
    try:
        yield server
    finally:
        server.hold.set()
        server.shutdown()
        server.server_close()
