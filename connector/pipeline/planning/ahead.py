"""judge, beside a plan: how likely it is to be reached, of a running month by what is done so far. Prints nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.outlooks import outlooks
from connector.pipeline.planning.chances import odds
from connector.pipeline.planning.likely import REVENUE
from connector.pipeline.planning.midway import insides
from connector.targets.forecast import Forecast
from connector.targets.likely.midway import Ahead80, Beside, by_now
from connector.targets.likely.promise import Promise, Sense
from connector.targets.planning.person import PersonPlan, PlannedKpi

Found = Mapping[tuple[str, str], Ahead80]
"""By user and KPI."""
Agreed = Mapping[str, Mapping[str, Decimal]]
"""By KPI and user."""


def with_chances(bench: Workbench, period: Period, people: Sequence[PersonPlan]) -> tuple[PersonPlan, ...]:
    """The same with the chance of every plan of all pipelines, or of what his days leave of it, where the account's own
    past vouches for it; of a month that is over nothing.
    """
    agreed = _agreed(people)
    today = bench.today()
    if not agreed or today >= period.end:
        return tuple(people)
    found = _running(bench, period, agreed) if today >= period.start else _to_come(bench, period, agreed)
    return tuple(replace(one, rows=tuple(_row(row, one.user, found) for row in one.rows)) for one in people)


def _row(row: PlannedKpi, user: str, found: Found) -> PlannedKpi:
    told, due = None if row.pipeline else found.get((user, row.kpi.key)), _due(row)
    return replace(row, ahead=told if told is None or due is None else by_now(told, row.kpi, row.result, due))


def _due(row: PlannedKpi) -> Decimal | None:
    """Of the plan, by the days that he can work: on days away nobody is expected to sell."""
    if row.current is None or row.pipeline or row.kpi.plan is not None:
        return None
    return row.current.value if row.prorated is None else row.prorated.value or None


def _agreed(people: Sequence[PersonPlan]) -> Agreed:
    found: dict[str, dict[str, Decimal]] = {}
    for one in people:
        for row in one.rows:
            if (due := _due(row)) is not None:
                found.setdefault(row.kpi.key, {})[one.user] = due
    return found


def _running(bench: Workbench, period: Period, agreed: Agreed) -> Found:
    with bench.store.read() as conn:
        revenue = _revenue(bench, conn, period, agreed.get(REVENUE, {}))
        known = catalogue_in(bench, conn)
        others = insides(bench, conn, [known[key] for key in sorted(agreed) if key in known and key != REVENUE], period)
    told = {(user, key): one.of(user, plan) for key, one in others.items() for user, plan in agreed[key].items()}
    return revenue | {mark: one for mark, one in told.items() if one is not None}


def _revenue(
    bench: Workbench, conn: Connection, period: Period, plans: Mapping[str, Decimal]
) -> dict[tuple[str, str], Ahead80]:
    found = {}
    for user, one in (outlooks(bench, conn, period, plans, from_ms(bench.now())) if plans else {}).items():
        ends, other = _ends(one.today.forecast), one.today.other
        if ends is not None and other is not None and (beside := _ends(other.forecast)) is not None:
            ends = replace(ends, beside=Beside(beside, other.verdict))
        if ends is not None:
            found[user, REVENUE] = ends
    return found


def _ends(told: Forecast) -> Ahead80 | None:
    if told.chance is None:
        return None
    low, middle, high = (Sense("money").told(value) for value in (told.low, told.middle, told.high))
    return Ahead80(low, middle, high, told.chance)


def _to_come(bench: Workbench, period: Period, agreed: Agreed) -> Found:
    promised = odds(bench, period, tuple(sorted(agreed)))
    told = {
        (user, key): _promised(promised[key], user, plan)
        for key, some in agreed.items()
        if key in promised
        for user, plan in some.items()
    }
    return {mark: one for mark, one in told.items() if one is not None}


def _promised(one: Promise, user: str, plan: Decimal) -> Ahead80 | None:
    aim, chance = next((aim for aim in one.aims if aim.user == user), None), one.chance(user, plan)
    return None if aim is None or chance is None else Ahead80(aim.low, aim.expected, aim.high, chance)
