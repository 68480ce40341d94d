"""POST and PATCH of leads, contacts and companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from providers.amocrm.sandbox import shapes
from providers.amocrm.sandbox.answers import Answer, good, written
from providers.amocrm.sandbox.items import Item, batch, check_users, checked, field_values
from providers.amocrm.sandbox.rows import Card, Contact, Firm, Lead
from providers.amocrm.sandbox.world import LOST, World

_CARD = {
    "id", "name", "responsible_user_id", "created_at", "updated_at", "created_by", "updated_by",
    "custom_fields_values", "tags_to_add", "tags_to_delete", "_embedded",
}  # fmt: skip
KEYS = {
    "leads": _CARD | {"price", "status_id", "pipeline_id", "loss_reason_id", "closed_at"},
    "contacts": _CARD | {"first_name", "last_name"},
    "companies": _CARD,
}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, and when: the token's user and the account's clock."""

    user: int
    now: int


class CardWrites:
    """Creates and changes cards; every change leaves its history, and bumps updated_at."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, body: Any, hand: Hand, entity: str) -> Answer:
        items = batch(body)
        checked(items, lambda item: self._check(entity, item, None))
        rows = [self._create(entity, item, hand) for item in items]
        shown = [
            {"id": row.id, **item.echo(), "_links": shapes.link(self._world, f"{entity}/{row.id}")}
            for row, item in zip(rows, items, strict=True)
        ]
        return written(entity, shown, self._url(entity))

    def update(self, body: Any, hand: Hand, entity: str) -> Answer:
        items = batch(body)
        checked(items, lambda item: self._check(entity, item, self._known(entity, item)))
        shown = [self._update(entity, self._world.cards(entity).rows[item["id"]], item, hand) for item in items]
        return written(entity, shown, self._url(entity))

    def update_one(self, body: Any, hand: Hand, entity: str, id_: str) -> Answer:
        [item] = batch([{**body, "id": int(id_)}] if isinstance(body, dict) else [body])
        checked([item], lambda one: self._check(entity, one, self._known(entity, one)))
        return good(self._update(entity, self._world.cards(entity).rows[int(id_)], item, hand))

    def _known(self, entity: str, item: Item) -> Card | None:
        item.needs("id")
        item.typed(int, "id")
        found: Card | None = self._world.cards(entity).get(item.get("id"))
        if found is None and not item.errors:
            item.fail("225", "id", "Element was not found")
        return found

    # -- checks ---------------------------------------------------------------------------------------------------

    def _check(self, entity: str, item: Item, row: Card | None) -> None:
        item.only(KEYS[entity])
        item.typed(str, "name", "first_name", "last_name")
        item.typed(int, "created_at", "updated_at")
        item.typed(int, "closed_at", null=True)
        check_users(self._world, item)
        field_values(self._world, entity, item)
        self._check_tags(item)
        if entity == "leads":
            self._check_lead(item, row if isinstance(row, Lead) else None)

    def _check_tags(self, item: Item) -> None:
        item.typed(list, "tags_to_add", "tags_to_delete")
        item.typed(dict, "_embedded")

    def _check_lead(self, item: Item, row: Lead | None) -> None:
        world = self._world
        item.typed((int, float), "price", null=True)
        item.typed(int, "status_id", "pipeline_id")
        item.typed(int, "loss_reason_id", null=True)
        reason = item.get("loss_reason_id")
        if reason is not None and reason not in world.loss_reasons:
            item.unsupported("loss_reason_id")
        pipeline = item.get("pipeline_id", row.pipeline if row else next(iter(world.pipelines), 0))
        if pipeline not in world.pipelines:
            item.unsupported("pipeline_id")
        elif "status_id" in item:
            # sending a deal its own unsorted status is refused too (amocrm_api issue 156)
            status = item["status_id"]
            if not world.status_exists(pipeline, status) or world.is_unsorted_status(pipeline, status):
                item.unsupported("status_id")
        elif row is not None and pipeline != row.pipeline:
            item.fail("FieldMissing", "status_id", "This field is missing.")

    # -- deeds ----------------------------------------------------------------------------------------------------

    def _create(self, entity: str, item: Item, hand: Hand) -> Card:
        world, at = self._world, item.get("created_at", hand.now)
        by = item.get("created_by", hand.user)
        made: dict[str, Any] = {
            "id": world.new_id(),
            "name": self._name(item) or f"{_NAMES[entity]} #{at}",
            "responsible": item.get("responsible_user_id", hand.user),
            "created_by": by,
            "updated_by": item.get("updated_by", by),
            "created_at": at,
            "updated_at": item.get("updated_at", at),
            "fields": {id_: value for id_, value in field_values(world, entity, item).items() if value},
            "tags": [tag["name"] for tag in _embedded(item, "tags") if "name" in tag],
        }
        companies = [int(ref["id"]) for ref in _embedded(item, "companies") if "id" in ref]
        if entity == "contacts":
            contact = Contact(**made, company=next(iter(companies), None))
            world.add_contact(contact)
            return contact
        if entity == "companies":
            firm = Firm(**made)
            world.add_company(firm)
            return firm
        return self._create_lead(item, made, next(iter(companies), None))

    def _create_lead(self, item: Item, made: dict[str, Any], company: int | None) -> Lead:
        world = self._world
        pipeline = item.get("pipeline_id", next(iter(world.pipelines)))
        first = next(status.id for status in world.pipelines[pipeline].statuses if status.kind == 0)
        status = item.get("status_id", first)
        lead = Lead(
            **made,
            pipeline=pipeline,
            status=status,
            amount=_amount(item.get("price")),
            loss_reason=item.get("loss_reason_id"),
            closed_at=item.get("closed_at", made["created_at"] if status in (142, LOST) else None),
            company=company,
            contacts=[int(ref["id"]) for ref in _embedded(item, "contacts") if "id" in ref],
        )
        world.add_lead(lead)
        return lead

    def _update(self, entity: str, row: Card, item: Item, hand: Hand) -> dict[str, Any]:
        world, by = self._world, item.get("updated_by", hand.user)
        name = self._name(item)
        if name:
            world.rename(entity, row, name, hand.now, by)
        if "responsible_user_id" in item:
            world.reassign(entity, row, item["responsible_user_id"], hand.now, by)
        if isinstance(row, Lead):
            self._update_lead(row, item, hand.now, by)
        world.set_fields(entity, row, field_values(world, entity, item), hand.now, by)
        _retag(row, item)
        world.touch(entity, row, item.get("updated_at", hand.now), by)
        return {
            "id": row.id,
            "updated_at": row.updated_at,
            **item.echo_if_named(),
            "_links": shapes.link(world, f"{entity}/{row.id}"),
        }

    def _update_lead(self, row: Lead, item: Item, now: int, by: int) -> None:
        world = self._world
        pipeline, status = item.get("pipeline_id", row.pipeline), item.get("status_id", row.status)
        if row.unsorted is not None and "status_id" not in item:
            # any PATCH takes a deal out of «Неразобранное», wanted or not (amocrm_api issue 156)
            status = next(stage.id for stage in world.pipelines[pipeline].statuses if stage.kind == 0)
        world.move(row, pipeline, status, now, by)
        if "price" in item:
            world.price(row, _amount(item["price"]), now, by)
        if "loss_reason_id" in item:
            row.loss_reason = item["loss_reason_id"]
        if "closed_at" in item:
            row.closed_at = item["closed_at"]

    @staticmethod
    def _name(item: Item) -> str:
        whole = " ".join(item.get(key, "") for key in ("first_name", "last_name")).strip()
        return str(item.get("name") or whole).strip()

    def _url(self, entity: str) -> str:
        return f"{self._world.base}/api/v4/{entity}"


_NAMES = {"leads": "Сделка", "contacts": "Контакт", "companies": "Компания"}


def _amount(price: Any) -> int:
    return 0 if price is None else round(price * 100)


def _embedded(item: Item, key: str) -> list[dict[str, Any]]:
    inner = item.get("_embedded") or {}
    found = inner.get(key) if isinstance(inner, dict) else None
    return [entry for entry in found or [] if isinstance(entry, dict)]


def _retag(row: Card, item: Item) -> None:
    if "tags" in (item.get("_embedded") or {}):
        row.tags = [tag["name"] for tag in _embedded(item, "tags") if "name" in tag]
    gone = {tag.get("name") for tag in item.get("tags_to_delete", [])}
    added = [tag["name"] for tag in item.get("tags_to_add", []) if "name" in tag]
    row.tags = list(dict.fromkeys([tag for tag in row.tags if tag not in gone] + added))
