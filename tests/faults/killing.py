"""kill -9 at the n-th step of some work, n = 1, 2, 3 … until the work is done without reaching it (SQLite's method)."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connector import crash
from connector.app import desk
from connector.pipeline.bench import Workbench
from tests.faults.rig import KEY, Rig

FORK = multiprocessing.get_context("fork")
MOST = 5000
"""Steps beyond which no work here goes: a loop that gets so far is broken itself."""
Work = Callable[[Workbench], Any]


@dataclass(frozen=True)
class Steps:
    """Which n are tried: every one, or each time so many times as far as the last."""

    times: float = 1.0

    def __iter__(self) -> Iterator[int]:
        n = 1
        while n < MOST:
            yield n
            n = max(n + 1, round(n * self.times))


def dies(work: Callable[[], Any], n: int) -> bool:
    """Do the work in a process of its own that is killed at its n-th step; False where it was over before."""

    def child() -> None:
        try:
            crash.arm(f"kill:{n}")
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(70)
        os._exit(0)

    process = FORK.Process(target=child)
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), f"at step {n} it ended with {process.exitcode}, see stderr"
    return process.exitcode != 0


def in_another_process(rig: Rig, work: Work, n: int) -> bool:
    """The rig's account, opened by a process that is killed at its n-th step; the store is let go of meanwhile."""
    rig.desk.store.dispose()
    now, settings = rig.box.now, rig.desk.settings

    def whole() -> None:
        environ = {"KPI_KEY": KEY, "KPI_FAULT": f"kill:{n}"}
        with desk(rig.folder / "config.toml", environ, settings=settings, clock=lambda: now) as made:
            made.sleep = lambda seconds: None
            work(made.open(settings.account[0]))

    return dies(whole, n)


def what_is_left(rig: Rig) -> str:
    """A hash of what outlives a kill: every row, the files, what the CRM was made to do.

    But for what is another each time and is told nobody: the dead process's name, the port of the rig's CRM.
    """
    told = hashlib.sha256()
    with rig.bench.store.read() as conn:
        for table in sa.inspect(conn).get_table_names():
            columns = [one["name"] for one in sa.inspect(conn).get_columns(table)]
            kept = ", ".join(f'"{name}"' for name in columns if (table, name) != ("lease", "holder"))
            rows = sorted(repr(tuple(row)) for row in conn.execute(sa.text(f'select {kept} from "{table}"')))
            told.update(repr((table, rows)).replace(rig.box.base_url.partition("://")[2], "there").encode())
    for path in _files(rig):
        told.update(repr((path.name, path.read_bytes())).encode())
    told.update(repr(rig.box.written).encode())
    return told.hexdigest()


def _files(rig: Rig) -> list[Path]:
    """What lies beside the configuration and beside the database, without the database itself."""
    sqlite = rig.bench.store.url.startswith("sqlite")
    folders = {rig.folder, *([Path(rig.bench.store.where).parent] if sqlite else [])}
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path.name.partition("-")[0] != "kpi.db")
