"""A database of its own for each test (Procrastinate's tables come into it), and a fleet to fill it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
import sqlalchemy as sa

from connector.app import Desk, desk
from connector.cli import logs
from connector.config import Settings
from connector.fleet import schema, turns
from connector.fleet.doorway import entered
from connector.fleet.roster import Roster
from connector.pipeline.bench import Workbench
from connector.pipeline.running import Stop, held
from connector.store.engine import Store
from tests.conftest import Postgres

ROOT = Path(__file__).parents[2]
FORK = multiprocessing.get_context("fork")


class Line(NamedTuple):
    """Of an account's diary."""

    pid: int
    what: str
    at: float


class Forked:
    """A process of a fleet by fork, with what tests ask of a Popen."""

    def __init__(self, config: Path, log: Path, workers: int) -> None:
        self._process = FORK.Process(target=_serve, args=(config, log, workers))
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float = 30) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode


def _serve(config: Path, log: Path, workers: int) -> None:
    """Opens everything anew: connections do not survive a fork."""
    os.dup2(os.open(log, os.O_CREAT | os.O_WRONLY), 2)
    sys.stderr = os.fdopen(2, "w", buffering=1)
    logging.getLogger().handlers.clear()
    logs.set_up("INFO", "")
    with desk(config, {}) as made:
        entered(made, made.settings.account, workers)


class Fleet:
    """Accounts in a configuration, their database, their diaries, and the processes that serve them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.processes: list[subprocess.Popen[bytes] | Forked] = []
        self._accounts: list[dict[str, Any]] = []

    def account(self, name: str, sort: str = "quick", seconds: float = 0.0, every: str = "5m") -> None:
        self._accounts.append({"name": name, "sort": sort, "seconds": seconds, "every": every})
        text = [f'[store]\nurl = "{self.url}"\nkey_file = "{self.folder}/kpi.key"\n']
        for one in self._accounts:
            text.append(
                f'[[account]]\nname = "{one["name"]}"\nprovider = "tests.fleet.pretend"\nevery = "{one["every"]}"\n'
                f'timezone = "Europe/Moscow"\ncurrency = "RUB"\n[account.options]\nfolder = "{self.folder}"\n'
                f'sort = "{one["sort"]}"\nseconds = {one["seconds"]}\n'
            )
        self.config.write_text("\n".join(text), "utf-8")

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        from connector.app import read_settings

        settings: Settings = read_settings(self.config, {})
        with desk(self.config, {}, settings=settings) as made:
            schema.prepare(made.store)
            yield made

    @contextmanager
    def roster(self) -> Iterator[Roster]:
        with self.desk() as made:
            yield Roster(made, made.settings.account)

    def start(self, workers: int = 2) -> Forked:
        """A process of the fleet, forked: it need not load the program again."""
        made = Forked(self.config, self.new_log(), workers)
        self.processes.append(made)
        return made

    def command(self, *more: str) -> subprocess.Popen[bytes]:
        """A process of the fleet, as a person starts it."""
        line = [sys.executable, "-m", "connector", "run", "--fleet", "--config", str(self.config), *more]
        environ = os.environ | {"KPI_LOG": "INFO"}
        made = subprocess.Popen(line, cwd=ROOT, env=environ, stderr=self.new_log().open("wb"))
        self.processes.append(made)
        return made

    def new_log(self) -> Path:
        return self.folder / f"log{len(self.processes)}"

    def diary(self, name: str) -> list[Line]:
        path = self.folder / name
        lines = path.read_text().splitlines() if path.exists() else []
        return [Line(int(pid), what, float(at)) for pid, what, at in (line.split() for line in lines)]

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("log*")))

    def wait(self, happened: Callable[[], object], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, self.log()
            time.sleep(0.05)

    def jobs(self, store: Store) -> list[tuple[Any, ...]]:
        """Account number, sort, status of all that is in the queue, the oldest first."""
        query = "select (args->>'account')::int, args->>'what', status::text from procrastinate_jobs order by id"
        return rows(store, query)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)
                process.kill()
            process.wait()


def rows(store: Store, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with store.read() as conn:
        return [tuple(row) for row in conn.execute(sa.text(query), values)]


def run(store: Store, statement: str, **values: Any) -> None:
    with store.write() as conn:
        conn.execute(sa.text(statement), values)


def working(roster: Roster, workers: int = 2) -> Any:
    """The workers of one process, in a thread; as a context."""
    import asyncio

    from connector.fleet.running import work

    @contextmanager
    def made() -> Iterator[None]:
        stopping = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(work(roster, workers, stopping)), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join(30)

    return made()


def light(bench: Workbench, stop: Stop) -> None:
    """The account's lease and one question: for tests in which the schedule is the question, not the work."""
    with held(bench):
        bench.provider.account()
        if bench.settings.options["sort"] == "held":
            bench.provider.hold()  # type: ignore[attr-defined]
        if bench.settings.options["sort"] == "slow":
            time.sleep(bench.settings.options["seconds"])
        bench.provider.note("read")  # type: ignore[attr-defined]


@pytest.fixture
def light_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process and in those that are forked from it."""
    monkeypatch.setitem(cast("dict[str, object]", turns.WORK), "cycle", light)


@pytest.fixture
def fleet(postgres: Postgres, migrated_postgres: str, tmp_path: Path) -> Iterator[Fleet]:
    with postgres.database(migrated_postgres) as name:
        made = Fleet(postgres.address(name), tmp_path)
        yield made
        made.close()
