from __future__ import annotations

import pytest

from connector.errors import Busy, Limited, Reauthorise, Uncertain, Unreachable
from connector.store import leases, notices
from connector.store.sent import outbox
from connector.wishes import Written
from tests.writeback.conftest import ON, card, fields, task
from tests.writeback.fake import Killed


def test_what_is_wished_stands_in_the_crm_and_in_the_ledger(desk):
    report = desk.push([fields("7001", A="1", B="ok"), card("501", C="5"), task()])
    assert desk.crm.deals["7001"] == {"A": "1", "B": "ok"}
    assert desk.crm.cards["501:2026-09"] == {"C": "5"}
    assert len(desk.crm.tasks) == 1
    assert report.states == {"done": 3}
    assert set(desk.rows().values()) == {"done"}
    written = desk.written()
    assert written["deal:7001"]["A"].shown == "1"
    assert written["card:501:2026-09"]["@id"].shown == "9501"
    assert {e.field: (e.before, e.after, e.reason) for e in desk.entries() if e.target == "deal:7001"} == {
        "A": (None, "1", "deal_fields"),
        "B": (None, "ok", "deal_fields"),
    }
    assert {e.reason for e in desk.entries() if e.target == "task:61"} == {"behind_plan"}


def test_a_second_run_sends_nothing(desk):
    wishes = [fields("7001", A="1"), task()]
    desk.push(wishes)
    before = list(desk.crm.writes)
    report = desk.push([])
    assert desk.crm.writes == before
    assert desk.crm.calls == [1, 1]
    assert report.states == {}


def test_the_same_wish_twice_is_one_row(desk):
    desk.put([fields("7001", A="1")])
    assert desk.put([fields("7001", A="1")]).kept == [fields("7001", A="1").key]
    assert len(desk.rows()) == 1


def test_a_newer_wish_replaces_the_one_that_was_not_sent(desk):
    desk.put([fields("7001", A="1")])
    put = desk.put([fields("7001", A="2")])
    assert put.replaced == [fields("7001", A="1").key]
    desk.push()
    assert desk.crm.deals["7001"] == {"A": "2"}
    assert desk.crm.writes == ["deal:7001"]


def test_what_nobody_wishes_any_more_is_withdrawn(desk):
    desk.put([fields("7001", A="1")])
    assert desk.put([]).withdrawn == [fields("7001", A="1").key]
    desk.push()
    assert desk.crm.writes == []


@pytest.mark.parametrize("level", ["preview", "off"])
def test_nothing_is_sent_at_a_level_that_is_not_on(desk, level):
    settings = ON.model_copy(update={"deal_fields": level, "kpi_card": level, "tasks": level})
    report = desk.push([fields("7001", A="1"), card("501", C="5"), task()], settings)
    assert desk.crm.calls == []
    assert desk.rows() == {}
    assert report.states == {}


def test_switching_a_level_off_stops_what_waits(desk):
    desk.put([fields("7001", A="1")])
    desk.push(settings=ON.model_copy(update={"deal_fields": "preview"}))
    assert desk.crm.calls == []


def test_caps_leave_the_rest_for_later_and_say_so(desk):
    capped = ON.model_copy(update={"max_writes": 3, "max_tasks": 1})
    wishes = [fields(str(n), A="1") for n in range(5)] + [task("501"), task("502")]
    report = desk.push(wishes, capped)
    assert report.states == {"done": 4}
    assert report.waiting == {"deal_fields": 2, "tasks": 1}
    desk.push(settings=capped)
    assert len(desk.crm.deals) == 5
    assert len(desk.crm.tasks) == 2


DAILY = {"max_writes": 3, "max_tasks": 1, "max_writes_a_day": 7, "max_tasks_a_day": 2}


def capped_by(desk) -> dict[str, str]:
    with desk.store.read() as conn:
        return {one.subject: one.text for one in notices.all(conn, desk.account) if one.code == "write_capped"}


