"""One portal: its clock, its tables and its directories. Knows no protocol and no happenings."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connector.pretend.happenings import Called, Company, Hired
from connector.pretend.spoken import Words
from providers.bitrix24.sandbox.bindings import Bindings
from providers.bitrix24.sandbox.history import History
from providers.bitrix24.sandbox.rows import (
    COMPANY,
    CONTACT,
    DEAL,
    LEAD,
    Activity,
    CallRow,
    Category,
    Department,
    Item,
    Person,
    Remark,
    SmartType,
    TaskRow,
    UserField,
)
from providers.bitrix24.sandbox.stages import Directory, reasons
from providers.bitrix24.sandbox.table import Table

MEMBER_ID = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


class Portal:
    """The state behind the methods. `integration` is the user of the webhook: an administrator who sells nothing."""

    def __init__(self, company: Company, now: datetime, *, classic: bool, money_refunds: bool) -> None:
        self.now = now
        self.zone = ZoneInfo(company.zone)
        self.classic = classic
        self.currency = company.currency
        self.rates = {code: Decimal(rate) for code, rate in company.rates}
        self.integration = _integration(company)
        self.items: dict[int, Table[Item]] = {kind: Table() for kind in (LEAD, DEAL, CONTACT, COMPANY)}
        self.histories: dict[int, History] = defaultdict(History)
        self.bin: dict[int, dict[int, Item]] = defaultdict(dict)
        self.people: Table[Person] = Table()
        self.departments: Table[Department] = Table()
        self.categories: dict[int, dict[int, Category]] = defaultdict(dict)
        self.activities: Table[Activity] = Table()
        self.bindings = Bindings(self.activities)
        self.calls: Table[CallRow] = Table()
        self.talks: dict[int, Called] = {}
        """By the activity of the call."""
        self._words = Words(company)
        self.tasks: Table[TaskRow] = Table()
        self.types: Table[SmartType] = Table()
        self.fields: Table[UserField] = Table()
        self.comments: dict[int, dict[str, Any]] = {}
        self.notices: dict[int, dict[str, Any]] = {}
        self.talk: list[Remark] = []
        self.statuses = Directory(company.junk_reason, reasons(company))
        self.statuses.open_portal()
        self._plant_fields(company, money_refunds)

    def _plant_fields(self, company: Company, money_refunds: bool) -> None:
        """The custom fields that the company's rules name; their codes say nothing, as on portals made by hand."""
        planted = (
            (company.csat_field, "double"),
            (company.csat_date_field, "datetime"),
            (company.refund_amount_field, "money" if money_refunds else "double"),
            (company.refund_date_field, "datetime"),
        )
        for place, (label, type) in enumerate(planted):
            self.add_field("CRM_DEAL", f"UF_CRM_17000000{place + 1:02}", type, label)

    def add_field(self, entity: str, name: str, type: str, label: str, **more: Any) -> UserField:
        """A custom field, with its label in Russian where no other was told."""
        id = max(self.fields.next_id(), 6001)
        labels = more.pop("labels", None) or {"ru": label}
        return self.fields.put(id, UserField(id, entity, name, type, label, labels, **more))

    def said(self, activity: int) -> str | None:
        """The transcript of a call by its activity, None where there is none."""
        call = self.talks.get(activity)
        return None if call is None else self._words.of(call)

    def field_of(self, entity: str, name: str) -> UserField | None:
        """The custom field of this name."""
        return next((f for f in self.fields.rows.values() if f.entity == entity and f.name == name), None)

    def field_named(self, label: str) -> UserField | None:
        """The deal field of this label."""
        return next((f for f in self.fields.rows.values() if f.entity == "CRM_DEAL" and f.label == label), None)

    def fields_of(self, entity: str) -> list[UserField]:
        return [f for f in self.fields.rows.values() if f.entity == entity]

    def entity_of(self, kind: int) -> str:
        """The name under which custom fields know a kind of item."""
        known = {LEAD: "CRM_LEAD", DEAL: "CRM_DEAL", CONTACT: "CRM_CONTACT", COMPANY: "CRM_COMPANY"}
        if kind in known:
            return known[kind]
        smart = self.smart_type(kind)
        return f"CRM_{smart.id}" if smart else ""

    def smart_type(self, kind: int) -> SmartType | None:
        return next((t for t in self.types.rows.values() if t.kind == kind), None)

    def touch(self, item: Item, by: int, at: datetime) -> None:
        """A saved change: updatedTime and updatedBy move."""
        item.updated, item.updated_by = at, by
        self.items[item.kind].touch(item.id)

    def remove(self, kind: int, id: int) -> Item | None:
        """Into the bin, which REST does not show; the history and the activities of the item go with it."""
        item = self.items[kind].drop(id)
        if item is not None:
            self.bin[kind][id] = item
            self.histories[kind].hide(id)
            self.bindings.cut((kind, id))
        return item

    def restore(self, kind: int, id: int) -> Item | None:
        """Out of the bin. A real portal gives a new id here; the company's plan keeps its numbers, so we keep them."""
        item = self.bin[kind].pop(id, None)
        if item is not None:
            self.items[kind].put(id, item)
            self.histories[kind].show(item)
            self.bindings.mend((kind, id))
        return item


def _integration(company: Company) -> int:
    """The first administrator hired, else a number that nobody has."""
    hired = [h for h in company.happenings if isinstance(h, Hired)]
    taken = {h.user for h in hired}
    free = 1 if 1 not in taken else max(taken) + 1
    return next((h.user for h in hired if h.admin), free)
