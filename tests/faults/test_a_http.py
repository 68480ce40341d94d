"""A. The way between us and the CRM: nothing that is no whole answer is believed, and no run ends in nothing."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import urllib3.connection

from connector.errors import Blocked, Broken, KpiError, Limited, TryLater, Unreachable
from connector.jobs.turns import Turns
from providers.bitrix24.sandbox.faults import Drip, Fails, Redirect, Reset, Short, Status, Truncated
from tests.faults.rig import Bend, Rig

LEADS = r"/leads$"
EVERYTHING = "api/v4"
DEEP = b"[" * 1_000_000


@dataclass(frozen=True)
class Case:
    """A fault in the words of both sandboxes. `ends`: None where the very run gets over it, else what it says."""

    id: str
    amocrm: Bend
    bitrix24: Bend
    ends: type[KpiError] | None = None


def every(times: int | None = None) -> dict[str, Any]:
    return {"path": LEADS, "method": "GET", "times": times}


ONCE = [
    Case("a02_reset", lambda f: f.reset(**every(1)), lambda f: f.add(Reset(200), "batch")),
    Case("a02_short_of_its_length", lambda f: f.reset(**every(2)),
         lambda f: f.add(Truncated(length_told=True), "batch")),
    Case("a03_cut", lambda f: f.cut(**every(1)), lambda f: f.add(Truncated(0.5), "batch", times=2)),
    Case("a04_shorter_but_valid", lambda f: f.shorten(3, **every(1)), lambda f: f.add(Short(1), "crm.item.list")),
    Case("a05_seconds", lambda f: f.status(429, headers={"Retry-After": "2"}, **every(1)),
         lambda f: f.add(Status(429, "{}", "application/json", (("Retry-After", "2"),)), "batch")),
    Case("a06_limit_without_a_word", lambda f: f.html(429, **every(2)),
         lambda f: f.add(Fails("QUERY_LIMIT_EXCEEDED", "Too many requests", 503), "batch", times=2)),
    Case("a08_502", lambda f: f.html(502, **every(2)), lambda f: f.add(Status(502), "batch", times=2)),
    Case("a08_504", lambda f: f.html(504, **every(1)), lambda f: f.add(Status(504), "batch")),
    Case("a08_200_with_a_page", lambda f: f.html(200, **every(2)), lambda f: f.add(Status(200), "batch", times=2)),
    Case("a10_204_on_the_first_page", lambda f: f.no_content(**every(1)), lambda f: f.add(Short(0), "crm.item.list")),
    Case("a10_200_and_nothing", lambda f: f.empty(**every(2)), lambda f: f.add(Status(200, ""), "batch", times=2)),
    Case("a13_drip", lambda f: f.drip(0.3, **every(1)), lambda f: f.add(Drip(2000, 0.01), "batch")),
    Case("a18_next_is_itself", lambda f: f.loop_next(**every(3)), lambda f: f.add(Short(1), "crm.stagehistory.list")),
]  # fmt: skip

ALWAYS = [
    Case("a03_cut_for_ever", lambda f: f.cut(**every()), lambda f: f.add(Truncated(0.5), "batch", times=None), Broken),
    Case("a05_a_day", lambda f: f.status(429, headers={"Retry-After": "86400"}, **every()),
         lambda f: f.add(Status(429, "{}", "application/json", (("Retry-After", "86400"),)), "batch", times=None),
         Limited),
    Case("a08_502_for_ever", lambda f: f.html(502, path=EVERYTHING, times=None),
         lambda f: f.add(Status(502), "*", times=None), Broken),
    Case("a08_maintenance", lambda f: f.html(200, path=EVERYTHING, times=None),
         lambda f: f.add(Status(200), "*", times=None), Broken),
    Case("a10_no_list_where_one_is_told", lambda f: f.body(b"{}", **every(1)),
         lambda f: f.add(Status(200, "{}", "application/json"), "batch", times=None), Broken),
    Case("a12_a_million_deep", lambda f: f.body(DEEP, **every()),
         lambda f: f.add(Status(200, DEEP.decode(), "application/json"), "batch", times=None), Broken),
]  # fmt: skip


RARE = pytest.mark.slow_fault
OFTEN = {
    "a02_reset", "a03_cut", "a04_shorter_but_valid", "a05_seconds", "a06_limit_without_a_word",
    "a08_200_with_a_page", "a18_next_is_itself",
}  # fmt: skip
"""What the fast half takes."""


@pytest.mark.parametrize("case", [pytest.param(one, id=one.id, marks=() if one.id in OFTEN else RARE) for one in ONCE])
def test_a_once(rig: Rig, case: Case) -> None:
    """It passes: the run that met it ends well by itself, and asks at most three times as much."""
    rig.wrong(amocrm=case.amocrm, bitrix24=case.bitrix24)
    ended = rig.run()
    assert ended.error is None
    assert ended.value.problems == []
    assert any(rule.seen for rule in rig.box.faults.rules), "the fault was never met"
    assert rig.asked[0] <= 3 * max(rig.golden.requests, 4)
    rig.settle()


@pytest.mark.parametrize(
    "case", [pytest.param(one, id=one.id, marks=RARE if one.id.startswith("a08") else ()) for one in ALWAYS]
)
def test_a_for_ever(rig: Rig, case: Case) -> None:
    """It stays: one clear error, no cursor moves, and the next run catches up."""
    rig.wrong(amocrm=case.amocrm, bitrix24=case.bitrix24)
    ended = rig.run(neighbour=True)
    assert case.ends is not None
    assert isinstance(ended.error, case.ends) or (ended.error is None and len(ended.value.problems) >= 1), ended
    assert "Traceback" not in rig.told.getvalue()
    assert rig.asked[0] <= 60
    rig.settle()


NO_WAY = {
    "timeout": lambda: TimeoutError("timed out"),
    "dns": lambda: socket.gaierror(-2, "Name or service not known"),
    "refused": lambda: ConnectionRefusedError(111, "Connection refused"),
}


@pytest.mark.parametrize(
    ("trouble", "times"),
    [
        pytest.param("timeout", 1, id="timeout once"), pytest.param("dns", 10_000, id="dns for ever"),
        pytest.param("dns", 1, id="dns once", marks=RARE), pytest.param("refused", 1, id="refused once", marks=RARE),
        pytest.param("timeout", 10_000, id="timeout for ever", marks=RARE),
        pytest.param("refused", 10_000, id="refused for ever", marks=RARE),
    ],
)  # fmt: skip
def test_a01_no_connection(rig: Rig, monkeypatch: pytest.MonkeyPatch, trouble: str, times: int) -> None:
    left = [times]
    connect = urllib3.connection.connection.create_connection

    def failing(*args: Any, **more: Any) -> socket.socket:
        if left[0] > 0:
            left[0] -= 1
            raise NO_WAY[trouble]()
        return connect(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(urllib3.connection.connection, "create_connection", failing)
        ended = rig.run(neighbour=True)
    if times == 1:
        assert ended.error is None and ended.value.problems == []
        assert rig.slept and all(0 < one <= 30 * 1.25 for one in rig.slept)
    else:
        assert isinstance(ended.error, Unreachable)
        assert 10_000 - left[0] <= 10, "it is asked five times, not for ever"
    rig.settle()


def test_a06_a_blocked_address_is_left_alone(rig: Rig) -> None:
    """One look in a quarter of an hour at amoCRM's 403 page; Bitrix24 has no such block, only limits that stay."""
    rig.wrong(
        amocrm=lambda f: f.block(path=EVERYTHING),
        bitrix24=lambda f: f.add(Fails("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 403), "*", times=None),
    )
    turns = Turns(rig.bench, lambda: False)
    for _ in range(5):
        turns.cycle()
    assert turns.rest_until is not None, "the account rests until a moment that is told"
    first = rig.box.requests
    assert first <= 6
    assert isinstance(rig.run().error, Blocked | Limited | TryLater)
    if rig.crm == "amocrm":
        rig.box.throttle.blocked = False
    rig.settle()


def test_a11_no_other_host_ever_gets_the_token(rig: Rig) -> None:
    """A redirect that leads out of the vendor's zone is an error that names it; nobody calls there."""
    rig.wrong(
        amocrm=lambda f: f.redirect("http://evil.example:1/api/v4/leads", **every()),
        bitrix24=lambda f: f.add(Redirect("https://evil.example"), "batch", times=None),
    )
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def noted(host: Any, *args: Any, **more: Any) -> Any:
        asked.append(str(host))
        return resolve(host, *args, **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", noted)
        ended = rig.run()
    assert ended.error is not None or ended.value.problems
    assert not any("evil" in host for host in asked)
    rig.settle()


SOUP: dict[str, list[Callable[[Any, int], Any]]] = {
    "amocrm": [
        lambda f, n: f.reset(nth=n), lambda f, n: f.cut(nth=n), lambda f, n: f.html(502, nth=n),
        lambda f, n: f.html(429, nth=n), lambda f, n: f.html(200, nth=n), lambda f, n: f.empty(nth=n),
        lambda f, n: f.lose_answer(nth=n), lambda f, n: f.drip(0.02, nth=n),
    ],
    "bitrix24": [
        lambda f, n: f.add(Reset(100), nth=n), lambda f, n: f.add(Truncated(), nth=n),
        lambda f, n: f.add(Status(502), nth=n), lambda f, n: f.add(Status(200), nth=n),
        lambda f, n: f.add(Fails("QUERY_LIMIT_EXCEEDED", "", 503), "batch", nth=n),
        lambda f, n: f.add(Drip(2000, 0.005), nth=n),
    ],
}  # fmt: skip
"""What may go wrong with the n-th request."""


def soup(rig: Rig, chance: random.Random) -> None:
    """One request in five goes wrong, each in its own way."""
    for n in range(1, 300):
        if chance.random() < 0.2:
            chance.choice(SOUP[rig.crm])(rig.box.faults, n)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=RARE) for seed in range(1, 50))])
def test_a20_soup(rig: Rig, seed: int) -> None:
    soup(rig, random.Random(seed))
    for _ in range(3):
        rig.run()
    assert sum(rig.asked) <= 3 * 3 * max(rig.golden.requests, 4)
    rig.settle()
