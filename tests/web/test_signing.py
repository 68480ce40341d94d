"""Links that work once, sessions that end, forms that only our own pages can send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.store.engine import Store
from connector.web.app import build
from connector.web.links import GOOD_FOR, end_sessions, issue_link
from connector.web.sessions import IDLE, LASTS, Keys, Session
from connector.web.site import COOKIE
from tests.web.ground import ADMIN, ANNA, DINA, GONE, opened, signed_in, token_in


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


@pytest.fixture
def client(bench: Workbench) -> Iterator[TestClient]:
    with TestClient(build([bench])) as made:
        yield made


def sign_in(client: TestClient, code: str) -> int:
    page = client.get(f"/in/{code}")
    answer = client.post("/in", data={"token": token_in(page.text), "code": code}, follow_redirects=False)
    return answer.status_code


def code_of(bench: Workbench, user: str = ANNA) -> str:
    return issue_link(bench, user, "https://kpi.example.ru/").link.removeprefix("https://kpi.example.ru/in/")


def later(bench: Workbench, ms: int) -> None:
    bench.clock.now += timedelta(milliseconds=ms)  # type: ignore[attr-defined]  # the tests' own clock


def test_a_link_works_once_and_looking_at_it_uses_nothing_up(client: TestClient, bench: Workbench) -> None:
    code = code_of(bench)
    for _ in range(3):
        assert client.get(f"/in/{code}").status_code == 200
    assert sign_in(client, code) == 303
    assert client.get(f"/people/{ANNA}").status_code == 200
    with TestClient(client.app) as other:
        assert sign_in(other, code) == 400
        assert other.get(f"/people/{ANNA}", follow_redirects=False).status_code in (303, 401)


def test_a_link_is_good_for_a_while_only(client: TestClient, bench: Workbench) -> None:
    code = code_of(bench)
    later(bench, GOOD_FOR)
    assert sign_in(client, code) == 400
    assert [sign_in(client, bad) for bad in ("x", "x" * 5000)] == [400, 400]


def test_only_its_hash_is_kept(bench: Workbench) -> None:
    code = code_of(bench)
    with bench.store.read() as conn:
        kept = [str(row) for row in conn.exec_driver_sql("select * from sign_in")]
    assert len(kept) == 1 and code not in kept[0]


@pytest.mark.parametrize("nobody", [GONE, "nobody", ""])
def test_links_are_for_active_people_of_the_crm(bench: Workbench, nobody: str) -> None:
    with pytest.raises(BadConfig, match="nobody active"):
        issue_link(bench, nobody, "http://x")


def test_a_session_ends_when_it_is_not_used_and_after_a_day_anyway(client: TestClient, bench: Workbench) -> None:
    signed_in(client, bench, ANNA)
    spent = 0
    while spent + IDLE // 2 < LASTS - 1_000_000:
        later(bench, IDLE // 2)
        spent += IDLE // 2
        assert client.get(f"/people/{ANNA}").status_code == 200
    later(bench, LASTS - spent + 60_000)
    assert client.get(f"/people/{ANNA}", follow_redirects=False).status_code == 401
    signed_in(client, bench, ANNA)
    later(bench, IDLE + 60_000)
    assert client.get(f"/people/{ANNA}", follow_redirects=False).status_code == 401


def test_signing_out_ends_the_session_everywhere(client: TestClient, bench: Workbench) -> None:
    signed_in(client, bench, ANNA)
    stolen = client.cookies[COOKIE]
    page = client.get(f"/people/{ANNA}").text
    assert client.post("/out", data={"token": token_in(page)}, follow_redirects=False).status_code == 303
    client.cookies.set(COOKIE, stolen)
    assert client.get(f"/people/{ANNA}").status_code == 401


def test_an_admin_ends_all_sessions_of_somebody(client: TestClient, bench: Workbench) -> None:
    signed_in(client, bench, ANNA)
    waiting = code_of(bench)
    whom, ended = end_sessions(bench, "Anna")
    assert (whom.id, ended) == (ANNA, 2)
    assert client.get(f"/people/{ANNA}").status_code == 401
    assert sign_in(client, waiting) == 400


def test_a_forged_session_is_none() -> None:
    keys, other = Keys(b"a" * 32), Keys(b"b" * 32)
    session = Session(account="acme", user=ANNA, sign_in=1, since=1000, until=2000)
    sealed = keys.sealed(session)
    assert keys.opened(sealed, 1500) == session
    assert (keys.opened(sealed, 2000), other.opened(sealed, 1500)) == (None, None)
    body, _, mac = sealed.partition(".")
    for bad in (body, f"{body}.", f".{mac}", f"{body}A.{mac}", f"{body}.{mac[:-2]}AA", "", "é.é", "a.b.c", "=" * 3000):
        assert keys.opened(bad, 1500) is None, bad
    assert keys.opened(keys.sealed(Session(account="a", user="1", sign_in=1, since=10**6, until=10**7)), 1500) is None


def test_the_session_cookie_is_for_the_server_alone(bench: Workbench) -> None:
    for base, secure in (("http://testserver", False), ("https://testserver", True)):
        with TestClient(build([bench]), base_url=base) as client:
            code = code_of(bench)
            token = token_in(client.get(f"/in/{code}").text)
            answer = client.post("/in", data={"token": token, "code": code}, follow_redirects=False)
            cookie = answer.headers["set-cookie"].lower()
            assert "httponly" in cookie and "samesite=lax" in cookie and ("secure" in cookie) is secure


FORMS = [
    ("/in", {"code": "x"}),
    ("/out", {}),
    ("/language", {"language": "en"}),
    ("/contests", {"fact": "win|deal:1", "reason": "no"}),
    ("/contests/1/accepted", {"reason": "no"}),
]


@pytest.mark.parametrize(("address", "fields"), FORMS)
def test_forms_of_others_are_refused(
    client: TestClient, bench: Workbench, address: str, fields: dict[str, str]
) -> None:
    signed_in(client, bench, ANNA)
    with TestClient(client.app) as other:
        foreign = token_in(signed_in(other, bench, DINA).get(f"/people/{DINA}").text)
    own = token_in(client.get(f"/people/{ANNA}").text)
    assert client.post(address, data=fields | {"more": "x"}).status_code == 403
    assert client.post(address, data=fields | {"token": "x"}).status_code == 403
    assert client.post(address, data=fields | {"token": foreign}).status_code == 403
    crossed = {"sec-fetch-site": "cross-site"}
    assert client.post(address, data=fields | {"token": own}, headers=crossed).status_code == 403
    assert client.post(address, json=fields | {"token": own}).status_code == 415
    assert client.post(address, data=fields | {"token": own, "more": "x" * 70_000}).status_code == 413
    many = {f"f{n}": "1" for n in range(300)}
    assert client.post(address, data=fields | {"token": own} | many).status_code == 413


def test_every_form_on_every_route_that_changes_something_asks_for_its_token(client: TestClient) -> None:
    """A new POST route cannot be forgotten: nobody's empty form gets past the door."""
    paths = client.app.openapi()["paths"]  # type: ignore[attr-defined]
    others = ("/api/", "/embed/")  # let in by bearer tokens, and by a CRM's own proof
    posts = [path for path, how in paths.items() if "post" in how and not path.startswith(others)]
    assert len(posts) >= len(FORMS)
    for path in posts:
        address = path.replace("{number}", "1").replace("{what}", "accepted")
        answer = client.post(address, data={"x": "1"}, follow_redirects=False)
        assert answer.status_code in (401, 403, 303) and answer.headers.get("location", "/in") == "/in", path


