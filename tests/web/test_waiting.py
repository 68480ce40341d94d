"""A visitor never waits for a measurement of seconds: the page known last, or a shell that fills itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from connector.errors import KpiError
from connector.pipeline.bench import Workbench
from connector.records import User
from connector.store.engine import Store
from connector.testing.world import populate
from connector.web import visiting, waiting
from connector.web.app import build
from connector.web.cache import Cache, NotYet
from connector.web.pages import people
from connector.web.personal import advice
from connector.web.waiting import ASKED, first_asked
from tests.web.ground import ANNA, HEAD, opened, signed_in, token_in, win

PAGE = {"accept": "text/html"}
AGAIN = PAGE | {"hx-request": "true", "hx-target": "live"}
CHART, DRAWN = f"/charts/people/{ANNA}/pace", {"accept": "application/json"}


class Slow:
    """`shown`, but only once it is let through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real, self.may, self.begun = visiting.shown, threading.Event(), 0
        monkeypatch.setattr(visiting, "shown", self)

    def __call__(self, *args: Any) -> Any:
        self.begun += 1
        assert self.may.wait(20)
        return self._real(*args)


class Ground:
    """A head and a seller at a server with little patience."""

    def __init__(self, bench: Workbench, slow: Slow) -> None:
        self.app: Any = build([bench])
        self.site = self.app.state.site
        self.site.cache.patience = 0.01
        self.bench, self.slow = bench, slow

    def client(self, user: str) -> TestClient:
        return signed_in(TestClient(self.app), self.bench, user)

    def measured(self, client: TestClient, address: str) -> str:
        """The page, asked for as a browser does until it is there."""
        self.slow.may.set()
        for _ in range(500):
            page = client.get(address, headers=AGAIN).text
            if "load delay" not in page:
                return page
            time.sleep(0.01)
        raise AssertionError("never measured")


@pytest.fixture
def ground(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    made = Ground(opened(sqlite_store), Slow(monkeypatch))
    yield made
    made.slow.may.set()
    made.site.cache.close()


def test_where_nothing_is_known_a_shell_comes_at_once_and_fills_itself(ground: Ground) -> None:
    client = ground.client(HEAD)
    page = client.get("/board", headers=PAGE)
    assert page.status_code == 200
    assert "Working out the numbers" in page.text and "load delay:700ms" in page.text
    assert "Irina" in page.text and "/data" in page.text, "within its frame: who is in, where to go"
    assert "Anna" in ground.measured(client, "/board")


def test_after_a_sync_the_page_known_last_says_since_when_and_then_comes_anew(ground: Ground) -> None:
    client = ground.client(HEAD)
    ground.measured(client, "/board")
    ground.slow.may.clear()
    win(ground.bench, "77")
    page = client.get("/board", headers=PAGE).text
    assert "3,000" in page and "Shown as known at" in page and "load delay:2s" in page
    now = ground.measured(client, "/board")
    assert "3,700" in now and "Shown as known at" not in now


def test_a_shell_does_not_say_that_something_known_is_shown(ground: Ground) -> None:
    client = ground.client(HEAD)
    ground.measured(client, "/board")
    ground.slow.may.clear()
    win(ground.bench, "77")
    ground.site.cache.patience = 0.0
    page = client.get(f"/people/{ANNA}", headers=PAGE).text
    assert "Working out the numbers" in page and "Shown as known at" not in page


def test_a_part_and_a_chart_wait_in_their_own_places(ground: Ground) -> None:
    client = ground.client(HEAD)
    place = {"hx-request": "true", "hx-target": "changes"}
    part = client.get("/board/changes", headers=place)
    again = client.get("/board/changes", headers=place | {ASKED: part.headers[ASKED]})
    assert again.headers[ASKED] == part.headers[ASKED], "the moment of the first question stays"
    assert part.text.startswith('<p class="rest" hx-get="/board/changes') and "<html" not in part.text
    chart = client.get("/charts/board/compare/win_rate", headers={"accept": "application/json"})
    assert (chart.status_code, chart.json()) == (202, {"waits": True})


def test_a_chart_and_paper_are_never_of_older_numbers(ground: Ground) -> None:
    client = ground.client(ANNA)
    ground.measured(client, f"/people/{ANNA}")
    ground.slow.may.clear()
    win(ground.bench, "77")
    assert client.get(f"/charts/people/{ANNA}/pace", headers={"accept": "application/json"}).status_code == 202
    assert "Working out the numbers" in client.get("/print", headers=PAGE).text


def test_a_file_waits_for_its_numbers(ground: Ground) -> None:
    client = ground.client(HEAD)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.get, "/export/results.csv", headers=PAGE)
        ground.slow.may.set()
        assert asked.result(20).headers["content-type"].startswith("text/csv")


