"""pull | save | derive: from the CRM to facts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

from sqlalchemy import Connection

from connector.derive import DERIVE_VERSION, Sales, compile, derive
from connector.derive.external import trainings
from connector.errors import KpiError
from connector.kpi import keeping
from connector.pipeline import chances, counting
from connector.pipeline.bench import Workbench
from connector.pipeline.calendars import adopt_clocks, bring_absences
from connector.pipeline.catalogue import catalogue_in, lacking, written
from connector.pipeline.hearing import hear, watch
from connector.pipeline.measuring import by_id, learned_at
from connector.pipeline.privacy.shielding import shield_of
from connector.pipeline.rates import bring_rates, known_rates
from connector.pipeline.trust import drifting
from connector.records import LossReason, Pipeline, Record, Stage, User
from connector.redact import redact
from connector.store import accounts, cursors, facts, imports, leases, notices, runs, terms
from connector.store.agreed import plans
from connector.store.agreed.plan_guard import Refusal
from connector.store.crm import dossiers, records, refusals
from connector.store.secret.phones import phone_hasher
from connector.store.terms import Terms
from connector.sync import pull, sweep
from connector.sync.progress import Progress
from connector.targets.plans import from_settings

_NO_FACT = {"close_months", "close_grace_days", "office", "person_zones", "prorate_plans"}
"""Rules that change no facts, or only those of some people (`adopt_clocks` sees to these)."""
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
    writes: int = 0
    refused: int = 0
    """Rows that could not be read; they are kept raw and stand in `kpi status`."""
    problems: list[str] = field(default_factory=list)
    stopped: bool = False


@contextmanager
def held(bench: Workbench) -> Iterator[leases.Fence]:
    """The account is ours: who else wants it is told that it is busy."""
    with leases.hold(bench.store, bench.account, leases.this_process(), clock=bench.clock) as fence:
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
    except BaseException as surprise:
        error = f"{type(surprise).__name__}: {redact(str(surprise))}"
        raise
    finally:
        done.requests = bench.provider.requests - before
        told = [*done.problems, *(["stopped on request"] if done.stopped else [])]
        with bench.store.write() as conn:
            runs.end(
                conn,
                done.run,
                now=bench.now(),
                error=error or "; ".join(told) or None,
                requests=done.requests,
                rows=sum(done.rows.values()),
                changed=done.changed,
                writes=done.writes,
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
    bench.meet()
    with recorded(bench, "sync") as done:
        begin(bench, full=full)
        try:
            heard = hear(bench, fence, queue=True)
            report = pull.pull_account(
                bench.store,
                bench.account,
                bench.provider,
                fence=fence,
                now=bench.now,
                progress=progress,
                stop=stop,
                shield=shield_of(bench),
            )
        finally:
            bench.backfilling = False
        if not heard.hooks:
            watch(bench, report.new + report.changed)
        done.rows, done.changed, done.gone = dict(report.rows), report.changed, report.gone
        done.problems, done.stopped, done.refused = list(report.problems), report.stopped, report.refused
        tell_notes(bench)
        drifting.watch_structure(bench, fence, report.listed)
        bring_absences(bench, fence)
        if _whole(bench, Pipeline):  # without them nobody knows what is for sale; what was read waits, dirty
            derive_touched(bench, fence, done, stop)
            if not done.stopped and bring_rates(bench, fence):
                derive_touched(bench, fence, done, stop)
        if not (done.stopped or report.later):  # half a reading is no world to compare
            drifting.watch_slowly(bench, fence)
            chances.refresh(bench, fence)
    return done


def _whole(bench: Workbench, kind: type[Record]) -> bool:
    with bench.store.read() as conn:
        row = cursors.get(conn, bench.account, kind.kind)
    return kind not in bench.provider.can.kinds or (row is not None and (row.whole_at is not None or bool(row.problem)))


def tell_notes(bench: Workbench) -> None:
    """What the provider notes, rows that could not be read and plans for nobody, as notices for `kpi status`."""
    now = bench.now()
    told = [("provider", note[:80], note) for note in bench.provider.can.notes]
    with bench.store.write() as conn:
        nobody, refused = agree_as_written(bench, conn)
        told += [("unknown_plan", text[:80], f"a plan counts nowhere: {text}") for text in nobody]
        for late in refused:
            told.append(("refused_plan", late.text[:80], f"a plan of the configuration is not taken: {late.text}"))
        for kind, count in Counter(row.kind for row in refusals.all(conn, bench.account)).items():
            told.append(("unreadable_rows", kind, f"{count} rows of {kind} could not be read; they count nowhere"))
        told += [("own_kpi", key, text) for key, text in lacking(bench, conn).items()]
        for code in ("provider", "unreadable_rows", "unknown_plan", "refused_plan", "own_kpi"):
            notices.clear(conn, bench.account, code)
        for code, subject, text in told:
            notices.add(conn, bench.account, code, subject, text, now=now)


def begin(bench: Workbench, *, full: bool = False) -> None:
    """Plans of the configuration into the store; whether this is a first read."""
    with bench.store.write() as conn:
        known = cursors.all(conn, bench.account)
        for kind in known if full else ():
            cursors.forget(conn, bench.account, kind)
        bench.backfilling = full or not known
        agree_as_written(bench, conn)


def agree_as_written(bench: Workbench, conn: Connection) -> tuple[list[str], list[Refusal]]:
    """The configuration's plans into the store. What is left out is told: plans for nobody, and those that come too
    late or without a reason.
    """
    meant, nobody = by_id(conn, bench.account, from_settings(bench.settings.plan, catalogue_in(bench, conn)))
    now = learned_at(bench, conn)
    refused = plans.refusals(conn, bench.account, meant, now=now)
    late = [one.plan for one in refused]
    plans.add(conn, bench.account, [plan for plan in meant if plan not in late], now=now)
    return nobody, refused


def sweep_and_derive(
    bench: Workbench, *, confirmed: bool = False, progress: Progress | None = None, stop: Stop = never
) -> Synced:
    """Find deletions that no one told us of, and derive what they touch."""
    with held(bench) as fence:
        bench.meet()
        with recorded(bench, "sweep") as done:
            report = sweep.sweep_account(
                bench.store,
                bench.account,
                bench.provider,
                fence=fence,
                now=bench.now,
                progress=progress,
                stop=stop,
                confirmed=confirmed,
                shield=shield_of(bench),
            )
            done.rows, done.gone = dict(report.checked), report.gone
            done.problems, done.stopped = list(report.problems), report.stopped
            derive_touched(bench, fence, done, stop)
    return done


def derive_touched(bench: Workbench, fence: leases.Fence, done: Synced, stop: Stop = never) -> None:
    """Dirty dossiers -> facts, a batch at a time, each in one transaction; another rule makes every dossier dirty."""
    with bench.store.write() as conn:
        sales = adopt_rules(bench, conn)
        known_at = learned_at(bench, conn)
        kept = counting.begin(bench, conn)
    while not stop():
        with bench.store.write() as conn:
            fence.check(conn)
            keys, touched = dossiers.take_dirty(conn, bench.account, BATCH), set[facts.Touched]()
            derived = {dossier.key: derive(dossier, sales) for dossier in dossiers.load(conn, bench.account, keys)}
            delta = facts.replace(conn, bench.account, derived, known_at=known_at, touched=touched)
            keeping.refresh(conn, bench.account, kept, touched)
            dossiers.clear_dirty(conn, bench.account, keys)
        if not keys:
            counting.catch_up(bench, fence, kept)
            return
        done.dossiers += len(keys)
        done.facts_added += delta.added
        done.facts_ended += delta.ended


def derive_now(bench: Workbench, fence: leases.Fence, what: str) -> Synced:
    """Derive what was touched without asking the CRM. Before the first read came to its end it waits for that."""
    with recorded(bench, what) as done:
        if _whole(bench, Pipeline):
            derive_touched(bench, fence, done)
    return done


def adopt_rules(bench: Workbench, conn: Connection) -> Sales:
    """The rules compiled; what they say that the CRM does not have is noted; where they changed all is derived anew."""
    stages, users = records.directory(conn, bench.account, Stage), records.directory(conn, bench.account, User)
    zone, currency, can = bench.zone(), bench.currency(), bench.provider.can
    sales = compile(
        bench.settings.rules,
        zone=zone,
        currency=currency,
        pipelines=records.directory(conn, bench.account, Pipeline),
        stages=stages,
        loss_reasons=records.directory(conn, bench.account, LossReason),
        rates=known_rates(bench, conn),
        user_ids=users,
        users=users,
        owner_history=can.owner_history,
        price_history=can.price_history,
        deadline_history=can.deadline_history,
        clocks=adopt_clocks(bench, conn),
        trainings=trainings(imports.trainings(conn, bench.account)),
        internal=map(phone_hasher(bench.key), bench.settings.rules.internal_numbers),
    )
    notices.clear(conn, bench.account, "unknown_name")
    for text in sales.unknown:
        notices.add(conn, bench.account, "unknown_name", text, text, now=bench.now())
    own = {name: str(rate) for name, rate in bench.settings.rates.items()}
    told = [
        bench.settings.rules.model_dump_json(exclude=_NO_FACT),
        zone.key,
        currency,
        repr(sorted(own.items())),
        sales.mark,
    ]
    told += [repr(sorted((stage.id, stage.outcome) for stage in stages.values()))]
    told += [str(DERIVE_VERSION), version("holidays")]  # a release with other days off changes working time too
    own_kpis, rules = written(bench.settings.kpi), bench.settings.rules.model_dump_json()
    agreed = Terms(rules=rules, zone=zone.key, currency=currency, kpis=own_kpis)
    terms.adopt(conn, bench.account, agreed, now=learned_at(bench, conn))
    accounts.adopt_rules(conn, bench.account, hashlib.blake2b("\0".join(told).encode(), digest_size=12).hexdigest())
    return sales
