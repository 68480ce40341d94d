"""Levels of write-back on the admin page: who may switch them, what is asked, what a push then does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import unescape

import pytest
from fastapi.testclient import TestClient

from connector.config import AccountSettings
from connector.pipeline.bench import Workbench
from connector.pipeline.overseeing import LISTED, would_write
from connector.pipeline.switching import settle, switch, writeback_of
from connector.pipeline.writing import preview_of, push
from connector.store.engine import Store
from connector.store.sent import ledger
from connector.store.sent.ledger import Entry
from connector.web.app import build
from connector.wishes import Delivered, Wish
from connector.writeback import deliver
from connector.writeback.fields import ANSWER, DEAL
from tests.web.ground import ADMIN, ANNA, HEAD, opened, signed_in, token_in


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store, writeback={"tasks": "off"})


def client_of(bench: Workbench, user: str = ADMIN) -> TestClient:
    return signed_in(TestClient(build([bench], b"k" * 32)), bench, user)


def asked(client: TestClient, level: str, **fields: str) -> tuple[int, str]:
    token = token_in(client.get("/admin").text)
    answer = client.post(f"/admin/levels/{level}", data={"token": token} | fields, follow_redirects=False)
    return answer.status_code, answer.text


def test_a_level_that_is_switched_on_is_written_by_the_next_push_and_kept_with_who_did_it(bench: Workbench) -> None:
    client = client_of(bench)
    assert push(bench).delivery is None, "everything is in preview"
    assert asked(client, "deal_fields", setting="on", sure="yes")[0] == 303
    page = client.get("/admin").text
    assert "on" in page and "Admin (1)" in page and "switched by" in page
    told = push(bench).delivery
    assert told is not None and told.written > 0
    assert asked(client, "deal_fields", setting="preview")[0] == 303
    assert push(bench).delivery is None


def test_before_a_level_is_switched_one_sees_what_it_would_change(bench: Workbench) -> None:
    """The first twelve changes of each level, in the reader's words; they are gone once they were written."""
    client = client_of(bench)
    cards = before_and_after(client, "kpi_card")
    assert ("Anna", "—") in {(row[0], row[2]) for row in cards} and len(cards) == LISTED
    fields = before_and_after(client, "deal_fields")
    assert {row[0] for row in fields} == {"Deal 9"} and all(row[3] != "—" for row in fields)
    assert asked(client, "deal_fields", setting="on", sure="yes")[0] == 303
    push(bench)
    assert before_and_after(client, "deal_fields") == []


def before_and_after(client: TestClient, level: str) -> list[list[str]]:
    """The rows shown for a level: whose, what, before, after."""
    told = client.get("/admin").text.partition(f'id="level-{level}"')[2].partition("</li>")[0]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", told, re.DOTALL)
    return [[unescape(re.sub("<[^>]+>", "", cell)) for cell in re.split(r"<td[^>]*>", row)] for row in rows]


@pytest.mark.parametrize(
    ("level", "fields", "status", "said"),
    [
        ("deal_fields", {"setting": "on"}, 400, "tick that you understand"),
        ("tasks", {"setting": "on", "sure": "yes"}, 400, "only the file can open it"),
        ("everything", {"setting": "on", "sure": "yes"}, 404, ""),
        ("deal_fields", {"setting": "always", "sure": "yes"}, 404, ""),
    ],
)
def test_what_is_refused_switches_nothing(
    bench: Workbench, level: str, fields: dict[str, str], status: int, said: str
) -> None:
    found, page = asked(client_of(bench), level, **fields)
    assert (found, said in page) == (status, True)
    assert writeback_of(bench) == bench.settings.writeback


def test_contests_are_switched_like_the_others_and_their_fields_are_then_made(bench: Workbench) -> None:
    client, box = client_of(bench), f"deal:{ANSWER.code.removesuffix('_ANSWER')}"
    assert "Contests: a box and a text on deal cards" in client.get("/admin").text
    push(bench)
    assert box not in bench.provider.world.made  # type: ignore[attr-defined]  # a FakeProvider
    assert asked(client, "contests", setting="on")[0] == 400, "not without the tick"
    assert asked(client, "contests", setting="on", sure="yes")[0] == 303
    assert writeback_of(bench).contests == "on"
    push(bench)
    assert box in bench.provider.world.made  # type: ignore[attr-defined]  # a FakeProvider


