"""Whole journeys against the sandbox: what is read equals the company, whatever the account and the network do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from connector.errors import Blocked, Forbidden, TryLater
from connector.pretend import company as companies
from connector.pretend.happenings import Called, Company, Deleted, Moved, Priced, Reassigned, Renamed, Restored
from connector.provider import Page
from connector.records import (
    KINDS,
    Call,
    Client,
    Deadline,
    Deal,
    Done,
    Lead,
    LossReason,
    Meeting,
    Message,
    Move,
    Owner,
    Pipeline,
    Price,
    Record,
    Removal,
    Stage,
    Task,
    Team,
    User,
)
from providers.amocrm.provider import AmoCrm
from providers.amocrm.sandbox import Sandbox
from tests.amocrm import small as bare
from tests.amocrm.kits import provider
from tests.amocrm.small import ANNA, BACK, BORIS, DOLLARS, OPEN, REOPENED, SALES, TRASHED, WAITING, WON, at, small, unix

WANTED = ("CSAT", "Дата оценки", "Сумма возврата", "Дата возврата")
Held = dict[type[Record], dict[str, Record]]
Cursors = dict[type[Record], str]


def connect(sandbox: Sandbox, **more: Any) -> AmoCrm:
    return provider(sandbox.options, wanted_fields=WANTED, currency_field="Валюта", **more)


def sync(amo: AmoCrm, cursors: Cursors, held: Held, *, each_page: Callable[[], None] = lambda: None) -> None:
    """As the program does: the account first, then page by page, the cursor with its rows."""
    amo.account()
    for kind in KINDS:
        if kind in amo.can.kinds:
            for page in amo.pull(kind, cursors.get(kind)):
                keep(kind, page, cursors, held)
                each_page()


def keep(kind: type[Record], page: Page, cursors: Cursors, held: Held) -> None:
    assert not page.refused
    cursors[kind] = page.cursor
    rows = held.setdefault(kind, {})
    for record in page.records:
        known = rows.get(record.id)
        if (
            known is None
            or known.updated_at is None
            or record.updated_at is None
            or known.updated_at <= record.updated_at
        ):
            rows[record.id] = record


def read(sandbox: Sandbox) -> Held:
    """Everything, by a provider that knows nothing."""
    held: Held = {}
    sync(connect(sandbox), {}, held)
    return held


@pytest.fixture(scope="module")
def company() -> Company:
    return companies.build()


@pytest.fixture(params=[True, False], ids=["filter on", "filter ignored"])
def filter_on(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def sandbox(filter_on: bool) -> Iterator[Sandbox]:
    with Sandbox(small(), paced=False, filter_on=filter_on) as made:
        yield made


def test_everything_by_hand(sandbox: Sandbox) -> None:
    held = read(sandbox)
    deals: dict[str, Any] = held[Deal]
    assert set(deals) == {str(id_) for id_ in (WON, REOPENED, BACK, WAITING, DOLLARS, OPEN)}
    won = deals[str(WON)]
    assert (won.outcome, won.owner_id, won.created_by, won.amount, won.currency) == (
        "won",
        str(BORIS),
        None,
        4_633_300,
        "RUB",
    )
    assert (won.company, won.contacts, won.stage_id) == ("company:801", ("contact:701",), f"{SALES}/142")
    assert won.fields == {
        "CSAT": "5", "Дата оценки": won.fields["Дата оценки"],
        "Сумма возврата": "1500.5", "Дата возврата": won.fields["Дата возврата"],
    }  # fmt: skip
    assert won.fields["Дата оценки"] == "2026-09-01T15:00:00+00:00"
    assert deals[str(DOLLARS)].currency == "USD"
    assert deals[str(WAITING)].unsorted
    assert (deals[str(REOPENED)].outcome, deals[str(REOPENED)].loss_reason_id is not None) == ("lost", True)
    moves: list[Any] = sorted(held[Move].values(), key=lambda move: move.at)
    assert [(m.of, m.outcome, m.from_outcome) for m in moves if m.of == f"deal:{REOPENED}"] == [
        (f"deal:{REOPENED}", "won", "open"),
        (f"deal:{REOPENED}", "open", "won"),
        (f"deal:{REOPENED}", "lost", "open"),
    ]
    [owner] = held[Owner].values()
    assert isinstance(owner, Owner)
    assert (owner.of, owner.user_id, owner.before, owner.at) == (f"deal:{WON}", str(BORIS), str(ANNA), at(5))
    assert any(isinstance(p, Price) and (p.amount, p.before) == (4_633_300, 0) for p in held[Price].values())


def test_calls_meetings_and_removals_by_hand(sandbox: Sandbox) -> None:
    held = read(sandbox)
    calls: Any = held[Call]
    assert {(c.id, c.direction, c.answered, c.seconds, c.user_id, c.on) for c in calls.values()} == {
        ("90001", "out", False, 0, str(ANNA), (f"deal:{WON}",)),
        ("90002", "out", True, 61, str(ANNA), (f"deal:{WON}",)),
        ("90003", "in", True, 15, str(BORIS), ("contact:702",)),
        ("90004", "in", False, 0, str(BORIS), ("contact:702",)),
    }
    meetings: Any = held[Meeting]
    assert meetings["61"].done_at == at(27)
    assert (meetings["61"].has_result, meetings["62"].done_at) == (True, None)
    assert {(d.of, d.at) for d in held[Done].values() if isinstance(d, Done)} == {("task:61", at(27))}
    removals: Any = held[Removal].values()
    told = {(r.of, r.what, r.at) for r in removals}
    assert told == {
        (f"deal:{TRASHED}", "deleted", at(13)),
        (f"deal:{BACK}", "deleted", at(15)),
        (f"deal:{BACK}", "restored", at(16)),
    }
    [lead] = held[Lead].values()
    assert isinstance(lead, Lead)
    assert (lead.deal, lead.outcome) == (f"deal:{WAITING}", "open")


def test_people_and_stages_by_hand(sandbox: Sandbox) -> None:
    held = read(sandbox)
    users: Any = held[User]
    assert users["503"].active is False
    assert users["501"].team_ids == ("700",)
    teams: Any = held[Team]
    assert teams["700"].head_ids == ("11",)
    assert {p.id for p in held[Pipeline].values()} >= {"100", "102"}
    stages: Any = held[Stage]
    assert (stages["100/142"].outcome, stages["100/143"].outcome, stages["102/142"].outcome) == ("won", "lost", "won")
    assert sum(stage.unsorted for stage in stages.values()) == 2
    assert held[LossReason]
    clients: Any = held[Client]
    assert set(clients) == {"contact:701", "contact:702", "company:801"}
    assert (clients["contact:701"].company, clients["contact:701"].name) == ("company:801", None)
    assert clients["contact:701"].phones == ("h9160000001",)


def test_names_only_where_wanted(sandbox: Sandbox) -> None:
    amo = connect(sandbox, keep_names=True)
    assert all(record.name for page in amo.pull(Client, None) for record in page.records)  # type: ignore[attr-defined]


def test_what_happens_later_comes_with_the_next_pull(sandbox: Sandbox) -> None:
    amo, cursors, held = connect(sandbox), {}, {}
    sync(amo, cursors, held)
    sandbox.advance(at(80))
    now = sandbox.now
    sandbox.happen(
        Moved(now, OPEN, "won", ANNA),
        Priced(now, OPEN, 100, ANNA),
        Reassigned(now, OPEN, ANNA, BORIS),
        Called(now, 90010, "out", True, 99, ANNA, 702, None),
        Deleted(now, WON, ANNA),
        Restored(now, TRASHED, ANNA),
    )
    sync(amo, cursors, held)
    assert held == read(sandbox) | {Deal: held[Deal], Removal: held[Removal]}
    assert {r.of for r in held[Removal].values() if isinstance(r, Removal) and r.at == now} == {
        f"deal:{WON}",
        f"deal:{TRASHED}",
    }
    assert str(TRASHED) in held[Deal]


def test_the_company_whole(company: Company, filter_on: bool) -> None:
    """Six months, while people edit and delete between any two pages; one quiet pull later nothing is missing."""
    with Sandbox(company, paced=False, filter_on=filter_on) as sandbox:
        amo, cursors, held = connect(sandbox), {}, {}
        deals = sorted(sandbox.world.leads.rows)
        edited = iter(deals[::3])
        deleted = iter(deals[1::40])

        def people_work() -> None:
            sandbox.advance(sandbox.now + timedelta(seconds=1))
            for deal in (next(edited, None), next(edited, None)):
                if deal is not None:
                    sandbox.happen(Renamed(sandbox.now, deal, f"Дело {deal}", ANNA))
            gone = next(deleted, None)
            if gone is not None:
                sandbox.happen(Deleted(sandbox.now, gone, ANNA))

        sync(amo, cursors, held, each_page=people_work)
        sandbox.advance(sandbox.now + timedelta(seconds=5))
        sync(amo, cursors, held)
        fresh = read(sandbox)
        gone = {r.of for r in held[Removal].values() if isinstance(r, Removal)}
        for kind, rows in fresh.items():
            assert {id_: held[kind].get(id_) for id_ in rows} == rows, kind.kind
            extra = {record.ref for id_, record in held[kind].items() if id_ not in rows}
            assert kind in (Removal, Lead) or extra <= gone, (kind.kind, extra - gone)


def test_a_quiet_cycle_costs_at_most_twelve_requests(company: Company, filter_on: bool) -> None:
    with Sandbox(company, paced=False, filter_on=filter_on) as sandbox:
        amo, cursors = connect(sandbox), {}
        sync(amo, cursors, {})
        for _ in range(3):
            sandbox.advance(sandbox.now + timedelta(minutes=5))
            before = amo.requests
            held: Held = {}
            sync(amo, cursors, held)
            assert amo.requests - before <= 12


def test_an_hour_later_directories_are_read_again(sandbox: Sandbox) -> None:
    amo, cursors, held = connect(sandbox), {}, {}
    sync(amo, cursors, held)
    sandbox.world.users[ANNA].name = "Анна Новая"
    sync(amo, cursors, held)
    assert held[User]["501"].name == "Анна Белова"  # type: ignore[attr-defined]
    sandbox.advance(sandbox.now + timedelta(minutes=61))
    sync(amo, cursors, held)
    assert held[User]["501"].name == "Анна Новая"  # type: ignore[attr-defined]


def test_an_unknown_person_makes_us_look_at_once(sandbox: Sandbox) -> None:
    amo, cursors, held = connect(sandbox), {}, {}
    sync(amo, cursors, held)
    from connector.pretend.happenings import Hired

    sandbox.advance(sandbox.now + timedelta(minutes=1))
    sandbox.happen(Hired(sandbox.now, 777, "Новый", 700), Reassigned(sandbox.now, OPEN, 777, ANNA))
    sync(amo, cursors, held)
    sync(amo, cursors, held)
    assert "777" in held[User]
    before = amo.requests
    sync(amo, cursors, held)
    assert amo.requests - before <= 12


def test_each_kind_resumes_from_its_own_place(sandbox: Sandbox) -> None:
    """One read of events feeds five kinds; a crash after the first two must cost the others nothing."""
    amo, cursors, held = connect(sandbox), {}, {}
    sync(amo, cursors, held)
    sandbox.advance(sandbox.now + timedelta(minutes=30))
    sandbox.happen(Moved(sandbox.now, OPEN, "won", ANNA), Reassigned(sandbox.now, OPEN, ANNA, BORIS))
    for page in amo.pull(Move, cursors[Move]):
        keep(Move, page, cursors, held)
    sandbox.advance(sandbox.now + timedelta(hours=2))
    again = connect(sandbox)
    sync(again, cursors, held)
    assert held[Owner] == read(sandbox)[Owner]
    assert held[Move] == read(sandbox)[Move]


@pytest.mark.parametrize("kind", [Deal, Client, Call, Move, Meeting, Removal, User])
def test_a_204_in_the_middle_is_not_the_end(company: Company, filter_on: bool, kind: type[Record]) -> None:
    with Sandbox(company, paced=False, filter_on=filter_on) as sandbox:
        whole = {r.id for page in connect(sandbox).pull(kind, None) for r in page.records}
        for nth in (2, 3, 4):
            sandbox.faults.clear()
            sandbox.faults.no_content(nth=nth, path="leads|contacts|notes|events|tasks|users")
            seen: Cursors = {}
            held: Held = {}
            amo = connect(sandbox)
            for _ in range(2):
                for page in amo.pull(kind, seen.get(kind)):
                    keep(kind, page, seen, held)
            assert set(held[kind]) == whole, nth


@pytest.mark.parametrize("fault", ["shorten", "repeat_page", "loop_next", "cut", "reset", "empty", "html", "limit"])
def test_a_bad_page_is_never_believed(company: Company, filter_on: bool, fault: str) -> None:
    with Sandbox(company, paced=False, filter_on=filter_on) as sandbox:
        whole = read(sandbox)
        where: Any = {"nth": 3, "path": "api/v4/(leads|contacts|companies|events|tasks)"}
        match fault:
            case "shorten":
                sandbox.faults.shorten(5, **where)
            case "html":
                sandbox.faults.html(200, **where)
            case "limit":
                sandbox.faults.html(429, **where)
            case _:
                getattr(sandbox.faults, fault)(**where)
        amo, cursors, held = connect(sandbox), {}, {}
        sync(amo, cursors, held)
        sandbox.faults.clear()
        sync(amo, cursors, held)
        assert held == whole


def test_a_server_that_is_down_raises_and_nothing_is_lost(sandbox: Sandbox) -> None:
    amo, cursors, held = connect(sandbox), {}, {}
    sandbox.faults.status(503, path="tasks", times=5)
    with pytest.raises(TryLater):
        sync(amo, cursors, held)
    sync(amo, cursors, held)
    assert held == read(sandbox)


def test_a_block_stops_everything(sandbox: Sandbox) -> None:
    amo = connect(sandbox)
    sandbox.faults.block(path="leads")
    with pytest.raises(Blocked):
        list(amo.pull(Deal, None))


def test_without_an_administrators_token(sandbox: Sandbox) -> None:
    """Users are out of reach; everything else is read, and a call's user is whoever the note names."""
    from pydantic import SecretStr

    amo = provider({"base_url": sandbox.base_url, "token": SecretStr(sandbox.token(ANNA))})
    with pytest.raises(Forbidden, match="administrator"):
        list(amo.pull(User, None))
    calls = [record for page in amo.pull(Call, None) for record in page.records]
    assert {call.user_id for call in calls if isinstance(call, Call)} == {str(ANNA), str(BORIS)}


