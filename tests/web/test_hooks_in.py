"""The door that hooks come through: every sender is answered, whatever happens behind it."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from connector.errors import StoreTrouble
from connector.pipeline.hearing import hook_address
from connector.store.engine import Store
from connector.store.told import hooks, inbox
from connector.store.told.inbox import Letter
from connector.web import hooks_in
from connector.web.app import build
from connector.web.hooks_in import Letterbox
from tests.hooks.shop import opened


@pytest.mark.parametrize("fault", [RuntimeError("nobody thought of it"), MemoryError(), RecursionError()])
def test_a_fault_while_storing_asks_every_sender_to_come_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    bench = opened(sqlite_store)

    def broken(*_: object) -> None:
        raise fault

    async def come(box: Letterbox) -> list[int]:
        letters = [Letter(bench.account, 1, str(n).encode()) for n in range(3)]
        return await asyncio.wait_for(asyncio.gather(*(box.post(bench, 0, one) for one in letters)), 5)

    async def twice() -> tuple[list[int], list[int]]:
        box = Letterbox()
        with monkeypatch.context() as patched:
            patched.setattr(inbox, "keep", broken)
            first = await come(box)
        return first, await come(box)

    assert asyncio.run(twice()) == ([503] * 3, [200] * 3)
    assert "unexpected" in caplog.text and type(fault).__name__ in caplog.text


def test_a_store_that_is_away_before_the_address_is_known_asks_to_come_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = opened(sqlite_store)
    path = urlsplit(hook_address(bench) or "").path

    def away(*_: object) -> None:
        raise StoreTrouble("another program keeps the file locked")

    with TestClient(build([bench])) as client:
        with monkeypatch.context() as patched:
            patched.setattr(hooks, "standing", away)
            assert client.post(path, content=b"account=1&deals=1").status_code == 503
        assert client.post(path, content=b"account=1&deals=1").status_code == 200


def test_where_no_thread_can_be_had_they_come_again_too(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = opened(sqlite_store)

    async def no_thread(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(hooks_in, "run_in_threadpool", no_thread)

    async def come() -> int:
        return await asyncio.wait_for(Letterbox().post(bench, 0, Letter(bench.account, 1, b"x")), 5)

    assert asyncio.run(come()) == 503
