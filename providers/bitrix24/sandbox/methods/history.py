"""crm.stagehistory.list."""

from __future__ import annotations

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.rows import COMPANY, CONTACT


@method("crm.stagehistory.list", "crm")
def stage_history(call: Call) -> Result:
    """Rows of the owners' present pipelines; nobody is named as the mover."""
    kind = call.params.number("entityTypeId", 0)
    if kind in (CONTACT, COMPANY) or (kind not in call.portal.items):
        raise RestError(0, f"entity type {kind} is not supported")
    found = call.paged(call.portal.histories[kind].seen, call.shelf.history(kind))
    found.value = {"items": found.value}
    return found
