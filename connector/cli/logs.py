"""What the program logs: plain lines, or JSON lines for whoever collects them (KPI_LOG_FORMAT=json). Masked both."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from connector.redact import RedactingFilter

NOISY = ("urllib3", "apscheduler", "alembic", "procrastinate")
"""Libraries that only say what is wrong."""


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
    """Everything to stderr, every record masked before it is shaped."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RedactingFilter())
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if shape.strip().lower() == "json" else plain)
    known = logging.getLevelNamesMapping()
    logging.basicConfig(level=known.get(level.upper(), logging.WARNING), handlers=[handler])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
