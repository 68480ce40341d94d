"""advise: which KPIs to set for whom in a month, with records to look at; what moving one factor would bring."""

from __future__ import annotations

from dataclasses import replace

from connector.advice.case import Evidence
from connector.advice.diagnosis.gap import FACTORS
from connector.advice.recommendation.advised import Advised, PersonAdvice, WhatIf
from connector.advice.recommendation.candidates import what_if
from connector.advice.recommendation.proving import telling
from connector.advice.words import Language
from connector.errors import BadConfig
from connector.moment import DAY, Period
from connector.pipeline.advice.diagnosing import Month
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import explanation_of
from connector.targets.suggest import CHANCE

PROOF_MONTHS = 3
"""Back from the month asked for, for records."""


def advise_people(
    bench: Workbench,
    period: Period | None,
    *,
    user: str | None = None,
    chance: float = CHANCE,
    language: Language = "ru",
    given: Month | None = None,
) -> Advised:
    """The KPIs to set for a month, by those before it. `period` None: the running one. `user`: only him, by id or name.
    `given`: that month, where it was learned from already: all of its work that is of everybody.

    Raises BadConfig for a period that is no month, somebody who is nobody, and where there is nothing to learn from.
    """
    month = Month(bench, period, chance) if given is None else given
    people = [month.advise(one) for one in month.named(user)]
    span = _span(month.seen.months[-PROOF_MONTHS:])
    return Advised(
        account=bench.settings.name,
        currency=bench.currency(),
        period=month.label,
        basis=(month.seen.months[0], month.seen.months[-1]),
        people=tuple(replace(one, evidence=_evidence(bench, one, span, language)) for one in people),
        chance=chance,
        unknown=tuple(month.unknown()),
        frozen=month.seen.frozen,
    )


def try_factor(bench: Workbench, period: Period | None, user: str, factor: str, value: float) -> WhatIf:
    """What a month brings more when one factor of one person is moved to a value. Raises BadConfig as above, for a
    factor that is none, and for a value that it cannot have.
    """
    if factor not in FACTORS:
        raise BadConfig([f"factor: {factor!r} is none; there are: {', '.join(FACTORS)}"])
    if not value > 0 or (factor in ("contact", "conversion", "kept") and value > 1):
        raise BadConfig([f"value: {factor} is a share between 0 and 1 (leads a day and size: above 0), not {value:g}"])
    month = Month(bench, period)
    one = month.factors(month.named(user)[0])
    now = getattr(one.own, factor)
    moved = what_if(one, factor, value)
    return WhatIf(bench.settings.name, bench.currency(), month.label, one.user, one.name, factor, now, value, moved)


def _evidence(bench: Workbench, one: PersonAdvice, span: Period, language: Language) -> dict[str, tuple[Evidence, ...]]:
    """Of what is to be raised."""
    weak = [chosen.candidate.kpi.key for chosen in one.chosen if chosen.role == "grow"]
    return {
        kpi: tuple(telling(explanation_of(bench, kpi, span, user=one.user), bench.zone(), language)) for kpi in weak
    }


def _span(months: list[str]) -> Period:
    """All of them as one period."""
    first, last = Period.parse(months[0]).start, Period.parse(months[-1]).end - DAY
    return Period.parse(f"{first}..{last}")
