"""How long a page takes to its first byte, at a year of a large company: measured anew, and once it is known.

BENCH_PAGES_DEALS says how much (1 000 000; five calls each). Only facts: no records of deals, so no list of open ones.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

from fastapi.testclient import TestClient

from connector.config import AccountSettings
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.records import Team, User
from connector.store.crm import records
from connector.testing import FakeProvider, World
from connector.web.app import build
from tests.bench.boards import MOMENT, _filled
from tests.bench.company import SELLERS, Size
from tests.web.ground import signed_in

HEADS = ("h1", "h2")
TIMES = 5


def main() -> None:
    """A table: page, first byte where everything is measured anew, and where nothing changed since."""
    deals = int(os.environ.get("BENCH_PAGES_DEALS", "1000000"))
    size = Size(deals, 5 * deals)
    print(f"\npages: a year of {size.deals} deals, {size.calls} calls, {len(SELLERS)} people, sqlite")
    with _filled("sqlite", size) as (store, _):
        told = {"name": "moscow", "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB"}
        plans = [{"user": user, "kpi": "revenue", "period": "2026-12", "value": "5000000"} for user in SELLERS]
        settings = AccountSettings.model_validate(told | {"plan": plans})
        bench = Workbench(settings, store, 1, FakeProvider(World()), lambda: from_ms(MOMENT))
        _people(bench)
        for viewer, address in (
            ("admin", "/company"), ("h1", "/board"), (SELLERS[0], f"/people/{SELLERS[0]}"),
            (SELLERS[0], f"/charts/people/{SELLERS[0]}/pace"), ("h1", f"/explain/revenue/user/{SELLERS[0]}"),
        ):  # fmt: skip
            _page(bench, viewer, address)


def _page(bench: Workbench, viewer: str, address: str) -> None:
    app: Any = build([bench])
    with TestClient(app) as client:
        signed_in(client, bench, viewer)
        first, again = [], []
        for _ in range(TIMES):
            app.state.site.cache.forget()
            first.append(_took(client, address))
            again.append(_took(client, address))
    print(f"{address:<42}{statistics.median(first):>9.0f} ms anew{statistics.median(again):>9.0f} ms again", flush=True)


def _took(client: TestClient, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.perf_counter() - started) * 1000


def _people(bench: Workbench) -> None:
    """Two teams of a hundred, each with its head, and an admin."""
    half = len(SELLERS) // 2
    teams = [Team(id=f"t{n}", name=f"Team {n}", head_ids=(head,)) for n, head in enumerate(HEADS)]
    users = [User(id=id, name=f"Продавец {id}", team_ids=(f"t{n // half}",)) for n, id in enumerate(SELLERS)]
    users += [User(id=head, name=head, team_ids=(f"t{n}",)) for n, head in enumerate(HEADS)]
    users.append(User(id="admin", name="Admin", admin=True))
    with bench.store.write() as conn:
        records.keep(conn, bench.account, [*teams, *users], now=0)
