"""What the program logs: plain lines, or JSON lines for whoever collects them (KPI_LOG_FORMAT=json). Masked both."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from connector.errors import BadConfig
from connector.redact import RedactingFilter

LIBRARIES = {
    "urllib3": logging.WARNING,
    "alembic": logging.WARNING,
    "procrastinate": logging.WARNING,
    "uvicorn": logging.WARNING,
    "apscheduler": logging.ERROR,
}
"""Libraries that only say what is wrong. APScheduler warns of a turn that waits for the one before, as is ordinary."""
REQUESTS = "urllib3"
"""Tells each request at DEBUG: its address, masked like all else, and the status of its answer."""
DAEMONS = frozenset({"run", "serve"})
"""Commands that people read the log of: it begins with what is ordinary. Of others only what is wrong is told."""


class JsonLines(logging.Formatter):
    """One object a line: at, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "thread": record.threadName,
            "message": record.getMessage(),
        }
        if record.exc_text:
            told["error"] = record.exc_text
        return json.dumps(told, ensure_ascii=False)


def set_up(level: str, shape: str) -> None:
    """Everything to stderr, every record masked before it is shaped. Raises BadConfig."""
    least_told = logging.getLevelNamesMapping().get(level.strip().upper())
    if least_told is None:
        raise BadConfig([f"KPI_LOG={level} is no level: DEBUG, INFO, WARNING, ERROR"])
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RedactingFilter())
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if in_json(shape) else plain)
    logging.basicConfig(level=least_told, handlers=[handler])
    for library, least in LIBRARIES.items():
        logging.getLogger(library).setLevel(least)
    if least_told <= logging.DEBUG:
        logging.getLogger(REQUESTS).setLevel(logging.DEBUG)


def in_json(shape: str) -> bool:
    """Whether KPI_LOG_FORMAT asks for JSON lines."""
    return shape.strip().lower() == "json"


def usual(command: str) -> str:
    """The level where nobody asked for another by KPI_LOG."""
    return "INFO" if command in DAEMONS else "WARNING"
