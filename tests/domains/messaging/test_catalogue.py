"""The page about the chat names every event that there is, and its example runs in a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from app.kernel.settings import ROOT
from app.web.sockets import public, staff
from tests.domains.messaging.served import Desk, Served

PAGE = (ROOT / "docs" / "chat.md").read_text(encoding="utf-8")
CODE = "\n".join(
    file.read_text(encoding="utf-8")
    for folder in ("app/web/sockets", "app/domains/messaging")
    for file in Path(ROOT / folder).rglob("*.py")
)


def rows(heading: str) -> set[str]:
    """Give the names in the first column of a section's tables."""
    section = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


@pytest.mark.proves("S0.61")
def test_every_event_of_the_public_namespace_stands_on_the_page_and_no_other() -> None:
    told = set(re.findall(r'tell(?:_now)?\(\s*(?:news\.)?PUBLIC,\s*\w+,\s*"(\w+)"', CODE))
    told |= set(re.findall(r'client_told\(\s*conversation,\s*"(\w+)"', CODE)) | {"refused"}
    assert {"message", "typing", "read", "assigned", "closed", "reopened", "presence", "refused"} == told
    assert rows("The namespace `/public`") == told | public.EVENTS


@pytest.mark.proves("S0.61")
def test_every_event_of_the_staff_namespace_stands_on_the_page() -> None:
    section = PAGE.split("## The namespace `/staff`")[1].split("\n## ")[0]
    told = set(re.findall(r'tell(?:_now)?\(\s*(?:news\.)?STAFF,\s*[^,]+,\s*"(\w+)"', CODE))
    assert {"message", "conversation", "typing", "read", "page", "viewers"} <= told
    for name in told | staff.EVENTS | {"changed"}:
        assert f"`{name}" in section, name


@pytest.mark.browser
@pytest.mark.proves("S0.61", "S0.25")
def test_the_example_of_the_page_runs_in_a_browser_and_hears_staff(
    served: Served, operator: Desk, chromium: Any
) -> None:
    (example,) = re.findall(r"```js\n(.*?)```", PAGE, re.DOTALL)
    library = 'const { io } = await import("/static/vendor/socket.io/socket.io.min.js");'
    script = re.sub(r"^import .*$", library, example, count=1, flags=re.MULTILINE)
    context = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "log" else None)
    page.goto(f"{served.base}/public/v1/openapi.json")
    found = page.evaluate(f"async () => {{ {script}; return answer; }}")
    assert found["message"]["text"] == "Hello!"
    operator.answer(found["conversation"]["id"], "Good day <b>you</b>")
    for _ in range(100):
        if any("Good day" in line for line in said):
            break
        page.wait_for_timeout(50)
    context.close()
    assert said == ["client Hello!", "Booking operator Good day <b>you</b>"]
