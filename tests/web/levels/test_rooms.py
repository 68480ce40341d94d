"""Levels of write-back on the admin page: who may switch them, what is asked, what a push then does."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from connector.config import AccountSettings
from connector.pipeline.bench import Workbench
from connector.pipeline.switching import switch, writeback_of
from connector.pipeline.writing import push
from connector.store.engine import Store
from connector.web.app import build
from tests.web.ground import ADMIN, ANNA, HEAD, opened, signed_in, token_in


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store, writeback={"tasks": "off"})


def client_of(bench: Workbench, user: str = ADMIN) -> TestClient:
    return signed_in(TestClient(build([bench], b"k" * 32)), bench, user)


def asked(client: TestClient, level: str, **fields: str) -> tuple[int, str]:
    token = token_in(client.get("/admin").text)
    answer = client.post(f"/admin/levels/{level}", data={"token": token} | fields, follow_redirects=False)
    return answer.status_code, answer.text


def test_a_level_that_is_switched_on_is_written_by_the_next_push_and_kept_with_who_did_it(bench: Workbench) -> None:
    client = client_of(bench)
    assert push(bench).delivery is None, "everything is in preview"
    assert asked(client, "deal_fields", setting="on", sure="yes")[0] == 303
    page = client.get("/admin").text
    assert "on" in page and "Admin (1)" in page and "switched by" in page
    told = push(bench).delivery
    assert told is not None and told.written > 0
    assert asked(client, "deal_fields", setting="preview")[0] == 303
    assert push(bench).delivery is None


@pytest.mark.parametrize(
    ("level", "fields", "status", "said"),
    [
        ("deal_fields", {"setting": "on"}, 400, "tick that you understand"),
        ("tasks", {"setting": "on", "sure": "yes"}, 400, "only the file can open it"),
        ("contests", {"setting": "on", "sure": "yes"}, 404, ""),
        ("deal_fields", {"setting": "always", "sure": "yes"}, 404, ""),
    ],
)
def test_what_is_refused_switches_nothing(
    bench: Workbench, level: str, fields: dict[str, str], status: int, said: str
) -> None:
    found, page = asked(client_of(bench), level, **fields)
    assert (found, said in page) == (status, True)
    assert writeback_of(bench) == bench.settings.writeback


@pytest.mark.parametrize("user", [ANNA, HEAD])
def test_who_is_no_admin_finds_no_switch(bench: Workbench, user: str) -> None:
    client = client_of(bench, user)
    token = token_in(client.get(f"/people/{user}").text)
    fields = {"token": token, "setting": "on", "sure": "yes"}
    assert client.post("/admin/levels/deal_fields", data=fields).status_code == 404
    assert client_of(bench).post("/admin/levels/deal_fields", data=fields).status_code == 403, "somebody else's form"


def test_a_file_that_is_edited_after_the_switch_has_the_last_word(bench: Workbench) -> None:
    assert switch(bench, "kpi_card", "on", author="Admin (1)") and not switch(bench, "kpi_card", "on", author="x")
    assert writeback_of(bench).kpi_card == "on"
    told = bench.settings.model_dump() | {"writeback": {"kpi_card": "off"}}
    bench.settings = AccountSettings.model_validate(told)
    assert writeback_of(bench).kpi_card == "off"
