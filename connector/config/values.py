"""How single values are written in the file: spans, days, hours, zones."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

LONGEST = 31 * 86400
_SPAN = re.compile(r"^(\d{1,7})\s*(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _span(value: object) -> object:
    seconds = value if type(value) is int else 0
    if isinstance(value, str) and (match := _SPAN.match(value)):
        seconds = int(match[1]) * _SECONDS[match[2]]
    if 1 <= seconds <= LONGEST:
        return seconds
    raise ValueError('a time span such as "30s", "5m", "2h" or "1d"')


Span = Annotated[int, BeforeValidator(_span)]
"""Seconds, written as 30s, 5m, 2h, 1d."""


def shaped(pattern: str, told: str) -> AfterValidator:
    """A text of this shape, and what is said of any other; a pattern is nothing to show to people."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(told)
        return value

    return AfterValidator(check)


Clock = Annotated[str, shaped(r"([01]\d|2[0-3]):[0-5]\d", 'a time of day such as "03:30"')]
"""03:30."""


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value if len(value) == 10 else "").isoformat()
    except ValueError:
        raise ValueError(f"{value!r} is not a date such as 2026-12-31") from None


Day = Annotated[str, AfterValidator(_day)]


def host_and_port(listen: str) -> str:
    """Where to listen: a name or an address, one of IPv6 in brackets, and a port. Raises ValueError."""
    host, _, port = listen.rpartition(":")
    if not re.match(r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)$", host) or not port.isdecimal() or int(port) > 65535:
        raise ValueError('HOST:PORT, such as "127.0.0.1:8800"')
    return listen


LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that are this machine."""
Currency = Annotated[str, shaped("[A-Z]{3}", 'a currency in three capital letters, such as "RUB"')]
Mail = Annotated[str, shaped(r"[^@\s<>]+@[^@\s<>]+", "a mail address such as kpi@acme.ru")]
Month = Annotated[str, shaped(r"\d{4}-(0[1-9]|1[0-2])", 'a month such as "2026-09"')]


def _forward(hours: str) -> str:
    start, _, end = hours.partition("-")
    told = re.fullmatch(r"\d\d:[0-5]\d-\d\d:[0-5]\d", hours) is not None
    if not told or not "00:00" <= start < end <= "24:00":
        raise ValueError('opening before closing, such as "09:00-18:00"')
    return hours


def _there(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("a zone of the IANA database, such as Europe/Moscow")
    return zone


Hours = Annotated[str, AfterValidator(_forward)]
"""09:00-18:00, opening before closing."""
Weekday = Annotated[int, Field(ge=1, le=7)]
"""ISO: 1 is Monday."""
ZoneName = Annotated[str, AfterValidator(_there)]
