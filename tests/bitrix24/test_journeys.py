"""Whole reads of the sandbox: all there, in both modes, whatever happens on the way."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connector import errors
from connector.pretend.happenings import Company, Deleted, Moved, Renamed, Rescheduled, TaskDone, TaskSet
from connector.provider import Tokens
from connector.records import KINDS, Call, Client, Deal, Gone, Lead, Meeting, Move, Task, User
from providers.bitrix24 import connect
from providers.bitrix24.batch import Command
from providers.bitrix24.client import Client as Rest
from providers.bitrix24.cursor import Cursor, Mark, decode, ms
from providers.bitrix24.provider import Bitrix24
from providers.bitrix24.sandbox import Fails, Lost, Missing, Reset, Sandbox, Short, Status, Truncated
from providers.bitrix24.sandbox.rows import DEAL, LEAD
from tests.bitrix24.conftest import MemoryVault, again, kit_for
from tests.bitrix24.mirror import Mirror, sold_in
from tests.bitrix24.tiny import many

Open = Callable[..., tuple[Any, Bitrix24]]
BIG = (Client, Lead, Deal, Move, Call, Meeting, Task)


def whole(provider: Bitrix24) -> Mirror:
    mirror = Mirror()
    mirror.sync(provider)
    return mirror


@pytest.mark.parametrize("mode", ["classic", "simple"])
@pytest.mark.parametrize("history_text", [False, True])
def test_a_full_read_is_the_whole_company(portal: Open, mode: str, history_text: bool) -> None:
    sandbox, provider = portal(mode=mode, history_text=history_text)
    mirror = whole(provider)
    assert mirror.sold() == sold_in(sandbox.portal)
    assert len(mirror.rows[User]) == len(sandbox.portal.people.rows)
    assert len(mirror.calls()) == sum(1 for call in sandbox.portal.calls.rows.values() if call.type != 5)
    assert len(mirror.moves()) == visible_moves(sandbox)
    assert len(mirror.meetings()) == sum(1 for a in sandbox.portal.activities.rows.values() if a.type == 1)
    assert provider.can.notes == ()
    assert provider.requests < 20


def visible_moves(sandbox: Any) -> int:
    """Rows of deals that are there, in the pipeline in which they stand now."""
    kinds = (LEAD, DEAL) if sandbox.portal.classic else (DEAL,)
    return sum(len(sandbox.portal.histories[kind].seen.rows) for kind in kinds)


def test_a_quiet_round_of_a_new_process_costs_at_most_twelve_requests(portal: Open) -> None:
    sandbox, provider = portal()
    mirror = whole(provider)
    another = again(sandbox)
    mirror.sync(another)
    assert another.requests <= 12


def test_a_quiet_round_of_a_new_process_asks_no_list_from_its_start_where_there_are_no_leads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest, asked = Rest.read, list[Command]()

    def read(rest: Rest, commands: Mapping[str, Command]) -> dict[str, Any]:
        asked.extend(commands.values())
        return honest(rest, commands)

    with Sandbox(many(60), paced=False, mode="simple") as sandbox:
        mirror = whole(again(sandbox))
        monkeypatch.setattr(Rest, "read", read)
        mirror.sync(again(sandbox))
    moves = [command.parameters["filter"][">ID"] for command in asked if command.method == "crm.stagehistory.list"]
    assert moves and 0 not in moves


def test_moves_of_leads_that_were_being_read_when_leads_were_switched_off_hold_nothing_up(portal: Open) -> None:
    sandbox, _ = portal(mode="simple")
    began = ms(sandbox.now)
    marks = {"deal_history": Mark(now=began, id=40, done=True), "lead_history": Mark(now=began, id=90, left=((5, 90),))}
    [page] = again(sandbox).pull(Move, Cursor(marks=marks).encode())
    assert (list(page.records), decode(page.cursor).marks) == ([], {"deal_history": Mark(since=began, id=40)})
    later = {name: Mark(since=1, now=began, id=mark.id, done=mark.done) for name, mark in marks.items()}
    [page] = again(sandbox).pull(Move, Cursor(marks=later).encode())
    assert (list(page.records), decode(page.cursor).marks) == ([], {"deal_history": Mark(since=began, id=40)})


def test_a_quiet_round_of_a_running_process_costs_three(portal: Open) -> None:
    sandbox, provider = portal()
    mirror = whole(provider)
    for _ in range(3):
        before = provider.requests
        sandbox.advance(sandbox.now + timedelta(minutes=5))
        mirror.sync(provider)
        assert provider.requests - before <= 3


def test_what_was_asked_together_is_never_older_than_the_round(portal: Open) -> None:
    sandbox, provider = portal()
    mirror = whole(provider)
    mirror.sync(provider)
    sandbox.happen(Renamed(sandbox.now, 9036, "Иначе", 501))
    mirror.sync(provider)
    assert mirror.sold() == sold_in(sandbox.portal)


def test_six_months_followed_in_steps_are_the_same_as_read_at_once(portal: Open, company: Company) -> None:
    start = company.start + timedelta(days=120)
    sandbox, provider = portal(now=start)
    mirror = whole(provider)
    while sandbox.now < company.end:
        sandbox.advance(min(company.end, sandbox.now + timedelta(days=3, hours=5)))
        mirror.sync(provider if random.Random(str(sandbox.now)).random() < 0.5 else again(sandbox))
    held, there = mirror.sold(), sold_in(sandbox.portal)
    assert {ref: held[ref] for ref in there} == there
    assert len(mirror.calls()) == sum(1 for call in sandbox.portal.calls.rows.values() if call.type != 5)
    done = {str(a.id): a.completed for a in sandbox.portal.activities.rows.values() if a.type == 1}
    assert {ident: at is not None for ident, at in mirror.meetings().items() if ident in done} == done


@pytest.mark.parametrize("seed", range(6))
def test_edits_and_deletions_while_it_is_read_lose_nothing(portal: Open, seed: int) -> None:
    sandbox, provider = portal(mode="classic" if seed % 2 else "simple")
    chance = random.Random(seed)

    def disturb(box: Sandbox) -> None:
        box.portal.now += timedelta(seconds=1)
        deals = sorted(box.portal.items[DEAL].rows)
        for deal in chance.sample(deals, 5):
            box.world.happen(Renamed(box.portal.now, deal, f"Правка {chance.random()}", 501))
        for deal in chance.sample(deals, 2):
            box.world.happen(Deleted(box.portal.now, deal, 501))

    sandbox.mutate = disturb
    mirror = whole(provider)
    sandbox.mutate = None
    mirror.sync(provider)
    held, there = mirror.sold(), sold_in(sandbox.portal)
    assert {ref: held.get(ref) for ref in there} == there


@pytest.mark.parametrize("seed", range(4))
def test_a_process_that_dies_after_any_page_goes_on(portal: Open, seed: int) -> None:
    sandbox, provider = portal()
    chance = random.Random(seed)
    mirror, deaths = Mirror(), 0
    for kind in BIG:
        while True:
            died = False
            for page in provider.pull(kind, mirror.cursors.get(kind)):
                mirror.save(kind, page)
                if died := chance.random() < 0.4:
                    break
            if not died:
                break
            deaths += 1
            sandbox.advance(sandbox.now + timedelta(minutes=1))
            sandbox.happen(Renamed(sandbox.now, 9036, f"Правка {deaths}", 501))
            provider = again(sandbox)
    assert deaths > 0
    mirror.sync(again(sandbox), BIG)
    assert mirror.sold() == sold_in(sandbox.portal)


@pytest.mark.parametrize(
    ("fault", "method"),
    [
        (Missing(), "crm.item.list"),
        (Fails("INTERNAL_SERVER_ERROR", status=500), "crm.item.list"),
        (Fails("QUERY_LIMIT_EXCEEDED", status=503), "crm.stagehistory.list"),
        (Short(7), "crm.item.list"),
        (Short(1), "crm.stagehistory.list"),
        (Short(0), "voximplant.statistic.get"),
        (Status(502), "batch"),
        (Status(200, "<html>Вход</html>"), "batch"),
        (Status(503, '{"error":"QUERY_LIMIT_EXCEEDED"}', "application/json"), "batch"),
        (Truncated(0.5), "batch"),
        (Truncated(0.9, length_told=True), "batch"),
        (Reset(300), "batch"),
        (Lost(), "batch"),
    ],
)
@pytest.mark.parametrize("nth", [1, 2, 5])
def test_one_fault_costs_a_request_and_no_row(portal: Open, fault: Any, method: str, nth: int) -> None:
    sandbox, provider = portal(kit={"sleep": lambda seconds: None})
    rule = sandbox.faults.add(fault, method, nth=nth)
    mirror = whole(provider)
    assert rule.used == 1
    assert mirror.sold() == sold_in(sandbox.portal)
    assert len(mirror.moves()) == visible_moves(sandbox)


def test_a_portal_that_drops_iso_dates_is_asked_in_its_own_format(portal: Open) -> None:
    sandbox, provider = portal(plain_dates=True)
    mirror = whole(provider)
    for _ in range(2):
        sandbox.advance(sandbox.now + timedelta(minutes=5))
        sandbox.happen(Renamed(sandbox.now, 9036, f"в {sandbox.now}", 501))
        mirror.sync(provider)
    assert mirror.sold() == sold_in(sandbox.portal)
    before = provider.requests
    sandbox.advance(sandbox.now + timedelta(minutes=5))
    mirror.sync(provider)
    assert provider.requests - before <= 5
    assert provider.can.notes == ()


def test_without_the_right_to_statistics_calls_are_activities(portal: Open) -> None:
    sandbox, provider = portal(call_statistics=False)
    mirror = whole(provider)
    calls = mirror.calls()
    assert calls
    assert all(ident.startswith("activity-") for ident in calls)
    assert any("statistics" in note for note in provider.can.notes)
    sandbox.switches.call_statistics = True
    mirror.sync(provider)
    assert sum(not ident.startswith("activity-") for ident in mirror.calls()) > 0


def test_a_call_that_gets_its_client_late_is_read_again(
    portal: Open, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.bitrix24.calls.WINDOW", timedelta(days=30))
    sandbox, provider = portal(now=company.end - timedelta(days=1))
    mirror = whole(provider)
    last = max((int(ident) for ident in mirror.calls()), default=0)
    row = sandbox.portal.calls.rows[last - 60]
    assert mirror.rows[Call][str(row.id)] is not None
    row.seconds += 7
    sandbox.portal.calls.touch(row.id)
    sandbox.portal.now += timedelta(minutes=10)
    mirror.sync(provider)
    sandbox.portal.now += timedelta(hours=1)
    mirror.sync(provider)
    assert mirror.calls()[str(row.id)][3] == row.seconds


def test_a_method_over_its_operating_limit_stops_its_streams_alone(portal: Open) -> None:
    _, provider = portal(paced=True, operating_cost={"crm.item.list": 400.0})
    mirror = Mirror()
    with pytest.raises(errors.Limited) as limited:
        mirror.sync(provider, (Client, Deal))
    assert limited.value.retry_at is not None
    sent = provider.requests
    with pytest.raises(errors.Limited):
        mirror.sync(provider, (Deal,))
    assert provider.requests == sent
    mirror.sync(provider, (Call, Meeting, Task))
    assert mirror.calls()


@pytest.mark.parametrize("operating_mode", ["inner", "batch"])
def test_both_ways_of_charging_a_batch_end_in_a_clear_limit(portal: Open, operating_mode: str) -> None:
    costs = {"crm.item.list": 300.0, "batch": 300.0}
    _, provider = portal(paced=True, operating_mode=operating_mode, operating_cost=costs)
    with pytest.raises(errors.Limited) as limited:
        whole(provider)
    assert limited.value.retry_at is not None


def test_a_webhook_of_no_administrator_proves_no_deletion(portal: Open) -> None:
    sandbox, provider = portal(admin=False)
    mirror = whole(provider)
    assert any("administrator" in note for note in provider.can.notes)
    sandbox.happen(Deleted(sandbox.now, 9036, 501))
    with pytest.raises(errors.Forbidden):
        list(provider.fetch(Deal, ["9036", "7201"]))
    assert mirror.sold()


def test_an_unpaid_plan_needs_a_person(portal: Open) -> None:
    _, provider = portal(commercial=False)
    with pytest.raises(errors.Unpaid):
        provider.account()


def test_a_deal_that_returns_to_a_pipeline_brings_its_older_history(portal: Open) -> None:
    sandbox, provider = portal(mode="simple")
    deal = next(i for i in sandbox.portal.items[DEAL].rows.values() if i.category == 0 and i.semantics == "P")
    first = sandbox.portal.now
    sandbox.happen(Moved(first, deal.id, "new", 501, pipeline=101))
    mirror = whole(provider)
    hidden = {m[0] for m in mirror.moves() if m[1] == f"deal:{deal.id}"}
    sandbox.advance(first + timedelta(minutes=10))
    sandbox.happen(Moved(sandbox.now, deal.id, "proposal", 501, pipeline=100))
    mirror.sync(provider)
    back = {m[0] for m in mirror.moves() if m[1] == f"deal:{deal.id}"}
    shown = {f"deal-{step.id}" for step in sandbox.portal.histories[DEAL].of[deal.id]}
    assert hidden < back
    assert back == shown


def application(sandbox: Any) -> tuple[Bitrix24, MemoryVault]:
    vault = MemoryVault()
    provider = connect(kit_for(sandbox.oauth_options(), vault=vault))
    assert provider.authority is not None
    return provider, vault


def test_an_application_is_let_in_by_code_and_goes_on_for_hours(portal: Open) -> None:
    sandbox, _ = portal()
    provider, vault = application(sandbox)
    with pytest.raises(errors.Reauthorise):
        provider.account()
    assert provider.authority is not None
    code = sandbox.oauth.code(sandbox.portal.integration)
    provider.authority.accept(f"{sandbox.oauth.redirect_uri}?code={code}&member_id=x&domain=127.0.0.1")
    assert provider.account().id == sandbox.oauth._pair(sandbox.portal.integration)["member_id"]
    mirror = Mirror()
    for _ in range(3):
        sandbox.advance(sandbox.now + timedelta(hours=2))
        mirror.sync(provider)
    assert mirror.sold() == sold_in(sandbox.portal)
    assert vault.spent == 3


def test_a_removed_application_asks_for_a_person_once(portal: Open) -> None:
    sandbox, _ = portal()
    provider, vault = application(sandbox)
    assert provider.authority is not None
    provider.authority.accept(sandbox.oauth.code(sandbox.portal.integration))
    sandbox.revoke()
    with pytest.raises(errors.Reauthorise):
        provider.account()
    assert vault.spent == 0


def test_a_token_renewed_by_another_process_is_taken_up(portal: Open) -> None:
    sandbox, _ = portal()
    provider, vault = application(sandbox)
    assert provider.authority is not None
    provider.authority.accept(sandbox.oauth.code(sandbox.portal.integration))
    held = vault.tokens
    assert held is not None
    fresh = sandbox.oauth._pair(sandbox.oauth._spend(held.refresh))

    class Behind(MemoryVault):
        """Gives the old pair once, as read a moment before the other process stored the new one."""

        reads = 0

        def current(self) -> Tokens | None:
            self.reads += 1
            newer = replace(held, access=fresh["access_token"], refresh=fresh["refresh_token"])
            return held if self.reads == 1 else newer

    behind = connect(kit_for(sandbox.oauth_options(), vault=Behind(held), clock=lambda: sandbox.now))
    assert behind.account().currency == "RUB"


def test_the_renamed_portal_of_an_application_is_confirmed_by_the_sign_in_server(portal: Open) -> None:
    sandbox, _ = portal()
    provider, _ = application(sandbox)
    assert provider.authority is not None
    provider.authority.accept(sandbox.oauth.code(sandbox.portal.integration))
    sandbox.faults.add(
        Status(302, "", "text/html", (("Location", "http://127.0.0.1:9/rest/batch"),)), "batch", times=None
    )
    with pytest.raises(errors.NeedsPerson, match="does not know our installation"):
        provider.account()


def test_deletions_are_confirmed_one_by_one(portal: Open) -> None:
    sandbox, provider = portal()
    sandbox.happen(Deleted(sandbox.now, 9036, 501))
    found = {answer.id: answer for answer in provider.fetch(Deal, ["9036", "7201", "7573"])}
    assert isinstance(found["9036"], Gone)
    assert isinstance(found["7201"], Deal)
    with pytest.raises(errors.Unfit):
        list(provider.fetch(Call, ["1"]))
    with pytest.raises(errors.Unfit):
        list(provider.fetch(Deal, ["1 or 1=1"]))


def test_every_kind_of_record_is_pulled(portal: Open) -> None:
    _, provider = portal()
    assert [kind for kind in KINDS if kind not in provider.can.kinds] == [
        kind for kind in KINDS if kind.kind in ("owner", "price", "removal", "message", "done", "deadline")
    ]


def test_tasks_of_a_deal_and_to_dos_of_its_timeline_are_both_tasks(portal: Open) -> None:
    sandbox, provider = portal()
    due, later = sandbox.now + timedelta(days=1), sandbox.now + timedelta(days=2)
    for number, todo in ((1, False), (2, True)):
        sandbox.happen(TaskSet(sandbox.now, number, 501, 9036, due, todo))
        sandbox.happen(Rescheduled(sandbox.now, number, later, 501), TaskDone(sandbox.now, number, 501))
    tasks: list[Any] = [record for page in provider.pull(Task, None) for record in page.records]
    made = sorted((one for one in tasks if one.due_at == later), key=lambda one: one.id)
    assert [one.id.startswith("activity-") for one in made] == [False, True]
    assert [(one.on, one.user_id, one.done_exact, one.ours) for one in made] == [
        (("deal:9036",), "501", True, False),
        (("deal:9036",), "501", False, False),
    ]
    assert {one.done_at for one in made} == {sandbox.now}
