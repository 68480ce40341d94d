"""Cells -> result: the value, or None with the reason why there is nothing to measure. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from connector.kpi import survival
from connector.kpi.definition import Kpi, Measure
from connector.kpi.fold import Cell, Gathered
from connector.kpi.interval import Interval, of_mean, of_quantile, of_ratio
from connector.kpi.sampling import COUNTED, SUMMED, counted, pairs, summed
from connector.kpi.varying import way
from connector.kpi.waiting import settled
from connector.money import to_units
from connector.result import Result


@dataclass(frozen=True, slots=True)
class Given:
    """What is no fact: the plan in force (in the KPI's unit; of it what is left, where the KPI asks for that), the days
    worked, and the plan agreed on first where it was changed since. `told`: what the KPI is of, and what it should be
    of, where it is muted by that.
    """

    plan: Decimal | None = None
    days: int | None = None
    first: Decimal | None = None
    told: tuple[Cell, Cell] | None = None


_NOTHING = Given()


def evaluate(kpi: Kpi, subject: str, period: str, found: Gathered, *, currency: str, given: Given = _NOTHING) -> Result:
    """The KPI of one subject from all that was gathered for it."""
    plain, (kpi, found) = kpi, settled(kpi, found)
    blank = Result(kpi=kpi.key, subject=subject, period=period, unit=kpi.unit, value=None, ripening=found.ripening)
    above = _folded(kpi.top[0], found.top, currency)
    interval = _interval(kpi, subject, period, found, currency, given.days)
    both = _together(found.top, found.bottom)
    if not kpi.ratio:
        value = None if above is None else above / kpi.per
        numerator = value if kpi.top[0].additive else None
        result = replace(blank, value=value, numerator=numerator, n=found.top.n, interval=interval)
        return _estimated(plain, kpi, _judged(kpi, result, both))
    below, n = _below(kpi, found, given, currency)
    value = above / (below * kpi.per) if above is not None and below else None
    result = replace(blank, value=value, numerator=above, denominator=below, n=n, interval=interval)
    return _judged(kpi, result, both)


def _estimated(plain: Kpi, kpi: Kpi, result: Result) -> Result:
    """With a word where it is an estimate because too many still wait."""
    switched = plain.waits and kpi.top[0].take == "survival"
    return replace(result, reason="estimated") if switched and result.enough and result.reason is None else result


def muted(kpi: Kpi, result: Result, given: Given) -> Result:
    """The same, not enough where too few of those it should be of told anything (K-07, fields filled)."""
    if kpi.muted is None or given.told is None or not result.enough or not given.told[1].total:
        return result
    few = Decimal(given.told[0].total) < Decimal(str(kpi.muted.least)) * Decimal(given.told[1].total)
    return replace(result, enough=False, reason=kpi.muted.reason) if few else result


def without_source(kpi: Kpi, subject: str, period: str, reason: str = "no_source") -> Result:
    """What the CRM does not give or the configuration does not name is not 0."""
    return Result(kpi=kpi.key, subject=subject, period=period, unit=kpi.unit, value=None, reason=reason)


def _together(top: Cell, bottom: Cell) -> Cell:
    both = Cell()
    both.add(top)
    both.add(bottom)
    return both


def _below(kpi: Kpi, found: Gathered, given: Given, currency: str) -> tuple[Decimal | None, int]:
    """The denominator, and of how many facts the KPI is."""
    if kpi.days:
        return None if given.days is None else Decimal(given.days), found.top.n
    if kpi.plan is not None:
        return given.plan or None, found.top.n
    return _folded(kpi.bottom[0], found.bottom, currency), found.bottom.n


def _folded(one: Measure, cell: Cell, currency: str) -> Decimal | None:
    """The cell's value in the measure's unit; None for the quantile of nothing, or of what mostly still waits."""
    values: Any = cell.values
    if one.take == "clients":
        return Decimal(len(set(values)))
    if one.take == "expected":
        return to_units(sum(values), currency) if values else None
    if one.take == "survival":
        time = survival.time_until(values, one.quantile)
        return None if time is None else Decimal(str(time))
    if one.take in ("quantile", "age"):
        value = _quantile(sorted(values), one.quantile)
        return value if value is None or not one.money else to_units(round(value), currency)
    return to_units(int(cell.total), currency) if one.money else Decimal(cell.total)


def _quantile(ordered: list[float], quantile: float) -> Decimal | None:
    """The value that this part of them does not exceed, the mean of two where both would do: so a median is that of the
    middle, and doubling every fact changes nothing.
    """
    if not ordered:
        return None
    place = Fraction(str(quantile)) * len(ordered)
    high = ordered[min(math.floor(place), len(ordered) - 1)]
    low = ordered[max(math.ceil(place) - 1, 0)]
    return (Decimal(low) + Decimal(high)) / 2


def _interval(kpi: Kpi, subject: str, period: str, found: Gathered, currency: str, days: int | None) -> Interval | None:
    """In the KPI's unit; None where the values do not tell one."""
    one, values, told = kpi.top[0], found.top.values, way(kpi)
    if told in COUNTED or told in SUMMED:
        drawn = counted(kpi, found, days) if told in COUNTED else summed(kpi, found, days)
        return _scaled(drawn, kpi, one, currency)
    if told == "pairs":
        return _scaled(of_ratio(pairs(kpi, found), f"{kpi.key}|{subject}|{period}"), kpi, one, currency)
    if kpi.spread is not None:
        drawn = of_mean([float(value) for value in found.spread.values], f"{kpi.key}|{subject}|{period}")  # type: ignore[arg-type]  # numbers by the measure
        return _scaled(drawn, kpi, kpi.spread, currency)
    if one.take in ("quantile", "age"):
        ordered = sorted(float(value) for value in values)  # type: ignore[arg-type]  # numbers by the measure
        return _scaled(of_quantile(ordered, one.quantile), kpi, one, currency)
    if one.take == "survival":
        return _scaled(survival.interval(values, one.quantile), kpi, one, currency)  # type: ignore[arg-type]  # waits by the measure
    return None


def _scaled(interval: Interval | None, kpi: Kpi, one: Measure, currency: str) -> Interval | None:
    if interval is None:
        return None
    money = one.money and not (kpi.bottom and kpi.bottom[0].money)
    low, high = (to_units(round(end), currency) if money else end / kpi.per for end in interval)
    return low, high


def _judged(kpi: Kpi, result: Result, cell: Cell) -> Result:
    """With how far it can be trusted, by the facts it rests on."""
    enough = result.value is not None and result.n >= kpi.minimum
    result = replace(result, enough=enough, confidence=cell.confidence, assumed=cell.assumed)
    if cell.unpriced:
        return replace(result, reason="no_rate")
    if enough:
        return result
    undecided = kpi.top[0].take == "survival" and result.n > 0
    missing = "undecided" if undecided else kpi.empty
    return replace(result, reason="few_data" if result.value is not None and result.n else missing)
