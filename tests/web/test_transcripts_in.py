"""A transcript comes by a call of the API: who may, what is taken, what is told of the rest."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient

from connector.pipeline.bench import Workbench
from connector.store.engine import Store
from connector.web import facts_in
from connector.web.app import build
from connector.web.tokens import issue
from tests.pipeline.talking import talking

WORDS = "Менеджер: Добрый день, компания Окна\nКлиент: Здравствуйте, это дорого"


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return talking(sqlite_store, words={})


@pytest.fixture
def client(bench: Workbench) -> Iterator[TestClient]:
    with TestClient(build([bench])) as made:
        yield made


def post(client: TestClient, key: str, name: str, words: str = WORDS) -> httpx.Response:
    answer: httpx.Response = client.post(
        "/api/v1/accounts/acme/transcripts",
        params={"name": name},
        content=words.encode(),
        headers={"Authorization": f"Bearer {key}"},
    )
    return answer


def test_a_transcript_is_taken_once_and_what_is_wrong_is_told(client: TestClient, bench: Workbench) -> None:
    key = issue(bench.store, name="pbx", scope="import", account=None, now=1)
    first = post(client, key, "call-100.txt")
    assert (first.status_code, first.json()) == (200, {"new": 1, "same": 0})
    assert post(client, key, "call-100.txt").json() == {"new": 0, "same": 1}
    unknown = post(client, key, "call-999999.txt")
    assert unknown.status_code == 400
    assert "no call of this account" in unknown.json()["error"]
    assert post(client, key, "call-100.txt", "").status_code == 400
    assert post(client, key, "").status_code == 400


def test_only_a_token_for_importing_opens(
    client: TestClient, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = issue(bench.store, name="bi", scope="read", account=None, now=1)
    assert post(client, "kpi_wrong", "x.txt").status_code == 401
    assert post(client, reading, "x.txt").status_code == 403
    key = issue(bench.store, name="pbx", scope="import", account=None, now=1)
    monkeypatch.setattr(facts_in, "MAX_BYTES", 10)
    assert post(client, key, "x.txt").status_code == 413
