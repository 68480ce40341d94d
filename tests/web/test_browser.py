"""A manager's and a head's day in a real browser, over a sandbox of each CRM, in both languages; pictures are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.app import desk
from connector.cli.demo import DEMO_NOW, account, sandbox_module
from connector.config import Settings
from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sync_and_derive
from connector.pretend.company import build
from connector.web.links import issue_link
from connector.web.serving import serving
from tests.web.browser import Walk
from tests.web.ground import ADMIN, ANNA, BORIS, opened

pytestmark = pytest.mark.timeout(240)


@contextmanager
def served(provider: str, folder: Path) -> Iterator[tuple[Any, Workbench, str]]:
    """A sandbox, read once, and its pages on a port."""
    plan = build()
    with ExitStack() as stack:
        box = stack.enter_context(sandbox_module(provider).Sandbox(plan, now=DEMO_NOW, paced=False))
        told = {
            "store": {"url": f"sqlite:///{folder / 'kpi.db'}"},
            "account": [account(provider, box, plan, "off")],
        }
        settings = Settings.model_validate(told)
        made = stack.enter_context(desk(folder / "config.toml", {}, settings=settings))
        made.sleep = lambda seconds: None
        bench = made.open(settings.account[0])
        sync_and_derive(bench)
        base = stack.enter_context(serving("127.0.0.1:0", [bench], made.key))
        assert base is not None
        yield box, bench, base


def link(bench: Workbench, user: str, base: str) -> str:
    return issue_link(bench, user, base).link


def test_a_managers_day_on_amocrm(browser: Any, tmp_path: Path) -> None:
    with served("amocrm", tmp_path) as (_, bench, base):
        for language, width, words in (("ru", 1280, "Нужно в день"), ("en", 360, "Needed a day")):
            walk = Walk(browser, base, "manager-amocrm", language, width)
            walk.enter(link(bench, "507", base))
            assert walk.page.url == f"{base}/people/507"
            page = walk.open("/people/507")
            assert words in page.inner_text("main") and page.locator("canvas").count() >= 3
            walk.keep("own")
            if language == "en":
                walk.close()
                continue
            page.locator("a.number, .figure .value a").first.click()
            assert "/explain/" in page.url and page.locator("tbody tr").count() > 0
            walk.keep("proof")
            card = page.locator("td a[target=_blank]").first
            assert (card.get_attribute("href") or "").startswith(
                bench.provider.link_to("deal:1").rpartition("/leads")[0]
            )
            walk.open("/people/507?period=2026-07")
            walk.keep("july")
            walk.page.keyboard.press("Tab")
            assert walk.page.evaluate("document.activeElement.className") == "skip"
            page.click("header form[action='/out'] button")
            assert page.url == f"{base}/in"
            walk.close()


def test_a_heads_day_on_bitrix24_and_numbers_that_come_by_themselves(browser: Any, tmp_path: Path) -> None:
    with served("bitrix24", tmp_path) as (box, bench, base):
        walk = Walk(browser, base, "head-bitrix24", "ru")
        walk.enter(link(bench, "512", base))
        page = walk.open("/board")
        assert [name in page.inner_text("table.board") for name in ("Жанна Ильина", "Анна Белова")] == [True, False]
        walk.keep("board")
        page.click("table.board tbody a >> nth=0")
        walk.settle()
        walk.keep("person")
        for title, address in (("data", "/data"), ("contests", "/contests")):
            walk.open(address)
            walk.keep(title)
        walk.open("/board")
        before = page.inner_text(".asof time")
        page.evaluate("window.same = true")
        box.advance(DEMO_NOW + timedelta(hours=20))
        sync_and_derive(bench)
        page.wait_for_function("was => document.querySelector('.asof time').textContent !== was", arg=before)
        assert page.evaluate("window.same") is True, "the page came by itself, without a reload"
        page.wait_for_function("() => document.getElementById('news').textContent !== ''")
        walk.settle()
        walk.keep("board-next-day")
        walk.close()
        english = Walk(browser, base, "head-bitrix24", "en", 360)
        english.enter(link(bench, "512", base))
        assert "Red only where" in english.open("/board").inner_text("main")
        english.keep("board")
        english.close()
        admin = Walk(browser, base, "admin-bitrix24", "en")
        admin.enter(link(bench, "1", base))
        for title in ("company", "admin"):
            admin.open(f"/{title}")
            admin.keep(title)
        admin.close()


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
