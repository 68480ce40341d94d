"""Whether a set of KPIs is balanced (article.md, principles 2 and 3). Pure.

It names the goal of the business it serves, has a financial (result), a process, a client and a quality KPI and five in
all at most; an activity, which is easily done for its own sake, stands beside the KPI that shows what chasing it costs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from connector.kpi.custom.carried import CARRIED
from connector.kpi.definition import Family, Kpi
from connector.targets.planning.finding import NO_WORDS, Finding, Grade, Words, filled, finding
from connector.targets.planning.sets import MOST, KpiSet
from connector.targets.planning.words import FAMILIES, SET

EXAMPLES: dict[Family, str] = {
    "financial": "revenue",
    "process": "lead_answered_in_norm",
    "client": "csat",
    "quality": "script_compliance",
}


def activity(kpi: Kpi) -> bool:
    """Whether it only counts what people do: more calls, more meetings, whatever comes of them."""
    kinds = [kind for one in kpi.top for kind in one.kinds]
    acts = all(kind in CARRIED and CARRIED[kind].activity for kind in kinds)
    return not kpi.ratio and acts and all(one.take == "count" for one in kpi.top)


def balance(sets: Sequence[KpiSet], kpis: Mapping[str, Kpi], sourceless: Collection[str] = ()) -> list[Finding]:
    """What is wrong with each set; `sourceless`: keys for which the account gives nothing to measure."""
    found: list[Finding] = []
    for one in sets:
        found += _shape(one)
        found += _families(one, kpis)
        found += _each(one, kpis, sourceless)
    return found


def _shape(one: KpiSet) -> Iterator[Finding]:
    """Goal, people, number of KPIs, weights."""
    if not one.goal.strip():
        yield said(one, "error", "no_goal", "goal")
    if not (one.everyone or one.users or one.teams or one.unknown):
        yield said(one, "error", "nobody")
    for name in one.unknown:
        yield said(one, "error", "unknown_name", "users", words={"what": name})
    if len(one.weights) > MOST:
        yield said(one, "error", "too_many", "kpis", words={"n": str(len(one.weights))})
    whole = sum(one.weights.values())
    if abs(whole - 100) > 0.01 and abs(whole - 1) > 0.0001:
        yield said(one, "warning", "weights", "kpis", words={"n": f"{whole:g}"})


def _families(one: KpiSet, kpis: Mapping[str, Kpi]) -> Iterator[Finding]:
    there = {kpis[key].family for key in one.weights if key in kpis}
    for family, example in EXAMPLES.items():
        if family not in there:
            yield said(one, "error", "no_family", "kpis", words={"what": FAMILIES[family], "example": example})


def _each(one: KpiSet, kpis: Mapping[str, Kpi], sourceless: Collection[str]) -> Iterator[Finding]:
    for key in one.weights:
        kpi = kpis.get(key)
        if kpi is None:
            yield said(one, "error", "unknown_kpi", "kpis", key, words={"what": key})
            continue
        if activity(kpi) and kpi.counter is None:
            yield said(one, "error", "no_counter_at_all", "kpis", key, words={"what": key})
        elif activity(kpi) and kpi.counter is not None and kpi.counter not in one.weights:
            yield said(one, "error", "no_counter", "kpis", key, words={"what": key, "example": kpi.counter})
        if kpi.direction == "neither":
            yield said(one, "warning", "no_direction", "kpis", key, words={"what": key})
        if key in sourceless:
            yield said(one, "warning", "no_source", "kpis", key, words={"what": key})


def said(one: KpiSet, grade: Grade, code: str, *path: str, words: Words = NO_WORDS) -> Finding:
    """A finding about a set: `path` within its section, `words` for the text."""
    kpi = path[1] if len(path) > 1 else ""
    return finding(grade, code, filled(SET, {"name": one.name}), words, path=("kpi_set", one.place, *path), kpi=kpi)
