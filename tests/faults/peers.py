"""`python -m tests.faults.peers`: what others do under the same faults, in the same run, beside ours.

pages     a client that reads page=1, 2, 3 … by updated_at while people work, then what changed since; ours
posts     a client that repeats a POST whose answer was lost, as `Retry(allowed_methods=None)` does it; ours
schedule  two APScheduler processes over one job store; two processes of ours over one account
seconds   a second edit within the second of the cursor: dlt's `incremental` with its defaults, where DLT_PYTHON
          names an interpreter that has it; ours
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from connector.pretend import bulk
from connector.records import Deal
from providers.amocrm.sandbox import Sandbox
from tests.amocrm.kits import provider
from tests.faults.company import END, HALF
from tests.faults.rig import opened

DEALS, EDITS, SEEDS = 3000, 5, 5
FORK = multiprocessing.get_context("fork")
ROOT = Path(__file__).parents[2]


def busy(seed: int, begin: list[int]) -> Callable[[Any, Any], None]:
    """Five people change a deal each while a page is read."""
    dice = random.Random(seed)

    def work(box: Any, call: Any) -> None:
        if call.path != "leads" or not begin:
            return
        box._now += timedelta(seconds=1)
        at = int(box.now.timestamp())
        for lead in dice.sample(list(box.world.leads), EDITS):
            box.world.price(lead, lead.amount + 100, at, 501)
            box.world.touch("leads", lead, at, 501)

    return work


def naive(box: Any, since: int | None) -> tuple[dict[int, int], int]:
    """Page by page, as every amoCRM client that was read does it: id -> price, and the newest moment seen."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {box.token()}"
    found, newest, page = dict[int, int](), since or 0, 1
    while True:
        params: dict[str, Any] = {"limit": 250, "page": page, "order[updated_at]": "asc"}
        if since is not None:
            params["filter[updated_at][from]"] = since
        answer = session.get(f"{box.base_url}/api/v4/leads", params=params, timeout=30)
        if answer.status_code == 204:
            return found, newest
        rows = answer.json()["_embedded"]["leads"]
        found |= {row["id"]: row["price"] for row in rows}
        newest = max(newest, *(row["updated_at"] for row in rows))
        if "next" not in answer.json()["_links"]:
            return found, newest
        page += 1


