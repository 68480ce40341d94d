"""Whether somebody is behind: not by a bad week, but by more than chance explains, and two mornings running. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from connector.targets.forecast import Curve, Forecast, forecast, surprise, wins_left
from connector.targets.model import Draws, Prior, posterior, sums
from connector.targets.opinion.second import second
from connector.targets.opinion.standing import Standing
from connector.targets.opinion.verdict import Verdict
from connector.targets.series import Month, Person
from connector.targets.suggest import generator

HARD_TO_EXPLAIN = 0.01
"""A chance below which a shortfall is no longer put down to luck. Simulated, eight people exactly on plan, every
morning of a month looked at: one in 240 person-months is accused, so 3 % of the team's months; of those who won half as
much as usual one in eleven is found by money alone, as six deals a month say little. At 0.03: 30 % and one in seven.
"""
UNLIKELY = 0.1
"""The chance of a plan that the upper end of an 80 % interval misses."""


@dataclass(frozen=True, slots=True)
class Other:
    """The forecast that is not the one told, and what both were worth."""

    forecast: Forecast
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Morning:
    """The forecast of a month at one morning, and how surprising so little would be."""

    share_gone: float
    fact: float
    wins: int
    forecast: Forecast
    surprise: float
    other: Other | None = None
    """The second opinion beside the forecast, or the model's where it gave way."""

    @property
    def missed(self) -> bool:
        """Whether even the upper end misses the plan: who is to be told so is not told by an interval made narrower."""
        return self.forecast.chance is not None and self.forecast.chance < UNLIKELY


@dataclass(frozen=True, slots=True)
class Outlook:
    """This morning and the one before, and the plan they are held against."""

    plan: float
    today: Morning
    before: Morning
    own: bool
    """By his own history, not only by the team's."""

    @property
    def behind(self) -> bool:
        """Nine of ten months drawn miss the plan, and chance does not explain it, on both mornings."""
        return all(one.missed and one.surprise <= HARD_TO_EXPLAIN for one in (self.today, self.before))

    @property
    def hopeless(self) -> bool:
        """The plan is out of reach though nothing is amiss: it is the plan that should be talked about."""
        return self.today.missed and self.today.surprise > 0.2


@dataclass(frozen=True, slots=True)
class Second:
    """The deals open this morning and what an opinion by such was worth before."""

    seen: Standing
    verdict: Verdict


def drawn_morning(
    account: str,
    person: Person,
    team: Prior,
    shape: Curve,
    month: Month,
    share_gone: float,
    plan: float | None,
    beside: Second | None = None,
) -> tuple[Morning, Draws]:
    """The forecast with the drawn months it rests on; `month` holds the days that he works in the whole of it and what
    he has won so far.
    """
    wins, fact = month.by(share_gone)
    tenure = None if person.tenure is None else person.tenure + len(person.months)
    exposure = team.ground.exposure(month.label, month.days, tenure)
    one, rng = posterior(person, team), generator(account, person.user, f"{month.label}@{share_gone:.4f}")
    expected = shape.at(share_gone)
    left = wins_left(one, team, exposure=exposure, expected_share=expected, wins=wins, rng=rng)
    draws = fact + sums(left, one, team, rng)
    rare = surprise(one, team, exposure=exposure, expected_share=expected, fact=fact, rng=rng)
    if beside is None:
        return Morning(share_gone, fact, wins, forecast(draws, expected, plan), rare), draws
    both = draws, second(one, team, left, fact, beside.seen, rng)
    told, other = both[::-1] if beside.verdict.prefers else both
    ends = Other(forecast(other, expected, plan), beside.verdict)
    return Morning(share_gone, fact, wins, forecast(told, expected, plan), rare, ends), told
