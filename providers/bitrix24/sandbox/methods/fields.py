"""Custom fields: crm.deal.userfield.* with UPPER_CASE text, userfieldconfig.* with camelCase."""

from __future__ import annotations

import re
from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result, not_there, required
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.listing import PAGE
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.methods.smart import fits
from providers.bitrix24.sandbox.php import truth, whole
from providers.bitrix24.sandbox.rows import UserField
from providers.bitrix24.sandbox.views.classic import METHODS as KINDS

LONGEST = 50
_TYPES = (
    "string integer double boolean datetime date money url address enumeration file employee crm_status crm "
    "iblock_section iblock_element"
)
TYPES = frozenset(_TYPES.split())


def _register(kind: int, word: str) -> None:
    """The old methods of one kind of item."""

    @method(f"crm.{word}.userfield.list", "crm")
    def listing(call: Call) -> Result:
        wanted = call.params.map("filter")
        shown = [_old(field) for field in call.portal.fields_of(call.portal.entity_of(kind))]
        found = [row for row in shown if all(fits(row, key, value) for key, value in wanted.items())]
        return Result(found, total=len(found))

    @method(f"crm.{word}.userfield.get", "crm")
    def get(call: Call) -> Result:
        field = call.portal.fields.get(call.params.number("id", 0))
        if field is None or field.entity != call.portal.entity_of(kind):
            raise not_there()
        return Result({**_old(field), "EDIT_FORM_LABEL": field.labels})

    @method(f"crm.{word}.userfield.add", "crm")
    def add(call: Call) -> Result:
        _admin(call)
        fields = call.params.map("fields")
        name = _full_name(str(fields.get("FIELD_NAME") or ""))
        field = _add(call, call.portal.entity_of(kind), name, _snake(fields), exists="ERROR_CORE")
        return Result(field.id)


def _admin(call: Call) -> None:
    if not call.desk.switches.admin:
        raise RestError("", "Access denied.")


def _full_name(name: str) -> str:
    """X and UF_X become UF_CRM_X, in capitals."""
    if not name:
        raise RestError("", "The 'FIELD_NAME' field is not found.")
    bare = re.sub(r"^UF_(CRM_)?", "", name.upper())
    return f"UF_CRM_{bare}"


def _snake(fields: dict[str, Any]) -> dict[str, Any]:
    """The old names -> those of userfieldconfig."""
    names = {
        "USER_TYPE_ID": "userTypeId",
        "XML_ID": "xmlId",
        "MULTIPLE": "multiple",
        "MANDATORY": "mandatory",
        "SORT": "sort",
        "SETTINGS": "settings",
        "SHOW_FILTER": "showFilter",
        "EDIT_IN_LIST": "editInList",
    }
    label = fields.get("EDIT_FORM_LABEL") or fields.get("LIST_COLUMN_LABEL") or fields.get("LABEL")
    return {names[key]: value for key, value in fields.items() if key in names} | {"editFormLabel": label}


def _add(call: Call, entity: str, name: str, told: dict[str, Any], *, exists: str) -> UserField:
    """Checked as a portal checks, then added; its views are made anew."""
    type = str(told.get("userTypeId") or "")
    if not re.fullmatch(r"[A-Z0-9_]+", name) or len(name) > LONGEST:
        raise RestError("ERROR_CORE", f"Неверное имя поля {name}: A-Z, 0-9, _ и не больше {LONGEST} знаков<br>")
    if type not in TYPES and not type.startswith("rest_"):
        raise RestError("ERROR_CORE", "Incorrect custom type specified.")
    if call.portal.field_of(entity, name) is not None:
        raise RestError(exists, f"Поле {name} для объекта {entity} уже существует.")
    labels = told.get("editFormLabel")
    spoken = {str(k): str(v) for k, v in labels.items()} if isinstance(labels, dict) else {}
    label = (
        spoken.get("ru") or next(iter(spoken.values()), None) or (labels if isinstance(labels, str) else None) or name
    )
    settings = told.get("settings") if isinstance(told.get("settings"), dict) else {}
    field = call.portal.add_field(
        entity, name, type, label, labels=spoken or {"ru": label}, xml_id=told.get("xmlId"),
        multiple=truth(told.get("multiple")), mandatory=truth(told.get("mandatory")),
        sort=whole(told.get("sort") or 100), settings=dict(settings or {}), options=_options(told),
        show_filter=str(told.get("showFilter") or "N"), edit_in_list=str(told.get("editInList") or "Y"),
    )  # fmt: skip
    call.shelf.field_added(field)
    call.wrote()
    return field


