from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connector.moment import to_ms
from connector.provider import Page
from connector.records import Done, Task
from connector.store import accounts
from connector.store.crm import records
from connector.store.sent import ledger, outbox
from connector.store.sent.ledger import Entry
from connector.store.sent.raised import raised
from connector.store.upsert import table
from connector.wishes import AddTask, SetFields

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
MS = to_ms(NOW)


@pytest.fixture
def account(store):
    with store.write() as conn:
        accounts.enroll(conn, "other", "fake")
        return accounts.enroll(conn, "moscow", "fake")


def wish(key: str = "deal:1#a", value: str = "1") -> SetFields:
    return SetFields(key=key, deal_id="1", values={"A": value})


def task(day: str = "2026-09-15") -> AddTask:
    key = f"task:user:501:revenue#behind_plan@{day}"
    return AddTask(key=key, marker="[kpi#1]", user_id="510", title="t", text="t", due_at=NOW)


def put(store, account, *wishes, level="deal_fields", now=MS, **more):
    with store.write() as conn:
        return outbox.put(conn, account, [(each, level, "rule") for each in wishes], run=1, now=now, **more)


def move(store, account, key, *states, **values):
    with store.write() as conn:
        for state in states:
            row = outbox.get(conn, account, [key])[key]
            if state == "sending":
                outbox.claim(conn, account, row, run=1, now=MS)
            else:
                outbox.settle(conn, account, key, state, now=MS, **values)


def states(store, account):
    with store.read() as conn:
        return {(level, state): n for (level, state), n in outbox.counts(conn, account).items()}


@pytest.mark.parametrize("before", outbox.MOVES)
def test_only_the_steps_of_the_table_exist(sqlite_store, before):
    with sqlite_store.write() as conn:
        account = accounts.enroll(conn, "moscow", "fake")
    put(sqlite_store, account, wish())
    for after in outbox.MOVES:
        with sqlite_store.write() as conn:
            conn.execute(table("outbox").update().values(state=before))
            if after in outbox.MOVES[before]:
                outbox.settle(conn, account, "deal:1#a", after, now=MS)
                assert outbox.get(conn, account, ["deal:1#a"])["deal:1#a"].state == after
            else:
                with pytest.raises(ValueError, match="cannot become"):
                    outbox.settle(conn, account, "deal:1#a", after, now=MS)


def test_nothing_is_sent_that_was_not_said_to_be_sent_and_nothing_over_is_sent_again():
    sendable = {state for state, afters in outbox.MOVES.items() if "sending" in afters}
    assert sendable == {*outbox.WAITING, *outbox.LOST}
    for state in outbox.WAITING:
        assert not {"done", "noop", "unknown"} & set(outbox.MOVES[state])


def test_another_accounts_rows_are_not_touched(store, account):
    put(store, account, wish())
    with store.write() as conn:
        assert outbox.recover(conn, account + 1000, now=MS) == 0
        with pytest.raises(ValueError, match="cannot become"):
            outbox.settle(conn, account - 1, "deal:1#a", "planned", now=MS)
    assert put(store, account - 1, whole=("deal_fields",)).withdrawn == []
    assert states(store, account) == {("deal_fields", "planned"): 1}


def test_a_rolled_back_put_leaves_nothing(store, account):
    with pytest.raises(RuntimeError), store.write() as conn:
        outbox.put(conn, account, [(wish(), "deal_fields", "rule")], run=1, now=MS)
        raise RuntimeError
    assert states(store, account) == {}


def test_a_flying_row_is_neither_replaced_nor_withdrawn(store, account):
    put(store, account, wish())
    move(store, account, "deal:1#a", "sending")
    got = put(store, account, wish("deal:1#b", "2"), whole=("deal_fields",))
    assert (got.replaced, got.withdrawn) == ([], [])
    assert states(store, account) == {("deal_fields", "sending"): 1, ("deal_fields", "planned"): 1}


def test_what_is_over_makes_room_for_the_newer(store, account):
    put(store, account, wish())
    move(store, account, "deal:1#a", "sending", "done")
    put(store, account, wish("deal:1#b", "2"))
    assert states(store, account) == {("deal_fields", "planned"): 1}


def test_a_tasks_key_is_good_for_one_task(store, account):
    put(store, account, task(), level="tasks")
    move(store, account, task().key, "sending", "done", crm_id="61")
    assert put(store, account, task(), level="tasks", force=True).refused == [task().key]
    put(store, account, task("2026-10-01"), level="tasks")
    assert states(store, account) == {("tasks", "done"): 1, ("tasks", "planned"): 1}


def test_an_unsent_task_gives_way_to_the_newer_text(store, account):
    put(store, account, task(), level="tasks")
    assert put(store, account, task("2026-09-16"), level="tasks").replaced == [task().key]