def test_whoever_changed_something_sees_nothing_from_before(ground: Ground) -> None:
    client = ground.client(HEAD)
    page = ground.measured(client, f"/plans/people/{ANNA}")
    board = ground.measured(client, "/board")
    ground.slow.may.clear()
    form = {"token": token_in(page), "kpi": "revenue", "value": "20000", "reason": "a new client"}
    assert client.post(f"/plans/people/{ANNA}", data=form, follow_redirects=False).status_code == 303
    assert "10,000" in board and "Working out the numbers" in client.get("/board", headers=PAGE).text
    assert "20,000" in ground.measured(client, "/board")


def test_rights_are_never_those_known_last(ground: Ground) -> None:
    client = ground.client(ANNA)
    ground.measured(client, f"/people/{ANNA}")
    ground.slow.may.clear()
    provider: Any = ground.bench.provider
    populate(provider.world, [User(id=ANNA, name="Anna", team_ids=("700",), active=False)])
    win(ground.bench, "79")
    assert client.get(f"/people/{ANNA}", headers=PAGE, follow_redirects=False).status_code == 303


def test_what_cannot_be_late_comes_though_numbers_change_faster_than_they_are_measured(ground: Ground) -> None:
    client = ground.client(ANNA)
    first = client.get(CHART, headers=DRAWN)
    for id in ("77", "78"):
        win(ground.bench, id)
        assert client.get(CHART, headers=DRAWN).status_code == 202
    ground.slow.may.set()
    asked = {ASKED: first.headers[ASKED]}
    answer = _answered(client, lambda n: win(ground.bench, f"8{n}"), asked)
    assert answer.json()["kind"] == "pace" and ASKED not in answer.headers
    assert ground.slow.begun == 1, "none was begun beside it, none dropped"


def test_a_form_sent_while_a_chart_waits_is_in_it(ground: Ground) -> None:
    head = ground.client(HEAD)
    form = {"token": token_in(ground.measured(head, f"/plans/people/{ANNA}")), "kpi": "revenue", "value": "20000"}
    win(ground.bench, "77")
    ground.slow.may.clear()
    asked = {ASKED: head.get(CHART, headers=DRAWN).headers[ASKED]}
    ground.slow.may.set()
    assert head.post(f"/plans/people/{ANNA}", data=form | {"reason": "more"}, follow_redirects=False).status_code == 303
    answer = _answered(head, lambda n: win(ground.bench, f"8{n}"), asked)
    assert max(answer.json()["plan"]) == 20_000


@pytest.mark.parametrize("told", ["", "soon", "nan", "inf", "1e300", "-1"])
def test_a_moment_that_cannot_be_of_an_earlier_question_is_none(told: str) -> None:
    assert first_asked(told, 5_000.0) == 5_000.0
    assert first_asked("4990.5", 5_000.0) == 4990.5
    assert first_asked("4000", 5_000.0) == 5_000.0, "a page that slept does not wake with numbers of an hour ago"


def test_of_one_part_one_measurement_runs_at_a_time(sqlite_store: Store) -> None:
    bench, cache, may, begun = opened(sqlite_store), Cache(patience=0.0), threading.Event(), list[float]()

    def part(_: Workbench) -> int:
        begun.append(time.monotonic())
        assert may.wait(10)
        return len(begun)

    first = time.monotonic()
    for beat in ("1", "2", "3"):
        with pytest.raises(NotYet):
            cache.soon(bench, part, now=beat, within=0.02, asked=first, since=None)
    assert len(begun) == 1
    later = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        strict = pool.submit(cache.of, bench, part, now="4")
        other = pool.submit(cache.soon, bench, part, now="5", within=10, asked=later, since=None)
        may.set()
        assert strict.result(10) == other.result(10).value == 2, "both wait for the first, one begins the next"
    assert cache.soon(bench, part, now="6", within=0, asked=later, since=None).value == 2
    cache.close()


