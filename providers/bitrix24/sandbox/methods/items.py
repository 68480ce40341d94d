"""crm.item.*: the universal methods, strict about filters and silent about unknown fields."""

from __future__ import annotations

from typing import Any

from providers.bitrix24.sandbox import sales, writing
from providers.bitrix24.sandbox.answers import RestError, Result, not_found
from providers.bitrix24.sandbox.columns import Column
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.rows import DEAL, LEAD, Item
from providers.bitrix24.sandbox.table import Table

IMPORT_LIMIT = 20


def _kind(call: Call) -> int:
    kind = call.params.number("entityTypeId")
    if kind not in call.portal.items:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", "Тип сущности не поддерживается")
    return kind


def _item(call: Call) -> tuple[Table[Item], Item]:
    table = call.portal.items[_kind(call)]
    item = table.get(call.params.number("id"))
    if item is None:
        raise not_found()
    return table, item


def _original(call: Call) -> bool:
    return call.params.get("useOriginalUfNames") in ("Y", True, "1", 1, "true")


@method("crm.item.list", "crm")
def item_list(call: Call) -> Result:
    """With useOriginalUfNames and a selection together the system fields are lost (docs issue #263)."""
    kind = _kind(call)
    view = call.shelf.item_original(kind) if _original(call) else call.shelf.item(kind)
    order = tuple((_either(name), str(way).upper() == "DESC") for name, way in call.params.map("order").items())
    names = None
    if _original(call) and call.params.list("select"):
        names = tuple(n for n in map(str, call.params.list("select")) if n in view.columns and view.columns[n].dynamic)
    found = call.paged(call.portal.items[kind], view, order=order, names=names, strict=True)
    found.value = {"items": found.value}
    return found


def _either(name: str) -> str:
    """The order takes ID as well as id."""
    return name.lower() if name.upper() == "ID" else name


def _shown(call: Call, kind: int, id: int) -> Any:
    view = call.shelf.item_original(kind) if _original(call) else call.shelf.item(kind)
    return call.one(call.portal.items[kind], view, id, view.names(["*"]))


@method("crm.item.get", "crm")
def item_get(call: Call) -> Result:
    """One item with every field, phones included."""
    _, item = _item(call)
    return Result({"item": _shown(call, item.kind, item.id)})


@method("crm.item.fields", "crm")
def item_fields(call: Call) -> Result:
    """What fields there are; the only true map between the two spellings of custom ones."""
    kind = _kind(call)
    view = call.shelf.item_original(kind) if _original(call) else call.shelf.item(kind)
    return Result({"fields": {name: _field(call, kind, column) for name, column in view.columns.items()}})


_TYPES = {"money": "double", "yn": "boolean", "uf_boolean": "boolean", "raw": "integer"}


def _field(call: Call, kind: int, column: Column[Item]) -> dict[str, Any]:
    custom = call.portal.field_of(call.portal.entity_of(kind), column.upper) if column.dynamic else None
    return {
        "type": custom.type if custom else _TYPES.get(column.kind, column.kind),
        "isRequired": False,
        "isReadOnly": column.read_only,
        "isImmutable": False,
        "isMultiple": column.multiple,
        "isDynamic": column.dynamic,
        "title": column.title or column.name,
        "upperName": column.upper or column.name,
    }


@method("crm.item.add", "crm")
def item_add(call: Call) -> Result:
    """A new item; of unknown fields nothing is said."""
    kind = _kind(call)
    item = create(call, kind, call.params.map("fields"))
    call.wrote()
    return Result({"item": _shown(call, kind, item.id)})


def create(call: Call, kind: int, fields: dict[str, Any]) -> Item:
    """Checked, then opened in its first stage or the one named."""
    table = call.portal.items[kind]
    category, stage = _place(call, kind, fields)
    draft = sales.Draft(table.next_id(), "", call.user, call.user, category=category, stage=stage)
    item = sales.open_item(call.portal, kind, draft, call.portal.now)
    try:
        writing.apply(call, item, {k: v for k, v in fields.items() if k not in ("stageId", "categoryId")})
    except RestError:
        call.portal.remove(kind, item.id)
        raise
    if not item.title:
        item.title = f"{'Сделка' if kind == DEAL else 'Элемент'} #{item.id}"
        table.touch(item.id)
    return item


def _place(call: Call, kind: int, fields: dict[str, Any]) -> tuple[int, str]:
    """Where a new item stands: contacts and companies nowhere."""
    known = call.portal.categories[kind]
    if kind not in (LEAD, DEAL) and not known:
        return 0, ""
    default = next((c.id for c in known.values() if c.default), 0)
    category = int(fields.get("categoryId") or default)
    first = "NEW" if kind == LEAD else sales.first_stage(kind, category)
    stage = str(fields.get("stageId") or first)
    if call.portal.statuses.semantics(kind, category, stage) is None:
        raise writing.bad_value("STAGE_ID")
    return category, stage


@method("crm.item.update", "crm")
def item_update(call: Call) -> Result:
    """Saved only where something differs; the answer is the whole item either way."""
    _, item = _item(call)
    changed = writing.apply(call, item, call.params.map("fields"))
    call.wrote(changed=changed)
    return Result({"item": _shown(call, item.kind, item.id)})


@method("crm.item.delete", "crm")
def item_delete(call: Call) -> Result:
    """Into the bin; the answer is an empty list."""
    _, item = _item(call)
    call.portal.remove(item.kind, item.id)
    call.wrote()
    return Result([])


@method("crm.item.batchImport", "crm")
def item_import(call: Call) -> Result:
    """Up to 20 new items, each judged alone."""
    kind, data = _kind(call), call.params.list("data")
    if len(data) > IMPORT_LIMIT:
        raise RestError("MAX_IMPORT_BATCH_SIZE_EXCEEDED", f"Не больше {IMPORT_LIMIT} элементов")
    told: list[dict[str, Any]] = []
    for fields in data:
        try:
            told.append({"item": {"id": create(call, kind, fields).id}})
        except RestError as error:
            told.append(error.body())
    call.wrote()
    return Result({"items": told})
