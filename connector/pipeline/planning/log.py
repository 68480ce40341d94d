"""What a KPI card says of a changed plan: when, from what to what, by whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Connection

from connector.advice.case import TASK_KPI
from connector.kpi.telling.render import shown
from connector.moment import Period, Zone, to_ms, zone_of
from connector.pipeline.bench import Workbench
from connector.result import Plan
from connector.store.agreed import plans

LONGEST = 250
"""Letters that a text field of either CRM takes for sure."""


def plan_changes(bench: Workbench, conn: Connection, period: Period, as_of: int | None = None) -> dict[str, str]:
    """By user, the last change of a plan of revenue that has more than one version; of a closed month, as of then."""
    found = {}
    for (subject, kpi, _, pipeline), every in plans.histories(conn, bench.account, period.label).items():
        versions = [one for one in every if as_of is None or one.at is None or to_ms(one.at) <= as_of]
        if kpi == TASK_KPI and not pipeline and subject.startswith("user:") and len(versions) > 1:
            found[subject.removeprefix("user:")] = _change(versions, bench.zone(), bench)
    return found


def _change(versions: Sequence[Plan], zone: Zone, bench: Workbench) -> str:
    before, last = versions[-2:]
    at = "" if last.at is None else f"{last.at.astimezone(zone_of(zone)):%Y-%m-%d}"
    values = f"{_money(before.value, bench)} → {_money(last.value, bench)}"
    return " · ".join(part for part in (at, values, last.author, last.reason) if part)[:LONGEST]


def _money(value: Decimal, bench: Workbench) -> str:
    return shown(value.quantize(Decimal(1)), "count", bench.currency(), bench.settings.language).replace("\u00a0", " ")
