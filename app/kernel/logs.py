"""Structured logs: one line an event, with the correlation id, and no secret in it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|api_key|csrf", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(://[^:/\s]*:)[^@/\s]+@")
_LINE_BREAKS = str.maketrans({"\r": "\\r", "\n": "\\n", "\x1b": "\\x1b", "\u2028": "\\u2028"})


def configure_logs(form: str, level: str = "INFO") -> None:
    """Send the program's and its libraries' logs to standard output as `json` or for a `console`."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if getattr(old, "is_festoon", False)]:
        root.removeHandler(old)
    handler.is_festoon = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("flask_appbuilder").setLevel(logging.WARNING)


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Black out values by their name, and passwords in addresses; keep one event on one line."""
    for name, value in list(event.items()):
        if SECRET_NAMES.search(name):
            event[name] = "[hidden]"
        elif isinstance(value, str) and name != "exception":
            event[name] = _URL_PASSWORD.sub(r"\1[hidden]@", value).translate(_LINE_BREAKS)
    return event


def bind(**facts: Any) -> None:
    """Add facts to every line of this request or job."""
    structlog.contextvars.bind_contextvars(**facts)


def unbind_all() -> None:
    """Forget the facts of the request or job before."""
    structlog.contextvars.clear_contextvars()