def test_however_many_turns_a_day_has_they_keep_to_its_caps_and_ask(desk):
    """A rule that runs wild writes a day's cap and waits for a person."""
    capped = ON.model_copy(update=DAILY)
    desk.push([fields(str(n), A="1") for n in range(30)] + [task(str(n)) for n in range(501, 511)], capped)
    assert capped_by(desk) == {}
    for _ in range(9):
        desk.pass_time(minutes=5)
        desk.push(settings=capped)
    assert (len(desk.crm.deals), len(desk.crm.tasks)) == (7, 2)
    told = capped_by(desk)
    assert set(told) == {"max_writes_a_day", "max_tasks_a_day"}
    assert "max_writes_a_day = 7" in told["max_writes_a_day"]
    assert "23 wait" in told["max_writes_a_day"]
    assert "`kpi push`" in told["max_writes_a_day"]


def test_a_person_goes_on_beyond_a_days_caps_and_a_day_later_so_does_the_program(desk):
    capped = ON.model_copy(update=DAILY)
    desk.push([card(str(n), A="1") for n in range(20)], capped)
    for _ in range(3):
        desk.push(settings=capped)
    assert len(desk.crm.cards) == 7
    desk.push(settings=capped, attended=True)
    assert len(desk.crm.cards) == 10
    assert capped_by(desk) != {}, "some still wait"
    desk.pass_time(hours=24)
    desk.push(settings=capped)
    assert (len(desk.crm.cards), capped_by(desk)) == (13, {})


def test_undoing_is_not_held_and_not_counted(desk):
    capped = ON.model_copy(update={"max_writes_a_day": 2})
    desk.push([fields("1", A="1"), fields("2", A="1")], capped)
    desk.pass_time(hours=23)
    desk.undo(1)
    assert desk.crm.deals == {"1": {"A": None}, "2": {"A": None}}
    desk.pass_time(hours=1)
    assert desk.push([fields("3", A="1"), fields("4", A="1")], capped).states == {"done": 2}


def test_what_waited_longest_goes_first_even_when_its_value_changed(desk):
    capped = ON.model_copy(update={"max_writes": 1})
    desk.put([fields("2", A="1")], whole=False)
    desk.pass_time(minutes=5)
    desk.put([fields("1", A="1"), fields("2", A="2")], whole=False)
    desk.push(settings=capped)
    assert list(desk.crm.deals) == ["2"]


def test_large_runs_go_out_in_batches_and_progress_is_told(desk):
    report = desk.push([fields(str(n), A="1") for n in range(120)])
    assert desk.crm.calls == [50, 50, 20]
    assert report.states == {"done": 120}


# Lost answers


def test_a_task_whose_answer_is_lost_twice_is_one_task(desk):
    desk.crm.lose = 2
    report = desk.push([task()])
    assert report.found == 1  # looked for at once
    assert len(desk.crm.tasks) == 1
    desk.push([task()])
    assert len(desk.crm.tasks) == 1
    assert set(desk.rows().values()) == {"done"}


def test_a_task_that_cannot_be_looked_for_is_not_sent_again(desk):
    desk.crm.lose = 1

    def no_network():
        raise Unreachable("no answer")

    desk.crm.before_find = no_network
    for _ in range(3):
        report = desk.push([task()])
        desk.pass_time(hours=1)
        assert isinstance(report.error, Unreachable)
    assert len(desk.crm.tasks) == 1
    desk.crm.before_find = lambda: None
    desk.push()
    assert len(desk.crm.tasks) == 1
    assert set(desk.rows().values()) == {"done"}


def test_a_task_that_never_arrived_is_sent_again_but_not_while_it_may_still_arrive(desk):
    desk.crm.swallow = 1
    desk.push([task()])
    desk.pass_time(minutes=0)
    desk.push()
    assert desk.crm.tasks == {}
    desk.pass_time(minutes=2)
    desk.push()
    assert len(desk.crm.tasks) == 1
    assert set(desk.rows().values()) == {"done"}


