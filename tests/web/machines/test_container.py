"""What cannot be run without a container engine, held together by what can be read: image, compose file, command."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from connector.cli import app
from connector.store.engine import Store
from connector.web.serving import serving
from tests.pipeline.shop import opened

ROOT = Path(__file__).parents[3]
DOCKER = (ROOT / "Dockerfile").read_text("utf-8")


def listed(instruction: str) -> Any:
    """What an instruction of the last stage says as a JSON list."""
    found = re.findall(rf"^ *{instruction} (\[.+\])$", DOCKER, re.M)
    return json.loads(found[-1])


def composed() -> Any:
    yaml: Any = importlib.import_module("yaml")
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def test_the_image_listens_where_compose_publishes_it_and_keeps_what_it_writes() -> None:
    command = re.findall(r"^CMD (\[.+\])$", DOCKER, re.M)[-1]
    port = json.loads(command)[-1].rpartition(":")[2]
    kpi = composed()["services"]["kpi"]
    assert kpi["ports"] == [f"127.0.0.1:{port}:{port}"] and f"EXPOSE {port}\n" in DOCKER
    assert f"http://127.0.0.1:{port}/healthz" in DOCKER
    home = re.findall(r"^VOLUME (\S+)$", DOCKER, re.M)[0]
    config = re.findall(r"KPI_CONFIG=(\S+)", DOCKER)[0]
    targets = {one.split(":")[1] for one in kpi["volumes"]}
    assert {home, config} == targets and f"WORKDIR {home}\n" in DOCKER
    assert kpi["read_only"] is True and kpi["tmpfs"] == ["/tmp"], "nothing else may be written"


def test_compose_waits_for_the_database_that_its_own_comment_configures() -> None:
    made = composed()
    db, kpi = made["services"]["db"], made["services"]["kpi"]
    told = re.findall(r"postgresql\+psycopg://(\w+)@(\w+)/(\w+)", (ROOT / "compose.yaml").read_text("utf-8"))[0]
    assert told == (db["environment"]["POSTGRES_USER"], "db", db["environment"]["POSTGRES_DB"])
    assert kpi["depends_on"] == {"db": {"condition": "service_healthy"}} and "healthcheck" in db
    assert kpi["environment"]["PGPASSWORD"] == db["environment"]["POSTGRES_PASSWORD"]
    named = {one.split(":")[0] for one in (*db["volumes"], *kpi["volumes"]) if not one.startswith(".")}
    assert named == set(made["volumes"])


def test_the_command_of_the_image_is_one_of_ours() -> None:
    assert listed("ENTRYPOINT") == ["kpi"]
    told = CliRunner().invoke(app, [*listed("CMD"), "--help"])
    assert told.exit_code == 0, told.output


def test_the_health_check_tells_a_program_that_serves_from_one_that_does_not(sqlite_store: Store) -> None:
    found = re.search(r"HEALTHCHECK [^\n]*\\\n *CMD (\[.+\])", DOCKER)
    assert found is not None
    _, *arguments = json.loads(found[1])
    with serving("127.0.0.1:0", [opened(sqlite_store)]) as address:
        assert address is not None
        command = [sys.executable, *(one.replace("http://127.0.0.1:8800", address) for one in arguments)]
        assert subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    assert subprocess.run(command, capture_output=True, timeout=60).returncode != 0
