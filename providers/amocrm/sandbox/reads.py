"""GET: deals, contacts and companies, one, listed, and linked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.amocrm.sandbox import filters, shapes
from providers.amocrm.sandbox.answers import Answer, Rows, good, problem, whole
from providers.amocrm.sandbox.lists import Listing, Switches, page
from providers.amocrm.sandbox.query import Query
from providers.amocrm.sandbox.rows import Card
from providers.amocrm.sandbox.world import World

Reply = Answer | Rows
_DATED = ("created_at", "updated_at", "id")
_LEAD_WITH = frozenset(
    ("contacts", "loss_reason", "source_id", "source", "catalog_elements", "is_price_modified_by_robot")
)
_CARD_WITH = {
    "contacts": frozenset(("leads", "customers", "catalog_elements")),
    "companies": frozenset(("contacts", "leads", "customers", "catalog_elements")),
}
SWITCHED_OFF = "Customers are switched off in this account"


class Reads:
    """Cards as a reader sees them."""

    def __init__(self, world: World, switches: Switches) -> None:
        self._world, self._switches = world, switches

    # -- cards ----------------------------------------------------------------------------------------------------

    def cards(self, query: Query, entity: str) -> Reply:
        """leads, contacts, companies; customers answer that they are off."""
        if entity == "customers":
            return problem(426, SWITCHED_OFF)
        listing = self._leads(query) if entity == "leads" else self._people(entity)
        return self._page(listing, query, entity)

    def card(self, query: Query, entity: str, id_: str) -> Reply:
        """204 for an id that is not there, the trash included."""
        if entity == "customers":
            return problem(426, SWITCHED_OFF)
        listing = self._leads(query) if entity == "leads" else self._people(entity)
        row = listing.rows.get(int(id_))
        return Answer(204) if row is None else good(listing.shape(row, query.with_ & listing.withs))

    def _leads(self, query: Query) -> Listing:
        world, trash = self._world, "only_deleted" in query.with_
        return Listing(
            "leads",
            world.trash if trash else world.leads,
            lambda row, with_: shapes.lead(world, row, with_, kommo=self._switches.kommo),
            filters.LEADS,
            _DATED,
            withs=_LEAD_WITH,
            paid=True,
            text=_card_text,
        )

    def _people(self, entity: str) -> Listing:
        world = self._world
        shape: Callable[..., Any] = shapes.contact if entity == "contacts" else shapes.company
        return Listing(
            entity,
            world.cards(entity),
            lambda row, with_: shape(world, row, with_),
            filters.CONTACTS,
            ("updated_at", "id"),
            withs=_CARD_WITH[entity],
            paid=True,
            text=_card_text,
        )

    def links(self, query: Query, entity: str, id_: str) -> Reply:
        """A deal's people; the other way round is left to `with`."""
        row = self._world.leads.get(int(id_)) if entity == "leads" else None
        if row is None:
            return Answer(204)
        found = [("contacts", contact, {"main_contact": n == 0}) for n, contact in enumerate(row.contacts)]
        companies = [] if row.company is None else [("companies", row.company, None)]
        shown = [
            {"to_entity_id": to, "to_entity_type": kind, "metadata": about} for kind, to, about in [*found, *companies]
        ]
        return whole("links", shown, self._url(f"{entity}/{id_}/links"))

    def _page(self, listing: Listing, query: Query, path: str) -> Rows:
        return page(listing, query, self._url(path), self._switches)

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"


def _card_text(row: Card) -> str:
    values = (str(item["value"]) for items in row.fields.values() for item in items)
    return " ".join((str(row.id), row.name, *values))
