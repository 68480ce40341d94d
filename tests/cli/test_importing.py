"""kpi import and kpi token as a person and a machine use them, and `kpi serve` as a process that is told to stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.cli.demo import sandbox_module
from connector.pretend.company import build
from tests.cli.test_commands import CONFIG, kpi

FILE = """Ключ;Вид;Дата;Менеджер;Сделка;Сумма;Заметка
п-1;оплата;10.08.2026;;7003;10 000,50;аванс
п-2;оплата;12.08.2026;501;;90;
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A configuration over a served sandbox, synced once."""
    folder = tmp_path_factory.mktemp("shop")
    with sandbox_module("amocrm").Sandbox(build(), paced=False) as box:
        config = folder / "config.toml"
        told = CONFIG.format(folder=folder, base=box.base_url).replace(
            "[account.options]", 'language = "en"\n[account.options]'
        )
        config.write_text(told, "utf-8")
        (folder / "f.csv").write_bytes(FILE.encode("cp1251"))
        env = {"AMO_TOKEN": box.options["token"].get_secret_value()}
        done = kpi("sync", "--json", config=config, env=env)
        assert done.returncode == 0, done.stderr
        yield config, env


def run(shop: tuple[Path, dict[str, str]], *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = kpi(*words, config=shop[0], env=shop[1])
    assert done.returncode == code, done.stderr
    return done


def told(shop: tuple[Path, dict[str, str]], *words: str) -> Any:
    return json.loads(run(shop, *words, "--json").stdout)


def test_a_file_is_tried_taken_listed_shown_and_undone(shop: tuple[Path, dict[str, str]]) -> None:
    file = str(shop[0].parent / "f.csv")
    tried = run(shop, "import", "facts", file, "--dry-run")
    assert tried.stdout == "moscow: would take 2 new, 0 changed, 0 known already; nothing was stored\n"
    assert "ignored: Заметка" in tried.stderr
    taken = told(shop, "import", "facts", file)
    assert (taken["import"], taken["new"], taken["facts_added"], taken["ignored"]) == (1, 2, 2, ["Заметка"])
    assert run(shop, "import", "facts", file).stdout == "moscow: nothing new: 2 rows known already\n"
    (listed,) = told(shop, "import", "list")
    assert (listed["source"], listed["rows"], listed["undone_at"]) == ("f.csv", {"payment": 2}, None)
    assert "payment 2026-08-10 00:00, deal 7003, 10,000.50 RUB" in run(shop, "import", "show", "п-1").stdout
    undone = run(shop, "import", "undo", "1").stdout
    assert undone.startswith("moscow: import 1 undone: 2 rows gone, 0 as before it, 0 held by later imports; ")
    assert "; undone " in run(shop, "import", "list").stdout


def test_every_bad_line_is_named_and_the_call_is_wrong(shop: tuple[Path, dict[str, str]]) -> None:
    bad = shop[0].parent / "bad.csv"
    bad.write_text(
        "key,what,at,deal,amount\n1,payment,2026-08-10,7003,5\n2,payment,2026-08-10,1,5\n3,gift,2026-08-10,7003,5\n"
    )
    lines = run(shop, "import", "facts", str(bad), code=2).stderr.strip().splitlines()
    assert [line.split(": ")[-2:][0] if "line" in line else line for line in lines][-1] == "nothing was taken"
    assert [line[line.index("line ") :][:6] for line in lines[:-1]] == ["line 3", "line 4"]
    assert run(shop, "import", "facts", "nowhere.csv", code=2).stderr == "kpi: nowhere.csv: No such file or directory\n"


def test_a_token_goes_alone_to_stdout_and_is_kept_nowhere(shop: tuple[Path, dict[str, str]]) -> None:
    made = run(shop, "token", "create", "till", "--scope", "import", "--account", "moscow")
    token = made.stdout.strip()
    assert (token.startswith("kpi_"), len(token) > 40, token in made.stderr) == (True, True, False)
    assert token.encode() not in (shop[0].parent / "kpi.db").read_bytes()
    (listed,) = [one for one in told(shop, "token", "list") if one["name"] == "till"]
    assert (listed["scope"], listed["account"], listed["revoked_at"]) == ("import", "moscow", None)
    assert run(shop, "token", "revoke", "till").stdout == "till: revoked\n"
    assert told(shop, "token", "list")[-1]["revoked_at"] is not None


def test_serve_takes_facts_in_and_stops_when_told(shop: tuple[Path, dict[str, str]]) -> None:
    token = run(shop, "token", "create", "1c", "--scope", "import").stdout.strip()
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "connector", "serve", "--config", str(shop[0]), "--listen", listen]
    with subprocess.Popen(command, env=os.environ | shop[1], stderr=subprocess.PIPE, text=True) as served:
        try:
            answer = first_answer(f"http://{listen}/api/v1/accounts/moscow/facts", token)
        finally:
            served.send_signal(signal.SIGTERM)
        words = served.communicate(timeout=60)[1]
    assert (answer.status_code, answer.json()["new"]) == (200, 1)
    assert served.returncode == 0
    assert f"serving at http://{listen}" in words
    assert token not in words


def first_answer(address: str, token: str) -> httpx.Response:
    """The process takes a second to start."""
    row = {"key": "api-1", "what": "payment", "at": "2026-08-20", "user": "501", "amount": "5"}
    for _ in range(300):
        try:
            return httpx.post(address, json=[row], headers={"Authorization": f"Bearer {token}"}, timeout=60)
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("it never answered")
