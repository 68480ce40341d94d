"""How good forecasts inside a month were on the account's past, beside the run-rate and the month of before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from connector.targets.backtest import tested_months
from connector.targets.forecast import Curve, curve, parts_of, wins_left, within_ordered
from connector.targets.model import DRAWS, Draws, Posterior, Prior, posterior, prior, sums
from connector.targets.opinion.alike import Alike, Stood
from connector.targets.opinion.second import second
from connector.targets.opinion.standing import Standing
from connector.targets.series import COMPARABLE, Month, Person, labels
from connector.targets.suggest import generator

CUTS = (0.25, 0.5, 0.75)
"""Shares of a month's working time at which it is forecast."""
_MANY, _LEAST = 600, 1000
"""Forecasts up to which each is drawn as often as one that is told, and how often at least: what is asked for is a mean
over them, and over thousands a fourth of the draws tells the same (docs/benchmarks.md).
"""
_DECILES = np.arange(0.1, 1.0, 0.1)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A method at one cut: mean pinball loss over the deciles and mean absolute error, both by mean revenue; the part
    of months within the 80 % interval, None for a method that gives one number; the Brier score of the chance to beat
    the mean of the three months before.
    """

    cut: float
    method: str
    n: int
    pinball: float
    error: float
    covered: float | None
    brier: float


@dataclass(frozen=True, slots=True)
class Forecasted:
    """One person's month, forecast at one cut by each method: draws from the least to the most."""

    label: str
    user: str
    cut: float
    actual: float
    plan: float
    scale: float
    said: dict[str, Draws]


@dataclass(frozen=True, slots=True)
class _Common:
    """What everybody's month is forecast with; `usual`: the mean revenue of a month, `count`: draws of a forecast."""

    team: Prior
    shape: Curve
    usual: float
    count: int


def forecast_backtest(
    account: str, people: Sequence[Person], *, last: int = 6, stood: Stood | None = None
) -> list[Accuracy]:
    """The last months, each from those before it and its own first part; with the second opinion where it is known
    what `stood` open then.
    """
    alike = None if stood is None else Alike.of(stood, moments(people, last))
    return accuracies(forecasted(account, people, last=last, stood=alike))


def moments(people: Sequence[Person], last: int = 6) -> list[tuple[str, float]]:
    """At which moments of which months forecasts are tried."""
    return [(label, cut) for label in tested_months(labels(people), last) for cut in CUTS]


def forecasted(
    account: str, people: Sequence[Person], *, last: int = 6, stood: Stood | None = None
) -> list[Forecasted]:
    """Every forecast of these months."""
    tested = tested_months(labels(people), last)
    count = drawn(len(tested) * len(people) * len(CUTS))
    return [case for label in tested for case in _month(account, people, label, stood, count)]


def drawn(forecasts: int) -> int:
    """How often each of so many forecasts is drawn."""
    return DRAWS if forecasts <= _MANY else max(DRAWS * _MANY // forecasts, _LEAST)


def accuracies(cases: Sequence[Forecasted]) -> list[Accuracy]:
    """Each method at each cut."""
    methods = sorted({method for case in cases for method in case.said})
    return [_accuracy(cut, method, [case for case in cases if case.cut == cut]) for cut in CUTS for method in methods]


def _month(account: str, people: Sequence[Person], label: str, stood: Stood | None, count: int) -> Iterator[Forecasted]:
    known = [person.until(label) for person in people]
    team = prior([person for person in known if person.comparable])
    common = None if team is None else _Common(team, curve(known), _usual(known), count)
    seen = {cut: stood(label, cut) for cut in CUTS} if stood is not None and team is not None else {}
    for person, before in zip(people, known, strict=True):
        month = next((one for one in person.months if one.label == label), None)
        if common is None or month is None or month.days <= 0 or before.comparable < COMPARABLE:
            continue
        one = posterior(before, common.team)
        for cut in CUTS:
            yield _case(account, before, one, month, cut, common, seen.get(cut))


def _case(
    account: str,
    before: Person,
    one: Posterior,
    month: Month,
    cut: float,
    common: _Common,
    seen: Standing | None,
) -> Forecasted:
    team = common.team
    wins, fact = month.by(cut)
    tenure = None if before.tenure is None else before.tenure + len(before.months)
    exposure = team.ground.exposure(month.label, month.days, tenure)
    rng = generator(account, before.user, f"{month.label}@{cut}")
    expected = common.shape.at(cut)
    left = wins_left(one, team, exposure=exposure, expected_share=expected, wins=wins, rng=rng, count=common.count)
    ours = fact + sums(left, one, team, rng)
    recent = [past.revenue for past in before.months[-3:]]
    scale = _usual([before]) or common.usual or 1.0
    said = {"model": ours, "run_rate": np.array([fact / cut]), "seasonal_naive": np.array([_year_ago(before, month)])}
    if seen is not None:
        said["pipeline"] = second(one, team, left, fact, seen, rng)
    ordered = {method: np.sort(draws) for method, draws in said.items()}
    return Forecasted(month.label, before.user, cut, month.revenue, sum(recent) / len(recent), scale, ordered)


def _usual(people: Sequence[Person]) -> float:
    """Mean revenue of a month: losses are parts of it; the team's where somebody has sold nothing yet."""
    months = [month.revenue for person in people for month in person.months]
    return sum(months) / len(months) if months else 0.0


def _year_ago(before: Person, month: Month) -> float:
    """The same month of the year before, else the last one."""
    same = [one.revenue for one in before.months if one.label[5:] == month.label[5:]]
    return same[-1] if same else before.months[-1].revenue


def _accuracy(cut: float, method: str, cases: Sequence[Forecasted]) -> Accuracy:
    said = [case.said[method] for case in cases]

    def mean(of: Callable[[Forecasted, Draws], float]) -> float:
        return round(sum(of(case, draws) for case, draws in zip(cases, said, strict=True)) / len(cases), 4)

    covered = mean(lambda case, draws: float(holds(draws, case.actual)))
    return Accuracy(
        cut,
        method,
        len(cases),
        mean(pinball),
        mean(lambda case, draws: abs(float(np.median(draws)) - case.actual) / case.scale),
        covered if len(said[0]) > 1 else None,
        mean(lambda case, draws: (float((draws >= case.plan).mean()) - float(case.actual >= case.plan)) ** 2),
    )


def holds(draws: Draws, actual: float) -> bool:
    """Whether what came lies within the 80 % interval as it is told; both ends belong to it, to the rouble."""
    low, _, high = within_ordered(draws)
    return low - 0.5 <= actual <= high + 0.5


def pinball(case: Forecasted, draws: Draws) -> float:
    """Twice the mean over the deciles, which is about the CRPS."""
    missed = case.actual - parts_of(draws, _DECILES)
    return float(2 * np.maximum(_DECILES * missed, (_DECILES - 1) * missed).mean() / case.scale)
