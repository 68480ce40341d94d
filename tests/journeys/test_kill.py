"""kill -9 at twenty random moments of a sync, each followed by the next one: the store is the undisturbed one's."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.cli.demo import sandbox_module
from connector.pretend.happenings import Company
from connector.store.engine import open_store

CONFIG = """
[store]
url = "{url}"
[[account]]
name = "killed"
provider = "{provider}"
timezone = "Europe/Moscow"
currency = "RUB"
[account.options]
base_url = "{base}"
{secret} = {{ env = "SECRET" }}
[account.rules]
sales_pipelines = ["Продажи", "Допродажи"]
junk_reasons = ["Спам"]
csat_field = "CSAT"
"""
KEY = base64.urlsafe_b64encode(bytes(32)).decode()
"""The same for both stores: hashes of phones are keyed."""
SECRETS = {"amocrm": "token", "bitrix24": "webhook"}
PAIRS = (
    ("amocrm", "sqlite"),
    pytest.param("bitrix24", "postgresql", marks=pytest.mark.slow_fault),
    pytest.param("amocrm", "postgresql", marks=pytest.mark.slow_fault),
    pytest.param("bitrix24", "sqlite", marks=pytest.mark.slow_fault),
)
"""A minute and a half each: `make check` kills the whole program on one pair, and a spread of steps on both CRMs and
databases (faults/test_c_crashes.py, c01); `make faults` kills it on each pair.
"""
CONTENT = {
    "record": "kind, id, body, link, dossier, case when gone_at is null then 0 else 1 end",
    "fact": "key, kind, at, day, user_id, client, deal_id, amount, number, due_at, confidence, omitted, note",
    "cursor": "kind",
}


def digest(url: str) -> dict[str, tuple[int, str]]:
    """What is stored, without when we saw it. Facts that ended do not count: a killed run may know less at first."""
    store = open_store(url)
    found = {}
    with store.read() as conn:
        for table, columns in CONTENT.items():
            live = " where known_to is null" if table == "fact" else ""
            rows = sorted(repr(tuple(row)) for row in conn.execute(sa.text(f"select {columns} from {table}{live}")))
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16])
    store.dispose()
    return found


def configure(folder: Path, provider: str, box: Any, url: str) -> tuple[list[str], dict[str, str]]:
    config = folder / "config.toml"
    config.write_text(CONFIG.format(url=url, provider=provider, base=box.base_url, secret=SECRETS[provider]), "utf-8")
    secret = box.options[SECRETS[provider]].get_secret_value()
    command = [sys.executable, "-m", "connector", "sync", "--config", str(config), "--json"]
    return command, os.environ | {"SECRET": secret, "KPI_KEY": KEY}


@pytest.mark.parametrize(("provider", "db_url"), PAIRS, indirect=["db_url"])
def test_twenty_kills_change_nothing(db_url: str, tmp_path: Path, plan: Company, provider: str) -> None:
    with sandbox_module(provider).Sandbox(plan, paced=False, latency=0.02) as box:
        calm, killed = tmp_path / "calm", tmp_path / "killed"
        for folder in (calm, killed):
            folder.mkdir()
        started = time.monotonic()
        command, env = configure(calm, provider, box, f"sqlite:///{calm / 'kpi.db'}")
        subprocess.run(command, env=env, check=True, capture_output=True)
        whole = time.monotonic() - started
        url = f"sqlite:///{killed / 'kpi.db'}" if db_url.startswith("sqlite") else db_url
        command, env = configure(killed, provider, box, url)
        chance, survived = random.Random(20), 0
        for _ in range(20):
            child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            try:
                child.wait(timeout=chance.uniform(0.02, 0.25) * whole)
                survived += 1
            except subprocess.TimeoutExpired:
                child.kill()
            told, _ = child.communicate()
            assert child.returncode in (0, -9), told.decode()
        assert survived < 15, "most runs must really have been killed"
        done = subprocess.run(command, env=env, check=False, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
    assert digest(url) == digest(f"sqlite:///{calm / 'kpi.db'}")