def test_the_ignored_filter_is_told(filter_on: bool, sandbox: Sandbox) -> None:
    amo = connect(sandbox)
    [*_, last] = amo.pull(Deal, None)
    list(amo.pull(Deal, last.cursor))
    assert any("filter" in note for note in amo.can.notes) is not filter_on


def test_an_account_that_lies_about_its_filter(company: Company) -> None:
    """It says the filter is on and ignores it: noticed by the rows, and read by order."""
    with Sandbox(company, paced=False, filter_on=False) as sandbox:
        honest = read(sandbox)
        told = bare.Client(sandbox).read("account?with=users_groups,task_types,datetime_settings")
        sandbox.faults.body(msgspec.json.encode(told | {"is_api_filter_enabled": True}), path="account$", times=None)
        amo, cursors, held = connect(sandbox), {}, {}
        sync(amo, cursors, held)
        assert held == honest
        sandbox.advance(sandbox.now + timedelta(minutes=5))
        sandbox.happen(Renamed(sandbox.now, 7201, "Другое", ANNA))
        sync(amo, cursors, held)
        assert held[Deal]["7201"].updated_at == sandbox.now
        assert any("ignored" in note for note in amo.can.notes)


def test_history_from_a_day_on(sandbox: Sandbox) -> None:
    amo = provider({**sandbox.options, "history_from": (at(20)).date()})
    moves = [record for page in amo.pull(Move, None) for record in page.records]
    assert all(move.at.date() >= at(20).date() for move in moves if isinstance(move, Move))


