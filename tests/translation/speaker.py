"""A web process of its own: for every line it reads it tells what the page of the sign-in is called in German."""

from __future__ import annotations

import re
import sys


def main() -> None:
    """Serve until the input ends."""
    from app import create_app

    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": sys.argv[1], "REDIS_URL": "", "SECRET_KEY": "k" * 48, "SERVER_NAME": None}
    )
    browser = app.test_client()
    for _line in sys.stdin:
        page = browser.get("/login/", headers={"Accept-Language": "de", "Host": "localhost"})
        found = re.search(r"<title>(.*?) ·", page.get_data(as_text=True))
        sys.stdout.write(f"said: {found[1] if found else page.status}\n")
        sys.stdout.flush()


main()
