"""Targets for a month: what each will reach with an agreed chance, and how realistic any plan is. Pure.

A target with a chance of 0.6 is the value that six of ten drawn months reach. Whoever has too little history gets the
team's, and it says so. No chance is stated until a backtest on the account's own past has shown what chances are worth.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from connector.targets.model import Draws, Prior, posterior, revenue
from connector.targets.series import COMPARABLE, Ahead, Person

Realism = Literal["unrealistic", "ambitious", "realistic", "easy", "too_easy"]
_CLASSES: tuple[tuple[float, Realism], ...] = (
    (0.2, "unrealistic"), (0.45, "ambitious"), (0.75, "realistic"), (0.9, "easy"), (1.01, "too_easy")
)  # fmt: skip
"""Below which chance of being reached a target is called so (kpi/statistics.md)."""
CHANCE, MINIMUM, AMBITIOUS = 0.6, 0.75, 0.35
"""The usual target, the least that is worth agreeing on, and one for who wants more."""
ENOUGH_DEALS = 10
LEAST, MOST = 0.8, 1.3
"""Of the own median by worked day: a target outside is a jump that nobody believes."""
Why = Literal["few_months", "few_deals", "raised_to_own", "lowered_to_own"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """In whole units of the currency. `chance`: of `target`, None where no backtest vouches for chances.

    `low`, `expected`, `high`: what the month is going to be, in the middle and in 80 % of cases; `average`: on average,
    which is what adds up over people. `why`: what was done beyond the model. `basis`: comparable months and deals it
    rests on.
    """

    user: str
    name: str
    target: int
    minimum: int
    ambitious: int
    chance: float | None
    low: int
    expected: int
    high: int
    average: int
    own: bool
    why: tuple[Why, ...]
    basis: tuple[int, int]
    days: float


@dataclass(frozen=True, slots=True)
class Split:
    """A company's plan by one common chance: everybody's part is equally likely to be reached."""

    chance: float
    parts: Mapping[str, int]


def realism(chance: float) -> Realism:
    """What to call a target that is reached with this chance."""
    return next(name for end, name in _CLASSES if chance < end)


def chance_of(draws: Draws, target: float) -> float:
    """How many of the drawn months reach it."""
    return float((draws >= target).mean())


def generator(account: str, user: str, label: str) -> np.random.Generator:
    """The same for the same account, person and month, so that a rerun suggests the same."""
    digest = hashlib.sha256(f"{account}|{user}|{label}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def predict(account: str, person: Person, team: Prior, ahead: Ahead) -> Draws:
    """The month drawn many times; of the team where the person's own history is too short."""
    tenure = None if person.tenure is None else person.tenure + len(person.months)
    exposure = team.ground.exposure(ahead.label, ahead.days.get(person.user, 0.0), tenure)
    known = person if not _thin(person) else Person(person.user, person.name, (), person.tenure)
    return revenue(posterior(known, team), team, exposure, generator(account, person.user, ahead.label))


def suggest(
    account: str,
    person: Person,
    team: Prior,
    ahead: Ahead,
    *,
    chance: float = CHANCE,
    vouched: bool = True,
) -> Suggestion:
    """The targets of one person. `vouched`: a backtest has shown that chances come true."""
    draws = predict(account, person, team, ahead)
    thin, days = _thin(person), ahead.days.get(person.user, 0.0)
    bounds = None if thin else _bounds(person, days)
    wanted = float(np.quantile(draws, 1 - chance))
    target, moved = _within(wanted, bounds)
    low, middle, high = (float(np.quantile(draws, part)) for part in (0.1, 0.5, 0.9))
    return Suggestion(
        user=person.user,
        name=person.name,
        target=rounded(target),
        minimum=rounded(min(target, float(np.quantile(draws, 1 - MINIMUM)))),
        ambitious=rounded(max(target, float(np.quantile(draws, 1 - AMBITIOUS)))),
        chance=round(chance_of(draws, rounded(target)), 2) if vouched else None,
        low=rounded(low),
        expected=rounded(middle),
        high=rounded(high),
        average=rounded(float(draws.mean())),
        own=not thin,
        why=(*thin, *moved),
        basis=(person.comparable, sum(month.wins for month in person.months)),
        days=days,
    )


def split(plan: float, drawn: Mapping[str, Draws]) -> Split:
    """Everybody's part of a company's plan at the one chance at which they add up to it; odd roubles to the largest."""
    low, high = 0.001, 0.999
    for _ in range(60):
        middle = (low + high) / 2
        if sum(float(np.quantile(draws, 1 - middle)) for draws in drawn.values()) >= plan:
            low = middle
        else:
            high = middle
    parts = {user: float(np.quantile(draws, 1 - low)) for user, draws in drawn.items()}
    whole = sum(parts.values())
    scale = plan / whole if whole else 0.0
    shares = {user: math.floor(part * scale) for user, part in parts.items()}
    if shares:
        largest = max(shares, key=lambda user: (shares[user], user))
        shares[largest] += round(plan) - sum(shares.values())
    reached = [chance_of(draws, shares[user]) for user, draws in drawn.items()]
    return Split(round(sum(reached) / len(reached), 3) if reached else 0.0, shares)


def rounded(value: float) -> int:
    """To three digits that matter: 1 234 567 is 1 230 000, as nobody agrees on the odd rouble."""
    if value < 1:
        return 0
    step = 10 ** max(0, math.floor(math.log10(value)) - 2)
    return int(round(value / step) * step)


def _thin(person: Person) -> tuple[Why, ...]:
    """Why somebody's own history does not do."""
    if person.comparable < COMPARABLE:
        return ("few_months",)
    return ("few_deals",) if sum(month.wins for month in person.months) < ENOUGH_DEALS else ()


def _bounds(person: Person, days: float) -> tuple[float, float] | None:
    """What is believable beside one's own ordinary worked day."""
    rates = [month.revenue / month.days for month in person.months[-12:] if month.days > 0]
    usual = median(rates) * days if rates else 0.0
    return (usual * LEAST, usual * MOST) if usual > 0 else None


def _within(value: float, bounds: Sequence[float] | None) -> tuple[float, tuple[Why, ...]]:
    if bounds is None:
        return value, ()
    if value < bounds[0]:
        return bounds[0], ("raised_to_own",)
    return (bounds[1], ("lowered_to_own",)) if value > bounds[1] else (value, ())
