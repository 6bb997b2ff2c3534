"""Files that were tried out and wait to be imported: the same bytes, by the same user, within an hour."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from app.kernel import clock
from app.kernel.errors import Gone

SECONDS = 3_600
FOLDER = ".imports"
"""Inside the upload folder, which every web process shares; nothing serves it."""


def keep(content: bytes, user_id: Any, resource: str) -> str:
    """Keep a file; returns the token that gives it back to this user, for this content type."""
    folder = _folder()
    _sweep(folder)
    name = secrets.token_hex(16)
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    facts = [name, str(user_id), resource, hashlib.sha256(content).hexdigest()]
    return str(_serializer().dumps(facts))


def take(token: str, user_id: Any, resource: str) -> bytes:
    """Give a kept file back, once; raises Gone when it is another's, too old, or taken already."""
    content = look(token, user_id, resource)
    drop(token)
    return content


def look(token: str, user_id: Any, resource: str) -> bytes:
    """Give a kept file and keep it: for a job that may have to begin anew. Raises Gone."""
    try:
        name, owner, wanted, digest = _serializer().loads(token, max_age=SECONDS)
        path = _folder() / name
        content = path.read_bytes() if (owner, wanted) == (str(user_id), resource) else b""
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(name)
    except (BadData, OSError, ValueError) as error:
        raise Gone(_("The file that you tried out is not there any more; choose it again.")) from error
    return content


def drop(token: str) -> None:
    """Remove a kept file. Raises Gone where another was quicker: nobody imports it twice."""
    try:
        (_folder() / _serializer().loads(token)[0]).unlink()
    except (BadData, OSError) as error:
        raise Gone(_("The file that you tried out is not there any more; choose it again.")) from error


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="festoon.import")


def _folder() -> Path:
    folder = Path(current_app.config["UPLOAD_FOLDER"]) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    """Remove what nobody came back for."""
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < clock.now().timestamp() - SECONDS:
                path.unlink()
        except OSError:
            continue
