"""Stage history, activities, calls, people, departments, directories and tasks, each in its own method's spelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from providers.bitrix24.sandbox.columns import Column
from providers.bitrix24.sandbox.php import EMPTY_OBJECT
from providers.bitrix24.sandbox.rows import LEAD, Activity, CallRow, Department, Person, Status, Step, TaskRow


def history(kind: int) -> list[Column[Step]]:
    """crm.stagehistory.list; leads say STATUS where others say STAGE."""
    col = Column[Step]
    word = "STATUS" if kind == LEAD else "STAGE"
    made = [
        col("ID", "integer", lambda s: s.id),
        col("TYPE_ID", "integer", lambda s: s.type),
        col("OWNER_ID", "integer", lambda s: s.owner),
        col("CREATED_TIME", "datetime", lambda s: s.at),
    ]
    if kind != LEAD:
        made.append(col("CATEGORY_ID", "integer", lambda s: s.category))
    return [
        *made,
        col(f"{word}_SEMANTIC_ID", "string", lambda s: s.semantics),
        col(f"{word}_ID", "string", lambda s: s.stage),
    ]


def activities() -> list[Column[Activity]]:
    """crm.activity.list: all text. OWNER_* is the first binding only."""
    col = Column[Activity]
    nothing = [col(name, "raw", _always(value), fixed=True) for name, value in _ACTIVITY_CONSTANTS.items()]
    return [
        col("ID", "integer", lambda a: a.id),
        col("OWNER_ID", "integer", lambda a: a.bindings[0][1]),
        col("OWNER_TYPE_ID", "integer", lambda a: a.bindings[0][0]),
        col("TYPE_ID", "integer", lambda a: a.type),
        col("PROVIDER_ID", "string", lambda a: a.provider),
        col("PROVIDER_TYPE_ID", "string", lambda a: a.provider_type),
        col("SUBJECT", "string", lambda a: a.subject),
        col("CREATED", "datetime", lambda a: a.created),
        col("LAST_UPDATED", "datetime", lambda a: a.updated),
        col("START_TIME", "datetime", lambda a: a.start),
        col("END_TIME", "datetime", lambda a: a.end),
        col("DEADLINE", "datetime", lambda a: a.end if a.type == 6 else a.start),
        col("COMPLETED", "yn", lambda a: a.completed),
        col("STATUS", "integer", lambda a: 2 if a.completed else 1),
        col("RESPONSIBLE_ID", "integer", lambda a: a.responsible),
        col("AUTHOR_ID", "integer", lambda a: a.author),
        col("EDITOR_ID", "integer", lambda a: a.editor or a.author),
        col("DESCRIPTION", "string", lambda a: a.description),
        col("DIRECTION", "integer", lambda a: a.direction),
        col("IS_INCOMING_CHANNEL", "yn", lambda a: a.direction == 1),
        col("ORIGIN_ID", "string", lambda a: a.origin),
        col("SETTINGS", "raw", lambda a: {"MISSED_CALL": True} if a.missed else {}),
        *nothing,
    ]


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda row: value


_ACTIVITY_CONSTANTS: dict[str, Any] = {
    "ASSOCIATED_ENTITY_ID": "0", "PRIORITY": "2", "NOTIFY_TYPE": "0", "NOTIFY_VALUE": "0", "DESCRIPTION_TYPE": "1",
    "LOCATION": "", "ORIGINATOR_ID": None, "PROVIDER_PARAMS": [], "PROVIDER_DATA": None, "PROVIDER_GROUP_ID": None,
    "RESULT_MARK": "0", "RESULT_VALUE": None, "RESULT_SUM": None, "RESULT_CURRENCY_ID": None, "RESULT_STATUS": "0",
    "RESULT_STREAM": "0", "RESULT_SOURCE_ID": None, "AUTOCOMPLETE_RULE": "0",
}  # fmt: skip


def calls() -> list[Column[CallRow]]:
    """voximplant.statistic.get; a call of a deal is told of its client or lead, never of the deal."""
    col = Column[CallRow]
    return [
        col("ID", "integer", lambda c: c.id),
        col("PORTAL_USER_ID", "integer", lambda c: c.user),
        col("PORTAL_NUMBER", "string", lambda c: "reg100", fixed=True),
        col("PHONE_NUMBER", "string", lambda c: c.phone),
        col("CALL_ID", "string", lambda c: f"externalCall.{c.origin}"),
        col("EXTERNAL_CALL_ID", "string", lambda c: None, fixed=True),
        col("CALL_CATEGORY", "string", lambda c: "external", fixed=True),
        col("CALL_LOG", "string", lambda c: None, fixed=True),
        col("CALL_DURATION", "integer", lambda c: c.seconds),
        col("CALL_START_DATE", "datetime", lambda c: c.at),
        col("CALL_RECORD_URL", "string", lambda c: "", fixed=True),
        col("CALL_VOTE", "string", lambda c: None, fixed=True),
        col("COST", "string", lambda c: "0.0000", fixed=True),
        col("COST_CURRENCY", "string", lambda c: "RUR", fixed=True),
        col("CALL_FAILED_CODE", "string", lambda c: c.code),
        col("CALL_FAILED_REASON", "string", lambda c: c.reason),
        col("CRM_ENTITY_TYPE", "string", lambda c: c.entity[0] if c.entity else None),
        col("CRM_ENTITY_ID", "string", lambda c: str(c.entity[1]) if c.entity else None),
        col("CRM_ACTIVITY_ID", "string", lambda c: str(c.activity) if c.activity else None),
        *(col(name, "string", lambda c: None, fixed=True) for name in _CALL_NOTHING),
        col("TRANSCRIPT_PENDING", "string", lambda c: "N", fixed=True),
        col("CALL_TYPE", "integer", lambda c: c.type),
    ]


_CALL_NOTHING = ("REST_APP_ID", "REST_APP_NAME", "TRANSCRIPT_ID", "SESSION_ID", "REDIAL_ATTEMPT", "COMMENT",
                 "RECORD_DURATION", "RECORD_FILE_ID")  # fmt: skip


def people() -> list[Column[Person]]:
    """user.get: text, but ACTIVE is a JSON bool, departments are numbers, empty moments are {}."""
    col = Column[Person]
    return [
        col("ID", "integer", lambda p: p.id),
        col("XML_ID", "string", lambda p: "", fixed=True),
        col("ACTIVE", "flag", lambda p: p.active),
        col("NAME", "string", lambda p: p.name),
        col("LAST_NAME", "string", lambda p: p.last_name),
        col("SECOND_NAME", "string", lambda p: "", fixed=True),
        col("EMAIL", "string", lambda p: f"user{p.id}@example.com"),
        col("DATE_REGISTER", "datetime", lambda p: p.registered),
        col("TIME_ZONE", "string", lambda p: "", fixed=True),
        col("IS_ONLINE", "string", lambda p: "N", fixed=True),
        col("TIMESTAMP_X", "raw", lambda p: EMPTY_OBJECT, fixed=True),
        col("LAST_ACTIVITY_DATE", "raw", lambda p: EMPTY_OBJECT, fixed=True),
        col("WORK_POSITION", "string", lambda p: p.position),
        col("UF_DEPARTMENT", "raw", lambda p: p.departments),
        col("USER_TYPE", "string", lambda p: "employee", fixed=True),
    ]


def departments() -> list[Column[Department]]:
    """department.get: SORT is a number, the root has no PARENT, a department without a head no UF_HEAD."""
    col = Column[Department]
    return [
        col("ID", "integer", lambda d: d.id),
        col("NAME", "string", lambda d: d.name),
        col("SORT", "raw", lambda d: d.sort),
        col("PARENT", "integer", lambda d: d.parent, optional=True),
        col("UF_HEAD", "integer", lambda d: d.head or None, optional=True),
    ]


def statuses() -> list[Column[Status]]:
    """crm.status.list."""
    col = Column[Status]
    return [
        col("ID", "integer", lambda s: s.id),
        col("ENTITY_ID", "string", lambda s: s.entity),
        col("STATUS_ID", "string", lambda s: s.code),
        col("NAME", "string", lambda s: s.name),
        col("NAME_INIT", "string", lambda s: s.name if s.system else ""),
        col("SORT", "integer", lambda s: s.sort),
        col("SYSTEM", "yn", lambda s: s.system),
        col("CATEGORY_ID", "integer", lambda s: s.category),
        col("COLOR", "string", lambda s: _COLOURS[s.semantics]),
        col("SEMANTICS", "string", lambda s: s.semantics),
        col("EXTRA", "raw", lambda s: {"SEMANTICS": _WORDS[s.semantics], "COLOR": _COLOURS[s.semantics]}),
    ]


_COLOURS = {None: "#39A8EF", "S": "#7BD500", "F": "#FF5752"}
_WORDS = {None: "process", "S": "success", "F": "failure"}


def tasks(name_of: Callable[[int], str]) -> list[Column[TaskRow]]:
    """tasks.task.*: asked in UPPER_CASE, answered in camelCase."""
    col = Column[TaskRow]

    def person(id: int) -> dict[str, Any]:
        link = f"/company/personal/user/{id}/"
        return {"id": str(id), "name": name_of(id), "link": link, "icon": "", "workPosition": ""}

    made = [
        col("ID", "integer", lambda t: t.id),
        col("TITLE", "string", lambda t: t.title),
        col("DESCRIPTION", "string", lambda t: t.description),
        col("STATUS", "integer", lambda t: t.status),
        col("REAL_STATUS", "integer", lambda t: t.status),
        col("PRIORITY", "integer", lambda t: t.priority),
        col("RESPONSIBLE_ID", "integer", lambda t: t.responsible),
        col("CREATED_BY", "integer", lambda t: t.created_by),
        col("CREATED_DATE", "datetime", lambda t: t.created),
        col("CHANGED_BY", "integer", lambda t: t.changed_by),
        col("CHANGED_DATE", "datetime", lambda t: t.changed),
        col("CLOSED_BY", "integer", lambda t: t.closed_by),
        col("CLOSED_DATE", "datetime", lambda t: t.closed),
        col("DEADLINE", "datetime", lambda t: t.deadline),
        col("GROUP_ID", "integer", lambda t: t.group),
        col("PARENT_ID", "integer", lambda t: None, fixed=True),
        col("XML_ID", "string", lambda t: t.xml_id),
        col("GUID", "string", lambda t: f"{{task-{t.id}}}"),
        col("RESPONSIBLE", "raw", lambda t: person(t.responsible)),
        col("CREATOR", "raw", lambda t: person(t.created_by)),
        *(col(name, "raw", lambda t: [], fixed=True) for name in ("GROUP", "AUDITORS", "ACCOMPLICES", "AUDITORS_DATA")),
        col("TAGS", "raw", lambda t: {str(n + 1): {"id": n + 1, "title": tag} for n, tag in enumerate(t.tags)}),
        col("UF_CRM_TASK", "raw", lambda t: t.bindings, dynamic=True),
    ]
    return [replace(column, shown=camel(column.name)) for column in made]


def camel(upper: str) -> str:
    """CREATED_DATE -> createdDate, UF_CRM_TASK -> ufCrmTask."""
    head, *rest = upper.lower().split("_")
    return head + "".join(part.capitalize() for part in rest)
