"""A finding about a share, and how unlikely it is where nothing is amiss: by a reference, by one's own past. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connector.advice.feedback.chance import by_chance, drawn_at_most
from connector.advice.feedback.look import Look
from connector.advice.feedback.weeks import Counted
from connector.targets.model import beta_prior

UNLIKELY = 0.001
"""A chance below which a shortfall is no longer put down to luck. Eight people, five KPIs and four Mondays are 160
looks a month; measured with all rules on in docs/benchmarks.md."""
ALIKE = 0.01
"""How far cases of one person and month are alike (their intraclass correlation): clients and weeks come in swings of
five points and more that are nobody's doing, so fifty cases tell no more than thirty-four independent ones."""
AGREES = 0.05
"""The second comparison need only point the same way."""
GAP = 0.1
"""Part of the reference below which a difference is not worth a talk."""


@dataclass(frozen=True, slots=True)
class Weak:
    """One person's share that is low. `chance`: of so little if he was like the reference; `gap`: by how much, 0..1."""

    rule: str
    kpi: str
    user: str
    now: Counted
    own: Counted
    team: Counted
    chance: float
    gap: float


def weak(rule: str, kpi: str, user: str, look: Look, chance: float, reference: float) -> Weak:
    """The finding, with what it was held against."""
    return Weak(rule, kpi, user, look.now, look.own, look.team, chance, reference - look.now.share)


def below(now: Counted, reference: Counted, unlikely: float = UNLIKELY) -> bool:
    """Whether it is a tenth lower and chance does not explain it."""
    return now.share <= reference.share * (1 - GAP) and odds(now, reference) <= unlikely


def odds(now: Counted, reference: Counted) -> float:
    """The chance of so few good ones where both are alike, each case being worth less than a whole one."""
    fold = _fold(now)
    return by_chance(*_fewer(now, fold), *_fewer(reference, fold))


def usual_odds(now: Counted, own: Counted, theirs: Sequence[Counted]) -> float:
    """The chance of so few good ones where he goes on as he was: his own past, drawn towards his colleagues' as far as
    they were alike (beta-binomial, methods.md 3.2.5), so that few cases of his own do not blur the comparison.

    Colleagues count for half of their cases at most: how alike a few people are is not known well.
    """
    fold = _fold(now)
    past = [_fewer(one, fold) for one in theirs if one.n]
    a, b = beta_prior([(float(n), float(good)) for good, n in past], 0.5)
    few = min(1.0, sum(n for _, n in past) / 2 / (a + b))
    (hits, n), (good, of) = _fewer(now, fold), _fewer(own, fold)
    return drawn_at_most(hits, n, a * few + good, b * few + of - good)


def beside_team(look: Look) -> float | None:
    """The chance where a share is lower than the team's; without a team to compare with, than his own before."""
    reference = team_or_own(look)
    enough = look.now.n >= look.least and reference.n >= look.least
    return odds(look.now, reference) if enough and below(look.now, reference) else None


def team_or_own(look: Look) -> Counted:
    """What a share is held against."""
    return look.team if look.team.n >= look.least else look.own


def _fold(now: Counted) -> float:
    return 1 + max(0, now.n - 1) * ALIKE


def _fewer(one: Counted, fold: float) -> tuple[int, int]:
    n = max(1, round(one.n / fold)) if one.n else 0
    return round(one.share * n), n
