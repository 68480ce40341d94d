"""voximplant.statistic.get: FILTER is a map, SORT and ORDER are text."""

from __future__ import annotations

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import method


@method("voximplant.statistic.get", "telephony")
def statistic(call: Call) -> Result:
    """The call statistics. `start=-1` is documented for CRM lists only: here it is the first page, counted."""
    if not call.desk.switches.call_statistics:
        raise RestError("ACCESS_DENIED", "Access denied!", 403)
    view = call.shelf.calls()
    sort, way = call.params.get("sort"), call.params.get("order")
    order: tuple[tuple[str, bool], ...] = ()
    if isinstance(sort, str) and sort in view.columns and sort != "CALL_TYPE":
        order = ((sort, isinstance(way, str) and way.upper() == "DESC"),)
    found = call.paged(call.portal.calls, view, order=order)
    if call.params.number("start", 0) < 0:
        count = len(found.value)
        found.total = count
    return found
