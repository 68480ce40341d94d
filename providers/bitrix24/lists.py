"""The lists this provider walks, and how each method wants to be asked. Fact sheet 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector.records import Call, Client, Deal, Lead, Meeting, Move, Record, Task
from providers.bitrix24.lane import Lane
from providers.bitrix24.mapping.crm import CLIENT_SELECT, DEAL_SELECT, LEAD_SELECT, TITLE

LEAD, DEAL, CONTACT, COMPANY = 1, 2, 3, 4
"""Entity type ids (sheet 3.1)."""
ACTIVITY_SELECT = (
    "ID", "OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "PROVIDER_ID", "CREATED", "LAST_UPDATED", "START_TIME", "END_TIME",
    "DEADLINE", "COMPLETED", "STATUS", "RESPONSIBLE_ID", "DIRECTION", "ORIGIN_ID", "SETTINGS",
)  # fmt: skip
TASK_SELECT = (
    "ID", "STATUS", "RESPONSIBLE_ID", "CREATED_DATE", "CHANGED_DATE", "CLOSED_DATE", "DEADLINE", "UF_CRM_TASK", "TAGS",
)  # fmt: skip
USER_SELECT = ("ID", "ACTIVE", "NAME", "LAST_NAME", "TIME_ZONE", "UF_DEPARTMENT", "USER_TYPE")


def items(name: str, entity: int, select: Sequence[str]) -> Lane:
    """A list of `crm.item.list`; never with `useOriginalUfNames`, which is broken together with `select`."""
    fixed = {"entityTypeId": entity, "select": list(select)}
    return Lane(name, "crm.item.list", fixed, id="id", inside="items", changed="updatedTime")


def activities(name: str, where: Mapping[str, Any]) -> Lane:
    """Activities of one type."""
    return Lane(name, "crm.activity.list", {"select": list(ACTIVITY_SELECT)}, where, changed="LAST_UPDATED")


def history(name: str, entity: int) -> Lane:
    """Stage history: it only grows."""
    return Lane(name, "crm.stagehistory.list", {"entityTypeId": entity}, inside="items")


CONTACTS = items("contacts", CONTACT, (*CLIENT_SELECT, "companyId"))
COMPANIES = items("companies", COMPANY, CLIENT_SELECT)
NAMED_CONTACTS = items("contacts", CONTACT, (*CLIENT_SELECT, "companyId", "name", "lastName"))
NAMED_COMPANIES = items("companies", COMPANY, (*CLIENT_SELECT, "title"))
DEALS = items("deals", DEAL, DEAL_SELECT)
LEAD_HISTORY = history("lead_history", LEAD)
DEAL_HISTORY = history("deal_history", DEAL)
MEETINGS = activities("meetings", {"TYPE_ID": 1})
CALL_ACTIVITIES = activities("call_activities", {"TYPE_ID": 2})
TODOS = activities("todos", {"PROVIDER_ID": "CRM_TODO"})
CALLS = Lane("calls", "voximplant.statistic.get", words=("FILTER", "ORDER"), flat_order=True, uncounted=False)
TASKS = Lane(
    "tasks",
    "tasks.task.list",
    {"select": list(TASK_SELECT)},
    id="id",
    ask="ID",
    inside="tasks",
    changed="CHANGED_DATE",
    changed_in_rows="changedDate",
    uncounted=False,
)
PREFIX = {"contacts": "contact:", "companies": "company:", "todos": "activity-"}
"""List → what stands before its numbers in our ids."""
USERS = Lane("users", "user.get", {"select": list(USER_SELECT)}, words=("FILTER", "order"), flat_order=True)


def deals(extra: Sequence[str]) -> Lane:
    """Deals with these custom fields too."""
    return items("deals", DEAL, (*DEAL_SELECT, *extra))


def leads(extra: Sequence[str]) -> Lane:
    """Leads, with their title where it is looked at."""
    return items("leads", LEAD, (*LEAD_SELECT, *(name for name in extra if name == TITLE)))


def lanes_of(kind: type[Record], *, classic: bool, names: bool, extra: Sequence[str]) -> tuple[Lane, ...]:
    """The lists that hold a kind of record; none for leads where the portal has no leads."""
    table: dict[type[Record], tuple[Lane, ...]] = {
        Client: (NAMED_CONTACTS, NAMED_COMPANIES) if names else (CONTACTS, COMPANIES),
        Lead: (leads(extra),) if classic else (),
        Deal: (deals(extra),),
        Move: (LEAD_HISTORY, DEAL_HISTORY) if classic else (DEAL_HISTORY,),
        Call: (CALLS,),
        Meeting: (MEETINGS,),
        Task: (TODOS, TASKS),
    }
    return table[kind]


def ids_only(lane: Lane) -> Lane:
    """The same list with nothing but what tells whether a row is ours."""
    if lane.method == "tasks.task.list":
        return replace(lane, fixed={"select": ["ID", "UF_CRM_TASK", "TAGS"]})
    if "select" not in lane.fixed:
        return lane
    return replace(lane, fixed={**lane.fixed, "select": [lane.id]})
