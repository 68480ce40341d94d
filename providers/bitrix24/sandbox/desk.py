"""What a method has at hand: the portal, its views, its switches, who asks and what for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.bitrix24.sandbox.answers import Result
from providers.bitrix24.sandbox.columns import View, iso
from providers.bitrix24.sandbox.eventing import Eventing
from providers.bitrix24.sandbox.filters import Reading
from providers.bitrix24.sandbox.listing import Query, order_of, page
from providers.bitrix24.sandbox.oauth import OAuth
from providers.bitrix24.sandbox.php import Params
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.switches import Switches
from providers.bitrix24.sandbox.table import T, Table
from providers.bitrix24.sandbox.views.shelf import Shelf


@dataclass(slots=True)
class Desk:
    """One portal at work. `written`: every write that was carried out: method, params, at, changed."""

    portal: Portal
    shelf: Shelf
    switches: Switches
    oauth: OAuth
    written: list[dict[str, Any]] = field(default_factory=list)
    events: Eventing = field(default_factory=Eventing)
    placements: list[dict[str, Any]] = field(default_factory=list)
    """Where the application's pages stand."""


@dataclass(slots=True)
class Call:
    """One method called by `user`; `app`: with an application's token, not a webhook."""

    desk: Desk
    method: str
    params: Params
    user: int
    app: bool = False

    @property
    def portal(self) -> Portal:
        return self.desk.portal

    @property
    def shelf(self) -> Shelf:
        return self.desk.shelf

    def reading(self, *, strict: bool = False) -> Reading:
        """How filters are read here."""
        return Reading(self.portal.zone, strict, self.desk.switches.plain_dates)

    def wrote(self, *, changed: bool = True) -> None:
        """Note a write that was carried out."""
        at = self.portal.now
        self.desk.written.append({"method": self.method, "params": self.params.raw, "at": at, "changed": changed})

    def now(self) -> str:
        """The portal's time as its answers tell it."""
        return iso(self.portal.now, self.portal.zone)

    def paged(
        self,
        table: Table[T],
        view: View[T],
        *,
        conditions: Mapping[str, Any] | None = None,
        order: tuple[tuple[str, bool], ...] | None = None,
        names: tuple[str, ...] | None = None,
        strict: bool = False,
    ) -> Result:
        """The page that `filter`, `order`, `select` and `start` ask for, unless given otherwise."""
        params = self.params
        query = Query(
            params.map("filter") if conditions is None else conditions,
            order_of(params.map("order")) if order is None else order,
            view.names(params.list("select")) if names is None else names,
            params.number("start", 0),
            self.reading(strict=strict),
        )
        return page(table, view, query)

    def one(self, table: Table[T], view: View[T], key: int, names: tuple[str, ...] | None = None) -> Any:
        """The row with every column, or those named, as ready JSON."""
        chosen = view.names(["*", "UF_*"]) if names is None else names
        return table.rendered(key, (view, chosen), view.render(chosen))
