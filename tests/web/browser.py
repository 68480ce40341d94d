"""The system's Chromium, driven by Playwright: nothing is downloaded. `make check` on a gate machine must have one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.ground import token_in

SCREENS = Path(__file__).parents[2] / "artefacts" / "screens"
AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text("utf-8")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
SERIOUS = ("serious", "critical")
COMING = ", ".join(
    (
        '[hx-trigger*="load delay"]',
        "figure[data-chart]:not([data-drawn])",
        ".loading",
        ".htmx-request",
    )
)
"""What a page still waits for; all at once, as one part may begin to wait when another is there."""
PATIENCE = 150_000
"""Milliseconds that a page may take to fill itself on a machine that does other things."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str:
    """The browser of this machine; without one the test is skipped, but not on the gate (KPI_GATE)."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and not os.environ.get("KPI_GATE"):
        pytest.skip("no Chromium on this machine: apt install chromium")
    assert found is not None, "the gate needs a Chromium"
    return found


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable(), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Walk:
    """One person in one language at one size: pages opened, looked at by axe, kept as pictures."""

    def __init__(self, browser: Any, base: str, who: str, language: str, width: int = 1280) -> None:
        locale = "ru-RU" if language == "ru" else "en-GB"
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.base, self.name, self.language = base, f"{who}-{language}-{width}", language
        self.problems: list[str] = []
        self.page.on("console", lambda told: self._note(told.type, told.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def enter(self, link: str) -> None:
        """By a link, as a person does; then the language."""
        self.page.goto(link)
        self.follow("button.main")
        if self.page.get_attribute("html", "lang") != self.language:
            self.follow(f"header button[value={self.language}]")
        assert self.page.get_attribute("html", "lang") == self.language

    def open(self, address: str) -> Any:
        """A page, until its charts are drawn."""
        answer = self.page.goto(self.base + address)
        assert answer.status == 200, (address, answer.status)
        self.settle()
        return self.page

    def follow(self, link: Any) -> None:
        """Click what leaves the page (a selector or a locator): the next is there to its end, unlike after a click."""
        with self.page.expect_navigation(wait_until="load"):
            (self.page.locator(link).first if isinstance(link, str) else link).click()
        self.settle()

    def until(self, shown: str) -> None:
        """What the page turns into by itself, to its end."""
        self.page.wait_for_selector(shown)
        self.page.wait_for_load_state("load")

    def settle(self) -> None:
        """Until numbers, charts and parts that come later are there."""
        self.page.wait_for_function("waits => !document.querySelector(waits)", arg=COMING)

    def keep(self, title: str) -> None:
        """Look at it: nothing sticks out sideways, axe has nothing serious to say; a picture for people."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{self.name}-{title}.png", full_page=True)
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, (title, wide)
        found = self.axe()
        assert not found, f"{title}: {found}"

    def axe(self) -> list[str]:
        """What is serious, by rule and element."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("rules => axe.run(document, rules)", RULES)
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"] if one["impact"] in SERIOUS
        ]

    def close(self) -> None:
        """Nothing may have been refused or thrown on the way."""
        self.context.close()
        assert not self.problems, f"{self.name}: {self.problems}"

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.problems.append(text)


def token(page: Any) -> str:
    """What its forms bring back."""
    return token_in(page.content())
