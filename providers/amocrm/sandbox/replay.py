"""The company's happenings, turned into amoCRM's terms up to a moment and no further."""

from __future__ import annotations

import gc
import uuid
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.pretend.happenings import (
    Called,
    ClientCame,
    Company,
    Deleted,
    Enquired,
    Happening,
    Hired,
    LeftCompany,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    PipelineMade,
    Priced,
    Rated,
    Reassigned,
    Refunded,
    Renamed,
    Restored,
    StageWord,
    TeamMade,
)
from providers.amocrm.sandbox.fields import figure
from providers.amocrm.sandbox.rows import (
    Contact,
    FieldDef,
    Firm,
    Lead,
    Note,
    Pipeline,
    Status,
    Task,
    Unsorted,
    User,
)
from providers.amocrm.sandbox.world import LOST, WON, World

HEAD_ROLE, SELLER_ROLE = 1, 2
MEETING = 2
ANSWERED, NOT_REACHED = 4, 6
_STAGES: tuple[tuple[StageWord, str, int], ...] = (
    ("unsorted", "Неразобранное", 10),
    ("new", "Новая", 20),
    ("contacted", "Контакт установлен", 30),
    ("proposal", "Предложение", 40),
    ("won", "Успешно реализовано", 10000),
    ("lost", "Закрыто и не реализовано", 11000),
)


def status_id(pipeline: int, stage: StageWord) -> int:
    """142 and 143 in every pipeline, else an id of its own."""
    if stage in ("won", "lost"):
        return WON if stage == "won" else LOST
    words = [word for word, _, _ in _STAGES]
    return 30_000_000 + pipeline * 10 + words.index(stage)


def seconds(at: datetime) -> int:
    """Unix time, as the API counts."""
    return int(at.timestamp())


