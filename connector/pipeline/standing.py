"""How an account stands: what a check finds in the CRM, and what a status knows without asking it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from connector.errors import KpiError
from connector.kpi.definition import Kpi
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in, catalogue_of
from connector.pipeline.measuring import sources
from connector.provider import Account, Capabilities, Field, R
from connector.records import KINDS, Pipeline, Record, Stage, User
from connector.store import cursors, daemons, notices, runs
from connector.store.crm import dossiers
from connector.store.daemons import Daemon
from connector.store.sent import standing as sent
from connector.store.tables import NoticeRow, RunRow


@dataclass(slots=True)
class Finding:
    """What a check found, as far as it got."""

    name: str
    provider: str
    pace: str = ""
    """The part of the vendor's limit that is used."""
    told: Account | None = None
    can: Capabilities | None = None
    pipelines: list[Pipeline] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    fields: Sequence[Field] = ()
    missing: list[str] = field(default_factory=list)
    """What the configuration names and the CRM does not have."""
    unset: dict[str, list[Kpi]] = field(default_factory=dict)
    """Settings that name no field yet, each with the KPIs that have no source without it."""
    problems: list[str] = field(default_factory=list)
    error: KpiError | None = None


def examine(bench: Workbench) -> Finding:
    """Log in and look; an error ends the look and is part of what was found."""
    pace = bench.settings.pace
    share = f"used: {pace.working_hours:.0%} in working hours, {pace.otherwise:.0%} otherwise and in a first read"
    found = Finding(bench.settings.name, bench.settings.provider, share)
    try:
        found.told = bench.meet()
        found.can = bench.provider.can
        found.pipelines = _all(bench, Pipeline, found)
        found.stages = _all(bench, Stage, found)
        found.users = _all(bench, User, found)
        found.fields = bench.provider.fields()
        found.missing = _missing(bench, found)
        found.unset = _unset(bench)
    except KpiError as error:
        found.error = error
    return found


def _unset(bench: Workbench) -> dict[str, list[Kpi]]:
    given, found = sources(bench), dict[str, list[Kpi]]()
    for kpi in catalogue_of(bench).values():
        if kpi.setting is not None and not kpi.has_source(kpi.needs | given, bench.settings.rules):
            found.setdefault(kpi.setting, []).append(kpi)
    return found


def _all(bench: Workbench, kind: type[R], found: Finding) -> list[R]:
    if bench.provider.can and kind not in bench.provider.can.kinds:
        found.problems.append(f"{kind.kind}: no source")
        return []
    try:
        read = (record for page in bench.provider.pull(kind, None) for record in page.records)
        return [record for record in read if isinstance(record, kind)]
    except KpiError as error:
        if error.exit_code == 3:
            raise
        found.problems.append(f"{kind.kind}: {error}")
        return []


def _missing(bench: Workbench, found: Finding) -> list[str]:
    rules = bench.settings.rules
    pipelines = {name.casefold() for pipeline in found.pipelines for name in (pipeline.id, pipeline.name)}
    fields = {name for one in found.fields for name in (one.id, one.name, one.code or one.id)}
    named = [("rules.sales_pipelines", name) for name in rules.sales_pipelines if name.casefold() not in pipelines]
    wanted = (*rules.wanted_fields(), *((rules.currency_field,) if rules.currency_field else ()))
    return [
        f"{key}: {name!r}" for key, name in (*named, *(("rules field", name) for name in wanted if name not in fields))
    ]


@dataclass(slots=True)
class Standing:
    """What is known without asking the CRM. Instants are epoch milliseconds."""

    name: str
    now: int
    fresh: dict[str, int | None]
    """By kind: the server's time up to which it was read, None never."""
    rows: dict[str, int]
    problems: dict[str, str]
    waiting_dossiers: bool
    outbox: dict[str, int]
    runs: list[RunRow]
    notices: list[NoticeRow]
    zone: tzinfo = UTC
    """The account's, in which its people are told times."""
    numbers: dict[str, int | None] = field(default_factory=dict)
    """By KPI: as of when it is, which is as of the oldest kind it is made of; None where one was never read."""
    daemons: list[Daemon] = field(default_factory=list)
    """`kpi run` at work on this account now; more than one is a thing to look at."""


def standing(bench: Workbench) -> Standing:
    """Freshness of each stream, runs, outbox, notices."""
    with bench.store.read() as conn:
        known = cursors.all(conn, bench.account)
        counts = sent.counts(conn, bench.account)
        fresh = {kind.kind: known[kind.kind].told_at if kind.kind in known else None for kind in _read(bench)}
        return Standing(
            name=bench.settings.name,
            zone=bench.zone(),
            now=bench.now(),
            fresh=fresh,
            rows={kind: row.rows for kind, row in known.items()},
            problems={kind: row.problem for kind, row in known.items() if row.problem},
            waiting_dossiers=bool(dossiers.take_dirty(conn, bench.account, 1)),
            outbox={f"{level} {state}": count for (level, state), count in sorted(counts.items())},
            runs=runs.recent(conn, bench.account, 5),
            notices=notices.all(conn, bench.account),
            numbers=_as_of(catalogue_in(bench, conn), fresh),
            daemons=daemons.serving(conn, bench.account, bench.clock()),
        )


def _as_of(catalogue: Mapping[str, Kpi], fresh: Mapping[str, int | None]) -> dict[str, int | None]:
    """KPIs of which this CRM has every kind of record."""
    found: dict[str, int | None] = {}
    for key, kpi in catalogue.items():
        if kpi.needs <= fresh.keys():
            moments = [fresh[kind] for kind in kpi.needs]
            read = [at for at in moments if at is not None]
            found[key] = min(read) if read and len(read) == len(moments) else None
    return found


def _read(bench: Workbench) -> list[type[Record]]:
    return [kind for kind in KINDS if kind in bench.provider.can.kinds]
