"""Where a KPI's running month will end, in 80 % of cases, and how likely a plan of it is to be reached. Pure.

The month's model takes in what was done so far. How much usually has come by now, and how bursty days are, is learned
from the same months up to a part of their time; and the same trial as of whole months decides whether anything is told:
each of the last months forecast from those before it and its own first part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from connector.kpi.definition import Kpi
from connector.result import Result
from connector.targets.backtest import Backtest, Case, tested_months, tried
from connector.targets.forecast import within
from connector.targets.likely.model import Mark, Model
from connector.targets.likely.promise import Sense
from connector.targets.likely.tally import NOTHING, ByNow, Tally
from connector.targets.model import Draws
from connector.targets.opinion.verdict import Verdict
from connector.targets.planning.prorating import scales
from connector.targets.series import Ahead

CUTS = (0.3, 0.6)
"""Shares of a month's working time at which forecasts are tried."""
PEER = ("run_rate",)
_TRUSTED = 100.0
"""How many at a cut count as much as plain working time: as in the forecast of revenue."""


Trials = tuple[tuple[float, Backtest], ...]
"""What forecasts were worth at each cut."""


@dataclass(frozen=True, slots=True)
class Part:
    """Everybody's finished months up to a cut: `gone`: by label the share of working time over; `done`: by then."""

    cut: float
    gone: Mapping[str, float]
    done: Mapping[Mark, Tally]

    def until(self, label: str) -> Part:
        """As it was before this month began."""
        return Part(self.cut, {one: share for one, share in self.gone.items() if one < label}, self.done)


@dataclass(frozen=True, slots=True)
class Way:
    """The way through a month: shares of working time and of what has come by them, from 0 to 1; how bursty it is."""

    gone: tuple[float, ...]
    come: tuple[float, ...]
    bursts: float

    def by(self, gone: float) -> ByNow:
        """At a moment of a month."""
        return ByNow(float(np.interp(gone, self.gone, self.come)), self.bursts)


@dataclass(frozen=True, slots=True)
class Ahead80:
    """Where the month ends, in the KPI's unit, in the middle and in 80 % of cases; `chance` of the plan."""

    low: Decimal
    middle: Decimal
    high: Decimal
    chance: float
    beside: Beside | None = None
    """Of revenue, the other forecast."""

    def at_least(self, fact: Decimal, plan: Decimal, more: bool = True) -> Ahead80:
        """Of a sum of which so much is there by now, against a plan; `more`: to be reached, else not to be exceeded."""
        low, middle, high = (max(end, fact) for end in (self.low, self.middle, self.high))
        beside = self.beside and replace(self.beside, ends=self.beside.ends.at_least(fact, plan, more))
        sure = fact >= plan if more else fact > plan
        return Ahead80(low, middle, high, float(more) if sure else self.chance, beside)


def by_now(told: Ahead80, kpi: Kpi, result: Result | None, due: Decimal) -> Ahead80:
    """Against what is due, with what came since this morning: that is there whatever was expected of the day."""
    if result is None or result.value is None or not scales(kpi):
        return told
    return told.at_least(result.value, due, kpi.direction == "more")


@dataclass(frozen=True, slots=True)
class Beside:
    """The forecast that is not the one told: by the open deals, or the model's where these are preferred."""

    ends: Ahead80
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Inside:
    """A KPI of a running month: the months drawn, by user, and what such forecasts were worth at each cut."""

    kpi: str
    sense: Sense
    drawn: Mapping[str, Draws] = field(default_factory=dict, repr=False)
    trials: Trials = ()

    @property
    def vouched(self) -> bool:
        """Whether chances came true at every cut: else nothing is told."""
        return bool(self.trials) and all(trial.vouches for _, trial in self.trials)

    def of(self, user: str, plan: Decimal) -> Ahead80 | None:
        """His month against a plan; None where nothing may be said of it."""
        if not self.vouched or user not in self.drawn:
            return None
        draws = self.drawn[user]
        low, middle, high = map(self.sense.told, within(draws))
        return Ahead80(low, middle, high, self.sense.chance(draws, float(plan)))


def way(model: Model, parts: Sequence[Part]) -> Way:
    """Learned from finished months, drawn towards working time where little was counted."""
    whole = model.whole
    seen = [(part, list(_seen(part, whole))) for part in parts]
    points = [(0.0, 0.0), *(_point(part.cut, some) for part, some in seen), (1.0, 1.0)]
    gone, come = (tuple(one[place] for one in points) for place in (0, 1))
    strayed = expected = 0.0
    for share, done, of in (one for _, some in seen for one in some):
        usual = float(np.interp(share, gone, come))
        strayed += (done - usual * of) ** 2
        expected += usual * (1 - usual) * of
    return Way(gone, come, max(strayed / expected, 1.0) if expected else 1.0)


def trials(account: str, model: Model, parts: Sequence[Part], sense: Sense) -> Trials:
    """Of each cut."""
    return tuple((part.cut, tried(_all_cases(account, model, parts, part, sense), peers=PEER)) for part in parts)


def _all_cases(account: str, model: Model, parts: Sequence[Part], part: Part, sense: Sense) -> list[Case]:
    tested = tested_months(model.labels)
    return [case for label in tested for case in _cases(account, model, parts, part, sense, label)]


def _cases(account: str, model: Model, parts: Sequence[Part], part: Part, sense: Sense, label: str) -> list[Case]:
    if label not in part.gone:
        return []
    came = {seen.user: month for seen in model.people for month in seen.months if month[0] == label}
    before, gone = model.until(label), part.gone[label]
    by_now = way(before, [one.until(label) for one in parts]).by(gone)
    done = {user: part.done.get((user, label), NOTHING) for user in came}
    drawn = before.finished(account, Ahead(label, {user: days for user, (_, days, _) in came.items()}), done, by_now)
    sign, found = 1.0 if sense.more else -1.0, []
    for seen in before.people:
        if seen.enough and seen.user in drawn and seen.user in came:
            usual = [value for _, _, value in seen.months]
            said = _run_rate(done[seen.user], gone, sense, usual)
            scale = abs(sum(usual) / len(usual)) or 1.0
            found.append(Case(drawn[seen.user] * sign, came[seen.user][2] * sign, (said * sign,), scale))
    return found


def _run_rate(done: Tally, gone: float, sense: Sense, usual: Sequence[float]) -> float:
    """What people say without a model: as it went so far; where nothing did, as usual."""
    if sense.unit != "count":
        return done.hits / done.tries if done.tries else usual[-1]
    return done.hits / gone if gone else usual[-1]


def _seen(part: Part, whole: Mapping[Mark, Tally]) -> Iterator[tuple[float, float, float]]:
    """Of each month with anything in it: the share of time gone, how many had come by then, and in all."""
    for (user, label), month in whole.items():
        if label in part.gone and (of := month.tries or month.hits) > 0:
            done = part.done.get((user, label), NOTHING)
            yield part.gone[label], done.tries if month.tries else done.hits, of


def _point(cut: float, seen: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    gone = sum(share for share, _, _ in seen) / len(seen) if seen else cut
    come, of = sum(done for _, done, _ in seen), sum(of for _, _, of in seen)
    return gone, (come + _TRUSTED * gone) / (of + _TRUSTED)
