"""Days of a manager, a head and an admin in a real browser, over a sandbox of each CRM; pictures are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from connector.app import desk
from connector.cli.demo import DEMO_NOW, account, sandbox_module
from connector.config import Settings
from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.switching import writeback_of
from connector.pretend.company import build
from connector.web.links import issue_link
from connector.web.serving import serving
from tests.web.browser import Walk
from tests.web.ground import ADMIN, ANNA, BORIS, opened

pytestmark = pytest.mark.timeout(240)


class Day(NamedTuple):
    """A sandbox that was read once, and its pages on a port."""

    provider: str
    box: Any
    bench: Workbench
    base: str

    def walk(self, browser: Any, role: str, user: str, language: str, width: int = 1280) -> Walk:
        """Somebody who came in by a link of his own."""
        one = Walk(browser, self.base, f"{role}-{self.provider}", language, width)
        one.enter(link(self.bench, user, self.base))
        return one


@contextmanager
def served(provider: str, folder: Path) -> Iterator[Day]:
    """A sandbox, read once, and its pages on a port."""
    plan = build()
    with ExitStack() as stack:
        box = stack.enter_context(sandbox_module(provider).Sandbox(plan, now=DEMO_NOW, paced=False))
        told = {
            "store": {"url": f"sqlite:///{folder / 'kpi.db'}"},
            "account": [account(provider, box, plan, "preview")],
        }
        settings = Settings.model_validate(told)
        made = stack.enter_context(desk(folder / "config.toml", {}, settings=settings))
        made.sleep = lambda seconds: None
        bench = made.open(settings.account[0])
        sync_and_derive(bench)
        base = stack.enter_context(serving("127.0.0.1:0", [bench], made.key))
        assert base is not None
        yield Day(provider, box, bench, base)


@pytest.fixture(scope="module", params=["amocrm", "bitrix24"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """One for all roles: the head's day ends with the next morning, so that it comes after the manager's."""
    with served(request.param, tmp_path_factory.mktemp("day")) as one:
        yield one


def link(bench: Workbench, user: str, base: str) -> str:
    return issue_link(bench, user, base).link


def test_a_managers_day(browser: Any, day: Day) -> None:
    for language, width, words in (("ru", 1280, "Осталось на сегодня"), ("en", 360, "Left today")):
        walk = day.walk(browser, "manager", "507", language, width)
        assert walk.page.url == f"{day.base}/people/507"
        page = walk.open("/people/507")
        assert words in page.inner_text("main") and page.locator("canvas").count() >= 3
        walk.keep("own")
        if language == "ru":
            _opens_a_number(walk, day)
        walk.close()


def _opens_a_number(walk: Walk, day: Day) -> None:
    """What is behind it, with links into the CRM; a month before; the way out."""
    page = walk.page
    walk.follow(page.locator("a.number, .figure .value a").first)
    assert "/explain/" in page.url and page.locator("tbody tr").count() > 0
    walk.keep("proof")
    card = page.locator("td a[target=_blank]").first.get_attribute("href")
    assert urlsplit(card).netloc == urlsplit(day.bench.provider.link_to("deal:1")).netloc
    walk.open("/people/507?period=2026-07")
    walk.keep("july")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    walk.follow("header form[action='/out'] button")
    assert page.url == f"{day.base}/in"


def test_a_heads_day_and_numbers_that_come_by_themselves(browser: Any, day: Day) -> None:
    walk = day.walk(browser, "head", "512", "ru")
    page = walk.open("/board")
    assert [name in page.inner_text("table.board") for name in ("Жанна Ильина", "Анна Белова")] == [True, False]
    walk.keep("board")
    walk.follow("table.board tbody a")
    walk.keep("person")
    for title, address in (("data", "/data"), ("contests", "/contests")):
        walk.open(address)
        walk.keep(title)
    walk.open("/board")
    before = page.inner_text(".asof time")
    page.evaluate("window.same = true")
    day.box.advance(DEMO_NOW + timedelta(hours=20))
    sync_and_derive(day.bench)
    page.wait_for_function("was => document.querySelector('.asof time').textContent !== was", arg=before)
    assert page.evaluate("window.same") is True, "the page came by itself, without a reload"
    page.wait_for_function("() => document.getElementById('news').textContent !== ''")
    walk.settle()
    walk.keep("board-next-day")
    walk.close()
    english = day.walk(browser, "head", "512", "en", 360)
    assert "Red only where" in english.open("/board").inner_text("main")
    english.keep("board")
    english.close()


def test_an_admins_day(browser: Any, day: Day) -> None:
    """What is fresh and what is not, the whole company, a level switched on for a look, months and quality."""
    walk = day.walk(browser, "admin", "1", "ru")
    for title in ("company", "data", "months", "calls"):
        walk.open(f"/{title}")
        walk.keep(title)
    page = walk.open("/admin")
    tops = [page.locator(f".bar > {part}").bounding_box() for part in (".brand", "nav", ".who")]
    assert all(box is not None and box["y"] + box["height"] < 60 for box in tops), "the header is one line at 1280"
    assert page.locator("[aria-labelledby=streams] tbody tr").count() >= 5
    page.click("#level-kpi_card summary")
    page.select_option("#to-kpi_card", "on")
    page.check("#level-kpi_card input[name=sure]")
    walk.follow("#level-kpi_card button.main")
    assert writeback_of(day.bench).kpi_card == "on"
    assert page.locator("[aria-labelledby=switches] tbody tr").count() == 1
    walk.keep("admin")
    walk.close()
    english = day.walk(browser, "admin", "1", "en", 360)
    for title in ("company", "admin"):
        english.open(f"/{title}")
        english.keep(title)
    english.close()


def test_hostile_names_do_nothing_in_a_browser(browser: Any, sqlite_store: Any) -> None:
    bench = opened(sqlite_store)
    with serving("127.0.0.1:0", [bench], b"k" * 32) as base:
        assert base is not None
        walk = Walk(browser, base, "hostile", "en")
        walk.page.on("dialog", lambda dialog: walk.problems.append(f"dialog: {dialog.message}"))
        walk.enter(link(bench, ADMIN, base))
        for address in ("/board", f"/people/{BORIS}", f"/people/{ANNA}", "/company", "/admin", "/data"):
            page = walk.open(address)
            assert page.locator("img").count() == 0, address
        walk.open(f"/people/{BORIS}")
        walk.keep("person")
        assert 'onerror="alert(1)"' in walk.page.inner_text("h1")
        walk.close()
