"""The Admin watches the jobs: a real worker, a real Valkey, a real browser."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.kernel import jobs, queues
from tests.axe import EVERY, faults
from tests.kernel.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
Live = tuple[str, Flask]
Enter = Callable[..., Any]


@pytest.fixture
def stage(live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Give the served program a Valkey, and a worker that waits for the file GO."""
    import tests.kernel.stand_ins.striking  # noqa: F401  # its jobs are put in by their names

    app = live[1]
    monkeypatch.setitem(app.config, "REDIS_URL", "")
    folder = Path(tempfile.mkdtemp(prefix="festoon-test-"))
    with app.app_context():
        made = Stage(folder, app)
        made.start("worker", GO=str(folder / "go"))
        made.start("clock")
        clients = (jobs.connection(), queues.reader())
        try:
            yield made
        finally:
            for client in clients:
                client.connection_pool.disconnect()
            made.close()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.proves("S0.43", "S2.93")
def test_the_admin_sees_a_job_run_and_another_fail_and_tries_it_again(
    live: Live, stage: Stage, enter: Enter
) -> None:
    page = enter("Admin")
    page.set_default_timeout(60_000)
    page.goto("/jobs/")
    page.get_by_text("Waits for work").wait_for()  # without a reload
    page.evaluate("window.isTheSamePage = true")
    jobs.kind("test.fill").later(total=40)
    page.get_by_text("20 of 40").wait_for()
    assert page.locator("progress").first.get_attribute("value") == "20"
    jobs.kind("test.spill").later(token="abc123")
    some = re.compile(r"^[1-9]\d*$")  # the clock puts its own jobs in at each full minute
    page.get_by_role("link", name="Waiting").get_by_text(some).wait_for()
    (stage.folder / "go").touch()
    page.get_by_text("Nothing runs at the moment.").wait_for()
    assert page.evaluate("window.isTheSamePage")
    (stage.folder / "go").unlink()
    jobs.kind("test.spill").later(token="abc123")
    page.get_by_role("link", name="Failed").get_by_text("1").wait_for()
    page.get_by_role("link", name="Failed").click()
    page.get_by_text("Cause").click()
    assert "ValueError: spilled token=[hidden]" in page.locator("pre").inner_text()
    (stage.folder / "go").touch()
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("1 is tried again.").wait_for()
    page.get_by_text("No job failed.").wait_for()
    page.goto("/jobs/?view=timed")
    row = page.locator("li", has_text="access.forget_ended_sessions")
    row.get_by_role("button", name="Run now").click()
    page.locator("li", has_text="access.forget_ended_sessions").get_by_text("Done").wait_for()


@pytest.mark.parametrize(("width", "dark", "locale"), [(1440, False, "en"), (390, True, "ar")])
def test_the_screen_has_no_fault_of_accessibility_and_fits(
    live: Live, stage: Stage, enter: Enter, width: int, dark: bool, locale: str
) -> None:
    jobs.kind("test.spill").later(token="abc123")
    page = enter("Admin", width=width, dark=dark, locale=locale)
    page.set_default_timeout(60_000)
    page.goto("/jobs/?view=failed")
    page.locator(".j-cause").wait_for()
    page.locator(".j-cause summary").click()
    for view in ("failed", "overview", "waiting", "timed", "deliveries"):
        if view != "failed":
            page.goto(f"/jobs/?view={view}")
        assert faults(page, EVERY) == [], view
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), view
