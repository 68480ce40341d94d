"""A plan and where it stands: fact, pace, what is left, and where the month will end as far as anybody can say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from connector.kpi.definition import Kpi
from connector.kpi.text import Language
from connector.moment import from_ms, zone_of
from connector.pipeline.showing import Shown
from connector.targets.forecast import Forecast
from connector.targets.likely.midway import Ahead80, by_now
from connector.targets.likely.telling import REALISM
from connector.targets.opinion import telling as opinion
from connector.targets.outlook import Outlook
from connector.targets.pace import Pace
from connector.targets.planning.telling.by_days import of_agreed
from connector.targets.suggest import realism
from connector.web import locale
from connector.web.views.figures import Pen
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class PlanBlock:
    """As text; `share` and `gone` are 0..1 for the bar. `behind`: red, because chance does not explain it. `by_days`:
    what the plan is, where his days leave less of it than was agreed on.
    """

    title: str
    fact: str
    plan: str
    attained: str
    pace: str
    expected: str
    left: str
    per_day: str
    days_left: str
    share: float
    gone: float
    behind: bool
    reached: bool
    forecast: str
    chance: str
    second: str
    """The other forecast beside it and its chance; `why`: which of both is told, as the past prefers it."""
    why: str
    note: str
    href: str
    author: str
    by_days: str


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """A plan of another KPI than revenue in a running month: where it stands, where the month will end, how likely the
    plan is to be reached, and what such a plan is called.
    """

    title: str
    fact: str
    plan: str
    forecast: str
    chance: str
    kind: str
    href: str
    by_days: str


def others(seen: Shown, subject: str, pen: Pen) -> tuple[OtherPlan, ...]:
    """Those of a person of which the account's own past lets anything be said."""
    found = []
    for (who, key), agreed in sorted(seen.plans.items()):
        if who != subject or key not in seen.insides or key not in pen.kpis:
            continue
        due = seen.by_days[who, key].value or None if (who, key) in seen.by_days else agreed.value
        if due is not None and (ahead := _inside(seen, subject, pen.kpis[key], due)) is not None:
            found.append(_other(seen, subject, pen.kpis[key], due, ahead, pen))
    return tuple(found)


def _inside(seen: Shown, subject: str, kpi: Kpi, due: Decimal) -> Ahead80 | None:
    told = seen.insides[kpi.key].of(subject.removeprefix("user:"), due)
    return None if told is None else by_now(told, kpi, seen.results.get((subject, kpi.key)), due)


def _other(seen: Shown, subject: str, kpi: Kpi, due: Decimal, ahead: Ahead80, pen: Pen) -> OtherPlan:
    low, high, plan = (locale.figure(one, kpi.unit, pen.currency, pen.language) for one in (ahead.low, ahead.high, due))
    fact = seen.results.get((subject, kpi.key))
    return OtherPlan(
        title=kpi.title(pen.language),
        fact=locale.NONE if fact is None else pen.text(fact),
        plan=plan,
        forecast=f"{low}–{high}",
        chance=chance(ahead.chance, pen.language),
        kind=REALISM[realism(ahead.chance)](pen.language),
        href=pen.href(kpi.key, subject),
        by_days=_by_days(seen, subject, kpi, pen),
    )


def _by_days(seen: Shown, subject: str, kpi: Kpi, pen: Pen) -> str:
    less = seen.by_days.get((subject, kpi.key))
    if less is None:
        return ""
    return of_agreed(less, locale.figure(less.full, kpi.unit, pen.currency, pen.language), pen.language)


def block(seen: Shown, subject: str, pen: Pen, kpi: str) -> PlanBlock | None:
    """None without a plan."""
    found = seen.paces.get((subject, kpi))
    if found is None or kpi not in pen.kpis:
        return None
    ahead = seen.outlooks.get(subject.removeprefix("user:")) if subject.startswith("user:") else None
    unit, language = pen.kpis[kpi].unit, pen.language

    def told(value: Decimal) -> str:
        return locale.figure(value, unit, pen.currency, language)

    agreed = seen.plans.get((subject, kpi))
    return PlanBlock(
        title=pen.kpis[kpi].title(language),
        fact=told(found.fact),
        plan=told(found.plan),
        attained=locale.NONE if found.attainment is None else locale.share(found.attainment, language),
        pace=locale.NONE if found.pace is None or not seen.running else locale.share(found.pace, language),
        expected=told(found.expected),
        left=told(found.left),
        per_day=told(found.per_day) if found.per_day and seen.running else "",
        days_left=locale.counted_days(found.days_left, language),
        share=_share(found),
        gone=float(found.share),
        behind=behind(ahead),
        reached=found.plan > 0 and found.fact >= found.plan,
        forecast=_forecast(ahead, pen),
        chance=chance(None if ahead is None else ahead.today.forecast.chance, language),
        second=_second(ahead, pen),
        why="" if ahead is None or ahead.today.other is None else opinion.why(ahead.today.other.verdict, language),
        note=_note(seen, found, ahead, language),
        href=pen.href(kpi, subject),
        author="" if agreed is None or not agreed.reason else agreed.reason,
        by_days=_by_days(seen, subject, pen.kpis[kpi], pen),
    )


def behind(ahead: Outlook | None) -> bool:
    """Red: even the upper end of the forecast misses the plan, and chance does not explain it, two mornings running."""
    return ahead is not None and ahead.behind


def chance(value: float | None, language: Language) -> str:
    """To the nearest five percent, as nobody knows more; empty for none."""
    if value is None:
        return ""
    if value < 0.05 or value > 0.95:
        return WORDS["chance_low" if value < 0.05 else "chance_high"](language)
    return locale.plain(round(value * 20) * 5, 0, language) + ("\u00a0%" if language == "ru" else "%")


def as_of(seen: Shown, language: Language) -> str:
    """Up to when the numbers reach, by the account's clock."""
    return locale.dated(from_ms(seen.report.as_of).astimezone(zone_of(seen.zone)), language)


def closed(seen: Shown, language: Language) -> str:
    """When the month was closed; empty while it is open."""
    at = seen.report.closed_at
    return "" if at is None else WORDS["closed_on"](language).format(at=locale.dated(at, language))


def _share(found: Pace) -> float:
    return min(1.0, float(found.fact / found.plan)) if found.plan > 0 else 0.0


def _forecast(ahead: Outlook | None, pen: Pen) -> str:
    return "" if ahead is None else _ends(ahead.today.forecast, pen)


def _second(ahead: Outlook | None, pen: Pen) -> str:
    if ahead is None or (other := ahead.today.other) is None:
        return ""
    whose = opinion.whose(other.verdict, told=False)(pen.language)
    return f"{_ends(other.forecast, pen)} · {chance(other.forecast.chance, pen.language)} ({whose})"


def _ends(told: Forecast, pen: Pen) -> str:
    low, high = (locale.money(_rounded(end), pen.currency, pen.language) for end in (told.low, told.high))
    return f"{low}–{high}"


def _rounded(value: float) -> float:
    """To three digits that matter: nobody's month is known to the rouble."""
    size = max(0, len(str(int(abs(value)))) - 3)
    return float(round(value, -size))


def _note(seen: Shown, found: Pace, ahead: Outlook | None, language: Language) -> str:
    """What to make of it where it looks bad and is not known to be, and of plans nobody could reach."""
    if not seen.running or found.pace is None or found.pace >= 1:
        return ""
    if ahead is None:
        return WORDS["no_forecast"](language)
    if ahead.hopeless:
        return WORDS["plan_out_of_reach"](language)
    return "" if ahead.behind else WORDS["may_be_chance"](language)
