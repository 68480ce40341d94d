"""judge, ahead of time: targets that people reach with an agreed chance, and how good such promises were before."""

from __future__ import annotations

from decimal import Decimal

from connector.errors import BadConfig
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.history import ahead, nothing_to_learn, past
from connector.pipeline.planning.opinion import Stood, gathered
from connector.targets.backtest import backtest
from connector.targets.forecast_backtest import forecast_backtest
from connector.targets.model import prior
from connector.targets.outcome import Suggested, Tested
from connector.targets.suggest import CHANCE, predict, realism, split, suggest

LONG = 25
"""Months that a trial looks at: two years, and one for the season."""


def suggest_targets(
    bench: Workbench, period: Period, *, chance: float = CHANCE, company: Decimal | None = None
) -> Suggested:
    """Targets of a month by everybody's months before it. Raises BadConfig for a period that is no month, and where
    there is nothing to learn from.
    """
    label = _month(period)
    with bench.store.read() as conn:
        seen = past(bench, conn, label)
        to_come = ahead(bench, conn, list(seen.names), label)
    team = prior(seen.people)
    if team is None:
        raise nothing_to_learn(bench.settings.name, label)
    tested = backtest(bench.settings.name, seen.people, chance=chance)
    targets = tuple(
        suggest(bench.settings.name, person, team, to_come, chance=chance, vouched=tested.vouches)
        for person in seen.people
    )
    drawn = {person.user: predict(bench.settings.name, person, team, to_come) for person in seen.people}
    parts = None if company is None else split(float(company), drawn)
    return Suggested(
        bench.settings.name, bench.currency(), label, chance, targets, tested,
        parts, realism(parts.chance) if parts else None, drawn,
    )  # fmt: skip


def try_targets(bench: Workbench, period: Period, *, chance: float = CHANCE) -> Tested:
    """The months before this one, each predicted from those before it."""
    with bench.store.read() as conn:
        seen = past(bench, conn, _month(period), months=LONG)
        material = gathered(bench, conn, seen)
    name = bench.settings.name
    forecasts = forecast_backtest(name, seen.people, stood=Stood.of(material))
    return Tested(name, backtest(name, seen.people, chance=chance), tuple(forecasts))


def _month(period: Period) -> str:
    if period.months() != (period.label,):
        raise BadConfig([f"targets are of a month such as 2026-10, not of {period.label}"])
    return period.label
