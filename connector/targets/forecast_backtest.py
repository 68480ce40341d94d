"""How good forecasts inside a month were on the account's past, beside the run-rate and the month of before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from connector.targets.backtest import TRAINING
from connector.targets.forecast import Curve, curve, finish
from connector.targets.model import Draws, Prior, posterior, prior
from connector.targets.series import COMPARABLE, Month, Person, labels
from connector.targets.suggest import generator

CUTS = (0.25, 0.5, 0.75)
"""Shares of a month's working time at which it is forecast."""
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
class _Case:
    cut: float
    actual: float
    plan: float
    scale: float
    said: dict[str, Draws]


def forecast_backtest(account: str, people: Sequence[Person], *, last: int = 6) -> list[Accuracy]:
    """The last months, each from those before it and its own first part."""
    cases = [case for label in labels(people)[TRAINING:][-last:] for case in _month(account, people, label)]
    methods = sorted({method for case in cases for method in case.said})
    return [_accuracy(cut, method, [case for case in cases if case.cut == cut]) for cut in CUTS for method in methods]


def _month(account: str, people: Sequence[Person], label: str) -> Iterator[_Case]:
    known = [person.until(label) for person in people]
    team, shape = prior([person for person in known if person.comparable]), curve(known)
    for person, before in zip(people, known, strict=True):
        month = next((one for one in person.months if one.label == label), None)
        if team is None or month is None or month.days <= 0 or before.comparable < COMPARABLE:
            continue
        for cut in CUTS:
            yield _case(account, before, month, cut, team, shape)


def _case(account: str, before: Person, month: Month, cut: float, team: Prior, shape: Curve) -> _Case:
    wins, fact = month.by(cut)
    tenure = None if before.tenure is None else before.tenure + len(before.months)
    exposure = team.ground.exposure(month.label, month.days, tenure)
    rng = generator(account, before.user, f"{month.label}@{cut}")
    ours = finish(
        posterior(before, team), team,
        exposure=exposure, expected_share=shape.at(cut), wins=wins, fact=fact, rng=rng,
    )  # fmt: skip
    recent = [one.revenue for one in before.months[-3:]]
    scale = max(sum(one.revenue for one in before.months) / len(before.months), 1.0)
    said = {"model": ours, "run_rate": np.array([fact / cut]), "seasonal_naive": np.array([_year_ago(before, month)])}
    return _Case(cut, month.revenue, sum(recent) / len(recent), scale, said)


def _year_ago(before: Person, month: Month) -> float:
    """The same month of the year before, else the last one."""
    same = [one.revenue for one in before.months if one.label[5:] == month.label[5:]]
    return same[-1] if same else before.months[-1].revenue


def _accuracy(cut: float, method: str, cases: Sequence[_Case]) -> Accuracy:
    said = [case.said[method] for case in cases]

    def mean(of: Callable[[_Case, Draws], float]) -> float:
        return round(sum(of(case, draws) for case, draws in zip(cases, said, strict=True)) / len(cases), 4)

    covered = mean(lambda case, draws: float(np.quantile(draws, 0.1) <= case.actual <= np.quantile(draws, 0.9)))
    return Accuracy(
        cut,
        method,
        len(cases),
        mean(_pinball),
        mean(lambda case, draws: abs(float(np.median(draws)) - case.actual) / case.scale),
        covered if len(said[0]) > 1 else None,
        mean(lambda case, draws: (float((draws >= case.plan).mean()) - float(case.actual >= case.plan)) ** 2),
    )


def _pinball(case: _Case, draws: Draws) -> float:
    """Twice the mean over the deciles, which is about the CRPS."""
    missed = case.actual - np.quantile(draws, _DECILES)
    return float(2 * np.maximum(_DECILES * missed, (_DECILES - 1) * missed).mean() / case.scale)
