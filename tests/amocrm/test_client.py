"""The calls as they leave and come back, each status on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses

from connector.errors import (
    Blocked,
    Broken,
    Forbidden,
    Limited,
    NotThere,
    Reauthorise,
    Uncertain,
    Unfit,
    Unpaid,
    Unreachable,
)
from connector.http import Http, Pacer
from providers.amocrm.auth import LongLived
from providers.amocrm.client import Client
from providers.amocrm.verdict import judge
from tests.amocrm.kits import BASE, NOW, error, provider

API = f"{BASE}/api/v4"
DATE = {"Date": "Tue, 01 Sep 2026 12:00:30 GMT"}
HTML = "<html><h1>403 Forbidden</h1></html>"


class Renewable:
    """Hands out t1, after a renewal t2, and so on."""

    base, subdomain = BASE, "acme"

    def __init__(self) -> None:
        self.number = 1

    def get_access_token(self) -> str:
        return f"t{self.number}"

    def renew(self, stale: str) -> None:
        assert stale == self.get_access_token()
        self.number += 1


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def client() -> Client:
    waits: list[float] = []
    pacer = Pacer(1e9, sleep=waits.append)
    http = Http("acme", pacer, judge, clock=lambda: NOW, sleep=waits.append)
    return Client(http, LongLived(BASE, "long-lived"))


def page(rows: list[Any], *, more: bool = False, key: str = "leads") -> dict[str, Any]:
    links = {"self": {"href": "x"}, **({"next": {"href": "y"}} if more else {})}
    return {"_page": 1, "_links": links, "_embedded": {key: rows}}


def test_a_page_of_rows(client: Client, wire: responses.RequestsMock) -> None:
    wire.get(f"{API}/leads", json=page([{"id": 1}], more=True), headers=DATE)
    told = client.rows(
        "leads", "leads", {"page": 1, "filter[id][]": [1, 2], "order[id]": "asc"}, ("contacts", "source_id")
    )
    assert (told.rows, told.more) == ([{"id": 1}], True)
    assert told.told_at == datetime(2026, 9, 1, 12, 0, 30, tzinfo=UTC)
    assert client.now() == NOW + timedelta(seconds=30)
    sent = wire.calls[0].request
    assert sent.headers["Authorization"] == "Bearer long-lived"
    assert "kpi-connector" in sent.headers["User-Agent"]
    query = sent.params
    assert query == {"page": "1", "filter[id][]": ["1", "2"], "order[id]": "asc", "with": "contacts,source_id"}


def test_204_is_an_empty_list_and_a_missing_thing(client: Client, wire: responses.RequestsMock) -> None:
    wire.get(f"{API}/leads", status=204, headers=DATE)
    wire.get(f"{API}/leads/5", status=204)
    told = client.rows("leads", "leads", {})
    assert (list(told.rows), told.more, told.told_at.second) == ([], False, 30)
    assert client.get("leads/5") is None


@pytest.mark.parametrize(
    "body", [{"_embedded": {}}, {"_embedded": []}, [], {"leads": []}, {"_embedded": {"leads": {"a": 1}}}]
)
def test_a_list_that_is_none_is_broken(client: Client, wire: responses.RequestsMock, body: Any) -> None:
    wire.get(f"{API}/leads", json=body)
    with pytest.raises(Broken):
        client.rows("leads", "leads", {})


@pytest.mark.parametrize(
    ("status", "more", "meant", "calls"),
    [
        (400, {"json": error(400)}, Unfit, 1),
        (402, {"json": error(402)}, Unpaid, 1),
        (403, {"json": error(403)}, Forbidden, 1),
        (403, {"body": HTML, "content_type": "text/html"}, Blocked, 1),
        (404, {"json": error(404)}, NotThere, 1),
        (429, {"body": "Too many", "content_type": "text/html"}, Limited, 5),
        (500, {"json": error(500)}, Broken, 5),
        (504, {"body": HTML, "content_type": "text/html"}, Broken, 5),
        (200, {"body": HTML, "content_type": "text/html"}, Broken, 5),
        (200, {"body": '{"_embedded": {"leads": [{"id"', "content_type": "application/hal+json"}, Broken, 5),
        (301, {"headers": {"Location": "https://elsewhere.example"}}, NotThere, 1),
    ],
)  # fmt: skip
def test_reads(client: Client, wire: responses.RequestsMock, status: int, more: Any, meant: Any, calls: int) -> None:
    wire.get(f"{API}/leads", status=status, **more)
    with pytest.raises(meant):
        client.rows("leads", "leads", {})
    assert len(wire.calls) == calls


@pytest.mark.parametrize(
    ("status", "more", "meant", "calls"),
    [
        (400, {"json": error(400)}, Unfit, 1),
        (402, {"json": error(402)}, Unpaid, 1),
        (429, {"body": "Too many"}, Limited, 5),
        (500, {"json": error(500)}, Uncertain, 1),
        (504, {"body": HTML}, Uncertain, 1),
        (200, {"body": HTML}, Uncertain, 1),
        (200, {"body": ""}, Uncertain, 1),
        (200, {"body": requests.ConnectionError("reset")}, Uncertain, 1),
    ],
)
def test_writes_are_never_repeated_blindly(
    client: Client, wire: responses.RequestsMock, status: int, more: Any, meant: Any, calls: int
) -> None:
    wire.post(f"{API}/tasks", status=status, **more)
    with pytest.raises(meant):
        client.write("post", "tasks", [{"text": "x"}])
    assert len(wire.calls) == calls


def test_a_read_without_an_answer(client: Client, wire: responses.RequestsMock) -> None:
    wire.get(f"{API}/leads", body=requests.ConnectionError("reset"))
    with pytest.raises(Unreachable):
        client.get("leads")
    assert len(wire.calls) == 5


def test_a_limit_passes(client: Client, wire: responses.RequestsMock) -> None:
    wire.get(f"{API}/leads", status=429, body="slow down")
    wire.get(f"{API}/leads", json=page([{"id": 1}]))
    assert client.rows("leads", "leads", {}).rows == [{"id": 1}]


def test_202_says_nothing(client: Client, wire: responses.RequestsMock) -> None:
    wire.patch(f"{API}/leads", status=202, body="accepted")
    assert client.write("patch", "leads", [{"id": 1}]) is None


def test_401_renews_once(client: Client, wire: responses.RequestsMock) -> None:
    client.access = Renewable()
    wire.get(f"{API}/leads", status=401, json=error(401))
    wire.get(f"{API}/leads", json=page([]))
    client.rows("leads", "leads", {})
    assert [call.request.headers["Authorization"] for call in wire.calls] == ["Bearer t1", "Bearer t2"]


def test_401_twice_needs_a_person(client: Client, wire: responses.RequestsMock) -> None:
    client.access = Renewable()
    wire.get(f"{API}/leads", status=401, json=error(401))
    with pytest.raises(Reauthorise):
        client.rows("leads", "leads", {})
    assert len(wire.calls) == 2


def test_a_write_after_401_is_sent_again(client: Client, wire: responses.RequestsMock) -> None:
    """401 says that nothing was done."""
    client.access = Renewable()
    wire.post(f"{API}/tasks", status=401, json=error(401))
    wire.post(f"{API}/tasks", json={"_embedded": {"tasks": [{"id": 5}]}})
    assert client.write("post", "tasks", [{"text": "x"}]) == {"_embedded": {"tasks": [{"id": 5}]}}


def test_a_long_lived_token_cannot_be_renewed(client: Client, wire: responses.RequestsMock) -> None:
    wire.get(f"{API}/leads", status=401, json=error(401))
    with pytest.raises(Reauthorise, match="issue a new one"):
        client.rows("leads", "leads", {})
    assert len(wire.calls) == 1


def test_the_token_is_taken_anew_for_each_try(client: Client, wire: responses.RequestsMock) -> None:
    access = client.access = Renewable()

    def limited(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        access.number += 1
        return (429, {}, "slow down") if access.number == 2 else (204, {}, "")

    wire.add_callback(responses.GET, f"{API}/leads", limited)
    client.rows("leads", "leads", {})
    assert [call.request.headers["Authorization"] for call in wire.calls] == ["Bearer t1", "Bearer t2"]


def account(**more: Any) -> dict[str, Any]:
    return {"id": 12, "name": "Acme", "currency": "RUB"} | more


@pytest.mark.parametrize(
    "body",
    [None, {}, [], [1], "x", {"name": "Acme"}, account(id=0), account(_embedded=[1]),
     account(_embedded={"datetime_settings": "x"})],
)  # fmt: skip
def test_an_account_that_does_not_say_who_it_is(wire: responses.RequestsMock, body: Any) -> None:
    wire.get(f"{API}/account", **({"status": 204} if body is None else {"json": body}))
    with pytest.raises(Broken, match="account"):
        provider().account()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "America", "a\x00b", 5])
def test_a_zone_nobody_knows_is_told_and_left_out(wire: responses.RequestsMock, zone: Any) -> None:
    wire.get(f"{API}/account", json=account(_embedded={"datetime_settings": {"timezone": zone}}))
    amo = provider()
    assert amo.account().zone is None
    assert [note for note in amo.can.notes if "time zone" in note and "set `timezone`" in note]


@pytest.mark.parametrize(("zone", "known"), [("Europe/Moscow", "Europe/Moscow"), (None, None), ("", None)])
def test_a_zone_that_is_known_or_not_told(wire: responses.RequestsMock, zone: Any, known: str | None) -> None:
    wire.get(f"{API}/account", json=account(_embedded={"datetime_settings": {"timezone": zone}}))
    amo = provider()
    assert amo.account().zone == known
    assert not [note for note in amo.can.notes if "time zone" in note]
