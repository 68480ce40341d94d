"""derive: from records to facts, a batch at a time."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from sqlalchemy import Connection

from connector.derive import DERIVE_VERSION, Sales, compile, derive
from connector.derive.external import trainings
from connector.kpi import keeping
from connector.pipeline import counting
from connector.pipeline.bench import Workbench
from connector.pipeline.calendars import adopt_clocks
from connector.pipeline.catalogue import written
from connector.pipeline.measuring import learned_at
from connector.pipeline.rates import known_rates
from connector.pipeline.running import Stop, Synced, never, recorded
from connector.records import LossReason, Pipeline, Record, Stage, User
from connector.store import accounts, cursors, facts, imports, notices, terms
from connector.store.crm import dossiers, records
from connector.store.leases import Fence
from connector.store.secret.phones import phone_hasher
from connector.store.terms import Terms

_NO_FACT = {"close_months", "close_grace_days", "office", "person_zones", "prorate_plans"}
"""Rules that change no facts, or only those of some people (`adopt_clocks` sees to these)."""
BATCH = 500
"""Dossiers derived in one transaction."""


def derive_touched(bench: Workbench, fence: Fence, done: Synced, stop: Stop = never) -> None:
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


def derive_now(bench: Workbench, fence: Fence, what: str) -> Synced:
    """Derive what was touched without asking the CRM. Before the first read came to its end it waits for that."""
    with recorded(bench, what) as done:
        if whole(bench, Pipeline):
            derive_touched(bench, fence, done)
    return done


def whole(bench: Workbench, kind: type[Record]) -> bool:
    """Whether all of a kind was read once, or never will be."""
    with bench.store.read() as conn:
        row = cursors.get(conn, bench.account, kind.kind)
    return kind not in bench.provider.can.kinds or (row is not None and (row.whole_at is not None or bool(row.problem)))


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
