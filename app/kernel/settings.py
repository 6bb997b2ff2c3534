"""Every setting of the program, read from the environment, checked before anything starts."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from app.kernel.mail_settings import check_mail
from app.kernel.service_settings import check_chat, check_translation
from app.kernel.storage_settings import check_storage

ROOT = Path(__file__).resolve().parents[2]
ROOT_DATA = Path("/var/lib/festoon")
"""Where the data of a checkout that root runs lies: root's home is closed to the servers' user."""

SHORTEST_SECRET = 32
SHORTEST_PASSWORD = 10
KNOWN_SECRETS = frozenset({"change-me", "changeme", "secret", "dev", "development"})
WEAK_PASSWORDS = frozenset(
    {"admin", "demo", "password", "festoon", "changeme", "change-me", "secret", "admin123", "festoon123"}
)
ENVIRONMENTS = ("development", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_MAKE_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"  # noqa: S105  # a command


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
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError("say true or false")


def _upto(most: int) -> Callable[[str], int]:
    return lambda text: range(most + 1).index(int(text))  # a ValueError for what is not in it


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@dataclass(frozen=True)
class Settings:
    """The program's settings; a field stands here once and in `.env.example`."""

    environment: str = setting("FESTOON_ENV", "development", "development or production")
    debug: bool = setting("FESTOON_DEBUG", False, "show faults to developers; never in production", _flag)
    secret_key: str = setting(
        "SECRET_KEY",
        "",
        "signs sessions; in production 32 random characters or more; empty: one is made in the data folder",
    )
    host: str = setting("HOST", "127.0.0.1", "the address that is listened on; 0.0.0.0 is every one")
    port: int = setting("PORT", 8080, "the port that is listened on", int)
    public_url: str = setting(
        "FESTOON_PUBLIC_URL", "", "how the outside reaches the program, for links in mails"
    )
    trusted_hosts: tuple[str, ...] = setting(
        "FESTOON_TRUSTED_HOSTS", (), "more host names that requests may carry, separated by commas", _names
    )
    public_origins: tuple[str, ...] = setting(
        "FESTOON_PUBLIC_ORIGINS",
        (),
        "other sites whose scripts may use the public side and its chat, such as https://www.example.com",
        _names,
    )
    proxy_count: int = setting("FESTOON_PROXY_COUNT", 0, "how many trusted proxies stand in front", int)
    database_url: str = setting("DATABASE_URL", "", "PostgreSQL 15 or newer; empty: an own one is started")
    database_pool: int = setting("FESTOON_DATABASE_POOL", 10, "connections kept open by each process", int)
    statement_timeout: int = setting(
        "FESTOON_STATEMENT_TIMEOUT", 30, "seconds after which the database gives a statement up", int
    )
    redis_url: str = setting("REDIS_URL", "", "Valkey or Redis; empty: an own one is started")
    data_dir: str = setting(
        "FESTOON_DATA_DIR",
        "",
        "where the own servers keep their data; empty: var/ here, or a folder in /var/lib/festoon for root",
    )
    upload_dir: str = setting("FESTOON_UPLOAD_DIR", "", "where pictures are kept; empty: uploads/ here")
    storage: str = setting("FESTOON_STORAGE", "local", "where pictures are kept: local (a folder) or s3")
    s3_bucket: str = setting("S3_BUCKET", "", "the bucket of pictures, which must be there already")
    s3_endpoint: str = setting("S3_ENDPOINT", "", "the S3 service's address; empty: Amazon's")
    s3_region: str = setting("S3_REGION", "us-east-1", "the bucket's region")
    s3_access_key: str = setting("S3_ACCESS_KEY", "", "who opens the bucket; empty: the machine's own role")
    s3_secret_key: str = setting("S3_SECRET_KEY", "", "the secret of that key")
    s3_prefix: str = setting("S3_PREFIX", "", "a folder in the bucket, where it holds other things too")
    media_url: str = setting(
        "FESTOON_MEDIA_URL",
        "",
        "what the public addresses of pictures begin with, such as a CDN's; empty: /media/",
    )
    clamd_url: str = setting(
        "CLAMD_URL", "", "scans uploads: tcp://host:3310 or unix:///run/clamav/clamd.ctl; empty: no scan"
    )
    smtp_host: str = setting(
        "SMTP_HOST",
        "",
        "the mail server; empty: development keeps mails to look at, production lets them wait",
    )
    smtp_port: int = setting("SMTP_PORT", 587, "the mail server's port", int)
    smtp_user: str = setting("SMTP_USER", "", "who signs in at the mail server; empty: nobody does")
    smtp_password: str = setting("SMTP_PASSWORD", "", "the password of that user")
    smtp_tls: str = setting("SMTP_TLS", "starttls", "starttls, tls (from the first byte) or none", str.lower)
    mail_from: str = setting(
        "MAIL_FROM", "Festoon <no-reply@localhost>", "the name and address that write mails"
    )
    mail_reply_to: str = setting("MAIL_REPLY_TO", "", "where answers to mails go; empty: to MAIL_FROM")
    mail_staff: tuple[str, ...] = setting(
        "FESTOON_MAIL_STAFF",
        (),
        "who is told of new bookings, separated by commas; empty: all who may confirm them",
        _names,
    )
    site_url: str = setting(
        "FESTOON_SITE_URL", "", "the public site that mails link to; empty: the sample site here"
    )
    reminder_days: int = setting(
        "FESTOON_REMINDER_DAYS", 3, "days before the event that the client is reminded; 0: never", int
    )
    admin_password: str = setting(
        "FESTOON_ADMIN_PASSWORD", "", "of the first administrator; empty: one is made and printed once"
    )
    default_locale: str = setting("FESTOON_DEFAULT_LOCALE", "en", "the language when a reader names none")
    currency: str = setting("FESTOON_CURRENCY", "EUR", "the currency of new prices, in three letters")
    log_format: str = setting(
        "FESTOON_LOG_FORMAT", "", "json or console; empty: json in production, else console"
    )
    log_level: str = setting("FESTOON_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR", str.upper)
    web_threads: int = setting("FESTOON_WEB_THREADS", 16, "requests served at once by the web process", int)
    sockets: int = setting(
        "FESTOON_SOCKETS", 200, "live connections held at once by the web process, beside its requests", int
    )
    sockets_per_address: int = setting(
        "FESTOON_SOCKETS_PER_ADDRESS", 40, "of these, how many from one address", int
    )
    chat_bot: str = setting(
        "FESTOON_CHAT_BOT", "off", "who answers before staff do: off, rules or openai", str.lower
    )
    chat_model_url: str = setting(
        "FESTOON_CHAT_MODEL_URL", "", "an OpenAI-compatible service, such as https://models.example.com/v1"
    )
    chat_model_key: str = setting("FESTOON_CHAT_MODEL_KEY", "", "the key of that service")
    chat_model: str = setting("FESTOON_CHAT_MODEL", "", "the name of the model asked there")
    chat_idle_hours: int = setting(
        "FESTOON_CHAT_IDLE_HOURS", 48, "hours without a word after which a conversation is closed", int
    )
    chat_keep_days: int = setting(
        "FESTOON_CHAT_KEEP_DAYS", 90, "days after which what visitors without an account said is deleted", int
    )
    translation_url: str = setting(
        "FESTOON_TRANSLATION_URL",
        "",
        "an OpenAI-compatible service that fills in missing translations, such as https://models.example.com/v1",
    )
    translation_key: str = setting("FESTOON_TRANSLATION_KEY", "", "the key of that service")
    translation_model: str = setting("FESTOON_TRANSLATION_MODEL", "", "the name of the model asked there")
    translation_price: str = setting(
        "FESTOON_TRANSLATION_PRICE", "", "what 1,000 tokens cost there, such as 0.002 USD; empty: not known"
    )
    page_size: int = setting("FESTOON_PAGE_SIZE", 25, "rows on a page of a staff list", int)
    booking_days_ahead: int = setting(
        "FESTOON_BOOKING_DAYS_AHEAD", 730, "how many days ahead a client may book", int
    )
    cancel_days: int = setting(
        "FESTOON_CANCEL_DAYS", 14, "until so many days before it a client may cancel a confirmed booking", int
    )
    offer_hours: int = setting("FESTOON_OFFER_HOURS", 24, "hours that an offer to who waits lasts", int)
    booking_page: str = setting(
        "FESTOON_BOOKING_PAGE",
        "",
        "your own page about one booking, for links in mails, with {token} where the secret goes; empty: ours",
    )
    access_token_minutes: int = setting(
        "FESTOON_ACCESS_TOKEN_MINUTES", 0, "life of a member's token; 0: 15 in production, else 30", _upto(60)
    )
    refresh_token_days: int = setting("FESTOON_REFRESH_TOKEN_DAYS", 30, "days a device may rest", _upto(400))
    confirm_first: str = setting(
        "FESTOON_CONFIRM_FIRST", "", "members sign in once their address is confirmed; empty: in production"
    )
    demo: bool = setting("FESTOON_DEMO", True, "load the demo at the first start in development", _flag)

    @property
    def is_production(self) -> bool:
        """Tell whether customers' data is at stake."""
        return self.environment == "production"

    @property
    def log_form(self) -> str:
        """Give the form of the log: json or console."""
        return self.log_format or ("json" if self.is_production else "console")

    @property
    def data_folder(self) -> Path:
        """Give the folder of the own servers' data. Two checkouts never share one, unless told to."""
        if self.data_dir:
            return Path(self.data_dir).expanduser().absolute()
        if os.getuid() == 0:
            return ROOT_DATA / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
        return ROOT / "var"

    @property
    def upload_folder(self) -> Path:
        """Give the folder where pictures are kept."""
        return Path(self.upload_dir).expanduser().absolute() if self.upload_dir else ROOT / "uploads"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raises SettingsError with a sentence for each that is wrong.

    Without `environ` they come from `.env`, and over it from the environment.
    """
    source = read_environment() if environ is None else environ
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for item in fields(Settings):
        name = item.metadata["name"]
        text = source.get(name, "").strip()
        if not text:
            continue
        try:
            values[item.name] = item.metadata["read"](text)
        except ValueError:
            wrong.append(f"{name} is {text!r}, which cannot be read. It means: {item.metadata['doc']}.")
    settings = Settings(**values)
    wrong += check(settings)
    if wrong:
        raise SettingsError(wrong)
    return settings


def read_environment(file: Path = ROOT / ".env") -> dict[str, str]:
    """Give the environment, over what the file says where there is one."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return dict(os.environ)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{file} cannot be read ({error}). Mend it or remove it."]) from error
    return dict(_assignments(lines, file)) | dict(os.environ)


