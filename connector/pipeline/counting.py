"""measure, ahead of time: the cells kept up with the facts, so that boards are read and not counted."""

from __future__ import annotations

from sqlalchemy import Connection

from connector.kpi import cells, keeping
from connector.kpi.frame import told_until
from connector.moment import Period, from_ms, local_day, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.records import Deal
from connector.store import cells as rows
from connector.store import cursors, leases
from connector.store.crm import dossiers

_SURE = 3_600_000
MANY = 2000
"""Dossiers to derive from which on it is cheaper to count everything once more than what each of them changed."""


def begin(bench: Workbench, conn: Connection) -> cells.Layout:
    """What is kept by the rules of today. Where much is about to change nothing is kept until it has."""
    if dossiers.more_dirty_than(conn, bench.account, MANY):
        rows.forget(conn, bench.account)
    return cells.layout(catalogue_in(bench, conn).values(), bench.settings.rules)


def catch_up(bench: Workbench, fence: leases.Fence, wanted: cells.Layout) -> None:
    """Count what is not kept yet, a kind of facts in one transaction, and judge all as of what the CRM told last."""
    with bench.store.write() as conn:
        fence.check(conn)
        missing = keeping.stale(conn, bench.account, wanted)
        numbers, book = keeping.numbered(conn, bench.account, wanted), rows.book(conn, bench.account)
        moment = told_until(conn, bench.account, bench.now())
        if not missing:
            _move_on(bench, conn, wanted, moment)
            return
    at = book.moment if book else moment
    for kind in missing:
        with bench.store.write() as conn:
            fence.check(conn)
            keeping.build(conn, bench.account, wanted, kind, numbers, at)
    with bench.store.write() as conn:
        fence.check(conn)
        keeping.finish(conn, bench.account, wanted, numbers, at)
        _move_on(bench, conn, wanted, moment)


def _move_on(bench: Workbench, conn: Connection, wanted: cells.Layout, moment: int) -> None:
    keeping.advance(conn, bench.account, wanted, moment)
    keeping.remember(conn, bench.account, wanted, _ends(bench, conn, moment))


def _ends(bench: Workbench, conn: Connection, moment: int) -> list[int]:
    """The ends of the months at which it was seen what stood, an hour after they came."""
    deals = cursors.get(conn, bench.account, Deal.kind)
    if deals is None or deals.whole_at is None:
        return []
    zone, ends = bench.zone(), list[int]()
    month = Period.month(local_day(from_ms(deals.whole_at), zone))
    while (end := to_ms(month.bounds(zone)[1])) <= moment - _SURE:
        ends.append(end)
        month = Period.month(month.end)
    return ends
