"""Turns the settings into Flask's configuration."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.kernel.locales import SHIPPED
from app.kernel.settings import Settings, SettingsError, load_settings, running_addresses
from app.mail.settings import mail_settings
from app.media.storage import Bucket


def flask_config(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read the settings; `overrides` go over them. Raises SettingsError.

    A command given by hand finds the own servers of a running `make run`; what is under test never does.
    """
    given = dict(overrides or {})
    settings = load_settings()
    if not given.get("TESTING"):
        settings = _find_servers(settings)
    if not settings.database_url and "SQLALCHEMY_DATABASE_URI" not in given:
        raise SettingsError(
            ["There is no database. Start `make run` in another window, or set DATABASE_URL."]
        )
    if settings.default_locale not in SHIPPED:
        raise SettingsError([f"FESTOON_DEFAULT_LOCALE must be one of {', '.join(SHIPPED)}."])
    if settings.is_production and not settings.redis_url and "REDIS_URL" not in given:
        raise SettingsError(
            ["There is no Valkey, which counts tries to sign in and holds jobs. Set REDIS_URL."]
        )
    return from_settings(settings) | given


def _find_servers(settings: Settings) -> Settings:
    """Take addresses and key of the program that runs on our data folder, where the settings name none."""
    running = running_addresses(settings.data_folder)
    found: dict[str, Any] = {
        name: running.get(variable, "")
        for name, variable in (
            ("database_url", "DATABASE_URL"),
            ("redis_url", "REDIS_URL"),
            ("secret_key", "SECRET_KEY"),
        )
        if not getattr(settings, name)
    }
    return dataclasses.replace(settings, **found)


def from_settings(settings: Settings) -> dict[str, Any]:
    """Write the settings under the names that Flask and its extensions read."""
    public_url = settings.public_url or f"http://localhost:{settings.port}"
    return {
        "IS_PRODUCTION": settings.is_production,
        "SECRET_KEY": settings.secret_key or secrets.token_urlsafe(48),
        "SQLALCHEMY_DATABASE_URI": database_uri(settings.database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "REDIS_URL": redis_uri(settings.redis_url),
        "HOST": settings.host,
        "PORT": settings.port,
        "HOSTS": settings.trusted_hosts,
        "PUBLIC_URL": public_url,
        "MAIL": mail_settings(settings, public_url),
        "PUBLIC_ORIGINS": settings.public_origins,
        "PROXY_COUNT": settings.proxy_count,
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "CURRENCY": settings.currency,
        "LOG_FORMAT": settings.log_form,
        "LOG_LEVEL": settings.log_level,
        "UPLOAD_FOLDER": str(settings.upload_folder),
        "STORAGE": settings.storage,
        "BUCKET": bucket_of(settings),
        "MEDIA_URL": f"{settings.media_url.rstrip('/')}/" if settings.media_url else "/media/",
        "CLAMD_URL": settings.clamd_url,
        "DATA_DIR": str(settings.data_folder),
        "PAGE_SIZE": settings.page_size,
        "ACCESS_TOKEN_LIFETIME": access_lifetime(settings),
        "REFRESH_TOKEN_LIFETIME": timedelta(days=settings.refresh_token_days),
        "CONFIRM_FIRST": settings.confirm_first == "true"
        or (settings.is_production and not settings.confirm_first),
        "BOOKING_DAYS_AHEAD": settings.booking_days_ahead,
        "CANCEL_DAYS": settings.cancel_days,
        "OFFER_HOURS": settings.offer_hours,
        "BOOKING_PAGE": settings.booking_page,
        "WEB_THREADS": settings.web_threads,
        "SOCKETS": settings.sockets,
        "SOCKETS_PER_ADDRESS": settings.sockets_per_address,
        "CHAT_BOT": settings.chat_bot,
        "CHAT_MODEL_URL": settings.chat_model_url,
        "CHAT_MODEL_KEY": settings.chat_model_key,
        "CHAT_MODEL": settings.chat_model,
        "TRANSLATION_URL": settings.translation_url,
        "TRANSLATION_KEY": settings.translation_key,
        "TRANSLATION_MODEL": settings.translation_model,
        "TRANSLATION_PRICE": settings.translation_price,
        "CHAT_IDLE_HOURS": settings.chat_idle_hours,
        "CHAT_KEEP_DAYS": settings.chat_keep_days,
        "DEBUG": settings.debug,
        "SETTINGS": settings,
    }


def bucket_of(settings: Settings) -> Bucket | None:
    """Say where the bucket of pictures is; None where none is named."""
    if not settings.s3_bucket:
        return None
    return Bucket(
        settings.s3_bucket,
        settings.s3_endpoint,
        settings.s3_region,
        settings.s3_access_key,
        settings.s3_secret_key,
        settings.s3_prefix,
    )


def access_lifetime(settings: Settings) -> timedelta:
    """Tell how long a member's access token is good for."""
    return timedelta(minutes=settings.access_token_minutes or (15 if settings.is_production else 30))


def database_uri(url: str) -> str:
    """Name the driver in a PostgreSQL address."""
    _scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if mark else "postgresql+psycopg:///festoon"


def redis_uri(url: str) -> str:
    """Write a Valkey address as the client libraries read it."""
    return f"redis://{url.removeprefix('valkey://')}" if url.startswith("valkey://") else url


def engine_options(settings: Settings) -> dict[str, Any]:
    """Say how many connections are kept, how long a connection or a statement may take, and what a page costs.

    A table that is served all day is in memory or on a disk without arms: where a page far away is reckoned at
    four times the next one, a list by state and date is read along the dates alone, past all other states.
    """
    session = (
        f"-c statement_timeout={settings.statement_timeout * 1000} -c timezone=UTC -c random_page_cost=1.1"
    )
    return {
        "pool_size": settings.database_pool,
        "max_overflow": 10,
        "pool_timeout": 5,
        "pool_recycle": 1800,
        "pool_use_lifo": True,  # the connection used last has all it needs in the processor's memory
        "connect_args": {"connect_timeout": 5, "options": session},
    }
