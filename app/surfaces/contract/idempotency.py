"""One wish is granted once: a client that tries again with the same key gets the answer of the first try.

The key's row is written first in the transaction of the effect, and the answer is stored in it: either both
are there or neither. A refusal or a fault leaves no row, so the key is free for the next try.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import request
from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Index, LargeBinary, Text, delete, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from app.access.limits import visitor
from app.kernel import clock
from app.kernel.db import Instant, db, unit_of_work
from app.kernel.errors import Conflict, DomainError
from app.kernel.signing import sign

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(hours=24)
_KEY = re.compile(r"[!-~]{1,255}")
_ALONE = 22
"""A key so long names a visitor by itself: 128 bits of chance in base 64."""


class BadIdempotencyKey(DomainError):
    """The key is empty, too long, or holds other than visible ASCII."""

    status, code = 400, "bad_idempotency_key"


class KeyReused(DomainError):
    """The key was used with another body."""

    status, code = 422, "idempotency_key_reused"


class InFlight(Conflict):
    """A try with this key is being carried out."""

    code = "in_flight"
    retry_after = 1


REFUSALS = (BadIdempotencyKey, KeyReused, InFlight)


class IdempotentAnswer(Model):
    """What was answered to a key; without a status while the first try is carried out."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (Index("ix_idempotent_answer_created_at", "created_at"),)

    caller: Mapped[str] = mapped_column(Text, primary_key=True)
    route: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))


class Stored(NamedTuple):
    """An answer as it is kept."""

    status: int
    headers: Mapping[str, str]
    body: bytes


# Whoever comes second waits at the unique key until the first is done, three seconds at most.
_CLAIM = text("""
    INSERT INTO idempotent_answer (caller, route, key, fingerprint, created_at)
    SELECT :caller, :route, :key, :fingerprint, :now WHERE set_config('lock_timeout', '3s', true) IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING true
""")
_FIND = text("""
    SELECT fingerprint, status, headers, body, created_at FROM idempotent_answer
    WHERE caller = :caller AND route = :route AND key = :key
""")
_FORGET = text("""
    DELETE FROM idempotent_answer
    WHERE caller = :caller AND route = :route AND key = :key AND created_at = :created_at
""")
_STORE = text("""
    UPDATE idempotent_answer SET status = :status, headers = CAST(:headers AS jsonb), body = :body
    WHERE caller = :caller AND route = :route AND key = :key
""")


def once(member: Any, do: Callable[[], Stored]) -> tuple[Stored, bool]:
    """Do it unless it was done for the request's key; gives the answer, and whether it is one of before.

    `member` holds the request's token, None for a visitor. Raises BadIdempotencyKey, KeyReused, InFlight.
    """
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey(_l("An Idempotency-Key is 1 to 255 visible ASCII characters."))
    names = {"caller": _caller(member, key), "route": f"{request.method} {request.path}", "key": key}
    print_ = fingerprint()
    with unit_of_work() as session:
        stored = _claim(session.connection(), names, print_)
        if stored is not None:
            return stored, True
        stored = do()
        facts = {"status": stored.status, "headers": json.dumps(dict(stored.headers)), "body": stored.body}
        session.connection().execute(_STORE, names | facts)
    return stored, False


def fingerprint() -> bytes:
    """Give the SHA-256 of what was sent: JSON in one order, a form's fields and the contents of its files."""
    if request.mimetype == "multipart/form-data":
        files = [(name, _digest(file)) for name, file in sorted(request.files.items(multi=True), key=str)]
        sent: Any = [sorted(request.form.items(multi=True)), sorted(files)]
    else:
        sent = request.get_json(silent=True)
    canonical = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).digest()


def forget_old() -> int:
    """Remove the answers that are kept no longer; gives how many."""
    old = delete(IdempotentAnswer).where(IdempotentAnswer.created_at < clock.now() - KEPT)
    return int(getattr(db.session.execute(old), "rowcount", 0))


def _claim(connection: Connection, names: Mapping[str, str], print_: bytes) -> Stored | None:
    """Write the key's row, then None; or find the answer that it has."""
    for _try in range(3):
        now = clock.now()
        try:
            is_mine = connection.execute(_CLAIM, {**names, "fingerprint": print_, "now": now}).scalar()
        except OperationalError as error:
            if isinstance(error.orig, LockNotAvailable):
                raise InFlight(_l("The same request is being carried out; ask again in a second.")) from error
            raise
        if is_mine:
            return None
        row = connection.execute(_FIND, names).one_or_none()
        if row is not None and row.created_at < now - KEPT:
            connection.execute(_FORGET, {**names, "created_at": row.created_at})
        elif row is not None:
            return _known(row, print_)
    raise InFlight(_l("The same request is being carried out; ask again in a second."))


def _known(row: Any, print_: bytes) -> Stored:
    if bytes(row.fingerprint) != print_:
        raise KeyReused(_l("This Idempotency-Key was used for another request; make a new one."))
    return Stored(row.status, row.headers, bytes(row.body))


def _caller(member: Any, key: str) -> str:
    """Name whose key it is. A visitor's long key is theirs from whatever network, a short one by their address."""
    if member is not None:
        return f"member:{member.id}"
    return "visitor" if len(key) >= _ALONE else f"visitor:{sign('idempotency', visitor().encode()).hex()}"


def _digest(file: Any) -> str:
    found = hashlib.file_digest(file.stream, "sha256").hexdigest()
    file.stream.seek(0)
    return found
