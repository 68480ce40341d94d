"""judge, looking back: what targets and forecasts would have been worth, of revenue and of planned KPIs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.planning.likely import chosen, likely
from connector.pipeline.planning.midway import tried_inside
from connector.pipeline.targeting import LONG, try_targets
from connector.targets.outcome import Tested
from connector.targets.suggest import CHANCE


def try_all(bench: Workbench, period: Period, *, chance: float = CHANCE, kpis: Sequence[str] = ()) -> Tested:
    """What targets and forecasts would have been worth in the months before this one, of the same KPIs."""
    with bench.store.read() as conn:
        wanted = chosen(bench, conn, period, kpis)
    found = try_targets(bench, period, chance=chance)
    with bench.store.read() as conn:
        others = likely(bench, conn, wanted, period.label, chance, months=LONG)
        insides = tried_inside(bench, conn, wanted, period.label)
    return replace(found, others=others, insides=insides, titles={one.key: one.title for one in wanted})
