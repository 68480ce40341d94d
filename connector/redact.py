"""Keeps secrets out of logs, errors and tracebacks: every known secret and every secret-looking address is masked."""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

_ADDRESS = re.compile(r"(/rest/(?:api/)?\d+/)[^/\s\"']+")
_PARAMETER = re.compile(
    r"((?:access_token|refresh_token|client_secret|\bauth|token|password)(?:[\"']?\s*=|[\"']\s*:)\s*[\"']?)[^&\s\"',}]+",
    re.I,
)
"""Assigned, or a key of JSON. A bare colon ends an address (`…/oauth2/access_token: answered 503`): words follow."""
_CODE = re.compile(r"(\bcode(?:=|[\"']\s*:\s*[\"']))(?=[^&\s\"',}]*[a-z])[^&\s\"',}]{16,}")
"""An authorisation code. Status and error codes (`code=400`, `"code":"BITRIX_REST_V3_…"`) are what a person needs."""
_BEARER = re.compile(r"(Bearer\s+)\S+", re.I)
_known: tuple[str, ...] = ()
"""The longest first. Replaced as a whole, never changed: threads read it while others add to it."""


def remember(secret: str) -> None:
    """From now on this text never appears in what `redact` lets through; short texts would mask everything."""
    global _known
    if len(secret) < 6:
        return
    forms = {secret, quote(secret, safe=""), quote(secret)}
    if "/" in secret:  # a Bitrix24 webhook is USER/SECRET: the address holds the second half
        second = secret.rsplit("/", 1)[1]
        forms |= {second} if len(second) >= 6 else set()
    if not forms <= set(_known):
        _known = tuple(sorted(forms | set(_known), key=len, reverse=True))


def redact(text: str) -> str:
    """The same text with secrets masked."""
    for secret in _known:
        text = text.replace(secret, "***")
    text = _ADDRESS.sub(r"\1***", text)
    text = _BEARER.sub(r"\1***", text)
    text = _CODE.sub(r"\1***", text)
    return _PARAMETER.sub(r"\1***", text)


class RedactingFilter(logging.Filter):
    """Put on every handler: the record is rendered once, masked, and passed on."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(_rendered(record)), ()
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def _rendered(record: logging.LogRecord) -> str:
    """A message whose arguments do not fit is shown with them: a filter must not fail where a handler would not."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
