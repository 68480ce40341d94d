"""measure | judge: facts into numbers, plans beside them, and one number into its proof."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from connector.config import Rules
from connector.derive.external import FACTS_OF, TOLD_BY
from connector.errors import BadConfig
from connector.kpi import engine, explain
from connector.kpi.definition import IMPORTED, Kpi
from connector.kpi.diff import reading as diff_reading
from connector.moment import Period, from_ms, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in, catalogue_of
from connector.pipeline.trust import freezing
from connector.records import Pipeline, Team, User
from connector.result import Plan
from connector.store import cursors, imports, results, runs, terms
from connector.store.agreed import closings, plans
from connector.store.crm import records, seen
from connector.store.talk import scores
from connector.targets.plans import read_csv


def sources(bench: Workbench, as_of: int | None = None) -> frozenset[str]:
    """Kinds that were read to their end at least once, and kinds of facts that were imported (`import:payment`).

    KPIs that need others say "no source", never 0.

    `as_of` (epoch ms): those of which that was true then, whatever the CRM gives today.
    """
    with bench.store.read() as conn:
        read = {
            kind: row.whole_at for kind, row in cursors.all(conn, bench.account).items() if row.whole_at is not None
        }
        brought = imports.whats(conn, bench.account, as_of=as_of) | scores.whats(conn, bench.account, as_of=as_of)
    imported = frozenset(IMPORTED + kind for what in brought for kind in (*FACTS_OF[what], *TOLD_BY.get(what, ())))
    if as_of is not None:
        return imported | frozenset(kind for kind, at in read.items() if at <= as_of)
    return imported | (frozenset(kind.kind for kind in bench.provider.can.kinds) & frozenset(read))


def terms_of(bench: Workbench, as_of: int | None = None) -> tuple[Rules, ZoneInfo, str]:
    """Rules, zone and currency by which numbers are told: the configuration's, or those in force at a past moment."""
    with bench.store.read() as conn:
        then = None if as_of is None else terms.at(conn, bench.account, as_of)
    if then is None:
        return bench.settings.rules, bench.zone(), bench.currency()
    return Rules.model_validate_json(then.rules), ZoneInfo(then.zone), then.currency


def unready(bench: Workbench) -> list[str]:
    """Kinds whose first read has not come to its end, though the CRM does not refuse them."""
    with bench.store.read() as conn:
        known = cursors.all(conn, bench.account)
    refused = {kind for kind, row in known.items() if row.problem}
    return sorted({kind.kind for kind in bench.provider.can.kinds} - sources(bench) - refused)


def failure(bench: Workbench) -> str | None:
    """What the last reading that was begun ended with, None where all was well: numbers are those of before it."""
    with bench.store.read() as conn:
        last = runs.latest(conn, bench.account, "sync")
    return last.error if last is not None else None


def report_of(
    bench: Workbench,
    period: Period,
    *,
    team: str | None = None,
    as_of: datetime | None = None,
    reached: int | None = None,
) -> engine.Report:
    """Every KPI of a period as computed, whether it is closed or not; asks nothing of the CRM. `reached` (epoch ms):
    how far the data reached at `as_of`.

    What a drift of the CRM could have made wrong is told as it was known before it, with the reason "frozen".
    """
    at = epoch(as_of)
    report = computed(bench, period, team, at, reached)
    return freezing.held_still(bench, report, lambda then: computed(bench, period, team, then), at)


def computed(
    bench: Workbench, period: Period, team: str | None, as_of: int | None, reached: int | None = None
) -> engine.Report:
    """The same with nothing held still; `as_of` in epoch ms."""
    known, (rules, zone, _) = sources(bench, as_of), terms_of(bench, as_of)
    with bench.store.read() as conn:
        return engine.report(
            conn,
            bench.account,
            period,
            zone=zone,
            now=bench.now(),
            as_of=as_of,
            reached=reached,
            team=team,
            rules=rules,
            sources=known,
            catalogue=catalogue_in(bench, conn, as_of),
        )


def measured_now(
    bench: Workbench,
    conn: Connection,
    period: Period,
    catalogue: Mapping[str, Kpi],
    *,
    kpis: Collection[str] | None = None,
    given: frozenset[str] | None = None,
) -> engine.Report:
    """A month as known now and by today's rules, nothing held still: of these KPIs, else of all of the catalogue.

    `given`: kinds of records the CRM gives, where that was asked already.
    """
    return engine.report(
        conn, bench.account, period, zone=bench.zone(), now=bench.now(), kpis=kpis, rules=bench.settings.rules,
        sources=sources(bench) if given is None else given, catalogue=catalogue,
    )  # fmt: skip


def keep_results(bench: Workbench, report: engine.Report) -> None:
    """The results of this run, for pages."""
    with bench.store.write() as conn:
        results.save(conn, bench.account, report.results, now=bench.now())


def explanation_of(
    bench: Workbench,
    kpi: str,
    period: Period,
    *,
    user: str | None = None,
    team: str | None = None,
    as_of: datetime | None = None,
    reached: int | None = None,
) -> explain.Explanation:
    """The facts and records behind one number, and what was left out and why; of a frozen KPI as before its drift."""
    at = freezing.sound_until(bench, kpi, period, epoch(as_of))
    known, (rules, zone, _) = sources(bench, at), terms_of(bench, at)
    with bench.store.read() as conn:
        told = explain.explain(
            conn,
            bench.account,
            kpi,
            period,
            user=user,
            team=team,
            zone=zone,
            now=bench.now(),
            as_of=at,
            reached=reached,
            rules=rules,
            sources=known,
            catalogue=catalogue_in(bench, conn, at),
            link_to=bench.provider.link_to,
        )
    return freezing.marked(told, frozen=at != epoch(as_of))


