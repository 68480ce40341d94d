"""Every view of a portal, made when first asked for and made anew when a custom field comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.bitrix24.sandbox.columns import Column, View, textual, typed
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.rows import (
    Activity,
    CallRow,
    Department,
    Item,
    Person,
    Status,
    Step,
    TaskRow,
    UserField,
)
from providers.bitrix24.sandbox.views import others
from providers.bitrix24.sandbox.views.classic import classic_columns
from providers.bitrix24.sandbox.views.items import columns, uf_column


class Shelf:
    """`history_text`: the portal that gives the numbers of the stage history as text."""

    def __init__(self, portal: Portal, *, history_text: bool) -> None:
        self.portal = portal
        self.typed, self.text = typed(portal.zone), textual(portal.zone)
        self.history_text = history_text
        self._made: dict[tuple[str, int], View[Any]] = {}

    def _view(self, name: str, kind: int, make: Callable[[], View[Any]]) -> Any:
        key = (name, kind)
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def item(self, kind: int) -> View[Item]:
        """crm.item.*"""
        view: View[Item] = self._view("item", kind, lambda: View(columns(self.portal, kind), self.typed, "id"))
        return view

    def item_original(self, kind: int) -> View[Item]:
        """crm.item.* with useOriginalUfNames."""

        def make() -> View[Item]:
            plain = [column for column in columns(self.portal, kind) if not column.dynamic]
            fields = self.portal.fields_of(self.portal.entity_of(kind))
            return View([*plain, *(uf_column(f, kind, original=True) for f in fields)], self.typed, "id")

        view: View[Item] = self._view("original", kind, make)
        return view

    def classic(self, kind: int) -> View[Item]:
        """crm.deal.list, crm.lead.list, …"""
        view: View[Item] = self._view(
            "classic", kind, lambda: View(classic_columns(self.portal, kind), self.text, "ID")
        )
        return view

    def history(self, kind: int) -> View[Step]:
        """crm.stagehistory.list"""
        writers = self.text if self.history_text else self.typed
        view: View[Step] = self._view("history", kind, lambda: View(others.history(kind), writers, "ID"))
        return view

    def activities(self) -> View[Activity]:
        """crm.activity.*"""
        view: View[Activity] = self._text("activities", others.activities)
        return view

    def calls(self) -> View[CallRow]:
        """voximplant.statistic.get"""
        view: View[CallRow] = self._text("calls", others.calls)
        return view

    def people(self) -> View[Person]:
        """user.get"""
        view: View[Person] = self._text("people", others.people)
        return view

    def departments(self) -> View[Department]:
        """department.get"""
        view: View[Department] = self._text("departments", others.departments)
        return view

    def statuses(self) -> View[Status]:
        """crm.status.list"""
        view: View[Status] = self._text("statuses", others.statuses)
        return view

    def tasks(self) -> View[TaskRow]:
        """tasks.task.*"""
        view: View[TaskRow] = self._text("tasks", lambda: others.tasks(self._name_of))
        return view

    def _text(self, name: str, make: Callable[[], list[Column[Any]]]) -> Any:
        return self._view(name, 0, lambda: View(make(), self.text, "ID"))

    def _name_of(self, user: int) -> str:
        person = self.portal.people.get(user)
        return f"{person.name} {person.last_name}".strip() if person else ""

    def field_added(self, field: UserField) -> None:
        """The views of this entity's items are made anew."""
        for kind, table in self.portal.items.items():
            if self.portal.entity_of(kind) == field.entity:
                for name in ("item", "original", "classic"):
                    self._made.pop((name, kind), None)
                table.forget()
