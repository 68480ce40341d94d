"""A batch: up to 50 commands in one request, every one of them accounted for by name. Fact sheet 2.4.

The portal answers 200 even if every command failed, leaves commands out when it stops early, and writes maps with
numeric keys as lists: so names are text (`c0`), and a command found neither among results nor among errors is Missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from connector.errors import Broken, KpiError
from providers.bitrix24 import php
from providers.bitrix24.limits import Limits
from providers.bitrix24.verdict import OPERATING, judge_code, problem

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
    commands: Mapping[str, Command], result: Any, *, told_at: datetime, where: str, limits: Limits
) -> dict[str, Reply | KpiError]:
    """An answer or an error for each name asked; `limits` learns of each. Raises Broken where it is no batch at all."""
    try:
        whole = php.table(result)
        results, errors, totals, times = (
            php.table(whole.get(section)) for section in ("result", "result_error", "result_total", "result_time")
        )
    except ValueError as error:
        raise Broken(f"a batch was answered with {error}", where=where) from None
    for name, time in times.items():
        if name in commands:
            limits.learn(commands[name].method, time, told_at)
    outcomes: dict[str, Reply | KpiError] = {}
    for name, command in commands.items():
        at = f"{where} {name} {command.method}"
        if errors.get(name) is not None:
            close = partial(limits.close, command.method, told_at=told_at)
            outcomes[name] = _refused(errors[name], times.get(name), at, close)
        elif name in results:
            outcomes[name] = Reply(results[name], told_at, _count(totals.get(name)))
        else:
            outcomes[name] = NotRun("the portal did not run this command", where=at)
    return outcomes


def _refused(error: Any, time: Any, where: str, close: Callable[[Any], datetime]) -> KpiError:
    told = error if isinstance(error, dict) else {"error": error}
    code, text = problem(told) or ("", "")
    retry_at = close(time or told.get("time")) if code == OPERATING else None
    return judge_code(400, code, text, where=where, retry_at=retry_at)


def _count(total: Any) -> int | None:
    try:
        return int(total)
    except (TypeError, ValueError):
        return None
