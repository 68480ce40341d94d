"""judge, ahead of time: months of KPIs beside revenue, drawn from everybody's months before them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.kpi import catalogue
from connector.kpi.definition import Kpi
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.history import MONTHS, ahead, past
from connector.pipeline.planning.tallies import tallies
from connector.pipeline.targeting import suggest_targets
from connector.store.agreed import plans
from connector.targets.likely.averages import Averaged
from connector.targets.likely.model import Counted, Model, Shared
from connector.targets.likely.promise import Promise, Sense, promise
from connector.targets.likely.shape import Unlikely, ramped, shape_of
from connector.targets.likely.tally import Tallied
from connector.targets.outcome import Suggested
from connector.targets.series import Ahead
from connector.targets.suggest import CHANCE

REVENUE = "revenue"
"""Has a model of its own: leads, conversion and sizes."""


def suggest_all(
    bench: Workbench,
    period: Period,
    *,
    chance: float = CHANCE,
    company: Decimal | None = None,
    kpis: Sequence[str] = (),
) -> Suggested:
    """Targets of revenue, and of these KPIs: of none named, of those that are planned or in sets. Raises BadConfig as
    `suggest_targets` does, and for a key that is no KPI's.
    """
    with bench.store.read() as conn:
        wanted = chosen(bench, conn, period, kpis)
    found = suggest_targets(bench, period, chance=chance, company=company)
    with bench.store.read() as conn:
        others = likely(bench, conn, wanted, found.period, chance)
    return replace(found, others=others, titles={one.key: one.title for one in wanted})


def chosen(bench: Workbench, conn: Connection, period: Period, keys: Sequence[str]) -> list[Kpi]:
    """These KPIs, or if none is named those of the month's plans and of the sets; never revenue. Raises BadConfig."""
    known = catalogue_in(bench, conn)
    catalogue.chosen(keys, known)
    wanted: Iterable[str] = keys
    if not keys:
        planned = (one.kpi for one in plans.agreed(conn, bench.account, period.label) if not one.pipeline)
        wanted = sorted({*planned, *(key for one in bench.settings.kpi_set for key in one.kpis)} & set(known))
    return [known[key] for key in wanted if key != REVENUE and known[key].plan is None]


def likely(
    bench: Workbench, conn: Connection, kpis: Sequence[Kpi], label: str, chance: float = CHANCE, *, months: int = MONTHS
) -> tuple[Promise, ...]:
    """Each of these in their order; what no model carries says why."""
    counted = [one for one in kpis if shape_of(one) in ("count", "share")]
    told = tallies(bench, conn, counted, label, months=months)
    models = {kpi.key: model_of(bench, conn, kpi, label, told.get(kpi.key, ()), months) for kpi in kpis}
    people = {one.user for model in models.values() if not isinstance(model, str) for one in model.people}
    to_come = ahead(bench, conn, sorted(people), label)
    return tuple(_promise(bench.settings.name, kpi, models[kpi.key], to_come, chance) for kpi in kpis)


def model_of(
    bench: Workbench, conn: Connection, kpi: Kpi, label: str, told: tuple[Tallied, ...], months: int
) -> Model | Unlikely:
    """Its months, or why no model carries it."""
    shape = shape_of(kpi)
    if shape == "average":
        return Averaged(kpi.key, past(bench, conn, label, months=months).people)
    if shape == "share":
        return Shared(kpi.key, told)
    if shape == "count":
        return Counted(kpi.key, told, ramped(kpi))
    return "no_model" if shape == "revenue" else shape


def _promise(account: str, kpi: Kpi, model: Model | Unlikely, to_come: Ahead, chance: float) -> Promise:
    sense = Sense(kpi.unit, kpi.direction == "more")
    if isinstance(model, str):
        return Promise(kpi.key, sense, why=model)
    return promise(account, kpi.key, model, to_come, sense, chance)