def diff_of(
    bench: Workbench, kpi: str, period: Period, *, user: str, since: datetime, until: datetime | None = None
) -> diff_reading.Comparison:
    """Why a number is another than it was: what was known at `since` beside what was at `until` (default: now)."""
    begin, end = to_ms(_aware(since)), bench.now() if until is None else to_ms(_aware(until))
    (then, _, _), (now, zone, _) = terms_of(bench, begin), terms_of(bench, end)
    known = sources(bench, end)
    with bench.store.read() as conn:
        told = diff_reading.compare(
            conn,
            bench.account,
            kpi,
            period,
            user=user,
            since=begin,
            until=end,
            zone=zone,
            rules=(then, now),
            sources=known,
            catalogue=catalogue_in(bench, conn, end),
        )
        return diff_reading.begun(told, seen.first_read(conn, bench.account))


def not_yet(bench: Workbench, as_of: datetime) -> str | None:
    """What to say of a moment at which nothing of the account was known yet; None of any later one."""
    with bench.store.read() as conn:
        first = seen.first_read(conn, bench.account)
    if first is None:
        return f"{bench.settings.name}: nothing is known yet: the CRM was never read; now: kpi sync"
    if first <= to_ms(_aware(as_of)):
        return None
    zone = bench.zone()
    asked, read = (at.astimezone(zone) for at in (_aware(as_of), from_ms(first)))
    return (
        f"{bench.settings.name}: at {asked:%Y-%m-%d %H:%M %Z} nothing was known: the CRM was first read at "
        f"{read:%Y-%m-%d %H:%M:%S %Z}; ask for a later moment"
    )


def import_plans(bench: Workbench, file: Path) -> int:
    """Plans of a CSV; nothing is taken while a line is wrong. Returns how many new versions there are."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadConfig([f"{file}: {error.strerror}"]) from None
    taken = read_csv(data, catalogue_of(bench), getpass.getuser())
    with bench.store.write() as conn:
        meant, nobody = by_id(conn, bench.account, taken.plans)
        now = learned_at(bench, conn)
        bad = [f"{file}: line {bad.line}: {bad.problem}" for bad in taken.bad] + [f"{file}: {text}" for text in nobody]
        lines = dict(zip(meant, taken.lines, strict=False))  # unused where somebody is nobody
        late = [] if bad else plans.refusals(conn, bench.account, meant, now=now)
        if bad or late:
            raise BadConfig(bad + [f"{file}: line {lines[one.plan]}: {one.text}" for one in late])
        return plans.add(conn, bench.account, meant, now=now)


def learned_at(bench: Workbench, conn: Connection) -> int:
    """The moment from which what is learned now is known (epoch ms): never one that a closing has seen already."""
    return max(bench.now(), closings.floor(conn, bench.account))


def by_id(conn: Connection, account: int, named: Sequence[Plan]) -> tuple[list[Plan], list[str]]:
    """The plans with names of people, teams and pipelines replaced by ids, and what names nobody. Before a sync all
    are taken.
    """
    known: dict[str, Mapping[str, User | Team | Pipeline]] = {
        "user": records.directory(conn, account, User),
        "team": records.directory(conn, account, Team),
        "pipeline": records.directory(conn, account, Pipeline),
    }
    meant, nobody = [], []
    for plan in named:
        kind, _, name = plan.subject.partition(":")
        try:
            subject = f"{kind}:{_id(kind, name, known[kind])}" if name else plan.subject
            pipeline = _id("pipeline", plan.pipeline, known["pipeline"]) if plan.pipeline else ""
        except LookupError as error:
            nobody.append(str(error.args[0]))
        else:
            meant.append(msgspec.structs.replace(plan, subject=subject, pipeline=pipeline))
    return meant, nobody


def _id(kind: str, name: str, there: Mapping[str, User | Team | Pipeline]) -> str:
    """Raises LookupError where it is nobody's name, or that of more than one."""
    ids = [id for id, one in there.items() if name.casefold() in (id.casefold(), one.name.casefold())]
    if there and len(ids) != 1:
        have = ", ".join(f"{one.name} ({id})" for id, one in sorted(there.items()))
        none = "not there" if kind == "pipeline" else "nobody"
        raise LookupError(f"{kind} {name!r} is {none if not ids else 'more than one'}; there are: {have}")
    return ids[0] if ids else name


def plans_of(bench: Workbench, period: Period) -> list[Plan]:
    """The plans in force, by subject and KPI."""
    with bench.store.read() as conn:
        found = plans.current(conn, bench.account, period.label)
    return [found[key] for key in sorted(found)]


def epoch(at: datetime | None) -> int | None:
    """A moment as the store keeps them, epoch ms; without a zone of its own it is in UTC."""
    return None if at is None else to_ms(_aware(at))


def _aware(at: datetime) -> datetime:
    """Without a zone of its own a moment is in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
