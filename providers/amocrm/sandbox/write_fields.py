"""POST, PATCH and DELETE of custom fields, POST of their groups: an administrator's work."""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, good, problem, written
from providers.amocrm.sandbox.directories import Directories
from providers.amocrm.sandbox.fields import CHOICES, NUMBERS
from providers.amocrm.sandbox.items import Item, batch, checked
from providers.amocrm.sandbox.rows import FieldDef
from providers.amocrm.sandbox.world import World
from providers.amocrm.sandbox.write_cards import Hand

_FIELD = {
    "id", "name", "type", "code", "sort", "group_id", "is_api_only", "enums", "required_statuses", "remind",
    "is_visible", "is_required", "settings", "currency", "hidden_statuses", "tracking_callback", "entity_type",
}  # fmt: skip


class FieldWrites:
    """What cards are made of."""

    def __init__(self, world: World, directories: Directories) -> None:
        self._world, self._directories = world, directories

    def create(self, body: Any, hand: Hand, entity: str) -> Answer:
        """201. An item with an id silently creates nothing (issue 392 of the PHP SDK)."""
        if entity not in self._world.fields:
            return problem(404, "Catalog was not found")
        items = batch(body)
        codes = [item.get("code") for item in items]
        checked(items, lambda item: self._check_field(entity, item, codes))
        fresh = [item for item in items if "id" not in item]
        shown = []
        for item in fresh:
            field = self._create_field(entity, item)
            shown.append({**shapes.custom_field(self._world, field), **item.echo()})
        return written("custom_fields", shown, self._url(f"{entity}/custom_fields"), 201, total=True)

    def _check_field(self, entity: str, item: Item, codes: list[Any]) -> None:
        item.only(_FIELD)
        item.needs("name", "type")
        self._check_field_keys(entity, item)
        kind, code = item.get("type"), item.get("code")
        if "type" in item and kind not in NUMBERS:
            item.unsupported("type")
        if kind in CHOICES and not item.get("enums"):
            item.fail("FieldMissing", "enums", "This field is missing.")
        if kind == "monetary" and not item.get("currency"):
            item.fail("FieldMissing", "currency", "This field is missing.")
        taken = {field.code for field in self._world.fields[entity].values() if field.code}
        if code is not None and (code in taken or codes.count(code) > 1):
            item.fail("NotUnique", "code", "This value is already used.")

    def _check_field_keys(self, entity: str, item: Item) -> None:
        item.typed(str, "name", "type")
        item.typed(str, "code", "group_id", null=True)
        item.typed(int, "sort")
        item.typed(bool, "is_api_only")
        item.typed(list, "enums", null=True)
        if item.get("group_id") is not None and item["group_id"] not in self._world.field_groups.get(entity, {}):
            item.unsupported("group_id")

    def _create_field(self, entity: str, item: Item) -> FieldDef:
        known = self._world.fields[entity]
        field = FieldDef(
            id=self._world.new_id(),
            entity=entity,
            name=item["name"].strip(),
            type=item["type"],
            code=item.get("code"),
            sort=item.get("sort", 500 + len(known)),
            group=item.get("group_id"),
            api_only=item.get("is_api_only", False),
            currency=item.get("currency"),
            enums=self._enums(item.get("enums") or []),
        )
        known[field.id] = field
        return field

    def _enums(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                "id": enum.get("id", self._world.new_id()),
                "value": str(enum.get("value", "")),
                "sort": enum.get("sort", n * 10),
                "code": enum.get("code"),
            }
            for n, enum in enumerate(given)
        ]

    def update(self, body: Any, hand: Hand, entity: str, id_: str | None = None) -> Answer:
        """Enums without ids replace the options: their old ids die."""
        if id_ is not None and isinstance(body, dict):
            body = [{**body, "id": int(id_)}]
        items, known = batch(body), self._world.fields.get(entity, {})
        checked(items, lambda item: self._check_known_field(entity, item))
        for item in items:
            field = known[item["id"]]
            field.name, field.sort = item.get("name", field.name), item.get("sort", field.sort)
            field.group, field.code = item.get("group_id", field.group), item.get("code", field.code)
            field.api_only = item.get("is_api_only", field.api_only)
            if item.get("enums") is not None:
                field.enums = self._enums(item["enums"])
        self._world.forget_rendered()
        shown = [shapes.custom_field(self._world, known[item["id"]]) for item in items]
        return good(shown[0]) if id_ is not None else written("custom_fields", shown, self._url(entity), total=True)

    def _check_known_field(self, entity: str, item: Item) -> None:
        item.only(_FIELD)
        item.needs("id")
        self._check_field_keys(entity, item)
        if "id" in item and item["id"] not in self._world.fields.get(entity, {}):
            item.unsupported("id")

    def delete(self, body: Any, hand: Hand, entity: str, id_: str) -> Answer:
        """Values vanish with it."""
        if self._world.fields.get(entity, {}).pop(int(id_), None) is None:
            return problem(404, "Custom field was not found")
        self._world.forget_rendered()
        return Answer(204)

    def create_groups(self, body: Any, hand: Hand, entity: str) -> Answer:
        """201; the new id is a word."""
        items = batch(body)
        checked(items, _check_group)
        shown = []
        for item in items:
            id_ = f"{entity}_{self._world.new_id()}"
            self._world.field_groups[entity][id_] = item["name"]
            group = self._directories.field_group(entity, id_, item["name"], item.get("sort", 10))
            shown.append({**group, **item.echo()})
        url = self._url(f"{entity}/custom_fields/groups")
        return written("custom_field_groups", shown, url, 201, total=True)

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"


def _check_group(item: Item) -> None:
    item.only(("name", "sort", "fields"))
    item.needs("name")
    item.typed(str, "name")
