"""What is known of a person's factors, and what a gap comes to. Values only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from connector.advice.diagnosis.gap import FACTORS, Factors
from connector.advice.diagnosis.verdict import Verdict, enough
from connector.targets.series import Person

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Record:
    """A person and, for each of his months, enquiries (answered, judged) and wins (refunded, all)."""

    person: Person
    answered: tuple[tuple[int, int], ...] = ()
    refunded: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What everybody shares. `reached`, `kept`: whether calls and refunds are known at all; where not, the factor is 1
    for all. `given_back`: the part of a refunded win's amount that goes back.
    """

    reached: bool = True
    kept: bool = True
    given_back: float = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A factor as it was seen, drawn towards nobody, and the variance of one try of it. `strength`: how many tries the
    team's prior is worth. `weight`: how much of a try is left as older months fade.
    """

    value: float
    variance: float
    strength: float
    weight: float = 1.0

    def needed(self, reference: float) -> int | None:
        """How many tries would confirm what was seen; None where it would not be worth it."""
        found = enough(reference - self.value, reference, self.variance, self.strength)
        return None if found is None else math.ceil(found / max(self.weight, 0.2))


@dataclass(frozen=True, slots=True)
class Estimate:
    """One person's factors: their means, the draws from their posteriors, and what each rests on."""

    user: str
    name: str
    own: Factors
    scale: float
    """Worked days of the month as days of full exposure, times wins that come from no enquiry: what a day's product is
    multiplied with.
    """
    draws: Mapping[str, Draws] = field(compare=False, repr=False)
    n: Mapping[str, int]
    seen: Mapping[str, Seen] = field(default_factory=dict)
    newcomer: bool = False

    @property
    def revenue(self) -> Draws:
        """A day's, drawn."""
        found: Draws = np.prod([self.draws[factor] for factor in FACTORS], axis=0)
        return found

    @property
    def month(self) -> float:
        """What a month brings on average, in units of the currency."""
        return self.own.revenue * self.scale

    def before_refunds(self) -> Estimate:
        """As if nothing ever went back: revenue and its plans are told so, refunds are a KPI of their own."""
        return replace(
            self, own=self.own.with_("kept", 1.0), draws={**self.draws, "kept": np.ones_like(self.draws["kept"])}
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A factor's part of the gap in minor units of a month, positive where it costs, between P5 and P95."""

    factor: str
    minor: int
    low: int
    high: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The gap of one person's month to a reference; `parts` add up to `gap` to the minor unit."""

    estimate: Estimate
    reference: Factors
    gap: int
    parts: tuple[Part, ...]

    @property
    def wanted(self) -> float:
        """What the reference brings in this person's month, in units of the currency: of a plan, the plan."""
        return self.reference.revenue * self.estimate.scale

    def part(self, factor: str) -> Part:
        """Of one factor."""
        return next(one for one in self.parts if one.factor == factor)
