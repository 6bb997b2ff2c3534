"""One of the small programs, by its name; the steps of a start write their names into the file STEPS."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg

TABLES = """
CREATE TABLE IF NOT EXISTS alembic_version (version_num text PRIMARY KEY);
INSERT INTO alembic_version VALUES ('one') ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS sync_state (name text PRIMARY KEY, fingerprint text, at timestamptz);
"""


class Ready(BaseHTTPRequestHandler):
    """Answers every question with 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["SECRET_KEY"].encode() if self.path == "/secret" else b"ready")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def step(name: str) -> None:
    """Do what a step of a start does, as far as the supervisor sees it."""
    with Path(os.environ["STEPS"]).open("a") as file:
        file.write(f"{name}\n")
    if name == "upgrade":
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(TABLES)
    if name == "admin":
        given = os.environ.get("FESTOON_ADMIN_PASSWORD")
        print("With the password you gave." if given else "Password, shown this once: made-up-password")


def main(what: str, *more: str) -> None:
    """Be the program."""
    if what == "web":
        print("web is up")
        HTTPServer(("127.0.0.1", int(more[0])), Ready).serve_forever()
    elif what == "broken":
        print("the reason why web is broken")
        print("[2026-01-01 10:00:00 +0000] [7] [ERROR] Reason: Worker failed to boot.")
        sys.exit(1)
    elif what in ("worker", "clock"):
        print(f"{what} is up", flush=True)
        grandchild = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
        )
        print(f"{what} has a child {grandchild.pid}", flush=True)
        time.sleep(600)
    elif what == "talker":
        for number in range(20_000):
            print(f"{number} words that nobody reads", flush=True)
        Path(os.environ["FESTOON_DATA_DIR"], "talked").touch()
        time.sleep(600)
    else:
        step(what)


main(*sys.argv[1:])
