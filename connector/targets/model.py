"""What somebody will sell in a month: leads x conversion x deal size, each shrunk to the team (methods.md 3.2). Pure.

Leads are gamma-Poisson over worked days x season x ramp, conversion beta-binomial over ripe cohorts, deal sizes
log-normal around a mean of one's own, with the team's own residuals so that the heavy tail stays. Everything random
comes from the generator passed in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connector.targets.exposure import Ground, ground
from connector.targets.series import Person, labels

Draws = NDArray[np.float64]
FADING = 0.85
"""How much a month counts less than the one after it."""
DRAWS = 4000
_EPSILON = 1e-9
_WINSOR = 99.0


@dataclass(frozen=True, slots=True)
class Prior:
    """The team: gamma of leads a day, beta of conversion, normal of log deal size between people (`between`) and within
    (`within`, variances), the residuals of all deals, and how much more is won than the ripe cohorts tell (`beside`:
    wins that come from no enquiry). `weather`: the standard deviation of what moves all at once, in logs.
    """

    ground: Ground
    leads: tuple[float, float]
    conversion: tuple[float, float]
    size: float
    between: float
    within: float
    residuals: Draws
    beside: float
    weather: float = 0.0


@dataclass(frozen=True, slots=True)
class Posterior:
    """One person: gamma of leads, beta of conversion, normal of log deal size (mean, variance)."""

    user: str
    leads: tuple[float, float]
    conversion: tuple[float, float]
    size: tuple[float, float]

    @property
    def lead_rate(self) -> float:
        """Leads a day of full exposure."""
        return self.leads[0] / self.leads[1]

    @property
    def conversion_rate(self) -> float:
        """Wins a lead."""
        return self.conversion[0] / sum(self.conversion)


def prior(people: Sequence[Person]) -> Prior | None:
    """The team as a whole; None where nobody won anything or nobody worked."""
    common = ground(people)
    logs = [_logs(person) for person in people]
    every = np.concatenate(logs) if logs else np.empty(0)
    counted = [_counts(person, common) for person in people]
    if not len(every) or sum(count[1] for count in counted) <= 0 or sum(count[0] for count in counted) <= 0:
        return None
    size, between, within = _sizes(logs)
    residuals = np.concatenate([some - some.mean() for some in logs if len(some)])
    return Prior(
        common,
        gamma_prior([(count[0], count[1]) for count in counted]),
        beta_prior([(count[2], count[3]) for count in counted], _overall(people)),
        size,
        between,
        within,
        _standardised(residuals, within),
        _beside(people),
        _weather(people, common, within),
    )


def posterior(person: Person, team: Prior) -> Posterior:
    """What the person's own history adds to the team's."""
    leads, exposure, cohort, won = _counts(person, team.ground)
    (alpha, beta), (a, b) = team.leads, team.conversion
    own = _logs(person)
    precision = 1 / team.between + len(own) / team.within
    mean = (team.size / team.between + float(own.sum()) / team.within) / precision
    return Posterior(
        person.user, (alpha + leads, beta + exposure), (a + won, b + max(cohort - won, 0.0)), (mean, 1 / precision)
    )


def revenue(one: Posterior, team: Prior, exposure: float, rng: np.random.Generator, count: int = DRAWS) -> Draws:
    """Revenue of a month of this exposure, drawn many times."""
    return sums(drawn_wins(one, team, exposure, rng, count), one, team, rng)


def drawn_wins(one: Posterior, team: Prior, exposure: float, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """How many deals are won in such a month, drawn as often."""
    shape, rate = one.leads
    weather = np.exp(rng.normal(-(team.weather**2) / 2, team.weather, count))
    leads = rng.poisson(rng.gamma(shape, 1 / rate, count) * weather * exposure * team.beside)
    return rng.binomial(leads, rng.beta(*one.conversion, count))


def sums(wins: NDArray[np.int64], one: Posterior, team: Prior, rng: np.random.Generator) -> Draws:
    """What so many wins bring, for each draw: sizes around one's own mean, spread like the team's."""
    total = int(wins.sum())
    means = rng.normal(one.size[0], math.sqrt(one.size[1]), len(wins))
    each = np.repeat(means, wins) + rng.choice(team.residuals, total)
    found = np.bincount(np.repeat(np.arange(len(wins)), wins), weights=np.exp(each), minlength=len(wins))
    return found.astype(np.float64)


def weights(person: Person) -> list[float]:
    """How much each month counts: the last one wholly."""
    return [FADING ** (len(person.months) - 1 - place) for place in range(len(person.months))]


def exposures(person: Person, common: Ground) -> list[float]:
    """Of every month."""
    return [
        common.exposure(month.label, month.days, None if person.tenure is None else person.tenure + place)
        for place, month in enumerate(person.months)
    ]


def _counts(person: Person, common: Ground) -> tuple[float, float, float, float]:
    """Leads, exposure, ripe leads and their wins, faded."""
    faded = weights(person)
    exposure = exposures(person, common)
    leads = sum(w * month.leads for w, month in zip(faded, person.months, strict=True))
    ripe = sum(w * month.cohort_leads for w, month in zip(faded, person.months, strict=True))
    won = sum(w * month.cohort_wins for w, month in zip(faded, person.months, strict=True))
    return leads, sum(w * e for w, e in zip(faded, exposure, strict=True)), ripe, won


def _logs(person: Person) -> Draws:
    return np.log([amount for month in person.months for amount in month.amounts if amount > 0])


def gamma_prior(counts: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Shape and rate by moments over people, of (count, exposure)."""
    seen = [(count, exposure) for count, exposure in counts if exposure > 0]
    total = sum(exposure for _, exposure in seen)
    mean = sum(count for count, _ in seen) / total
    spread = sum(exposure * (count / exposure - mean) ** 2 for count, exposure in seen) / total
    true = max(spread - mean / (total / len(seen)), _EPSILON, mean * mean / 400)
    return mean * mean / true, mean / true


