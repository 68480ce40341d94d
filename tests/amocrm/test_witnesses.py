"""Clients that others wrote read the sandbox whole and find exactly the company's numbers.

amocrm-api knows only https://{subdomain}.amocrm.ru: its interaction layer is subclassed with our address. aioamocrm
takes a base URL. Neither knows that it talks to a sandbox.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import aioamocrm
import pytest
import requests
from amocrm.v2 import filters as amocrm_filters
from amocrm.v2.account import AccountInteraction
from amocrm.v2.entity.events import EventsInteraction
from amocrm.v2.entity.pipeline import PipelinesInteraction, StatusesInteraction
from amocrm.v2.entity.user import UsersInteraction
from amocrm.v2.exceptions import NotFound, PermissionsDenyException, ValidationError
from amocrm.v2.interaction import GenericInteraction

from connector.pretend.company import build
from connector.pretend.happenings import (
    Called,
    ClientCame,
    Company,
    Deleted,
    Enquired,
    Happening,
    Hired,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    Restored,
    TaskDone,
    TaskSet,
)
from providers.amocrm.sandbox import Sandbox


@pytest.fixture(scope="module")
def company() -> Company:
    return build()


@pytest.fixture(scope="module")
def amo(company: Company) -> Iterator[Sandbox]:
    with Sandbox(company, paced=False) as sandbox:
        yield sandbox


def of(company: Company, kind: type[Happening]) -> list[Any]:
    return [happening for happening in company.happenings if isinstance(happening, kind)]


def living(company: Company) -> set[int]:
    """Deals that are not in the trash at the end."""
    gone = {h.deal for h in of(company, Deleted)} - {h.deal for h in of(company, Restored)}
    return {h.deal for h in of(company, Enquired)} - gone


def errands(company: Company) -> set[int]:
    """Meetings are tasks here."""
    return {h.meeting for h in of(company, MeetingPlanned)} | {h.task for h in of(company, TaskSet)}


def companies(company: Company) -> set[int]:
    return {h.company for h in of(company, ClientCame)} - {None}


class Tokens:
    """What amocrm-api asks of a token manager."""

    subdomain = "acme"

    def __init__(self, token: str) -> None:
        self._token = token

    def get_access_token(self) -> str:
        return self._token


def foreign(kind: type[Any], sandbox: Sandbox, **more: Any) -> Any:
    """amocrm-api's interaction of this kind, pointed at the sandbox."""

    class Here(kind):  # type: ignore[misc]
        def _get_url(self, path: str) -> str:
            return f"{sandbox.base_url}/api/v4/{path}"

    if kind is StatusesInteraction:
        return Here(more["pipeline_id"], token_manager=Tokens(sandbox.token()), session=requests.Session())
    return Here(token_manager=Tokens(sandbox.token()), session=requests.Session(), **more)


def test_amocrm_api_reads_every_card(amo: Sandbox, company: Company) -> None:
    leads = list(foreign(GenericInteraction, amo, path="leads").get_all(include=["contacts", "loss_reason"]))
    assert {lead["id"] for lead in leads} == living(company) and len(leads) == len(living(company))
    assert all(isinstance(lead["_embedded"]["contacts"], list) for lead in leads)
    contacts = list(foreign(GenericInteraction, amo, path="contacts").get_all(include=["leads"]))
    assert {contact["id"] for contact in contacts} == {h.contact for h in of(company, ClientCame)}
    found = list(foreign(GenericInteraction, amo, path="companies").get_all())
    assert {row["id"] for row in found} == companies(company)


def test_amocrm_api_reads_people_and_stages(amo: Sandbox, company: Company) -> None:
    users = list(foreign(UsersInteraction, amo).get_all())
    assert {user["id"]: user["name"] for user in users} == {h.user: h.name for h in of(company, Hired)}
    pipelines = list(foreign(PipelinesInteraction, amo).get_all())
    assert {row["name"] for row in pipelines} == {*company.sales_pipelines, company.service_pipeline}
    statuses = list(foreign(StatusesInteraction, amo, pipeline_id=pipelines[0]["id"]).get_all())
    assert statuses == pipelines[0]["_embedded"]["statuses"]
    assert foreign(AccountInteraction, amo).get(include=["datetime_settings"])["currency"] == company.currency


