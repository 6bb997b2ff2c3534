"""`flask doctor`: looks at a set-up, part by part, and says what to mend."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask
from redis import Redis, RedisError
from rq.cron import CronScheduler
from sqlalchemy.exc import SQLAlchemyError

from app.access.accounts import demo_admins, has_admin
from app.kernel.jobs import JobWorker, connection
from app.kernel.locales import SHIPPED
from app.kernel.settings import ROOT, Settings
from app.mail.checks import describe, find_fault
from app.mail.settings import MailSettings
from app.up.preflight import NEEDED_MEGABYTES, require_port
from app.up.probe import is_ready
from app.up.refusals import Refusal
from app.web.checks import Check, facts_of, look

CATALOGUES = ROOT / "translations"
_WELL = {
    "database": "PostgreSQL answers.",
    "migrations": "The tables are up to date.",
    "valkey": "Valkey answers.",
    "storage": "Pictures can be kept.",
    "scanner": "The virus scanner answers.",
}
_ILL = {
    "database": "PostgreSQL does not answer ({reason}). Start `make run`, or mend DATABASE_URL.",
    "migrations": "The tables stand at {at}, the program at {head}. Run `make upgrade`.",
    "valkey": "Valkey does not answer ({reason}). Start `make run`, or mend REDIS_URL.",
    "storage": "Pictures cannot be kept ({reason}). Mend {setting}.",
    "scanner": "The virus scanner does not answer: uploads wait and are not shown. Start clamd, or mend CLAMD_URL.",
}
_OFF = {
    "valkey": "None is named; limits are counted in each process, and jobs do not run. Set REDIS_URL.",
    "scanner": "None is named; uploads are not scanned for malware. Set CLAMD_URL where strangers may upload.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one part; `sentence` says what to do where it is not `ok`."""

    name: str
    ok: bool
    sentence: str


def examine(app: Flask) -> list[Finding]:
    """Look at every part; call it in an application context."""
    settings: Settings = app.config["SETTINGS"]
    checks = look(facts_of(app.config), _WELL)
    findings = [Finding(name, check.is_well, _told(name, check, settings)) for name, check in checks.items()]
    findings += _settings(settings)
    findings += [_folder(settings.data_folder), _room(settings), _port(settings), _catalogues()]
    findings.append(_mail(app.config["MAIL"]))
    if checks["database"].is_well and checks["migrations"].is_well:
        findings.append(_administrator(settings))
    if app.config["REDIS_URL"] and checks["valkey"].is_well:
        findings += _processes(connection())
    return findings


def _told(name: str, check: Check, settings: Settings) -> str:
    if check.state == "off":
        return _OFF[name]
    if check.is_well:
        return _WELL[name]
    keeps = (
        "the bucket's S3_ settings" if settings.storage == "s3" else "FESTOON_UPLOAD_DIR or its permissions"
    )
    facts = {"reason": check.state, "at": "none", "head": "none", "setting": keeps}
    return _ILL[name].format_map(facts | check.figures)


def _settings(settings: Settings) -> Iterator[Finding]:
    """Judge what goes badly together; each by itself was checked before the start."""
    outside = settings.host not in ("127.0.0.1", "::1", "localhost")
    if not settings.is_production:
        yield Finding(
            "settings",
            not outside,
            f"Others can reach HOST {settings.host} in development mode. Set FESTOON_ENV=production."
            if outside
            else "Development mode, for this machine alone.",
        )
        return
    has_name = settings.public_url.startswith("https://")
    yield Finding(
        "settings",
        has_name,
        "Production mode."
        if has_name
        else "Set FESTOON_PUBLIC_URL to the https:// address that people open.",
    )


def _folder(folder: Path) -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".try-"):
            return Finding("data folder", ok=True, sentence=f"{folder} can be written.")
    except FileNotFoundError:
        return Finding("data folder", ok=True, sentence=f"{folder} is made when an own server is started.")
    except OSError as error:
        why = error.strerror or str(error)
        return Finding(
            "data folder", ok=False, sentence=f"{folder} cannot be written ({why}). Mend FESTOON_DATA_DIR."
        )


