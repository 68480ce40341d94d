"""What all shapes share: links, references, custom field values."""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox.rows import FieldDef, Values
from providers.amocrm.sandbox.world import World

With = frozenset[str]
Json = dict[str, Any]


def link(world: World, path: str) -> Json:
    """`_links` of an object."""
    return {"self": {"href": f"{world.base}/api/v4/{path}"}}


def ref(world: World, entity: str, id_: int) -> Json:
    """How one object names another in `_embedded`."""
    return {"id": id_, "_links": link(world, f"{entity}/{id_}")}


def values(fields: dict[int, FieldDef], held: Values) -> list[Json] | None:
    """null, not [], where nothing is filled; values of a field that is gone are not shown."""
    shown = [
        {
            "field_id": id_,
            "field_name": fields[id_].name,
            "field_code": fields[id_].code,
            "field_type": fields[id_].type,
            "values": held[id_],
        }
        for id_ in held
        if id_ in fields
    ]
    return shown or None
