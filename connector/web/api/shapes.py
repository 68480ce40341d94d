"""What the interface answers, as OpenAPI describes it. Money is text in the account's currency, shares are 0..1."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Number = str | int | float
Confidence = Literal["exact", "observed", "assumed"]


class Shape(BaseModel):
    """Nothing undocumented is answered: tests hold the answers against these."""

    model_config = ConfigDict(extra="forbid")


class Who(Shape):
    """A person or a team, by the CRM's id."""

    id: str
    name: str


class OneResult(Shape):
    """One KPI of one subject. `value` null: there is nothing to measure, and `reason` says why."""

    kpi: str
    user: Who | None = None
    team: Who | None = None
    value: Number | None
    unit: Literal["money", "count", "share", "minutes", "days", "score"]
    numerator: Number | None
    denominator: Number | None
    n: int
    """How many facts it rests on."""
    interval: tuple[float, float] | None
    enough: bool
    """Whether there is data enough to judge by."""
    confidence: Confidence
    reason: str | None
    ripening: int
    """Facts too young to be judged."""
    assumed: int
    first_plan: Number | None
    against_first: Number | None


class Results(Shape):
    """A period: `kpis` of people, `teams` of teams. `closed_at`: then these are the frozen numbers. `recounted`: closed
    months it has days of though it tells what is known today, true where anything was learned of one since.
    """

    account: str
    period: str
    as_of: str
    closed_at: str | None
    recounted: dict[str, bool]
    currency: str
    kpis: list[OneResult]
    teams: list[OneResult]
    omitted: dict[str, int]


class OnePlan(Shape):
    """One version of a plan."""

    subject: str
    kpi: str
    period: str
    pipeline: str
    version: int
    value: str
    author: str
    reason: str
    at: str | None


class Plans(Shape):
    """The plans in force."""

    account: str
    period: str
    plans: list[OnePlan]


class Proof(BaseModel):
    """A number and every fact behind it, what counted and what was left out with the reason."""

    model_config = ConfigDict(extra="allow")

    account: str
    kpi: str
    period: str
    as_of: str
    value: Number | None
    unit: str
    n: int
    enough: bool
    confidence: Confidence
    reason: str | None
    facts: list[dict[str, object]]
    left_out: list[dict[str, object]]
    plans: list[OnePlan]


class Problem(BaseModel):
    """What is wrong, in words."""

    error: str
