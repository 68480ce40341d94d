"""measure, ahead of time: the cells kept up with the facts, so that boards are read and not counted."""

from __future__ import annotations

from sqlalchemy import Connection

from connector.kpi import cells
from connector.kpi.frame import told_until
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.store import cells as rows
from connector.store import dossiers, leases

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
        missing = cells.stale(conn, bench.account, wanted)
        numbers, book = cells.numbered(conn, bench.account, wanted), rows.book(conn, bench.account)
        moment = told_until(conn, bench.account, bench.now())
        if not missing:
            cells.advance(conn, bench.account, wanted, moment)
            return
    at = book.moment if book else moment
    for kind in missing:
        with bench.store.write() as conn:
            fence.check(conn)
            cells.build(conn, bench.account, wanted, kind, numbers, at)
    with bench.store.write() as conn:
        fence.check(conn)
        rows.keep(conn, bench.account, rows.Book(at, numbers))
        cells.advance(conn, bench.account, wanted, moment)