def test_a_level_that_stands_off_is_looked_at_before_it_is_switched_on_too(bench: Workbench) -> None:
    before = would_write(bench, "en")
    assert before["deal_fields"].touched > 0 and before["kpi_card"].touched > 0
    switch(bench, "deal_fields", "off", author="Admin (1)")
    switch(bench, "kpi_card", "off", author="Admin (1)")
    assert would_write(bench, "en") == before
    assert len(before_and_after(client_of(bench), "kpi_card")) == LISTED
    assert not preview_of(bench).wished, "nothing is wished at levels that are off"
    configured(bench, kpi_card="off", deal_fields="preview")
    assert "kpi_card" not in would_write(bench, "en"), "what the file bars is not offered"


@pytest.mark.parametrize("user", [ANNA, HEAD])
def test_who_is_no_admin_finds_no_switch(bench: Workbench, user: str) -> None:
    client = client_of(bench, user)
    token = token_in(client.get(f"/people/{user}").text)
    fields = {"token": token, "setting": "on", "sure": "yes"}
    assert client.post("/admin/levels/deal_fields", data=fields).status_code == 404
    assert client_of(bench).post("/admin/levels/deal_fields", data=fields).status_code == 403, "somebody else's form"


def configured(bench: Workbench, **levels: str) -> None:
    """The file as it is read the next time."""
    bench.settings = AccountSettings.model_validate(bench.settings.model_dump() | {"writeback": levels})


@pytest.mark.parametrize("noticed", [settle, push])
def test_a_file_that_is_edited_after_the_switch_has_the_last_word_for_good(
    bench: Workbench, noticed: Callable[[Workbench], object]
) -> None:
    assert switch(bench, "kpi_card", "on", author="Admin (1)") and not switch(bench, "kpi_card", "on", author="x")
    assert writeback_of(bench).kpi_card == "on"
    configured(bench, kpi_card="off")
    assert writeback_of(bench).kpi_card == "off"
    for _ in range(2):
        noticed(bench)
    configured(bench, kpi_card="preview")
    assert writeback_of(bench).kpi_card == "preview", "what was switched before the file said otherwise is over"
    told = client_of(bench).get("/admin").text
    assert told.count("<td>config.toml</td>") == 1 and "switched by config.toml" not in told
    assert push(bench).delivery is None
    assert switch(bench, "kpi_card", "on", author="Admin (1)") and writeback_of(bench).kpi_card == "on"


def test_a_level_switched_off_while_a_push_runs_ends_with_its_batch(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(bench, "kpi_card", "on", author="Admin (1)")
    monkeypatch.setattr(deliver, "BATCH", 2)
    apply, sent = bench.provider.apply, list[int]()

    def applied(wishes: Sequence[Wish]) -> Iterator[Delivered]:
        sent.append(len(wishes))
        switch(bench, "kpi_card", "off", author="Admin (1)")
        return apply(wishes)

    monkeypatch.setattr(bench.provider, "apply", applied)
    told = push(bench).delivery
    assert told is not None and sent == [2] and told.written == 2 and not told.stopped
    assert push(bench).delivery is None and sent == [2]


def test_what_was_written_is_told_by_the_fields_titles_an_answer_to_a_contest_too(bench: Workbench) -> None:
    codes = (ANSWER.code, DEAL[0].code, "UF_OLD")
    entry = Entry(1, "deal:1#x", "deal:1", "", None, "yes", "yes", "done", "contests", 1_789_000_000_000)
    with bench.store.write() as conn:
        ledger.append(conn, bench.account, [replace(entry, field=code) for code in codes])
    page = unescape(client_of(bench).get("/admin").text)
    told = {title: f"1 · {title}<" in page for title in (ANSWER.en, DEAL[0].en, "UF_OLD", ANSWER.code)}
    assert told == {ANSWER.en: True, DEAL[0].en: True, "UF_OLD": True, ANSWER.code: False}


def test_what_was_written_into_a_task_is_told_in_words_and_by_the_accounts_clock(bench: Workbench) -> None:
    entry = Entry(1, "task:61#x", "task:61", "", None, "", "", "done", "tasks", 1_789_000_000_000)
    written = {"title": "Call back", "user": ANNA, "due": "2026-09-25T15:00:00+00:00", "marker": "[kpi#1]"}
    with bench.store.write() as conn:
        ledger.append(conn, bench.account, [replace(entry, field=key, after=text) for key, text in written.items()])
    page = unescape(client_of(bench).get("/admin").text)
    for field, after in {
        "title": "Call back", "for whom": "Anna", "due": "25 Sep 2026, 18:00", "the program's mark": "[kpi#1]",
    }.items():  # fmt: skip
        assert re.search(rf"<td>Task 61 · {field}</td><td>—</td><td>{re.escape(after)}</td>", page), field