def beta_prior(counts: Sequence[tuple[float, float]], overall: float) -> tuple[float, float]:
    """Both parameters of a share by moments over people, of (tries, hits); `overall` where nobody tried yet."""
    seen = [(n, hits) for n, hits in counts if n > 0]
    if not seen:
        return overall * 20, (1 - overall) * 20
    total = sum(n for n, _ in seen)
    share = min(max(sum(hits for _, hits in seen) / total, 0.001), 0.999)
    spread = sum(n * (hits / n - share) ** 2 for n, hits in seen) / total
    true = max(spread - share * (1 - share) / (total / len(seen)), _EPSILON)
    strength = min(max(share * (1 - share) / true - 1, 2.0), 5000.0)
    return share * strength, (1 - share) * strength


def _overall(people: Sequence[Person]) -> float:
    leads = sum(month.leads for person in people for month in person.months)
    wins = sum(month.wins for person in people for month in person.months)
    return min(max(wins / leads, 0.001), 0.999) if leads else 0.5


def _beside(people: Sequence[Person]) -> float:
    """Wins that there were for each that the enquiries' conversion explains: repeat sales come from no enquiry."""
    ripe = sum(month.cohort_leads for person in people for month in person.months)
    won = sum(month.cohort_wins for person in people for month in person.months)
    leads = sum(month.leads for person in people for month in person.months)
    wins = sum(month.wins for person in people for month in person.months)
    explained = leads * won / ripe if ripe and won else 0.0
    return min(max(wins / explained, 0.2), 20.0) if explained else 1.0


def _weather(people: Sequence[Person], common: Ground, within: float) -> float:
    """How far whole months stray from the season beyond what few deals explain.

    A season learned from one year has swallowed that year's weather, so until there are two it is not taken out.
    """
    every = labels(people)
    rates, noise = [], []
    for label in every:
        season = common.season.get(int(label[5:7]), 1.0) if len(every) >= 24 else 1.0
        seen = [month for person in people for month in person.months if month.label == label]
        days, wins = sum(month.days for month in seen) * season, sum(month.wins for month in seen)
        if days and wins:
            rates.append(math.log(sum(month.revenue for month in seen) / days))
            noise.append(math.exp(within) / wins)
    if len(rates) < 3:
        return 0.0
    return math.sqrt(max(float(np.var(rates, ddof=1)) - sum(noise) / len(noise), 0.0))


def _sizes(logs: Sequence[Draws]) -> tuple[float, float, float]:
    """Mean of log sizes, variance between people's means and within one's deals."""
    seen = [some for some in logs if len(some)]
    n = sum(map(len, seen))
    mean = float(np.concatenate(seen).mean())
    within = float(sum(((some - some.mean()) ** 2).sum() for some in seen) / max(n - len(seen), 1)) or 0.25
    spread = float(sum(len(some) * (some.mean() - mean) ** 2 for some in seen) / n)
    return mean, max(spread - within / (n / len(seen)), within / 100), max(within, 1e-4)


def _standardised(residuals: Draws, within: float) -> Draws:
    """Cut at the 99th percentile and brought to the variance within: means of few deals take some of it away."""
    if len(residuals) < 2:
        return np.zeros(1)
    cut = np.clip(residuals, None, np.percentile(residuals, _WINSOR))
    cut -= cut.mean()
    spread = float(cut.std())
    return cut * (math.sqrt(within) / spread) if spread > 0 else np.zeros(1)
