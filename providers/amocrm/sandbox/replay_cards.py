"""Clients and deals of the plan: contacts, companies, leads, unsorted enquiries."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from connector.pretend.happenings import (
    ClientCame,
    Company,
    Deleted,
    Enquired,
    Moved,
    Priced,
    Rated,
    Reassigned,
    Refunded,
    Renamed,
    Restored,
)
from providers.amocrm.sandbox.fields import figure
from providers.amocrm.sandbox.founding import Founding, status_id
from providers.amocrm.sandbox.replay_activity import phone_of
from providers.amocrm.sandbox.rows import Contact, Firm, Lead, Unsorted
from providers.amocrm.sandbox.world import World


class Cards:
    """What is sold, and to whom."""

    def __init__(self, world: World, company: Company, founding: Founding) -> None:
        self._world, self._founding, self._currency = world, founding, company.currency

    def client(self, happening: ClientCame, at: int) -> None:
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

    def enquired(self, happening: Enquired, at: int) -> None:
        world, stage = self._world, "unsorted" if happening.unsorted else "new"
        lead = Lead(
            id=happening.deal,
            name=happening.name,
            responsible=happening.owner,
            pipeline=happening.pipeline,
            status=status_id(happening.pipeline, "unsorted" if stage == "unsorted" else "new"),
            amount=happening.amount or 0,
            source=self._founding.sources.get(happening.source),
            company=happening.company,
            contacts=[] if happening.contact is None else [happening.contact],
            created_by=happening.by,
            updated_by=happening.by,
            created_at=at,
            updated_at=at,
        )
        if happening.currency != self._currency:
            lead.fields[self._founding.ids["currency"]] = self._founding.currency_values(happening.currency)
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
                phone=phone_of(contact),
            )
        )

    def moved(self, happening: Moved, at: int) -> None:
        lead = self._lead(happening.deal)
        pipeline = lead.pipeline if happening.pipeline is None else happening.pipeline
        self._world.move(lead, pipeline, status_id(pipeline, happening.stage), at, happening.by)
        if happening.stage == "lost" and happening.reason is not None:
            lead.loss_reason = self._founding.reasons[happening.reason]
        self._world.touch("leads", lead, at, happening.by)

    def priced(self, happening: Priced, at: int) -> None:
        lead, world = self._lead(happening.deal), self._world
        world.price(lead, happening.amount or 0, at, happening.by)
        currency = {self._founding.ids["currency"]: self._founding.currency_values(happening.currency)}
        world.set_fields("leads", lead, currency, at, happening.by)
        world.touch("leads", lead, at, happening.by)

    def reassigned(self, happening: Reassigned, at: int) -> None:
        lead = self._lead(happening.deal)
        self._world.reassign("leads", lead, happening.owner, at, happening.by)
        self._world.touch("leads", lead, at, happening.by)

    def renamed(self, happening: Renamed, at: int) -> None:
        lead = self._lead(happening.deal)
        self._world.rename("leads", lead, happening.name, at, happening.by)
        self._world.touch("leads", lead, at, happening.by)

    def deleted(self, happening: Deleted, at: int) -> None:
        self._world.delete_lead(self._lead(happening.deal), at, happening.by)

    def restored(self, happening: Restored, at: int) -> None:
        self._world.restore_lead(self._lead(happening.deal), at, happening.by)

    def rated(self, happening: Rated, at: int) -> None:
        self._answered_by_client(happening.deal, at, csat=str(happening.score), csat_date=at)

    def refunded(self, happening: Refunded, at: int) -> None:
        amount = figure(Decimal(happening.amount) / 100)
        self._answered_by_client(happening.deal, at, refund=amount, refund_date=at)

    def _answered_by_client(self, deal: int, at: int, **values: str | int) -> None:
        lead = self._lead(deal)
        changes = {self._founding.ids[word]: [{"value": value}] for word, value in values.items()}
        self._world.set_fields("leads", lead, changes, at, 0)
        self._world.touch("leads", lead, at, 0)

    def _lead(self, deal: int) -> Lead:
        lead = self._world.lead(deal)
        if lead is None:
            raise ValueError(f"the plan names deal {deal} before its enquiry")
        return lead


def _made(by: int, at: int) -> dict[str, Any]:
    return {"responsible": by, "created_by": by, "updated_by": by, "created_at": at, "updated_at": at}