def test_a_task_that_is_swallowed_for_ever_is_dead_after_five_tries(desk):
    desk.crm.swallow = 100
    desk.push([task()])
    for _ in range(10):
        desk.pass_time(minutes=2)
        report = desk.push()
    assert desk.crm.calls == [1] * 5
    assert set(desk.rows().values()) == {"dead"}
    assert report.states == {}
    assert desk.put([task()]).refused == [task().key]
    assert desk.put([task()], force=True).new == [task().key]


def test_fields_whose_answer_is_lost_are_read_and_written_down_as_done_once(desk):
    desk.push([fields("7001", A="1")])
    desk.crm.lose = 1
    desk.push([fields("7001", last={"A": "1"}, A="2")])
    assert desk.rows()[fields("7001", A="2").key] == "unknown"
    desk.push()
    assert desk.crm.writes == ["deal:7001", "deal:7001"]
    (entry,) = desk.entries()
    assert (entry.before, entry.after, entry.status) == ("1", "2", "done")
    assert "lost" in entry.reason


def test_a_newer_value_waits_for_the_older_one_to_be_known_and_is_no_conflict(desk):
    desk.push([fields("7001", A="1")])
    desk.crm.lose = 1
    desk.push([fields("7001", last={"A": "1"}, A="2")])
    report = desk.push([fields("7001", last={"A": "1"}, A="3")])
    assert desk.crm.deals["7001"] == {"A": "3"}
    assert report.states == {"done": 2}


def test_fields_swallowed_for_ever_die_after_five_tries(desk):
    desk.crm.swallow = 100
    desk.push([fields("7001", A="1")])
    for _ in range(8):
        desk.push()
    assert desk.crm.calls == [1] * 5
    assert set(desk.rows().values()) == {"dead"}


# Errors of the provider


def test_an_error_leaves_in_the_air_what_was_not_answered_and_ends_the_run(desk):
    desk.crm.error, desk.crm.error_after = Limited("too fast"), 2
    report = desk.push([fields(str(n), A="1") for n in range(60)])
    assert report.states == {"done": 2, "unknown": 48}
    assert isinstance(report.error, Limited)
    assert desk.crm.calls == [50]
    assert report.waiting == {"deal_fields": 58}
    desk.crm.error = None
    desk.push()
    assert len(desk.crm.deals) == 60
    assert len(desk.crm.writes) == 60


@pytest.mark.parametrize("error", [Limited("later"), Reauthorise("revoked")])
def test_waiting_for_the_crm_or_for_a_person_uses_up_no_tries(desk, error):
    desk.crm.error = error
    desk.push([fields("7001", A="1")])
    for _ in range(9):
        desk.push()
    desk.crm.error = None
    desk.push()
    assert desk.crm.deals == {"7001": {"A": "1"}}


def test_a_lost_connection_while_tasks_are_created_makes_no_second_ones(desk):
    desk.crm.error, desk.crm.error_after = Uncertain("cut"), 1
    desk.push([task("501"), task("502")])
    assert len(desk.crm.tasks) == 1
    desk.crm.error = None
    desk.pass_time(minutes=2)
    desk.push()
    assert len(desk.crm.tasks) == 2


def test_a_provider_that_says_nothing_of_a_wish_did_nobody_knows_what(desk):
    apply = desk.crm.apply
    desk.crm.apply = lambda wishes: (told for told in apply(wishes) if "7002" not in told.key)
    report = desk.push([fields("7001", A="1"), fields("7002", A="1")])
    assert report.states == {"done": 1, "unknown": 1}


# Refusals and limits


