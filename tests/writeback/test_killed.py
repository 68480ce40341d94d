"""kill -9 at every moment of a delivery, in a process of its own: one task, one value, whatever was lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.writeback.conftest import Desk, fields, open_desk, task
from tests.writeback.fake import FakeCrm

CHILD = """
import os, signal, sys
from pathlib import Path
from connector.store.engine import open_store
from tests.writeback.test_killed import FileCrm, run

counter = {"left": int(sys.argv[3])}
def maybe_die(*_):
    counter["left"] -= 1
    if counter["left"] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

store = open_store(sys.argv[1], migrate=False)
import sqlalchemy as sa
for event in ("before_cursor_execute", "commit"):
    sa.event.listen(sa.engine.Engine, event, maybe_die)
run(store, FileCrm(Path(sys.argv[2]), maybe_die))
"""


class FileCrm(FakeCrm):
    """The other side outlives the process: every change is on disk before its answer."""

    def __init__(self, path: Path, point=lambda *_: None) -> None:
        super().__init__()
        self.path, self.point = path, point
        if path.exists():
            kept = json.loads(path.read_text("utf-8"))
            self.deals, self.writes = kept["deals"], kept["writes"]
            self.tasks = {id: task(about, day) for id, (about, day) in kept["tasks"].items()}

    def _one(self, wish):
        self.point()
        told = super()._one(wish)
        tasks = {id: (kept.title, kept.key.rpartition("@")[2]) for id, kept in self.tasks.items()}
        self.path.write_text(json.dumps({"deals": self.deals, "writes": self.writes, "tasks": tasks}), "utf-8")
        self.point()
        return told


def run(store, crm) -> None:
    desk = Desk(store, 1, crm)
    with desk.held():
        desk.push()


@pytest.mark.timeout(280)
def test_kill_nine_anywhere_makes_no_second_task(sqlite_store, tmp_path):
    first = open_desk(sqlite_store)
    with first.held():
        first.put([fields("7001", A="1"), fields("7002", A="1"), task("501"), task("502")])
    base = Path(sqlite_store.where)
    with sqlite_store.write() as conn:
        conn.exec_driver_sql("select 1")
    sqlite_store.dispose()
    original = base.read_bytes()
    script = tmp_path / "child.py"
    script.write_text(CHILD, "utf-8")
    killed = 0
    for n in (*range(1, 60, 6), *range(60, 240, 30)):
        crm = tmp_path / f"crm-{n}.json"
        copy = tmp_path / f"run-{n}.db"
        copy.write_bytes(original)
        url = f"sqlite:///{copy}"
        ended = subprocess.run(
            [sys.executable, str(script), url, str(crm), str(n)],
            cwd=Path(__file__).parents[2], env={"PYTHONPATH": str(Path(__file__).parents[2])}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        killed += 1
        settled(url, crm)
    assert killed >= 8


def settled(url: str, crm: Path) -> None:
    """Run on until nothing is left in the air: two tasks, two values, no row that is not over."""
    from connector.store.engine import open_store

    store = open_store(url, migrate=False)
    after = Desk(store, 1, FileCrm(crm))
    after.pass_time(minutes=10)
    with after.held():
        for _ in range(2):
            after.push()
            after.pass_time(minutes=2)
        assert sorted(kept.title for kept in after.crm.tasks.values()) == ["501", "502"]
        assert after.crm.deals == {"7001": {"A": "1"}, "7002": {"A": "1"}}
        assert set(after.rows().values()) == {"done"}
        assert sorted(after.crm.writes) == ["deal:7001", "deal:7002", "task:61", "task:62"]
    store.dispose()
