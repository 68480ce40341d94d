"""One person's KPIs of a period: what was agreed on, what is done of it, and how far along that is. Pure values.

For pages, cards and the command line: nothing here prints, and nothing asks a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from connector.kpi.definition import Kpi
from connector.moment import Period
from connector.result import Plan, Result
from connector.targets.likely.midway import Ahead80
from connector.targets.pace import Pace
from connector.targets.planning.prorating import Prorated
from connector.targets.planning.scoring import Index, Unscored, Weighed, attainment, index
from connector.targets.planning.sets import KpiSet


@dataclass(frozen=True, slots=True)
class PlannedKpi:
    """A KPI of a person: `versions` of its plan, the oldest first, none where nothing was agreed on.

    `pipeline`: id and name of the only one it is of. `weight`: in the set, None outside of it. `prorated`: the plan by
    the days he can work, where those are fewer. `pace`: of the plan in force by the office's calendar; `own_pace`: of
    the prorated one by his own. Both only of sums. `achieved`: what counts in the score, with `basis` of it. `ahead`:
    where the month will end and the chance of the plan in force, prorated where it is, as far as the account's own past
    vouches for that.
    """

    kpi: Kpi
    versions: tuple[Plan, ...] = ()
    pipeline: tuple[str, str] | None = None
    weight: float | None = None
    prorated: Prorated | None = None
    result: Result | None = None
    pace: Pace | None = None
    own_pace: Pace | None = None
    achieved: Decimal | None = None
    why: Unscored | None = None
    ahead: Ahead80 | None = None

    @property
    def current(self) -> Plan | None:
        """The plan in force."""
        return self.versions[-1] if self.versions else None

    @property
    def first(self) -> Plan | None:
        """The plan as it was agreed on first, where it was changed since."""
        return (
            self.versions[0] if len(self.versions) > 1 and self.versions[0].value != self.versions[-1].value else None
        )

    def reached(self, plan: Decimal | None, most: Decimal = Decimal(1000)) -> Decimal | None:
        """How far a plan is reached: 1 is wholly; None without a plan or a fact."""
        fact = None if self.result is None else self.result.value
        return None if plan is None or fact is None else attainment(self.kpi.direction, fact, plan, most)


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person's set and his plans outside of it. `running`: the period is not over, so sums are scored by pace."""

    account: str
    currency: str
    period: Period
    user: str
    name: str
    set: KpiSet | None
    rows: tuple[PlannedKpi, ...]
    running: bool

    @property
    def busy(self) -> bool:
        """Whether anything was agreed on with him or counted for him."""
        return any(one.versions or (one.result is not None and one.result.n) for one in self.rows)

    @property
    def index(self) -> Index | None:
        """The weighted score of the set; None without a set."""
        if self.set is None:
            return None
        weighed = [Weighed(one.kpi.key, one.weight, one.achieved, one.why) for one in self.rows if one.weight]
        return index(weighed)