def _options(told: dict[str, Any]) -> list[dict[str, Any]]:
    listed = told.get("enum") or told.get("list") or []
    items = listed.values() if isinstance(listed, dict) else listed
    return [
        {"id": str(n + 1), "value": str(item.get("value") or item.get("VALUE")), "sort": str(100 * (n + 1)), "def": "N"}
        for n, item in enumerate(items)
    ]


def _old(field: UserField) -> dict[str, Any]:
    """A row of crm.deal.userfield.list; labels in the caller's language."""
    told: dict[str, Any] = {
        "ID": str(field.id),
        "ENTITY_ID": field.entity,
        "FIELD_NAME": field.name,
        "USER_TYPE_ID": field.type,
        "XML_ID": field.xml_id,
        "SORT": str(field.sort),
        "MULTIPLE": "Y" if field.multiple else "N",
        "MANDATORY": "Y" if field.mandatory else "N",
        "SHOW_FILTER": field.show_filter,
        "SHOW_IN_LIST": "Y",
        "EDIT_IN_LIST": field.edit_in_list,
        "IS_SEARCHABLE": "N",
        "SETTINGS": field.settings,
        "EDIT_FORM_LABEL": field.label,
        "LIST_COLUMN_LABEL": field.label,
        "LIST_FILTER_LABEL": field.label,
        "ERROR_MESSAGE": None,
        "HELP_MESSAGE": None,
    }
    return told | (
        {"LIST": [{key.upper(): value for key, value in option.items()} for option in field.options]}
        if field.type == "enumeration"
        else {}
    )


def _new(field: UserField) -> dict[str, Any]:
    """A row of userfieldconfig.*."""
    languages = {code: code for code in field.labels}
    told: dict[str, Any] = {
        "id": str(field.id),
        "entityId": field.entity,
        "fieldName": field.name,
        "userTypeId": field.type,
        "xmlId": field.xml_id,
        "sort": str(field.sort),
        "multiple": "Y" if field.multiple else "N",
        "mandatory": "Y" if field.mandatory else "N",
        "showFilter": field.show_filter,
        "showInList": "Y",
        "editInList": field.edit_in_list,
        "isSearchable": "N",
        "settings": field.settings,
        "languageId": languages,
        "editFormLabel": field.labels,
        "listColumnLabel": dict.fromkeys(languages),
        "listFilterLabel": dict.fromkeys(languages),
        "errorMessage": None,
        "helpMessage": None,
    }
    return told | ({"enum": field.options} if field.type == "enumeration" else {})


def _module(call: Call) -> None:
    if call.params.text("moduleId") != "crm":
        raise required("moduleId")


@method("userfieldconfig.list", "userfieldconfig")
def config_list(call: Call) -> Result:
    """Custom fields of all entities, 50 a page."""
    _module(call)
    wanted = call.params.map("filter")
    shown = [_new(field) for field in call.portal.fields.rows.values()]
    found = [row for row in shown if all(fits(row, key, value) for key, value in wanted.items())]
    start = max(0, call.params.number("start", 0))
    more = start + PAGE if start + PAGE < len(found) else None
    return Result({"fields": found[start : start + PAGE]}, total=len(found), next=more)


@method("userfieldconfig.add", "userfieldconfig")
def config_add(call: Call) -> Result:
    """A custom field of any entity; a smart process wants its id in the name."""
    _module(call)
    _admin(call)
    told = call.params.map("field")
    entity, name = str(told.get("entityId") or ""), str(told.get("fieldName") or "").upper()
    if entity not in {call.portal.entity_of(kind) for kind in call.portal.items}:
        raise RestError("", "Unknown entity")
    prefix = f"UF_{entity}_" if entity.removeprefix("CRM_").isdigit() else "UF_CRM_"
    if not name.startswith(prefix):
        raise RestError("", f"Field name must start with {prefix}")
    return Result({"field": _new(_add(call, entity, name, told, exists=""))})


for _kind, _word in KINDS.items():
    _register(_kind, _word)
