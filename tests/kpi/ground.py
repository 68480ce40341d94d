"""An account with people and facts, ready to be measured; and the pretend company as neutral records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.fact import STANDS, Dossier, Fact
from connector.kpi.kinds import STANDING
from connector.kpi.look import Look, look
from connector.moment import Period, local_day, to_ms
from connector.pretend import happenings as h
from connector.provider import Account, Page
from connector.records import Call, Client, Deadline, Deal, Done, Meeting, Move, Owner, Price, Record, Task, Team, User
from connector.store import accounts, facts
from connector.store.crm import memberships, records

ZONE = "Europe/Moscow"
NOW = to_ms(datetime(2026, 10, 1, tzinfo=UTC))
TEAMS = (
    Team(id="1", name="Все"),
    Team(id="700", name="Розница", parent_id="1"),
    Team(id="701", name="Опт", parent_id="1"),
)
USERS = (
    User(id="501", name="Анна", team_ids=("700",)),
    User(id="502", name="Борис", team_ids=("700",)),
    User(id="503", name="Вера", team_ids=("701",)),
    User(id="509", name="Ушёл", active=False, team_ids=("701",)),
)


def account(conn: Connection, users: Sequence[User] = USERS, teams: Sequence[Team] = TEAMS) -> int:
    """A described account with its people."""
    number = accounts.enroll(conn, "moscow", "amocrm")
    accounts.describe(conn, number, Account("1", "ACME", ZONE, "RUB", "acme"), ZONE, "RUB")
    save(conn, number, users)
    save(conn, number, teams)
    memberships.observe(conn, number, users, now=0)
    return number


def save(conn: Connection, number: int, some: Sequence[Record], *, now: int = 0) -> None:
    """One page of records of one kind."""
    page = Page(some, "end", datetime.fromtimestamp(now / 1000, UTC))
    kind = type(some[0])
    records.save_page(conn, number, kind, page, now=now, observe_owner=False, observe_price=False, fence=None)


def know(conn: Connection, number: int, some: Iterable[Fact], *, at: int = 0, dossier: str = "contact:1") -> None:
    """From `at` on these are the facts of the dossier."""
    facts.replace(conn, number, {dossier: list(some)}, known_at=at)


def seen(
    number: int = 1, period: str = "2026-09", *, at: int = NOW, as_of: int | None = None, rules: Rules | None = None
) -> Look:
    """An account's facts of a period, judged at a moment."""
    return look(number, Period.parse(period), zone=ZONE, judged_at=at, as_of=as_of, rules=rules or Rules())


LIMITS = seen().limits


class Row:
    """A fact as a measure sees it in the database."""

    def __init__(self, told: Fact) -> None:
        self.kind, self.amount, self.client, self.confidence = told.kind, told.amount, told.client, told.confidence
        self.key = told.key
        self.number, self.other, self.at = told.number, told.other, to_ms(told.at)
        self.due_at = None if told.due_at is None else to_ms(told.due_at)
        self.pipeline_id, self.source, self.stage = told.pipeline, told.source, told.stage


_count = iter(range(10**9))


def fact(kind: str, when: str = "2026-09-10T12:00", user: str | None = "501", **more: Any) -> Fact:
    """A fact at a UTC clock time."""
    at = datetime.fromisoformat(when).replace(tzinfo=UTC)
    number = str(next(_count))
    base: dict[str, Any] = {"key": f"{kind}|deal:{number}", "deal": number, "client": f"contact:{number}"}
    day = STANDS if kind in STANDING else local_day(at, ZONE)
    return Fact(kind=kind, at=at, day=day, user=user, **(base | more))


def win(roubles: int | None = 1000, user: str | None = "501", **more: Any) -> Fact:
    return fact("win", user=user, **({"amount": None if roubles is None else roubles * 100, "number": 1} | more))


# The pretend company in the terms of a CRM that tells every change.

_OUTCOME: dict[str, Any] = {"won": "won", "lost": "lost"}


def dossiers(company: h.Company, as_of: datetime) -> list[Dossier]:
    """Everything that happened up to a moment, by client."""
    world = _World()
    for happening in company.happenings:
        if happening.at <= as_of:
            world.tell(happening)
    return world.dossiers(company)


