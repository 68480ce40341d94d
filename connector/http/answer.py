"""A whole answer, and what can be said of it without knowing the CRM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from connector.errors import Broken

_BOM = b"\xef\xbb\xbf"
LONGEST = timedelta(days=1)
"""Beyond which no Retry-After is believed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: nothing is handed out before the last byte came."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    where: str
    """Method and redacted address, for errors."""
    told_at: datetime
    """The server's own time (Date header), else ours."""
    _read: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)
    """The body once it was read: whoever judges an answer reads it as whoever uses it does."""

    def json(self) -> Any:
        """The body as JSON, for reading only; anything that is not is Broken, naming status and content type instead
        of a traceback."""
        if not self._read:
            self._read.append(self._decoded())
        return self._read[0]

    def retry_at(self) -> datetime | None:
        """The moment that Retry-After names, as seconds or as a date, in the server's time; of a longer wait a day.

        None where it names none: a header is no reason to fail, nor to rest for ever.
        """
        told = self.headers.get("Retry-After", "").strip()
        last = self.told_at + LONGEST
        if told.isascii() and told.isdigit():
            return last if len(told) > 5 else min(self.told_at + timedelta(seconds=int(told)), last)
        moment = _moment(told)
        return None if moment is None else min(moment, last)

    def _decoded(self) -> Any:
        try:
            return msgspec.json.decode(self.body.removeprefix(_BOM))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            kind = self.headers.get("Content-Type", "no content type")
            raise Broken(
                f"answered {self.status} with {kind} that is not JSON ({len(self.body)} bytes)",
                where=self.where,
                todo="if it stays, open the CRM in a browser: it may show a maintenance or login page",
            ) from error


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The Date header as aware UTC; None where there is none or it cannot be read."""
    return _moment(headers.get("Date", ""))


def _moment(told: str) -> datetime | None:
    """A date as HTTP writes it."""
    try:
        moment = parsedate_to_datetime(told)
        # "-0000" parses as naive, and astimezone would then take it for local time
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
