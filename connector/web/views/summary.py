"""Totals for a frame that does not know who looks: the company and teams, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from connector.kpi.spans import COMPANY
from connector.kpi.text import Language
from connector.pipeline.showing import PLANNED, Shown
from connector.web import locale
from connector.web.views import plan
from connector.web.words import WORDS

FEWEST = 3
"""A smaller team's total would tell of its people."""


@dataclass(frozen=True, slots=True)
class Line:
    """One total."""

    name: str
    fact: str
    plan: str
    attained: str
    pace: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on it; `hidden`: there are teams that are too small to be shown."""

    title: str
    period: str
    as_of: str
    lines: tuple[Line, ...]
    hidden: bool


def summary(seen: Shown, language: Language) -> Summary:
    """The company first, then teams by name."""
    below = [id for id in seen.report.teams if id != COMPANY]  # which has a line of its own
    large = [id for id in below if _sellers(seen, id) >= FEWEST]
    teams = sorted(large, key=lambda id: (seen.report.teams[id], id))
    lines = [_company(seen, language), *(_team(seen, id, language) for id in teams)]
    return Summary(
        title=seen.report.account,
        period=locale.month(seen.report.period.label, language),
        as_of=plan.as_of(seen, language),
        lines=tuple(line for line in lines if line is not None),
        hidden=len(large) < len(below),
    )


def _sellers(seen: Shown, team: str) -> int:
    """Of whom there is anything to tell: who has neither a sale nor a plan hides nobody."""
    people = [f"user:{id}" for id in seen.everyone.members.get(team, ())]
    told = [who for who in people if (one := seen.results.get((who, PLANNED))) is not None and one.n]
    return len({*told, *(who for who in people if (who, PLANNED) in seen.plans)})


def _company(seen: Shown, language: Language) -> Line | None:
    people = [f"user:{id}" for id in seen.everyone.users]
    if len(people) < FEWEST:
        return None
    results = [seen.results[who, PLANNED] for who in people if (who, PLANNED) in seen.results]
    won = [one.value for one in results if one.value is not None]
    agreed = seen.plans.get(("account", PLANNED))
    planned = [seen.plans[who, PLANNED].value for who in people if (who, PLANNED) in seen.plans]
    total = agreed.value if agreed is not None else sum(planned, Decimal(0)) if planned else None
    theirs = (
        won
        if agreed is not None
        else [
            seen.results[who, PLANNED].value or Decimal(0)
            for who in people
            if (who, PLANNED) in seen.plans and (who, PLANNED) in seen.results
        ]
    )
    share = sum(theirs, Decimal(0)) / total if total else None
    return _line(WORDS["embed_company"](language), sum(won, Decimal(0)), total, share, None, seen, language)


def _team(seen: Shown, id: str, language: Language) -> Line | None:
    subject = f"team:{id}"
    result, pace = seen.results.get((subject, PLANNED)), seen.paces.get((subject, PLANNED))
    if result is None or result.value is None:
        return None
    planned, attained = (None, None) if pace is None else (pace.plan, pace.attainment)
    running = pace.pace if pace is not None and seen.running else None
    return _line(seen.report.teams[id], result.value, planned, attained, running, seen, language)


def _line(
    name: str,
    fact: Decimal,
    planned: Decimal | None,
    attained: Decimal | None,
    pace: Decimal | None,
    seen: Shown,
    language: Language,
) -> Line:
    """`attained`: of those only who are measured by the plan (rule C9)."""
    currency = seen.report.currency
    return Line(
        name,
        locale.money(fact, currency, language),
        locale.NONE if planned is None else locale.money(planned, currency, language),
        locale.NONE if attained is None else locale.share(attained, language),
        locale.NONE if pace is None else locale.share(pace, language),
    )
