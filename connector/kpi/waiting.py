"""A median where some still wait (K-06): of those that are over, or by Kaplan-Meier where more than 5 % wait. Pure."""

from __future__ import annotations

from dataclasses import replace

from connector.kpi.definition import Kpi
from connector.kpi.fold import Cell, Gathered, Waited

FEW = 0.05
"""The part that may be left out: without it the median is no lower than the 47th percentile of all."""


def settled(kpi: Kpi, found: Gathered) -> tuple[Kpi, Gathered]:
    """The KPI as it is to be told of these facts, and they as it needs them; how many wait is among what may still
    change. Others than those with waiting facts stay as they are.
    """
    if not kpi.waits:
        return kpi, found
    over = tuple(value for value in found.top.values if not isinstance(value, tuple))
    waiting = tuple(value for value in found.top.values if isinstance(value, tuple))
    many = len(waiting) > FEW * len(found.top.values)
    told = replace(kpi.top[0], take="survival") if many else kpi.top[0]
    ended: tuple[Waited, ...] = tuple((float(value), True) for value in over)
    top = Cell(0, len(over), found.top.confidence, found.top.unpriced, over, found.top.assumed)
    if many:
        top.n, top.values = len(found.top.values), ended + waiting
    return replace(kpi, top=(told,)), replace(found, top=top, ripening=len(waiting))
