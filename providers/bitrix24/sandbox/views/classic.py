"""crm.deal.list and its old relatives: UPPER_CASE names, text for every scalar, dates of people as midnights."""

from __future__ import annotations

from dataclasses import replace

from providers.bitrix24.sandbox.columns import Column
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.rows import CONTACT, DEAL, LEAD, Item
from providers.bitrix24.sandbox.views.items import columns

_RENAMED = {
    "createdTime": "DATE_CREATE",
    "updatedTime": "DATE_MODIFY",
    "createdBy": "CREATED_BY_ID",
    "updatedBy": "MODIFY_BY_ID",
    "movedBy": "MOVED_BY_ID",
}
_LEFT_OUT = frozenset({"entityTypeId", "contactIds", "companyIds", "observers", "fm", "isNew", "mycompanyId"})
_DISABLED = frozenset({"IS_WORK", "IS_WON", "IS_LOSE", "RECEIVED_AMOUNT", "LOST_AMOUNT", "HAS_PRODUCTS"})
_LEAD = {"stageId": "STATUS_ID", "stageSemanticId": "STATUS_SEMANTIC_ID"}
METHODS = {LEAD: "lead", DEAL: "deal", CONTACT: "contact", 4: "company"}


def _old_name(column: Column[Item], kind: int) -> str:
    renamed = _RENAMED | (_LEAD if kind == LEAD else {})
    return column.upper if column.dynamic else renamed.get(column.name, column.upper)


def classic_columns(portal: Portal, kind: int) -> list[Column[Item]]:
    """The typed columns under their old names."""
    made = []
    for column in columns(portal, kind):
        upper = _old_name(column, kind)
        if column.name not in _LEFT_OUT and upper not in _DISABLED:
            made.append(replace(column, name=upper))
    return made


def typed_names(portal: Portal, kind: int) -> dict[str, str]:
    """Old name -> name in crm.item."""
    return {_old_name(column, kind): column.name for column in columns(portal, kind)}
