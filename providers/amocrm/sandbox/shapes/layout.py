"""People, stages, reasons, fields, lists: crm/amocrm 3.2, 3.3, 3.10, 3.11, 3.13."""

from __future__ import annotations

from providers.amocrm.sandbox.rows import Catalog, Element, FieldDef, Pipeline, Status, User
from providers.amocrm.sandbox.shapes.base import Json, With, link, values
from providers.amocrm.sandbox.world import World

ROLES = {1: "Руководитель", 2: "Менеджер"}


def user(world: World, row: User, with_: With) -> Json:
    """A person with his rights."""
    everything = {"view": "A", "edit": "A", "add": "A", "delete": "A" if row.admin else "D", "export": "A"}
    shown: Json = {
        "id": row.id,
        "name": row.name,
        "email": f"user{row.id}@acme.example",
        "lang": "ru",
        "rights": {
            "leads": everything,
            "contacts": everything,
            "companies": everything,
            "tasks": {"edit": "A", "delete": "A"},
            "mail_access": False,
            "catalog_access": True,
            "files_access": False,
            "status_rights": None,
            "is_admin": row.admin,
            "is_free": False,
            "is_active": row.active,
            "group_id": row.group,
            "role_id": row.role,
        },
        "_links": link(world, f"users/{row.id}"),
    }
    embedded: Json = {}
    if "role" in with_:
        embedded["roles"] = [{"id": row.role, "name": ROLES[row.role]}]
    if "group" in with_:
        embedded["groups"] = [{"id": row.group, "name": world.groups.get(row.group, "")}]
    return shown | ({"_embedded": embedded} if embedded else {})


def pipeline(world: World, row: Pipeline) -> Json:
    """With all its stages."""
    return {
        "id": row.id,
        "name": row.name,
        "sort": row.sort,
        "is_main": row.main,
        "is_unsorted_on": any(stage.kind == 1 for stage in row.statuses),
        "is_archive": row.archived,
        "account_id": world.account_id,
        "_links": link(world, f"leads/pipelines/{row.id}"),
        "_embedded": {"statuses": [status(world, row.id, stage) for stage in row.statuses]},
    }


def status(world: World, pipeline_id: int, row: Status) -> Json:
    """A stage; `type` 1 is the unsorted one."""
    return {
        "id": row.id,
        "name": row.name,
        "sort": row.sort,
        "is_editable": row.editable,
        "pipeline_id": pipeline_id,
        "color": row.color,
        "type": row.kind,
        "account_id": world.account_id,
        "_links": link(world, f"leads/pipelines/{pipeline_id}/statuses/{row.id}"),
    }


def custom_field(world: World, row: FieldDef) -> Json:
    """A definition."""
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "account_id": world.account_id,
        "code": row.code,
        "sort": row.sort,
        "is_api_only": row.api_only,
        "enums": [dict(enum) for enum in row.enums] or None,
        "group_id": row.group,
        "required_statuses": None,
        "hidden_statuses": [],
        "is_deletable": not row.predefined,
        "is_predefined": row.predefined,
        "entity_type": row.entity.partition("/")[0],
        "is_computed": False,
        "tracking_callback": None,
        "remind": None,
        "chained_lists": None,
        "currency": row.currency,
        "settings": None,
        "_links": link(world, f"{row.entity}/custom_fields/{row.id}"),
    }


def catalog(world: World, row: Catalog, with_: With) -> Json:
    """A list."""
    return {
        "id": row.id,
        "name": row.name,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "sort": row.sort,
        "type": row.type,
        "can_add_elements": row.can_add_elements,
        "can_show_in_cards": row.can_show_in_cards,
        "can_link_multiple": row.can_link_multiple,
        "can_be_deleted": True,
        "sdk_widget_code": None,
        "account_id": world.account_id,
        "_links": link(world, f"catalogs/{row.id}"),
    }


def element(world: World, row: Element, with_: With) -> Json:
    """A line of a list."""
    shown: Json = {
        "id": row.id,
        "name": row.name,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "is_deleted": None,
        "custom_fields_values": values(world.fields[f"catalogs/{row.catalog}"], row.fields),
        "catalog_id": row.catalog,
        "account_id": world.account_id,
        "_links": link(world, f"catalogs/{row.catalog}/elements/{row.id}"),
    }
    return shown | ({"invoice_link": None} if "invoice_link" in with_ else {})


def loss_reason(world: World, id_: int) -> Json:
    """Why deals are lost; an item of an array even where there is only one."""
    return {
        "id": id_,
        "name": world.loss_reasons[id_],
        "sort": 100_000,
        "created_at": world.created_at,
        "updated_at": world.created_at,
        "_links": link(world, f"leads/loss_reasons/{id_}"),
    }
