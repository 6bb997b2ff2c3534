"""`flask new-type gift`: writes the one small file and the migration that a new content type begins with."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from string import Template

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app.kernel.db import db

ROOT = Path(__file__).resolve().parents[1]
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST = 40

_SENTENCE = Template('"""${Labels}: say here in one sentence what this domain is and is not."""\n')
_DECLARATION = Template('''\
"""${Labels}: the table, and what staff and the public see of it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Record
from app.resources import Field, Kind, On, Resource

SHOWN = On.FORM | On.API | On.PUBLIC | On.TRANSFER


class ${Model}(Record):
    """One ${label}."""

    __tablename__ = "${name}"

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    def __str__(self) -> str:
        return self.name


${plural} = Resource(
    ${Model},
    _l("${Labels}"),
    _l("${label}"),
    menu=_l("Catalog"),
    path="${plural}",
    public="${plural}",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", On.LIST | On.FILTER | On.SEARCH | On.TRANSLATE | SHOWN, _l("Name")),
        Field("slug", SHOWN, _l("Slug"), kind=Kind.SLUG, help=_l("The name in web addresses.")),
        Field("description", On.SEARCH | On.TRANSLATE | SHOWN, _l("Description")),
        Field("is_active", On.LIST | On.FILTER | On.FORM | On.API | On.TRANSFER, _l("Active")),
    ),
)

RESOURCES = (${plural},)
''')


@dataclass(frozen=True, slots=True)
class NewType:
    """The names of a content type: its table, and the plural that its folder and its addresses bear."""

    name: str
    plural: str

    @property
    def folder(self) -> Path:
        """Give the folder of its domain, from the top of the checkout."""
        return Path("app/domains") / self.plural

    @property
    def words(self) -> dict[str, str]:
        """Give what stands in the files."""
        label, labels = self.name.replace("_", " "), self.plural.replace("_", " ")
        return {
            "name": self.name,
            "plural": self.plural,
            "label": label,
            "Labels": labels[0].upper() + labels[1:],
            "Model": "".join(word.title() for word in self.name.split("_")),
        }


@click.command("new-type")
@click.argument("name")
@click.option("--plural", help="Where adding an s is wrong: `flask new-type story --plural stories`.")
@with_appcontext
def new_type(name: str, plural: str | None) -> None:
    """Begin a content type: write its declaration and the migration of its table."""
    chosen = NewType(name, plural or f"{name}s")
    _refuse_unfit(chosen)
    _refuse_stale_database()
    written = write_declaration(ROOT, chosen)
    list_in_catalogue(ROOT / "app" / "catalogue.py", chosen.plural)
    give_place(ROOT / "pyproject.toml", chosen.plural)
    written.append(write_migration(chosen))
    for path in written:
        click.echo(f"wrote   {path}")
    click.echo("changed app/catalogue.py, pyproject.toml")
    click.echo("Next: change the fields to what you need, then `flask db upgrade` and `flask sync`.")


def write_declaration(root: Path, chosen: NewType) -> list[Path]:
    """Write the domain's folder with the one file in it; give their paths."""
    folder = root / chosen.folder
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(_SENTENCE.substitute(chosen.words), encoding="utf-8")
    (folder / "resources.py").write_text(_DECLARATION.substitute(chosen.words), encoding="utf-8")
    return [chosen.folder / "__init__.py", chosen.folder / "resources.py"]


def list_in_catalogue(file: Path, plural: str) -> None:
    """Add the domain's line to the imports and its word to the list, which has the order of the menu."""
    text = file.read_text(encoding="utf-8")
    line = f"from app.domains.{plural} import resources as {plural}\n"
    imports = re.findall(r"^from app\.domains\..*\n", text, re.MULTILINE)
    after = max((known for known in imports if known < line), default=None)
    text = text.replace(after, after + line) if after else text.replace(imports[0], line + imports[0])
    text, count = re.subn(r"(?m)^(DECLARING = \([^)]*?),?\s*\)", rf"\1, {plural})", text)
    if count != 1:
        raise click.ClickException(f"{file.name} has no list DECLARING; add {plural} to it by hand.")
    file.write_text(text, encoding="utf-8")


def give_place(file: Path, plural: str) -> None:
    """Let the new domain stand beside the lowest ones, importing none and imported by none."""
    text = file.read_text(encoding="utf-8")
    lowest = r'(containers = \["app\.domains"\].*?layers = \[[^\]]*)"(,?\s*\])'
    inside = r'(containers = \["app\.domains\.[^\]]*")(,?\s*\])'
    text, placed = re.subn(lowest, rf'\1 | {plural}"\2', text, count=1, flags=re.DOTALL)
    text, ordered = re.subn(inside, rf'\1, "app.domains.{plural}"\2', text, count=1)
    if not (placed and ordered):
        raise click.ClickException(f"{file.name} has no layers of domains; give {plural} its place by hand.")
    file.write_text(text, encoding="utf-8")


def write_migration(chosen: NewType) -> Path:
    """Let Alembic write the migration of the new table; the database must be up to date."""
    import_module(".".join([*chosen.folder.parts, "resources"]))
    script = command.revision(_alembic(), f"add {chosen.words['label']}", autogenerate=True)
    path = Path(script.path)  # type: ignore[union-attr]  # one revision is asked for, so one is given
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "###" not in line), encoding="utf-8")
    if find_spec("ruff"):  # a development tool; without it the file works as well
        subprocess.run([sys.executable, "-m", "ruff", "format", "-q", path], check=False)  # noqa: S603
    return path.relative_to(ROOT)


def _alembic() -> Config:
    config: Config = current_app.extensions["migrate"].migrate.get_config(str(ROOT / "migrations"))
    return config


def _refuse_stale_database() -> None:
    """Refuse before anything is written: the migration is what the models have and the database has not."""
    try:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise click.ClickException("The database does not answer; start it, or set DATABASE_URL.") from error
    if at != ScriptDirectory.from_config(_alembic()).get_current_head():
        raise click.ClickException("The database is not up to date; run `flask db upgrade` first.")


def _refuse_unfit(chosen: NewType) -> None:
    for word in (chosen.name, chosen.plural):
        if not _NAME.fullmatch(word) or len(word) > _LONGEST or keyword.iskeyword(word):
            raise click.ClickException(
                f"{word} is no fit name: use small letters, digits and _, such as gift_card."
            )
    if chosen.name == chosen.plural:
        raise click.ClickException("The plural must differ from the name.")
    catalogue = current_app.extensions["catalogue"]
    tables = current_app.extensions["sqlalchemy"].metadata.tables
    if chosen.name in tables or any(chosen.plural in (known.path, known.public) for known in catalogue):
        raise click.ClickException(f"There is a {chosen.name} already.")
    if (ROOT / chosen.folder).exists():
        raise click.ClickException(f"There is a folder {chosen.folder} already.")