def test_tasks_that_are_not_meetings(sandbox: Sandbox) -> None:
    from connector.wishes import AddTask

    amo = connect(sandbox)
    wish = AddTask(
        key="t", marker="[kpi#1]", user_id="11", title="План", text="62 %", due_at=at(90), about=f"deal:{WON}"
    )
    [told] = amo.apply([wish])
    tasks: list[Any] = [record for page in amo.pull(Task, None) for record in page.records]
    assert [(t.id, t.ours, t.on, t.user_id) for t in tasks] == [(told.crm_id, True, (f"deal:{WON}",), "11")]


def test_a_deadline_that_is_moved_is_told(sandbox: Sandbox) -> None:
    amo, cursors, held = connect(sandbox), Cursors(), Held()
    sync(amo, cursors, held)
    for hours in (80, 100):
        bare.Client(sandbox).write("PATCH", "tasks", [{"id": 62, "complete_till": unix(hours)}])
    sync(amo, cursors, held)
    moved: list[Any] = sorted(held[Deadline].values(), key=lambda one: one.due_at)
    assert [(one.of, one.before, one.due_at, one.how) for one in moved] == [
        ("task:62", at(60), at(80), "exact"),
        ("task:62", at(80), at(100), "exact"),
    ]


def test_messages_are_read_from_the_history(sandbox: Sandbox) -> None:
    sandbox.world.note_event("outgoing_chat_message", "contact", 701, ANNA, unix(20))
    sandbox.world.note_event("incoming_chat_message", "contact", 701, 0, unix(19))
    sandbox.world.note_event("outgoing_sms", "lead", WON, 0, unix(21))
    amo, cursors, held = connect(sandbox), Cursors(), Held()
    sync(amo, cursors, held)
    told: list[Any] = sorted(held[Message].values(), key=lambda one: one.at)
    assert [(one.at, one.user_id, one.on) for one in told] == [
        (at(20), str(ANNA), ("contact:701",)),
        (at(21), None, (f"deal:{WON}",)),
    ]
    sandbox.world.note_event("outgoing_chat_message", "contact", 701, BORIS, int(sandbox.now.timestamp()))
    sync(amo, cursors, held)
    assert [one.user_id for one in held[Message].values()].count(str(BORIS)) == 1  # type: ignore[attr-defined]
