"""Every fault does what its name says, to the request it was meant for and to no other."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from connector.pretend.happenings import Renamed
from providers.amocrm.sandbox import Sandbox
from tests.amocrm.small import ADMIN, ANNA, DOLLARS, OPEN, REOPENED, WON, Client, at, opened, unix


@pytest.fixture
def amo() -> Iterator[Client]:
    with opened() as client:
        yield client


TASK = {"text": "Разобрать", "complete_till": unix(80), "responsible_user_id": ANNA}


def test_a_rule_waits_for_its_nth_match_and_acts_so_often(amo: Client) -> None:
    amo.sandbox.faults.status(503, path="leads$", nth=2, times=2)
    assert [amo.get("leads").status_code for _ in range(4)] == [200, 503, 503, 200]
    amo.sandbox.faults.status(500, path="leads$", method="POST", times=None)
    assert amo.get("leads").status_code == 200
    assert [amo.send("POST", "leads", json=[{}]).status_code for _ in range(2)] == [500, 500]
    amo.sandbox.faults.clear()
    assert amo.send("POST", "leads", json=[{}]).status_code == 200


def test_html_in_front_of_the_application(amo: Client) -> None:
    amo.sandbox.faults.html(200, path="leads")
    maintenance = amo.get("leads")
    assert maintenance.status_code == 200 and maintenance.headers["Content-Type"].startswith("text/html")
    amo.sandbox.faults.html(429, headers={"Retry-After": "86400"}, path="leads")
    assert amo.get("leads").headers["Retry-After"] == "86400"


def test_a_lost_answer_leaves_the_deed_done(amo: Client) -> None:
    amo.sandbox.faults.lose_answer(method="POST", path="tasks", times=2)
    for _ in range(2):
        with pytest.raises(requests.exceptions.ConnectionError):
            Client(amo.sandbox).send("POST", "tasks", json=[TASK])
    assert len(amo.sandbox.written) == 2 and len(amo.rows("tasks")) == 4
    amo.write("POST", "tasks", [TASK])
    assert len(amo.rows("tasks")) == 5


def test_504_with_the_write_applied_or_not(amo: Client) -> None:
    amo.sandbox.faults.html(504, method="POST", path="tasks")
    amo.sandbox.faults.html(504, after=True, method="POST", path="tasks", nth=1)
    assert amo.send("POST", "tasks", json=[TASK]).status_code == 504
    assert amo.sandbox.written == []
    assert amo.send("POST", "tasks", json=[TASK]).status_code == 504
    assert len(amo.sandbox.written) == 1


def test_reset_in_mid_body(amo: Client) -> None:
    amo.sandbox.faults.reset(path="leads")
    with pytest.raises(requests.exceptions.RequestException):
        amo.get("leads")
    assert len(amo.rows("leads")) == 6, "the next connection is whole"


def test_a_cut_body_has_no_length_and_looks_ended(amo: Client) -> None:
    amo.sandbox.faults.cut(path="leads")
    answer = amo.get("leads")
    assert answer.status_code == 200 and "Content-Length" not in answer.headers
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_drip_takes_its_time(amo: Client) -> None:
    amo.sandbox.faults.drip(0.2, path="leads")
    started = time.monotonic()
    assert len(amo.rows("leads")) == 6
    assert time.monotonic() - started >= 0.2


def test_shortened_pages_are_valid(amo: Client) -> None:
    amo.sandbox.faults.shorten(1, path="leads", page=1)
    amo.sandbox.faults.shorten(1, keep_next=True, path="leads", page=1)
    assert "next" not in amo.read("leads?limit=4")["_links"]
    kept = amo.read("leads?limit=4")
    assert len(kept["_embedded"]["leads"]) == 1 and "next" in kept["_links"]


def test_only_a_few_rows_of_many(amo: Client) -> None:
    amo.sandbox.faults.only(2, path="leads$")
    assert len(amo.walk("leads?limit=3")) == 2
    assert amo.get("leads?limit=3&page=2").status_code == 204
    assert len(amo.rows("contacts")) == 2


def test_204_later_on_and_a_body_of_nothing(amo: Client) -> None:
    amo.sandbox.faults.no_content(path="leads", after_page=1)
    assert len(amo.walk("leads?limit=2")) == 2
    amo.sandbox.faults.empty(path="leads")
    empty = amo.get("leads")
    assert (empty.status_code, empty.content) == (200, b"")


def test_pages_that_repeat_and_links_that_loop(amo: Client) -> None:
    amo.sandbox.faults.repeat_page(path="leads", page=2)
    assert amo.ids("leads?limit=2&page=2") == amo.ids("leads?limit=2&page=1")
    assert amo.ids("leads?limit=2&page=2") != amo.ids("leads?limit=2&page=1")
    amo.sandbox.faults.loop_next(path="leads", page=2)
    looping = amo.read("leads?limit=2&page=2")
    assert looping["_links"]["next"]["href"] == looping["_links"]["self"]["href"]


def test_revoked_blocked_and_unpaid(amo: Client) -> None:
    amo.sandbox.faults.unpaid()
    assert amo.get("leads").status_code == 200
    assert amo.send("PATCH", "leads", json=[{"id": WON, "name": "x"}]).status_code == 402
    amo.sandbox.faults.clear()
    amo.sandbox.faults.unpaid(writes_only=False, times=None)
    assert [amo.get("leads").status_code for _ in range(2)] == [402, 402]
    amo.sandbox.faults.clear()
    amo.sandbox.faults.revoke(path="leads", nth=2)
    assert [amo.get("leads").status_code for _ in range(3)] == [200, 401, 401]
    amo.sandbox.faults.block(path="account")
    assert amo.get("account").status_code == 403 and amo.get("leads").status_code == 403
    amo.sandbox.throttle.forgive()
    assert amo.get("leads").status_code == 401


def test_redirects_and_delays(amo: Client) -> None:
    amo.sandbox.faults.redirect("https://evil.example/", path="leads")
    answer = amo.get("leads", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://evil.example/")
    amo.sandbox.faults.delay(0.1, path="leads")
    started = time.monotonic()
    amo.get("leads")
    assert time.monotonic() - started >= 0.1


def test_unpaid_lasts_until_cleared(amo: Client) -> None:
    amo.sandbox.faults.unpaid(times=None)
    assert [amo.send("POST", "tasks", json=[TASK]).status_code for _ in range(3)] == [402] * 3
    assert amo.sandbox.written == [] and len(amo.rows("tasks")) == 2


def test_the_world_moves_between_pages(amo: Client) -> None:
    """With order by updated_at ascending and no bound, a renamed deal leaves its page and another is skipped."""
    moved: list[int] = []

    def rename(sandbox: Sandbox, call: object) -> None:
        if not moved:
            moved.append(WON)
            sandbox.happen(Renamed(at(30), WON, "Другое", ADMIN))

    amo.sandbox.mutate = rename
    seen = [row["id"] for row in amo.walk("leads?order[updated_at]=asc&limit=2")]
    assert seen.count(WON) == 2 and len(set(seen)) == 5, "one was seen twice, one not at all"
    moved.clear()
    seen = [row["id"] for row in amo.walk("leads?order[updated_at]=desc&limit=2")]
    assert set(seen) == {row["id"] for row in amo.rows("leads")}, "descending order only repeats"


def test_the_clock_may_lie_and_may_move(amo: Client) -> None:
    amo.sandbox.date_skew = timedelta(hours=-3)
    assert amo.get("account").headers["Date"] == "Fri, 04 Sep 2026 06:00:00 GMT"
    with Sandbox(amo.sandbox.company, paced=False, now=at(2.5)) as early:
        client = Client(early)
        assert client.ids("leads") == [WON] and client.read(f"leads/{WON}")["price"] == 46333
        assert client.ids("tasks") == []
        assert early.advance(at(8.5)) == 6
        assert client.ids("leads") == [WON, REOPENED]
        early.now = at(72)
        assert client.ids("leads?order[updated_at]=desc")[:2] == [OPEN, DOLLARS]


def test_many_requests_one_connection(amo: Client) -> None:
    connection = http.client.HTTPConnection(amo.sandbox.base_url.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"Bearer {amo.sandbox.token()}"}
    for path in ("leads", "catalogs", "nope", "leads?page=x", "tasks"):
        connection.request("GET", f"/api/v4/{path}", headers=headers)
        connection.getresponse().read()
        first = connection.sock
    connection.request("POST", "/api/v4/tasks", body=json.dumps([TASK]), headers=headers)
    assert connection.getresponse().status == 200 and connection.sock is first is not None


def test_merged_and_purged_deals_are_only_absent(amo: Client) -> None:
    amo.sandbox.merge(OPEN, WON)
    assert amo.get(f"leads/{OPEN}").status_code == 204 and OPEN not in amo.ids("leads")
    assert OPEN not in amo.ids("leads?with=only_deleted")
    [told] = amo.rows("events?filter[type]=entity_merged")
    assert (told["entity_id"], told["value_after"]) == (WON, [])
    assert amo.read("contacts/701?with=leads")["_embedded"]["leads"][0]["id"] == WON
    amo.sandbox.purge(amo.ids("leads?with=only_deleted")[0])
    assert amo.rows("leads?with=only_deleted") == []
