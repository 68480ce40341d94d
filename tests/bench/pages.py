"""How long a page takes to its first byte, at a year of a large company: cold, measured, and right after a sync.

BENCH_PAGES_DEALS says how much (1 000 000; five calls each). BENCH_PAGES_STORE: an SQLite file to fill once and keep.
Only facts: no records of deals, so no list of open ones.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from connector.config import AccountSettings
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.provider import Account, Page
from connector.records import Team, User
from connector.store import accounts, runs
from connector.store.crm import records
from connector.store.engine import Store, open_store
from connector.testing import FakeProvider, World
from connector.web.app import build
from connector.web.pages import people
from connector.web.serving import PATIENCE, short_turns
from tests.bench import boards
from tests.bench.boards import MOMENT, ZONE
from tests.bench.company import SELLERS, Size, facts
from tests.web.ground import signed_in

HEADS = ("h1", "h2")
TIMES = 5
LONGEST = float(os.environ.get("BENCH_PAGES_LONGEST", "300"))
BROWSER = {"accept": "text/html"}
ONE = SELLERS[0]
PAGES = {
    ONE: (f"/people/{ONE}", f"/charts/people/{ONE}/pace", f"/explain/revenue/user/{ONE}", f"/people/{ONE}/advice",
          "/contests"),
    "h1": ("/board", "/board/changes", f"/people/{ONE}", f"/plans/people/{ONE}", "/data", "/corrections", "/calls",
           "/charts/board/activity", "/print"),
    "admin": ("/company", "/admin", "/months", "/data"),
}  # fmt: skip


def main() -> None:
    """A table: page, size, first byte where nothing is known, where it is measured, and while newer numbers are."""
    deals = int(os.environ.get("BENCH_PAGES_DEALS", "1000000"))
    with _kept(Size(deals, 5 * deals)) as store, short_turns():
        bench = _bench(store)
        app: Any = build([bench])
        site = app.state.site
        site.cache.patience = PATIENCE
        clients = {who: signed_in(TestClient(app), bench, who) for who in PAGES}
        cold = {key: _took(clients[key[0]], key[1])[0] for key in _all()}
        began, cpu = time.perf_counter(), time.process_time()
        people.made_ready(site, bench)
        print(f"measured ahead in {time.perf_counter() - began:.1f} s ({time.process_time() - cpu:.1f} s of CPU)")
        took = {key: _until_there(clients[key[0]], key[1]) for key in _all()}
        known = {key: [_took(clients[key[0]], key[1]) for _ in range(TIMES)] for key in _all()}
        _synced(bench)
        ahead = threading.Thread(target=partial(people.made_ready, site, bench))
        ahead.start()
        late = {key: _took(clients[key[0]], key[1])[0] for key in _all()}
        ahead.join()
        site.cache.close()
    print(f"load {os.getloadavg()[0]:.0f}; first byte in ms; filled: seconds until all of it is there")
    print(f"{'page':<44}{'KB':>6}{'cold':>8}{'filled':>8}{'known':>8}{'after a sync':>14}")
    for who, address in _all():
        some = known[who, address]
        size, usual = some[0][1] / 1000, statistics.median(one for one, _ in some)
        told = f"{cold[who, address]:>8.0f}{took[who, address]:>8}{usual:>8.0f}{late[who, address]:>14.0f}"
        print(f"{who + ' ' + address:<44}{size:>6.0f}{told}", flush=True)


def _all() -> list[tuple[str, str]]:
    return [(who, address) for who, some in PAGES.items() for address in some]


@contextmanager
def _kept(size: Size) -> Iterator[Store]:
    where = os.environ.get("BENCH_PAGES_STORE")
    if where is None:
        with boards._filled("sqlite", size) as (store, _):
            yield store
        return
    fresh = not Path(where).exists()
    store = open_store(f"sqlite:///{where}")
    if fresh:
        _fill(store, size)
    yield store
    store.dispose()


def _fill(store: Store, size: Size) -> None:
    with store.write() as conn:
        number = accounts.enroll(conn, "moscow", "amocrm")
        accounts.describe(conn, number, Account("1", "ACME", ZONE, "RUB", "acme"), ZONE, "RUB")
        page = Page([User(id=id, name=f"Продавец {id}") for id in SELLERS], "end", datetime.now(UTC))
        records.save_page(conn, number, User, page, now=0, observe_owner=False, observe_price=False, fence=None)
    for some in facts(size):
        with store.write() as conn:
            boards.many(conn, boards._every, some)
    boards.build(store, number)


def _bench(store: Store) -> Workbench:
    told = {"name": "moscow", "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB"}
    plans = [{"user": user, "kpi": "revenue", "period": "2026-12", "value": "5000000"} for user in SELLERS]
    settings = AccountSettings.model_validate(told | {"plan": plans})
    bench = Workbench(settings, store, 1, FakeProvider(World()), lambda: from_ms(MOMENT))
    _people(bench)
    return bench


def _synced(bench: Workbench) -> None:
    """As if a sync had just ended: every page is of older numbers."""
    with bench.store.write() as conn:
        runs.end(conn, runs.start(conn, bench.account, "sync", now=MOMENT), now=MOMENT)


def _took(client: TestClient, address: str) -> tuple[float, int]:
    """Milliseconds, and bytes."""
    headers = {"accept": "application/json"} if address.startswith("/charts") else BROWSER
    started = time.perf_counter()
    answer = client.get(address, headers=headers)
    took = (time.perf_counter() - started) * 1000
    assert answer.status_code in (200, 202), (address, answer.status_code)
    return took, len(answer.content)


def _until_there(client: TestClient, address: str) -> str:
    """Seconds until all of it is there, as a browser asks again and again."""
    began = time.perf_counter()
    while (took := time.perf_counter() - began) < LONGEST:
        answer = client.get(address, headers={"accept": "application/json"} if "/charts" in address else BROWSER)
        if answer.status_code == 200 and "load delay" not in answer.text:
            return f"{took:.1f}"
        time.sleep(0.1)
    return f"> {LONGEST:.0f}"


def _people(bench: Workbench) -> None:
    """Two teams of a hundred, each with its head, and an admin."""
    half = len(SELLERS) // 2
    teams = [Team(id=f"t{n}", name=f"Team {n}", head_ids=(head,)) for n, head in enumerate(HEADS)]
    users = [User(id=id, name=f"Продавец {id}", team_ids=(f"t{n // half}",)) for n, id in enumerate(SELLERS)]
    users += [User(id=head, name=head, team_ids=(f"t{n}",)) for n, head in enumerate(HEADS)]
    users.append(User(id="admin", name="Admin", admin=True))
    with bench.store.write() as conn:
        records.keep(conn, bench.account, [*teams, *users], now=0)
