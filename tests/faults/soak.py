"""`python -m tests.faults.soak [CYCLES] [CRM]`: a day of turns every five minutes, one request in twenty going wrong.

The CRM is a process of its own, so that what is measured is ours alone; time is moved by hand. Printed at the start, in
the middle and at the end: memory, open files, the size of the database with its -wal, hooks that wait, rows of the
run history, lines of the log. The first turns warm up: caches, the first read, the first 45 cards.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connector.app import desk
from connector.cli.demo import account, sandbox_module
from connector.config import Settings
from connector.jobs.turns import Turns
from connector.pipeline.bench import Workbench
from connector.pipeline.privacy.retaining import retain
from connector.pretend.happenings import ROBOT, Called, Enquired, Moved, Priced
from connector.records import Deal
from connector.store.crm import records
from connector.store.sent import outbox
from connector.store.told import inbox
from connector.store.told.inbox import Letter
from tests.faults.company import ANNA, END, FIRST, HALF, company
from tests.faults.rig import KEY

STEP, SHARE = timedelta(minutes=5), 0.05
FORK = multiprocessing.get_context("fork")


def crm(name: str, pipe: Any) -> None:
    """The sandbox, told by a pipe what happens and what goes wrong."""
    with sandbox_module(name).Sandbox(company(), now=HALF, paced=False) as box:
        box.advance(END)
        pipe.send((box.base_url, box.options))
        while (told := pipe.recv()) is not None:
            now, happened, seed = told
            box.advance(now)
            box.happen(*happened)
            box.faults.clear()
            if seed is not None:
                wrong(name, box.faults, random.Random(seed))
            pipe.send((box.requests, deals(name, box), len(box.written)))


def deals(name: str, box: Any) -> int:
    return len(list(box.world.leads)) if name == "amocrm" else len(box.portal.items[2].rows)


def wrong(name: str, faults: Any, dice: random.Random) -> None:
    """Five requests of a hundred: reset, cut, 502, a limit, a page instead of an answer, the answer lost."""
    from tests.faults.test_a_http import SOUP

    for n in range(1, 80):
        if dice.random() < SHARE:
            dice.choice(SOUP[name])(faults, n)


@dataclass(frozen=True)
class Reading:
    """One look at what could grow."""

    turn: int
    memory_mb: float
    files: int
    database_kb: int
    wal_kb: int
    inbox: int
    runs: int
    loud: int
    lines: int

    HEAD = "  turn  memory MB  files  database kB  -wal kB  inbox  runs  loud   lines"

    def row(self) -> str:
        return (
            f"{self.turn:>6}{self.memory_mb:>11.1f}{self.files:>7}{self.database_kb:>13}{self.wal_kb:>9}"
            f"{self.inbox:>7}{self.runs:>6}{self.loud:>6}{self.lines:>8}"
        )


class Counted(logging.Handler):
    """How much the daemon says at INFO, and how much of it is loud."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines = self.loud = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += 1
        self.loud += record.levelno >= logging.WARNING


def read(turn: int, bench: Workbench, log: Counted) -> Reading:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    path = Path(bench.store.where)
    wal = path.with_name(path.name + "-wal")
    with bench.store.read() as conn:
        waiting = inbox.count(conn, bench.account)
        runs = int(conn.execute(sa.text("select count(*) from run")).scalar_one())
    return Reading(
        turn, pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir("/proc/self/fd")), path.stat().st_size // 1024,
        wal.stat().st_size // 1024 if wal.exists() else 0, waiting, runs, log.loud, log.lines,
    )  # fmt: skip