def ours(box: Any, cursor: str | None, amo: Any) -> tuple[dict[int, int], str | None]:
    found: dict[int, int] = {}
    for page in amo.pull(Deal, cursor):
        found |= {int(deal.id): (deal.amount or 0) // 100 for deal in page.records}
        cursor = page.cursor
    return found, cursor


def pages() -> None:
    lost = {"naive": 0, "ours": 0}
    asked = {"naive": 0, "ours": 0}
    for seed in range(SEEDS):
        for who in lost:
            with Sandbox(bulk.build(DEALS, calls_each=0), paced=False) as box:
                begin = [1]
                box.mutate = busy(seed, begin)
                amo = provider(box.options) if who == "ours" else None
                read = (lambda since, box=box: naive(box, since)) if amo is None else (
                    lambda since, box=box, amo=amo: ours(box, since, amo))  # fmt: skip
                held, place = read(None)
                begin.clear()
                held |= read(place)[0]
                asked[who] += box.requests
                lost[who] += sum(held.get(lead.id) != lead.amount // 100 for lead in box.world.leads)
    for who, count in lost.items():
        each, requested = count / SEEDS, asked[who] / SEEDS
        print(f"  {who:<6} {each:6.1f} of {DEALS} deals wrong for ever ({each / DEALS:.1%}), {requested:.0f} requests")


def posts() -> None:
    with Sandbox(bulk.build(20, calls_each=0), paced=False) as box:
        box.faults.lose_answer(method="POST", path="tasks", times=2)
        session = requests.Session()
        session.mount("http://", HTTPAdapter(max_retries=Retry(3, allowed_methods=None, backoff_factor=0)))
        body = [{"text": "Позвонить", "complete_till": int(box.now.timestamp()), "responsible_user_id": 501}]
        session.post(f"{box.base_url}/api/v4/tasks", json=body, headers={"Authorization": f"Bearer {box.token()}"},
                     timeout=30)  # fmt: skip
        made = len([row for row in box.written if row["path"].endswith("/tasks")])
    print(f"  a client that repeats: {made} tasks for 1")
    print(f"  ours: {_ours_posts()}")


def _ours_posts() -> str:
    from connector.pipeline.cycling import cycle
    from tests.faults import invariants

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with opened("amocrm", f"sqlite:///{folder / 'kpi.db'}", folder, now=HALF, writeback="on") as rig:
            rig.quiet()
            rig.box.advance(END)
            rig.box.faults.lose_answer(method="POST", path="tasks", times=2)
            for _ in range(4):
                rig.box.advance(rig.box.now + timedelta(minutes=20))
                rig.run(cycle)
            texts = [task["text"] for row in rig.box.written for task in invariants._tasks(row)]
            doubled = invariants.writes_doubled(rig)
    return f"{len(texts)} tasks for {len(texts) - len(doubled)}, answers lost twice"


TICKS, EVERY = 6, 0.7


def _tick(path: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{time.time():.2f} {os.getpid()}\n")


def _scheduler(store: str, path: str) -> None:
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(store)},
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": 60}, timezone=UTC,
    )  # fmt: skip
    scheduler.add_job(_tick, "interval", seconds=EVERY, args=(path,), id="sync", replace_existing=True)
    scheduler.start()
    time.sleep(TICKS * EVERY + 0.3)
    scheduler.shutdown(wait=False)


def _leased(url: str, path: str) -> None:
    from connector.errors import Busy
    from connector.store import leases
    from connector.store.engine import open_store

    store, until = open_store(url, migrate=False), time.monotonic() + TICKS * EVERY
    while time.monotonic() < until:
        try:
            with leases.hold(store, 1, leases.this_process()):
                began = time.time()
                time.sleep(EVERY / 3)
                with Path(path).open("a") as file:
                    file.write(f"{began:.3f} {time.time():.3f}\n")
        except Busy:
            pass
        time.sleep(EVERY / 3)


def schedule() -> None:
    with tempfile.TemporaryDirectory() as made:
        ticks, spans = f"{made}/ticks", f"{made}/spans"
        _both(_scheduler, f"sqlite:///{made}/jobs.db", ticks)
        runs = [line.split() for line in Path(ticks).read_text().splitlines()]
        print(f"  two APScheduler processes: {len(runs)} runs of {TICKS} that were due")
        from connector.store.engine import open_store

        url = f"sqlite:///{made}/kpi.db"
        store = open_store(url)
        store.dispose()
        _both(_leased, url, spans)
        told = sorted(tuple(map(float, line.split())) for line in Path(spans).read_text().splitlines())
        over = sum(after[0] < before[1] for before, after in itertools.pairwise(told))
        print(f"  two of ours over one account: {len(told)} runs, {over} at the same time as another")


def _both(work: Callable[[str, str], None], store: str, path: str) -> None:
    crowd = [FORK.Process(target=work, args=(store, path)) for _ in range(2)]
    for child in crowd:
        child.start()
    for child in crowd:
        child.join()


DLT = """
import dlt
rows = [[{"id": 1, "updated_at": 100, "price": 10}], [{"id": 1, "updated_at": 100, "price": 99}]]
def load(batch):
    @dlt.resource(name="deals", primary_key="id", write_disposition="merge")
    def deals(updated_at=dlt.sources.incremental("updated_at")):
        yield rows[batch]
    pipeline = dlt.pipeline("peer", destination=dlt.destinations.duckdb("peer.duckdb"), dataset_name="d",
                            pipelines_dir=".")
    pipeline.run(deals())
    return pipeline
load(0)
pipeline = load(1)
with pipeline.sql_client() as client:
    print(client.execute_sql("select price from deals")[0][0])
"""


def seconds() -> None:
    python = os.environ.get("DLT_PYTHON")
    if python is None:
        print("  dlt: not measured, DLT_PYTHON names no interpreter that has it")
    else:
        with tempfile.TemporaryDirectory() as made:
            ended = subprocess.run([python, "-c", DLT], cwd=made, capture_output=True, text=True, check=False)
            said = ended.stdout.split()[-1] if ended.returncode == 0 else ended.stderr.strip().splitlines()[-1]
        print(f"  dlt incremental, defaults: price {said} where the CRM says 99")
    from connector.store.engine import open_store
    from connector.testing import FakeProvider, World
    from connector.testing.world import START
    from tests.sync.worlds import deal, enroll, held, sync

    with tempfile.TemporaryDirectory() as made:
        store, world = open_store(f"sqlite:///{made}/kpi.db"), World(START)
        account, fake = enroll(store), FakeProvider(world)
        world.add(deal(1))
        sync(store, account, fake)
        world.edit(Deal, "1", amount=99)
        sync(store, account, fake)
        found = held(store, account)["deal"]["1"]
        print(f"  ours: price {getattr(found, 'amount', None)} where the CRM says 99")
        store.dispose()


PARTS = {"pages": pages, "posts": posts, "schedule": schedule, "seconds": seconds}


def main() -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d}, load {os.getloadavg()[0]:.1f}")
    for name in sys.argv[1:] or PARTS:
        print(name)
        PARTS[name]()


if __name__ == "__main__":
    main()
