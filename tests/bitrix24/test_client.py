"""One portal behind `responses`: what is repeated, what is not, what is followed, what is never sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
import responses

from connector import errors
from connector.provider import Kit
from providers.bitrix24 import connect
from providers.bitrix24.batch import Command, Reply
from providers.bitrix24.client import Client
from tests.bitrix24.conftest import PORTAL, Slept, webhook_kit

HOOK = f"{PORTAL}/rest/1/s3cretwebhook"
TIME = {"date_start": "2026-09-01T15:00:00+03:00", "operating": 1.25}
OK = {"result": {"items": []}, "time": TIME}


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def kit() -> Kit:
    return webhook_kit()


@pytest.fixture
def client(kit: Kit) -> Client:
    return connect(kit).client


def batched(**sections: Any) -> dict[str, Any]:
    return {"result": {"result": [], "result_error": [], **sections}, "time": TIME}


def pauses(client: Client) -> list[float]:
    assert isinstance(client.sleep, Slept)
    return client.sleep.pauses


def test_a_call_is_json_at_the_webhook_s_address(web: responses.RequestsMock, client: Client) -> None:
    web.post(f"{HOOK}/crm.item.list", json={**OK, "result": 1.10, "total": 7})
    reply = client.call("crm.item.list", {"filter": {"a": 1}})
    assert (reply.result, reply.total, str(reply.told_at)) == (Decimal("1.1"), 7, "2026-09-01 15:00:00+03:00")
    assert json.loads(web.calls[0].request.body or "") == {"filter": {"a": 1}}
    assert web.calls[0].request.headers["Content-Type"] == "application/json"
    assert client.limits.used == {"crm.item.list": 1.25}


def test_operating_time_is_never_added_up(web: responses.RequestsMock, client: Client) -> None:
    web.post(f"{HOOK}/user.get", json=OK)
    for _ in range(3):
        client.call("user.get")
    assert client.limits.used == {"user.get": 1.25}


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 503, "json": {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}},
        {"status": 502, "body": "<html>Bad Gateway</html>"},
        {"status": 200, "body": '{"result": {"items": ['},
        {"status": 200, "body": ""},
        {"status": 500, "json": {"error": "INTERNAL_SERVER_ERROR"}},
        {"body": requests.ConnectionError("reset")},
    ],
)
def test_a_read_is_repeated(web: responses.RequestsMock, client: Client, trouble: dict[str, Any]) -> None:
    web.post(f"{HOOK}/user.get", **trouble)
    web.post(f"{HOOK}/user.get", json=OK)
    assert client.call("user.get").result == {"items": []}
    assert len(web.calls) == 2
    assert len(pauses(client)) >= 1


def test_a_write_is_repeated_only_where_it_did_not_run(web: responses.RequestsMock, client: Client) -> None:
    web.post(f"{HOOK}/batch", status=503, json={"error": "QUERY_LIMIT_EXCEEDED"})
    web.post(f"{HOOK}/batch", json=batched(result={"c": True}))
    found = client.write({"c": Command("crm.item.update")})["c"]
    assert isinstance(found, Reply)
    assert found.result is True
    assert len(web.calls) == 2


@pytest.mark.parametrize("trouble", [{"status": 502, "body": "<html>"}, {"body": requests.ReadTimeout("slow")}])
def test_a_write_whose_answer_proves_nothing_is_uncertain(
    web: responses.RequestsMock, client: Client, trouble: dict[str, Any]
) -> None:
    web.post(f"{HOOK}/batch", **trouble)
    with pytest.raises(errors.Uncertain):
        client.write({"c": Command("crm.item.update")})
    assert len(web.calls) == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (503, "OVERLOAD_LIMIT", errors.Blocked),
        (401, "NO_AUTH_FOUND", errors.Reauthorise),
        (401, "expired_token", errors.Reauthorise),
        (403, "insufficient_scope", errors.Forbidden),
        (400, "INVALID_ARG_VALUE", errors.Unfit),
        (200, "ERROR_ARGUMENT", errors.Unfit),
    ],
)
def test_a_no_is_asked_once(
    web: responses.RequestsMock, client: Client, status: int, code: str, kind: type[errors.KpiError]
) -> None:
    web.post(f"{HOOK}/user.get", status=status, json={"error": code, "error_description": ""})
    with pytest.raises(kind):
        client.call("user.get")
    assert len(web.calls) == 1


def closed(seconds: float, code: str = "OPERATION_TIME_LIMIT") -> dict[str, Any]:
    now = datetime.now(UTC)
    return {"error": code, "time": {"operating_reset_at": (now + timedelta(seconds=seconds)).timestamp()}}


def test_a_method_over_its_limit_waits_alone(web: responses.RequestsMock, client: Client) -> None:
    web.post(f"{HOOK}/crm.item.list", status=429, json=closed(30))
    web.post(f"{HOOK}/crm.item.list", json=OK)
    client.call("crm.item.list")
    assert 28 <= max(pauses(client)) <= 31


def test_a_method_closed_for_long_is_not_asked_again_while_others_go_on(
    web: responses.RequestsMock, client: Client
) -> None:
    web.post(f"{HOOK}/crm.item.list", status=429, json=closed(500))
    web.post(f"{HOOK}/user.get", json=OK)
    with pytest.raises(errors.Limited):
        client.call("crm.item.list")
    with pytest.raises(errors.Limited) as again:
        client.call("crm.item.list")
    client.call("user.get")
    assert len(web.calls) == 2
    assert again.value.retry_at is not None
    assert max(pauses(client), default=0.0) < 1


def test_a_batch_with_a_limit_inside_is_not_half_used(web: responses.RequestsMock, client: Client) -> None:
    reset = (datetime.now(UTC) + timedelta(seconds=20)).timestamp()
    limited = batched(
        result={"a": [1]},
        result_error={"b": {"error": "OPERATION_TIME_LIMIT"}},
        result_time={"b": {"operating_reset_at": reset}},
    )
    limited["time"] = {"date_start": datetime.now(UTC).isoformat()}
    web.post(f"{HOOK}/batch", json=limited)
    web.post(f"{HOOK}/batch", json=batched(result={"a": [1], "b": [2]}))
    found = client.read({"a": Command("user.get"), "b": Command("crm.item.list")})
    assert [reply.result for reply in found.values() if isinstance(reply, Reply)] == [[1], [2]]
    assert 15 <= max(pauses(client)) <= 21


@pytest.mark.parametrize("code", ["QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT"])
def test_a_limit_inside_that_stays_is_an_error(web: responses.RequestsMock, client: Client, code: str) -> None:
    web.post(f"{HOOK}/batch", json=batched(result={"a": [1]}, result_error={"b": {"error": code}}))
    with pytest.raises(errors.Limited):
        client.read({"a": Command("user.get"), "b": Command("crm.item.list")})
    assert len(web.calls) == 4


def test_a_command_left_out_fails_the_batch(web: responses.RequestsMock, client: Client) -> None:
    web.post(f"{HOOK}/batch", json=batched(result={"a": [1]}))
    with pytest.raises(errors.Broken):
        client.read({"a": Command("user.get"), "b": Command("crm.item.list")})


def test_writes_in_a_batch_are_judged_alone(web: responses.RequestsMock, client: Client) -> None:
    body = batched(
        result={"a": {"item": {}}}, result_error={"b": {"error": "NOT_FOUND"}, "c": {"error": "QUERY_LIMIT_EXCEEDED"}}
    )
    web.post(f"{HOOK}/batch", json=body)
    found = client.write({name: Command("crm.item.update") for name in "abcd"})
    assert [type(found[name]).__name__ for name in "abcd"] == ["Reply", "NotThere", "Limited", "NotRun"]
    assert json.loads(web.calls[0].request.body or "")["halt"] == 0
    assert len(web.calls) == 1


def test_more_than_fifty_commands_travel_in_several_batches(web: responses.RequestsMock, client: Client) -> None:
    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        names = json.loads(request.body or "")["cmd"]
        assert len(names) <= 50
        return 200, {}, json.dumps(batched(result={name: [] for name in names}))

    web.add_callback(responses.POST, f"{HOOK}/batch", answer)
    assert len(client.each({f"c{n}": Command("user.get") for n in range(120)})) == 120
    assert len(web.calls) == 3


def test_a_renamed_portal_is_followed_with_the_same_method_and_body(
    web: responses.RequestsMock, client: Client
) -> None:
    noticed: list[str] = []
    client.noticed = noticed.append
    new = "https://newname.bitrix24.ru/rest/1/s3cretwebhook/user.get"
    web.post(f"{HOOK}/user.get", status=302, headers={"Location": new})
    web.post(new, json=OK)
    client.call("user.get", {"FILTER": {"ID": 1}})
    client.call("user.get")
    assert [call.request.method for call in web.calls] == ["POST", "POST", "POST"]
    assert json.loads(web.calls[1].request.body or "") == {"FILTER": {"ID": 1}}
    assert [str(call.request.url).split("/")[2] for call in web.calls][1:] == ["newname.bitrix24.ru"] * 2
    assert noticed == ["the portal now answers at newname.bitrix24.ru: change base_url"]


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/rest/1/s3cretwebhook/user.get",
        "https://acme.bitrix24.com/rest/1/s3cretwebhook/user.get",
        "https://evil.example.bitrix24.ru.evil.example/",
        "https://bitrix24.ru/",
        "https://a.b.bitrix24.ru/",
        "http://acme2.bitrix24.ru/",
        "https://acme2.bitrix24.ru:8443/",
        "https://user@acme2.bitrix24.ru/",
        "//acme2.bitrix24.ru/",
        "",
    ],
)
def test_a_secret_is_never_sent_to_another_zone(web: responses.RequestsMock, client: Client, location: str) -> None:
    web.post(f"{HOOK}/user.get", status=302, headers={"Location": location})
    with pytest.raises(errors.NeedsPerson) as refused:
        client.call("user.get")
    assert len(web.calls) == 1
    assert "s3cretwebhook" not in str(refused.value)


def test_a_portal_that_sends_in_circles_is_followed_once(web: responses.RequestsMock, client: Client) -> None:
    web.post(f"{HOOK}/user.get", status=302, headers={"Location": "https://b.bitrix24.ru/"})
    web.post("https://b.bitrix24.ru/rest/1/s3cretwebhook/user.get", status=302, headers={"Location": f"{PORTAL}/rest"})
    with pytest.raises(errors.Refused):
        client.call("user.get")
    assert len(web.calls) == 2


def test_no_error_shows_the_secret(web: responses.RequestsMock, client: Client) -> None:
    web.post(f"{HOOK}/user.get", status=400, json={"error": "X", "error_description": f"bad {HOOK}/user.get"})
    with pytest.raises(errors.Unfit) as refused:
        client.call("user.get")
    assert "s3cretwebhook" not in str(refused.value) + repr(client)


def test_a_location_that_is_no_address_is_an_answer_that_proves_nothing(
    web: responses.RequestsMock, client: Client
) -> None:
    web.post(f"{HOOK}/user.get", status=302, headers={"Location": "https://[::1"})
    with pytest.raises(errors.TryLater):
        client.call("user.get")
