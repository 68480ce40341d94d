"""A push right after a push writes nothing, whatever is switched on: no card depends on what the same push made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from connector.errors import Uncertain
from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.switching import SETTINGS, Level, Setting, switch
from connector.pipeline.writing import Pushed, preview_of, push
from connector.pretend.people import moscow
from connector.store.sent import ledger
from connector.wishes import AddTask, Delivered, Wish
from connector.writeback.fields import CARD_CODES
from connector.writeback.target import ALL_LEVELS, CARD_ID
from tests.journeys import loop
from tests.journeys.conftest import on_sandbox

FIRST_SECOND = moscow(2026, 9, 1).astimezone(UTC)
MIDDLE = moscow(2026, 8, 26, 11).astimezone(UTC)
PREVIEW = {"kpi_card": "preview", "tasks": "preview"}
Told = set[tuple[str, str, str | None]]


@pytest.mark.parametrize("moment", [FIRST_SECOND, MIDDLE], ids=["first_second", "middle"])
@pytest.mark.parametrize("provider", ["amocrm", "bitrix24"])
def test_the_second_push_writes_nothing(provider: str, moment: datetime, tmp_path: Path) -> None:
    with on_sandbox(provider, loop.company(), tmp_path, moment, writeback=dict.fromkeys(ALL_LEVELS, "on")) as opened:
        box, bench = opened
        sync_and_derive(bench)
        expected = shown(bench)
        first = push(bench).delivery
        assert first is not None
        assert first.levels["tasks"]["done"] > 0
        assert written(bench) == expected, "the preview tells of the month and the tasks that the push wrote"
        assert any(what == "Обратная связь" and value for _, what, value in expected)
        calls = len(box.written)
        for later in (timedelta(0), timedelta(minutes=1)):
            box.advance(moment + later)
            assert (shown(bench), push(bench).wished) == (set(), 0)
        assert len(box.written) == calls


@pytest.mark.parametrize("provider", ["amocrm", "bitrix24"])
def test_so_it_is_after_tasks_whose_answers_were_lost(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_sandbox(provider, loop.company(), tmp_path, MIDDLE, writeback=dict.fromkeys(ALL_LEVELS, "on")) as opened:
        box, bench = opened
        sync_and_derive(bench)
        expected = shown(bench)
        with monkeypatch.context() as patched:
            patched.setattr(type(bench.provider), "apply", losing_tasks(type(bench.provider).apply))
            with pytest.raises(Uncertain):
                push(bench)
        assert written(bench) == expected, "cards tell of what heads may have got"
        calls = len(box.written)
        again = push(bench).delivery
        assert again is not None
        assert again.found > 0
        assert len(box.written) == calls


def test_a_preview_of_cards_tells_of_tasks_only_where_heads_get_them(tmp_path: Path) -> None:
    with on_sandbox("amocrm", loop.company(), tmp_path, MIDDLE, writeback=PREVIEW) as (_, bench):
        sync_and_derive(bench)
        unseen = shown(bench)
        assert unseen
        assert "Обратная связь" not in {what for _, what, _ in unseen}
        assert cards_of(push(bench)) == unseen
        switch(bench, "tasks", "on", author="test")
        told = shown(bench)
        assert {what for _, what, _ in told - unseen} == {"Обратная связь"}
        assert cards_of(push(bench)) == told, "what a push says in passing is what a preview says"


def test_so_it_is_at_every_combination_of_levels(tmp_path: Path) -> None:
    with on_sandbox("amocrm", loop.company(), tmp_path, MIDDLE, writeback={}) as (_, bench):
        sync_and_derive(bench)
        for card, tasks, fields in [("preview", "on", "on"), *product(["on"], SETTINGS, ["off", "on"])]:
            levels: dict[Level, Setting] = {"kpi_card": card, "tasks": tasks, "deal_fields": fields}
            for level, setting in levels.items():
                switch(bench, level, setting, author="test")
            push(bench)
            again = push(bench).delivery
            assert again is None or not again.states, levels


def losing_tasks(apply: Callable[..., Iterator[Delivered]]) -> Callable[..., Iterator[Delivered]]:
    """The provider's way to write, by which tasks arrive and nobody hears of it."""

    def losing(self: object, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        for told in apply(self, wishes):
            if not isinstance(wishes[0], AddTask):
                yield told
        if isinstance(wishes[0], AddTask):
            raise Uncertain("the connection was cut")

    return losing


def shown(bench: Workbench) -> Told:
    """Fields of cards that a preview tells of, with what would stand there."""
    return cards_of(preview_of(bench))


def cards_of(told: Pushed) -> Told:
    """The same of a push that shows what it does not write."""
    assert told.shown is not None
    return {(one.target, one.what, one.new) for one in told.shown.changes if one.level == "kpi_card"}


def written(bench: Workbench) -> Told:
    """The same of what the ledger says that we wrote."""
    with bench.store.read() as conn:
        known = ledger.written(conn, bench.account)
    return {
        (target, CARD_CODES[code].ru, one.wanted)
        for target, fields in known.items()
        if target.startswith("card:")
        for code, one in fields.items()
        if code != CARD_ID and one.wanted is not None
    }
