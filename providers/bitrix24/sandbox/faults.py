"""What can go wrong on the way, switched on by rules: which method, which of its calls, how often.

Faults of the *way* meet the HTTP exchange of the outer method; faults of the *command* meet a method wherever it runs,
alone or inside a batch.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatch

from providers.bitrix24.sandbox.answers import RestError, Result

HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


@dataclass(frozen=True, slots=True)
class Way:
    """Something happens to the exchange."""


@dataclass(frozen=True, slots=True)
class Status(Way):
    """Answered by something in front of the portal; the method does not run."""

    status: int = 502
    body: str = HTML
    content_type: str = "text/html; charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Redirect(Way):
    """302 to the same path at another host: the portal was renamed. The method does not run."""

    host: str
    """Scheme and host, `https://new.bitrix24.ru`."""


@dataclass(frozen=True, slots=True)
class Lost(Way):
    """The method runs, a write is done, and the connection closes without a byte."""


@dataclass(frozen=True, slots=True)
class Reset(Way):
    """The method runs; the connection is reset after so many bytes of the body."""

    after: int = 200


@dataclass(frozen=True, slots=True)
class Truncated(Way):
    """The method runs; the body ends early: without a length told, or short of it."""

    keep: float = 0.5
    length_told: bool = False


@dataclass(frozen=True, slots=True)
class Drip(Way):
    """The method runs; the body comes in small pieces with pauses."""

    size: int = 64
    pause: float = 0.01


@dataclass(frozen=True, slots=True)
class Latency(Way):
    """The answer comes late."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Command:
    """Something happens to a method, alone or in a batch."""


@dataclass(frozen=True, slots=True)
class Fails(Command):
    """The method answers with this error and does not run."""

    code: str | int = ""
    description: str = "Внутренняя ошибка<br>"
    status: int = 400


@dataclass(frozen=True, slots=True)
class Missing(Command):
    """In a batch: the command is in neither `result` nor `result_error`."""


@dataclass(frozen=True, slots=True)
class Only(Command):
    """The list gives so many rows and swears there are no more, as after a loss of rights."""

    rows: int = 5


@dataclass(frozen=True, slots=True)
class Short(Command):
    """The page is cut to so many rows while its total and next stay: still valid JSON."""

    rows: int = 1


Fault = Way | Command


@dataclass(slots=True)
class Rule:
    """`nth`: only this one of the matching calls, from 1; `times`: so often, None for ever."""

    fault: Fault
    method: str
    nth: int | None
    times: int | None
    seen: int = 0
    used: int = 0

    def meets(self, method: str) -> bool:
        """Whether the fault strikes this call; counts it."""
        if not fnmatch(method.lower(), self.method.lower()):
            return False
        self.seen += 1
        due = self.nth in (None, self.seen) and (self.times is None or self.used < self.times)
        self.used += due
        return due


@dataclass(slots=True)
class Faults:
    """The rules in force."""

    rules: list[Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault, method: str = "*", *, nth: int | None = None, times: int | None = 1) -> Rule:
        """From now on; `method` may hold wildcards."""
        rule = Rule(fault, method, nth, times)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """All is well again."""
        self.rules.clear()

    def way(self, method: str) -> list[Way]:
        """What strikes this exchange."""
        with self._lock:
            return [r.fault for r in self.rules if isinstance(r.fault, Way) and r.meets(method)]

    def command(self, method: str) -> list[Command]:
        """What strikes this run of a method."""
        with self._lock:
            return [r.fault for r in self.rules if isinstance(r.fault, Command) and r.meets(method)]


class MissingCommand(RestError):
    """Raised for a command that a batch must leave out."""

    def __init__(self) -> None:
        super().__init__("ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response.", 500)


def before(faults: list[Command]) -> None:
    """Raise what keeps a method from running."""
    for fault in faults:
        if isinstance(fault, Fails):
            raise RestError(fault.code, fault.description, fault.status)
        if isinstance(fault, Missing):
            raise MissingCommand()


def after(faults: list[Command], result: Result) -> Result:
    """Take rows away from a list's answer."""
    for fault in faults:
        if isinstance(fault, Only):
            rows = _cut(result, fault.rows)
            result.total, result.next = (None if result.total is None else rows), None
        elif isinstance(fault, Short):
            _cut(result, fault.rows)
    return result


def _cut(result: Result, keep: int) -> int:
    if isinstance(result.value, list):
        result.value = result.value[:keep]
        return len(result.value)
    if isinstance(result.value, dict):
        for name, rows in result.value.items():
            if isinstance(rows, list):
                result.value = {name: rows[:keep]}
                return len(rows[:keep])
    return 0
