"""Every page of every role at 360 px in both languages: nothing sticks out, axe has nothing serious, under 200 KB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.web import serving
from tests.web.browser import Walk
from tests.web.test_browser import link, served

pytestmark = pytest.mark.timeout(480)
SELLER, HEAD, ADMIN = "507", "511", "1"
PAGES = {
    (SELLER, 360): {
        "own": "/people/507", "proof": "/explain/revenue/user/507", "contest": "/contests/new?fact=x",
        "nowhere": "/people/501", "print": "/print",
    },
    (SELLER, 300): {"card": "/card/deal:7696"},
    (HEAD, 360): {
        "board": "/board", "plans": "/plans/people/501", "data": "/data", "contests": "/contests",
        "corrections": "/corrections", "calls": "/calls", "proof": "/explain/revenue/team/700",
    },
    (ADMIN, 360): {"company": "/company", "admin": "/admin", "months": "/months", "uploads": "/calls/transcripts"},
}  # fmt: skip
"""By who looks, and how wide: a phone, and a card's column."""
LARGEST = 200_000


def test_every_page_fits_a_phone_in_both_languages(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.0)  # every page begins as a shell and fills itself
    with served("amocrm", tmp_path) as (_, _, bench, base):
        for language in ("ru", "en"):
            for (who, width), pages in PAGES.items():
                walk = Walk(browser, base, f"phone-{who}", language, width)
                walk.enter(link(bench, who, base))
                for title, address in pages.items():
                    _looked_at(walk, base + address, title)
                walk.close()


def _looked_at(walk: Walk, address: str, title: str) -> None:
    answer = walk.page.goto(address)
    assert answer.status == (404 if title == "nowhere" else 200), (address, answer.status)
    assert len(answer.body()) < LARGEST, (address, len(answer.body()))
    if title == "nowhere":
        walk.problems.clear()
    walk.settle()
    assert walk.page.get_attribute("html", "lang") == walk.language, address
    walk.keep(title)
