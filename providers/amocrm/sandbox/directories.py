"""GET: the account itself, its people, stages, reasons, fields and lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from providers.amocrm.sandbox import filters, shapes
from providers.amocrm.sandbox import query as ask
from providers.amocrm.sandbox.answers import Answer, Rows, good, problem, whole
from providers.amocrm.sandbox.lists import MAX_LIMIT, Listing, Switches, page
from providers.amocrm.sandbox.query import Query
from providers.amocrm.sandbox.reads import SWITCHED_OFF, Reply
from providers.amocrm.sandbox.world import World


class Directories:
    """What changes seldom."""

    def __init__(self, world: World, switches: Switches) -> None:
        self._world, self._switches = world, switches

    def account(self, query: Query, user: int, now: datetime) -> Answer:
        """with= adds the rest."""
        world, with_ = self._world, query.with_
        shown: dict[str, Any] = {
            "id": world.account_id,
            "name": world.name,
            "subdomain": "acme",
            "created_at": world.created_at,
            "created_by": 0,
            "updated_at": world.created_at,
            "updated_by": 0,
            "current_user_id": user,
            "country": "RU",
            "currency": world.currency,
            "currency_symbol": {"RUB": "₽", "USD": "$", "EUR": "€"}.get(world.currency, world.currency),
            "customers_mode": "disabled",
            "is_unsorted_on": True,
            "mobile_feature_version": 0,
            "is_loss_reason_enabled": True,
            "is_helpbot_enabled": False,
            "is_technical_account": False,
            "contact_name_display_order": 1,
            "_links": shapes.link(world, "account"),
        }
        tops = {
            "is_api_filter_enabled": self._switches.filter_on,
            "version": 17,
            "drive_url": "https://drive.example",
            "amojo_id": "f3c6340d-410e-4ad1-9f7e-c5e663f9ad5d",
            "uuid": "824f3a59-6154-4edf-ba90-0b5593715d42",
        }
        embedded = {key: value for key, value in self._embedded(now).items() if key in with_}
        shown |= {key: value for key, value in tops.items() if key in with_}
        return good(shown | ({"_embedded": embedded} if embedded else {}))

    def _embedded(self, now: datetime) -> dict[str, Any]:
        world = self._world
        offset = now.astimezone(world.zone).strftime("%z")
        return {
            "users_groups": [{"id": id_, "name": name, "uuid": None} for id_, name in world.groups.items()],
            "task_types": [
                {"id": 1, "name": "Связаться", "color": None, "icon_id": None, "code": "FOLLOW_UP"},
                {"id": 2, "name": "Встреча", "color": None, "icon_id": None, "code": "MEETING"},
            ],
            "datetime_settings": {
                "date_pattern": "d.m.Y H:i",
                "short_date_pattern": "d.m.Y",
                "short_time_pattern": "H:i",
                "date_formant": "d.m.Y",
                "time_format": "H:i:s",
                "timezone": world.zone.key,
                "timezone_offset": f"{offset[:3]}:{offset[3:]}",
            },
            "entity_names": {"leads": {"ru": {"gender": "f", "plural_form": {"dative": "сделкам"}}}},
            "amojo_rights": {"can_direct": True, "can_create_groups": True},
            "invoices_settings": {"lang": "ru", "currency": world.currency},
        }

    def users(self, query: Query) -> Reply:
        """Read whole each time: users have no moment of change."""
        rows = [shapes.user(self._world, user, query.with_) for user in self._world.users.values()]
        return self._paged("users", rows, query, "users")

    def user(self, query: Query, id_: str) -> Answer:
        found = self._world.users.get(int(id_))
        return (
            problem(404, "User was not found") if found is None else good(shapes.user(self._world, found, query.with_))
        )

    def roles(self, query: Query) -> Reply:
        rows = [{"id": id_, "name": name, "rights": {}} for id_, name in shapes.ROLES.items()]
        return self._paged("roles", rows, query, "roles")

    def pipelines(self, query: Query) -> Answer:
        """No pages; archived ones stay."""
        rows = [shapes.pipeline(self._world, row) for row in self._world.pipelines.values()]
        return whole("pipelines", rows, self._url("leads/pipelines"))

    def pipeline(self, query: Query, id_: str) -> Answer:
        found = self._world.pipelines.get(int(id_))
        return problem(404, "Pipeline was not found") if found is None else good(shapes.pipeline(self._world, found))

    def statuses(self, query: Query, id_: str) -> Answer:
        found = self._world.pipelines.get(int(id_))
        if found is None:
            return problem(404, "Pipeline was not found")
        rows = [shapes.status(self._world, found.id, row) for row in found.statuses]
        return whole("statuses", rows, self._url(f"leads/pipelines/{id_}/statuses"))

    def loss_reasons(self, query: Query) -> Reply:
        rows = [shapes.loss_reason(self._world, id_) for id_ in self._world.loss_reasons]
        return self._paged("loss_reasons", rows, query, "leads/loss_reasons")

    def loss_reason(self, query: Query, id_: str) -> Answer:
        if int(id_) not in self._world.loss_reasons:
            return Answer(204)
        return good(shapes.loss_reason(self._world, int(id_)))

    def fields(self, query: Query, entity: str) -> Reply:
        """filter[type][], order[sort|id]."""
        if entity == "customers":
            return problem(426, SWITCHED_OFF)
        if entity not in self._world.fields:
            return problem(404, "Catalog was not found")
        kinds = ask.words(query.filter.get("type"))
        found = [field for field in self._world.fields[entity].values() if not kinds or field.type in kinds]
        name, falling = query.order or ("sort", False)
        found.sort(key=lambda field: (field.sort, field.id) if name == "sort" else (field.id, 0), reverse=falling)
        rows = [shapes.custom_field(self._world, field) for field in found]
        return self._paged("custom_fields", rows, query, f"{entity}/custom_fields")

    def field(self, query: Query, entity: str, id_: str) -> Answer:
        found = self._world.fields.get(entity, {}).get(int(id_))
        return Answer(204) if found is None else good(shapes.custom_field(self._world, found))

    def field_groups(self, query: Query, entity: str) -> Reply:
        rows = [
            self.field_group(entity, id_, name, sort)
            for sort, (id_, name) in enumerate(self._world.field_groups.get(entity, {}).items())
        ]
        return self._paged("custom_field_groups", rows, query, f"{entity}/custom_fields/groups")

    def field_group(self, entity: str, id_: str, name: str, sort: int) -> dict[str, Any]:
        """Ids of groups are words."""
        members = [field.id for field in self._world.fields[entity].values() if (field.group or "default") == id_]
        return {
            "id": id_,
            "name": name,
            "is_predefined": id_ in ("default", "statistic"),
            "type": entity,
            "entity_type": entity,
            "sort": sort,
            "fields": members,
            "_links": shapes.link(self._world, f"{entity}/custom_fields/groups/{id_}"),
        }

    def catalogs(self, query: Query) -> Reply:
        world = self._world
        listing = Listing("catalogs", world.catalogs, lambda row, with_: shapes.catalog(world, row, with_), keep=False)
        return page(listing, query, self._url("catalogs"), self._switches)

    def catalog(self, query: Query, id_: str) -> Answer:
        found = self._world.catalogs.get(int(id_))
        return Answer(204) if found is None else good(shapes.catalog(self._world, found, query.with_))

    def elements(self, query: Query, id_: str) -> Reply:
        world, rows = self._world, self._world.elements.get(int(id_))
        if rows is None:
            return problem(404, "Catalog was not found")
        listing = Listing(
            "elements",
            rows,
            lambda row, with_: shapes.element(world, row, with_),
            filters.ELEMENTS,
            withs=frozenset(("invoice_link",)),
            text=lambda row: f"{row.id} {row.name}",
        )
        return page(listing, query, self._url(f"catalogs/{id_}/elements"), self._switches)

    def element(self, query: Query, id_: str, element: str) -> Answer:
        rows = self._world.elements.get(int(id_))
        found = None if rows is None else rows.get(int(element))
        return Answer(204) if found is None else good(shapes.element(self._world, found, query.with_))

    def webhooks(self, query: Query) -> Answer:
        wanted = ask.words(query.filter.get("destination"))
        rows = [hook for hook in self._world.webhooks.values() if not wanted or hook["destination"] in wanted]
        return whole("webhooks", rows, self._url("webhooks"))

    def _paged(self, key: str, rows: list[dict[str, Any]], query: Query, path: str) -> Rows:
        limit, number = min(query.limit, MAX_LIMIT), query.page
        part = rows[(number - 1) * limit : number * limit]
        totals = {"_total_items": len(rows), "_page_count": -(-len(rows) // limit)}
        more = number * limit < len(rows)
        return Rows(key, [msgspec.json.encode(row) for row in part], query, self._url(path), more, number, totals)

    def _url(self, path: str) -> str:
        return f"{self._world.base}/api/v4/{path}"
