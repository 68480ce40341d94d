"""Guessing is slowed down; who knows the code, and hooks, are not."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from connector.store.engine import Store
from connector.web import limiting
from connector.web.app import build
from connector.web.limiting import Failures, Limiting
from connector.web.tokens import issue
from tests.pipeline.shop import opened

FACTS = "/api/v1/accounts/acme/facts"


def test_failures_of_one_address_end_in_429_for_a_while() -> None:
    now = [0.0]
    failures = Failures(lambda: now[0], most=3, within=60)
    for _ in range(3):
        assert failures.wait("1.2.3.4") == 0
        failures.add("1.2.3.4")
        now[0] += 10
    assert failures.wait("1.2.3.4") == 30 and failures.wait("5.6.7.8") == 0
    now[0] += 30
    assert failures.wait("1.2.3.4") == 0
    failures.add("1.2.3.4")
    assert failures.wait("1.2.3.4") == 10, "the window moves on"


def test_what_is_remembered_is_bounded() -> None:
    failures = Failures()
    for n in range(limiting.REMEMBERED + 5):
        failures.add(str(n))
    assert len(failures._of) == limiting.REMEMBERED


def test_guessing_tokens_and_codes_is_slowed_and_the_rest_goes_on(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    token = issue(sqlite_store, name="x", scope="import", account=None, now=1)
    with TestClient(build([bench])) as client:
        right = {"Authorization": f"Bearer {token}"}
        for _ in range(limiting.MOST + 1):
            assert client.post(FACTS, headers=right, content=b"[]").status_code == 400, "no guess"
        for n in range(limiting.MOST):
            assert client.post(FACTS, headers={"Authorization": f"Bearer wrong{n}"}).status_code == 401
        shut = client.post(FACTS, headers=right, content=b"[]")
        assert shut.status_code == 429 and int(shut.headers["retry-after"]) > 800
        assert shut.headers["x-content-type-options"] == "nosniff"
        assert client.post("/in", content=b"code=x").status_code == 429
        assert client.get("/in").status_code == 200
        assert client.post("/hooks/acme/old").status_code == 404


def test_a_burst_is_not_proven_all_at_once() -> None:
    """The first of it fails when all of it is in."""
    proving, told = asyncio.Event(), list[int]()

    async def slow(_scope: Scope, _receive: Receive, send: Send) -> None:
        await proving.wait()
        await send({"type": "http.response.start", "status": 200})

    async def noted(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    async def flood() -> list[int]:
        guarded = Limiting(slow)

        def post(address: str) -> Any:
            scope = {"type": "http", "method": "POST", "path": "/embed/acme/install", "client": (address, 1)}
            return asyncio.ensure_future(guarded(scope, None, noted))  # type: ignore[arg-type]

        some = [post("1.2.3.4") for _ in range(limiting.MOST + 30)] + [post("5.6.7.8")]
        await asyncio.sleep(0)
        at_once = list(told)
        proving.set()
        await asyncio.gather(*some)
        assert not guarded._asked
        return at_once

    assert asyncio.run(flood()) == [429] * 30
    assert told == [429] * 30 + [200] * (limiting.MOST + 1)
