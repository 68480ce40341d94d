"""Limits, authorisation and faults of the sandbox. Fact sheet 1.3, 2.1, 2.2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
import requests

from providers.bitrix24 import Options
from providers.bitrix24.sandbox import (
    Drip,
    Fails,
    Latency,
    Lost,
    Missing,
    Only,
    Redirect,
    Reset,
    Sandbox,
    Short,
    Status,
    Truncated,
)
from tests.bitrix24.tiny import Rest, many, tiny

Open = Callable[..., tuple[Sandbox, Rest]]


class Stopwatch:
    """Real time, by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def served(watch: Stopwatch) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_one(company: Any = None, **switches: Any) -> tuple[Sandbox, Rest]:
            sandbox = stack.enter_context(Sandbox(company or tiny(), monotonic=watch, **switches))
            return sandbox, Rest(sandbox.webhook_url)

        yield open_one


def statuses(rest: Rest, count: int) -> list[int]:
    found = []
    for _ in range(count):
        rest.raw("server.time")
        found.append(rest.status)
    return found


@pytest.mark.parametrize(("enterprise", "burst", "rate"), [(False, 50, 2), (True, 250, 5)])
def test_the_bucket_leaks_and_overflows(
    served: Open, watch: Stopwatch, enterprise: bool, burst: int, rate: int
) -> None:
    _, rest = served(enterprise=enterprise)
    assert statuses(rest, burst + 2) == [200] * burst + [503] * 2
    assert rest.error("server.time") == (503, "QUERY_LIMIT_EXCEEDED")
    watch.at += 1
    assert statuses(rest, rate + 1) == [200] * rate + [503]


def test_a_batch_counts_once(served: Open) -> None:
    _, rest = served()
    for _ in range(50):
        rest.batch({f"c{n}": "server.time" for n in range(50)})
    assert rest.error("server.time") == (503, "QUERY_LIMIT_EXCEEDED")


def test_the_operating_limit_closes_one_method_until_its_minute_drops_out(served: Open, watch: Stopwatch) -> None:
    sandbox, rest = served(operating_cost={"crm.deal.list": 240.0})
    watch_starts = sandbox.now.timestamp()
    assert rest.raw("crm.deal.list")["time"]["operating"] == 240
    watch.at += 90
    told = rest.raw("crm.deal.list")["time"]  # crosses the line and still ends well
    assert (told["operating"], told["operating_reset_at"]) == (480, int(watch_starts + 510))
    assert rest.error("crm.deal.list") == (429, "OPERATION_TIME_LIMIT")
    assert rest("server.time")
    inner = rest.batch({"a": "crm.deal.list", "b": "server.time"})
    assert inner["result_error"]["a"]["error"] == "OPERATION_TIME_LIMIT"
    assert "b" in inner["result"]
    watch.at += 511
    assert rest.raw("crm.deal.list")["time"]["operating"] == 480


def test_a_box_charges_the_batch_and_not_its_commands(served: Open, watch: Stopwatch) -> None:
    _, rest = served(operating_mode="batch", operating_cost={"crm.deal.list": 500.0})
    for _ in range(2):
        told = rest.raw("batch", cmd={"a": "crm.deal.list", "b": "server.time"})["result"]["result_time"]
    assert told["a"]["operating"] == told["b"]["operating"] == pytest.approx(250)  # as before this batch
    assert rest.error("batch", cmd={"a": "server.time"}) == (429, "OPERATION_TIME_LIMIT")
    assert rest("crm.deal.list")
    watch.at += 601
    assert rest.batch({"a": "server.time"})["result"]


def test_without_pacing_nothing_is_limited(served: Open) -> None:
    _, rest = served(paced=False, operating_cost={"server.time": 480.0})
    assert set(statuses(rest, 60)) == {200}


def test_latency_is_real_time(served: Open) -> None:
    sandbox, rest = served(latency=0.05)
    assert requests.get(sandbox.webhook_url + "profile", timeout=5).elapsed >= timedelta(seconds=0.05)
    sandbox.faults.add(Latency(0.1), "profile")
    rest("profile")


# --- OAuth ----------------------------------------------------------------------------------------------------------


