"""Keeps secrets out of logs, errors and tracebacks: every known secret and every secret-looking address is masked."""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

from connector.errors import KpiError

_ADDRESS = re.compile(r"(/rest/(?:api/)?\d+/)[^/\s\"']+")
_PARAMETER = re.compile(
    r"((?:access_token|refresh_token|client_secret|\bauth|token|password)(?:[\"']?\s*=|[\"']\s*:)\s*[\"']?)[^&\s\"',}]+",
    re.I,
)
"""Assigned, or a key of JSON. A bare colon ends an address (`…/oauth2/access_token: answered 503`): words follow."""
_CODE = re.compile(r"(\bcode(?:=|[\"']\s*:\s*[\"']))(?=[^&\s\"',}]*[a-z])[^&\s\"',}]{16,}")
"""An authorisation code. Status and error codes (`code=400`, `"code":"BITRIX_REST_V3_…"`) are what a person needs."""
_BEARER = re.compile(r"(Bearer\s+)\S+", re.I)
MOST_PASSING = 1_000
"""Tokens that are remembered at once: whoever renews his every hour has long forgotten the one that goes."""
_SHORTEST = 6
_unproven: ContextVar[frozenset[str]] = ContextVar("unproven", default=frozenset())


class Secrets:
    """What is masked, in every spelling."""

    def __init__(self) -> None:
        self.spelt: tuple[str, ...] = ()
        """The longest first. Replaced as a whole, never changed: threads read it while others add to it."""
        self._lasting: set[str] = set()
        self._passing: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._adding = threading.Lock()

    def add(self, secret: str, *, passing: bool) -> None:
        """One more; of passing ones the one that nobody named for longest goes."""
        with self._adding:
            if secret in self._passing and passing:
                self._passing.move_to_end(secret)
                return
            forms = _spellings(secret)
            if forms <= self._lasting:
                return
            if passing:
                self._passing[secret] = forms
                while len(self._passing) > MOST_PASSING:
                    self._passing.popitem(last=False)
            else:
                self._lasting |= forms
            self.spelt = _longest_first(self._lasting.union(*self._passing.values()))


_known = Secrets()


def remember(secret: str, *, passing: bool = False) -> None:
    """From now on this text never appears in what `redact` lets through; short texts would mask everything.

    `passing`: a token that another will follow. Of these only the last are kept (MOST_PASSING), as every line of a log
    is searched for each. What a stranger says is his secret is never given here but to `masking`.
    """
    _known.add(secret, passing=passing)


@contextmanager
def masking(*secrets: str) -> Iterator[None]:
    """Until this is over these texts are masked as well, for whoever does it and nobody else: what was not proven to be
    a secret must not be told, and must not take words out of anybody else's log. An error that leaves is masked too.
    """
    before = _unproven.set(_unproven.get().union(*map(_spellings, secrets)))
    try:
        yield
    except KpiError as error:
        error.what, error.where = redact(error.what), redact(error.where)
        error.done, error.todo = redact(error.done), redact(error.todo)
        error.args = (error.what,)
        raise
    finally:
        _unproven.reset(before)


def redact(text: str) -> str:
    """The same text with secrets masked."""
    unproven = _unproven.get()
    for secret in _longest_first(unproven.union(_known.spelt)) if unproven else _known.spelt:
        text = text.replace(secret, "***")
    text = _ADDRESS.sub(r"\1***", text)
    text = _BEARER.sub(r"\1***", text)
    text = _CODE.sub(r"\1***", text)
    return _PARAMETER.sub(r"\1***", text)


def _spellings(secret: str) -> frozenset[str]:
    if len(secret) < _SHORTEST:
        return frozenset()
    forms = {secret, quote(secret, safe=""), quote(secret)}
    if "/" in secret:  # a Bitrix24 webhook is USER/SECRET: the address holds the second half
        second = secret.rsplit("/", 1)[1]
        forms |= {second} if len(second) >= _SHORTEST else set()
    return frozenset(forms)


def _longest_first(forms: frozenset[str] | set[str]) -> tuple[str, ...]:
    """One that begins another must not uncover the rest of it."""
    return tuple(sorted(forms, key=len, reverse=True))


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