def _assignments(lines: list[str], file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("export ").strip()
        if not text or text.startswith("#"):
            continue
        name, mark, value = (part.strip() for part in text.partition("="))
        if not mark or not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise SettingsError([f"Line {number} of {file} is not NAME=value. Mend it or put a # before it."])
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            yield name, value[1:-1]
        else:
            yield name, re.split(r"\s#", value, maxsplit=1)[0].strip()


def running_addresses(folder: Path) -> dict[str, str]:
    """Give DATABASE_URL, REDIS_URL and SECRET_KEY of the program that runs on a data folder, if one does."""
    try:
        facts = json.loads((folder / "running.json").read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in facts.get("addresses", {}).items()}


def check(settings: Settings) -> list[str]:
    """List what must be mended before the program may start."""
    return [
        *(sentence for is_wrong, sentence in _rules(settings) if is_wrong),
        *_check_addresses(settings),
        *check_chat(settings),
        *check_translation(settings),
        *check_mail(settings),
        *check_storage(settings),
        *(_check_production(settings) if settings.is_production else ()),
    ]


def _rules(settings: Settings) -> list[tuple[bool, str]]:
    environment, port, level = settings.environment, settings.port, settings.log_level
    few = [
        name
        for name, number in (
            ("FESTOON_DATABASE_POOL", settings.database_pool),
            ("FESTOON_STATEMENT_TIMEOUT", settings.statement_timeout),
            ("FESTOON_WEB_THREADS", settings.web_threads),
            ("FESTOON_REFRESH_TOKEN_DAYS", settings.refresh_token_days),
            ("FESTOON_SOCKETS", settings.sockets),
            ("FESTOON_SOCKETS_PER_ADDRESS", settings.sockets_per_address),
            ("FESTOON_CHAT_IDLE_HOURS", settings.chat_idle_hours),
            ("FESTOON_CHAT_KEEP_DAYS", settings.chat_keep_days),
        )
        if number < 1
    ]
    return [
        (
            environment not in ENVIRONMENTS,
            f"FESTOON_ENV is {environment!r}; set it to development or production.",
        ),
        (not 0 < port < 65_536, f"PORT is {port}; set it to a number from 1 to 65535."),
        (settings.log_format not in ("", "json", "console"), "FESTOON_LOG_FORMAT must be json or console."),
        (
            level not in LOG_LEVELS,
            f"FESTOON_LOG_LEVEL is {level!r}; set it to one of {', '.join(LOG_LEVELS)}.",
        ),
        (bool(few), f"{' and '.join(few)} must be at least 1."),
        (not 1 <= settings.page_size <= 100, "FESTOON_PAGE_SIZE must be from 1 to 100."),
        (settings.confirm_first not in ("", "true", "false"), "FESTOON_CONFIRM_FIRST must be true or false."),
        (settings.proxy_count < 0, "FESTOON_PROXY_COUNT must not be below 0."),
        (settings.booking_days_ahead < 1, "FESTOON_BOOKING_DAYS_AHEAD must be at least 1."),
        (not 0 <= settings.cancel_days <= 3650, "FESTOON_CANCEL_DAYS must be from 0 to 3650."),
        (not 1 <= settings.offer_hours <= 720, "FESTOON_OFFER_HOURS must be from 1 to 720."),
        (
            bool(settings.booking_page) and "{token}" not in settings.booking_page,
            "FESTOON_BOOKING_PAGE must hold {token}, such as https://example.com/booking#{token}.",
        ),
        (
            not re.fullmatch(r"[A-Z]{3}", settings.currency),
            "FESTOON_CURRENCY must be three letters, such as EUR.",
        ),
        (
            not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})*", settings.default_locale),
            f"FESTOON_DEFAULT_LOCALE is {settings.default_locale!r}; name a language such as en or de.",
        ),
    ]