def test_an_outdated_measurement_that_fails_is_not_the_answer(sqlite_store: Store) -> None:
    bench, cache, may, answers = opened(sqlite_store), Cache(patience=0.0), threading.Event(), [KpiError("busy"), None]

    def part(_: Workbench) -> str:
        assert may.wait(10)
        if (wrong := answers.pop(0)) is not None:
            raise wrong
        return "made"

    with pytest.raises(NotYet):
        cache.soon(bench, part, now="1", within=0, asked=time.monotonic(), since=None)
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(cache.of, bench, part, now="2")
        time.sleep(0.05)
        may.set()
        assert later.result(10) == "made"
    cache.close()


def test_a_value_known_last_is_old_enough_or_none(sqlite_store: Store) -> None:
    bench, cache, may = opened(sqlite_store), Cache(patience=0.0), threading.Event()

    def part(_: Workbench) -> str:
        assert may.wait(10)
        return "made"

    with pytest.raises(NotYet):
        cache.soon(bench, part, now="1", within=0, asked=time.monotonic(), since=0.0)
    may.set()
    assert cache.of(bench, part, now="1") == "made"
    may.clear()
    assert cache.soon(bench, part, now="2", within=0, asked=time.monotonic(), since=0.0).beat == "1"
    for since in (None, time.monotonic()):
        with pytest.raises(NotYet):
            cache.soon(bench, part, now="2", within=0, asked=time.monotonic(), since=since)
    may.set()
    assert cache.soon(bench, part, now="2", within=10, asked=time.monotonic(), since=None).beat == "2"
    cache.close()


def test_what_could_not_be_measured_is_told_and_tried_anew(sqlite_store: Store) -> None:
    bench, cache, answers = opened(sqlite_store), Cache(), [KpiError("the store is busy"), None]

    def part(_: Workbench) -> str:
        if (wrong := answers.pop(0)) is not None:
            raise wrong
        return "made"

    with pytest.raises(KpiError):
        cache.soon(bench, part, now="1", within=10, asked=time.monotonic(), since=0.0)
    assert cache.soon(bench, part, now="1", within=10, asked=time.monotonic(), since=0.0).value == "made"
    cache.close()


def test_everybodys_page_is_measured_ahead(ground: Ground) -> None:
    ground.slow.may.set()
    people.made_ready(ground.site, ground.bench)
    client = ground.client(HEAD)
    ground.site.cache.patience = 5.0
    page = client.get("/board", headers=PAGE).text
    assert "Anna" in page and "load delay" not in page


def test_what_advice_rests_on_is_measured_ahead_once(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = []
    monkeypatch.setattr(people, "learned", lambda bench, period: measured.append(period))
    ground.slow.may.set()
    for deal in ("77", "78"):
        people.all_ready(ground.site, ground.bench)
        win(ground.bench, deal)
    assert len(measured) == 1


def test_advice_known_last_stands_in_and_says_since_when(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    may, real = threading.Event(), advice.learned

    def learned(*args: Any) -> Any:
        assert may.wait(20)
        return real(*args)

    monkeypatch.setattr(advice, "learned", learned)
    client, address, place = ground.client(ANNA), f"/people/{ANNA}/advice?period=2026-09", {"hx-request": "true"}
    first = client.get(address, headers=place)
    assert "Loading" in first.text and "Being worked out" not in first.text
    monkeypatch.setattr(waiting, "_LONG", 0.0)
    assert "Being worked out" in client.get(address, headers=place | {ASKED: first.headers[ASKED]}).text
    may.set()
    assert "Shown as known at" not in ground.measured(client, address)
    may.clear()
    win(ground.bench, "77")
    late = client.get(address, headers=place).text
    assert "Shown as known at" in late and 'hx-target="#advice"' in late
    may.set()
    assert "Shown as known at" not in ground.measured(client, address)


def _answered(client: TestClient, between: Callable[[int], None], asked: dict[str, str]) -> Any:
    """The chart, asked for as a page does, each time under other numbers."""
    for n in range(50):
        between(n)
        answer = client.get(CHART, headers=DRAWN | asked)
        if answer.status_code == 200:
            return answer
        assert answer.headers[ASKED] == asked[ASKED]
        time.sleep(0.01)
    raise AssertionError("never drawn")
