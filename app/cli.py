"""The commands: `flask sync`, `translations`, `demo`, `places`, `admin`, `media`, `doctor`, `reindex` and more."""

from __future__ import annotations

import secrets
import sys
from contextlib import AbstractContextManager

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app.kernel.actor import Actor, acting_as
from app.kernel.clock import today
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError
from app.newtype import new_type

admin = AppGroup("admin", help="Make the first administrator, or change a password.")
media = AppGroup("media", help="Look after the files of pictures.")
translations = AppGroup("translations", help="Keep the interface's sentences and their files in line.")


def register_commands(app: Flask) -> None:
    """Add our commands to Flask's."""
    for command in (sync, demo, places, doctor, reindex, recount, new_type):
        app.cli.add_command(command)
    app.cli.add_command(admin)
    app.cli.add_command(media)
    app.cli.add_command(translations)


def acting(name: str) -> AbstractContextManager[Actor]:
    """Name the command in the history of what it changes."""
    return acting_as(Actor("command", name, f"flask {name}"))


@click.command()
@with_appcontext
def sync() -> None:
    """Bring permissions, roles and triggers in line with the declarations; nothing when nothing changed."""
    from app.access.sync import sync_permissions
    from app.surfaces.history.triggers import install_triggers
    from app.translation import memory

    with acting("sync"), unit_of_work() as session:
        catalogue = current_app.extensions["catalogue"]
        touched = install_triggers(session.connection(), catalogue)  # first: the history sees what follows
        changed = sync_permissions(current_app.extensions["appbuilder"], catalogue) or touched > 0
        memory.fill(session)
    click.echo("Permissions, roles and triggers are in line." if changed else "Nothing has changed.")
    if current_app.config.get("READ_CATALOGUES", True):
        _read_catalogues()


def _read_catalogues(*, force: bool = False) -> None:
    """Merge the catalogues of the interface into the database; says nothing where they are as they were."""
    from app.translation.interface.reading import read_files
    from app.translation.interface.searching import note_places

    with acting("translations sync"), unit_of_work() as session:
        done = read_files(session, force=force)
        if done is not None:
            note_places(session)
    if done is None:
        return
    click.echo(
        f"Catalogues read: {done.added} new sentences, {done.texts} texts taken, {done.removed} removed, "
        f"{done.suggested} kept as suggestions."
    )
    for sentence in done.unreadable:
        click.echo(f"Not read: {sentence}", err=True)


@translations.command("sync")
@with_appcontext
def sync_translations() -> None:
    """Merge the .po files into the database; neither side loses anything."""
    run_or_say(lambda: _read_catalogues(force=True))


@translations.command("write")
@with_appcontext
def write_translations() -> None:
    """Write the database's texts into the .po files, and compile them."""
    from app.translation.interface.writing import write_files

    def write() -> None:
        with unit_of_work() as session:
            done = write_files(session)
        for sentence in done.left:
            click.echo(f"Left as it is: {sentence}", err=True)
        click.echo("\n".join(done.files) or "Every file says this already.")

    with acting("translations write"):
        run_or_say(write)


@translations.command("gather")
@with_appcontext
def gather_translations() -> None:
    """Search the code for sentences: new ones are to be translated, gone ones are used no more."""
    from app.translation.interface.searching import gather_messages

    def gather() -> None:
        with unit_of_work() as session:
            done = gather_messages(session)
        click.echo(
            f"{done.found} sentences: {done.added} new, {done.back} back, {done.gone} used no more; "
            f"{done.offered} texts offered from similar ones."
        )

    with acting("translations gather"):
        run_or_say(gather)


@click.command()
@click.option("--scale", is_flag=True, help="Fill the large set for measuring: a million bookings.")
@click.option(
    "--factor", default=1.0, show_default=True, help="A part of the large set: 0.01 is a hundredth."
)
@with_appcontext
def demo(scale: bool, factor: float) -> None:
    """Load the demo: packages, themes, festivals, venues, reviews, bookings and members."""
    from app.demo.load import load_demo

    if scale:
        from app.demo.scale import fill

        fill(db.engine, factor)
        return
    with acting_as(Actor("command", "demo", "Demo data")):
        counts = load_demo(today())
    click.echo(str(counts))