def test_each_of_a_batch_is_judged_alone(desk):
    desk.crm.reject = {f"deal:{n}": "no such field" for n in (3, 17, 40)}
    report = desk.push([fields(str(n), A="1") for n in range(50)])
    assert report.states == {"done": 47, "rejected": 3}
    assert [problem.message for problem in report.problems] == ["no such field"] * 3
    assert sum(state == "rejected" for state in desk.rows().values()) == 3
    with desk.store.read() as conn:
        (notice,) = notices.all(conn, desk.account)
    assert "3 of 50" in notice.text
    assert "no such field" in notice.text


def test_the_refused_is_not_asked_again_until_its_value_changes(desk):
    desk.crm.reject = {"deal:7001": "required field «Город»"}
    desk.push([fields("7001", A="1")])
    desk.push([fields("7001", A="1")])
    assert desk.crm.calls == [1]
    desk.push([fields("7001", A="2")])
    assert desk.crm.calls == [1, 1]
    desk.crm.reject = {}
    desk.push([fields("7001", A="2")], force=True)
    assert desk.crm.deals["7001"] == {"A": "2"}
    with desk.store.read() as conn:
        assert notices.all(conn, desk.account) == []  # the cause is gone


def test_a_common_cause_of_refusals_makes_no_storm(desk):
    desk.crm.reject = {f"deal:{n}": "the field was deleted" for n in range(200)}
    report = desk.push([fields(str(n), A="1") for n in range(200)])
    assert desk.crm.calls == [50]
    assert report.paused == ["deal_fields"]
    assert report.waiting == {"deal_fields": 150}


def test_retry_waits_longer_each_time_and_then_is_dead(desk):
    desk.crm.busy = {"deal:7001"}
    desk.push([fields("7001", A="1")])
    sent = 1
    for minutes in (1, 4, 16, 64):
        desk.pass_time(minutes=minutes - 1)
        desk.push()
        assert len(desk.crm.calls) == sent
        desk.pass_time(minutes=1)
        desk.push()
        sent += 1
        assert len(desk.crm.calls) == sent
    assert set(desk.rows().values()) == {"dead"}


def test_the_fourth_write_within_an_hour_waits_and_is_told(desk):
    for n in range(1, 5):
        last = {"A": str(n - 1)} if n > 1 else {}
        report = desk.push([fields("7001", last=last, A=str(n))])
        desk.pass_time(minutes=5)
    assert desk.crm.deals["7001"] == {"A": "3"}
    assert report.looping == ["deal:7001"]
    with desk.store.read() as conn:
        assert [(n.code, n.subject) for n in notices.all(conn, desk.account)] == [("write_loop", "deal:7001")]
    desk.pass_time(minutes=39)
    desk.push()
    assert desk.crm.deals["7001"] == {"A": "3"}
    desk.pass_time(minutes=2)
    desk.push()
    assert desk.crm.deals["7001"] == {"A": "4"}
    with desk.store.read() as conn:
        assert notices.all(conn, desk.account) == []  # it is over


def test_a_card_follows_its_sellers_wins_and_waits_only_for_what_it_has_shown_before(desk):
    for n in range(1, 7):
        report = desk.push([card("501", C=str(n))])
        desk.pass_time(minutes=2)
    assert (report.looping, len(desk.crm.calls)) == ([], 6)
    for back in ("5", "6", "5"):
        report = desk.push([card("501", C=back)])
        desk.pass_time(minutes=2)
    assert report.looping == ["card:501:2026-09"]


def test_a_stop_is_obeyed_between_batches(desk):
    from connector.writeback.deliver import deliver

    desk.put([fields(str(n), A="1") for n in range(120)])
    report = deliver(
        desk.store, desk.account, desk.crm, fence=desk.fence, settings=ON, run=1, now=desk.now,
        stop=lambda: len(desk.crm.calls) >= 1,
    )  # fmt: skip
    assert report.stopped
    assert desk.crm.calls == [50]
    assert report.waiting == {"deal_fields": 70}


