"""The door that hooks come through: every sender is answered, whatever happens behind it."""

from __future__ import annotations

import asyncio

import pytest

from connector.store.engine import Store
from connector.store.told import inbox
from connector.store.told.inbox import Letter
from connector.web import hooks_in
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


def test_where_no_thread_can_be_had_they_come_again_too(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = opened(sqlite_store)

    async def no_thread(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(hooks_in, "run_in_threadpool", no_thread)

    async def come() -> int:
        return await asyncio.wait_for(Letterbox().post(bench, 0, Letter(bench.account, 1, b"x")), 5)

    assert asyncio.run(come()) == 503
