"""POST and PATCH of lists and their lines."""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, good, problem, written
from providers.amocrm.sandbox.items import Item, batch, checked, field_values
from providers.amocrm.sandbox.ordered import Collection
from providers.amocrm.sandbox.rows import Catalog, Element
from providers.amocrm.sandbox.world import MOMENTS, World
from providers.amocrm.sandbox.write_cards import Hand

_CATALOG = {"id", "name", "type", "sort", "can_add_elements", "can_show_in_cards", "can_link_multiple"}
_ELEMENT = {"id", "name", "custom_fields_values"}


class ListWrites:
    """Lists (справочники) and what stands in them."""

    def __init__(self, world: World) -> None:
        self._world = world

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

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"
