"""The README, followed to the letter in a fresh clone: nothing but Python and make is there beforehand."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600
"""Seconds for the packages to come and the demo's pictures to be drawn."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="festoon fresh "))
    made.chmod(0o711)  # under root PostgreSQL runs as another user, who must get through
    yield made
    shutil.rmtree(made, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def first_command() -> str:
    """Read what the README tells a newcomer to type."""
    start = (ROOT / "README.md").read_text("utf-8").split("## Start")[1]
    block = re.search(r"```sh\n(.*?)```", start, re.DOTALL)
    assert block is not None
    return block[1].strip()


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "it ended before it was ready"
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(1)
    pytest.fail("it was not ready in time")


@pytest.mark.proves("S0.1", "S0.63")
def test_a_newcomer_types_what_the_readme_says_and_has_the_product(folder: Path) -> None:
    clone = folder / "a clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    port = free_port()
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PIP_CONFIG_FILE") if name in os.environ
    }
    kept |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    env = kept | {"PORT": str(port), "FESTOON_DATA_DIR": str(folder / "data")}
    log = (folder / "log").open("w+")
    process = subprocess.Popen(
        first_command(), shell=True, cwd=clone, env=env, stdout=log, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/health/ready", process)
        with urlopen(f"{base}/public/v1/packages?lang=hi") as answer:
            assert json.load(answer)["page"]["total"] >= 14  # one of the fifteen is not offered
        with urlopen(f"{base}/sample/") as answer:
            assert "Festoon" in answer.read().decode()
        with urlopen(f"{base}/login/") as answer:
            assert answer.status == 200
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)  # Ctrl-C
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    log.seek(0)
    said = log.read()
    log.close()
    assert "Traceback" not in said
    assert re.search(r"password", said, re.IGNORECASE), "the administrator's password was not told"
    with pytest.raises(URLError):
        urlopen(f"{base}/health/live", timeout=2)
