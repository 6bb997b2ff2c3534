"""The command that begins a content type, really run: in a copy of the checkout, on a database of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import make_database

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("app", "migrations", "tests", "translations", "config.py", "wsgi.py", "pyproject.toml")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the program is made of."""
    folder = tmp_path_factory.mktemp("a copy")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def run(copy: Path, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a runner of Python in the copy, on its own database; a failure shows what was said."""
    surroundings = os.environ | {
        "DATABASE_URL": make_database(f"festoon_newtype_{worker_id}").replace("+psycopg", ""),
        "REDIS_URL": "",
        "FESTOON_ENV": "development",
        "FESTOON_UPLOAD_DIR": str(tmp_path_factory.mktemp("uploads")),
        "FESTOON_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "SECRET_KEY": "k" * 48,
        "FLASK_APP": "wsgi",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run_in_copy(*arguments: str, fails: bool = False) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=copy,
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert (done.returncode != 0) is fails, (
            f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done

    return run_in_copy


@dataclass(frozen=True)
class Begun:
    """What the command said, and the files that it wrote."""

    refused: str
    told: str
    written: list[str]


@pytest.fixture(scope="module")
def gift(copy: Path, run: Run) -> Begun:
    """Begin a content type; once without a database that is up to date, then as the guide says."""
    before = set(copy.rglob("*.py"))
    refused = run("-m", "flask", "new-type", "gift", fails=True).stderr
    run("-m", "flask", "db", "upgrade")
    told = run("-m", "flask", "new-type", "gift").stdout
    written = sorted(str(file.relative_to(copy)) for file in set(copy.rglob("*.py")) - before)
    run("-m", "flask", "db", "upgrade")
    return Begun(refused, told, written)


@pytest.mark.timeout(600)
def test_a_new_content_type_has_every_surface_after_one_command(gift: Begun, run: Run) -> None:
    assert "run `flask db upgrade` first" in gift.refused
    assert [name for name in gift.written if not name.startswith("migrations/")] == [
        "app/domains/gifts/__init__.py",
        "app/domains/gifts/resources.py",
    ]
    assert len(gift.written) == 3
    assert all(name in gift.told for name in gift.written)
    run("-m", "flask", "db", "check")
    run("-m", "flask", "sync")
    run("-m", "tests.rules.new_type_story")


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("gift")
def test_the_migration_goes_down_and_up_again(run: Run) -> None:
    run("-m", "flask", "db", "downgrade")
    run("-m", "flask", "db", "upgrade")
    run("-m", "flask", "db", "check")


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("gift")
def test_the_new_domain_has_its_place_among_the_imports(copy: Path, run: Run) -> None:
    check = "from importlinter.cli import lint_imports_command as check; check()"
    run("-c", check, "--no-cache")

    (copy / "app/domains/gifts/service.py").write_text(
        '"""A verb that reaches too high."""\n\nimport app.web.pages\n'
    )
    assert "BROKEN" in run("-c", check, "--no-cache", fails=True).stdout
    (copy / "app/domains/gifts/service.py").unlink()


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("gift")
def test_the_files_it_writes_pass_the_house_lint(run: Run) -> None:
    run("-m", "ruff", "check", "app/domains/gifts", "app/catalogue.py")
    run("-m", "ruff", "format", "--check", "app/domains/gifts")


UNFIT = {
    "gift": "already",
    "package": "already",
    "Gift Card": "no fit name",
    "../evil": "no fit name",
    "class": "no fit name",
    "sheep --plural sheep": "must differ",
    "gem --plural packages": "already",
}
INVOKE = """
import json, sys
from app import create_app
runner = create_app().test_cli_runner()
asked = {name: name.split() if " --" in name else [name] for name in json.loads(sys.argv[1])}
done = {name: runner.invoke(args=["new-type", *words]) for name, words in asked.items()}
print("\\n" + json.dumps({name: [one.exit_code, one.output] for name, one in done.items()}))
"""


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("gift")
def test_an_unfit_name_is_refused_with_a_sentence_and_nothing_is_written(copy: Path, run: Run) -> None:
    before = {file: file.read_bytes() for file in (copy / "app").rglob("*.py")}

    answers = json.loads(run("-c", INVOKE, json.dumps(list(UNFIT))).stdout.splitlines()[-1])

    for name, sentence in UNFIT.items():
        code, output = answers[name]
        assert code == 1, name
        assert sentence in output, name
    assert {file: file.read_bytes() for file in (copy / "app").rglob("*.py")} == before
