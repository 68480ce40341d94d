"""Where a gap comes from: its exact parts by factor, which add up to it to the kopeck. Pure.

Revenue a worked day is leads x contact x conversion x average deal x what is kept after refunds. The log-mean split
(LMDI) gives each factor a part that depends on no order and leaves no rest (methods.md 5.1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

FACTORS = ("leads", "contact", "conversion", "size", "kept")
"""In the order in which a sale is made."""
CONTROLLABLE: Mapping[str, float] = {"leads": 0.0, "contact": 1.0, "conversion": 1.0, "size": 0.6, "kept": 0.3}
"""How far a seller can move it himself: who gets how many leads is his head's decision (kpi/statistics.md)."""


@dataclass(frozen=True, slots=True)
class Factors:
    """Leads a worked day, the share that was reached, wins of those, the average deal, the share that is kept; all > 0.

    Zeros cannot be split: what is fed in are estimates drawn towards the team, which are never 0.
    """

    leads: float
    contact: float
    conversion: float
    size: float
    kept: float

    @property
    def revenue(self) -> float:
        """A worked day's."""
        return self.leads * self.contact * self.conversion * self.size * self.kept

    def with_(self, factor: str, value: float) -> Factors:
        """The same with one factor moved: what-if."""
        return Factors(**{name: value if name == factor else getattr(self, name) for name in FACTORS})


def log_mean(a: float, b: float) -> float:
    """The logarithmic mean of two positive numbers."""
    if math.isclose(a, b, rel_tol=1e-12):
        return (a + b) / 2
    return (a - b) / (math.log(a) - math.log(b))


def parts(own: Factors, reference: Factors, days: float, minor: int = 100) -> dict[str, int]:
    """The gap of so many worked days to a reference, by factor, in minor units: their sum is the rounded gap itself.

    Positive: the factor costs so much. Negative: it is a strength.
    """
    mean = log_mean(reference.revenue, own.revenue)
    scale = mean * days * minor
    exact = {factor: scale * math.log(getattr(reference, factor) / getattr(own, factor)) for factor in FACTORS}
    whole = round((reference.revenue - own.revenue) * days * minor)
    return _summing_to(whole, exact)


def effect(own: Factors, factor: str, value: float, days: float, minor: int = 100) -> int:
    """What moving one factor to a value brings in so many worked days, in minor units, all else as it is."""
    return round((own.with_(factor, value).revenue - own.revenue) * days * minor)


def _summing_to(whole: int, exact: Mapping[str, float]) -> dict[str, int]:
    """Rounded so that the sum is exact: the units that are missing go where most was cut off."""
    floors = {name: math.floor(value) for name, value in exact.items()}
    missing = whole - sum(floors.values())
    order = sorted(exact, key=lambda name: (floors[name] - exact[name], name))
    each, rest = divmod(missing, len(order))
    for place, name in enumerate(order):
        floors[name] += each + (place < rest)
    return floors
