from __future__ import annotations

import pytest

from connector.errors import Limited
from connector.moment import from_ms
from connector.store.sent import ledger, raised
from tests.writeback.conftest import card, fields, task
from tests.writeback.fake import Killed


def test_fields_go_back_and_tasks_are_completed_with_a_word(desk):
    desk.crm.deals["7001"] = {"A": "0"}
    desk.push([fields("7001", last={"A": "0"}, A="1", B="2"), card("501", C="5"), task()])
    report = desk.undo(1)
    assert desk.crm.deals["7001"] == {"A": "0", "B": None}
    assert desk.crm.cards["501:2026-09"] == {"C": None}
    assert desk.crm.closed == {"61": "Снято: запуск 1 отменён."}
    assert report.states == {"done": 3}
    assert {(e.field, e.before, e.after, e.status) for e in desk.entries() if e.target == "deal:7001"} == {
        ("A", "1", "0", "undone"),
        ("B", "2", None, "undone"),
    }
    assert {e.reason for e in desk.entries()} == {"undo of run 1"}


def test_only_the_named_run_is_undone(desk):
    desk.push([fields("7001", A="1")])
    desk.push([fields("7002", A="1")])
    desk.undo(1)
    assert desk.crm.deals == {"7001": {"A": None}, "7002": {"A": "1"}}


def test_what_a_person_changed_since_is_left_alone_and_told(desk):
    desk.push([fields("7001", A="1"), fields("7002", A="1")])
    desk.crm.deals["7001"]["A"] = "by hand"
    report = desk.undo(1)
    assert desk.crm.deals == {"7001": {"A": "by hand"}, "7002": {"A": None}}
    assert report.states == {"conflict": 1, "done": 1}
    assert report.problems[0].key.startswith("undo:1:deal:7001")


def test_what_a_later_run_wrote_is_left_alone_and_told(desk):
    desk.push([fields("7001", A="1", B="1")])
    desk.push([fields("7001", last={"A": "1"}, A="2")])
    report = desk.undo(1)
    assert desk.crm.deals["7001"] == {"A": "2", "B": None}
    assert report.superseded == ["deal:7001 A"]


def test_the_undone_counts_as_wanted_so_that_the_next_run_does_not_write_it_again(desk):
    desk.push([fields("7001", A="1")])
    desk.undo(1)
    kept = desk.written()["deal:7001"]["A"]
    assert (kept.wanted, kept.shown, kept.theirs) == ("1", None, False)


def test_undoing_twice_changes_nothing_more(desk):
    desk.push([fields("7001", A="1"), task()])
    desk.undo(1)
    before = list(desk.crm.writes)
    report = desk.undo(1)
    assert desk.crm.writes == before
    assert report.states == {}
    assert report.superseded == [], "nobody wrote it again: it was put back"


def test_undone_tasks_count_as_closed_at_once(desk):
    desk.push([task(), task("502")])
    desk.pass_time(hours=1)
    desk.push([task("503")])
    desk.undo(1)
    with desk.store.read() as conn:
        told = {one.subject: one for one in raised.given(conn, desk.account)}
    assert {who for who, one in told.items() if one.withdrawn} == {"user:501", "user:502"}
    assert told["user:501"].closed_at == from_ms(desk.ms)
    assert told["user:503"].closed_at is None


def test_an_undo_can_be_undone(desk):
    desk.push([fields("7001", A="1")])
    desk.undo(1)
    desk.undo(2)
    assert desk.crm.deals["7001"] == {"A": "1"}
    assert desk.written()["deal:7001"]["A"].wanted == "1"


def test_which_undo_has_the_last_word_over_a_run(desk):
    def told(run: int) -> list[int]:
        with desk.store.read() as conn:
            return ledger.undoings(conn, desk.account, run)

    desk.push([fields("7001", A="1")])
    assert told(1) == []
    desk.undo(1)
    desk.undo(2)
    assert (told(1), told(2), told(3)) == ([2, 3], [3], [])
    desk.undo(3)
    assert (told(1), told(2)) == ([2, 3, 4], [3, 4])


def test_an_undo_that_failed_half_way_is_finished_by_asking_again(desk):
    desk.push([fields(str(n), A="1") for n in range(60)])
    desk.crm.error, desk.crm.error_after = Limited("too fast"), 10
    assert isinstance(desk.undo(1).error, Limited)
    desk.crm.error = None
    desk.undo(1)
    assert all(deal == {"A": None} for deal in desk.crm.deals.values())


def test_an_undo_that_died_is_finished_by_the_next_push_even_with_every_level_off(desk):
    from connector.config import WritebackSettings

    desk.push([fields("7001", A="1"), task()])

    def die(_wishes):
        raise Killed

    desk.crm.before_send = die
    with pytest.raises(Killed):
        desk.undo(1)
    desk.crm.before_send = lambda _wishes: None
    desk.push([], WritebackSettings(deal_fields="off", kpi_card="off", tasks="off"))
    assert desk.crm.deals["7001"] == {"A": None}
    assert list(desk.crm.closed) == ["61"]


def test_a_value_whose_answer_was_lost_is_restored_to_what_stood_before_it(desk):
    desk.push([fields("7001", A="1")])
    desk.crm.lose = 1
    desk.push([fields("7001", last={"A": "1"}, A="2")])
    desk.push()
    desk.undo(3)
    assert desk.crm.deals["7001"] == {"A": "1"}


def test_caps_and_the_loop_breaker_do_not_hold_an_undo_up(desk):
    for n in range(1, 4):
        desk.push([fields("7001", last={"A": str(n - 1)} if n > 1 else {}, A=str(n))])
    assert desk.undo(3).states == {"done": 1}
    assert desk.crm.deals["7001"] == {"A": "2"}


def test_a_run_that_wrote_nothing_undoes_nothing(desk):
    assert desk.undo(77).states == {}
    assert desk.crm.calls == []


def test_the_cards_id_survives_an_undo(desk):
    desk.push([card("501", C="5")])
    desk.undo(1)
    with desk.store.read() as conn:
        assert ledger.written(conn, desk.account)["card:501:2026-09"]["@id"].shown == "9501"