@click.command()
@with_appcontext
def places() -> None:
    """Load the countries and cities that venues lie in; those that are there stay as they are."""
    from app.domains.venues.service import load_places

    with acting("places"), unit_of_work() as session:
        added = load_places(session)
    click.echo(
        f"Added: {added.countries:,} countries and {added.cities:,} cities, "
        f"{added.translations:,} names in other languages."
    )


@click.command()
@with_appcontext
def doctor() -> None:
    """Check the set-up and say what to mend."""
    from app.doctor import examine

    findings = examine(current_app)
    for finding in findings:
        click.echo(f"{'ok  ' if finding.ok else 'MEND'}  {finding.name}: {finding.sentence}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@click.command()
@with_appcontext
def reindex() -> None:
    """Make the search index anew from all rows."""
    from app.surfaces.search.indexing import reindex as index_all

    with acting("reindex"), unit_of_work() as session:
        index_all(session.connection(), current_app.extensions["catalogue"])
    click.echo("The search index is made anew.")


@click.command()
@with_appcontext
def recount() -> None:
    """Count the stars of packages and themes anew."""
    from app.domains.reviews.service import recount as count_stars

    with acting("recount"), unit_of_work() as session:
        count_stars(session)
    click.echo("The stars are counted.")


@admin.command("create")
@click.option("--username", default="admin", show_default=True)
@click.option("--email", default="admin@example.com", show_default=True)
@click.option("--password", envvar="FESTOON_ADMIN_PASSWORD", help="Left out, one is made and printed once.")
@with_appcontext
def create(username: str, email: str, password: str | None) -> None:
    """Make the first administrator, unless there is one."""
    from app.access.accounts import create_admin

    with acting("admin"):
        run_or_say(lambda: _create(create_admin, username, email, password))


def _create(create_admin: object, username: str, email: str, password: str | None) -> None:
    with unit_of_work():
        made = create_admin(password, username=username, email=email)  # type: ignore[operator]
    if made is None:
        click.echo("There is an administrator already; change the password with `flask admin password`.")
    elif password:
        click.echo(f"Administrator {username} is made, with the password you gave.")
    else:
        click.echo(f"Administrator {username} is made. Password, shown this once: {made}")


@admin.command("password")
@click.argument("username")
@click.option("--password", help="Left out, one is made and printed once.")
@with_appcontext
def change_password(username: str, password: str | None) -> None:
    """Give a staff user another password and end all their sessions."""
    from flask_appbuilder.security.sqla.models import User

    from app.access.accounts import set_password

    wanted = password or secrets.token_urlsafe(12)

    def change() -> None:
        with unit_of_work() as session:
            user = session.query(User).filter_by(username=username).one_or_none()
            if user is None:
                raise click.ClickException(f"There is no user {username}.")
            set_password(user, wanted)
        click.echo("The password is changed." if password else f"Password, shown this once: {wanted}")

    with acting("admin"):
        run_or_say(change)


@media.command("copy")
@click.option("--to", "target", required=True, type=click.Choice(["local", "s3"]), help="Where to.")
@with_appcontext
def copy_pictures(target: str) -> None:
    """Copy every file from the other kind of storage; then set FESTOON_STORAGE, and run it once more."""
    from app.media.moving import copy_files

    if current_app.config["BUCKET"] is None:
        raise click.ClickException("No bucket is named. Set S3_BUCKET and what opens it.")

    def copy() -> None:
        count = copy_files(current_app.config, target, lambda so_far: click.echo(f"{so_far} files..."))
        click.echo(f"{count} files are in {target}. Nothing was removed where they came from.")

    run_or_say(copy)


def run_or_say(change: object) -> None:
    """Run, and turn a refusal into a sentence and exit code 1."""
    try:
        change()  # type: ignore[operator]
    except DomainError as error:
        raise click.ClickException(str(error)) from error