class _World:
    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}
        self.deals: dict[int, dict[str, Any]] = {}
        self.gone: dict[str, datetime] = {}
        self.changes: dict[str, list[Record]] = defaultdict(list)
        self.calls: list[Call] = []
        self.meetings: dict[int, dict[str, Any]] = {}
        self.tasks: dict[int, dict[str, Any]] = {}
        self.deadlines: dict[int, list[Deadline]] = {}
        self.dones: dict[int, Done] = {}
        self.number = iter(range(10**9))

    def id(self) -> str:
        return f"{next(self.number):09}"

    def tell(self, x: h.Happening) -> None:
        match x:
            case h.ClientCame():
                company = f"company:{x.company}" if x.company else None
                self.clients[f"contact:{x.contact}"] = Client(id=f"contact:{x.contact}", company=company)
                if company:
                    self.clients[company] = Client(id=company)
            case h.Enquired():
                self.deals[x.deal] = {
                    "id": str(x.deal),
                    "created_at": x.at,
                    "created_by": str(x.by) if x.by else None,
                    "owner_id": str(x.owner),
                    "pipeline_id": str(x.pipeline),
                    "stage_id": "unsorted" if x.unsorted else "new",
                    "amount": x.amount,
                    "currency": x.currency,
                    "company": f"company:{x.company}" if x.company else None,
                    "contacts": (f"contact:{x.contact}",) if x.contact else (),
                    "fields": {},
                }
            case h.Moved():
                self._moved(x)
            case h.Priced():
                deal = self.deals[x.deal]
                self._change(
                    Price(
                        id=self.id(),
                        of=f"deal:{x.deal}",
                        at=x.at,
                        amount=x.amount,
                        before=deal["amount"],
                        currency=x.currency,
                    )
                )
                deal.update(amount=x.amount, currency=x.currency)
            case h.Reassigned():
                deal = self.deals[x.deal]
                self._change(
                    Owner(id=self.id(), of=f"deal:{x.deal}", at=x.at, user_id=str(x.owner), before=deal["owner_id"])
                )
                deal["owner_id"] = str(x.owner)
            case h.Deleted():
                self.gone[f"deal:{x.deal}"] = x.at
            case h.Restored():
                del self.gone[f"deal:{x.deal}"]
            case h.Rated():
                self.deals[x.deal]["fields"] |= {"CSAT": x.score, "Дата оценки": int(x.at.timestamp())}
            case h.Refunded():
                self.deals[x.deal]["fields"] |= {"Сумма возврата": x.amount / 100, "Дата возврата": x.at.isoformat()}
            case _:
                self._spoken(x)

    def _spoken(self, x: h.Happening) -> None:
        match x:
            case h.Called():
                on = ((f"deal:{x.deal}",) if x.deal else ()) + (f"contact:{x.contact}",)
                self.calls.append(
                    Call(
                        id=str(x.call), at=x.at, direction=x.direction, answered=x.answered, seconds=x.seconds,
                        user_id=str(x.user), on=on, phone=f"phone of {x.contact}",
                    )
                )  # fmt: skip
            case h.MeetingPlanned():
                self.meetings[x.meeting] = self._errand(x.meeting, x)
            case h.TaskSet():
                self.tasks[x.task] = self._errand(x.task, x)
            case h.Rescheduled():
                task = self.tasks[x.task]
                of, before = f"task:{x.task}", task["due_at"]
                change = Deadline(id=self.id(), of=of, at=x.at, due_at=x.due, before=before, by=str(x.by))
                self.deadlines.setdefault(x.task, []).append(change)
                task["due_at"] = x.due
            case h.TaskDone():
                self.tasks[x.task]["done_at"] = x.at
                self.dones[x.task] = Done(id=self.id(), of=f"task:{x.task}", at=x.at)
            case h.MeetingHeld():
                self.meetings[x.meeting]["done_at"] = x.at
                self.dones[x.meeting] = Done(id=self.id(), of=f"task:{x.meeting}", at=x.at)

    @staticmethod
    def _errand(number: int, x: h.MeetingPlanned | h.TaskSet) -> dict[str, Any]:
        on = (f"deal:{x.deal}",)
        return {"id": str(number), "user_id": str(x.user), "created_at": x.at, "due_at": x.due, "on": on}

    def _moved(self, x: h.Moved) -> None:
        deal = self.deals[x.deal]
        before = deal["stage_id"]
        pipeline = str(x.pipeline) if x.pipeline else deal["pipeline_id"]
        outcome = _OUTCOME.get(x.stage, "open")
        self._change(
            Move(
                id=self.id(), of=f"deal:{x.deal}", at=x.at, pipeline_id=pipeline, stage_id=x.stage, outcome=outcome,
                from_stage_id=before, from_outcome=_OUTCOME.get(before, "open"), by=str(x.by) if x.by else None,
            )
        )  # fmt: skip
        deal.update(stage_id=x.stage, pipeline_id=pipeline, outcome=outcome, loss_reason_id=x.reason, closed_at=x.at)

    def _change(self, change: Any) -> None:
        self.changes[change.of].append(change)

    def _top(self, ref: str) -> str:
        if ref.startswith("deal:"):
            deal = self.deals[int(ref[5:])]
            return deal["company"] or self._top(deal["contacts"][0]) if deal["contacts"] else ref
        return (self.clients[ref].company if ref in self.clients else None) or ref

    def dossiers(self, company: h.Company) -> list[Dossier]:
        parts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for client in self.clients.values():
            parts[self._top(client.id)]["clients"].append(client)
        for deal in self.deals.values():
            ref = f"deal:{deal['id']}"
            here = parts[self._top(ref)]
            here["deals"].append(Deal(**deal))
            for change in self.changes[ref]:
                here[f"{change.kind}s"].append(change)
        for call in self.calls:
            parts[self._top(call.on[0])]["calls"].append(call)
        for number, meeting in self.meetings.items():
            here = parts[self._top(meeting["on"][0])]
            here["meetings"].append(Meeting(**meeting))
            here["dones"] += [self.dones[number]] if number in self.dones else []
        for number, task in self.tasks.items():
            here = parts[self._top(task["on"][0])]
            here["tasks"].append(Task(**task))
            here["dones"] += [self.dones[number]] if number in self.dones else []
            here["deadlines"] += self.deadlines.get(number, [])
        return [
            Dossier(key=key, gone=self.gone, **{name: tuple(some) for name, some in here.items()})
            for key, here in parts.items()
        ]
