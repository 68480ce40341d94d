"""What somebody will reach of a KPI with an agreed chance, and what such promises were worth before. Pure.

The same rules as for revenue: the value that six of ten drawn months reach, near one's own usual; no chance without a
backtest on the account's own past, and of every KPI its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

import numpy as np

from connector.result import Unit
from connector.targets.backtest import Backtest, Case, case_of, tested_months, tried
from connector.targets.likely.model import Model, Seen
from connector.targets.likely.shape import Unlikely
from connector.targets.model import Draws
from connector.targets.series import Ahead
from connector.targets.suggest import AMBITIOUS, CHANCE, LEAST, MINIMUM, MOST, rounded


@dataclass(frozen=True, slots=True)
class Sense:
    """How a KPI's values are read: its unit, and whether more of it is better."""

    unit: Unit
    more: bool = True

    def chance(self, draws: Draws, value: float) -> float:
        """How many of the drawn months are at least as good."""
        return float((draws >= value).mean() if self.more else (draws <= value).mean())

    def reached(self, draws: Draws, chance: float) -> float:
        """The value that so many of the drawn months reach."""
        return float(np.quantile(draws, 1 - chance if self.more else chance))

    def told(self, value: float) -> Decimal:
        """As people agree on it: whole percent, whole pieces, money to three digits."""
        if self.unit == "share":
            return Decimal(str(round(min(max(value, 0.0), 1.0), 2)))
        return Decimal(round(value)) if self.unit == "count" and value < 1000 else Decimal(rounded(value))


@dataclass(frozen=True, slots=True)
class Aim:
    """One person's targets in the KPI's unit, with what the month is going to be in 80 % of cases.

    `chance`: of `target`, None where no backtest vouches for it; `own`: by his own months, not only the team's;
    `moved`: the model's value was far from his own usual.
    """

    user: str
    name: str
    target: Decimal
    minimum: Decimal
    ambitious: Decimal
    chance: float | None
    low: Decimal
    expected: Decimal
    high: Decimal
    own: bool
    moved: bool
    months: int


UNTRIED = Backtest((), (), 0.0, 0)


@dataclass(frozen=True, slots=True)
class Promise:
    """A KPI of a month: everybody's targets, the drawn months behind them, and the trial. `why`: nothing carries it."""

    kpi: str
    sense: Sense
    aims: tuple[Aim, ...] = ()
    drawn: Mapping[str, Draws] = field(default_factory=dict, repr=False)
    trial: Backtest = UNTRIED
    why: Unlikely | None = None

    @property
    def vouched(self) -> bool:
        """Whether chances came true before: else none is told."""
        return self.why is None and self.trial.vouches

    def chance(self, user: str, plan: Decimal) -> float | None:
        """Of his reaching a plan, None where nothing may be said of it."""
        if not self.vouched or user not in self.drawn:
            return None
        return self.sense.chance(self.drawn[user], float(plan))

    def reached(self, user: str, chance: float = CHANCE) -> Decimal:
        """What somebody with a month drawn reaches with this chance; his target may be another, nearer his usual."""
        return self.sense.told(self.sense.reached(self.drawn[user], chance))


def promise(account: str, kpi: str, model: Model, ahead: Ahead, sense: Sense, chance: float = CHANCE) -> Promise:
    """Of everybody who has a month drawn."""
    trial = tried_before(account, model, sense, chance)
    drawn = model.drawn(account, ahead)
    aims = tuple(
        _aim(seen, drawn[seen.user], ahead, sense, chance, trial.vouches) for seen in model.people if seen.user in drawn
    )
    return Promise(kpi, sense, aims, drawn, trial)


def tried_before(account: str, model: Model, sense: Sense, chance: float = CHANCE) -> Backtest:
    """Each of the last months of everybody predicted from those before it."""
    cases = [case for label in tested_months(model.labels) for case in _cases(account, model, sense, label)]
    return tried(cases, chance)


def _cases(account: str, model: Model, sense: Sense, label: str) -> list[Case]:
    came = {seen.user: month for seen in model.people for month in seen.months if month[0] == label}
    before = model.until(label)
    drawn = before.drawn(account, Ahead(label, {user: days for user, (_, days, _) in came.items()}))
    sign = 1.0 if sense.more else -1.0
    return [
        case_of(drawn[seen.user] * sign, came[seen.user][2] * sign, [value * sign for _, _, value in seen.months])
        for seen in before.people
        if seen.enough and seen.user in drawn and seen.user in came
    ]


def _aim(seen: Seen, draws: Draws, ahead: Ahead, sense: Sense, chance: float, vouched: bool) -> Aim:
    wanted = sense.reached(draws, chance)
    near = _near(wanted, _usual(seen, ahead, sense)) if seen.enough else wanted
    target = sense.told(near)
    easier, harder = (sense.told(sense.reached(draws, one)) for one in (MINIMUM, AMBITIOUS))
    worse, better = (min, max) if sense.more else (max, min)
    low, middle, high = (sense.told(float(np.quantile(draws, part))) for part in (0.1, 0.5, 0.9))
    return Aim(
        user=seen.user,
        name=seen.name,
        target=target,
        minimum=worse(target, easier),
        ambitious=better(target, harder),
        chance=round(sense.chance(draws, float(target)), 2) if vouched else None,
        low=low,
        expected=middle,
        high=high,
        own=seen.enough,
        moved=near != wanted,
        months=len(seen.months),
    )


def _usual(seen: Seen, ahead: Ahead, sense: Sense) -> float:
    """His own middle month, of counts with as many days as the month ahead has."""
    days = ahead.days.get(seen.user, 0.0) if sense.unit == "count" else None
    values: Sequence[float] = [value if days is None else value / of * days for _, of, value in seen.months[-12:]]
    return median(values) if values else 0.0


def _near(value: float, usual: float) -> float:
    return min(max(value, usual * LEAST), usual * MOST) if usual > 0 else value
