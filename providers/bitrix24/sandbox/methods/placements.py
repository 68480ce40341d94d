"""placement.*: where an application's pages stand. Binding twice adds a second one, as on a real portal."""

from __future__ import annotations

import re
from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import method

KNOWN = ("LEFT_MENU", "CRM_DEAL_DETAIL_TAB", "CRM_LEAD_DETAIL_TAB", "CRM_CONTACT_DETAIL_TAB")
_SMART = re.compile(r"^CRM_DYNAMIC_(\d+)_DETAIL_TAB$")


def _places(call: Call) -> list[str]:
    smart = [f"CRM_DYNAMIC_{one.kind}_DETAIL_TAB" for one in call.portal.types.rows.values()]
    leads = call.desk.switches.mode == "classic"
    return [code for code in KNOWN if leads or "LEAD" not in code] + smart


@method("placement.list", "placement", app_only=True)
def placement_list(call: Call) -> Result:
    """The codes there are here."""
    return Result(_places(call))


@method("placement.bind", "placement", app_only=True)
def placement_bind(call: Call) -> Result:
    """Of administrators; the tab of a smart process that is not there is refused."""
    if not (call.portal.people.rows[call.user].admin and call.desk.switches.admin):
        raise RestError("ACCESS_DENIED", "Access denied", 403)
    code, handler = call.params.text("PLACEMENT"), call.params.text("HANDLER")
    if code not in _places(call):
        raise RestError("ERROR_PLACEMENT_NOT_FOUND", "Placement not found")
    if not re.match(r"^https?://", handler):
        raise RestError("ERROR_ARGUMENT", "Argument 'HANDLER' is null or empty")
    title, told = call.params.text("TITLE"), call.params.map("LANG_ALL")
    call.desk.placements.append({"placement": code, "handler": handler, "title": title, "langAll": told})
    call.wrote()
    return Result(True)


@method("placement.get", "placement", app_only=True)
def placement_get(call: Call) -> Result:
    """Those bound."""
    rows: list[dict[str, Any]] = [
        {**row, "userId": 0, "options": [], "description": "", "groupName": ""} for row in call.desk.placements
    ]
    return Result(rows)


@method("placement.unbind", "placement", app_only=True)
def placement_unbind(call: Call) -> Result:
    """All of this place and handler."""
    code, handler = call.params.text("PLACEMENT"), call.params.text("HANDLER")
    before = len(call.desk.placements)
    call.desk.placements[:] = [
        row for row in call.desk.placements if row["placement"] != code or handler not in ("", row["handler"])
    ]
    call.wrote()
    return Result({"count": before - len(call.desk.placements)})
