"""pull | save | derive: from the CRM to facts."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from connector.derive import Sales, derive
from connector.derive.rules import compile_rules
from connector.errors import KpiError
from connector.pipeline.bench import Workbench
from connector.records import LossReason, Pipeline, Rate, Stage, User
from connector.store import accounts, cursors, dossiers, facts, leases, plans, records, runs
from connector.sync import pull, sweep
from connector.sync.progress import Progress
from connector.targets.plans import from_settings

BATCH = 500
"""Dossiers derived in one transaction."""
Stop = Callable[[], bool]


def never() -> bool:
    """Nobody asked to stop."""
    return False


@dataclass(slots=True)
class Synced:
    """What a sync or a sweep came to."""

    run: int
    rows: dict[str, int] = field(default_factory=dict)
    changed: int = 0
    gone: int = 0
    requests: int = 0
    dossiers: int = 0
    facts_added: int = 0
    facts_ended: int = 0
    problems: list[str] = field(default_factory=list)
    stopped: bool = False


@contextmanager
def held(bench: Workbench) -> Iterator[leases.Fence]:
    """The account is ours: who else wants it is told that it is busy."""
    holder = f"{socket.gethostname()}:{os.getpid()}"
    with leases.hold(bench.store, bench.account, holder, clock=bench.clock) as fence:
        yield fence


@contextmanager
def recorded(bench: Workbench, what: str) -> Iterator[Synced]:
    """A row in the run history, closed with what was done also when it fails."""
    with bench.store.write() as conn:
        done = Synced(runs.start(conn, bench.account, what, now=bench.now()))
    before, error = bench.provider.requests, None
    try:
        yield done
    except KpiError as problem:
        error = str(problem)
        raise
    finally:
        done.requests = bench.provider.requests - before
        with bench.store.write() as conn:
            runs.end(
                conn,
                done.run,
                now=bench.now(),
                error=error or "; ".join(done.problems) or None,
                requests=done.requests,
                rows=sum(done.rows.values()),
                changed=done.changed,
            )


def sync_and_derive(
    bench: Workbench, *, full: bool = False, progress: Progress | None = None, stop: Stop = never
) -> Synced:
    """Read what changed, keep it, and derive the touched dossiers."""
    with held(bench) as fence:
        return read(bench, fence, full=full, progress=progress, stop=stop)


def read(
    bench: Workbench, fence: leases.Fence, *, full: bool = False, progress: Progress | None = None, stop: Stop = never
) -> Synced:
    """The same, for whoever holds the lease already."""
    with recorded(bench, "sync") as done:
        bench.meet()
        with bench.store.write() as conn:
            if full:
                cursors.forget(conn, bench.account)
            plans.add(conn, bench.account, from_settings(bench.settings.plan), now=bench.now())
            bench.backfilling = not cursors.all(conn, bench.account)
        report = pull.pull_account(
            bench.store, bench.account, bench.provider, fence=fence, now=bench.now, progress=progress, stop=stop
        )
        done.rows, done.changed, done.gone = dict(report.rows), report.changed, report.gone
        done.problems, done.stopped = list(report.problems), report.stopped
        derive_touched(bench, fence, done, stop)
        bench.backfilling = False
    return done


def sweep_and_derive(
    bench: Workbench, *, confirmed: bool = False, progress: Progress | None = None, stop: Stop = never
) -> Synced:
    """Find deletions that no one told us of, and derive what they touch."""
    with held(bench) as fence, recorded(bench, "sweep") as done:
        bench.meet()
        report = sweep.sweep_account(
            bench.store,
            bench.account,
            bench.provider,
            fence=fence,
            now=bench.now,
            progress=progress,
            stop=stop,
            confirmed=confirmed,
        )
        done.rows, done.gone = dict(report.checked), sum(report.gone.values())
        derive_touched(bench, fence, done, stop)
    return done


def derive_touched(bench: Workbench, fence: leases.Fence, done: Synced, stop: Stop = never) -> None:
    """Dirty dossiers -> facts, a batch at a time, each in one transaction; another rule makes every dossier dirty."""
    with bench.store.write() as conn:
        sales, soiled = sales_rules(bench, conn)
        soil(conn, bench, soiled)
    known_at = bench.now()
    while not stop():
        with bench.store.write() as conn:
            keys = dossiers.take_dirty(conn, bench.account, BATCH)
            if not keys:
                return
            fence.check(conn)
            loaded = dossiers.load(conn, bench.account, keys)
            derived = {dossier.key: derive(dossier, sales) for dossier in loaded}
            delta = facts.replace(conn, bench.account, {key: derived.get(key, []) for key in keys}, known_at=known_at)
            dossiers.clear_dirty(conn, bench.account, keys)
        done.dossiers += len(keys)
        done.facts_added += delta.added
        done.facts_ended += delta.ended


def sales_rules(bench: Workbench, conn: Connection) -> tuple[Sales, str]:
    """The compiled rules, and a fingerprint `rules|rates` of everything that facts depend on beside records."""
    rules, zone, currency = bench.settings.rules, bench.zone(), bench.currency()
    pipelines, stages, reasons, rates, users = (
        records.directory(conn, bench.account, kind) for kind in (Pipeline, Stage, LossReason, Rate, User)
    )
    told = [repr(sorted(part.items())) for part in (pipelines, stages, reasons)]
    own = {name: str(rate) for name, rate in bench.settings.rates.items()}
    sales = compile_rules(
        rules,
        zone=zone,
        currency=currency,
        pipelines=tuple(pipelines.values()),
        stages=tuple(stages.values()),
        loss_reasons=tuple(reasons.values()),
        rates=tuple(rates.values()),
        own_rates=bench.settings.rates,
        user_ids=frozenset(users),
    )
    return sales, "|".join(
        (_fingerprint(rules.model_dump_json(), zone.key, currency, *told), _fingerprint(repr(sorted(rates)), repr(own)))
    )


def soil(conn: Connection, bench: Workbench, fingerprint: str) -> None:
    """Other rules touch every dossier, other rates those with deals in another currency."""
    before = accounts.get(conn, bench.account).rules_hash
    if before == fingerprint:
        return
    if before is None or before.split("|")[0] != fingerprint.split("|", maxsplit=1)[0]:
        dossiers.soil_all(conn, bench.account)
    else:
        dossiers.soil_foreign(conn, bench.account, bench.currency())
    accounts.remember_rules(conn, bench.account, fingerprint)


def _fingerprint(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
