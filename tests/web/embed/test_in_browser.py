"""Inside both CRMs in a real browser: the widget by a stub of amoCRM's loader, a tab by Bitrix24's POST."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from connector.pipeline.bench import Workbench
from connector.provider import Guest, Knock
from connector.store.engine import Store
from connector.testing import FakeProvider
from connector.web.serving import serving
from providers.amocrm.entering import Lock, guest, signed
from providers.amocrm.widget import build
from tests.web.browser import AXE, RULES, SCREENS, SERIOUS, chromium
from tests.web.embed.crm import crm, frame_page, widget_page
from tests.web.ground import ANNA, opened, world

SECRET = "s" * 64


class Both(FakeProvider):
    """Lets in by amoCRM's token, or by a form as a Bitrix24 that was asked would confirm it."""

    framed_by = ""

    def admit(self, knock: Knock, known: str | None) -> Guest:
        if knock.form.get("AUTH_ID") == "known":
            return Guest(ANNA, place="deal:9")
        lock = Lock(SECRET, "uuid", "http://127.0.0.1", self.framed_by, "31")
        return guest(knock, lock, datetime.now(UTC))


def token(home: str, jti: int) -> str:
    now = int(datetime.now(UTC).timestamp())
    told: dict[str, Any] = {
        "iss": home, "aud": "http://127.0.0.1", "jti": f"jti-{jti}", "iat": now, "nbf": now, "exp": now + 1800,
        "account_id": 31, "user_id": int(ANNA), "client_uuid": "uuid",
    }  # fmt: skip
    return signed(told, SECRET)


SHOWN = {"ru": ("Эта сделка", "Выручка"), "en": ("This deal", "Revenue")}
"""What a card and a whole page begin with."""


@pytest.fixture(params=SHOWN)
def bench(request: pytest.FixtureRequest, sqlite_store: Store) -> Iterator[Workbench]:
    made = opened(sqlite_store, language=request.param)
    made.provider = Both(world())
    yield made


def test_a_card_and_a_page_inside_of_both(bench: Workbench) -> None:
    files: dict[str, bytes] = {}
    language = bench.settings.language
    deal, whole = SHOWN[language]
    home: list[str] = []
    numbers = count(1)

    def answer(path: str) -> bytes | None:
        if path == "/token":
            return token(home[0], next(numbers)).encode()
        pages = {"/card": widget_page(json.loads(files[f"i18n/{language}.json"])), "/tab": files["tab"]}
        return pages.get(path, files.get(path[1:]))

    with crm(answer) as origin, serving("127.0.0.1:0", [bench]) as address, chromium() as browser:
        assert address is not None
        home.append(origin)
        bench.provider.framed_by = origin  # type: ignore[attr-defined]
        archive = zipfile.ZipFile(io.BytesIO(build(address, "acme", "1.0.0")))
        files |= {name: archive.read(name) for name in archive.namelist()}
        files["tab"] = frame_page(f"{address}/embed/acme", {"AUTH_ID": "known", "DOMAIN": "evil.bitrix24.ru"})
        for path, shown, name in (
            ("/card", deal, "amo-card"),
            ("/tab", deal, "b24-tab"),
            ("/card#page", whole, "amo-page"),
        ):
            page = browser.new_page(viewport={"width": 360, "height": 900})
            errors: list[str] = []
            page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
            page.goto(origin + path)
            page.frame_locator("iframe").get_by_text(shown).first.wait_for(timeout=15_000)
            inner = page.frames[-1]
            if path == "/card":
                page.wait_for_function("parseInt(document.querySelector('iframe').style.height) > 120")
            inner.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            page.screenshot(path=SCREENS / f"{name}-{language}-360.png")
            inner.evaluate(AXE)
            found = inner.evaluate("rules => axe.run(document, rules)", RULES)
            assert not [one["id"] for one in found["violations"] if one["impact"] in SERIOUS], name
            assert not errors
            page.close()
        with crm(lambda path: files["tab"]) as stranger:
            page = browser.new_page()
            page.goto(f"{stranger}/tab")
            page.wait_for_timeout(500)
            assert page.frame_locator("iframe").get_by_text(deal).count() == 0
