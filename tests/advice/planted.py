"""Simulated teams: all equal, or one person with a planted weak conversion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from connector.advice.diagnosis.factors import diagnose, estimates, team_of
from connector.advice.diagnosis.gap import FACTORS
from connector.advice.diagnosis.values import Diagnosis, Estimate, Ground, Record
from connector.targets.series import Ahead, Month, Person, months_before

LABEL = "2026-10"
LOOKED_AT = [factor for factor in FACTORS if factor != "leads"]
WEAK = "500"


def records(
    seed: int, *, people: int = 8, months: int = 12, low: float = 1.0, spread: float = 0.0, leads: float = 1.5
) -> list[Record]:
    """`low`: what the conversion of the first is multiplied with; `spread`: log deviation of the others'."""
    rng = np.random.default_rng(seed)
    labels = months_before(LABEL, months)
    made = []
    for number in range(people):
        conversion = 0.25 * (low if number == 0 else float(np.exp(rng.normal(0, spread))))
        made.append(_record(rng, str(500 + number), labels, min(conversion, 0.9), leads))
    return made


def _record(rng: np.random.Generator, user: str, labels: list[str], conversion: float, rate: float) -> Record:
    months, answered, refunded = [], [], []
    for label in labels:
        days = float(rng.integers(16, 23))
        leads = int(rng.poisson(rate * days))
        wins = int(rng.binomial(leads, conversion))
        amounts = tuple(float(one) for one in np.exp(rng.normal(np.log(50_000), 0.7, wins)))
        months.append(Month(label, days, leads, leads, wins, amounts, tuple(0.5 for _ in amounts)))
        answered.append((int(rng.binomial(leads, 0.85)), leads))
        refunded.append((int(rng.binomial(wins, 0.05)), wins))
    return Record(Person(user, f"Seller {user}", tuple(months)), tuple(answered), tuple(refunded))


def ahead(made: list[Record]) -> Ahead:
    return Ahead(LABEL, {one.person.user: 21.0 for one in made})


def estimated(made: list[Record], account: str = "moscow") -> list[Estimate]:
    return estimates(account, made, ahead(made), Ground())


def diagnosed(made: list[Record]) -> list[Diagnosis]:
    people = estimated(made)
    return [diagnose(one, team_of(people)) for one in people]


def accused(teams: int, first: int = 0) -> tuple[int, int, int]:
    """Confirmed, likely, and cells in all, where nobody differs; `first`: the seed of the first team."""
    findings = [
        one.part(factor).verdict.finding
        for seed in range(first, first + teams)
        for one in diagnosed(records(seed))
        for factor in LOOKED_AT
    ]
    return findings.count("confirmed"), findings.count("likely"), len(findings)


def found(
    teams: int, *, low: float, spread: float = 0.0, leads: float = 1.5, first: int = 0
) -> tuple[int, int, int, int]:
    """A planted weak conversion: found where the data suffice, how often they do; all planted ones, found of all.

    They suffice where as many ripe enquiries are there as the true difference needs.
    """
    hits = sufficient = every = 0
    for seed in range(first, first + teams):
        people = estimated(records(seed, low=low, spread=spread, leads=leads))
        weak = next(one for one in people if one.user == WEAK)
        reference = team_of(people)
        confirmed = diagnose(weak, reference).part("conversion").verdict.finding == "confirmed"
        needed = replace(weak.seen["conversion"], value=reference.conversion * low).needed(reference.conversion)
        enough = needed is not None and weak.n["conversion"] >= needed
        hits, sufficient, every = hits + (confirmed and enough), sufficient + enough, every + confirmed
    return hits, sufficient, teams, every
