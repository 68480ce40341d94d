"""A seller ticks a box on his deal's card, and it is a contest; off, nothing is made and nothing is read."""

from __future__ import annotations

import pytest

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.contesting.contests import contests_of
from connector.pipeline.cycling import cycle
from connector.pipeline.switching import switch
from connector.records import Deal
from connector.store import notices
from connector.store.engine import Store
from connector.testing import World
from tests.pipeline.contesting.test_contests import decided, led, revenue

BOX, TEXT = "KPI_CONTEST", "KPI_CONTEST_TEXT"


def switched(store: Store, level: str = "on") -> Workbench:
    bench = led(store)
    off = {"deal_fields": "off", "kpi_card": "off", "tasks": "off", "contests": level}
    writeback = bench.settings.writeback.model_copy(update=off)
    bench.settings = bench.settings.model_copy(update={"writeback": writeback})
    return bench


def tick(bench: Workbench, deal: str, *, box: object, text: str = "a double") -> World:
    """He does it, and a turn of the whole flow follows."""
    world: World = bench.provider.world  # type: ignore[attr-defined]  # a FakeProvider
    world.tick(60)
    world.edit(Deal, deal, fields={BOX: box, TEXT: text})
    cycle(bench)
    return world


def states(bench: Workbench) -> list[tuple[int, str, str, str]]:
    told = [one.contest for one in contests_of(bench)]
    return [(one.id, one.ruling.about, one.state, one.reason) for one in reversed(told)]


def test_ticked_it_is_opened_emptied_withdrawn_and_ticked_again_another_one(store: Store) -> None:
    bench = switched(store)
    world = tick(bench, "1", box="1")
    assert world.made == [f"deal:{BOX}", f"deal:{TEXT}"]
    assert states(bench) == [(1, "deal:1", "open", "a double")]
    assert contests_of(bench)[0].contest.via == "card"
    tick(bench, "1", box="1")
    assert len(states(bench)) == 1
    tick(bench, "1", box="0")
    assert states(bench) == [(1, "deal:1", "withdrawn", "a double")]
    tick(bench, "1", box="1", text="still a double")
    assert states(bench)[1:] == [(2, "deal:1", "open", "still a double")]


def test_switched_on_by_an_admin_what_was_ticked_before_is_opened_too_and_off_in_the_file_stays_off(
    sqlite_store: Store,
) -> None:
    bench = switched(sqlite_store, "preview")
    assert bench.settings.writeback.wanted_fields() == (BOX, TEXT), "read from preview on"
    tick(bench, "1", box="1")
    assert states(bench) == []
    assert switch(bench, "contests", "on", author="Admin (1)")
    cycle(bench)
    assert states(bench) == [(1, "deal:1", "open", "a double")]
    closed = switched(sqlite_store, "off")
    assert closed.settings.writeback.wanted_fields() == ()
    with pytest.raises(BadConfig, match="only the file opens it"):
        switch(closed, "contests", "on", author="Admin (1)")


def test_a_box_that_stays_ticked_after_the_decision_says_nothing_new(sqlite_store: Store) -> None:
    bench = switched(sqlite_store)
    tick(bench, "1", box=True)
    decided(bench, 1, "accepted")
    assert revenue(bench) == 3000
    tick(bench, "1", box=True, text="the same")
    assert [state for _, _, state, _ in states(bench)] == ["accepted"]
    assert revenue(bench) == 3000


def test_what_cannot_be_contested_is_a_notice(sqlite_store: Store) -> None:
    bench = switched(sqlite_store)
    tick(bench, "1", box=True)
    decided(bench, 1, "accepted")
    tick(bench, "1", box=False)
    tick(bench, "1", box=True)
    with sqlite_store.read() as conn:
        (told,) = [row.text for row in notices.all(conn, bench.account) if row.code == "contest_card"]
    assert "deal:1: contested on its card, and cannot be" in told
    assert len(states(bench)) == 1


def test_off_nothing_is_made_and_nothing_is_read(sqlite_store: Store) -> None:
    bench = switched(sqlite_store, "off")
    world = tick(bench, "1", box="1")
    assert (world.made, states(bench)) == ([], [])


def test_what_the_head_decided_stands_on_the_card_once(sqlite_store: Store) -> None:
    bench = switched(sqlite_store)
    world = tick(bench, "1", box=True)
    decided(bench, 1, "declined")
    assert cycle(bench).pushed.wished == 1
    answer = world.fields["1"]["KPI_CONTEST_ANSWER"]
    assert answer is not None and answer.startswith("Отклонено ") and answer.endswith(", Boris: looked at it")
    assert (cycle(bench).pushed.wished, world.made[-1]) == (0, "deal:KPI_CONTEST_ANSWER")
    decided(bench, 1, "accepted")
    cycle(bench)
    assert str(world.fields["1"]["KPI_CONTEST_ANSWER"]).startswith("Принято ")


def test_an_answer_is_gone_when_another_contest_is_opened(sqlite_store: Store) -> None:
    bench = switched(sqlite_store)
    tick(bench, "1", box=True)
    decided(bench, 1, "declined")
    cycle(bench)
    tick(bench, "1", box=False)
    world = tick(bench, "1", box=True, text="but look again")
    assert states(bench)[1:] == [(2, "deal:1", "open", "but look again")]
    assert world.fields["1"]["KPI_CONTEST_ANSWER"] is None
