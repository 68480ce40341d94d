"""Payload → records, pure. A row that cannot be read becomes a Refusal: kept raw, reported, never fatal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from connector.records import Record, Refusal
from connector.refusing import refusal

Row = dict[str, Any]
UNREADABLE = (ValueError, TypeError, KeyError, ArithmeticError)
_PLAIN = frozenset({
    "id", "calltype", "crmactivityid", "callstartdate", "callfailedcode", "callduration", "portaluserid", "sessionid",
    "callid", "crmentityid", "crmentitytype", "starttime", "endtime", "settings", "missedcall", "completed",
    "originid", "lastupdated", "direction", "responsibleid", "ownerid", "ownertypeid", "typeid", "providerid",
    "created", "deadline", "ufcrmtask", "status", "createddate", "changeddate", "closeddate", "companyid",
    "contactid", "contactids", "leadid", "createdtime", "updatedtime", "movedtime", "dateclosed", "closedate",
    "stageid", "stagesemanticid", "statusid", "statussemanticid", "categoryid", "assignedbyid", "createdby",
    "sourceid", "webformid", "opportunity", "currencyid", "ufhead", "ufdepartment", "parent", "active", "timezone",
    "entityid", "semantics", "extra", "sort", "currency", "base", "amount", "amountcnt",
})  # fmt: skip
"""Fields that are read and hold ids, moments, amounts or words of the CRM's own, in either spelling (CALL_TYPE,
stageId). Rows of telephony, activities and users come with all their fields, and portals make their own: whatever is
not named here may be a phone, a name or somebody's words."""


def sift(
    kind: type[Record], rows: Iterable[Row], read: Callable[[Row], Record | None]
) -> tuple[list[Record], list[Refusal]]:
    """Records of the rows that can be read, refusals of those that cannot; `read` gives None for rows not ours."""
    records: list[Record] = []
    refused: list[Refusal] = []
    for row in rows:
        try:
            record = read(row)
        except UNREADABLE as error:
            refused.append(_refusal(kind, row, error))
        else:
            if record is not None:
                records.append(record)
    return records, refused


def _refusal(kind: type[Record], row: Row, error: Exception) -> Refusal:
    return refusal(kind.kind, str(row.get("id", row.get("ID", "?"))), row, error, _personal)


def _personal(name: str) -> bool:
    return name.replace("_", "").lower() not in _PLAIN
