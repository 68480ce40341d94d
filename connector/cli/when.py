"""How a command is told of which days, and as known when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, overload

import typer

from connector.cli import spoken
from connector.cli.tongue import Language, speaks
from connector.errors import BadConfig
from connector.moment import DAY
from connector.moment import Period as Span

if TYPE_CHECKING:  # the wiring imports the database; --help must not wait for it
    from connector.pipeline.bench import Workbench

YOUNG = 3
"""Days in which a month has too little to show."""
Period = Annotated[
    str, typer.Option("--period", "-p", help="2026-09, 2026-Q3, 2026-W36, 2026-09-03 or 2026-09-01..2026-09-15.")
]
ThisMonth = Annotated[
    str | None,
    typer.Option("--period", "-p", help="2026-09, 2026-Q3, 2026-W36, a day or FROM..TO; default this month."),
]


def moment(told: str) -> datetime:
    """A day or a moment as typed; naive where it has no offset of its own."""
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        raise typer.BadParameter(f"{told!r} is no moment such as 2026-09-20 or '2026-09-20 14:30'") from None


MOMENT = "2026-09-20, '2026-09-20 14:30' in the account's time zone, or with an offset: 2026-09-20T14:30Z."
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", help=f"As known at this moment: {MOMENT}", parser=moment, metavar="MOMENT"),
]


def parsed(text: str) -> Span:
    """The period, or a wrong call."""
    try:
        return Span.parse(text)
    except ValueError as error:
        raise BadConfig([f"--period: {error}"]) from None


def asked_for(bench: Workbench, told: str | None) -> Span:
    """The period as typed, else the month that runs by the account's clock."""
    return parsed(told) if told else Span.month(bench.today())


@overload
def there(bench: Workbench, at: datetime) -> datetime: ...


@overload
def there(bench: Workbench, at: datetime | None) -> datetime | None: ...


def there(bench: Workbench, at: datetime | None) -> datetime | None:
    """A moment as typed; without an offset of its own it is by the account's clock."""
    return at.replace(tzinfo=bench.zone()) if at is not None and at.tzinfo is None else at


def warn_young(opened: Sequence[Workbench], period: str | None, asked: Language | None) -> None:
    """Where nobody named a month and the running one has hardly begun, which one is shown and how to see the last."""
    from connector.cli.screen import say

    for bench in opened if period is None else ():
        day = bench.today()
        if day.day <= YOUNG:
            month = Span.month(day)
            told = {"month": month.label, "day": day.day, "past": Span.month(month.start - DAY).label}
            say(spoken.line("month_young", speaks([bench], asked), name=bench.settings.name, **told))
