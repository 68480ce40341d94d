"""What pages say: hostile names are text, nothing foreign runs, every number has its proof and its moment."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from connector.pipeline.bench import Workbench
from connector.store.engine import Store
from connector.testing.world import START
from connector.web.app import build
from connector.web.headers import policy
from connector.web.rendering import HOME, STATIC
from connector.web.words import WORDS
from tests.web.ground import ADMIN, ANNA, BORIS, EVIL, HEAD, opened, pages, signed_in, win

OF_ADMIN = ["/board", "/company", "/data", "/admin", "/contests", "/board/changes", "/people/502", "/people/501"]
OF_ADMIN += ["/months", "/plans/people/502", "/plans/people/501", "/people/502/advice"]


@pytest.fixture(scope="module")
def admin(company: Workbench) -> Iterator[TestClient]:
    with TestClient(build([company])) as client:
        yield signed_in(client, company, ADMIN)


class Tags(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.seen


@pytest.mark.parametrize("address", OF_ADMIN + [one for _, _, one in pages((BORIS,), ("700",)) if "charts" not in one])
def test_names_that_would_harm_are_text(admin: TestClient, address: str) -> None:
    for period in ("", "?period=2026-09"):
        text = admin.get(address + (period if "?" not in address else "")).text
        assert not [tag for tag, attributes in tags(text) if tag == "img" or "onerror" in attributes]
        assert "49" not in re.findall(r"onerror[^<]*", text)
    if address in ("/board", "/people/502"):
        assert html.escape(EVIL, quote=True).replace("&quot;", "&#34;") in text


def test_nothing_runs_that_is_not_a_file_of_ours(admin: TestClient) -> None:
    for address in OF_ADMIN:
        for tag, attributes in tags(admin.get(address).text):
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (address, attributes)
            assert tag != "style"
            if tag == "script":
                assert (attributes.get("src") or "").startswith("/static/")


def test_every_answer_tells_the_browser_what_it_may(admin: TestClient) -> None:
    for address in ("/board", "/none", "/in", "/charts/board/funnel", "/static/kpi.css", "/api/v1/accounts/x/facts"):
        told = admin.get(address).headers
        assert told["content-security-policy"] == policy(None)
        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "no-referrer")
        assert told["cache-control"] == ("public, max-age=3600" if "static" in address else "no-store")


def test_only_a_verified_host_may_frame() -> None:
    assert policy("https://acme.amocrm.ru").endswith("frame-ancestors https://acme.amocrm.ru")
    for bad in ("*", "evil.example; script-src *", "acme.amocrm.ru/x", "", "*.amocrm.ru"):
        assert policy(bad).endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy(None)


def test_each_page_says_up_to_when_its_data_reach_and_every_number_has_its_proof(admin: TestClient) -> None:
    for address in ("/board", "/company", "/people/501", "/data", "/explain/revenue/user/501"):
        assert "data as of <time>" in admin.get(address).text, address
    page = admin.get("/people/501").text
    proofs = {attributes.get("href") or "" for tag, attributes in tags(page) if tag == "a"}
    proofs = {href for href in proofs if href.startswith("/explain/")}
    assert len(proofs) > 5
    for href in sorted(proofs)[:6]:
        assert admin.get(href).status_code == 200, href
    for address in ("/board", "/company", "/people/501"):
        shown = [(tag, told) for tag, told in tags(admin.get(address).text) if told.get("class") == "number"]
        assert shown and all(tag == "a" and (told["href"] or "").startswith("/explain/") for tag, told in shown)


def test_pages_are_small(admin: TestClient) -> None:
    for address in OF_ADMIN:
        assert len(admin.get(address).content) < 200_000
    ours = sum(len((STATIC / name).read_bytes()) for name in ("kpi.css", "kpi.js", "vendor/htmx/htmx.min.js"))
    assert ours < 100_000


def test_the_proof_links_to_the_cards_in_the_crm(admin: TestClient, company: Workbench) -> None:
    text = admin.get("/explain/revenue/user/501?period=2026-09").text
    links = {attributes.get("href") for tag, attributes in tags(text) if tag == "a" and attributes.get("target")}
    cards = {company.provider.link_to(f"deal:{n}") for n in (1, 2, 3)}
    assert {card for card in cards if card.startswith("http")} <= links
    assert text.count("Deal 1") >= 1 and "3,000" in text


@pytest.mark.parametrize(
    "address",
    [
        "/explain/none/user/501", "/explain/revenue/team/none", "/charts/people/501/trend/none",
        "/charts/board/compare/none", "/nothing", "/people/", "/static/../app.py",
        "/static/%2e%2e/app.py", "/explain/revenue/user/501?page=x",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_there(admin: TestClient, address: str) -> None:
    answer = admin.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 404 and "app.py" not in answer.text
    assert "There is no such page" in answer.text or "Такой страницы нет" in answer.text


@pytest.mark.parametrize("told", ["2026", "x", "2026-W36", "2026-13"])
@pytest.mark.parametrize("address", ["/people/501", "/board", "/company"])
def test_what_is_no_month_is_called_so(admin: TestClient, address: str, told: str) -> None:
    answer = admin.get(f"{address}?period={told}", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "There is no such month" in answer.text or "Такого месяца нет" in answer.text
    assert "2026-09" in admin.get(f"{address}?period={told}", headers={"accept": "*/*"}).json()["error"]


def test_a_fragment_asks_for_the_very_page_again(admin: TestClient) -> None:
    text = admin.get("/board?period=2026-09&team=700").text
    live = next(attributes for _, attributes in tags(text) if attributes.get("id") == "live")
    assert live["hx-get"] == "/board?period=2026-09&team=700" and live["hx-trigger"] == "numbers from:body"


def test_a_month_before_and_none_after_the_running_one(admin: TestClient) -> None:
    links = {attributes.get("rel"): attributes.get("href") for _, attributes in tags(admin.get("/board").text)}
    assert links["prev"] == "/board?period=2026-08" and "next" not in links
    assert admin.get("/board?period=2026-08").status_code == 200


def test_every_word_is_in_the_catalogue_and_every_entry_is_used() -> None:
    templates = "".join(path.read_text("utf-8") for path in (HOME / "templates").iterdir())
    said = set(re.findall(r"\bt\.([a-z_]+)", templates))
    assert said <= set(WORDS)
    code = "".join(path.read_text("utf-8") for path in HOME.rglob("*.py") if path.name != "words.py")
    made = (
        "embed_", "card_", "role_", "place_", "kind_", "level_", "contest_", "closing_", "chance_", "criterion_",
        "objection_", "speaker_", "proposal_", "plan_in_", "refused_", "unclosable_", "month_",
        "setting_", "written_", "setup_step_", "setup_key_", "wish_", "run_",
    )  # fmt: skip
    unused = {key for key in WORDS if key not in said and f'"{key}"' not in code and not key.startswith(made)}
    assert not unused
    assert all(text.ru and text.en for text in WORDS.values())
    assert not [key for key, text in WORDS.items() if re.search("[а-яА-Я]", text.en)]


def test_a_contest_goes_from_the_manager_to_his_head(company: Workbench) -> None:
    with TestClient(build([company])) as anna, TestClient(build([company])) as head:
        signed_in(anna, company, ANNA)
        signed_in(head, company, HEAD)
        page = anna.get(f"/people/{ANNA}?period=2026-09").text
        (first, *_) = re.findall(r'href="(/contests/new\?fact=[^"]+)"', page)
        assert "/contests/new" not in head.get(f"/people/{ANNA}?period=2026-09").text
        form = anna.get(html.unescape(first)).text
        assert re.search(r"<strong>Record:</strong> <a [^>]+>Deal \d+</a>, win</p>", form), "no bare key"
        fact = html.unescape(re.findall(r'name="fact" value="([^"]+)"', form)[0])
        told = {"token": token(form), "fact": fact, "reason": EVIL}
        listed = anna.post("/contests", data=told)
        assert listed.url.path == "/contests" and "waits for a decision" in listed.text
        assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", listed.text)
        page = head.get("/contests").text
        number = re.findall(r"/contests/(\d+)/declined", page)[0]
        assert anna.post(f"/contests/{number}/accepted", data=told).status_code == 400
        with TestClient(build([company])) as other:
            signed_in(other, company, "512")
            mine = token(other.get("/contests").text)
            stolen = other.post(f"/contests/{number}/accepted", data={"token": mine, "reason": "x"})
            assert stolen.status_code == 404
        done = head.post(f"/contests/{number}/declined", data={"token": token(page), "reason": "it is right"})
        assert done.status_code == 200 and "declined" in done.text and "it is right" in anna.get("/contests").text


def test_what_is_vendored_has_its_licence() -> None:
    for folder in (path for path in (STATIC / "vendor").iterdir() if path.is_dir()):
        assert (folder / "LICENSE").stat().st_size > 500
        assert folder.name in (STATIC / "vendor" / "README.md").read_text()
    assert isinstance(STATIC, Path)


def token(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def test_what_the_first_sync_brought_is_no_change_since_yesterday(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    with TestClient(build([bench])) as client:
        signed_in(client, bench, HEAD)
        assert "Revenue has not changed since." in client.get("/board/changes").text
        win(bench, "77")
        told = client.get("/board/changes").text
        assert "Anna" in told and "+700" in told and "Deal 77" in told


def test_what_is_left_today_falls_with_what_today_brought(sqlite_store: Store) -> None:
    """8 working days are left on Monday the 21st, 7 000 of the plan to go."""
    bench = opened(sqlite_store)
    with TestClient(build([bench])) as client:
        signed_in(client, bench, ANNA)
        assert _today(client) == "Revenue: 875 ₽ 0 ₽ of 875 ₽ done"
        win(bench, "78", START + timedelta(days=20))
        assert _today(client) == "Revenue: 175 ₽ 700 ₽ of 875 ₽ done"
        win(bench, "79", START + timedelta(days=20))
        assert _today(client) == "Revenue: done 1,400 ₽ of 875 ₽"
        assert "Large open deals" in client.get(f"/people/{ANNA}").text
        assert "Large open deals" not in client.get(f"/people/{ANNA}?period=2026-08").text, (
            "today's deals are not then's"
        )


def test_of_what_should_be_few_nothing_is_left_to_do(sqlite_store: Store) -> None:
    """A plan of postponed tasks is a limit: the page told how many more of them the day wanted."""
    some = [{"user": ANNA, "kpi": kpi, "period": "2026-09", "value": "80"} for kpi in ("reschedules", "won_deals")]
    with TestClient(build([bench := opened(sqlite_store, plan=some)])) as client:
        signed_in(client, bench, ANNA)
        assert _today(client) == "Won deals: 10 0 of 10 done"


def _today(client: TestClient) -> str:
    [told] = re.findall(r"<h2>Left today</h2>\s*<ul[^>]*><li>(.*?)</li>", client.get(f"/people/{ANNA}").text)
    return " ".join(html.unescape(re.sub("<[^>]+>", "", told)).split())


def test_every_page_says_up_to_when_its_data_reach(company: Workbench) -> None:
    pages = {
        ANNA: (
            f"/people/{ANNA}",
            "/contests",
            "/contests/new?fact=win|deal:1",
            f"/explain/revenue/user/{ANNA}",
            "/print",
        ),
        HEAD: ("/board", "/data", "/corrections", "/calls", f"/plans/people/{ANNA}"),
        ADMIN: ("/company", "/admin", "/months", "/calls/transcripts"),
    }
    moments = set()
    for who, addresses in pages.items():
        with TestClient(build([company])) as client:
            signed_in(client, company, who)
            for address in addresses:
                told = re.findall(r"data as of <time>([^<]+)</time>", client.get(address).text)
                assert told, address
                moments |= set(told)
    assert moments == {"21 Sep 2026, 12:00"}, "how far the data reach, not what the clock says"