def _room(settings: Settings) -> Finding:
    place = next(path for path in (settings.data_folder, *settings.data_folder.parents) if path.exists())
    free = shutil.disk_usage(place).free // 2**20
    enough = free >= NEEDED_MEGABYTES
    return Finding(
        "disk", enough, f"{free} MB are free." + ("" if enough else f" {NEEDED_MEGABYTES} MB are needed.")
    )


def _port(settings: Settings) -> Finding:
    try:
        require_port(settings)
    except Refusal as error:
        if is_ready(settings.host, settings.port)[0]:
            return Finding("port", ok=True, sentence=f"Festoon answers on port {settings.port}.")
        return Finding("port", ok=False, sentence=str(error))
    return Finding("port", ok=True, sentence=f"Port {settings.port} is free.")


def _mail(settings: MailSettings) -> Finding:
    fault = find_fault(settings)
    return Finding("mail", not fault, fault or describe(settings))


def _catalogues() -> Finding:
    folders = {locale: CATALOGUES / locale / "LC_MESSAGES" for locale in SHIPPED}
    folders |= {path.name: path / "LC_MESSAGES" for path in sorted(CATALOGUES.iterdir()) if path.is_dir()}
    old = [locale for locale, folder in folders.items() if not is_compiled(folder)]
    return Finding(
        "languages",
        not old,
        f"The catalogue of {', '.join(old)} is not compiled. Run `make messages`."
        if old
        else "All are compiled.",
    )


def is_compiled(folder: Path) -> bool:
    """Tell whether the compiled catalogues say what their sources say; that of Flask-AppBuilder may be missing."""
    overrides = folder / "flask_appbuilder.po"
    return _is_compiled(folder / "messages.po") and (not overrides.exists() or _is_compiled(overrides))


def _is_compiled(path: Path) -> bool:
    wanted = BytesIO()
    try:
        with path.open("rb") as source, path.with_suffix(".mo").open("rb") as compiled:
            write_mo(wanted, read_po(source))
            wanted.seek(0)
            return _sentences(read_mo(wanted)) == _sentences(read_mo(compiled))
    except (OSError, ValueError):
        return False


def _sentences(catalogue: Catalog) -> list[tuple[object, ...]]:
    """Give what a catalogue translates. Tools differ in the header, and in what they do with the untranslated."""
    told = ((entry.id, entry.context, entry.string) for entry in catalogue if entry.id)
    return [sentence for sentence in told if sentence[0] != sentence[2]]


def _administrator(settings: Settings) -> Finding:
    try:
        weak = demo_admins()
        there = has_admin()
    except SQLAlchemyError as error:
        return Finding("administrator", ok=False, sentence=f"Users cannot be read ({type(error).__name__}).")
    if not there:
        return Finding("administrator", ok=False, sentence="There is none. Run `flask admin create`.")
    if weak:
        advice = f"The password of {', '.join(weak)} is an example's. Run `flask admin password {weak[0]}`."
        return Finding("administrator", not settings.is_production, advice)
    return Finding("administrator", ok=True, sentence="There is one, with a password of their own.")


def _processes(via: Redis) -> Iterator[Finding]:
    for name, count, command in (
        ("worker", lambda: JobWorker.count(connection=via), "app.worker"),
        ("clock", lambda: len(CronScheduler.all(via)), "app.clock"),
    ):
        yield _process(name, count, command)


def _process(name: str, count: Callable[[], int], command: str) -> Finding:
    try:
        running = count()
    except RedisError as error:
        return Finding(name, ok=False, sentence=f"Valkey does not tell ({type(error).__name__}).")
    sentence = (
        f"{running} run on {socket.gethostname()}." if running else f"None runs. Start `python -m {command}`."
    )
    return Finding(name, bool(running), sentence)
