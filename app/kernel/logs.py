"""Structured logs: one line an event, with the correlation id, and no secret in it."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import structlog

PROCESS = "FESTOON_PROCESS"
"""Names the process in the lines that machines read: web, worker, clock."""

SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|api_key|csrf", re.IGNORECASE)
HIDDEN = "[hidden]"
_URL_PASSWORD = re.compile(r"(://[^:/\s]*:)[^@/\s]+@")
_NAMED_SECRET = re.compile(r"((?:password|secret|token|api_key)=|bearer\s+)[^\s&;,'\"]+", re.IGNORECASE)
_LINE_BREAKS = str.maketrans(
    {"\r": "\\r", "\n": "\\n", "\x1b": "\\x1b", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
_SUSPECT = re.compile(r"[=@\s]")
"""Without one of these a text holds no password of an address and no named secret."""
_TALKATIVE = ("flask_appbuilder", "rq", "rq.worker", "rq.cron", "rq.scheduler", "PIL", "limits", "urllib3")
_installed: list[logging.Handler] = []


def configure_logs(form: str, level: str = "INFO") -> None:
    """Send the program's and its libraries' logs to standard output as `json` or for a `console`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        *(
            _for_machines()
            if form == "json"
            else [structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)]
        ),
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
    _install(
        (_Lines if form == "json" else structlog.stdlib.ProcessorFormatter)(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        ),
        level,
    )


class _Lines(structlog.stdlib.ProcessorFormatter):
    """Writes what `tell` made as it is; all else goes through the processors."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        return _encode(record.msg) if isinstance(record, _Told) else super().format(record)


class _Told(logging.LogRecord):
    """An event whose facts are whole: named, dated, without secrets."""


_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def tell(name: str, event: str, **facts: Any) -> None:
    """Write an event of the level info, as a structlog logger of that name would, at a tenth of its cost.

    For the line that every request has.
    """
    logger = logging.getLogger(name)
    if not logger.isEnabledFor(logging.INFO):
        return
    if not (_installed and isinstance(_installed[0].formatter, _Lines)):
        structlog.get_logger(name).info(event, **facts)
        return
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    line: MutableMapping[str, Any] = facts | {"event": event} | structlog.contextvars.get_contextvars()
    line.update(level="info", logger=name, timestamp=now)
    line = hide_secrets(logger, "info", _name_process(logger, "info", line))
    logger.handle(_Told(name, logging.INFO, "", 0, line, (), None))


def _for_machines() -> list[Any]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_process,
    ]


def _renderer(form: str) -> Any:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR")), pad_event_to=0
    )


def _install(formatter: logging.Formatter, level: str) -> None:
    """Give the root logger our handler, in place of the one of an earlier call."""
    root = logging.getLogger()
    while _installed:
        root.removeHandler(_installed.pop())
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    _installed.append(handler)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "DEBUG" else logging.WARNING)


def _name_process(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["process"] = os.environ.get(PROCESS, "command")
    return event


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Black out values by their name, and passwords inside of text; keep one event on one line."""
    for name, value in list(event.items()):
        event[name] = _hidden(name, value)
    return event


def _hidden(name: str, value: Any) -> Any:
    if _is_secret(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: _hidden(str(key), part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", part) for part in value]
    if isinstance(value, str):
        text = redacted(value)
        return text if name == "exception" or text.isprintable() else text.translate(_LINE_BREAKS)
    return value


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return SECRET_NAMES.search(name) is not None


def redacted(text: str) -> str:
    """Black out the passwords and tokens that stand inside of a text under their names."""
    if not _SUSPECT.search(text):
        return text
    return _NAMED_SECRET.sub(rf"\1{HIDDEN}", _URL_PASSWORD.sub(rf"\1{HIDDEN}@", text))


def bind(**facts: Any) -> None:
    """Add facts to every line of this request or job."""
    structlog.contextvars.bind_contextvars(**facts)


def unbind_all() -> None:
    """Forget the facts of the request or job before."""
    structlog.contextvars.clear_contextvars()