def test_a_level_that_is_switched_off_meanwhile_waits_and_the_others_go_on(desk):
    from connector.writeback.deliver import deliver

    desk.put([*(fields(str(n), A="1") for n in range(120)), card("501", C="5")])
    report = deliver(
        desk.store, desk.account, desk.crm, fence=desk.fence, settings=ON, run=1, now=desk.now,
        still=lambda level: level != "deal_fields" or not desk.crm.calls,
    )  # fmt: skip
    assert (report.stopped, desk.crm.calls, report.waiting) == (False, [50, 1], {"deal_fields": 70})
    assert desk.push().states == {"done": 70}


# People


def test_a_persons_value_wins_and_is_written_down(desk):
    desk.push([fields("7001", A="1", B="1")])
    desk.crm.deals["7001"]["A"] = "by hand"
    report = desk.push([fields("7001", last={"A": "1", "B": "1"}, A="2", B="2")])
    assert report.states == {"conflict": 1}
    assert desk.crm.deals["7001"] == {"A": "by hand", "B": "1"}
    theirs = desk.written()["deal:7001"]["A"]
    assert (theirs.theirs, theirs.shown, theirs.wanted) == (True, "by hand", "2")
    assert not desk.written()["deal:7001"]["B"].theirs


def test_the_crms_spelling_is_kept_beside_ours(desk):
    desk.crm.trim = True
    desk.push([fields("7001", A="5.10")])
    kept = desk.written()["deal:7001"]["A"]
    assert (kept.wanted, kept.shown) == ("5.10", "5.1")
    desk.push([fields("7001", last={"A": "5.1"}, A="5.20")])
    assert desk.crm.deals["7001"] == {"A": "5.2"}


def test_an_empty_ledger_over_a_full_crm_learns_and_writes_nothing(desk):
    desk.crm.deals["7001"] = {"A": "1"}
    report = desk.push([fields("7001", A="1")])
    assert report.states == {"noop": 1}
    assert desk.crm.writes == []
    kept = desk.written()["deal:7001"]["A"]
    assert kept == Written(wanted="1", shown="1", at=kept.at)


# The lease


def test_whoever_lost_the_lease_cannot_commit_and_the_next_holder_makes_no_second_task(desk):
    def stolen(_key):
        with desk.store.write() as conn:
            conn.execute(leases.LEASE.update().values(version=99, holder="other"))

    desk.crm.before_answer = stolen
    with pytest.raises(Busy):
        desk.push([task()])
    assert set(desk.rows().values()) == {"sending"}
    desk.crm.before_answer = lambda _key: None
    desk.fence = leases.Fence(desk.account, 99, "other")
    report = desk.push()
    assert (report.recovered, report.found) == (1, 1)
    assert len(desk.crm.tasks) == 1


# Death at every point


@pytest.mark.parametrize("point", ["before_send", "before_answer", "before_find", "settle", "claim", "look"])
def test_killed_at_any_point_there_is_one_task_and_one_value(desk, monkeypatch, point):
    def die(*_args, **_more):
        raise Killed

    if point in ("before_send", "before_answer", "before_find"):
        desk.crm.lose = 2 if point == "before_find" else 0
        setattr(desk.crm, point, die)
    elif point == "look":
        desk.crm.lose = 2
        monkeypatch.setattr("connector.writeback.deliver.looked_up", die)
    else:
        monkeypatch.setattr(outbox, point, die)
    with pytest.raises(Killed):
        desk.push([fields("7001", A="1"), task()])
    monkeypatch.undo()
    for name in ("before_send", "before_answer", "before_find"):
        setattr(desk.crm, name, lambda *_args: None)
    for _ in range(3):
        desk.pass_time(minutes=2)
        desk.push()
    assert len(desk.crm.tasks) == 1
    assert desk.crm.deals == {"7001": {"A": "1"}}
    assert sorted(desk.crm.writes) == ["deal:7001", "task:61"]
    assert set(desk.rows().values()) == {"done"}
