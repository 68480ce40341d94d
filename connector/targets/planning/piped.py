"""A KPI of one pipeline: the same with the condition that its facts are of that pipeline. Pure.

Facts of calls, meetings and tasks know no pipeline, and days worked are worked for all of them: such KPIs have none.
"""

from __future__ import annotations

from dataclasses import replace

from connector.kpi.custom.carried import CARRIED
from connector.kpi.definition import Kpi, Measure, Where


def separable(kpi: Kpi) -> bool:
    """Whether its facts know their pipeline."""
    kinds = {kind for one in kpi.measures for kind in one.kinds}
    return not kpi.days and kpi.plan is None and all(kind in CARRIED and CARRIED[kind].deal for kind in kinds)


def of_pipeline(kpi: Kpi, pipeline: str) -> Kpi:
    """The KPI measured on the facts of one pipeline (by id); its key tells so."""

    def only(one: Measure) -> Measure:
        return replace(one, where=(*one.where, Where("pipeline_id", "in", (pipeline,))))

    top, bottom, ripens = (tuple(only(one) for one in side) for side in (kpi.top, kpi.bottom, kpi.ripens))
    spread = only(kpi.spread) if kpi.spread else None
    return replace(kpi, key=piped_key(kpi.key, pipeline), top=top, bottom=bottom, ripens=ripens, spread=spread)


def piped_key(kpi: str, pipeline: str) -> str:
    """The key of a KPI of one pipeline; of all, with "", the KPI's own."""
    return f"{kpi}@{pipeline}" if pipeline else kpi
