"""A year of facts of 200 people, as they come from deriving: arrived in order of time, corrected now and then.

A deal has its creation, enquiry, outcome and time, stands open for a while, and five calls; nothing is planted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

START, END = datetime(2025, 12, 31, 21, tzinfo=UTC), datetime(2026, 12, 20, 12, tzinfo=UTC)
"""A year in Moscow, of which it is the twentieth of December."""
SELLERS = tuple(str(501 + n) for n in range(200))
STANDS = 99991231
_DAY, _HOUR = 86_400_000, 3_600_000
_OPENS, _WORKS = 9 * _HOUR, 10 * _HOUR
_CORRECTED = 0.02
"""Wins whose amount was corrected a week later."""


class Size(NamedTuple):
    """How much of it."""

    deals: int
    calls: int


def facts(size: Size, account: int = 1, *, chunk: int = 50_000) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of the fact table without its id, in order of time, some deals at a time."""
    chance = np.random.default_rng(7)
    first, last = _ms(START), _ms(END)
    days = [first + _DAY * n for n in range((last - first) // _DAY + 1)]
    names = [int(f"{START + timedelta(hours=3, days=n):%Y%m%d}") for n in range(len(days) + 400)]
    calls = round(size.calls / size.deals)
    for start in range(0, size.deals, chunk):
        count = min(chunk, size.deals - start)
        yield list(_deals(chance, range(start, start + count), size.deals, calls, account, first, last, names))


def _deals(
    chance: Any, numbers: range, deals: int, calls: int, account: int, first: int, last: int, names: list[int]
) -> Iterator[tuple[Any, ...]]:
    count = len(numbers)
    sellers = chance.integers(0, len(SELLERS), count).tolist()
    amounts = (chance.lognormal(11, 1, count) * 100).astype(np.int64).tolist()
    cycles = (chance.exponential(14, count) * _DAY).astype(np.int64).tolist()
    won, late, odd = (
        chance.random(count).tolist(),
        (chance.exponential(900, count)).tolist(),
        chance.random(count).tolist(),
    )
    talks, kinds = chance.exponential(90, count * calls).astype(int).tolist(), chance.random(count * calls).tolist()
    gaps = (chance.random(count * calls) * 10 * _DAY).astype(np.int64).tolist()
    moments = (chance.random(count) * _WORKS).astype(np.int64).tolist()
    for place, n in enumerate(numbers):
        user, deal, key = SELLERS[sellers[place]], str(n + 1), f"company:{n // 2}"
        at = first + (last - first) * n // deals
        at = at - (at - first) % _DAY + _OPENS + moments[place]
        if at >= last:
            at = last - _HOUR
        closes, amount = at + cycles[place], amounts[place]
        row = _Row(account, key, deal, user, first, names)
        yield row("created", at, number=None if closes >= last else cycles[place] / 1000, known=at)
        answered = None if odd[place] > 0.95 else round(late[place])
        yield row("enquiry", at, number=answered, due=at + 900_000, known=at)
        won_at = closes if closes < last and won[place] < 0.4 else None
        yield row("lead_won", at, number=None if won_at is None else cycles[place] / 1000, due=at + 90 * _DAY, known=at)
        ended = closes if closes < last else None
        yield row("open_deal", at, stands=True, amount=amount, due=closes - _DAY, known=at, ended=ended)
        if ended is None:
            yield row("open_quiet", at, stands=True, due=at + 20 * _DAY, known=at)
        elif won_at is not None:
            corrected = closes + 7 * _DAY if odd[place] < _CORRECTED and closes + 7 * _DAY < last else None
            if corrected:
                yield row("win", closes, amount=amount * 2, number=n % 3 + 1, known=closes, ended=corrected)
            yield row("win", closes, amount=amount, number=n % 3 + 1, other=n % 400, known=corrected or closes)
            yield row("cycle", closes, number=cycles[place] / 1000, known=closes)
            yield row("return", closes, due=closes + 90 * _DAY, number=None, known=closes)
        else:
            yield row("loss", closes, number=n % 3, known=closes)
        for k in range(place * calls, place * calls + calls):
            rang = min(at + gaps[k], last - 1)
            if kinds[k] < 0.75:
                yield row("call_out", rang, number=talks[k], other=talks[k] if k % 2 else None, call=True, known=rang)
            elif kinds[k] < 0.9:
                yield row("call_in", rang, number=talks[k], call=True, known=rang)
            else:
                yield row("call_missed", rang, call=True, known=rang)
                back = talks[k] * 10 if k % 4 else None
                yield row("callback", rang, number=back, due=rang + 3_600_000, call=True, known=rang)


class _Row:
    """Rows of one deal, in the order of the table's columns."""

    def __init__(self, account: int, dossier: str, deal: str, user: str, first: int, names: list[int]) -> None:
        self.account, self.dossier, self.deal, self.user = account, dossier, deal, user
        self.first, self.names, self.count = first, names, 0

    def __call__(
        self, kind: str, at: int, *, known: int, stands: bool = False, amount: int | None = None,
        number: float | None = None, other: float | None = None, due: int | None = None, ended: int | None = None,
        call: bool = False,
    ) -> tuple[Any, ...]:  # fmt: skip
        self.count += 1
        day = STANDS if stands else self.names[(at - self.first) // _DAY]
        return (
            self.account, self.dossier, f"{kind}|deal:{self.deal}.{self.count}", kind, at, day, self.user, self.dossier,
            self.deal, None, f"{self.deal}.{self.count}" if call else None, "31", "Сайт", amount, number, other, None,
            None if call else self.user, None, None if call else self.user, due, "exact", None, None, known, ended,
        )  # fmt: skip


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
