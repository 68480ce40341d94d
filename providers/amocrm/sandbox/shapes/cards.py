"""Deals, the trash, contacts, companies: every key, null and oddity of crm/amocrm 3.4 and 3.6."""

from __future__ import annotations

from providers.amocrm.sandbox.rows import Contact, Firm, Lead
from providers.amocrm.sandbox.shapes.base import Json, With, link, ref, values
from providers.amocrm.sandbox.shapes.layout import loss_reason
from providers.amocrm.sandbox.world import World


def lead(world: World, row: Lead, with_: With, *, kommo: bool = False) -> Json:
    """A deal, or its stub where it lies in the trash."""
    if row.deleted:
        return _in_trash(world, row)
    shown: Json = {
        "id": row.id,
        "name": row.name,
        "price": row.amount // 100,
        "responsible_user_id": row.responsible,
        "group_id": world.group_of(row.responsible),
        "status_id": row.status,
        "pipeline_id": row.pipeline,
        "loss_reason_id": row.loss_reason,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "closed_at": row.closed_at,
        "closest_task_at": row.closest_task_at,
        "is_deleted": False,
        "custom_fields_values": values(world.fields["leads"], row.fields),
        "score": None,
        "account_id": world.account_id,
        "labor_cost": None,
        "_links": link(world, f"leads/{row.id}"),
        "_embedded": _lead_embedded(world, row, with_),
    }
    if kommo:
        shown["price_with_minor_units"] = row.amount / 100
    if "source_id" in with_:
        shown["source_id"] = row.source
    if "is_price_modified_by_robot" in with_:
        shown["is_price_modified_by_robot"] = False
    return shown


def _lead_embedded(world: World, row: Lead, with_: With) -> Json:
    shown: Json = {
        "tags": _tags(row.tags),
        "companies": [] if row.company is None else [ref(world, "companies", row.company)],
    }
    if "contacts" in with_:
        shown["contacts"] = [{**ref(world, "contacts", id_), "is_main": n == 0} for n, id_ in enumerate(row.contacts)]
    if "loss_reason" in with_:
        shown["loss_reason"] = [] if row.loss_reason is None else [loss_reason(world, row.loss_reason)]
    if "source" in with_ and row.source is not None:
        shown["source"] = {"id": row.source, "name": world.sources[row.source], "type": "unknown"}
    if "catalog_elements" in with_:
        shown["catalog_elements"] = []
    return shown


_NO_LEAD: Json = dict.fromkeys(
    (
        "id", "name", "price", "responsible_user_id", "group_id", "status_id", "pipeline_id", "loss_reason_id",
        "created_by", "updated_by", "created_at", "updated_at", "closed_at", "closest_task_at", "is_deleted",
        "custom_fields_values", "score", "account_id", "labor_cost",
    )
)  # fmt: skip


def _in_trash(world: World, row: Lead) -> Json:
    """A deleted deal: nearly all is null (issue 254 of the PHP SDK)."""
    return _NO_LEAD | {
        "id": row.id,
        "updated_by": row.updated_by,
        "updated_at": row.updated_at,
        "is_deleted": True,
        "account_id": world.account_id,
        "_links": link(world, f"leads/{row.id}"),
        "_embedded": {"tags": [], "companies": []},
    }


def contact(world: World, row: Contact, with_: With) -> Json:
    """A person."""
    first, _, last = row.name.partition(" ")
    embedded: Json = {
        "tags": _tags(row.tags),
        "companies": [] if row.company is None else [ref(world, "companies", row.company)],
    }
    _with_links(world, embedded, with_, leads=row.leads)
    return {
        **_card(world, "contacts", row),
        "first_name": first,
        "last_name": last,
        "is_unsorted": False,
        "_embedded": embedded,
    }


def company(world: World, row: Firm, with_: With) -> Json:
    """A company."""
    embedded: Json = {"tags": _tags(row.tags)}
    _with_links(world, embedded, with_, leads=row.leads, contacts=row.contacts)
    return {**_card(world, "companies", row), "_embedded": embedded}


def _card(world: World, entity: str, row: Contact | Firm) -> Json:
    return {
        "id": row.id,
        "name": row.name,
        "responsible_user_id": row.responsible,
        "group_id": world.group_of(row.responsible),
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "is_deleted": False,
        "closest_task_at": row.closest_task_at,
        "custom_fields_values": values(world.fields[entity], row.fields),
        "account_id": world.account_id,
        "_links": link(world, f"{entity}/{row.id}"),
    }


def _with_links(world: World, embedded: Json, with_: With, **linked: list[int]) -> None:
    for entity, found in linked.items():
        if entity in with_:
            there = [id_ for id_ in found if id_ in world.cards(entity).rows]
            embedded[entity] = [ref(world, entity, id_) for id_ in there]
    for entity in ("customers", "catalog_elements"):
        if entity in with_:
            embedded[entity] = []


def _tags(tags: list[str]) -> list[Json]:
    return [{"id": sum(tag.encode()) + len(tag), "name": tag, "color": None} for tag in tags]
