"""Every setting of the program, read from the environment, checked before anything starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHORTEST_SECRET = 32
KNOWN_SECRETS = frozenset({"change-me", "changeme", "secret", "dev", "development", "development-only-not-secret"})
WEAK_PASSWORDS = frozenset({"admin", "demo", "password", "festoon", "changeme", "change-me"})
ENVIRONMENTS = ("development", "production")


class SettingsError(Exception):
    """Settings with which the program must not start; each of `sentences` says what to mend."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def setting(name: str, default: Any, doc: str, read: Callable[[str], Any] = str) -> Any:
    """Declare one setting: its variable, its default, what it does and how its text is read."""
    return field(default=default, metadata={"name": name, "doc": doc, "read": read})


def _flag(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("", "0", "false", "no", "off"):
        return False
    raise ValueError("say true or false")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@dataclass(frozen=True)
class Settings:
    """The program's settings; a field stands here once and in `.env.example`."""

    environment: str = setting("FESTOON_ENV", "development", "development or production")
    debug: bool = setting("FESTOON_DEBUG", False, "show faults to developers; never in production", _flag)
    secret_key: str = setting("SECRET_KEY", "", "signs sessions; at least 32 random characters, needed in production")
    host: str = setting("HOST", "127.0.0.1", "the address that is listened on")
    port: int = setting("PORT", 8080, "the port that is listened on", int)
    public_url: str = setting("FESTOON_PUBLIC_URL", "", "how the outside reaches the program, for links in mails")
    trusted_hosts: tuple[str, ...] = setting(
        "FESTOON_TRUSTED_HOSTS", (), "more host names that requests may carry, separated by commas", _names
    )
    proxy_count: int = setting("FESTOON_PROXY_COUNT", 0, "how many trusted proxies stand in front", int)
    database_url: str = setting("DATABASE_URL", "", "PostgreSQL 15 or newer; empty: the embedded one is started")
    database_pool: int = setting("FESTOON_DATABASE_POOL", 10, "connections kept open by each process", int)
    statement_timeout: int = setting(
        "FESTOON_STATEMENT_TIMEOUT", 30, "seconds after which the database gives a statement up", int
    )
    redis_url: str = setting("REDIS_URL", "", "Valkey or Redis; empty: the embedded one is started")
    data_dir: str = setting("FESTOON_DATA_DIR", "", "where the embedded servers keep their data; empty: var/")
    upload_dir: str = setting("FESTOON_UPLOAD_DIR", "", "where pictures are kept; empty: uploads/")
    admin_password: str = setting(
        "FESTOON_ADMIN_PASSWORD", "", "of the first administrator; empty: one is made and printed once"
    )
    default_locale: str = setting("FESTOON_DEFAULT_LOCALE", "en", "the language when a reader names none")
    currency: str = setting("FESTOON_CURRENCY", "EUR", "the currency of new prices")
    log_format: str = setting("FESTOON_LOG_FORMAT", "", "json or console; empty: json in production")
    log_level: str = setting("FESTOON_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")
    web_threads: int = setting("FESTOON_WEB_THREADS", 16, "requests served at once by the web process", int)
    page_size: int = setting("FESTOON_PAGE_SIZE", 25, "rows on a page of a staff list", int)
    demo: bool = setting("FESTOON_DEMO", True, "load the demo at the first start in development", _flag)

    @property
    def is_production(self) -> bool:
        """Tell whether customers' data is at stake."""
        return self.environment == "production"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raises SettingsError with a sentence for each that is wrong."""
    source = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for item in fields(Settings):
        text = source.get(item.metadata["name"], "").strip()
        if not text:
            continue
        try:
            values[item.name] = item.metadata["read"](text)
        except ValueError:
            wrong.append(f"{item.metadata['name']} is {text!r}, which cannot be read: {item.metadata['doc']}.")
    settings = Settings(**values)
    wrong += check(settings)
    if wrong:
        raise SettingsError(wrong)
    return settings


def check(settings: Settings) -> list[str]:
    """List what must be mended before the program may start."""
    wrong = []
    if settings.environment not in ENVIRONMENTS:
        wrong.append(f"FESTOON_ENV is {settings.environment!r}; set it to development or production.")
    if not 0 < settings.port < 65_536:
        wrong.append(f"PORT is {settings.port}; set it to a number from 1 to 65535.")
    if settings.log_format not in ("", "json", "console"):
        wrong.append("FESTOON_LOG_FORMAT must be json or console.")
    for name, url, schemes in (
        ("DATABASE_URL", settings.database_url, ("postgresql", "postgres")),
        ("REDIS_URL", settings.redis_url, ("redis", "rediss", "unix", "valkey")),
    ):
        scheme = url.partition("://")[0].partition("+")[0]
        if url and ("://" not in url or scheme not in schemes):
            wrong.append(f"{name} must begin with {schemes[0]}://, such as {schemes[0]}://localhost.")
    if settings.is_production:
        wrong += _check_production(settings)
    return wrong


def _check_production(settings: Settings) -> list[str]:
    wrong = []
    secret = settings.secret_key
    advice = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not secret:
        wrong.append(f"SECRET_KEY is missing. Make one with: {advice}")
    elif secret.lower() in KNOWN_SECRETS or len(secret) < SHORTEST_SECRET or len(set(secret)) < 8:
        wrong.append(f"SECRET_KEY is too easy to guess. Make another with: {advice}")
    if settings.debug:
        wrong.append("FESTOON_DEBUG is on; turn it off in production.")
    if settings.admin_password and (
        settings.admin_password.lower() in WEAK_PASSWORDS or len(settings.admin_password) < 10
    ):
        wrong.append("FESTOON_ADMIN_PASSWORD is a default or too short; use at least ten characters of your own.")
    if not settings.database_url:
        wrong.append("DATABASE_URL is missing; in production name your PostgreSQL.")
    if not settings.redis_url:
        wrong.append("REDIS_URL is missing; in production name your Valkey or Redis.")
    return wrong


def example() -> str:
    """Write `.env.example`: every setting with its meaning and default."""
    lines = ["# Every setting of Festoon. Copy to .env and change what you need."]
    for item in fields(Settings):
        default = item.default
        text = ",".join(default) if isinstance(default, tuple) else str(default).lower() if isinstance(default, bool) else default
        lines += ["", f"# {item.metadata['doc']}", f"{item.metadata['name']}={text}"]
    return "\n".join(lines) + "\n"
