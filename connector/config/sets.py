"""`[[account.kpi_set]]`: who is judged by which few KPIs, and for which goal of the business.

Only the shape is checked here; whether a set is balanced is for `connector.targets.planning.balance`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from connector.config.section import Section

Word = Annotated[str, Field(min_length=1, max_length=200)]


class KpiSetSettings(Section):
    """`kpis`: weight by key, in the order in which they are shown; weights are shares of their sum.

    `all`, `users`, `teams` (names or ids): whose set it is; who is named himself is judged by that, then his team.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    name: Word
    goal: str = Field("", max_length=500)
    """The goal of the business that it serves."""
    everyone: bool = Field(False, alias="all")
    users: tuple[Word, ...] = ()
    teams: tuple[Word, ...] = ()
    kpis: dict[Word, Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]]
    cap: float = Field(1.2, ge=1, le=2, allow_inf_nan=False)
    """How much a KPI counts at most in the score: 1.2 is 120 % of its plan."""
