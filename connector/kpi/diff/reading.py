"""Read what was known at two moments and compare: why a number is another than it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL
from connector.kpi.definition import CREDITED, Kpi
from connector.kpi.diff.changes import Difference, Known, Scope, Unmoved, Version, differences, unmoved
from connector.kpi.evaluate import Given
from connector.kpi.fold import gather
from connector.kpi.frame import Frame, days_of, frame
from connector.kpi.items import credited
from connector.kpi.measure import measure
from connector.kpi.people import people, stranger
from connector.moment import Period, Zone
from connector.records import Owner, Price, Ref
from connector.result import Result
from connector.store.crm import links
from connector.store.encoding import decode
from connector.store.facts import FACT, known_at, of_anybody
from connector.store.upsert import among, table

RECORD = table("record")
_COLUMNS = (
    "key", "kind", "at", "day", "user_id", "client", "deal_id", "lead_id", "amount", "number", "other", "due_at",
    "pipeline_id", "source", "stage", "confidence", "omitted", "note",
)  # fmt: skip
"""In the order of Version's fields."""
_CLOSED = ("win", "loss")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The number at both moments (epoch ms), what made the change, and what changed without changing it.

    `plans`: the plan in force at each. `users`: names by id. `first_read`: when the account was first read, where that
    is later than `since`; before it there was no number, not a number of 0.
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
    first_read: int | None = None


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
    rules: Rules | tuple[Rules, Rules] | None = None,
    sources: frozenset[str] | None = None,
    catalogue: Mapping[str, Kpi] = ALL,
) -> Comparison:
    """One KPI of one person as known at `since` and at `until`. Raises BadConfig for a KPI or person that is none.

    `rules`: those of both moments, or of each.
    """
    if since >= until:
        raise BadConfig(["diff: --from must lie before --to"])
    frames = [
        frame(conn, account, period, zone=zone, now=at, as_of=at, rules=told, sources=sources, catalogue=catalogue)
        for at, told in zip((since, until), rules if isinstance(rules, tuple) else (rules, rules), strict=True)
    ]
    [what], names = frames[1].chosen([kpi]), people(conn, account, period, zone, now=until).users
    scope = Scope(frozenset({user}), *period.days())
    then, later = _both(conn, what, scope, frames)
    if user not in names and not of_anybody(conn, account, user):
        raise stranger(user, names)
    given = [_given(conn, seen, what, user) for seen in frames]
    before, after = (
        seen.judge(what, f"user:{user}", gather(what, known.counted(scope), known.limits), beside)
        for seen, known, beside in zip(frames, (then, later), given, strict=True)
    )
    closes = {fact.record for fact in later.counted(scope) if fact.kind in _CLOSED}
    still = unmoved(what, scope, then, later, _changes(conn, account, closes, since, until))
    currency, plans = frames[1].currency, (given[0].plan, given[1].plan)
    return Comparison(
        frames[1].name, currency, what, names.get(user, user), period, since, until, before, after, plans,
        differences(what, scope, then, later), still, names,
    )  # fmt: skip


def begun(told: Comparison, first_read: int | None) -> Comparison:
    """The same with no number at `since` where nothing at all was known then."""
    if first_read is None or first_read <= told.since:
        return told
    none = msgspec.structs.replace(
        told.before, value=None, numerator=None, denominator=None, n=0, interval=None, enough=False,
        reason="not_observed",
    )  # fmt: skip
    return replace(told, before=none, first_read=first_read)


def _given(conn: Connection, seen: Frame, kpi: Kpi, user: str) -> Given:
    cells = measure(conn, replace(seen.look, only=frozenset({user})), seen.beside(kpi))
    return seen.given(kpi, f"user:{user}", {user}, cells, days_of(conn, seen, [kpi], {user}))


def _both(conn: Connection, kpi: Kpi, scope: Scope, frames: Sequence[Frame]) -> tuple[Known, Known]:
    """The facts of the number at each moment, and for those that differ what else is known of the same clients: that
    is where a fact went to or came from.
    """
    then, later = ({row.id: row for row in credited(conn, seen, kpi, scope.users)} for seen in frames)
    differing = [row for id, row in (then | later).items() if (id in then) != (id in later)]
    clients = dossiers_of(conn, frames[0].account, differing)
    theirs = (FACT.c.account == frames[0].account, among(conn, FACT.c.dossier, clients))
    found = []
    for seen, rows in zip(frames, (then, later), strict=True):
        around = conn.execute(sa.select(FACT).where(*theirs, known_at(seen.judged_at))) if clients else ()
        facts = _versions(kpi, [*rows.values(), *(row for row in around if row.id not in rows)])
        found.append(Known(seen.judged_at, facts, seen.look.limits))
    return found[0], found[1]


def dossiers_of(conn: Connection, account: int, rows: Iterable[Any]) -> set[Ref]:
    """Those of the facts, and those in which their deals and leads are now: a merge may have moved them."""
    listed = list(rows)
    records = {(kind, id) for row in listed for kind, id in (("deal", row.deal_id), ("lead", row.lead_id)) if id}
    now = links.fetch(conn, account, records, ("dossier",)).values() if records else ()
    return {row.dossier for row in listed} | {row.dossier for row in now if row.dossier is not None}


def _versions(kpi: Kpi, rows: Iterable[Any]) -> dict[str, Version]:
    """By key; should two clients have the same fact at one moment, both are kept, as both are counted."""
    who, found = crediting(kpi), dict[str, Version]()
    for row in sorted(rows, key=lambda row: (row.key, row.dossier)):
        key = row.key if row.key not in found else f"{row.key}|{row.dossier}"
        found[key] = version_of(row, who)
    return found


def crediting(kpi: Kpi) -> Mapping[str, str]:
    """By kind the column that names whom the KPI credits with such facts."""
    return {kind: CREDITED[one.credit] for one in kpi.measures for kind in one.kinds}


def version_of(row: Any, who: Mapping[str, str]) -> Version:
    """The row with whoever is credited as its user."""
    told = {name: getattr(row, name) for name in _COLUMNS} | {"user_id": getattr(row, who.get(row.kind, "user_id"))}
    return Version(*told.values())


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
