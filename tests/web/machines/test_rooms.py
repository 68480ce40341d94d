"""What machines ask: alive, ready, how it runs; the last one only with a token of its own."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from connector.errors import BadConfig, StoreTrouble
from connector.pipeline.bench import Workbench
from connector.store.engine import Store
from connector.web import tokens
from connector.web.app import build
from connector.web.machines import rooms
from connector.web.machines.metrics import Metric, text
from tests.web.ground import ANNA, opened

ROOT = Path(__file__).parents[3]


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


def test_alive_and_ready_tell_the_database_from_the_process(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    client = TestClient(build([bench]))
    assert (client.get("/healthz").text, client.get("/readyz").text) == ("ok\n", "ready\n")

    def broken(_conn: object, _account: int) -> None:
        raise StoreTrouble("disk full")

    monkeypatch.setattr(rooms.accounts, "get", broken)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_file_that_is_moved_away_is_not_ready(bench: Workbench) -> None:
    client, file = TestClient(build([bench])), Path(bench.store.where)
    assert client.get("/readyz").status_code == 200
    aside = file.rename(file.with_name("aside"))
    told = client.get("/readyz")
    assert (told.status_code, "moved away or deleted" in told.text, str(file) in told.text) == (503, True, False)
    shutil.copy(aside, file)
    told = client.get("/readyz")
    assert (told.status_code, "another file" in told.text) == (503, True)
    aside.rename(file)
    assert client.get("/readyz").text == "ready\n"


def test_a_file_that_is_cut_off_is_not_ready(bench: Workbench) -> None:
    client, file = TestClient(build([bench])), Path(bench.store.where)
    assert client.get("/readyz").text == "ready\n", "with most of it in the -wal"
    with closing(sqlite3.connect(file)) as conn:
        assert conn.execute("pragma wal_checkpoint(truncate)").fetchone() == (0, 0, 0)
    assert client.get("/readyz").text == "ready\n"
    os.truncate(file, file.stat().st_size * 5 // 12)
    told = client.get("/readyz")
    assert (told.status_code, "the file is damaged" in told.text, str(file) in told.text) == (503, True, False)


def test_what_a_cycle_found_damaged_is_not_ready(bench: Workbench) -> None:
    client = TestClient(build([bench]))
    bench.damage = "the file is damaged (database disk image is malformed)"
    told = client.get("/readyz")
    assert (told.status_code, told.text) == (503, f"the database: {bench.damage}\n")
    bench.damage = None
    assert client.get("/readyz").text == "ready\n"


def test_ready_costs_one_row(bench: Workbench) -> None:
    """It is asked every few seconds by whoever balances: a whole standing was a hundred statements."""
    client, told = TestClient(build([bench])), list[str]()
    sa.event.listen(bench.store._engine, "before_cursor_execute", lambda _c, _u, statement, *_: told.append(statement))
    assert client.get("/readyz").status_code == 200
    assert len([one for one in told if one.lower().startswith("select")]) == 1


def test_metrics_are_for_a_token_of_their_own(bench: Workbench) -> None:
    client = TestClient(build([bench]))
    mine = tokens.issue(bench.store, name="prom", scope="metrics", account=None, now=1)
    other = tokens.issue(bench.store, name="1c", scope="import", account=None, now=1)
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": f"Bearer {other}"}).status_code == 401
    told = client.get("/metrics", headers={"authorization": f"Bearer {mine}"})
    assert told.status_code == 200 and told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert re.search(r'^kpi_stream_age_seconds\{account="acme",stream="deal"\} \d', told.text, re.M)
    assert re.search(r'^kpi_run_failed\{account="acme",what="sync"\} 0$', told.text, re.M)
    assert "Anna" not in told.text and ANNA not in told.text
    with pytest.raises(BadConfig, match="metrics"):
        tokens.issue(bench.store, name="x", scope="all", account=None, now=1)


def test_the_format_is_prometheus_own() -> None:
    some = [Metric("a", "One.", 1, {}), Metric("b", "Two.", 0.5, {"x": 'q"\\\n'}), Metric("a", "One.", 2, {"y": "z"})]
    assert text(some) == (
        '# HELP a One.\n# TYPE a gauge\na 1\na{y="z"} 2\n# HELP b Two.\n# TYPE b gauge\nb{x="q\\"\\\\\\n"} 0.500\n'
    )


def test_what_is_shipped_runs_as_nobody_in_particular() -> None:
    docker = (ROOT / "Dockerfile").read_text("utf-8")
    assert docker.index("USER 10001") < docker.index("ENTRYPOINT")
    assert "HEALTHCHECK" in docker and "--require-hashes" in docker
    for name in re.findall(r"^COPY (?!--from)(.+) \S+$", docker, re.M):
        for path in name.split():
            assert (ROOT / path).exists(), path
            assert f"!{path}\n" in (ROOT / ".dockerignore").read_text("utf-8")
    unit = (ROOT / "deploy" / "kpi.service").read_text("utf-8")
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes"):
        assert line in unit
    assert "127.0.0.1:8800:8800" in (ROOT / "compose.yaml").read_text("utf-8")
