"""Charts as values: what the browser draws, and the same as a table for whoever does not see it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from connector.advice.diagnosis.gap import FACTORS
from connector.advice.recommendation.advised import PersonAdvice
from connector.advice.recommendation.words import FACTOR
from connector.kpi.definition import Kpi
from connector.kpi.explain import Explanation
from connector.kpi.text import Language, Text
from connector.moment import DAY, WorkCalendar, from_ms, local_day
from connector.money import to_units
from connector.pipeline.showing import PLANNED, Shown
from connector.records import Pipeline, Stage
from connector.result import Result
from connector.store.asked.standing import Standing
from connector.web import locale
from connector.web.words import WORDS

Chart = dict[str, Any]
"""`kind`, `title`, `unit` as text before or after a number, what to draw, and `table`: head and rows of text."""


def pace_chart(seen: Shown, subject: str, proof: Explanation, calendar: WorkCalendar, language: Language) -> Chart:
    """Revenue day by day beside the plan in working time, and where the month will end as far as that is known."""
    period, zone, currency = seen.report.period, seen.zone, seen.report.currency
    days = [period.start + DAY * n for n in range((period.end - period.start).days)]
    pace = seen.paces.get((subject, PLANNED))
    plan = None if pace is None else _plan_line(days, float(pace.plan), calendar)
    fact = _cumulative(days, proof, zone, currency)
    shown = [value if day <= seen.today else None for day, value in zip(days, fact, strict=True)]
    ahead = seen.outlooks.get(subject.removeprefix("user:"))
    told = None if ahead is None else ahead.today.forecast
    word = {key: WORDS[key](language) for key in ("day", "fact", "plan")}
    nothing: list[float | None] = [None for _ in days]
    rows = [
        [locale.day(day, language), _money(one, currency, language), _money(two, currency, language)]
        for day, one, two in zip(days, shown, plan or nothing, strict=True)
    ]
    return {
        "kind": "pace",
        "title": WORDS["chart_pace"](language),
        "names": [word["fact"], word["plan"], WORDS["forecast"](language)],
        "labels": [str(day.day) for day in days],
        "fact": shown,
        "plan": plan,
        "band": None if told is None else [told.low, told.high],
        "unit": _unit("money", currency, language),
        "table": {"head": [word["day"], word["fact"], word["plan"]], "rows": rows},
    }


def trend_chart(results: Sequence[Result], kpi: Kpi, currency: str, language: Language) -> Chart:
    """A KPI month by month with its interval."""
    of_month = {one.period: one for one in results if one.kpi == kpi.key}
    bars = [
        (locale.short_month(label, language), locale.month(label, language), of_month[label])
        for label in sorted(of_month)
    ]
    return _with_intervals("trend", WORDS["trend_of"], WORDS["month"], bars, kpi, currency, language)


def compare_chart(
    results: Mapping[str, Result], names: Mapping[str, str], kpi: Kpi, currency: str, language: Language
) -> Chart:
    """People side by side, by name, each with his interval: whose intervals overlap are not told apart."""
    people = sorted((id for id in results if results[id].value is not None), key=lambda id: (names.get(id, id), id))
    bars = [(names.get(id, id), names.get(id, id), results[id]) for id in people]
    return _with_intervals("compare", WORDS["compare_of"], WORDS["seller"], bars, kpi, currency, language)


def _with_intervals(
    kind: str,
    title: Text,
    of: Text,
    bars: Sequence[tuple[str, str, Result]],
    kpi: Kpi,
    currency: str,
    language: Language,
) -> Chart:
    """One value a bar (its label, its name in the table, its result), each with its interval."""
    scale, interval = 100 if kpi.unit == "share" else 1, WORDS["interval"](language)
    return {
        "kind": kind,
        "title": title(language).format(kpi=kpi.title(language)),
        "names": [kpi.title(language), interval],
        "labels": [label for label, _, _ in bars],
        "values": [_scaled(one.value, scale) for _, _, one in bars],
        "low": [_end(one, 0, scale) for _, _, one in bars],
        "high": [_end(one, 1, scale) for _, _, one in bars],
        "unit": _unit(kpi.unit, currency, language),
        "table": {
            "head": [of(language), kpi.title(language), interval, "n"],
            "rows": [_row(name, one, currency, language) for _, name, one in bars],
        },
    }


def funnel_chart(
    deals: Iterable[Standing],
    stages: Mapping[str, Stage],
    pipelines: Mapping[str, Pipeline],
    currency: str,
    language: Language,
) -> Chart:
    """Open deals by the stage on which they stand, in the CRM's order, with what they are worth."""
    counts: Counter[str] = Counter()
    worth: Counter[str] = Counter()
    for one in deals:
        counts[one.deal.stage_id] += 1
        worth[one.deal.stage_id] += one.deal.amount or 0
    order = sorted(counts, key=lambda id: (_pipeline(id, stages, pipelines), _place(id, stages), id))
    several = len({_pipeline(id, stages, pipelines) for id in order}) > 1
    names = [_stage(id, stages, pipelines, several) for id in order]
    amounts = [locale.money(to_units(worth[id], currency), currency, language) for id in order]
    head = [WORDS["stage"](language), WORDS["open_deals"](language), WORDS["amount"](language)]
    return {
        "kind": "funnel",
        "title": WORDS["chart_funnel"](language),
        "names": [WORDS["open_deals"](language)],
        "labels": names,
        "values": [counts[id] for id in order],
        "notes": amounts,
        "unit": ["", ""],
        "table": {
            "head": head,
            "rows": [[name, str(counts[id]), much] for name, id, much in zip(names, order, amounts, strict=True)],
        },
    }


