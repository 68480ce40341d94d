"""The drift guard: after every reading the CRM's make-up is held against the one that was accepted.

    directories as listed -> world -> differences -> drifts (open, noted, answered) -> frozen KPIs | notices

Stages and pipelines are compared before anything is derived from them, so that the last sound moment is known; fields
and calls once a local day, after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

import msgspec
from sqlalchemy.engine import Connection

from connector.errors import BadConfig, KpiError, NeedsPerson, Refused, TryLater
from connector.health import drift_words, fields, telephony
from connector.health.drift import Drift, differences
from connector.health.frozen import settled, touched
from connector.health.world import World, adopted, fields_seen, improved, structure
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Kpi
from connector.kpi.frame import data_until
from connector.moment import DAY, day_number, from_ms, local_day
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.trust.freezing import both, keep, tell
from connector.provider import R
from connector.records import Gone, Pipeline, Record, Stage
from connector.store import cursors, leases, worlds
from connector.store.asked.guarding import call_days, known_until, recent_wins
from connector.store.crm import records

LOOK_BACK = timedelta(days=60)


def watch_structure(bench: Workbench, fence: leases.Fence, listed: Mapping[str, Collection[str]]) -> None:
    """Compare pipelines and stages with the accepted ones. `listed`: ids the CRM showed in this reading, by kind.

    What it did not show is asked for by id before it is called gone: a provider may tell only what changed.
    """
    with bench.store.read() as conn:
        kept = both(conn, bench.account)
        if kept is None and not all(_read_whole(bench, conn, kind) for kind in (Pipeline, Stage)):
            return
    pipelines: Collection[str] = _there(bench, Pipeline, kept[1].pipelines if kept else (), listed)
    stages: Collection[str] = _there(bench, Stage, kept[1].stages if kept else (), listed)
    with bench.store.write() as conn:
        fence.check(conn)
        if kept is None:
            pipelines, stages = (records.live_ids(conn, bench.account, kind) for kind in (Pipeline, Stage))
        now = structure(_those(conn, bench, Pipeline, pipelines), _those(conn, bench, Stage, stages))
        if kept is None:
            keep(conn, bench, now, now)
            return
        seen = msgspec.structs.replace(kept[1], pipelines=now.pipelines, stages=now.stages)
        found = [one for one in differences(kept[0], seen) if not one.subject.startswith("field:")]
        _settle(conn, bench, kept[0], seen, found, ("pipeline:", "stage:"))


def watch_slowly(bench: Workbench, fence: leases.Fence) -> None:
    """Compare fields and calls, once on each local day; the first time all of it is accepted."""
    with bench.store.read() as conn:
        kept = both(conn, bench.account)
        today = local_day(from_ms(data_until(conn, bench.account, bench.now())), bench.zone())
    if kept is None or kept[1].calls_on == day_number(today):
        return
    there = _fields_there(bench) if fields.configured(bench.settings.rules) else frozenset()
    with bench.store.write() as conn:
        fence.check(conn)
        accepted, seen = both(conn, bench.account) or kept
        filled = fields.fills(bench.settings.rules, recent_wins(conn, bench.account, bench.now()).values())
        first = not accepted.calls_on
        now = msgspec.structs.replace(
            seen, fields=fields_seen(filled, there), fields_on=day_number(today), calls_on=day_number(today)
        )
        calls = list(_telephony(bench, conn, today, accepted.calls_from))
        if first:
            begins = day_number(today) if calls else None
            accepted = msgspec.structs.replace(accepted, fields=now.fields, calls_on=now.calls_on, calls_from=begins)
            keep(conn, bench, accepted, now)
        else:
            found = [one for one in differences(accepted, now) if one.subject.startswith("field:")]
            _settle(conn, bench, improved(accepted, now), now, [*found, *calls], ("field:", telephony.SUBJECT))


def _read_whole(bench: Workbench, conn: Connection, kind: type[Record]) -> bool:
    row = cursors.get(conn, bench.account, kind.kind)
    return kind not in bench.provider.can.kinds or (row is not None and row.whole_at is not None)


def _there(
    bench: Workbench, kind: type[Record], known: Collection[str], listed: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Ids there are now: those known, less those the CRM confirms to be gone, and those it showed."""
    shown = frozenset(listed.get(kind.kind, ()))
    missing = sorted(set(known) - shown) if shown else []
    try:
        gone = {one.id for one in bench.provider.fetch(kind, missing) if isinstance(one, Gone)} if missing else set()
    except (TryLater, Refused):
        gone = set()
    return (frozenset(known) - gone) | shown


def _those(conn: Connection, bench: Workbench, kind: type[R], ids: Collection[str]) -> list[R]:
    return list(records.get(conn, bench.account, kind, ids).values())


def _fields_there(bench: Workbench) -> frozenset[str] | None:
    """Names, codes and ids of the CRM's fields; None where it does not say just now."""
    try:
        found = bench.provider.fields()
    except NeedsPerson:
        raise
    except KpiError:
        return None
    return frozenset(
        name.strip().casefold() for one in found for name in (one.id, one.name, one.code or "") if name.strip()
    )


def _telephony(bench: Workbench, conn: Connection, today: date, since: int | None) -> Iterable[Drift]:
    """What is wrong with the calls of the working days before today."""
    calendar, first = bench.calendar(), today - LOOK_BACK
    days = [day for n in range(LOOK_BACK.days) if calendar.is_working(day := first + n * DAY)]
    told = call_days(conn, bench.account, day_number(first), day_number(today))
    counted = [
        telephony.Day(day, *told.get(day_number(day), ())) for day in days if since is None or day_number(day) >= since
    ]
    return telephony.changes(counted, lambda day: known_until(conn, bench.account, day_number(first), day_number(day)))


def _settle(
    conn: Connection, bench: Workbench, accepted: World, seen: World, found: list[Drift], looked_at: tuple[str, ...]
) -> None:
    """New drifts are written down, those that need nobody's word are accepted at once, those that are over closed."""
    rules, now = bench.settings.rules, bench.now()
    catalogue = _catalogue(bench, conn)
    known = {(row.code, row.subject): row for row in worlds.all(conn, bench.account, only_open=True)}
    for one in found:
        kpis = touched(one, catalogue.values(), rules)
        by = "config" if settled(one, rules) else None if kpis else "noted"
        row = known.pop((one.code, one.subject), None)
        if row is None:
            since = now - 1 if one.until is None else one.until  # later than now where the clock was set back
            worlds.add(
                conn, bench.account, one.code, one.subject, since=since, now=now, text=drift_words.told(one),
                kpis=kpis, accepted_by=by,
            )  # fmt: skip
        elif by == "config":
            worlds.accept(conn, bench.account, [row.id or 0], by, now=now)
        if by is not None:
            accepted = adopted(accepted, seen, one.subject)
    over = [row.id or 0 for (_, subject), row in known.items() if subject.startswith(looked_at)]
    worlds.accept(conn, bench.account, over, "undone", now=now)
    keep(conn, bench, accepted, seen)
    tell(conn, bench)


def _catalogue(bench: Workbench, conn: Connection) -> Mapping[str, Kpi]:
    """The account's own KPIs too; where the configuration of these is wrong, just now or for good, the others."""
    try:
        return catalogue_in(bench, conn)
    except BadConfig:
        return ALL
