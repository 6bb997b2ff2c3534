"""Turns the settings into Flask's configuration."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from app.kernel.settings import ROOT, Settings, load_settings


def flask_config(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read the environment; `overrides` go over it. Raises SettingsError."""
    return from_settings(load_settings()) | dict(overrides or {})


def from_settings(settings: Settings) -> dict[str, Any]:
    """Write the settings under the names that Flask and its extensions read."""
    return {
        "IS_PRODUCTION": settings.is_production,
        "SECRET_KEY": settings.secret_key or secrets.token_urlsafe(48),
        "SQLALCHEMY_DATABASE_URI": database_uri(settings.database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "REDIS_URL": settings.redis_url,
        "HOST": settings.host,
        "PORT": settings.port,
        "HOSTS": settings.trusted_hosts,
        "PUBLIC_URL": settings.public_url or f"http://localhost:{settings.port}",
        "PROXY_COUNT": settings.proxy_count,
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "CURRENCY": settings.currency,
        "LOG_FORMAT": settings.log_format or ("json" if settings.is_production else "console"),
        "LOG_LEVEL": settings.log_level,
        "UPLOAD_FOLDER": settings.upload_dir or str(ROOT / "uploads"),
        "MEDIA_URL": "/media/",
        "DATA_DIR": settings.data_dir or str(ROOT / "var"),
        "PAGE_SIZE": settings.page_size,
        "DEBUG": settings.debug,
    }


def database_uri(url: str) -> str:
    """Name the driver in a PostgreSQL address."""
    _scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if mark else "postgresql+psycopg:///festoon"


def engine_options(settings: Settings) -> dict[str, Any]:
    """Say how many connections are kept, and how long a connection or a statement may take."""
    limit = f"-c statement_timeout={settings.statement_timeout * 1000} -c timezone=UTC"
    return {
        "pool_size": settings.database_pool,
        "max_overflow": 10,
        "pool_timeout": 5,
        "pool_recycle": 1800,
        "connect_args": {"connect_timeout": 5, "options": limit},
    }


