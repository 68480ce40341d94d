"""Open deals: where they stand, what is to be done next, and how long no person has touched them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from connector.fact import STANDS, Fact
from connector.moment import to_ms
from connector.records import Done, Meeting, Task
from tests.derive.ground import at, call, deal, facts, into, message, sales

BORN = at("2026-09-01T10:00")  # a Tuesday


def open_deal(kind: str = "open_deal", more: Any = None, **parts: Any) -> Fact:
    return facts(**({"deals": (deal(outcome="open", **(more or {})),)} | parts))[f"{kind}|deal:1"]


def quiet(more: Any = None, **parts: Any) -> Fact:
    return open_deal("open_quiet", more, **parts)


def task(due: str | None = None, done: str | None = None, id: str = "9", **more: Any) -> Task:
    base: dict[str, Any] = {"on": ("deal:1",), "user_id": "501"}
    return Task(id=id, due_at=due and at(due), done_at=done and at(done), **(base | more))


def test_an_open_deal_stands_with_its_owner_of_now() -> None:
    fact = open_deal(more={"owner_id": "502", "created_by": "503"})
    assert (fact.day, fact.user, fact.stage, fact.amount, fact.due_at) == (STANDS, "502", "1/new", 100_000_00, None)
    assert (fact.creator, fact.owner_now, fact.deal, fact.pipeline) == ("503", "502", "1", "1")


def test_a_closed_deal_stands_no_more() -> None:
    for outcome in ("won", "lost"):
        assert not any(key.startswith("open_") for key in facts(deals=(deal(outcome=outcome),)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moves", "since", "confidence"),
    [
        ((), "2026-09-01T10:00", "exact"),
        ((into("x", "2026-09-02T10:00"), into("new", "2026-09-03T10:00")), "2026-09-03T10:00", "exact"),
        ((into("new", "2026-09-02T10:00"), into("new", "2026-09-03T10:00")), "2026-09-02T10:00", "exact"),
        (
            (into("new", "2026-09-02T10:00", left="y"), into("new", "2026-09-03T10:00", left="x")),
            "2026-09-03T10:00",
            "exact",
        ),
        ((into("new", "2026-09-02T10:00"), into("x", "2026-09-03T10:00")), "2026-09-03T10:00", "assumed"),
    ],
)
def test_it_is_in_its_stage_since_the_last_entry(moves: Any, since: str, confidence: str) -> None:
    fact = open_deal(moves=moves)
    assert (fact.at, fact.confidence) == (at(since), confidence)


def test_without_moves_a_later_stage_is_assumed_to_be_the_first() -> None:
    assert open_deal(more={"stage_id": "1/later"}).confidence == "assumed"


@pytest.mark.parametrize(
    ("more", "amount", "note"),
    [
        ({"amount": None}, 0, "no_amount"),
        ({"amount": 5_00, "currency": "USD"}, 450_00, None),
        ({"amount": 5_00, "currency": "GBP"}, None, "no_rate:GBP"),
    ],
)
def test_it_is_worth_what_it_is_now(more: Any, amount: Any, note: Any) -> None:
    assert (open_deal(more=more).amount, open_deal(more=more).note) == (amount, note)


@pytest.mark.parametrize(
    ("name", "parts", "due"),
    [
        (
            "the latest",
            {"tasks": (task("2026-09-09T10:00", id="1"), task("2026-09-08T10:00", id="2"))},
            "2026-09-09T10:00",
        ),
        (
            "a meeting",
            {"meetings": (Meeting(id="1", due_at=at("2026-09-09T10:00"), on=("deal:1",)),)},
            "2026-09-09T10:00",
        ),
        ("past ones too", {"tasks": (task("2020-01-01T10:00"),)}, "2020-01-01T10:00"),
        ("our own", {"tasks": (task("2026-09-09T10:00", ours=True),)}, None),
        ("done", {"tasks": (task("2026-09-09T10:00", "2026-09-02T10:00"),)}, None),
        ("without a deadline", {"tasks": (task(),)}, None),
        ("deleted", {"tasks": (task("2026-09-09T10:00"),), "gone": {"task:9": BORN}}, None),
        ("of another deal", {"tasks": (task("2026-09-09T10:00", on=("deal:2", "contact:7")),)}, None),
        ("held", {"meetings": (Meeting(id="1", due_at=BORN, done_at=BORN, on=("deal:1",)),)}, None),
    ],
)
def test_its_next_step_is_the_latest_open_deadline(name: str, parts: Any, due: str | None) -> None:
    assert open_deal(**parts).due_at == (due and at(due)), name


# Quiet: five working days of nine hours after the last thing that a person did.


def test_a_deal_that_nobody_touched_is_quiet_since_its_creation() -> None:
    fact = quiet()
    assert (fact.at, fact.due_at, fact.day, fact.user, fact.stage) == (
        BORN, at("2026-09-08T10:00"), STANDS, "501", "1/new",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "parts", "touched"),
    [
        ("a person's move", {"moves": (into("new", "2026-09-03T10:00", by="502"),)}, True),
        ("a robot's move", {"moves": (into("new", "2026-09-03T10:00"),)}, False),
        ("a call", {"calls": (call("2026-09-03T10:00", 10, user="502"),)}, True),
        ("an incoming call", {"calls": (call("2026-09-03T10:00", 10, direction="in"),)}, True),
        ("too short a call", {"calls": (call("2026-09-03T10:00", 9),)}, False),
        ("a call about another deal", {"calls": (call("2026-09-03T10:00", 10, on=("deal:2", "contact:7")),)}, True),
        ("a meeting", {"meetings": (Meeting(id="1", done_at=at("2026-09-03T10:00"), on=("deal:1",)),)}, True),
        (
            "a client's meeting",
            {"meetings": (Meeting(id="1", done_at=at("2026-09-03T10:00"), on=("contact:7",)),)},
            True,
        ),
        (
            "another's meeting",
            {"meetings": (Meeting(id="1", done_at=at("2026-09-03T10:00"), on=("deal:2", "contact:7")),)},
            False,
        ),
        ("a task done", {"tasks": (task(done="2026-09-03T10:00"),)}, True),
        ("a task of ours done", {"tasks": (task(done="2026-09-03T10:00", ours=True),)}, False),
        ("a task not done", {"tasks": (task("2026-09-03T10:00"),)}, False),
        ("a message", {"messages": (message("2026-09-03T10:00"),)}, True),
        ("a client's message of another deal", {"messages": (message("2026-09-03T10:00", on=("deal:2",)),)}, False),
        ("a robot's message", {"messages": (message("2026-09-03T10:00", user_id=None),)}, False),
        ("a deleted call", {"calls": (call("2026-09-03T10:00", 10, "5"),), "gone": {"call:5": BORN}}, False),
    ],
)
def test_only_what_a_person_did_is_an_event(name: str, parts: Any, touched: bool) -> None:
    fact = quiet(**parts)
    assert (fact.at == at("2026-09-03T10:00")) is touched, name
    assert fact.confidence == "exact"


def test_a_task_is_done_when_the_crm_tells_so() -> None:
    done = task(done="2026-09-05T10:00", updated_at=at("2026-09-05T10:00"))
    assert (quiet(tasks=(done,)).at, quiet(tasks=(done,)).confidence) == (at("2026-09-05T10:00"), "assumed")
    told = Done(id="1", of="task:9", at=at("2026-09-03T10:00"))
    assert (quiet(tasks=(done,), dones=(told,)).at, quiet(tasks=(done,), dones=(told,)).confidence) == (
        told.at,
        "exact",
    )


def test_where_the_crm_tells_no_movers_every_move_may_be_a_persons() -> None:
    fact = quiet(rules=sales("observed"), moves=(into("new", "2026-09-03T10:00"),))
    assert (fact.at, fact.confidence) == (at("2026-09-03T10:00"), "assumed")


def test_a_call_with_another_client_of_the_company_is_no_event_unless_it_is_on_the_deals_own() -> None:
    theirs = {"key": "company:3", "more": {"contacts": ("contact:8",)}}
    assert quiet(calls=(call("2026-09-03T10:00", 10),), **theirs).at == BORN
    assert quiet(calls=(call("2026-09-03T10:00", 10, on=("contact:8",)),), **theirs).at == at("2026-09-03T10:00")


@pytest.mark.parametrize(
    ("rules", "due"),
    [
        ({"stuck_after_days": 1}, "2026-09-02T10:00"),
        ({"stuck_by_stage": {"NEW": 2}}, "2026-09-03T10:00"),
        ({"stuck_by_stage": {"1/lost": 2}}, "2026-09-08T10:00"),
        ({"office_hours": "10:00-12:00"}, "2026-09-07T12:00"),
    ],
)
def test_the_norm_is_in_working_days_of_the_stage(rules: Any, due: str) -> None:
    assert quiet(rules=sales(**rules)).due_at == at(due)


def test_leads_of_one_moment_prefer_what_is_sure() -> None:
    same = at("2026-09-03T10:00")
    done = task(done="2026-09-03T10:00", updated_at=same)
    for tasks in ((done, replace(done, id="10", updated_at=None)), (replace(done, id="10", updated_at=None), done)):
        assert quiet(tasks=tasks).confidence == "exact"


def test_its_age_by_the_time_it_came_to_its_stage() -> None:
    """With that and the time since it came there its age is that of the deal, in whatever stage."""
    made = open_deal()
    assert (made.number, made.other) == (0, to_ms(made.at))
    moves = (into("1/new", "2026-09-04T10:00"),)
    assert (open_deal(moves=moves).number, open_deal(moves=moves).other) == (3 * 86400, made.other)
    assert open_deal(moves=moves, more={"created_at": at("2026-10-04T10:00")}).number == 0
