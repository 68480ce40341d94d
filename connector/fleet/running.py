"""One process of a fleet: a thread that looks, and Procrastinate workers that take turns, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import procrastinate
import sqlalchemy as sa

from connector.app import Desk
from connector.config import AccountSettings
from connector.fleet import queue, schema
from connector.fleet.dispatch import keep_looking
from connector.fleet.roster import Roster
from connector.fleet.turns import take
from connector.redact import redact

log = logging.getLogger("kpi.fleet")
AGAIN = 1.0
"""Seconds before a worker that broke off (its database was away, it slept and was given up) begins anew."""
_ASKED = 0.2


def run_fleet(desk: Desk, chosen: Sequence[AccountSettings], workers: int) -> None:
    """Serve until SIGINT or SIGTERM; pages in hand are finished, the second signal ends at once."""
    schema.prepare(desk.store)
    roster = Roster(desk, chosen)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: _ask(stopping))
    looking = threading.Thread(target=keep_looking, args=(roster, stopping), name="fleet", daemon=True)
    looking.start()
    log.info("the fleet: %s accounts, %s workers here", len(roster.settings), workers)
    asyncio.run(work(roster, workers, stopping))
    looking.join()


def _ask(stopping: threading.Event) -> None:
    if stopping.is_set():
        log.info("ended at once; what was committed stays")
        os._exit(1)
    log.info("stopping after the current pages")
    stopping.set()


async def work(roster: Roster, workers: int, stopping: threading.Event) -> None:
    """The workers of this process: one of four takes the slow turns and no others, so that neither sort waits for both.

    Were it to take quick ones too, they would always come first; a single worker takes both.
    """
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(workers + 2, thread_name_prefix="turn"))
    app = procrastinate.App(connector=_connector(roster.desk.store.url))

    @app.task(name=queue.TASK)
    def turn(account: int, what: str) -> None:
        take(roster, account, what, stopping.is_set)

    slow = max(1, workers // 4)
    lanes = [(["slow"], slow), (["quick"], workers - slow)] if workers > slow else [(["quick", "slow"], 1)]
    async with app.open_async():
        await asyncio.gather(*(_keep_working(app, queues, count, stopping) for queues, count in lanes))


async def _keep_working(app: procrastinate.App, queues: list[str], count: int, stopping: threading.Event) -> None:
    """A worker for as long as the process lives, whatever ends it in between."""
    while not stopping.is_set():
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=queues, concurrency=count, install_signal_handlers=False, delete_jobs="always",
                fetch_job_polling_interval=1.0, stalled_worker_timeout=queue.STALLED,
            )
        )  # fmt: skip
        while not stopping.is_set() and not worker.done():
            await asyncio.wait([worker], timeout=_ASKED)
        worker.cancel()
        ended = (await asyncio.gather(worker, return_exceptions=True))[0]
        if not stopping.is_set():
            log.warning("a worker broke off and begins anew: %s", redact(str(ended or "it stopped by itself")))
            await asyncio.sleep(AGAIN)


def _connector(url: str) -> procrastinate.PsycopgConnector:
    """The same database, by the driver's own address."""
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4)
