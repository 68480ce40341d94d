"""Keeps secrets out of logs, errors and tracebacks: every known secret and every secret-looking address is masked."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"(/rest/(?:api/)?\d+/)[^/\s\"']+")
_PARAMETER = re.compile(
    r"((?:access_token|refresh_token|client_secret|auth|code|token|password)[\"']?\s*[=:]\s*[\"']?)[^&\s\"',}]+", re.I
)
_BEARER = re.compile(r"(Bearer\s+)\S+", re.I)
_known: set[str] = set()


def remember(secret: str) -> None:
    """From now on this text never appears in what `redact` lets through; short texts would mask everything."""
    if len(secret) >= 6:
        _known.add(secret)
        if "/" in secret:  # a Bitrix24 webhook is USER/SECRET: the address holds the second half
            remember(secret.rsplit("/", 1)[1])


def redact(text: str) -> str:
    """The same text with secrets masked."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, "***")
    text = _ADDRESS.sub(r"\1***", text)
    text = _BEARER.sub(r"\1***", text)
    return _PARAMETER.sub(r"\1***", text)


class RedactingFilter(logging.Filter):
    """Put on every handler: the record is rendered once, masked, and passed on."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True
