"""Our fields on deals, and the smart process that is the KPI card's home. Fact sheet 4.1.

Looked for first, created only if absent, never changed or deleted: deleting a field would delete people's values.
REST cannot put fields into a group of the card; they stand in the card's settings under their titles.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.errors import KpiError, Refused
from connector.wishes import FieldSpec, FieldType, Layout
from providers.bitrix24 import php
from providers.bitrix24.batch import PAGE, Command
from providers.bitrix24.client import Client
from providers.bitrix24.mapping.fields import Custom

TYPES: dict[FieldType, str] = {
    "number": "double", "money": "double", "text": "string", "date": "date", "flag": "boolean", "url": "url",
}  # fmt: skip
"""Money is a plain number in the portal's currency: its `money` type wants a currency in every value."""
HOME = "KPI_CONNECTOR_CARD"
"""The code of our smart process: its title may be changed by people."""
CARDS = ("KPI менеджера", "KPI of a seller")
"""What the program calls the smart process, in its two languages: one made by hand has this title and no code."""
KEY = FieldSpec(code="KPI_KEY", title="KPI key (do not change)", type="text")
"""`USER/PERIOD`: how a card is found again."""
_LONGEST = 50
_NO_HOME = (
    "the KPI card has no home: {}; make a smart process called {!r} by hand, or let an administrator run this again"
)


@dataclass(frozen=True, slots=True)
class Home:
    """The smart process of KPI cards: `entity_type_id` in calls, `type_id` in the names of its fields."""

    entity_type_id: int
    type_id: int
    title: str


def field_code(spec: FieldSpec, entity: str = "") -> str:
    """`UF_CRM_KPI_PLAN` on deals, `UF_CRM_37_KPI_PLAN` in smart process 37."""
    return f"UF_CRM_{entity}_{spec.code}" if entity else f"UF_CRM_{spec.code}"


def prepare(client: Client, layout: Layout, known: Sequence[Custom], noticed: Callable[[str], None]) -> Home | None:
    """Create what is missing; the home of KPI cards. What the portal refuses is noted, its wishes rejected later."""
    _deal_fields(client, layout.deal_fields, {custom.code: custom.type for custom in known}, noticed)
    if not layout.card_name:
        return None
    try:
        home = _home_there(client, layout.card_name) or _make_home(client, layout.card_name)
    except Refused as error:
        noticed(_NO_HOME.format(error.what, layout.card_name))
        return None
    _card_fields(client, (KEY, *layout.card_fields), home, noticed)
    return home


def _home_there(client: Client, title: str) -> Home | None:
    """Looked for twice: in a second home every card would be made a second time."""
    return next(iter(find_homes(client, (title,)) or find_homes(client, (title,))), None)


def find_homes(client: Client, titles: Collection[str]) -> list[Home]:
    """Our smart process by its code, else every one with such a title."""
    found: list[dict[str, Any]] = []
    while True:
        reply = client.call("crm.type.list", {"order": {"id": "ASC"}, "start": len(found)})
        page = [row for row in php.rows(php.table(reply.result).get("types")) if isinstance(row, dict)]
        found += page
        if len(page) < PAGE:
            break
    coded = [row for row in found if row.get("code") == HOME]
    titled = [row for row in found if str(row.get("title") or "").strip() in titles]
    return [_home(row) for row in coded[:1] or titled]


def _make_home(client: Client, title: str) -> Home:
    off = ("isStagesEnabled", "isCategoriesEnabled", "isClientEnabled", "isAutomationEnabled", "isBizProcEnabled")
    fields = {"title": title, "code": HOME, "isRecyclebinEnabled": "Y", **dict.fromkeys(off, "N")}
    reply = client.call("crm.type.add", {"fields": fields}, kind="write")
    return _home(php.table(php.table(reply.result).get("type")))


def _home(row: Mapping[str, Any]) -> Home:
    return Home(int(row["entityTypeId"]), int(row["id"]), str(row.get("title") or ""))


def _deal_fields(
    client: Client, specs: Sequence[FieldSpec], known: Mapping[str, str], noticed: Callable[[str], None]
) -> None:
    commands = {}
    for spec in specs:
        code = field_code(spec)
        if code in known:
            _same_type(code, spec, known[code], noticed)
            continue
        label = dict.fromkeys(("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL"), _label(spec))
        fields = {
            "FIELD_NAME": spec.code,
            "USER_TYPE_ID": TYPES[spec.type],
            "LABEL": spec.title,
            **label,
            **_form(spec),
        }
        commands[code] = Command("crm.deal.userfield.add", {"fields": fields})
    _create(client, commands, noticed)


def _card_fields(client: Client, specs: Sequence[FieldSpec], home: Home, noticed: Callable[[str], None]) -> None:
    entity = f"CRM_{home.type_id}"
    reply = client.call("userfieldconfig.list", {"moduleId": "crm", "filter": {"entityId": entity}})
    rows = php.rows(php.table(reply.result).get("fields"))
    known = {str(row.get("fieldName")): str(row.get("userTypeId")) for row in rows if isinstance(row, dict)}
    commands = {}
    for spec in specs:
        code = field_code(spec, str(home.type_id))
        if code in known:
            _same_type(code, spec, known[code], noticed)
            continue
        form = {"multiple": "N", "mandatory": "N", "showFilter": "Y", "editInList": "N", "settings": _settings(spec)}
        told = {"entityId": entity, "fieldName": code, "userTypeId": TYPES[spec.type], "editFormLabel": _label(spec)}
        commands[code] = Command("userfieldconfig.add", {"moduleId": "crm", "field": {**told, **form}})
    _create(client, commands, noticed)


def _create(client: Client, commands: Mapping[str, Command], noticed: Callable[[str], None]) -> None:
    """Each alone. A refusal is noted, except where somebody created the field meanwhile."""
    names = [name for name in commands if len(name) <= _LONGEST]
    for name in commands.keys() - set(names):
        noticed(f"the field {name} cannot be created: its name is longer than {_LONGEST} characters")
    for first in range(0, len(names), PAGE):
        chunk = {name: commands[name] for name in names[first : first + PAGE]}
        for name, outcome in client.write(chunk).items():
            if isinstance(outcome, Refused):
                if "exist" not in outcome.what.lower() and "существует" not in outcome.what.lower():
                    noticed(f"the field {name} could not be created: {outcome.what}")
            elif isinstance(outcome, KpiError):
                raise outcome


def _same_type(code: str, spec: FieldSpec, found: str, noticed: Callable[[str], None]) -> None:
    if found != TYPES[spec.type]:
        noticed(f"the field {code} is of type {found}, not {TYPES[spec.type]}: it is left alone, rename or remove it")


def _label(spec: FieldSpec) -> dict[str, str]:
    return {"ru": spec.title, "en": spec.title}


def _form(spec: FieldSpec) -> dict[str, Any]:
    settings = _settings(spec)
    form = {"MULTIPLE": "N", "MANDATORY": "N", "SHOW_FILTER": "Y", "EDIT_IN_LIST": "N"}
    return {**form, "SETTINGS": settings} if settings else form


def _settings(spec: FieldSpec) -> dict[str, Any]:
    return {"PRECISION": 2} if TYPES[spec.type] == "double" else {}