def token(sandbox: Sandbox, verb: str = "POST", **form: str) -> tuple[int, Any]:
    both = {"client_id": sandbox.oauth.client_id, "client_secret": sandbox.oauth.client_secret, **form}
    url = f"{sandbox.base_url}/oauth/token/"
    sent = requests.post(url, data=both, timeout=5) if verb == "POST" else requests.get(url, params=both, timeout=5)
    return sent.status_code, sent.json()


def pair(sandbox: Sandbox) -> Any:
    status, body = token(sandbox, grant_type="authorization_code", code=sandbox.oauth.code(1))
    assert status == 200
    return body


def asked(sandbox: Sandbox, access: str, method: str = "profile") -> tuple[int, Any]:
    answer = requests.post(f"{sandbox.base_url}/rest/{method}", json={"auth": access}, timeout=5)
    return answer.status_code, answer.json().get("error")


def test_the_options_are_those_of_the_provider(served: Open) -> None:
    sandbox, _ = served()
    assert Options.model_validate(sandbox.options).webhook is not None
    assert Options.model_validate(sandbox.oauth_options()).client_id == sandbox.oauth.client_id


def test_the_browser_is_sent_back_with_a_code_that_lives_thirty_seconds(served: Open) -> None:
    sandbox, _ = served()
    url = f"{sandbox.base_url}/oauth/authorize/?client_id={sandbox.oauth.client_id}&state=s1"
    where = requests.get(url, timeout=5, allow_redirects=False).headers["Location"]
    assert "&state=s1&" in where
    code = where.partition("code=")[2].partition("&")[0]
    sandbox.advance(sandbox.now + timedelta(seconds=31))
    assert token(sandbox, grant_type="authorization_code", code=code) == (
        400, {"error": "invalid_grant", "error_description": "Invalid grant"},
    )  # fmt: skip
    code = sandbox.oauth.code(1)
    assert token(sandbox, "GET", grant_type="authorization_code", code=code)[0] == 200
    assert token(sandbox, "GET", grant_type="authorization_code", code=code)[1]["error"] == "invalid_grant"


