"""POST and PATCH of custom fields, their groups, lists and their elements, webhooks. Most need an administrator."""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, good, problem, written
from providers.amocrm.sandbox.directories import Directories
from providers.amocrm.sandbox.fields import CHOICES, NUMBERS
from providers.amocrm.sandbox.items import Item, batch, checked, field_values
from providers.amocrm.sandbox.ordered import Collection
from providers.amocrm.sandbox.rows import Catalog, Element, FieldDef
from providers.amocrm.sandbox.world import MOMENTS, World
from providers.amocrm.sandbox.write_cards import Hand

_FIELD = {
    "id", "name", "type", "code", "sort", "group_id", "is_api_only", "enums", "required_statuses", "remind",
    "is_visible", "is_required", "settings", "currency", "hidden_statuses", "tracking_callback", "entity_type",
}  # fmt: skip
_CATALOG = {"id", "name", "type", "sort", "can_add_elements", "can_show_in_cards", "can_link_multiple"}
_ELEMENT = {"id", "name", "custom_fields_values"}


class LayoutWrites:
    """What the account is made of."""

    def __init__(self, world: World, directories: Directories) -> None:
        self._world, self._directories = world, directories

    # -- custom fields --------------------------------------------------------------------------------------------

    def create_fields(self, body: Any, hand: Hand, entity: str) -> Answer:
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

    def update_fields(self, body: Any, hand: Hand, entity: str, id_: str | None = None) -> Answer:
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

    def delete_field(self, body: Any, hand: Hand, entity: str, id_: str) -> Answer:
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

    # -- lists ----------------------------------------------------------------------------------------------------

    def create_catalogs(self, body: Any, hand: Hand) -> Answer:
        """At most ten lists in an account."""
        items = batch(body)
        checked(items, self._check_catalog)
        if len(self._world.catalogs) + len(items) > 10:
            return problem(422, "Catalogs limit exceeded")
        shown = []
        for item in items:
            catalog = Catalog(
                id=self._world.new_id(), name=item["name"].strip(), type=item.get("type", "regular"),
                sort=item.get("sort", 10), can_add_elements=item.get("can_add_elements", True),
                can_show_in_cards=item.get("can_show_in_cards", False),
                can_link_multiple=item.get("can_link_multiple", True),
                created_by=hand.user, updated_by=hand.user, created_at=hand.now, updated_at=hand.now,
            )  # fmt: skip
            self._world.catalogs.put(catalog)
            self._world.elements[catalog.id] = Collection(MOMENTS)
            self._world.fields[f"catalogs/{catalog.id}"] = {}
            self._world.field_groups[f"catalogs/{catalog.id}"] = {}
            shown.append({**shapes.catalog(self._world, catalog, frozenset()), **item.echo()})
        return written("catalogs", shown, self._url("catalogs"))

    def _check_catalog(self, item: Item) -> None:
        item.only(_CATALOG)
        item.needs("name")
        item.typed(str, "name", "type")
        item.typed(int, "sort")
        item.typed(bool, "can_add_elements", "can_show_in_cards", "can_link_multiple")
        if item.get("type", "regular") not in ("regular", "invoices", "products", "suppliers"):
            item.unsupported("type")

    def create_elements(self, body: Any, hand: Hand, id_: str) -> Answer:
        """Lines of a list."""
        rows = self._world.elements.get(int(id_))
        if rows is None:
            return problem(404, "Catalog was not found")
        items, entity = batch(body), f"catalogs/{id_}"
        checked(items, lambda item: self._check_element(entity, item, new=True))
        shown = []
        for item in items:
            element = Element(
                id=self._world.new_id(), catalog=int(id_), name=item["name"].strip(),
                fields={key: value for key, value in field_values(self._world, entity, item).items() if value},
                created_by=hand.user, updated_by=hand.user, created_at=hand.now, updated_at=hand.now,
            )  # fmt: skip
            rows.put(element)
            shown.append({**shapes.element(self._world, element, frozenset()), **item.echo()})
        return written("elements", shown, self._url(f"{entity}/elements"))

    def update_elements(self, body: Any, hand: Hand, id_: str, element: str | None = None) -> Answer:
        """Listed fields are replaced, others stay."""
        rows = self._world.elements.get(int(id_))
        if rows is None:
            return problem(404, "Catalog was not found")
        if element is not None and isinstance(body, dict):
            body = [{**body, "id": int(element)}]
        items, entity = batch(body), f"catalogs/{id_}"
        checked(items, lambda item: self._check_element(entity, item, new=False))
        shown = [self._update_element(rows, entity, item, hand) for item in items]
        return good(shown[0]) if element is not None else written("elements", shown, self._url(f"{entity}/elements"))

    def _check_element(self, entity: str, item: Item, *, new: bool) -> None:
        item.only(_ELEMENT)
        item.needs("name" if new else "id")
        item.typed(str, "name")
        item.typed(int, "id")
        rows = self._world.elements[int(entity.partition("/")[2])]
        if not new and not item.errors and item["id"] not in rows.rows:
            item.fail("282", "id", "Element was not found")
        field_values(self._world, entity, item)

    def _update_element(self, rows: Collection[Element], entity: str, item: Item, hand: Hand) -> dict[str, Any]:
        row = rows.rows[item["id"]]
        row.name = item.get("name", row.name)
        for key, value in field_values(self._world, entity, item).items():
            if value:
                row.fields[key] = value
            else:
                row.fields.pop(key, None)
        row.updated_at, row.updated_by = hand.now, hand.user
        row.seen.clear()
        rows.put(row)
        return {**shapes.element(self._world, row, frozenset()), **item.echo_if_named()}

    # -- webhooks -------------------------------------------------------------------------------------------------

    def create_webhook(self, body: Any, hand: Hand) -> Answer:
        """201; the same destination changes its settings. They are kept, not delivered."""
        asked = body if isinstance(body, dict) else {}
        destination, settings = asked.get("destination"), asked.get("settings")
        if not isinstance(destination, str) or not isinstance(settings, list) or not settings:
            return problem(422, "destination and settings are needed")
        if len(self._world.webhooks) >= 100 and destination not in self._world.webhooks:
            return problem(422, "Webhooks limit exceeded")
        known = self._world.webhooks.get(destination)
        hook = {
            "id": known["id"] if known else self._world.new_id(),
            "destination": destination,
            "created_at": known["created_at"] if known else hand.now,
            "updated_at": hand.now,
            "account_id": self._world.account_id,
            "created_by": hand.user,
            "sort": asked.get("sort", 10),
            "disabled": False,
            "settings": settings,
        }
        self._world.webhooks[destination] = hook
        return good(hook, 201)

    def delete_webhook(self, body: Any, hand: Hand) -> Answer:
        """By its destination, in the body."""
        destination = body.get("destination") if isinstance(body, dict) else None
        if self._world.webhooks.pop(str(destination), None) is None:
            return problem(404, "Webhook was not found")
        return Answer(204)

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"


def _check_group(item: Item) -> None:
    item.only(("name", "sort", "fields"))
    item.needs("name")
    item.typed(str, "name")