def test_amocrm_api_reads_tasks_notes_and_fields(amo: Sandbox, company: Company) -> None:
    tasks = list(foreign(GenericInteraction, amo, path="tasks").get_all())
    assert {task["id"] for task in tasks} == errands(company)
    only = [amocrm_filters.SingleFilter("is_completed")(1)]
    done = list(foreign(GenericInteraction, amo, path="tasks").get_all(filters=only))
    ended = {h.meeting for h in of(company, MeetingHeld)} | {h.task for h in of(company, TaskDone)}
    assert {task["id"] for task in done} == ended
    calls = [
        note
        for entity in ("leads", "contacts")
        for note in foreign(GenericInteraction, amo, path=f"{entity}/notes", field="notes").get_all()
    ]
    assert Counter(note["note_type"] for note in calls) == Counter(f"call_{h.direction}" for h in of(company, Called))
    assert sum(note["params"]["duration"] for note in calls) == sum(h.seconds for h in of(company, Called))
    deal = next(h.deal for h in of(company, Called) if h.deal is not None)
    notes = foreign(GenericInteraction, amo, path=f"leads/{deal}/notes", field="notes").get_all()
    assert {note["id"] for note in notes} == {h.call for h in of(company, Called) if h.deal == deal}
    fields = foreign(GenericInteraction, amo, path="leads/custom_fields", field="custom_fields").get_all()
    assert {field["name"] for field in fields} >= {company.csat_field, company.refund_amount_field}


def test_amocrm_api_reads_the_whole_history(amo: Sandbox, company: Company) -> None:
    events = list(foreign(EventsInteraction, amo).get_all())
    assert len({event["id"] for event in events}) == len(events) == len(amo.world.events)
    kinds = Counter(event["type"] for event in events)
    assert kinds["lead_added"] == len(of(company, Enquired))
    assert kinds["outgoing_call"] + kinds["incoming_call"] == len(of(company, Called))
    assert kinds["task_completed"] == len(of(company, MeetingHeld)) + len(of(company, TaskDone))
    assert kinds["lead_deleted"] == len(of(company, Deleted))
    moved = list(
        foreign(EventsInteraction, amo).get_all(
            filters=[amocrm_filters.SingleListFilter("type")("lead_status_changed")]
        )
    )
    assert len(moved) == kinds["lead_status_changed"] <= len(of(company, Moved))


def test_amocrm_api_writes_and_is_refused(company: Company) -> None:
    with Sandbox(company, paced=False) as sandbox:
        leads = foreign(GenericInteraction, sandbox, path="leads")
        deal = min(living(company))
        assert leads.update(deal, {"name": "Иначе"})["id"] == deal and leads.get(deal)["name"] == "Иначе"
        made = leads.create({"name": "Новая", "price": 5})
        assert leads.get(made["id"])["price"] == 5
        with pytest.raises(ValidationError):
            leads.update(deal, {"custom_fields_values": [{"field_id": 1, "values": [{"value": "x"}]}]})
        with pytest.raises(NotFound):
            leads.get(1)
        sandbox.throttle.blocked = True
        with pytest.raises(PermissionsDenyException):
            leads.get(deal)


async def _read(sandbox: Sandbox) -> dict[str, list[Any]]:
    """Everything aioamocrm can list."""
    auth = aioamocrm.LongLivedToken(sandbox.token())
    async with aioamocrm.AmoCRMClient(base_url=sandbox.base_url, auth=auth, rate_limit=None) as amo:
        return {
            "account": [await amo.account.get(with_=["users_groups", "datetime_settings"])],
            "users": [row async for row in amo.users.iterate(with_=["role", "group"])],
            "pipelines": await amo.pipelines.list(),
            "leads": [row async for row in amo.leads.iterate(with_=["contacts", "loss_reason", "source_id"])],
            "newest": [row async for row in amo.leads.iterate(order={"updated_at": "desc"}, limit=50)],
            "contacts": [row async for row in amo.contacts.iterate(with_=["leads"])],
            "companies": [row async for row in amo.companies.iterate(with_=["contacts"])],
            "tasks": [row async for row in amo.tasks.iterate(order={"created_at": "asc"})],
            "lead_notes": [row async for row in amo.leads.notes.iterate(filter={"note_type": ["call_in", "call_out"]})],
            "contact_notes": [row async for row in amo.contacts.notes.iterate()],
            "company_notes": [row async for row in amo.companies.notes.iterate()],
            "fields": [row async for row in amo.leads.custom_fields.iterate(limit=2)],
        }


