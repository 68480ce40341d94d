"""Pipelines, stages, currencies, the CRM's mode."""

from __future__ import annotations

from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.filters import compile_filter
from providers.bitrix24.sandbox.listing import order_of
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.rows import LEAD, Category, Status
from providers.bitrix24.sandbox.stages import entity


@method("crm.settings.mode.get", "crm")
def mode(call: Call) -> Result:
    """1: leads are on; 2: deals only."""
    return Result(1 if call.portal.classic else 2)


@method("crm.category.list", "crm")
def categories(call: Call) -> Result:
    """All pipelines of a type in one answer; the default one stands last and has no origin keys."""
    kind = call.params.number("entityTypeId")
    if kind == LEAD or kind not in call.portal.items:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
    known = sorted(call.portal.categories[kind].values(), key=lambda c: (c.default, c.sort))
    return Result({"categories": [_category(c) for c in known]}, total=len(known))


def _category(category: Category) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": category.id,
        "name": category.name,
        "sort": category.sort,
        "entityTypeId": category.kind,
        "isDefault": "Y" if category.default else "N",
    }
    return told if category.default else {**told, "originId": "", "originatorId": ""}


@method("crm.status.list", "crm")
def statuses(call: Call) -> Result:
    """Entries of the directories; no paging, everything comes at once."""
    table, view = call.portal.statuses.table, call.shelf.statuses()
    tests = compile_filter(call.params.map("filter"), view.columns, call.reading())
    rows = [row for row in table.rows.values() if all(test(row) for test in tests)]
    for name, down in reversed(order_of(call.params.map("order")) or (("ID", False),)):
        if name in view.columns:
            rows.sort(
                key=lambda row: (view.columns[name].get(row) is not None, view.columns[name].get(row)), reverse=down
            )
    return Result([_status(call, row) for row in rows], total=len(rows))


def _status(call: Call, row: Status) -> Any:
    view = call.shelf.statuses()
    return call.one(call.portal.statuses.table, view, row.id, view.names([]))


@method("crm.status.entity.types", "crm")
def entity_types(call: Call) -> Result:
    """The directories there are, with the names of their first and last entries."""
    told = [_directory("STATUS", "Статусы лидов", ("NEW", "CONVERTED", "JUNK"), None)]
    for category in call.portal.categories[2].values():
        prefix = "" if category.id == 0 else f"C{category.id}:"
        ends = (f"{prefix}NEW", f"{prefix}WON", f"{prefix}LOSE")
        told.append(_directory(entity(category.id), f"Стадии: {category.name}", ends, category.id))
    return Result([*told, {"ID": "SOURCE", "NAME": "Источники", "SEMANTIC_INFO": {}}])


def _directory(id: str, name: str, ends: tuple[str, str, str], category: int | None) -> dict[str, Any]:
    start, success, failure = ends
    info = {
        "START_FIELD": start,
        "FINAL_SUCCESS_FIELD": success,
        "FINAL_UNSUCCESS_FIELD": failure,
        "FINAL_SORT": 0,
    }
    told: dict[str, Any] = {"ID": id, "NAME": name, "SEMANTIC_INFO": info}
    return told if category is None else {**told, "ENTITY_TYPE_ID": 2, "CATEGORY_ID": category}


@method("crm.currency.list", "crm")
def currencies(call: Call) -> Result:
    """Present rates to the base currency; what deals use may be missing here."""
    base = _currency(call, call.portal.currency, "1.0000", base=True)
    others = [_currency(call, code, f"{rate:.4f}", base=False) for code, rate in call.portal.rates.items()]
    return Result([base, *others], total=1 + len(others))


def _currency(call: Call, code: str, amount: str, *, base: bool) -> dict[str, Any]:
    return {
        "CURRENCY": code,
        "AMOUNT_CNT": "1",
        "AMOUNT": amount,
        "SORT": "100",
        "BASE": "Y" if base else "N",
        "FULL_NAME": code,
        "LID": "ru",
        "DECIMALS": "2",
        "DATE_UPDATE": call.now(),
    }
