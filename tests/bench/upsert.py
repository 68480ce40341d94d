"""Saving pages of records, and facts, against a bare executemany of the very rows they leave, into the same database.

The bare side knows everything beforehand: nothing is compared with what is stored, and its tuples are made before the
clock runs. Ours is timed on deals that are new and on the same ones changed, from records on; both sides commit page by
page, to the same tables with the same indexes. CPU-bound: compare within one run.
"""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from connector.cli import RARELY
from connector.provider import Page
from connector.records import Deal
from connector.store import accounts
from connector.store.crm import records
from connector.store.engine import Store, open_store
from connector.store.tables import Base
from connector.store.upsert import chunks, insert
from tests.bench.boards import _address, _saving

DEALS = int(os.environ.get("BENCH_UPSERT_DEALS", "20000"))
TIMES = 3
T0 = datetime(2026, 1, 1, tzinfo=UTC)
LEFT = ("record", "version", "dirty", "cursor")
"""The tables that saving a page writes to."""


class Spent(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float


def main() -> None:
    gc.set_threshold(*RARELY)  # as in every process of ours
    print(f"{DEALS} deals; load {os.getloadavg()[0]:.1f}; rows/s of wall time; CPU: of this process alone")
    print(f"{'database':<12}{'what':<16}{'page':>6}{'ours':>10}{'bare':>10}{'kept':>7}{'kept, CPU':>11}")
    for dialect in os.environ.get("BENCH_UPSERT_ON", "sqlite postgresql").split():
        for size in (250, 2500):
            for what in ("new", "changed"):
                show(dialect, size, what, [measured(dialect, size, what) for _ in range(TIMES)])
        print(f"{dialect:<12}{'facts':<16}{'':>26}{_saving(dialect):>7.0%}", flush=True)


def show(dialect: str, size: int, what: str, told: list[tuple[Spent, Spent]]) -> None:
    ours, bare = ([one[place] for one in told] for place in (0, 1))
    wall = [statistics.median(one.wall for one in some) for some in (ours, bare)]
    cpu = [statistics.median(one.cpu for one in some) for some in (ours, bare)]
    print(
        f"{dialect:<12}{what + ' deals':<16}{size:>6}{DEALS / wall[0]:>10,.0f}{DEALS / wall[1]:>10,.0f}"
        f"{wall[1] / wall[0]:>7.0%}{f'{cpu[1] / cpu[0]:.0%}' if dialect == 'sqlite' else '-':>11}",
        flush=True,
    )


def measured(dialect: str, size: int, what: str) -> tuple[Spent, Spent]:
    """What ours took, and the bare insert."""
    first, second = deals(), deals(later=timedelta(days=1), amount=2_000_00)
    gc.collect()
    with tempfile.TemporaryDirectory() as folder, _address(dialect, folder) as url:
        store = opened(url)
        if what == "changed":
            save(store, first, size)
            with store.write() as conn:
                conn.execute(sa.text("delete from dirty"))
        before = content(store)
        spent = save(store, first if what == "new" else second, size)
        rows = {name: added(before[name], after) for name, after in content(store).items()}
        store.dispose()
    with tempfile.TemporaryDirectory() as folder, _address(dialect, folder) as url:
        store = opened(url)
        if what == "changed":
            save(store, first, size)
            with store.write() as conn:
                conn.execute(sa.text("delete from dirty"))
        bare = plain(store, rows, size)
        store.dispose()
    return spent, bare


def opened(url: str) -> Store:
    store = open_store(url)
    with store.write() as conn:
        accounts.enroll(conn, "a", "fake")
    return store


def deals(later: timedelta = timedelta(0), amount: int = 1_000_00) -> list[Deal]:
    """One a client, as amoCRM tells them."""
    return [
        Deal(
            id=str(n), created_at=T0, updated_at=T0 + later + timedelta(seconds=n), owner_id=str(500 + n % 200),
            pipeline_id="31", stage_id="31/1", amount=amount + n, currency="RUB", contacts=(f"contact:{n}",),
            source="Сайт", fields={"CSAT": "5"},
        )
        for n in range(1, DEALS + 1)
    ]  # fmt: skip


def save(store: Store, told: Sequence[Deal], size: int) -> Spent:
    started, used = time.perf_counter(), time.process_time()
    for number, page in enumerate(chunks(told, size)):
        with store.write() as conn:
            records.save_page(conn, 1, Deal, Page(page, f"{number}", T0), now=1)
    return Spent(time.perf_counter() - started, time.process_time() - used)


def content(store: Store) -> dict[str, dict[tuple[object, ...], dict[str, object]]]:
    """The rows of each table, by their content."""
    with store.read() as conn:
        return {
            name: {tuple(row): dict(row._mapping) for row in conn.execute(sa.select(Base.metadata.tables[name]))}
            for name in LEFT
        }


def added(
    before: dict[tuple[object, ...], dict[str, object]], after: dict[tuple[object, ...], dict[str, object]]
) -> list[dict[str, object]]:
    return [row for key, row in after.items() if key not in before]


def plain(store: Store, rows: dict[str, list[dict[str, object]]], size: int) -> Spent:
    """Each page's share of the rows of each table, put by the statement that inserts or replaces."""
    statements = {}
    with store.read() as conn:
        for name in rows:
            target = Base.metadata.tables[name]
            statement = insert(conn, target)
            rest = {c.name: statement.excluded[c.name] for c in target.columns if not c.primary_key}
            keys = [c.name for c in target.primary_key]
            statements[name] = (
                statement.on_conflict_do_update(index_elements=keys, set_=rest)
                if rest
                else statement.on_conflict_do_nothing(index_elements=keys)
            )
        compiled = {
            name: str(
                statement.compile(dialect=conn.dialect, column_keys=list(Base.metadata.tables[name].columns.keys()))
            )
            for name, statement in statements.items()
        }
    pages = -(-DEALS // size)
    shares = {
        name: list(chunks(_as_bound(store, name, told), max(1, -(-len(told) // pages)))) for name, told in rows.items()
    }
    gc.collect()
    started, used = time.perf_counter(), time.process_time()
    for page in range(pages):
        with store.write() as conn:
            for name, parts in shares.items():
                if page < len(parts):
                    conn.exec_driver_sql(compiled[name], parts[page])
    return Spent(time.perf_counter() - started, time.process_time() - used)


def _as_bound(store: Store, name: str, told: Sequence[dict[str, object]]) -> list[Any]:
    """Rows as the driver takes them: SQLite by place, psycopg by name."""
    if store.dialect != "sqlite":
        return list(told)
    names = list(Base.metadata.tables[name].columns.keys())
    return [tuple(row[one] for one in names) for row in told]


if __name__ == "__main__":
    main()
