"""Who may import whom: the contracts of pyproject.toml hold, and would tell if they did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECK = "from importlinter.cli import lint_imports_command as check; check()"
DOMAINS = sorted(
    path.name for path in (ROOT / "app" / "domains").iterdir() if (path / "__init__.py").exists()
)
PLANTED = {
    "app/kernel/ids.py": "import app.web.health",
    "app/domains/catalog/service.py": "import app.domains.bookings.errors",
    "app/domains/bookings/errors.py": "import app.domains.bookings.service",
    "app/domains/reviews/service.py": "import flask\nimport app.domains.catalog.models",
    "app/up/probe.py": "import app.kernel.db",
    "app/domains/newcomers/__init__.py": "",
}
"""One offence against each kind of contract, and a folder that nobody has given its place."""


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return list(settings["tool"]["importlinter"]["contracts"])


def check_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHECK, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept() -> None:
    checked = check_imports(ROOT)
    assert checked.returncode == 0, checked.stdout[-3000:]


def test_offences_are_found(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("static", "templates", "*.pyc")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, lines in PLANTED.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with (tmp_path / name).open("a") as file:
            file.write(f"\n{lines}\n")
    told = check_imports(tmp_path).stdout
    broken = {line.removesuffix(" BROKEN") for line in told.splitlines() if line.endswith(" BROKEN")}
    assert broken >= {
        "The floors of the house",
        "Domains use those below them",
        "Inside a domain",
        "The business knows nothing of the web",
        "The start is light",
        "The tables of catalog are its own",
    }, told
    assert "newcomers" in told


def test_every_domain_has_its_rooms_checked_and_its_tables_guarded() -> None:
    rooms = next(contract for contract in contracts() if contract["name"] == "Inside a domain")
    assert rooms["containers"] == [f"app.domains.{name}" for name in DOMAINS]
    guarded = [contract["protected_modules"] for contract in contracts() if contract["type"] == "protected"]
    domains = ROOT / "app" / "domains"
    with_tables = [name for name in DOMAINS if [*(domains / name).glob("models*")]]
    assert guarded == [[f"app.domains.{name}.models"] for name in with_tables]
