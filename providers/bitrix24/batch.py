"""A batch: up to 50 commands in one request, every one of them accounted for by name. Fact sheet 2.4.

The portal answers 200 even if every command failed, leaves commands out when it stops early, and writes maps with
numeric keys as lists: so names are text (`c0`), and a command found neither among results nor among errors is Missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connector.errors import Broken, KpiError
from providers.bitrix24 import php
from providers.bitrix24.verdict import judge_code, operating_pause, problem

MOST = 50
"""Commands a request."""
PAGE = 50
"""Rows a list command returns at most."""


@dataclass(frozen=True, slots=True)
class Command:
    """One method call inside a batch."""

    method: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """`method?query`, url-encoded once: that is how a JSON body carries it."""
        return f"{self.method}?{php.query(self.parameters)}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One method's answer. `told_at` is the server's time with the portal's own offset."""

    result: Any
    told_at: datetime
    total: int | None = None
    operating: float | None = None
    """Seconds this method has used in ten minutes, cumulative: never to be summed."""


class NotRun(Broken):
    """The portal neither answered nor refused this command."""


def moment_of(text: Any) -> datetime | None:
    """`time.date_start` of an answer, with the portal's own offset kept; None where it is missing."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def account_for(
    commands: Mapping[str, Command], result: Any, *, told_at: datetime, where: str
) -> dict[str, Reply | KpiError]:
    """An answer or an error for each name asked. Raises Broken where the answer has no shape of a batch."""
    try:
        whole = php.table(result)
        results, errors, totals, times = (
            php.table(whole.get(section)) for section in ("result", "result_error", "result_total", "result_time")
        )
    except ValueError as error:
        raise Broken(f"a batch was answered with {error}", where=where) from None
    return {
        name: _outcome(
            command, name, results, errors.get(name), totals.get(name), times.get(name), told_at, f"{where} {name}"
        )
        for name, command in commands.items()
    }


def _outcome(
    command: Command,
    name: str,
    results: Mapping[str, Any],
    error: Any,
    total: Any,
    time: Any,
    told_at: datetime,
    where: str,
) -> Reply | KpiError:
    if error is not None:
        found = problem(error if isinstance(error, dict) else {"error": error}) or ("", "")
        retry_at = told_at + operating_pause(time if time else error, told_at)
        return judge_code(400, *found, where=f"{where} {command.method}", retry_at=retry_at)
    if name not in results:
        return NotRun("the portal did not run this command", where=f"{where} {command.method}")
    operating = time.get("operating") if isinstance(time, dict) else None
    return Reply(results[name], told_at, _count(total), float(operating) if operating is not None else None)


def _count(total: Any) -> int | None:
    try:
        return int(total)
    except (TypeError, ValueError):
        return None
