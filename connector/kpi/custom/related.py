"""What an own KPI says of others: its counter-KPI, and whether somebody measures the same already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from connector.config import KpiSettings
from connector.kpi.custom.carried import CARRIED
from connector.kpi.custom.flaws import Notes, meant
from connector.kpi.definition import Kpi, Measure


def related(section: KpiSettings, made: Mapping[str, Kpi], kpis: Mapping[str, Kpi], notes: Notes) -> None:
    """What it says of other KPIs: its counter-KPI is one, and another than itself; nobody measures the same."""
    kpi = made.get(section.key)
    if section.counter == section.key:
        notes.refuse(("counter",), "own_counter")
    elif section.counter is not None and section.counter not in kpis:
        notes.refuse(("counter",), "no_counter", counter=section.counter, meant=meant(section.counter, kpis))
    if kpi is None or notes.refused:
        return
    alike = [other.key for other in kpis.values() if other.key != kpi.key and _same(kpi, other)]
    if section.counter in alike:
        notes.refuse(("counter",), "same", other=section.counter)
    elif alike:
        notes.warn(("key",), "same", other=", ".join(alike))
    if section.counter is None and _activity(kpi):
        notes.warn(("key",), "no_counter_yet", allowed=_counters(kpi, kpis.values()))


def _same(one: Kpi, other: Kpi) -> bool:
    ours, theirs = ((_apart(kpi.top), _apart(kpi.bottom), kpi.plan, kpi.days, kpi.left) for kpi in (one, other))
    return ours == theirs


def _apart(side: Iterable[Measure]) -> frozenset[Measure]:
    """What adds up, kind by kind: wins and losses together are wins and losses."""
    return frozenset(
        replace(one, kinds=(kind,)) if one.additive else one
        for one in side
        for kind in (one.kinds if one.additive else one.kinds[:1])
    )


def _activity(kpi: Kpi) -> bool:
    """Whether doing more of something for its own sake makes it better."""
    top = kpi.top[0]
    busy = any(CARRIED[kind].activity for kind in top.kinds)
    return busy and top.additive and not kpi.bottom and kpi.direction == "more"


def _counters(kpi: Kpi, others: Iterable[Kpi]) -> str:
    """What the catalogue sets against KPIs of such facts."""
    kinds = set(kpi.top[0].kinds)
    found = [other.counter for other in others if other.counter and kinds & set(other.top[0].kinds)]
    return ", ".join(dict.fromkeys(found)) or "win_rate"