def _check_addresses(settings: Settings) -> Iterator[str]:
    for name, url, schemes in (
        ("DATABASE_URL", settings.database_url, ("postgresql", "postgres")),
        ("REDIS_URL", settings.redis_url, ("redis", "rediss", "unix", "valkey")),
        ("FESTOON_PUBLIC_URL", settings.public_url, ("https", "http")),
        ("FESTOON_CHAT_MODEL_URL", settings.chat_model_url, ("https", "http")),
        ("FESTOON_TRANSLATION_URL", settings.translation_url, ("https", "http")),
        ("FESTOON_SITE_URL", settings.site_url, ("https", "http")),
        ("FESTOON_MEDIA_URL", settings.media_url, ("https", "http")),
        ("S3_ENDPOINT", settings.s3_endpoint, ("https", "http")),
        ("CLAMD_URL", settings.clamd_url, ("tcp", "unix")),
    ):
        scheme = url.partition("://")[0].partition("+")[0]
        if url and ("://" not in url or scheme not in schemes):
            yield f"{name} must begin with {schemes[0]}://, such as {schemes[0]}://localhost."
    for origin in settings.public_origins:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", origin):
            yield f"FESTOON_PUBLIC_ORIGINS names {origin!r}; name origins such as https://www.example.com."
    for host in settings.trusted_hosts:
        if "/" in host or (":" in host.strip("[]") and not host.startswith("[")):
            yield f"FESTOON_TRUSTED_HOSTS names {host!r}; name hosts alone, such as festoon.example.com."


def _check_production(settings: Settings) -> Iterator[str]:
    secret, password = settings.secret_key, settings.admin_password
    if not secret:
        yield f"SECRET_KEY is missing. Make one with: {_MAKE_SECRET}"
    elif secret.lower() in KNOWN_SECRETS or len(secret) < SHORTEST_SECRET or len(set(secret)) < 8:
        yield (
            f"SECRET_KEY is too easy to guess; it needs {SHORTEST_SECRET} random characters. "
            f"Make one with: {_MAKE_SECRET}"
        )
    if settings.debug:
        yield "FESTOON_DEBUG is on; turn it off in production."
    if password and (password.lower() in WEAK_PASSWORDS or len(password) < SHORTEST_PASSWORD):
        yield (
            "FESTOON_ADMIN_PASSWORD is a default or too short; use at least "
            f"{SHORTEST_PASSWORD} characters of your own, or leave it empty."
        )


def example() -> str:
    """Write `.env.example`: every setting with its meaning and default."""
    lines = ["# Every setting of Festoon, with its default. Copy this to .env and change what you need."]
    for item in fields(Settings):
        lines += ["", f"# {item.metadata['doc']}", f"{item.metadata['name']}={_written(item.default)}"]
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
