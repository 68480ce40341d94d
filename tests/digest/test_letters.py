"""Letters: each line with its page, names inert, only of oneself or of whom one leads, once a day, on working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from connector.config.digest import DigestSettings
from connector.digest.letter import Letter, Line
from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.digests import letters, send, send_due
from connector.pipeline.showing import running_month, shown
from connector.records import Absence
from connector.store import runs
from connector.store.clock import absences
from connector.store.engine import Store
from tests.post.desks import Bot, Post, serving
from tests.web.ground import ANNA, BORIS, EVIL, GONE, HEAD, opened

ADDRESS = "https://kpi.example"


@pytest.fixture
def desks() -> Iterator[tuple[Post, Bot]]:
    with serving(Post()) as post, serving(Bot()) as bot:
        yield post, bot


@pytest.fixture
def bench(sqlite_store: Store, desks: tuple[Post, Bot]) -> Workbench:
    post, bot = desks
    told = {
        "smtp": {"host": "127.0.0.1", "port": post.port, "security": "none", "sender": "kpi@acme.ru"},
        "telegram": {"token": SecretStr("1:secret-token"), "address": bot.address},
        "to": [
            {"user": "Anna", "email": "anna@acme.ru", "chat": "42"}, {"user": BORIS, "chat": "43"},
            {"user": HEAD, "email": "irina@acme.ru"}, {"user": GONE, "chat": "44"},
        ],
    }  # fmt: skip
    made = opened(sqlite_store)
    made.settings = made.settings.model_copy(update={"digest": DigestSettings.model_validate(told)})
    made.address = ADDRESS
    return made


def test_a_seller_reads_of_himself_with_links(bench: Workbench) -> None:
    found = {one.letter.user: one.letter for one in letters(bench, "daily")}
    assert set(found) == {ANNA, BORIS}
    anna = found[ANNA]
    assert "10,000" in anna.lines[0].text and "3,000" in anna.lines[0].text and "a working day" in anna.lines[0].text
    assert all(line.href for line in anna.lines[:-1]) and "Data as of" in anna.lines[-1].text
    assert BORIS not in anna.plain() and EVIL not in anna.html()


def test_days_away_are_taken_off_the_plan_that_a_letter_tells_and_it_says_so(bench: Workbench) -> None:
    assert "by the days worked" not in letters(bench, "daily")[0].letter.plain()
    month = running_month(bench)
    away = Absence.of(ANNA, "vacation", month.start, month.start + timedelta(days=13))
    with bench.store.write() as conn:
        absences.take(conn, bench.account, [away], source="csv", now=bench.now())
    line = next(one.letter for one in letters(bench, "daily") if one.letter.user == ANNA).lines[0].text
    less = shown(bench, month).by_days[f"user:{ANNA}", "revenue"]
    assert f"by the days worked: {less.days} of {less.whole}; agreed: " in line and "10,000" in line
    assert f"Plan {less.value:,.0f}" in line.replace("\u00a0", " ") and less.value < 10_000


def test_a_head_reads_of_those_he_leads(bench: Workbench) -> None:
    (only,) = letters(bench, "weekly")
    assert only.letter.user == HEAD
    links = {line.href for line in only.letter.lines if line.href}
    assert links == {f"{ADDRESS}/people/{ANNA}", f"{ADDRESS}/people/{BORIS}"}
    assert EVIL in only.letter.plain() and EVIL not in only.letter.html() and EVIL not in only.letter.telegram()


def test_letters_go_by_every_way_and_a_refusal_delays_nobody(bench: Workbench, desks: tuple[Post, Bot]) -> None:
    post, bot = desks
    assert send(bench, "daily") == (sent := send(bench, "daily")) and sent.count == 3
    assert [message["To"] for message in post.letters] == ["anna@acme.ru"] * 2
    assert [body["chat_id"] for _, body in bot.asked] == ["42", "43"] * 2
    post.refuse = True
    third = send(bench, "daily")
    assert third.count == 2 and len(third.problems) == 1 and "mail" in third.problems[0]
    with bench.store.read() as conn:
        last = runs.latest(conn, bench.account, "digest daily")
    assert last is not None and last.writes == 2 and "refused" in (last.error or "")


def test_the_clock_sends_once_a_day_and_not_on_days_off(bench: Workbench, desks: tuple[Post, Bot]) -> None:
    clock: Any = bench.clock
    assert bench.calendar().is_working(clock.now.date())
    assert send_due(bench, "daily") is not None
    assert send_due(bench, "daily") is None
    clock.now += timedelta(days=(5 - clock.now.weekday()) % 7)
    assert clock.now.weekday() == 5 and send_due(bench, "daily") is None
    clock.now += timedelta(days=2)
    assert send_due(bench, "daily") is not None
    assert len(desks[0].letters) == 2


def test_without_settings_and_for_strangers_nothing_goes(bench: Workbench) -> None:
    assert bench.settings.digest is not None
    strange = bench.settings.digest.model_copy(
        update={"to": (bench.settings.digest.to[0].model_copy(update={"user": "x"}),)}
    )
    bench.settings = bench.settings.model_copy(update={"digest": strange})
    with pytest.raises(BadConfig, match="nobody here"):
        letters(bench, "daily")
    bench.settings = bench.settings.model_copy(update={"digest": None})
    with pytest.raises(BadConfig, match="nobody gets letters"):
        send(bench, "daily")


def test_a_telegram_message_stays_within_its_size_and_whole() -> None:
    made = Letter("1", "s", tuple(Line(f"{n} <b>&", f"https://x/{n}") for n in range(500)))
    text = made.telegram()
    assert len(text) <= 4096
    assert text.count("<a ") == text.count("</a>") and "<b>&" not in text.partition("\n")[2]


def test_an_address_that_is_none_is_no_link() -> None:
    assert "<a" not in Letter("1", "s", (Line("x", "javascript:alert(1)"),)).html()