def test_a_refresh_token_is_spent_once_and_kills_the_old_access(served: Open) -> None:
    sandbox, _ = served()
    first = pair(sandbox)
    assert asked(sandbox, first["access_token"]) == (200, None)
    status, second = token(sandbox, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert status == 200
    assert asked(sandbox, first["access_token"]) == (401, "invalid_token")
    assert asked(sandbox, second["access_token"]) == (200, None)
    again = token(sandbox, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again[0], again[1]["error"]) == (400, "invalid_grant")
    assert sandbox.oauth.refreshes == 2


def test_an_hour_later_the_access_has_expired_and_the_refresh_has_not(served: Open) -> None:
    sandbox, _ = served()
    first = pair(sandbox)
    sandbox.advance(sandbox.now + timedelta(hours=1))
    assert asked(sandbox, first["access_token"]) == (401, "expired_token")
    assert token(sandbox, grant_type="refresh_token", refresh_token=first["refresh_token"])[0] == 200
    idle = pair(sandbox)
    sandbox.advance(sandbox.now + timedelta(days=31))
    assert token(sandbox, grant_type="refresh_token", refresh_token=idle["refresh_token"])[0] == 400


def test_a_wrong_client_and_a_wrong_grant_are_refused(served: Open) -> None:
    sandbox, _ = served()
    assert token(sandbox, client_secret="other", grant_type="refresh_token")[1]["error"] == "invalid_client"
    assert token(sandbox, grant_type="password")[1]["error"] == "invalid_request"


def test_app_info_proves_the_installation_and_a_removed_one_is_dead(served: Open) -> None:
    sandbox, rest = served(enterprise=True)
    first = pair(sandbox)
    url = f"{sandbox.base_url}/rest/app.info"
    told = requests.post(url, data={"auth": first["access_token"]}, timeout=5).json()["result"]
    assert (told["client_id"], told["LICENSE_FAMILY"]) == (sandbox.oauth.client_id, "ent250")
    assert told["install"]["member_id"] == first["member_id"]
    assert first["client_endpoint"] == f"{sandbox.base_url}/rest/"
    sandbox.revoke()
    assert asked(sandbox, first["access_token"])[0] == 401
    assert token(sandbox, grant_type="refresh_token", refresh_token=first["refresh_token"])[0] == 400
    assert rest.error("profile") == (401, "INVALID_CREDENTIALS")


# --- faults ---------------------------------------------------------------------------------------------------------


def test_what_stands_in_front_may_answer_instead(served: Open) -> None:
    sandbox, rest = served()
    sandbox.faults.add(Status(502), "profile", nth=2)
    assert rest("profile")
    answer = requests.get(sandbox.webhook_url + "profile", timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (502, "text/html")
    assert rest("profile")


def test_a_renamed_portal_answers_with_its_new_address(served: Open) -> None:
    sandbox, _ = served()
    sandbox.faults.add(Redirect("https://new.bitrix24.ru"), times=None)
    answer = requests.post(sandbox.webhook_url + "profile", json={}, timeout=5, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"https://new.bitrix24.ru/rest/{sandbox.webhook}/profile"


@pytest.mark.parametrize("fault", [Reset(300), Truncated(0.5, length_told=True), Lost()])
def test_a_body_may_not_arrive_and_its_write_is_done_all_the_same(served: Open, fault: Any) -> None:
    sandbox, rest = served()
    sandbox.faults.add(fault, "crm.item.update")
    with pytest.raises(requests.exceptions.RequestException):
        rest("crm.item.update", entityTypeId=2, id=7001, fields={"title": "Иная"})
    assert sandbox.portal.items[2].rows[7001].title == "Иная"
    assert len(sandbox.written) == 1
    assert rest("crm.item.update", entityTypeId=2, id=7001, fields={"title": "Третья"})


def test_a_body_without_a_length_may_be_cut(served: Open) -> None:
    sandbox, _ = served()
    sandbox.faults.add(Truncated(0.5), "crm.deal.list")
    answer = requests.get(sandbox.webhook_url + "crm.deal.list", timeout=5)
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_body_may_come_in_drops(served: Open) -> None:
    sandbox, rest = served()
    sandbox.faults.add(Drip(size=100, pause=0.001), "crm.deal.list")
    assert len(rest("crm.deal.list")) == 2


def test_a_command_of_a_batch_may_fail_or_be_missing(served: Open) -> None:
    sandbox, rest = served()
    sandbox.faults.add(Fails("OPERATION_TIME_LIMIT", "Method is blocked", 429), "crm.deal.*", nth=2)
    sandbox.faults.add(Missing(), "user.get")
    found = rest.batch({"a": "crm.deal.list", "b": "crm.deal.list", "c": "user.get", "d": "profile"})
    assert list(found["result"]) == ["a", "d"]
    assert list(found["result_error"]) == ["b"]
    sandbox.faults.add(Fails(), "profile")
    assert rest.error("profile") == (400, "")


def test_lists_may_lose_rows_openly_or_in_silence(served: Open) -> None:
    sandbox, rest = served(many(118))
    sandbox.faults.add(Only(5), "crm.item.list")
    told = rest.raw("crm.item.list", entityTypeId=2)
    assert (len(told["result"]["items"]), told["total"], "next" in told) == (5, 5, False)
    sandbox.faults.add(Short(3), "crm.item.list")
    told = rest.raw("crm.item.list", entityTypeId=2)
    assert (len(told["result"]["items"]), told["total"], told["next"]) == (3, 120, 50)
    assert len(rest("crm.item.list", entityTypeId=2)["items"]) == 50


def test_faults_end_when_they_are_cleared(served: Open) -> None:
    sandbox, rest = served()
    rule = sandbox.faults.add(Fails("X"), times=None)
    assert [rest.error("profile")[1] for _ in range(3)] == ["X"] * 3
    assert rule.used == 3
    sandbox.faults.clear()
    assert rest("profile")


def test_a_sandbox_closes_whether_it_was_opened_or_not() -> None:
    for _ in range(3):
        sandbox = Sandbox(tiny())
        sandbox.close()
    with Sandbox(tiny()) as sandbox:
        url = sandbox.webhook_url
        assert Rest(url)("profile")
    with pytest.raises(requests.exceptions.ConnectionError):
        Rest(url)("profile")
