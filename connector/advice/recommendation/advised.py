"""What advice for an account comes to. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.advice.case import Evidence
from connector.advice.diagnosis.casemix import Mix
from connector.advice.diagnosis.values import Diagnosis
from connector.advice.recommendation.recommend import Candidate, Chosen, Effect
from connector.targets.suggest import Suggestion


@dataclass(frozen=True, slots=True)
class PersonAdvice:
    """One person's diagnosis against the team and, where a plan is known, against it; what to set, and all that was
    looked at. `evidence`: by KPI, records that show it, the most telling first.
    """

    user: str
    name: str
    diagnosis: Diagnosis
    against_plan: Diagnosis | None
    suggestion: Suggestion
    chosen: tuple[Chosen, ...]
    looked_at: tuple[Candidate, ...]
    mix: Mix | None = None
    team: str | None = None
    """With whom he is compared: his team by name, None for everybody."""
    alone: bool = False
    """Too few people for a comparison."""
    evidence: Mapping[str, tuple[Evidence, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Advised:
    """An account's advice for a month. `basis`: the first and last month it rests on. `unknown`: factors that nothing
    is known of. `frozen`: KPIs that a change in the CRM holds still.
    """

    account: str
    currency: str
    period: str
    basis: tuple[str, str]
    people: tuple[PersonAdvice, ...]
    chance: float
    unknown: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One factor of one person moved to a value: what it is now, and what a month brings more."""

    account: str
    currency: str
    period: str
    user: str
    name: str
    factor: str
    now: float
    value: float
    effect: Effect
