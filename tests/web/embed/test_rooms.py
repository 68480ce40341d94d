"""Pages inside a CRM: let in by the provider's word alone, framed by the account's own host and nobody else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from connector.errors import Forbidden, Unreachable
from connector.pipeline.bench import Workbench
from connector.provider import Guest, Installed, Knock
from connector.store.engine import open_store
from connector.testing import FakeProvider
from connector.web import limiting
from connector.web.app import build
from tests.web.ground import ANNA, BORIS, EVIL, HEAD, opened, token_in, world

HOME = "https://acme.bitrix24.ru"
POST = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}


class Showing(FakeProvider):
    """Vouches for whoever `AUTH` names."""

    framed_by = HOME
    places: tuple[str, ...] = ("menu",)
    asked = 0
    """How often it had to be found out who somebody is."""

    def admit(self, knock: Knock, known: str | None) -> Guest:
        self.asked += 1
        user = knock.form.get("AUTH", "")
        if user == "down":
            raise Unreachable("no answer")
        if not user.isdigit():
            raise Forbidden("nobody")
        once = knock.form.get("once")
        until = self.world.now + timedelta(minutes=30) if once else None
        return Guest(user, place=knock.form.get("place", ""), once=once, until=until)

    def install(self, knock: Knock, known: str | None, address: str) -> Installed:
        self.asked += 1
        if knock.form.get("AUTH") != "1":
            raise Forbidden("only an administrator")
        return Installed((*self.places, address), ("a note",), "https://api.example/x.js", "finish();")


@pytest.fixture(scope="module")
def bench(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    path = tmp_path_factory.mktemp("embed") / "kpi.db"
    shutil.copy(migrated_sqlite, path)
    store = open_store(f"sqlite:///{path}")
    made = opened(store)
    made.provider = Showing(world())
    yield made
    store.dispose()


@pytest.fixture
def client(bench: Workbench) -> TestClient:
    return TestClient(build([bench]), base_url="https://kpi.example", follow_redirects=False)


def post(client: TestClient, path: str = "/embed/acme", **form: Any) -> Any:
    return client.post(path, data=form, headers=POST)


def framed(answer: Any) -> str:
    return str(answer.headers["content-security-policy"]).rpartition("frame-ancestors ")[2]


def test_a_deals_tab_shows_own_numbers_and_what_counts_at_once(client: TestClient) -> None:
    page = post(client, AUTH=ANNA, place="deal:1")
    assert page.status_code == 200
    assert "10,000" in page.text and "This deal" in page.text
    assert "win" in page.text and "counts" in page.text
    assert framed(page) == HOME
    assert "x-frame-options" not in page.headers


def test_an_open_deal_says_what_it_waits_for(client: TestClient) -> None:
    page = post(client, AUTH=ANNA, place="deal:9").text
    assert "On the stage" in page and "none: set a task" in page


def test_of_a_strangers_deal_nothing_is_shown_and_it_reads_like_one_that_is_not_there(client: TestClient) -> None:
    strangers, nothing = post(client, AUTH=ANNA, place="deal:4"), post(client, AUTH=ANNA, place="deal:999")
    assert strangers.status_code == nothing.status_code == 200
    assert strangers.text.replace("deal:4", "deal:999") == nothing.text
    assert "Nothing of this card" in nothing.text


def test_a_head_sees_the_owners_numbers_and_names_are_text(client: TestClient) -> None:
    page = post(client, AUTH=HEAD, place="deal:4").text
    assert EVIL not in page and "&lt;img" in page


def test_nobody_is_let_in_without_the_crms_word(client: TestClient) -> None:
    page = post(client, AUTH="' or 1=1")
    assert page.status_code == 403
    assert framed(page) == HOME
    assert "set-cookie" not in page.headers
    assert post(client, AUTH="down").status_code == 503
    assert post(client, "/embed/other", AUTH=ANNA).status_code == 404


def test_a_dismissed_person_and_a_stranger_see_nothing(client: TestClient) -> None:
    for user in ("599", "424242"):
        for place in ("deal:1", ""):
            told = post(client, AUTH=user, place=place)
            assert (told.status_code, framed(told)) == (403, HOME)
            assert "not known" in told.text and "set-cookie" not in told.headers


def test_whole_pages_go_on_where_the_browser_keeps_the_session(client: TestClient) -> None:
    begun = post(client, AUTH=ANNA)
    cookie = begun.headers.get_list("set-cookie")[0]
    for part in ("kpi_frame=", "HttpOnly", "Secure", "SameSite=None", "Partitioned"):
        assert part in cookie
    start = client.get(begun.headers["location"])
    assert (start.status_code, start.headers["location"]) == (303, "/")
    page = client.get(f"/people/{ANNA}", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert framed(page) == HOME
    assert client.get(f"/people/{BORIS}").status_code == 404


def test_the_language_chosen_in_a_frame_is_kept_there(client: TestClient) -> None:
    post(client, AUTH=ANNA)
    page = client.get(f"/people/{ANNA}", headers={"accept": "text/html"})
    form = {"token": token_in(page.text), "language": "ru", "back": f"/people/{ANNA}"}
    kept = client.post("/language", data=form).headers.get_list("set-cookie")
    assert any("kpi_language=ru" in one and "Partitioned" in one for one in kept)
    assert "Мои показатели" in client.get(f"/people/{ANNA}", headers={"accept": "text/html"}).text


def test_a_kpi_card_opens_its_person_and_month(client: TestClient) -> None:
    start = client.get(post(client, AUTH=HEAD, place=f"card:{ANNA}/2026-08").headers["location"])
    assert start.headers["location"] == f"/people/{ANNA}?period=2026-08"


@pytest.mark.parametrize("place", ["card://evil.example/2026-08", "//evil.example", "card:1/../x"])
def test_a_place_never_leads_elsewhere(client: TestClient, place: str) -> None:
    post(client, AUTH=ANNA)
    assert client.get("/embed/acme/start", params={"place": place}).headers["location"] == "/"


def test_a_browser_that_keeps_nothing_is_told_so_in_the_frame(client: TestClient) -> None:
    told = client.get("/embed/acme/start")
    assert told.status_code == 200 and "keeps us out" in told.text
    assert framed(told) == HOME


def test_a_frame_whose_session_is_over_says_so(client: TestClient) -> None:
    client.cookies.set("kpi_frame_of", "acme")
    gone = client.get(f"/people/{ANNA}", headers={"accept": "text/html", "sec-fetch-dest": "iframe"})
    assert gone.headers["location"] == "/embed/acme/closed"
    told = client.get("/embed/acme/closed")
    assert "once more" in told.text and framed(told) == HOME


def key(client: TestClient, origin: str = HOME, **form: str) -> Any:
    return client.post("/embed/acme/key", data=form, headers={"origin": origin})


def test_a_widgets_token_opens_one_frame_once(client: TestClient) -> None:
    told = key(client, AUTH=ANNA, once="jti-1", place="deal:1")
    assert told.headers["access-control-allow-origin"] == HOME
    address = told.json()["frame"]
    assert address.startswith("https://kpi.example/embed/acme/in/")
    page = client.get(address)
    assert page.status_code == 200 and "This deal" in page.text and framed(page) == HOME
    again = client.get(address)
    assert again.status_code == 403 and "too old" in again.text
    assert key(client, AUTH=ANNA, once="jti-1").status_code == 403
    assert key(client, AUTH=ANNA, once="jti-2").status_code == 200


def test_only_scripts_of_the_accounts_host_may_read_the_answer(client: TestClient) -> None:
    asked = client.options("/embed/acme/key", headers={"origin": HOME})
    assert asked.status_code == 204
    assert "X-Auth-Token" in asked.headers["access-control-allow-headers"]
    for origin in ("https://evil.example", "null", HOME + ".evil.example"):
        assert "access-control-allow-origin" not in key(client, origin, AUTH=ANNA, once=origin).headers
        assert (
            "access-control-allow-origin" not in client.options("/embed/acme/key", headers={"origin": origin}).headers
        )


def test_the_key_of_a_refused_token_says_nothing_of_why(client: TestClient) -> None:
    assert key(client, AUTH="x").json() == {"error": "refused"}
    assert key(client, AUTH="down").status_code == 503


def test_installing_runs_the_crms_script_by_a_nonce(client: TestClient) -> None:
    page = post(client, "/embed/acme/install", AUTH="1")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert nonce and page.text.count(f'nonce="{nonce}"') == 2
    assert "https://kpi.example/embed/acme" in page.text and "a note" in page.text
    assert post(client, "/embed/acme/install", AUTH=ANNA).status_code == 403


def test_outside_of_frames_nothing_may_be_framed(client: TestClient, bench: Workbench) -> None:
    assert framed(client.get("/in")) == "'none'"
    other = TestClient(build([bench]), base_url="https://kpi.example")
    other.cookies.set("kpi_session", client.cookies.get("kpi_frame") or "")
    assert framed(other.get(f"/people/{ANNA}")) == "'none'"


def test_too_much_is_not_read(client: TestClient) -> None:
    assert client.post("/embed/acme", content=b"x=" + b"y" * 70_000, headers=POST).status_code == 413


@pytest.mark.parametrize("path", ["/embed/acme", "/embed/acme/install", "/embed/acme/key"])
def test_a_flood_of_forged_openings_asks_the_crm_nothing_more(client: TestClient, bench: Workbench, path: str) -> None:
    assert isinstance(bench.provider, Showing)
    before = bench.provider.asked
    told = [post(client, path, AUTH="forged").status_code for _ in range(limiting.MOST + 30)]
    assert told == [403] * limiting.MOST + [429] * 30
    assert bench.provider.asked - before == limiting.MOST
    assert post(client, "/in", code="x").status_code == 403, "an office's pages are not shut with the CRM's door"


def test_people_whom_the_crm_knows_and_a_crm_that_is_down_shut_nobody_out(client: TestClient) -> None:
    for user, status in (("424242", 403), ("down", 503)):
        told = {post(client, AUTH=user).status_code for _ in range(limiting.MOST + 5)}
        assert told == {status}
    assert post(client, AUTH=ANNA).status_code == 303
