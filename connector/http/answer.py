"""A whole answer, and what can be said of it without knowing the CRM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from connector.errors import Broken

_BOM = b"\xef\xbb\xbf"


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

    def json(self) -> Any:
        """The body as JSON; anything that is not is Broken, naming status and content type instead of a traceback."""
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
    try:
        told = parsedate_to_datetime(headers["Date"])
        # "-0000" parses as naive, and astimezone would then take it for local time
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
