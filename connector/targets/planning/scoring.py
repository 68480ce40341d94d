"""Attainment of a plan and the weighted index of a set (methods.md 6). No money follows from it. Pure.

Each KPI is capped before it is weighed: else one at 300 % hides two at nothing. What cannot be judged is left out and
its weight shared among the rest; it is never taken for 0 or for 100 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from connector.kpi.definition import Direction

Unscored = Literal["no_plan", "no_fact", "no_direction", "too_early"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One KPI of a set: its weight, and how far its plan is reached; `why` where nobody can say."""

    key: str
    weight: float
    attained: Decimal | None
    why: Unscored | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """`value`: 1 is every plan reached. `shares`: of each KPI that counts, by key, together 1; `left_out`: the rest."""

    value: Decimal | None
    shares: tuple[tuple[str, Decimal], ...]
    left_out: tuple[tuple[str, Unscored], ...]


def attainment(direction: Direction, fact: Decimal, plan: Decimal, most: Decimal) -> Decimal | None:
    """More is better: fact / plan. Less is better: plan / fact, `most` where there is nothing at all.

    None where the plan is 0 or the KPI is good in neither direction. At most `most`, never below 0.
    """
    if plan <= 0 or direction == "neither":
        return None
    if direction == "less":
        return most if fact <= 0 else min(plan / fact, most)
    return min(max(fact / plan, Decimal(0)), most)


def index(some: Sequence[Weighed]) -> Index:
    """The weighted mean of what can be judged; None where nothing can."""
    judged = [(one.key, Decimal(str(one.weight)), one.attained) for one in some if one.attained is not None]
    left = tuple((one.key, one.why or "no_fact") for one in some if one.attained is None)
    whole = sum((weight for _, weight, _ in judged), Decimal(0))
    if not whole:
        return Index(None, (), left)
    value = sum((weight * attained for _, weight, attained in judged), Decimal(0)) / whole
    return Index(value, tuple((key, weight / whole) for key, weight, _ in judged), left)
