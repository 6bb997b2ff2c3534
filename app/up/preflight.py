"""What is looked at before anything is started: folder, disk, port and the addresses that were given."""

from __future__ import annotations

import contextlib
import errno
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from app.kernel.embedded.server import make_passable, worded
from app.kernel.settings import Settings
from app.up.refusals import Refusal

NEEDED_MEGABYTES = 200
OLDEST_POSTGRES = 15
_SECONDS = 5


def prepare_folder(folder: Path) -> None:
    """Make the data folder and see that it can be written and has room. Raises Refusal."""
    try:
        make_passable(folder)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".try-") as file:
            file.write(b"festoon")
            file.flush()
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as error:
        raise Refusal(worded(error, folder)) from error
    if free < NEEDED_MEGABYTES:
        raise Refusal(
            f"The disk that holds {folder} has {free} MB left, and Festoon needs {NEEDED_MEGABYTES} MB. "
            "Free some space, or set FESTOON_DATA_DIR to another disk."
        )


def require_port(settings: Settings) -> None:
    """See that the port can be listened on. Raises Refusal."""
    host, port = settings.host, settings.port
    try:
        family, kind, number, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, number) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror as error:
        raise Refusal(
            f"HOST is {host}, which is no address of this machine. Set it to 127.0.0.1 or 0.0.0.0."
        ) from error
    except OSError as error:
        raise Refusal(_port_sentence(error, host, port)) from error


def _port_sentence(error: OSError, host: str, port: int) -> str:
    other = f"PORT={port + 1 if port < 65_535 else 8080} make run"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Stop that one, or choose another port: {other}"
    if error.errno == errno.EACCES:
        return f"Port {port} may be used by root alone. Choose one above 1023: PORT=8080 make run"
    if error.errno == errno.EADDRNOTAVAIL:
        return _foreign(host)
    return f"{host} port {port} cannot be listened on ({error.strerror}). Set HOST and PORT to others."


def _foreign(host: str) -> str:
    return f"HOST is {host}, which is no address of this machine. Set it to 127.0.0.1 or 0.0.0.0."


def require_database(url: str) -> None:
    """See that PostgreSQL answers at DATABASE_URL and is new enough. Raises Refusal."""
    import psycopg  # here: it is not needed for a refusal before this one

    try:
        with psycopg.connect(plain_url(url), connect_timeout=_SECONDS) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise Refusal(
            f"DATABASE_URL: PostgreSQL does not let us in at {without_password(url)} "
            f"({_reason(str(error))}). "
            "See that it runs there and that user, password and database are right; or leave it empty."
        ) from error
    if version < OLDEST_POSTGRES:
        raise Refusal(
            f"DATABASE_URL: that is PostgreSQL {version}; Festoon needs {OLDEST_POSTGRES} or newer."
        )


def _reason(told: str) -> str:
    """Find the heart of what PostgreSQL's library says over several lines."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    heart = next((line for line in lines if "failed: " in line), lines[0] if lines else "it does not say why")
    return heart.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")


def require_valkey(url: str) -> None:
    """See that Valkey or Redis answers at REDIS_URL. Raises Refusal."""
    import redis

    address = f"redis://{url.removeprefix('valkey://')}" if url.startswith("valkey://") else url
    try:
        with contextlib.closing(
            redis.Redis.from_url(address, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise Refusal(
            f"REDIS_URL: no Valkey or Redis answers at {without_password(url)} ({str(error).rstrip('.')}). "
            "See that it runs there and that the password is right; or leave it empty."
        ) from error


def plain_url(url: str) -> str:
    """Write a database address as PostgreSQL's own library reads it, without a driver's name."""
    return f"postgresql://{url.partition('://')[2]}"


def without_password(url: str) -> str:
    """Write an address for others to see."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        user = f"{parts.username}@" if parts.username else ""
        return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"
    return "the address given"
