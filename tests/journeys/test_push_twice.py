"""A push right after a push writes nothing, whatever is switched on: no card depends on what the same push made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.switching import SETTINGS, Level, Setting, switch
from connector.pipeline.writing import preview_of, push
from connector.pretend.people import moscow
from connector.store.sent import ledger
from connector.writeback.fields import CARD_CODES
from connector.writeback.target import ALL_LEVELS, CARD_ID
from tests.journeys import loop
from tests.journeys.conftest import on_sandbox

FIRST_SECOND = moscow(2026, 9, 1).astimezone(UTC)
MIDDLE = moscow(2026, 8, 26, 11).astimezone(UTC)
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


def shown(bench: Workbench) -> Told:
    """Fields of cards that a preview tells of, with what would stand there."""
    told = preview_of(bench).shown
    assert told is not None
    return {(one.target, one.what, one.new) for one in told.changes if one.level == "kpi_card"}


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
