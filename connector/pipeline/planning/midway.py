"""judge, inside a month: where KPIs beside revenue are going to end, by the months before and what is done so far.

months before | what they were worth in parts -> what such forecasts were worth    once a month and process
this month until this morning -> everybody's month drawn                           once a local day
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from connector.kpi.definition import Kpi
from connector.moment import DAY, Period, WorkCalendar, Zone, midnight
from connector.pipeline.bench import Workbench
from connector.pipeline.history import MONTHS, ahead, share_between, share_gone
from connector.pipeline.measuring import sources
from connector.pipeline.outlooks import months
from connector.pipeline.planning.likely import model_of
from connector.pipeline.planning.tallies import measured_of, tallies, tally_of
from connector.targets.backtest import tested_months
from connector.targets.likely.averages import Averaged
from connector.targets.likely.midway import CUTS, Inside, Part, Trials, Way, trials, way
from connector.targets.likely.model import Model
from connector.targets.likely.promise import Sense
from connector.targets.likely.shape import shape_of
from connector.targets.likely.tally import Tally
from connector.targets.series import Person, months_before


@dataclass(frozen=True, slots=True)
class Learned:
    """Of a KPI, by the months before this one: its model, the way through a month, what forecasts were worth."""

    model: Model
    way: Way
    trials: Trials


def insides(bench: Workbench, conn: Connection, kpis: Sequence[Kpi], period: Period) -> Mapping[str, Inside]:
    """Of these KPIs in the running month, those that a model carries; looked at once a local day."""
    today = bench.today()
    carried = _carried(kpis)
    day, found = bench.insides.get(period.label, (None, {}))
    missing = [kpi for kpi in carried if day != today or kpi.key not in found]
    if missing:
        kept = found if day == today else {}
        found = {**kept, **_insides(bench, conn, missing, period, today)}
        bench.insides[period.label] = (today, found)
    return {kpi.key: found[kpi.key] for kpi in carried}


def _insides(bench: Workbench, conn: Connection, kpis: Sequence[Kpi], period: Period, today: date) -> dict[str, Inside]:
    learned = _learned(bench, conn, kpis, period.label)
    gone = share_gone(bench, period.label, midnight(today, bench.zone()))
    done = _done(bench, conn, kpis, Period(period.label, period.start, today), gone)
    people = sorted({one.user for kpi in kpis for one in learned[kpi.key].model.people})
    to_come, found = ahead(bench, conn, people, period.label), {}
    for kpi in kpis:
        one = learned[kpi.key]
        drawn = one.model.finished(bench.settings.name, to_come, done.get(kpi.key, {}), one.way.by(gone))
        found[kpi.key] = Inside(kpi.key, sense_of(kpi), drawn, one.trials)
    return found


def tried_inside(bench: Workbench, conn: Connection, kpis: Sequence[Kpi], label: str) -> Mapping[str, Trials]:
    """What forecasts inside the months before this one were worth, of the KPIs that a model carries."""
    carried = _carried(kpis)
    known = _learned(bench, conn, carried, label)
    return {kpi.key: known[kpi.key].trials for kpi in carried}


def _carried(kpis: Sequence[Kpi]) -> list[Kpi]:
    return [kpi for kpi in kpis if shape_of(kpi) in ("count", "share", "average")]


def sense_of(kpi: Kpi) -> Sense:
    """How its values are read."""
    return Sense(kpi.unit, kpi.direction == "more")


def _learned(bench: Workbench, conn: Connection, kpis: Sequence[Kpi], label: str) -> Mapping[str, Learned]:
    """Kept for the month: those before it do not change much."""
    known = bench.learned.setdefault(label, {})
    missing = [kpi for kpi in kpis if kpi.key not in known]
    counted = [kpi for kpi in missing if shape_of(kpi) != "average"]
    told = tallies(bench, conn, counted, label) if counted else {}
    parts = _parts(bench, conn, counted, label) if counted else {}
    for kpi in missing:
        model = model_of(bench, conn, kpi, label, told.get(kpi.key, ()), MONTHS)
        assert not isinstance(model, str), "only what a model carries is asked for"
        its = _of_sellers(model.sellers, label) if isinstance(model, Averaged) else parts[kpi.key]
        known[kpi.key] = Learned(model, way(model, its), trials(bench.settings.name, model, its, sense_of(kpi)))
    return known


def _parts(bench: Workbench, conn: Connection, kpis: Sequence[Kpi], label: str) -> dict[str, list[Part]]:
    """By KPI: the months that are tried, measured up to the mornings that are nearest to each cut."""
    there, calendar, found = sources(bench), bench.calendar(), {kpi.key: list[Part]() for kpi in kpis}
    for cut in CUTS:
        gone: dict[str, float] = {}
        done: dict[str, dict[tuple[str, str], Tally]] = {kpi.key: {} for kpi in kpis}
        for one in tested_months(months_before(label, MONTHS)):
            month = Period.parse(one)
            end, gone[one] = _morning(calendar, month, bench.zone(), cut)
            part = Period(one, month.start, end)
            for key, user, tally in _tallied(bench, conn, kpis, part, there):
                done[key][user, one] = tally
        for key, some in done.items():
            found[key].append(Part(cut, gone, some))
    return found


def _morning(calendar: WorkCalendar, month: Period, zone: Zone, cut: float) -> tuple[date, float]:
    """The day on whose morning about this share of the month's working time is over, and how much is; never the first:
    nothing is done by then.
    """
    days = [month.start + DAY * n for n in range(1, (month.end - month.start).days)]
    shares = [(share_between(calendar, month.bounds(zone), midnight(day, zone)), day) for day in days]
    share, day = min(shares, key=lambda one: (abs(one[0] - cut), one[1]))
    return day, share


def _done(
    bench: Workbench, conn: Connection, kpis: Sequence[Kpi], so_far: Period, gone: float
) -> dict[str, dict[str, Tally]]:
    """What everybody did of them in this month before today; `gone`: the share of its working time that is over."""
    found: dict[str, dict[str, Tally]] = {kpi.key: {} for kpi in kpis}
    counted = [kpi for kpi in kpis if shape_of(kpi) != "average"]
    if counted and so_far.end > so_far.start:
        for key, user, tally in _tallied(bench, conn, counted, so_far, sources(bench)):
            found[key][user] = tally
    averages = [kpi.key for kpi in kpis if shape_of(kpi) == "average"]
    if averages:
        month = Period.parse(so_far.label)
        won = {user: one.by(gone) for user, one in months(bench, conn, month, {}).items()}
        of_all = {user: Tally(month.label, 0.0, much, float(wins)) for user, (wins, much) in won.items()}
        found |= dict.fromkeys(averages, of_all)
    return found


def _tallied(
    bench: Workbench, conn: Connection, kpis: Sequence[Kpi], part: Period, there: frozenset[str]
) -> Iterator[tuple[str, str, Tally]]:
    """By KPI and user what a part of a month came to."""
    by_key = {kpi.key: kpi for kpi in kpis}
    for (key, user), result in measured_of(bench, conn, kpis, part, there).items():
        yield key, user, tally_of(part.label, 0.0, result, share=bool(by_key[key].bottom))


def _of_sellers(sellers: Sequence[Person], label: str) -> list[Part]:
    """The average deal's, from the moments of the wins."""
    tested = tested_months(months_before(label, MONTHS))
    parts = []
    for cut in CUTS:
        done = {}
        for one in sellers:
            for month in one.months:
                wins, much = month.by(cut)
                done[one.user, month.label] = Tally(month.label, month.days, much, float(wins))
        parts.append(Part(cut, dict.fromkeys(tested, cut), done))
    return parts