class Replay:
    """Walks the plan once, in time order; `until` may be called again and again with later moments."""

    def __init__(self, world: World, company: Company) -> None:
        self._world, self._company, self._next = world, company, 0
        self._plan = company.happenings
        self._do: dict[type[Happening], Callable[[Any, int], None]] = {
            TeamMade: self._team, Hired: self._hired, LeftCompany: self._left, PipelineMade: self._pipeline,
            ClientCame: self._client, Enquired: self._enquired, Moved: self._moved, Priced: self._priced,
            Reassigned: self._reassigned, Renamed: self._renamed, Called: self._called,
            MeetingPlanned: self._planned, MeetingHeld: self._held, Rated: self._rated, Refunded: self._refunded,
            Deleted: self._deleted, Restored: self._restored,
        }  # fmt: skip
        self._reasons: dict[str, int] = {}
        self._sources: dict[str, int] = {}
        self._found()

    def until(self, now: datetime) -> int:
        """Let everything up to and including `now` happen; returns how much did."""
        first, plan = self._next, self._plan
        if first >= len(plan) or plan[first].at > now:
            return 0
        collecting = gc.isenabled()
        gc.disable()  # a million small objects that all stay: the collector would only look at them again and again
        try:
            while self._next < len(plan) and plan[self._next].at <= now:
                self.happen(plan[self._next])
                self._next += 1
        finally:
            if collecting:
                gc.enable()
        return self._next - first

    def happen(self, happening: Happening) -> None:
        """This one, now."""
        self._do[type(happening)](happening, seconds(happening.at))

    # -- what an account has from its first day -------------------------------------------------------------------

    def _found(self) -> None:
        world, company = self._world, self._company
        world.created_at = seconds(company.start)
        reasons = [company.junk_reason, *(h.reason for h in self._plan if isinstance(h, Moved) and h.reason)]
        self._reasons = {name: 31 + n for n, name in enumerate(dict.fromkeys(reasons))}
        world.loss_reasons = {id_: name for name, id_ in self._reasons.items()}
        sources = [h.source for h in self._plan if isinstance(h, Enquired) and h.source]
        self._sources = {name: 9001 + n for n, name in enumerate(dict.fromkeys(sources))}
        world.sources = {id_: name for name, id_ in self._sources.items()}
        others = [h.currency for h in self._plan if isinstance(h, Enquired | Priced)]
        self._fields([company.currency, *others])

    def _fields(self, currencies: list[str]) -> None:
        company = self._company
        leads = (
            ("csat", company.csat_field, "numeric"),
            ("csat_date", company.csat_date_field, "date_time"),
            ("refund", company.refund_amount_field, "numeric"),
            ("refund_date", company.refund_date_field, "date_time"),
            ("currency", company.currency_field, "select"),
        )
        self._ids = {word: 501_001 + n for n, (word, _, _) in enumerate(leads)}
        for word, name, kind in leads:
            field = FieldDef(id=self._ids[word], entity="leads", name=name, type=kind, sort=self._ids[word] - 500_500)
            self._world.fields["leads"][field.id] = field
        self._currency = self._world.fields["leads"][self._ids["currency"]]
        self._currency.enums = [
            {"id": 77_001 + n, "value": word, "sort": n * 10, "code": None}
            for n, word in enumerate(dict.fromkeys(currencies))
        ]
        for entity, first in (("contacts", 502_001), ("companies", 503_001)):
            for n, (code, name) in enumerate((("PHONE", "Телефон"), ("EMAIL", "Email"))):
                self._world.fields[entity][first + n] = FieldDef(
                    id=first + n, entity=entity, name=name, type="multitext", code=code, predefined=True,
                    enums=[
                        {"id": (first + n) * 10 + k, "value": word, "sort": k + 1, "code": None}
                        for k, word in enumerate(("WORK", "MOB", "OTHER"))
                    ],
                )  # fmt: skip

    # -- people and stages ----------------------------------------------------------------------------------------

    def _team(self, happening: TeamMade, at: int) -> None:
        self._world.groups[happening.team] = happening.name

    def _hired(self, happening: Hired, at: int) -> None:
        role = HEAD_ROLE if happening.head else SELLER_ROLE
        self._world.users[happening.user] = User(
            id=happening.user, name=happening.name, group=happening.team, role=role, admin=happening.admin
        )

    def _left(self, happening: LeftCompany, at: int) -> None:
        self._world.users[happening.user].active = False

    def _pipeline(self, happening: PipelineMade, at: int) -> None:
        pipelines = self._world.pipelines
        statuses = [
            Status(
                id=status_id(happening.pipeline, word),
                name=name,
                sort=sort,
                kind=int(word == "unsorted"),
                editable=word not in ("unsorted", "won", "lost"),
                color={"unsorted": "#c1c1c1", "won": "#CCFF66", "lost": "#D5D8DB"}.get(word, "#99ccff"),
            )
            for word, name, sort in _STAGES
        ]
        pipelines[happening.pipeline] = Pipeline(
            id=happening.pipeline,
            name=happening.name,
            sort=len(pipelines) + 1,
            main=not pipelines,
            statuses=statuses,
        )

    # -- clients and deals ----------------------------------------------------------------------------------------

    def _client(self, happening: ClientCame, at: int) -> None:
        world, firm = self._world, None
        if happening.company is not None:
            firm = world.companies.get(happening.company)
            if firm is None:
                firm = Firm(
                    id=happening.company, name=f"ООО «Клиент {happening.company}»", **_made(happening.owner, at)
                )
                world.add_company(firm)
        known = world.contacts.get(happening.contact)
        if known is not None:
            known.company = happening.company if happening.company is not None else known.company
            world.touch("contacts", known, at, happening.owner)
            return
        contact = Contact(
            id=happening.contact, name=f"Клиент {happening.contact}", company=happening.company,
            **_made(happening.owner, at),
        )  # fmt: skip
        phone = next(field for field in world.fields["contacts"].values() if field.code == "PHONE")
        contact.fields[phone.id] = [{"value": happening.phone, "enum_id": phone.enums[0]["id"], "enum_code": "WORK"}]
        world.add_contact(contact)

    def _enquired(self, happening: Enquired, at: int) -> None:
        world, stage = self._world, "unsorted" if happening.unsorted else "new"
        lead = Lead(
            id=happening.deal,
            name=happening.name,
            responsible=happening.owner,
            pipeline=happening.pipeline,
            status=status_id(happening.pipeline, "unsorted" if stage == "unsorted" else "new"),
            amount=happening.amount or 0,
            source=self._sources.get(happening.source),
            company=happening.company,
            contacts=[] if happening.contact is None else [happening.contact],
            created_by=happening.by,
            updated_by=happening.by,
            created_at=at,
            updated_at=at,
        )
        if happening.currency != self._company.currency:
            lead.fields[self._ids["currency"]] = self._currency_values(happening.currency)
        if happening.unsorted:
            self._unsorted(lead, happening, at)
        world.add_lead(lead)

    def _unsorted(self, lead: Lead, happening: Enquired, at: int) -> None:
        lead.unsorted = uuid.uuid5(uuid.NAMESPACE_OID, f"unsorted-{lead.id}").hex
        contact = self._world.contacts.get(happening.contact or 0)
        self._world.unsorted.put(
            Unsorted(
                id=lead.id,
                uid=lead.unsorted,
                category="sip" if any(w in happening.source.lower() for w in ("звон", "тел", "phone")) else "forms",
                source_name=happening.source,
                lead=lead.id,
                contact=happening.contact,
                company=happening.company,
                pipeline=happening.pipeline,
                created_at=at,
                phone=self._phone(contact),
            )
        )

    def _currency_values(self, currency: str) -> list[dict[str, Any]]:
        """[] for the account's own currency: the field is filled only where it differs."""
        if currency == self._company.currency:
            return []
        enum = next(enum for enum in self._currency.enums if enum["value"] == currency)
        return [{"value": enum["value"], "enum_id": enum["id"], "enum_code": None}]

    def _moved(self, happening: Moved, at: int) -> None:
        lead = self._lead(happening.deal)
        pipeline = lead.pipeline if happening.pipeline is None else happening.pipeline
        self._world.move(lead, pipeline, status_id(pipeline, happening.stage), at, happening.by)
        if happening.stage == "lost" and happening.reason is not None:
            lead.loss_reason = self._reasons[happening.reason]
        self._world.touch("leads", lead, at, happening.by)

    def _priced(self, happening: Priced, at: int) -> None:
        lead, world = self._lead(happening.deal), self._world
        world.price(lead, happening.amount or 0, at, happening.by)
        currency = {self._ids["currency"]: self._currency_values(happening.currency)}
        world.set_fields("leads", lead, currency, at, happening.by)
        world.touch("leads", lead, at, happening.by)

    def _reassigned(self, happening: Reassigned, at: int) -> None:
        lead = self._lead(happening.deal)
        self._world.reassign("leads", lead, happening.owner, at, happening.by)
        self._world.touch("leads", lead, at, happening.by)

    def _renamed(self, happening: Renamed, at: int) -> None:
        lead = self._lead(happening.deal)
        self._world.rename("leads", lead, happening.name, at, happening.by)
        self._world.touch("leads", lead, at, happening.by)

    def _deleted(self, happening: Deleted, at: int) -> None:
        self._world.delete_lead(self._lead(happening.deal), at, happening.by)

    def _restored(self, happening: Restored, at: int) -> None:
        self._world.restore_lead(self._lead(happening.deal), at, happening.by)

    def _rated(self, happening: Rated, at: int) -> None:
        self._answered_by_client(happening.deal, at, csat=str(happening.score), csat_date=at)

    def _refunded(self, happening: Refunded, at: int) -> None:
        amount = figure(Decimal(happening.amount) / 100)
        self._answered_by_client(happening.deal, at, refund=amount, refund_date=at)

    def _answered_by_client(self, deal: int, at: int, **values: str | int) -> None:
        lead = self._lead(deal)
        changes = {self._ids[word]: [{"value": value}] for word, value in values.items()}
        self._world.set_fields("leads", lead, changes, at, 0)
        self._world.touch("leads", lead, at, 0)

    def _lead(self, deal: int) -> Lead:
        lead = self._world.lead(deal)
        if lead is None:
            raise ValueError(f"the plan names deal {deal} before its enquiry")
        return lead

    # -- calls and meetings ---------------------------------------------------------------------------------------

    def _called(self, happening: Called, at: int) -> None:
        contact = self._world.contacts.get(happening.contact)
        on_lead = happening.deal is not None
        note = Note(
            id=happening.call,
            entity_id=happening.deal if happening.deal is not None else happening.contact,
            responsible=happening.user,
            note_type=f"call_{happening.direction}",
            params={
                "uniq": f"call-{happening.call}",
                "duration": happening.seconds,
                "source": "sandbox-pbx",
                "link": f"https://pbx.example/{happening.call}.mp3" if happening.answered else None,
                "phone": self._phone(contact),
                "call_result": "Разговор состоялся" if happening.answered else None,
                "call_status": ANSWERED if happening.answered else NOT_REACHED,
                "call_responsible": happening.user,
            },
            created_by=happening.user,
            updated_by=happening.user,
            created_at=at,
            updated_at=at,
        )
        self._world.add_note("leads" if on_lead else "contacts", note)

    def _phone(self, contact: Contact | None) -> str:
        values = [] if contact is None else list(contact.fields.values())
        return str(values[0][0]["value"]) if values else ""

    def _planned(self, happening: MeetingPlanned, at: int) -> None:
        self._world.add_task(
            Task(
                id=happening.meeting,
                responsible=happening.user,
                text="Встреча",
                complete_till=seconds(happening.due),
                entity_type="leads",
                entity_id=happening.deal,
                task_type=MEETING,
                duration=3600,
                created_by=happening.user,
                updated_by=happening.user,
                created_at=at,
                updated_at=at,
            )
        )

    def _held(self, happening: MeetingHeld, at: int) -> None:
        task = self._world.tasks.rows[happening.meeting]
        self._world.complete(task, happening.text, at, happening.user)
        self._world.task_changed(task, at, happening.user)


def _made(by: int, at: int) -> dict[str, Any]:
    return {"responsible": by, "created_by": by, "updated_by": by, "created_at": at, "updated_at": at}
