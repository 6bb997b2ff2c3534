"""Files from translators, each with its outcome: tried out at once, written at once or by a job."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from sqlalchemy import select

from app.kernel.actor import Actor, acting_as, current_actor
from app.kernel.db import db
from app.kernel.errors import DomainError, FileRefused, Gone
from app.kernel.jobs import job, kind, report
from app.surfaces.transfer.waiting import drop, look
from app.translation.files.importing import Outcome, count_entries, run_import
from app.translation.files.opening import open_file, unpacked

NAME = "translation_files"
"""Under which such files are kept between the trial and the import."""

JOB = "translation.import_files"
MOST_AT_ONCE = 512 * 2**10
"""Of bytes: what is larger is written by a job, for nobody waits for a page that long."""


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack what was uploaded, and what archives among it hold, so that it is kept as one file with its names.

    What cannot be unpacked is left out. Raises FileRefused where all of it is too much.
    """
    made = io.BytesIO()
    number = 0
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            with suppress(FileRefused):
                for inner, part in unpacked(name, content):
                    number += 1
                    archive.writestr(f"{number}/{inner.rpartition('/')[2].lstrip('.') or 'file'}", part)
    list(unpacked("files.zip", made.getvalue()))
    return made.getvalue()


def is_large(files: Iterable[tuple[str, bytes]]) -> bool:
    """Tell whether the import is for a job. Raises FileRefused."""
    return sum(len(part) for name, content in files for _name, part in unpacked(name, content)) > MOST_AT_ONCE


def read_all(
    files: Iterable[tuple[str, bytes]],
    user: Any,
    wanted: str = "",
    *,
    dry: bool,
    told: Callable[[int], None] = lambda _done: None,
) -> list[Outcome]:
    """Try files out, or import them; one that is refused does not keep the others back."""
    outcomes: list[Outcome] = []
    for name, content in files:
        try:
            for inner, part in unpacked(name, content):
                before = sum(outcome.total for outcome in outcomes)
                outcomes.append(_read(inner, part, user, wanted, dry=dry, told=_after(before, told)))
        except DomainError as refusal:
            outcomes.append(Outcome(name, refusal=refusal.message))
    return outcomes


def _after(before: int, told: Callable[[int], None]) -> Callable[[int], None]:
    return lambda done: told(before + done)


def _read(
    name: str, content: bytes, user: Any, wanted: str, *, dry: bool, told: Callable[[int], None]
) -> Outcome:
    """Read a file to its end before any of it is written: where it breaks, nothing was."""
    try:
        if not dry:
            count_entries(open_file(name, content, wanted))
        return run_import(open_file(name, content, wanted), user, dry=dry, told=told)
    except DomainError as refusal:
        return Outcome(name, refusal=refusal.message)


def import_later(token: str, user: Any, wanted: str, total: int, locale: str) -> str:
    """Ask for the import of a kept file; gives the job's number. Raises RedisError."""
    arguments = {"token": token, "user_id": user.id, "wanted": wanted, "total": total, "locale": locale}
    return str(kind(JOB).later(**arguments).id)


@job(JOB, seconds=1_800)
def import_files(token: str, user_id: int, wanted: str, total: int, locale: str) -> list[dict[str, Any]]:
    """Import a kept file with the rights that who asked for it has now; give the outcomes.

    One that is broken off may be tried again: what was written is found unchanged.
    """
    user = db.session.scalar(select(User).where(User.id == user_id, User.active.is_(True)))
    if user is None:  # whose account ended meanwhile: nobody asks for it any more
        with suppress(Gone):
            drop(token)
        return []
    content = look(token, user_id, NAME)
    asker = Actor("user", str(user_id), user.get_full_name(), current_actor().correlation_id)
    with force_locale(locale), acting_as(asker):
        outcomes = read_all(
            [("files.zip", content)], user, wanted, dry=False, told=lambda done: report(done, total)
        )
        facts = [outcome.facts() for outcome in outcomes]
    with suppress(Gone):
        drop(token)
    return facts
