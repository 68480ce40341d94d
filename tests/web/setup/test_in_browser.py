"""The first run in a real browser, over a sandbox of each CRM; pictures are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.app import desk, read_settings
from connector.cli.demo import DEMO_NOW, sandbox_module
from connector.pipeline.switching import levels_of
from connector.pretend.company import build as company
from connector.web.serving import hosted
from connector.web.setup.app import build
from tests.web.browser import Walk

pytestmark = pytest.mark.timeout(480)


def narrowest(page: Any) -> float:
    """The width of the narrowest title of a row, in pixels."""
    widths = page.evaluate(
        "Array.from(document.querySelectorAll('tbody th'), one => one.getBoundingClientRect().width)"
    )
    return float(min(widths))


def connected(walk: Walk, link: str, provider: str, address: str, secret: str) -> Any:
    """Through the link and the first form, until the CRM was looked at."""
    page = walk.page
    page.goto(link)
    if page.get_attribute("html", "lang") != walk.language:
        walk.follow(f"button[value={walk.language}]")
    walk.keep("1-link")
    walk.follow("button.main")
    page.select_option("#provider", provider)
    page.fill("#address", address)
    page.fill("#secret", secret)
    walk.keep("2-connect")
    walk.follow("button.main")
    walk.until("fieldset.ask")
    return page


def test_amocrm_from_a_link_to_a_level_that_is_on(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config.toml"
    app, setup = build(path, {})
    with (
        sandbox_module("amocrm").Sandbox(company(), now=DEMO_NOW, paced=False) as box,
        hosted("127.0.0.1:0", app) as at,
    ):
        secret = box.options["token"].get_secret_value()
        walk = Walk(browser, at, "setup-amocrm", "ru")
        page = connected(walk, f"{at}/setup/in/{setup.code}", "amocrm", box.base_url, secret)
        walk.keep("3-answers")
        page.check("label:has-text('Ирина Лаврова') input")
        walk.follow("form[action='/setup/answers'] button.main")
        page.fill("input[name='1']", "Выручка +20 % за год")
        walk.keep("4-set")
        walk.follow("form[action='/setup/judged'] button.main")
        assert secret not in page.content() and "Выручка +20 %" in page.inner_text("pre.file")
        walk.keep("5-review")
        walk.follow("form[action='/setup/write'] button.main")
        walk.follow("form[action='/setup/compare'] button.main")
        walk.until("#beside, .alert")
        assert "Расхождений с CRM нет" in page.inner_text("main")
        walk.keep("6-beside")
        walk.follow("form[action='/setup/skip'] button.main")
        page.check("input[name=sure]")
        walk.keep("7-levels")
        walk.follow("form[action='/setup/level'] button.main")
        walk.follow("section:has(#level-kpi_card) button.quiet")
        walk.follow("form[action='/setup/finish'] button")
        walk.keep("8-done")
        walk.close()
    assert setup.finished.is_set()
    with desk(path, {}) as made:
        stands = {level: one.setting for level, one in levels_of(made.open(made.settings.account[0])).items()}
        assert stands == {"deal_fields": "on", "kpi_card": "preview", "tasks": "preview", "contests": "preview"}
        heads = made.settings.account[0].options["heads"]
    assert heads == {"Розница": ["511"]} and (tmp_path / "secrets" / "main").stat().st_mode & 0o077 == 0


def test_bitrix24_in_a_narrow_window_in_english(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config.toml"
    app, setup = build(path, {})
    with (
        sandbox_module("bitrix24").Sandbox(company(), now=DEMO_NOW, paced=False) as portal,
        hosted("127.0.0.1:0", app) as at,
    ):
        walk = Walk(browser, at, "setup-bitrix24", "en", 360)
        page = connected(walk, f"{at}/setup/in/{setup.code}", "bitrix24", portal.base_url, portal.webhook)
        walk.keep("3-answers")
        bars = page.locator("table.bars tr").all_inner_texts()
        assert len(bars) == 12 and any(not line.endswith("\t0") for line in bars), bars
        inside = (
            "Array.from(document.querySelectorAll('.bars td')).every(one => one.getBoundingClientRect().right < 360)"
        )
        assert page.evaluate(inside), "no bar runs out of its frame"
        page.fill("input.short >> nth=0", "soon")
        walk.follow("form[action='/setup/answers'] button.main")
        assert "Not understood: Reached" in page.inner_text(".alert")
        page.fill("input.short >> nth=0", "15")
        walk.follow("form[action='/setup/answers'] button.main")
        walk.keep("4-set")
        walk.follow("form[action='/setup/judged'] button.main")
        walk.follow("form[action='/setup/write'] button.main")
        walk.keep("5-written")
        walk.follow("form[action='/setup/compare'] button.main")
        walk.until("#beside, .alert")
        walk.keep("6-beside")
        assert narrowest(page) > 90, "titles of rows are words, not letters under each other"
        walk.follow("form[action='/setup/skip'] button")
        walk.keep("7-levels")
        assert narrowest(page) > 90
        walk.follow("form[action='/setup/finish'] button")
        assert "kpi run" in page.inner_text("main")
        walk.problems = [one for one in walk.problems if "400" not in one]  # the form that was refused, on purpose
        walk.close()
    rules = read_settings(path, {}).account[0].rules
    assert rules.connected_call_seconds == 15 and rules.csat_field == "CSAT"
