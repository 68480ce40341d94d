"""The plan replayed in steps is the plan replayed at once; and the big picture equals the plan's own count."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from connector.pretend.company import build
from connector.pretend.happenings import (
    Called,
    ClientCame,
    Company,
    Deleted,
    Enquired,
    Happening,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    Priced,
    Reassigned,
    Rescheduled,
    Restored,
    TaskDone,
    TaskSet,
)
from providers.amocrm.sandbox import Sandbox
from tests.amocrm.small import Client

PATHS = (
    "leads?limit=250&with=contacts,loss_reason,source_id",
    "leads?limit=250&with=only_deleted",
    "contacts?limit=250&with=leads",
    "companies?limit=250&with=contacts,leads",
    "leads/notes?limit=250",
    "contacts/notes?limit=250",
    "tasks?limit=250",
    "events?limit=100",
    "leads/unsorted?limit=250",
    "leads?limit=250&order[updated_at]=desc",
)


@pytest.fixture(scope="module")
def company() -> Company:
    return build()


def everything(client: Client) -> dict[str, list[dict[str, Any]]]:
    address = client.sandbox.base_url
    return {path: [_unaddressed(row, address) for row in client.walk(path)] for path in PATHS}


def _unaddressed(value: Any, address: str) -> Any:
    if isinstance(value, dict):
        return {key: _unaddressed(inner, address) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unaddressed(inner, address) for inner in value]
    return value.replace(address, "") if isinstance(value, str) else value


def test_in_steps_is_the_same_as_at_once(company: Company) -> None:
    with (
        Sandbox(company, paced=False) as once,
        Sandbox(company, paced=False, now=company.start) as stepped,
    ):
        step = (company.end - company.start) / 23
        while stepped.now < company.end:
            Client(stepped).get("leads?order[updated_at]=desc")  # orders are kept while the world moves
            stepped.advance(min(company.end, stepped.now + step + timedelta(seconds=1)))
        assert everything(Client(stepped)) == everything(Client(once))


def of(company: Company, kind: type[Happening]) -> list[Any]:
    return [happening for happening in company.happenings if isinstance(happening, kind)]


def test_the_account_holds_what_the_plan_says(company: Company) -> None:
    with Sandbox(company, paced=False) as sandbox:
        client = Client(sandbox)
        gone = {h.deal for h in of(company, Deleted)} - {h.deal for h in of(company, Restored)}
        leads = {row["id"]: row for row in client.walk("leads?limit=250")}
        assert set(leads) == {h.deal for h in of(company, Enquired)} - gone
        assert {row["id"] for row in client.walk("leads?with=only_deleted")} == gone
        assert {row["id"] for row in client.walk("contacts?limit=250")} == {h.contact for h in of(company, ClientCame)}
        calls = client.walk("leads/notes?limit=250") + client.walk("contacts/notes?limit=250")
        assert {(row["id"], row["params"]["duration"]) for row in calls} == {
            (h.call, h.seconds) for h in of(company, Called)
        }
        tasks = client.walk("tasks?limit=250")
        set_ = {h.meeting for h in of(company, MeetingPlanned)} | {h.task for h in of(company, TaskSet)}
        done = {h.meeting for h in of(company, MeetingHeld)} | {h.task for h in of(company, TaskDone)}
        assert {row["id"] for row in tasks} == set_
        assert {row["id"] for row in tasks if row["is_completed"]} == done
        due = {h.task: h.due for h in (*of(company, TaskSet), *of(company, Rescheduled))}
        assert {row["id"]: row["complete_till"] for row in tasks if row["id"] in due} == {
            task: int(moment.timestamp()) for task, moment in due.items()
        }
        moved = client.walk("events?limit=100&filter[type]=task_deadline_changed")
        assert {(row["entity_id"], row["created_at"]) for row in moved} == {
            (h.task, int(h.at.timestamp())) for h in of(company, Rescheduled)
        }
        for deal, moves in itertools.groupby(sorted(of(company, Moved), key=lambda h: h.deal), lambda h: h.deal):
            last = max(moves, key=lambda h: h.at)
            if deal in leads:
                won = leads[deal]["status_id"] == 142
                assert won == (last.stage == "won"), deal
                closed = last.stage in ("won", "lost")
                assert leads[deal]["closed_at"] == (int(last.at.timestamp()) if closed else None)


def test_history_tells_every_move_and_every_new_owner(company: Company) -> None:
    with Sandbox(company, paced=False) as sandbox:
        client = Client(sandbox)
        moved = client.walk("events?limit=100&filter[type]=lead_status_changed")
        assert {(row["entity_id"], row["created_at"]) for row in moved} <= {
            (h.deal, int(h.at.timestamp())) for h in of(company, Moved)
        }
        last = {h.deal: h for h in sorted(of(company, Moved), key=lambda h: h.at)}
        told = {row["entity_id"]: row["created_at"] for row in reversed(moved)}
        assert {deal: int(h.at.timestamp()) for deal, h in last.items()} == told
        owned = client.walk("events?limit=100&filter[type]=entity_responsible_changed")
        assert len(owned) == len(of(company, Reassigned))
        priced = client.walk("events?limit=100&filter[type]=sale_field_changed")
        assert {row["entity_id"] for row in priced} <= {h.deal for h in of(company, Priced)}
