"""What is loaded before a command's first request, as names: seconds depend on the machine (`tests.bench start`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "numpy", "holidays.countries", "pymorphy3", "rapidfuzz", "razdel", "fastapi", "jinja2", "openpyxl", "tomlkit",
    "apscheduler", "alembic", "psycopg", "sqlalchemy.dialects.postgresql", "rich", "connector.advice.case",
    "connector.quality",
    "connector.pipeline.pulling", "connector.derive", "connector.kpi.catalogue",
    "connector.pipeline.writing", "connector.pipeline.closing", "connector.pipeline.standing", "connector.writeback",
}  # fmt: skip
"""Nothing of it is asked before the CRM has answered."""
SYNC = """
import json, socket, sys

def told(*_):
    sys.stdout.write(json.dumps(sorted(sys.modules)))
    sys.stdout.flush()
    import os
    os._exit(0)

socket.socket.connect = told
sys.argv = ["kpi", "sync", "--config", sys.argv[1]]
from connector.cli import main
main()
"""


@pytest.mark.parametrize(("crm", "secret"), [("amocrm", "token"), ("bitrix24", "webhook")])
def test_a_sync_sends_its_first_request_before_anything_heavy_is_loaded(
    crm: str, secret: str, tmp_path: Path, sqlite_url: str
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[store]\nurl = "{sqlite_url}"\n[[account]]\nname = "a"\nprovider = "{crm}"\n[account.options]\n'
        f'base_url = "http://127.0.0.1:9"\n{secret} = {{ env = "SECRET" }}\n'
    )
    loaded = _modules(SYNC, str(config))
    assert {"connector.pipeline.reading", f"providers.{crm}"} <= loaded
    assert loaded & HEAVY == set()


def test_help_waits_for_no_database() -> None:
    loaded = _modules("import connector.cli, json, sys; print(json.dumps(sorted(sys.modules)))")
    assert loaded & {"sqlalchemy", "pydantic", "requests", "rich", "connector.pipeline.bench"} == set()


def _modules(code: str, *arguments: str) -> set[str]:
    environ = os.environ | {"SECRET": "1/notarealsecret"}
    ended = subprocess.run([sys.executable, "-c", code, *arguments], env=environ, capture_output=True, text=True)
    assert ended.stdout, ended.stderr
    return set(json.loads(ended.stdout))
