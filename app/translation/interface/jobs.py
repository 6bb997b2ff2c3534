"""What is done with the interface's files, as a job: whoever asked for it watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as, current_actor
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError
from app.kernel.jobs import job, kind
from app.translation.interface.reading import read_files
from app.translation.interface.searching import gather_messages
from app.translation.interface.writing import write_files

JOB = "interface.files"


def _read(session: Session) -> str:
    done = read_files(session)
    if done is None:
        return _("The files are as they were.")
    return ngettext(
        "%(num)d text was taken from the files.", "%(num)d texts were taken from the files.", done.texts
    )


def _write(session: Session) -> str:
    done = write_files(session)
    return ngettext("%(num)d file was written.", "%(num)d files were written.", len(done.files))


def _gather(session: Session) -> str:
    done = gather_messages(session)
    return ngettext("%(num)d new sentence was found.", "%(num)d new sentences were found.", done.added)


DEEDS: Mapping[str, Callable[[Session], str]] = {"read": _read, "write": _write, "gather": _gather}


def do(deed: str) -> str:
    """Do one of the deeds here and now; gives what it came to, in words. Raises DomainError."""
    with unit_of_work() as session:
        return DEEDS[deed](session)


def do_later(deed: str, user_id: int, locale: str) -> str:
    """Ask for a deed; gives the job's number. Raises RedisError."""
    return str(kind(JOB).later(deed=deed, user_id=user_id, locale=locale).id)


@job(JOB, seconds=600)
def keep_files(deed: str, user_id: int, locale: str) -> dict[str, Any]:
    """Do a deed for somebody, in their language: {"said": what it came to, "is_refused": bool}."""
    user = db.session.get(User, user_id)
    name = user.get_full_name() if user is not None else ""
    asker = Actor("user", str(user_id), name, current_actor().correlation_id)
    with force_locale(locale), acting_as(asker):
        try:
            return {"said": do(deed), "is_refused": False}
        except DomainError as refusal:
            return {"said": str(refusal.message), "is_refused": True}
