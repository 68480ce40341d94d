"""Replays the company's happenings into the portal, in the portal's terms, up to its clock.

In the classic mode an enquiry is a lead until its first move to «contacted» or beyond; in the simple one it is a deal
from the start. Ids of users, contacts, companies, leads and deals are the company's own; calls and activities are
numbered as they come, as autoincrement does: a keyset reader may rely on it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime
from typing import Any

from connector.pretend import happenings as told
from providers.bitrix24.sandbox import sales
from providers.bitrix24.sandbox.columns import plain
from providers.bitrix24.sandbox.errands import Errands
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.rows import COMPANY, CONTACT, DEAL, LEAD, Category, Department, Item, Person
from providers.bitrix24.sandbox.timeline import Timeline


class World:
    """Remembers how far it has come, which pipeline is which category, and what an enquiry wanted to become."""

    def __init__(self, company: told.Company, portal: Portal) -> None:
        self.company, self.portal = company, portal
        self.timeline = Timeline(portal)
        self.errands = Errands(portal)
        self.categories: dict[int, int] = {}
        self._wanted: dict[int, int] = {}
        self._next = 0
        root = 1 if 1 not in {h.team for h in company.happenings if isinstance(h, told.TeamMade)} else 10_001
        self._root = root
        portal.departments.put(root, Department(root, "Компания", None))
        portal.people.put(
            portal.integration,
            Person(portal.integration, "Интеграция", "", True, True, [root], company.start),
        )
        self._acts = self._table()

    def advance(self, to: datetime) -> None:
        """Everything up to and including this moment."""
        plan = self.company.happenings
        collecting = gc.isenabled()
        gc.disable()  # millions of rows that all live on: walking them again and again would double the time
        try:
            while self._next < len(plan) and plan[self._next].at <= to:
                self.happen(plan[self._next])
                self._next += 1
        finally:
            if collecting:
                gc.enable()

    def happen(self, *happenings: told.Happening) -> None:
        """Let these happen, planned or not."""
        for happening in happenings:
            self._acts[type(happening)](happening)

    def _table(self) -> dict[type[told.Happening], Callable[[Any], None]]:
        return {
            told.TeamMade: self._team,
            told.Hired: self._hired,
            told.LeftCompany: self._left,
            told.PipelineMade: self._pipeline,
            told.ClientCame: self._client,
            told.Enquired: self._enquired,
            told.Moved: self._moved,
            told.Priced: self._priced,
            told.Reassigned: self._reassigned,
            told.Renamed: self._renamed,
            told.Called: self.timeline.called,
            told.MeetingPlanned: self.timeline.planned,
            told.MeetingHeld: self.timeline.held,
            told.TaskSet: self.errands.set,
            told.Rescheduled: self.errands.rescheduled,
            told.TaskDone: self.errands.done,
            told.Rated: self._rated,
            told.Refunded: self._refunded,
            told.Deleted: self._deleted,
            told.Restored: self._restored,
        }

    def _who(self, user: int) -> int:
        """Robots act as the integration's user."""
        return user or self.portal.integration

    def _team(self, h: told.TeamMade) -> None:
        self.portal.departments.put(h.team, Department(h.team, h.name, self._root))

    def _hired(self, h: told.Hired) -> None:
        name, _, last = h.name.partition(" ")
        person = Person(h.user, name, last, True, h.admin, [h.team], h.at, "Руководитель" if h.head else "Менеджер")
        self.portal.people.put(h.user, person)
        department = self.portal.departments.get(h.team)
        if h.head and department is not None:
            department.head = h.user
            self.portal.departments.touch(h.team)

    def _left(self, h: told.LeftCompany) -> None:
        person = self.portal.people.get(h.user)
        if person is not None:
            person.active = False
            self.portal.people.touch(h.user)

    def _pipeline(self, h: told.PipelineMade) -> None:
        number = len(self.categories)
        self.categories[h.pipeline] = number
        sort = 100 * (number + 1)
        self.portal.categories[DEAL][number] = Category(number, h.name, DEAL, sort, number == 0)
        self.portal.statuses.open_category(number)

    def _client(self, h: told.ClientCame) -> None:
        if h.company is not None and self.portal.items[COMPANY].get(h.company) is None:
            made = Item(COMPANY, h.company, f"Компания {h.company}", h.owner, h.at, h.owner, h.at, h.owner, active=h.at)
            self.portal.items[COMPANY].put(h.company, made)
        known = self.portal.items[CONTACT].get(h.contact)
        if known is None:
            known = Item(CONTACT, h.contact, f"Клиент {h.contact}", h.owner, h.at, h.owner, h.at, h.owner, active=h.at)
            self.portal.items[CONTACT].put(h.contact, known)
        known.phone, known.company = h.phone, h.company or 0
        self.portal.touch(known, h.owner, h.at)

    def _enquired(self, h: told.Enquired) -> None:
        kind = LEAD if self.portal.classic else DEAL
        category = self.categories[h.pipeline]
        self._wanted[h.deal] = category
        draft = sales.Draft(
            h.deal,
            h.name,
            h.owner,
            self._who(h.by),
            category=0 if kind == LEAD else category,
            stage="NEW" if kind == LEAD else self.portal.statuses.deal_stage(category, "new", None),
            contact=h.contact or 0,
            company=h.company or 0,
            source=self.portal.statuses.source(h.source),
            amount=h.amount or 0,
            currency=h.currency,
        )
        sales.open_item(self.portal, kind, draft, h.at)

    def _found(self, number: int) -> Item | None:
        """The deal, or the lead that it still is; None once it was deleted."""
        deal = self.portal.items[DEAL].get(number)
        if deal is not None or number in self.portal.bin[DEAL]:
            return deal
        return self.portal.items[LEAD].get(number)

    def _moved(self, h: told.Moved) -> None:
        item = self._found(h.deal)
        if item is None:
            return
        by = self._who(h.by)
        if h.pipeline is not None:
            self._wanted[h.deal] = self.categories[h.pipeline]
        if item.kind == LEAD:
            if h.stage == "lost":
                sales.move(self.portal, item, 0, self.portal.statuses.lost_lead(h.reason), by, h.at)
            if h.stage in ("lost", "unsorted", "new"):
                return
            item = sales.convert(self.portal, item, self._wanted[h.deal], by, h.at)
        category = self._wanted[h.deal] if h.pipeline is not None else item.category
        stage = self.portal.statuses.deal_stage(category, h.stage, h.reason)
        sales.move(self.portal, item, category, stage, by, h.at)

    def _priced(self, h: told.Priced) -> None:
        item = self._found(h.deal)
        if item is not None and (item.amount, item.currency) != (h.amount or 0, h.currency):
            item.amount, item.currency = h.amount or 0, h.currency
            self.portal.touch(item, self._who(h.by), h.at)

    def _reassigned(self, h: told.Reassigned) -> None:
        item = self._found(h.deal)
        if item is not None and item.owner != h.owner:
            item.owner = h.owner
            self.portal.touch(item, self._who(h.by), h.at)

    def _renamed(self, h: told.Renamed) -> None:
        item = self._found(h.deal)
        if item is not None and item.title != h.name:
            item.title = h.name
            self.portal.touch(item, self._who(h.by), h.at)

    def _rated(self, h: told.Rated) -> None:
        self._fill(h.deal, h.at, {self.company.csat_field: float(h.score), self.company.csat_date_field: h.at})

    def _refunded(self, h: told.Refunded) -> None:
        field = self.portal.field_named(self.company.refund_amount_field)
        amount: Any = plain(h.amount)
        if field is not None and field.type == "money":
            amount = f"{amount}|{self.company.currency}"
        self._fill(h.deal, h.at, {self.company.refund_amount_field: amount, self.company.refund_date_field: h.at})

    def _fill(self, deal: int, at: datetime, values: dict[str, Any]) -> None:
        item = self._found(deal)
        if item is not None:
            for label, value in values.items():
                sales.set_value(self.portal, item, label, value)
            self.portal.touch(item, self.portal.integration, at)

    def _deleted(self, h: told.Deleted) -> None:
        item = self._found(h.deal)
        if item is not None:
            self.portal.remove(item.kind, item.id)

    def _restored(self, h: told.Restored) -> None:
        kind = DEAL if h.deal in self.portal.bin[DEAL] else LEAD
        item = self.portal.restore(kind, h.deal)
        if item is not None:
            self.portal.touch(item, self._who(h.by), h.at)
