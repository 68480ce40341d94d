"""The endpoint: who may, how much, what is wrong with which row, and the same again is the same."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from connector.pipeline.bench import Workbench
from connector.pipeline.importing import imports_of
from connector.pipeline.running import held
from connector.store.engine import Store
from connector.web import facts_in
from connector.web.app import build
from connector.web.serving import serving
from connector.web.tokens import issue, listed, shut_out
from tests.pipeline.shop import bring, opened, result

PATH = "/api/v1/accounts/{}/facts"
PAID = {"key": "p1", "what": "payment", "at": "2026-09-10", "deal": 1, "amount": 100.5}


@pytest.fixture
def benches(store: Store) -> list[Workbench]:
    return [opened(store), opened(store, "other")]


@pytest.fixture
def client(benches: list[Workbench]) -> Iterator[TestClient]:
    with TestClient(build(benches)) as made:
        yield made


def token(benches: list[Workbench], name: str = "1c", account: int | None = None) -> str:
    return issue(benches[0].store, name=name, scope="import", account=account, now=1)


def post(client: Any, body: Any, key: str | None, account: str = "acme", path: str = "", **more: Any) -> httpx.Response:
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    response: httpx.Response = client.post(PATH.format(account) + path, content=data, headers=headers | more)
    return response


def patiently(client: Any, body: Any, key: str) -> int:
    """As a caller does that is asked to come again."""
    for _ in range(30):
        answer = post(client, body, key)
        if answer.status_code != 503:
            break
    return answer.status_code


def test_rows_become_numbers_and_the_same_call_again_changes_nothing(
    client: TestClient, benches: list[Workbench]
) -> None:
    key = token(benches)
    first = post(client, [PAID], key)
    assert (first.status_code, first.json()) == (
        200,
        {"import": 1, "new": 1, "changed": 0, "same": 0, "dry_run": False, "derived": True, "message": ""},
    )
    assert result(benches[0], "paid_revenue").value == Decimal("100.50")
    again = post(client, json.dumps(PAID) + "\n", key)
    assert (again.json()["import"], again.json()["same"]) == (None, 1)
    changed = post(client, [PAID | {"amount": "50"}, PAID | {"key": "p2"}], key).json()
    assert (changed["new"], changed["changed"]) == (1, 1)
    assert result(benches[0], "paid_revenue").value == Decimal("150.50")
    assert [(one.source, one.author) for one in imports_of(benches[0])] == [("api:1c", "1c")] * 2


def test_a_key_is_one_whether_it_comes_by_file_or_by_call(client: TestClient, benches: list[Workbench]) -> None:
    bring(benches[0], "key;what;at;deal;amount\np1;оплата;10.09.2026;1;100,50\n")
    assert post(client, [PAID], token(benches)).json()["same"] == 1


def test_every_bad_row_is_listed_and_none_is_taken(client: TestClient, benches: list[Workbench]) -> None:
    rows = [PAID, PAID | {"key": "p2", "deal": 99}, {"key": "p3", "amuont": 1}, 7, PAID]
    answer = post(client, rows, token(benches))
    assert answer.status_code == 400
    told = answer.json()
    assert told["error"] == "nothing was taken: 4 of 5 rows are wrong"
    assert [(one["row"], one["key"]) for one in told["rows"]] == [(2, "p2"), (3, None), (4, None), (5, "p1")]
    assert "deal '99'" in told["rows"][0]["problem"]
    assert "stands in 1 already" in told["rows"][3]["problem"]
    assert imports_of(benches[0]) == []


def test_no_rows_are_a_mistake(client: TestClient, benches: list[Workbench]) -> None:
    key = token(benches)
    assert [post(client, body, key).status_code for body in ("", "[]", "\n\n")] == [400] * 3


def test_a_dry_run_stores_nothing(client: TestClient, benches: list[Workbench]) -> None:
    answer = post(client, [PAID], token(benches), path="?dry_run=1")
    assert (answer.status_code, answer.json()["new"], answer.json()["import"]) == (200, 1, None)
    assert imports_of(benches[0]) == []


def test_without_a_token_nobody_is_let_in(client: TestClient, benches: list[Workbench]) -> None:
    key = token(benches)
    for header in (None, "", "Bearer", "Bearer ", "Bearer kpi_wrong", "Basic {}", "{}", "Bearer " + "x" * 999):
        headers = {} if header is None else {"Authorization": header.format(key)}
        answer = client.post(PATH.format("acme"), content=json.dumps([PAID]), headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), header
        assert key not in answer.text
    assert imports_of(benches[0]) == []


def test_a_revoked_token_is_let_in_no_more(client: TestClient, benches: list[Workbench]) -> None:
    key = token(benches)
    shut_out(benches[0].store, "1c", now=2)
    assert post(client, [PAID], key).status_code == 401


def test_a_token_of_one_account_opens_no_other_and_learns_nothing_of_it(
    client: TestClient, benches: list[Workbench]
) -> None:
    key = token(benches, account=benches[0].account)
    codes = [post(client, [PAID], key, account=name).status_code for name in ("acme", "other", "nowhere")]
    assert codes == [200, 403, 403]
    assert [(row.name, account) for row, account in listed(benches[0].store)] == [("1c", "acme")]


def test_an_account_that_is_none_is_said_to_be_none(client: TestClient, benches: list[Workbench]) -> None:
    assert post(client, [PAID], token(benches), account="nowhere").status_code == 404


def test_only_posting_is_known(client: TestClient, benches: list[Workbench]) -> None:
    token(benches)
    assert client.get(PATH.format("acme")).status_code == 405
    assert client.get("/docs").status_code == 404


def test_too_much_is_refused_before_and_while_it_is_read(client: TestClient, benches: list[Workbench]) -> None:
    key = token(benches)
    large = b" " * (facts_in.MAX_BYTES + 1)
    assert post(client, large, key).status_code == 413

    def dribble() -> Iterator[bytes]:
        for _ in range(6):
            yield b" " * 1_000_000

    headers = {"Authorization": f"Bearer {key}"}
    assert client.post(PATH.format("acme"), content=dribble(), headers=headers).status_code == 413
    many = b'{"key":"1"}\n' * 20_001
    assert post(client, many, key).status_code == 413


def test_while_a_sync_keeps_the_account_the_caller_is_asked_to_come_again(
    client: TestClient, benches: list[Workbench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_in, "PATIENCE", 0.0)
    key = token(benches)
    with held(benches[0]):
        answer = post(client, [PAID], key)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert post(client, [PAID], key).status_code == 200


def test_calls_at_once_are_all_taken_each_once(benches: list[Workbench]) -> None:
    """Over a real socket: eight callers, each row sent twice."""
    key = token(benches)
    codes: list[int] = []

    def call(n: int) -> None:
        with httpx.Client(base_url=address, timeout=60) as caller:
            for _ in range(2):
                codes.append(patiently(caller, [PAID | {"key": f"p{n}"}], key))

    with serving("127.0.0.1:0", benches) as told:
        assert told is not None
        address = told
        threads = [threading.Thread(target=call, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert codes == [200] * 16
    assert result(benches[0], "paid_revenue").value == Decimal("804.00")
    assert len(imports_of(benches[0])) == 8
