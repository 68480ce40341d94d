"""A real port: opened, answered at, let go of; and what is said where it is taken."""

from __future__ import annotations

import socket
import sys
import threading

import httpx
import pytest

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.said import told
from connector.store.engine import Store
from connector.web.serving import TURN, serving
from tests.pipeline.shop import opened


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


def test_it_answers_while_it_runs_and_lets_the_port_go(bench: Workbench) -> None:
    with serving("127.0.0.1:0", [bench]) as address:
        assert address is not None
        assert httpx.post(f"{address}/api/v1/accounts/acme/facts").status_code == 401
        assert "server" not in httpx.get(address).headers
    assert not [thread for thread in threading.enumerate() if thread.name == "web"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_a_kept_connection_does_not_hold_it_up(bench: Workbench) -> None:
    with httpx.Client() as caller, serving("127.0.0.1:0", [bench]) as address:
        assert caller.get(f"{address}/").status_code == 401
    assert not [thread for thread in threading.enumerate() if thread.name == "web"]


def test_a_taken_port_is_a_wrong_configuration(bench: Workbench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with (
            pytest.raises(BadConfig, match=f"{listen}: Address already in use; .*`kpi status`") as caught,
            serving(listen, [bench]),
        ):
            pass
    assert told(caught.value, "ru") == (
        f"web.listen: {listen}: адрес и порт заняты; возможно, уже работает другой `kpi run`: это покажет `kpi status`"
    )
    with pytest.raises(BadConfig) as caught, serving("192.0.2.1:80", [bench]):
        pass
    assert "kpi run" not in str(caught.value)


def test_nothing_is_served_where_nothing_is_asked_for(bench: Workbench) -> None:
    with serving(None, [bench]) as address:
        assert address is None


def test_threads_take_short_turns_while_pages_are_served(bench: Workbench) -> None:
    before = sys.getswitchinterval()
    with serving("127.0.0.1:0", [bench]):
        assert sys.getswitchinterval() == pytest.approx(TURN) and before > TURN
    assert sys.getswitchinterval() == before