def test_nor_does_a_form_of_somebody_signed_in_without_its_token(client: TestClient, bench: Workbench) -> None:
    """The one who may do most, in his own browser: what he did not send from our page does nothing."""
    signed_in(client, bench, ADMIN)
    paths = client.app.openapi()["paths"]  # type: ignore[attr-defined]
    posts = [path for path, how in paths.items() if "post" in how and not path.startswith(("/api/", "/embed/"))]
    assert {"/calls/transcripts", "/plans/people/{user}", "/admin/levels/{level}"} <= set(posts)
    for path in posts:
        address = re.sub(r"\{\w+\}", "1", path)
        answer = client.post(address, data={"x": "1"}, follow_redirects=False)
        if answer.status_code == 415:  # a form with files
            answer = client.post(address, files={"files": ("a.txt", b"a")}, follow_redirects=False)
        assert answer.status_code == 403, path


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "x"])
def test_the_language_leads_nowhere_else(client: TestClient, bench: Workbench, back: str) -> None:
    signed_in(client, bench, ANNA)
    token = token_in(client.get(f"/people/{ANNA}").text)
    answer = client.post("/language", data={"token": token, "language": "ru", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_the_language_is_switched_and_kept(client: TestClient, bench: Workbench) -> None:
    signed_in(client, bench, ANNA)
    page = client.get(f"/people/{ANNA}").text
    assert '<html lang="en">' in page and "Left today" in page
    told = {"token": token_in(page), "language": "ru", "back": f"/people/{ANNA}?period=2026-09"}
    russian = client.post("/language", data=told)
    assert russian.url.path == f"/people/{ANNA}" and '<html lang="ru">' in russian.text
    assert "Осталось на сегодня" in russian.text and "Left today" not in russian.text


def test_a_session_of_an_account_that_is_not_served_is_none(bench: Workbench, client: TestClient) -> None:
    signed_in(client, bench, ANNA)
    del client.app.state.site.benches["acme"]  # type: ignore[attr-defined]
    assert client.get(f"/people/{ANNA}").status_code == 401
