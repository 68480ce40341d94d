"""Forms in a real browser, in both languages, wide and narrow: plans, months, contests, corrections, calls, levels.

Names in this company are meant to harm. Pictures are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connector.pipeline.bench import Workbench
from connector.pipeline.switching import writeback_of
from connector.pipeline.talks.people_scoring import sample
from connector.records import User
from connector.store.crm import records
from connector.store.engine import Store
from connector.web.links import issue_link
from connector.web.serving import serving
from tests.pipeline.planning.test_replanning import agree, looked, month, on_time
from tests.pipeline.talking import HANDLED
from tests.pipeline.talks.test_people_scoring import WEEK, sampling
from tests.web.browser import Walk
from tests.web.closing.test_rooms import since_july
from tests.web.ground import ADMIN, ANNA, BORIS, EVIL, HEAD

pytestmark = pytest.mark.timeout(300)
_RATERS = [*(User(id=id, name=id) for id in ("511", "512", "513")), User(id=ADMIN, name="Admin", admin=True)]


@contextmanager
def walking(browser: Any, bench: Workbench, base: str, user: str, language: str, width: int = 1280) -> Iterator[Walk]:
    """Somebody signed in, looked after to the end; a form that is refused on purpose answers 400."""
    walk = Walk(browser, base, f"forms-{user}", language, width)
    walk.page.on("dialog", lambda dialog: walk.problems.append(f"dialog: {dialog.message}"))
    walk.enter(issue_link(bench, user, base).link)
    yield walk
    walk.problems = [one for one in walk.problems if "status of 400" not in one]
    walk.close()


def narrowed(walk: Walk) -> None:
    """The same person goes on at 360 px and in English: signing in again would show nothing new."""
    walk.page.set_viewport_size({"width": 360, "height": 900})
    walk.follow("header button[value=en]")
    walk.name = walk.name.replace("ru-1280", "en-360")
    assert walk.page.get_attribute("html", "lang") == "en"


def test_plans_contests_months_and_levels(browser: Any, sqlite_store: Store) -> None:
    bench = since_july(sqlite_store)
    with serving("127.0.0.1:0", [bench], b"k" * 32) as base:
        assert base is not None
        with walking(browser, bench, base, ANNA, "en", 360) as anna:
            page = anna.open(f"/people/{ANNA}")
            anna.follow("a.quiet[href^='/contests/new']")
            anna.keep("contest-form")
            page.fill("textarea", EVIL)
            anna.follow("form[action='/contests'] button.main")
            assert EVIL in page.inner_text("main")
            anna.keep("contests")
        with walking(browser, bench, base, HEAD, "ru") as head:
            page = head.open("/board")
            head.follow("a[href^='/plans/people/']")
            _plan(head, page)
            head.open("/contests")
            head.keep("contests")
        with walking(browser, bench, base, ADMIN, "ru") as admin:
            _month(admin, "закрыт")
            _level(admin)
            narrowed(admin)
            _month(admin, "open")
            admin.open("/admin").click("#level-kpi_card summary")
            admin.keep("level-form")
            admin.open(f"/plans/people/{BORIS}?period=2026-09")
            admin.keep("plans")
    assert writeback_of(bench).kpi_card == "on"


def _plan(head: Walk, page: Any) -> None:
    """A value that will not do, then one that does."""
    form = page.locator("form[action^='/plans/people/']").first
    form.locator("[name=value]").fill("много")
    form.locator("[name=reason]").fill("сезон")
    head.follow(form.locator("button.main"))
    assert "много" in page.inner_text(".alert")
    head.keep("plan-refused")
    form = page.locator("form[action^='/plans/people/']").first
    form.locator("[name=value]").fill("2500")
    form.locator("[name=reason]").fill("сезон")
    head.follow(form.locator("button.main"))
    assert "План сохранён" in page.inner_text("main")
    head.keep("plan-saved")


def _month(admin: Walk, becomes: str) -> None:
    """July is closed in one language and opened again in the other."""
    page = admin.open("/months")
    page.click("#month-2026-07 summary")
    admin.keep("months")
    page.fill("#month-2026-07 textarea", "payroll")
    page.check("#month-2026-07 input[name=sure]")
    admin.follow("#month-2026-07 button.main")
    assert becomes in page.inner_text("#month-2026-07 h2")


def _level(admin: Walk) -> None:
    """Cards are switched on, with the tick that it takes."""
    page = admin.open("/admin")
    for sure in (False, True):
        page.click("#level-kpi_card summary")
        page.select_option("#to-kpi_card", "on")
        if sure:
            page.check("#level-kpi_card input[name=sure]")
        admin.follow("#level-kpi_card button.main")
        assert sure or "Ничего не переключено" in page.inner_text(".alert")
    assert "пишет в CRM" in page.inner_text("#level-kpi_card")
    admin.keep("levels")


def test_corrections_are_decided(browser: Any, sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 1_500_000)
    on_time(made)
    assert looked(made)
    with (
        serving("127.0.0.1:0", [made.bench], b"k" * 32) as base,
        walking(browser, made.bench, str(base), "590", "ru") as head,
    ):
        page = head.open("/corrections")
        head.keep("corrections")
        page.fill("textarea", "договорились")
        head.follow("button[formaction$='approved'], form[action$='approved'] button")
        assert "договорились" in page.inner_text("main")
        narrowed(head)
        head.keep("corrections-done")


def test_a_call_is_scored(browser: Any, sqlite_store: Store) -> None:
    bench = sampling(sqlite_store)
    sample(bench, WEEK, seed=7)
    with bench.store.write() as conn:
        records.keep(conn, bench.account, _RATERS, now=bench.now())
    with (
        serving("127.0.0.1:0", [bench], b"k" * 32) as base,
        walking(browser, bench, str(base), "511", "ru") as rater,
    ):
        page = rater.open("/calls")
        rater.follow("main a[href^='/calls/']")
        rater.keep("call")
        narrowed(rater)
        rater.keep("call")
        for choice in page.query_selector_all("input[value=not_applicable]"):
            choice.check()
        rater.follow("form button.main")
        assert page.url.endswith("/calls")
        rater.keep("calls")
        with walking(browser, bench, str(base), ADMIN, "ru") as admin:
            _uploaded(admin)


def _uploaded(admin: Walk) -> None:
    """One file that is taken, one that is not; then nothing at all, in the other language on a phone."""
    page = admin.open("/calls")
    admin.follow("a[href='/calls/transcripts']")
    told = {"call-100.txt": HANDLED, f"{EVIL.replace('/', '')}.txt": "?"}
    files = [{"name": name, "mimeType": "text/plain", "buffer": words.encode()} for name, words in told.items()]
    page.set_input_files("input[type=file]", files)
    admin.follow("main form button.main")
    assert "Принято: 1. Уже были: 0. Не принято: 1." in page.inner_text("#uploaded")
    admin.keep("uploaded")
    narrowed(admin)
    admin.keep("upload")


def test_charts_are_taken_away_as_pictures(browser: Any, company: Workbench, tmp_path: Path) -> None:
    with (
        serving("127.0.0.1:0", [company], b"k" * 32) as base,
        walking(browser, company, str(base), HEAD, "en") as head,
    ):
        page = head.open("/board?team=700")
        for kind, begins in (("png", b"\x89PNG\r\n\x1a\n"), ("svg", b"<svg ")):
            with page.expect_download() as taken:
                page.click(f"figure:has-text('Win rate') button[data-take={kind}]")
            assert taken.value.suggested_filename.endswith(f".{kind}")
            path = tmp_path / f"chart.{kind}"
            taken.value.save_as(path)
            body = path.read_bytes()
            assert body.startswith(begins) and len(body) > 1000
        text = body.decode()
        assert "&lt;img src=x" in text and "<img" not in text and "<script" not in text
        head.keep("charts")
        assert _taken(page) >= 3
        assert _taken(head.open("/people/501")) >= 2


def _taken(page: Any) -> int:
    """Every chart of the page in both forms: each comes whole, under its own name. How many there are."""
    names = set()
    for kind, begins in (("png", b"\x89PNG\r\n\x1a\n"), ("svg", b"<svg ")):
        for button in page.locator(f"button[data-take={kind}]").all():
            with page.expect_download() as taken:
                button.click()
            body = Path(taken.value.path()).read_bytes()
            assert body.startswith(begins) and len(body) > 1000, taken.value.suggested_filename
            names.add(taken.value.suggested_filename)
    assert {name[-3:] for name in names} == {"png", "svg"}
    return len(names) // 2
