"""Read what was known at two moments and compare: why a number is another than it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.errors import BadConfig
from connector.kpi.catalogue import chosen
from connector.kpi.definition import Kpi, thresholds
from connector.kpi.diff import Difference, Known, Scope, Unmoved, Version, differences, unmoved
from connector.kpi.engine import plan_of, plans_for
from connector.kpi.evaluate import evaluate, without_source
from connector.kpi.fold import fold
from connector.kpi.measure import in_days
from connector.kpi.people import people
from connector.moment import Period, Zone
from connector.records import Owner, Price, Ref
from connector.result import Result
from connector.store import accounts, links
from connector.store.encoding import decode
from connector.store.facts import FACT, known_at
from connector.store.upsert import among, table

RECORD = table("record")
_COLUMNS = (
    "key", "kind", "at", "day", "user_id", "client", "deal_id", "lead_id", "amount", "number", "due_at", "confidence",
    "omitted", "note",
)  # fmt: skip
"""In the order of Version's fields."""
_CLOSED = ("win", "loss")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The number at both moments (epoch ms), what made the change, and what changed without changing it.

    `plans`: the plan in force at each. `users`: names by id.
    """

    account: str
    currency: str
    kpi: Kpi
    name: str
    period: Period
    since: int
    until: int
    before: Result
    after: Result
    plans: tuple[Decimal | None, Decimal | None]
    differences: tuple[Difference, ...]
    unmoved: tuple[Unmoved, ...]
    users: Mapping[str, str]


def compare(  # noqa: PLR0913 - what, whose, when, between which moments, by which rules
    conn: Connection,
    account: int,
    kpi: str,
    period: Period,
    *,
    user: str,
    since: int,
    until: int,
    zone: Zone,
    rules: Rules | None = None,
    sources: frozenset[str] | None = None,
) -> Comparison:
    """One KPI of one person as known at `since` and at `until`. Raises BadConfig for a KPI or person that is none."""
    if since >= until:
        raise BadConfig(["diff: --from must lie before --to"])
    [what], row, rules = chosen([kpi]), accounts.get(conn, account), rules or Rules()
    names = people(conn, account, period, zone, now=until).users
    scope = Scope(frozenset({user}), *period.days())
    then, later = _both(conn, account, what, period, scope, (since, until), rules)
    if user not in names and not (then.counted(scope) or later.counted(scope)):
        there = ", ".join(f"{name} ({id})" for id, name in sorted(names.items())) or "none"
        raise BadConfig([f"user: {user!r} is nobody of this account; there are: {there}"])
    plans = _plan(conn, account, what, period, user, since), _plan(conn, account, what, period, user, until)
    before, after = (
        _result(
            what, scope, known, period, user, row.currency or "RUB", plan, known_source=what.has_source(sources, rules)
        )
        for known, plan in zip((then, later), plans, strict=True)
    )
    closes = {fact.record for fact in later.counted(scope) if fact.kind in _CLOSED}
    still = unmoved(what, scope, then, later, _changes(conn, account, closes, since, until))
    return Comparison(
        row.name, row.currency or "RUB", what, names.get(user, user), period, since, until, before, after, plans,
        differences(what, scope, then, later), still, names,
    )  # fmt: skip


def _both(
    conn: Connection, account: int, kpi: Kpi, period: Period, scope: Scope, moments: tuple[int, int], rules: Rules
) -> tuple[Known, Known]:
    """The facts of the number at each moment, and for those that differ what else is known of the same clients: that
    is where a fact went to or came from.
    """
    kinds = sorted({kind for one in kpi.measures for kind in one.kinds})
    own = (FACT.c.account == account, *in_days(period), FACT.c.kind.in_(kinds), FACT.c.user_id.in_(sorted(scope.users)))
    then, later = ({row.id: row for row in conn.execute(sa.select(FACT).where(*own, known_at(at)))} for at in moments)
    differing = [row for id, row in (then | later).items() if (id in then) != (id in later)]
    clients = _dossiers(conn, account, differing)
    theirs = (FACT.c.account == account, among(conn, FACT.c.dossier, clients))
    found = []
    for at, rows in zip(moments, (then, later), strict=True):
        around = conn.execute(sa.select(FACT).where(*theirs, known_at(at))) if clients else ()
        facts = _versions([*rows.values(), *(row for row in around if row.id not in rows)])
        found.append(Known(at, facts, thresholds(rules, at)))
    return found[0], found[1]


def _dossiers(conn: Connection, account: int, rows: Iterable[Any]) -> set[Ref]:
    """Those of the facts, and those in which their deals and leads are now: a merge may have moved them."""
    listed = list(rows)
    records = {(kind, id) for row in listed for kind, id in (("deal", row.deal_id), ("lead", row.lead_id)) if id}
    now = links.fetch(conn, account, records, ("dossier",)).values() if records else ()
    return {row.dossier for row in listed} | {row.dossier for row in now if row.dossier is not None}


def _versions(rows: Iterable[Any]) -> dict[str, Version]:
    """By key; should two clients have the same fact at one moment, both are kept, as both are counted."""
    found: dict[str, Version] = {}
    for row in sorted(rows, key=lambda row: (row.key, row.dossier)):
        key = row.key if row.key not in found else f"{row.key}|{row.dossier}"
        found[key] = Version(*(getattr(row, name) for name in _COLUMNS))
    return found


def _plan(conn: Connection, account: int, kpi: Kpi, period: Period, user: str, at: int) -> Decimal | None:
    return plan_of(kpi, f"user:{user}", {user}, plans_for(conn, account, period, at))


def _result(
    kpi: Kpi,
    scope: Scope,
    known: Known,
    period: Period,
    user: str,
    currency: str,
    plan: Decimal | None,
    *,
    known_source: bool,
) -> Result:
    subject, facts = f"user:{user}", known.counted(scope)
    if not known_source:
        return without_source(kpi, subject, period.label)
    top, bottom = fold(kpi.top, facts, known.limits), fold(kpi.bottom, facts, known.limits)
    return evaluate(kpi, subject, period.label, top, bottom, currency=currency, plan=plan)


def _changes(conn: Connection, account: int, deals: Collection[Ref], since: int, until: int) -> list[Owner | Price]:
    """Owners and amounts of these deals that became known between the moments."""
    if not deals:
        return []
    query = sa.select(RECORD.c.kind, RECORD.c.body).where(
        RECORD.c.account == account,
        among(conn, RECORD.c.link, deals),
        RECORD.c.kind.in_(("owner", "price")),
        RECORD.c.first_seen > since,
        RECORD.c.first_seen <= until,
    )
    return [decode(kind, body) for kind, body in conn.execute(query)]
