"""Where the bench keeps its things, and the environment in which the FastAPI peer runs."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "bench"
VENV = ROOT / "var" / "bench-venv"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def peer_python() -> Path:
    """Give the interpreter of the FastAPI peer; its environment is made first where it is missing or old."""
    python = VENV / "bin" / "python"
    mark = VENV / ".made-from"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest() + sys.version
    if python.exists() and mark.exists() and mark.read_text() == wanted:
        return python
    venv.create(VENV, clear=True, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(REQUIREMENTS)]
    subprocess.run(install, check=True)
    mark.write_text(wanted)
    return python
