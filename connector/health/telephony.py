"""Whether the telephony still tells what it told: calls that stopped, talk times that say nothing, shares that jumped.

A false alarm freezes KPIs, so each asks for strong evidence over three whole working days. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import dropwhile, takewhile
from statistics import median
from typing import NamedTuple

from msgspec.structs import replace

from connector.health.drift import Code, Drift

RECENT, BEFORE = 3, 20
"""Working days that are looked at, and those they are compared with."""
ENOUGH_DAYS = 10
MANY = 30
"""Calls that should have come in the recent days: with as many expected, none at all is no chance."""
ENOUGH_OUT, ENOUGH_TALKS = 60, 30
JUMP, EVIDENCE = 0.25, 6.0
"""A share moved so far, by so many standard deviations, and on each recent day beyond all the days before."""
A_DAY = 15
"""Calls that make a day's share worth comparing."""
SUBJECT = "telephony"


class Day(NamedTuple):
    """The calls of one working day: all, outgoing, outgoing talked on, those shorter than 20 s; talk times, seconds."""

    day: date
    calls: int = 0
    out: int = 0
    talked: int = 0
    short: int = 0
    least: float | None = None
    most: float | None = None


def changes(days: Sequence[Day], known_until: Callable[[date], int | None]) -> Iterator[Drift]:
    """What is wrong with the last working days. `days`: working days in order, all over, those without calls included.

    `known_until`: the moment (epoch ms) up to which the calls of a day were known; the last sound day's is taken.
    """
    days = list(dropwhile(lambda day: not day.calls, days))  # before the telephony was connected there was none
    silent = sum(1 for _ in takewhile(lambda day: not day.calls, reversed(days)))
    recent = days[-max(RECENT, silent) :]
    before = days[: -len(recent)][-BEFORE:]
    if len(recent) < RECENT or len(before) < ENOUGH_DAYS:
        return
    if found := list(_wrong(before, recent, silent)):
        until = known_until(before[-1].day)  # asked of all calls: not at every look where nothing is wrong
        yield from (replace(one, until=until) for one in found)


def _wrong(before: Sequence[Day], recent: Sequence[Day], silent: int) -> Iterator[Drift]:
    if silent >= RECENT:
        if _stopped(before):
            usual = f"{median(day.calls for day in before):g}"
            yield Drift(code="calls_stopped", subject=SUBJECT, before=usual, after="0")
        return
    flat = _flat(before, recent)
    if flat is not None:
        yield Drift(code="calls_flat", subject=SUBJECT, after=f"{flat:g}")
        return
    answered, short = ([[pair(day) for day in some] for some in (before, recent)] for pair in (_answered, _short))
    yield from _jumped("calls_answered", answered[0], answered[1])
    yield from _jumped("calls_short", short[0], short[1])


def _answered(day: Day) -> tuple[int, int]:
    return day.talked, day.out


def _short(day: Day) -> tuple[int, int]:
    return day.short, day.talked


def _stopped(before: Sequence[Day]) -> bool:
    """Whether silence is no chance: every day had some calls and many were to be expected."""
    return all(day.calls for day in before) and median(day.calls for day in before) * RECENT >= MANY


def _flat(before: Sequence[Day], recent: Sequence[Day]) -> float | None:
    """The talk time that every recent call has, where they differed before."""
    told = [day.least for day in before if day.least is not None] + [day.most for day in before if day.most is not None]
    differed = len(set(told)) > 1
    out, talked = sum(d.out for d in recent), sum(d.talked for d in recent)
    usual = sum(d.talked for d in before) / max(1, sum(d.out for d in before))
    if differed and out >= ENOUGH_OUT and talked == 0 and out * usual >= ENOUGH_TALKS:
        return 0.0
    values = {value for day in recent for value in (day.least, day.most) if value is not None}
    return values.pop() if differed and talked >= ENOUGH_TALKS and len(values) == 1 else None


def _jumped(code: Code, before: Sequence[tuple[int, int]], recent: Sequence[tuple[int, int]]) -> Iterator[Drift]:
    usual = [hits / n for hits, n in before if n >= A_DAY]
    now = [hits / n for hits, n in recent if n >= A_DAY]
    if len(usual) < ENOUGH_DAYS or len(now) < RECENT:
        return
    (h1, n1), (h2, n2) = (tuple(map(sum, zip(*some, strict=True))) for some in (before, recent))
    old, new, both = h1 / n1, h2 / n2, (h1 + h2) / (n1 + n2)
    spread = (both * (1 - both) * (1 / n1 + 1 / n2)) ** 0.5
    beyond = min(now) > max(usual) or max(now) < min(usual)
    if beyond and abs(new - old) >= JUMP and spread > 0 and abs(new - old) / spread >= EVIDENCE:
        yield Drift(code=code, subject=SUBJECT, before=f"{old:.0%}", after=f"{new:.0%}")