def test_not_before_is_kept_until_its_time(store, account):
    put(store, account, wish())
    move(store, account, "deal:1#a", "sending", "retry", not_before=MS + 60_000, message="busy\0")
    with store.read() as conn:

        def due(at):
            return outbox.ready(conn, account, states=outbox.WAITING, levels={"deal_fields"}, now=at)

        assert due(MS + 59_999) == []
        (row,) = due(MS + 60_000)
        assert (row.tries, row.message, row.wish) == (1, "busy", wish())


def test_a_crash_leaves_rows_that_may_have_happened(store, account):
    put(store, account, wish())
    move(store, account, "deal:1#a", "sending")
    with store.write() as conn:
        assert outbox.recover(conn, account, now=MS) == 1
        assert outbox.recover(conn, account, now=MS) == 0
    assert states(store, account) == {("deal_fields", "unknown"): 1}


# The ledger


def entry(field="A", after="1", status="done", at=MS, target="deal:1", **more) -> Entry:
    return Entry(
        run=more.pop("run", 1), key="k", target=target, field=field, before=more.pop("before", None), after=after,
        wanted=more.pop("wanted", after), status=status, reason="r", at=at,
    )  # fmt: skip


def keep(store, account, *entries):
    with store.write() as conn:
        ledger.append(conn, account, entries)


def test_the_newest_entry_tells_what_stands_there(store, account):
    keep(store, account, entry(after="1"), entry(after="2", status="noop"), entry(after=None, status="rejected"))
    keep(store, account - 1, entry(after="9"))
    with store.read() as conn:
        known = ledger.written(conn, account)
    assert {name: was.shown for name, was in known["deal:1"].items()} == {"A": "2"}


def test_a_conflict_shows_the_persons_value(store, account):
    keep(store, account, entry(after="1"), entry(before="hand", after="hand", wanted="2", status="conflict"))
    with store.read() as conn:
        was = ledger.written(conn, account, ["deal:1", "deal:2"])["deal:1"]["A"]
    assert (was.theirs, was.shown, was.wanted) == (True, "hand", "2")


def test_writes_are_told_by_moment_with_what_they_wanted(store, account):
    keep(store, account, entry("A"), entry("B"), entry("A", at=MS + 5), entry("A", at=MS + 6, status="noop"))
    keep(store, account, entry("@id", at=MS + 5, wanted=None))
    with store.read() as conn:
        [first, second] = ledger.writes(conn, account, ["deal:1"], MS - 1)["deal:1"]
        assert (first.at, {name for name, _ in first.values}) == (MS, {"A", "B"})
        assert (second.at, {name for name, _ in second.values}) == (MS + 5, {"A"})
        assert ledger.writes(conn, account, ["deal:1"], MS) == {"deal:1": [second]}


def test_text_that_a_database_refuses_is_mended(store, account):
    keep(store, account, entry(after="a\0b\ud800"))
    with store.read() as conn:
        (kept,) = ledger.of_run(conn, account, 1)
    assert kept.after == "ab\ufffd"


# Tasks that were raised


def told_of(store, account):
    with store.read() as conn:
        return raised(conn, account)


def test_a_task_counts_from_when_it_was_sent_and_is_open(store, account):
    put(store, account, task(), level="tasks")
    assert told_of(store, account) == []
    move(store, account, task().key, "sending")
    (flying,) = told_of(store, account)
    assert (flying.subject, flying.kpi, flying.head, flying.at) == ("user:501", "revenue", "510", NOW)
    move(store, account, task().key, "done", crm_id="61")
    assert told_of(store, account)[0].closed_at == NOW + timedelta(days=14)  # never seen: for a fortnight after due


def test_a_task_that_was_undone_is_closed_though_the_crm_shows_it_open(store, account):
    put(store, account, task(), level="tasks")
    move(store, account, task().key, "sending", "done", crm_id="61")
    record(store, account, Task(id="61", ours=True))
    assert told_of(store, account)[0].closed_at is None
    keep(store, account, entry("closed", "снято", "rejected", target="task:61", at=MS + 1000))
    keep(store, account, entry("closed", "снято", "undone", target="task:62", at=MS + 1000))
    assert told_of(store, account)[0].closed_at is None
    keep(store, account, entry("closed", "снято", "undone", target="task:61", at=MS + 2000))
    assert told_of(store, account)[0].closed_at == NOW + timedelta(seconds=2)


def record(store, account, *them):
    with store.write() as conn:
        for one in them:
            page = Page(records=[one], cursor="c", told_at=NOW)
            records.save_page(
                conn, account, type(one), page, now=MS, observe_owner=False, observe_price=False, fence=None
            )


@pytest.mark.parametrize("how", ["bitrix", "amo", "open"])
def test_it_is_closed_once_the_crm_says_so(store, account, how):
    put(store, account, task(), level="tasks")
    move(store, account, task().key, "sending", "done", crm_id="61")
    closed = NOW + timedelta(days=2)
    record(store, account, Task(id="61", ours=True, done_at=closed if how == "bitrix" else None))
    if how == "amo":
        record(store, account, Done(id="e1", of="task:61", at=closed))
    (got,) = told_of(store, account)
    assert got.closed_at == (None if how == "open" else closed)