def test_aioamocrm_reads_everything_it_knows(amo: Sandbox, company: Company) -> None:
    read = asyncio.run(_read(amo))
    assert {row.id for row in read["users"]} == {h.user for h in of(company, Hired)}
    assert {row.name for row in read["pipelines"]} == {*company.sales_pipelines, company.service_pipeline}
    assert all({142, 143} <= {status.id for status in row.statuses} for row in read["pipelines"])
    assert [row.id for row in read["leads"]] == sorted(living(company))
    assert {row.id for row in read["contacts"]} == {h.contact for h in of(company, ClientCame)}
    assert {row.id for row in read["companies"]} == companies(company)
    assert {row.id for row in read["tasks"]} == errands(company)
    calls = [*read["lead_notes"], *read["contact_notes"], *read["company_notes"]]
    assert {row.id for row in calls} == {h.call for h in of(company, Called)}
    assert {row.name for row in read["fields"]} >= {company.csat_field, company.currency_field}
    newest = [row.updated_at for row in read["newest"]]
    assert len(newest) == len(living(company)) and newest == sorted(newest, reverse=True)
    scores = {row.id: row.field_value(501001) for row in read["leads"] if row.field(501001)}
    assert scores and set(scores.values()) <= {"1", "2", "3", "4", "5"}
    assert read["account"][0].currency == company.currency


def test_aioamocrm_rotates_its_tokens(amo: Sandbox) -> None:
    options = amo.oauth_options()

    async def grant() -> tuple[str, str]:
        oauth = aioamocrm.OAuth2(
            options["client_id"], options["client_secret"].get_secret_value(), options["redirect_uri"],
            clock=lambda: amo.now.timestamp(),
        )  # fmt: skip
        async with aioamocrm.AmoCRMClient(base_url=amo.base_url, auth=oauth, rate_limit=None) as client:
            first = await client.exchange_code(amo.code())
            amo.tokens.expire(first.access_token)
            assert (await client.account.get()).id == amo.world.account_id, "a 401 made it refresh"
            second = await oauth.storage.load()
            assert second is not None
            return first.refresh_token, second.refresh_token

    spent, fresh = asyncio.run(grant())
    assert spent != fresh


def test_aioamocrm_writes_in_batches(company: Company) -> None:
    async def write(sandbox: Sandbox) -> None:
        auth = aioamocrm.LongLivedToken(sandbox.token())
        async with aioamocrm.AmoCRMClient(base_url=sandbox.base_url, auth=auth, rate_limit=None) as amo:
            deals = sorted(living(company))[:120]
            told = await amo.leads.update([{"id": deal, "name": f"Сделка {deal}"} for deal in deals])
            assert [row.id for row in told] == deals
            task = aioamocrm.Task(text="Разобрать", complete_till=1, entity_id=deals[0], entity_type="leads")
            [made] = await amo.tasks.create([task])
            assert made.id is not None
            await amo.tasks.complete(made.id, result="Готово")
            assert (await amo.tasks.get(made.id)).is_completed
            [note] = await amo.leads.notes.create([aioamocrm.Note.common(deals[0], "Итог")])
            assert note.id is not None
            assert (await amo.leads.notes.get(note.id, entity_id=deals[0])).text == "Итог"
            with pytest.raises(aioamocrm.ValidationError) as caught:
                await amo.leads.update([{"id": 1, "name": "x"}])
            assert caught.value.errors[0].path == "id"
            with pytest.raises(aioamocrm.NotFoundError):
                await amo.leads.get(1)

    with Sandbox(company, paced=False) as sandbox:
        asyncio.run(write(sandbox))
        assert [row["path"] for row in sandbox.written] == ["/api/v4/leads"] * 3 + [
            "/api/v4/tasks",
            f"/api/v4/tasks/{max(sandbox.world.tasks.rows)}",
            "/api/v4/leads/notes",
        ]