def gap_chart(one: PersonAdvice, currency: str, language: Language) -> Chart:
    """Where a month's gap to the team's middle comes from, factor by factor; the parts add up to it exactly."""
    told = one.diagnosis
    minor = {factor: -told.part(factor).minor for factor in FACTORS}
    own = told.estimate.own.revenue * told.estimate.scale
    team = own + told.gap / 100
    names = [WORDS["team_middle"](language), *(FACTOR[factor](language) for factor in FACTORS), WORDS["own"](language)]
    values = [team, *(value / 100 for value in minor.values()), own]
    bounds = ["", *(_bounds(told.part(factor), currency, language) for factor in FACTORS), ""]
    shown = [locale.money(round(value, -2), currency, language) for value in values]
    shown[1:-1] = [locale.signed(round(value, -2), "money", currency, language) for value in values[1:-1]]
    return {
        "kind": "waterfall",
        "title": WORDS["chart_gap"](language),
        "names": [WORDS["chart_gap"](language)],
        "labels": names,
        "values": [round(value, 2) for value in values],
        "notes": shown,
        "unit": _unit("money", currency, language),
        "table": {
            "head": [WORDS["factor"](language), WORDS["worth"](language), WORDS["interval"](language)],
            "rows": [list(row) for row in zip(names, shown, bounds, strict=True)],
        },
    }


def _bounds(part: Any, currency: str, language: Language) -> str:
    ends = sorted((-part.low / 100, -part.high / 100))
    return " … ".join(locale.signed(round(end, -2), "money", currency, language) for end in ends)


def _plan_line(days: Sequence[date], plan: float, calendar: WorkCalendar) -> list[float]:
    """What should have come by the end of each day."""
    first, last = days[0], days[-1] + DAY
    whole = calendar.working_days(first, last) or 1
    return [round(plan * calendar.working_days(first, day + DAY) / whole, 2) for day in days]


def _cumulative(days: Sequence[date], proof: Explanation, zone: Any, currency: str) -> list[float]:
    won = sorted((local_day(from_ms(one.at), zone), one.amount) for one in proof.items if one.role and one.amount)
    sums, total = [0.0], Decimal(0)
    for _, minor in won:
        total += to_units(minor, currency)
        sums.append(float(total))
    when = [day for day, _ in won]
    return [sums[bisect_right(when, day)] for day in days]


def _money(value: float | None, currency: str, language: Language) -> str:
    return locale.NONE if value is None else locale.money(value, currency, language)


def _scaled(value: Decimal | None, scale: int) -> float | None:
    return None if value is None else round(float(value) * scale, 2)


def _end(result: Result, end: int, scale: int) -> float | None:
    return None if result.interval is None else _scaled(result.interval[end], scale)


def _row(name: str, result: Result, currency: str, language: Language) -> list[str]:
    between = locale.between(result.interval, result.unit, currency, language) if result.interval else locale.NONE
    return [name, locale.figure(result.value, result.unit, currency, language), between, str(result.n)]


def _unit(unit: str, currency: str, language: Language) -> list[str]:
    """What stands before and after a number on an axis."""
    if unit == "money":
        before, _, after = locale.money(0, currency, language).partition("0")
        return [before, after]
    return ["", locale.share(0, language).lstrip("0.,") if unit == "share" else ""]


def _pipeline(stage: str, stages: Mapping[str, Stage], pipelines: Mapping[str, Pipeline]) -> str:
    known = stages.get(stage)
    return pipelines[known.pipeline_id].name if known is not None and known.pipeline_id in pipelines else ""


def _place(stage: str, stages: Mapping[str, Stage]) -> int:
    return stages[stage].sort if stage in stages else 0


def _stage(stage: str, stages: Mapping[str, Stage], pipelines: Mapping[str, Pipeline], several: bool) -> str:
    name = stages[stage].name if stage in stages else stage
    pipeline = _pipeline(stage, stages, pipelines)
    return f"{pipeline}: {name}" if several and pipeline else name
