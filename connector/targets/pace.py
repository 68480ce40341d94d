"""Where a plan stands in a running period: pace = fact / (plan x share of the working time gone by).

Linear working time is the honest default as long as the team's own curve within a month is unknown
(kpi/statistics.md, "Pace"). Pure: the moment, the period and the calendar come in.
"""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

import msgspec

from connector.moment import Period, WorkCalendar, Zone, local_day, midnight


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, what is done of it, and what that means at `at`. Amounts are in the KPI's unit.

    `pace` is None before any working time has passed or where the plan is 0. `per_day` is what each working day to
    come must bring, None when none is left, 0 when the plan is reached.
    """

    plan: Decimal
    fact: Decimal
    share: Decimal
    """Working time gone by, 0..1 of the period."""
    expected: Decimal
    """The part of the plan that this share of time should have brought."""
    pace: Decimal | None
    attainment: Decimal | None
    left: Decimal
    days_gone: int
    """Working days that are over."""
    days_left: int
    """Working days not yet over, today's included."""
    per_day: Decimal | None


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """A working day: what it had to bring as it began, what it brought, what is left of that. In the KPI's unit."""

    needed: Decimal
    done: Decimal
    left: Decimal


def today(found: Pace, done: Decimal, *, whole: bool) -> Today | None:
    """Of the day at whose morning a pace was taken; `done`: the part of its fact that came on this day, `whole`: there
    are no parts of one. None where no working day is left or the plan was reached before.
    """
    before = found.plan - found.fact + done
    if not found.days_left or before <= 0:
        return None
    unit = Decimal(1) if whole else Decimal("0.01")
    needed = (before / found.days_left).quantize(unit, ROUND_CEILING)
    return Today(needed=needed, done=done, left=max(needed - done, Decimal(0)))


def pace(plan: Decimal, fact: Decimal, period: Period, at: datetime, calendar: WorkCalendar, zone: Zone) -> Pace:
    """The pace at an instant; outside the period its nearer end counts, so that a past period's pace is attainment."""
    start, end = period.bounds(zone)
    moment = min(max(at, start), end)
    whole = calendar.seconds(start, end)
    share = Fraction(calendar.seconds(start, moment), whole) if whole else Fraction(int(moment >= end))
    expected = _decimal(Fraction(plan) * share)
    gone = _days_gone(period, moment, calendar, zone)
    days_left = calendar.working_days(period.start, period.end) - gone
    left = max(plan - fact, Decimal(0))
    return Pace(
        plan=plan,
        fact=fact,
        share=_decimal(share),
        expected=expected,
        pace=_decimal(Fraction(fact) / (Fraction(plan) * share)) if plan > 0 and share else None,
        attainment=_decimal(Fraction(fact) / Fraction(plan)) if plan > 0 else None,
        left=left,
        days_gone=gone,
        days_left=days_left,
        per_day=(left / days_left).quantize(Decimal("0.01"), ROUND_CEILING) if days_left else None,
    )


def this_morning(at: datetime, zone: Zone) -> datetime:
    """The beginning of the local day. A pace that is written into a CRM is taken then: it changes once a night instead
    of with every minute, and nobody is held to a day that is not over.
    """
    return midnight(local_day(at, zone), zone)


def _days_gone(period: Period, moment: datetime, calendar: WorkCalendar, zone: Zone) -> int:
    if moment >= period.bounds(zone)[1]:
        return calendar.working_days(period.start, period.end)
    today = local_day(moment, zone)
    closes = calendar.closes(today)
    over = int(closes is not None and moment >= closes)
    return calendar.working_days(period.start, today) + over


def _decimal(value: Fraction) -> Decimal:
    """Six places, half up: enough to compare, too few for noise."""
    scaled = value * 1_000_000
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)) / 1_000_000
