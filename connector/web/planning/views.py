"""A person's plans as the editor shows them: each with how likely it is, a form and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.kpi.definition import Kpi
from connector.kpi.text import Language
from connector.moment import zone_of
from connector.pipeline.planning.chances import Odds
from connector.pipeline.planning.likely import REVENUE
from connector.pipeline.planning.planned import Seen
from connector.result import Plan
from connector.store.agreed.plan_guard import Refusal
from connector.targets.likely.promise import Promise
from connector.targets.likely.telling import REALISM, silence
from connector.targets.planning.person import PlannedKpi
from connector.targets.plans import number
from connector.targets.suggest import realism
from connector.web import locale
from connector.web.views.plan import chance
from connector.web.words import WORDS

LONGEST_VALUE = 20
"""Characters: no plan of anybody needs more."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a plan."""

    number: int
    value: str
    author: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One KPI: `now` its plan as text, `typed` what the field holds, `odds` lines about its chance."""

    kpi: str
    pipeline: str
    title: str
    meaning: str
    unit: str
    now: str
    typed: str
    reason: str
    odds: tuple[str, ...]
    watched: bool
    """Whether the chance follows what is typed."""
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything on it. `refusal`: why no plan of this month is taken any more; empty where one is."""

    id: str
    name: str
    as_of: str
    refusal: str
    rows: tuple[PlanRow, ...]
    others: tuple[tuple[str, str], ...]


def settable(kpi: Kpi) -> bool:
    """Whether anybody agrees on a value of it: no plan is made of plans, and some have no good side."""
    return kpi.plan is None and kpi.direction != "neither"


def asked_odds(seen: Seen, user: str) -> tuple[str, ...]:
    """Of which KPIs chances are wanted on a person's page: of his own and of revenue."""
    return tuple(sorted({REVENUE, *(one.kpi.key for one in seen.person(user).rows if settable(one.kpi))}))


def plan_page(
    seen: Seen, user: str, told: Odds, refusal: Refusal | None, typed: Mapping[str, str], language: Language
) -> PlanPage:
    """`typed`: a form that was not taken: its fields are shown again."""
    person = seen.person(user)
    rows = [_row(one, seen, user, told, typed, language) for one in person.rows if settable(one.kpi)]
    known = {one.kpi.key for one in person.rows}
    if REVENUE not in known and REVENUE in seen.kpis:
        rows.insert(0, _row(PlannedKpi(seen.kpis[REVENUE]), seen, user, told, typed, language))
        known.add(REVENUE)
    others = [
        (key, f"{kpi.title(language)} ({_unit(kpi, seen.currency, language)})")
        for key, kpi in seen.kpis.items()
        if settable(kpi) and key not in known
    ]
    return PlanPage(
        id=user,
        name=person.name,
        as_of=locale.dated(seen.at.astimezone(zone_of(seen.zone)), language),
        refusal="" if refusal is None else refused(refusal, language),
        rows=tuple(rows),
        others=tuple(sorted(others, key=lambda one: one[1])),
    )


def read(text: str, kpi: Kpi) -> Decimal | None:
    """A value as people type it, shares in percent; None where it is no number above 0."""
    bare = text.strip().removesuffix("%").strip()
    value = number(bare) if len(bare) <= LONGEST_VALUE else None
    if value is None or value <= 0:
        return None
    return value / 100 if kpi.unit == "share" else value


def written(value: Decimal, kpi: Kpi) -> str:
    """The same back into a field: shortest, never in powers of ten."""
    told = value * 100 if kpi.unit == "share" else value
    text = f"{told:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def odds_lines(
    told: Promise | None, user: str, value: Decimal | None, currency: str, language: Language
) -> tuple[str, ...]:
    """How likely a plan is to be reached, or why that is not said; nothing of a KPI that was not looked at."""
    if told is None:
        return ()
    if not told.vouched:
        return (WORDS["odds_not"](language).format(why=silence(told)(language)),)
    aim = next((one for one in told.aims if one.user == user), None)
    if aim is None:
        return (WORDS["odds_nobody"](language),)
    lines = []
    likely = None if value is None else told.chance(user, value)
    if likely is not None:
        words = {"chance": chance(likely, language), "class_": REALISM[realism(likely)](language)}
        lines.append(WORDS["odds"](language).format(**words))
    if aim.chance is not None:
        low, high, usual = (
            locale.figure(one, told.sense.unit, currency, language) for one in (aim.low, aim.high, aim.target)
        )
        words = {"low": low, "high": high, "target": usual, "chance": chance(aim.chance, language)}
        lines.append(WORDS["odds_usual"](language).format(**words))
    return (*lines, WORDS["odds_by"](language))


def refused(one: Refusal, language: Language) -> str:
    """Why a plan is not taken and what to do, in the reader's words."""
    since = "" if one.since is None else locale.day(one.since, language)
    month = one.plan.period if one.why == "no_period" else locale.month(one.plan.period, language)
    return WORDS[f"refused_{one.why}"](language).format(month=month, since=since)


def _row(one: PlannedKpi, seen: Seen, user: str, told: Odds, typed: Mapping[str, str], language: Language) -> PlanRow:
    kpi, current = one.kpi, one.current
    pipeline, its = one.pipeline or ("", "")
    mine = typed.get("kpi") == kpi.key and typed.get("pipeline", "") == pipeline
    odds = told.get(kpi.key) if not pipeline and seen.running else None
    value = (read(typed.get("value", ""), kpi) if mine else None) or (current.value if current else None)
    return PlanRow(
        kpi=kpi.key,
        pipeline=pipeline,
        title=f"{kpi.title(language)} · {its}" if its else kpi.title(language),
        meaning=kpi.meaning(language),
        unit=_unit(kpi, seen.currency, language),
        now=WORDS["plan_none"](language) if current is None else _value(current, kpi, seen, language),
        typed=typed.get("value", "") if mine else "" if current is None else written(current.value, kpi),
        reason=typed.get("reason", "") if mine else "",
        odds=odds_lines(odds, user, value, seen.currency, language),
        watched=odds is not None and odds.vouched,
        versions=tuple(_version(plan, kpi, seen, language) for plan in reversed(one.versions)),
    )


def _version(plan: Plan, kpi: Kpi, seen: Seen, language: Language) -> VersionLine:
    author = WORDS["plan_from_config"](language) if plan.author == "config" else plan.author
    at = "" if plan.at is None else locale.dated(plan.at.astimezone(zone_of(seen.zone)), language)
    return VersionLine(plan.version, _value(plan, kpi, seen, language), author, plan.reason, at)


def _value(plan: Plan, kpi: Kpi, seen: Seen, language: Language) -> str:
    return locale.figure(plan.value, kpi.unit, seen.currency, language)


def _unit(kpi: Kpi, currency: str, language: Language) -> str:
    return WORDS[f"plan_in_{kpi.unit}"](language).format(unit=locale.SIGNS.get(currency, currency))