def news(turn: int, at: datetime, dice: random.Random) -> list[Any]:
    """What people do in five minutes: a price, now and then a new enquiry with a call, a deal won."""
    happened: list[Any] = [Priced(at, FIRST + dice.choice((26, 32, 35, 38)), dice.randrange(1, 90) * 100_000, ANNA)]
    if turn % 12 == 0:
        deal = 8000 + turn // 12
        happened += [
            Enquired(at, deal, f"Заявка {deal}", 20001 + turn % 19, None, ANNA, ROBOT, 100, "Сайт"),
            Called(at, 95_000 + turn, "out", True, 61, ANNA, 20001 + turn % 19, deal),
            Moved(at, deal, "contacted", ANNA),
        ]
    return happened


def hook(name: str, bench: Workbench, at: datetime, turn: int) -> None:
    """One of the CRM's calls, as it lies in the inbox."""
    host, deal = bench.settings.options["base_url"].partition("://")[2], FIRST + turn % 40
    body = {
        "amocrm": f"leads[update][0][id]={deal}&account[id]=31000001",
        "bitrix24": f"event=ONCRMDEALUPDATE&data[FIELDS][ID]={deal}&auth[domain]={host}",
    }[name].encode()
    with bench.store.write() as conn:
        inbox.keep(conn, bench.key, [Letter(bench.account, int(at.timestamp() * 1000), body + b"&n=%d" % turn)])


@contextmanager
def bench_of(name: str, base: str, options: Any, clock: Any, folder: Path) -> Iterator[Workbench]:
    plan = company()

    class Box:
        base_url = base

    Box.options = options  # type: ignore[attr-defined]
    told = account(name, Box, plan, "on") | {"name": name, "rates": {}}
    settings = Settings.model_validate({"store": {"url": f"sqlite:///{folder / 'kpi.db'}"}, "account": [told]})
    with desk(folder / "config.toml", {"KPI_KEY": KEY}, settings=settings, clock=clock) as made:
        made.sleep = lambda seconds: None
        yield made.open(settings.account[0])


def soak(name: str, turns: int) -> list[Reading]:
    """So many turns; the readings, printed as they come."""
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=crm, args=(name, theirs), daemon=True)
    process.start()
    base, options = ours.recv()
    now, dice, log, found = END, random.Random(1), Counted(), list[Reading]()
    logging.getLogger().addHandler(log)
    logging.getLogger("kpi").setLevel(logging.INFO)
    print(f"{name}: {turns} turns of {STEP}, {SHARE:.0%} of requests go wrong\n{Reading.HEAD}")
    with tempfile.TemporaryDirectory() as made, bench_of(name, base, options, lambda: now, Path(made)) as bench:
        daemon = Turns(bench, lambda: False)
        for turn in range(1, turns + 1):
            now += STEP
            ours.send((now, news(turn, now, dice), turn))
            ours.recv()
            hook(name, bench, now, turn)
            daemon.cycle()
            if turn % 96 == 0:
                retain(bench, bench.settings.retention)
            if turn in (turns // 12, turns // 2, turns):
                found.append(read(turn, bench, log))
                print(found[-1].row(), flush=True)
        _and_quiet(name, bench, daemon, ours, now)
    ours.send(None)
    process.join(10)
    return found


def _and_quiet(name: str, bench: Workbench, daemon: Turns, ours: Any, now: datetime) -> None:
    """One turn without faults: everything is there, everything is written."""
    ours.send((now, [], None))
    requests, there, written = ours.recv()
    daemon.rest_until = None
    daemon.cycle()
    with bench.store.read() as conn:
        here = len(records.live_ids(conn, bench.account, Deal))
        states: Counter[str] = Counter()
        for (_, state), count in outbox.counts(conn, bench.account).items():
            states[state] += count
    print(f"{name}: {requests} requests, {written} writes; deals there {there}, here {here}; outbox {dict(states)}")
    assert here == there


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 288
    began, spent = time.monotonic(), time.process_time()
    for name in sys.argv[2:] or ["amocrm"]:
        soak(name, turns)
    took, busy = time.monotonic() - began, time.process_time() - spent
    print(f"{took:.0f} s, {busy:.0f} s of them of one core; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
