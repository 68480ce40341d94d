"""Simulated teams whose deals go through stages: how much of a month's end stands in them is known.

Time is plain: a month's working time runs as its days do.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from connector.kpi.chance import A_DAY, chances
from connector.moment import Period, to_ms
from connector.targets.opinion.lives import Life, late, standing, stays
from connector.targets.opinion.standing import Standing, fresh_share
from connector.targets.series import Month, Person, months_before

LABELS = months_before("2026-10", 17)
STAGES = ("new", "met", "offered", "agreed")


@dataclass(frozen=True, slots=True)
class Trade:
    """Enquiries a day, days on each stage on average, the part of those on a stage that goes on, the deviation of log
    sizes, and of what moves a whole month's enquiries at once.
    """

    leads: float = 0.5
    days: tuple[float, ...] = (6.0, 10.0, 12.0, 8.0)
    goes_on: tuple[float, ...] = (0.6, 0.6, 0.7, 0.8)
    sigma: float = 0.7
    swing: float = 0.2


LONG = Trade()
"""Some three big deals a month, each a month and more on its way."""
SHORT = Trade(leads=3.0, days=(0.4, 0.4, 0.4, 0.3), goes_on=(0.5, 0.7, 0.8, 0.9))
"""Won or lost in a day or two: hardly any of the rest of a month stands open."""


@dataclass(frozen=True, slots=True)
class Dealers:
    """The team's months and its deals."""

    people: tuple[Person, ...]
    lives: tuple[Life, ...]

    def stood(self, label: str, cut: float) -> Standing:
        """As the product's own: chances of the month's beginning, what was fresh in the six months before."""
        start, end = bounds(label)
        moment = round(start + (end - start) * cut)
        open = standing(self.lives, chances(stays(self.lives, start)), moment, end)
        return Standing(open, fresh_share(self.late(label), cut))

    def late(self, label: str) -> list[tuple[float, float]]:
        """When the deals of wins were first seen, and when they were won."""
        spans = [bounds(one) for one in LABELS if one < label][-6:]
        found = late(self.lives, spans)
        return [(_share(spans[place], seen), _share(spans[place], won)) for place, seen, won in found]


def bounds(label: str) -> tuple[int, int]:
    """Epoch ms."""
    first, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in _days(label))
    return to_ms(first), to_ms(end)


def dealers(seed: int, trade: Trade, people: int = 8) -> Dealers:
    """Everybody with rates, conversions and sizes of his own."""
    rng = np.random.default_rng(seed)
    swing = {label: float(np.exp(rng.normal(0, trade.swing))) for label in LABELS}
    persons, lives = [], []
    for number in range(people):
        own, leads = _lives(rng, str(500 + number), trade, swing)
        persons.append(Person(str(500 + number), f"Seller {number}", tuple(_months(own, leads))))
        lives += own
    return Dealers(tuple(persons), tuple(lives))


def _lives(rng: np.random.Generator, user: str, trade: Trade, swing: dict[str, float]) -> tuple[list[Life], list[int]]:
    rate, size, skill = rng.gamma(8, 1 / 8) * trade.leads, np.log(100_000) + rng.normal(0, 0.3), rng.normal(0, 0.15)
    lives, asked = [], []
    for label in LABELS:
        start, end = bounds(label)
        for at in np.sort(rng.uniform(start, end, rng.poisson(rate * 30 * swing[label]))):
            asked.append(int(at))
            lives.append(_life(rng, user, int(at), trade, skill, float(np.exp(rng.normal(size, trade.sigma)))))
    return lives, asked


def _life(rng: np.random.Generator, user: str, at: int, trade: Trade, skill: float, size: float) -> Life:
    entries, moment, won = [], float(at), True
    for stage, days, on in zip(STAGES, trade.days, trade.goes_on, strict=True):
        entries.append((int(moment), stage))
        moment += rng.gamma(2, days / 2) * A_DAY
        if rng.random() > min(on * np.exp(skill), 0.98):
            won = False
            break
    last = bounds(LABELS[-1])[1]
    if moment >= last:
        return Life(user, tuple(one for one in entries if one[0] < last), prices=((0, size),))
    return Life(user, tuple(entries), "won" if won else "lost", int(moment), ((0, size),))


def _months(lives: list[Life], asked: list[int]) -> list[Month]:
    found = []
    for label in LABELS:
        span = start, end = bounds(label)
        wins = sorted((one.ended or 0, one.prices[0][1] or 0.0) for one in lives
                      if one.outcome == "won" and one.ended is not None and start <= one.ended < end)  # fmt: skip
        leads = bisect_right(asked, end) - bisect_right(asked, start)
        here = [one for one in lives if start <= one.entries[0][0] < end]
        won = sum(one.outcome == "won" for one in here)
        found.append(
            Month(
                label, 21.0, leads, len(here), won, tuple(amount for _, amount in wins),
                tuple(_share(span, at) for at, _ in wins),
            )
        )  # fmt: skip
    return found


def _days(label: str) -> tuple[datetime, datetime]:
    month = Period.parse(label)
    return (datetime.combine(month.start, datetime.min.time()), datetime.combine(month.end, datetime.min.time()))


def _share(span: tuple[int, int], at: int) -> float:
    return (at - span[0]) / (span[1] - span[0])
