"""Calls to one account: read a thing, read a page of rows, write. Every answer is judged before anyone sees it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.errors import Broken, NotThere
from connector.http import Http, Kind
from providers.amocrm.auth import Access
from providers.amocrm.courier import Courier, Interaction
from providers.amocrm.verdict import Stale

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """One answer to a list call. `more`: the CRM links a next page; nothing else says whether there is one."""

    rows: Sequence[Mapping[str, Any]] = field(repr=False)
    more: bool
    told_at: datetime
    """The server's time."""
    total: int | None = None
    """How many rows the whole list has, for the few lists that say so."""


@dataclass(slots=True)
class Client:
    """`http` judges by `verdict.judge`; a stale token is renewed once."""

    http: Http
    access: Access
    workers: int = 4
    """Requests in flight at most."""
    _free: threading.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.workers)

    def now(self) -> datetime:
        """The server's clock, as far as its last answer told."""
        return self.http.clock() + timedelta(seconds=self.http.offset)

    def get(self, path: str, params: Params | None = None, include: Sequence[str] = ()) -> Any:
        """The body, None for 204: an empty list, or a thing that is not there."""
        return self._call("get", path, "read", params=params, include=include)[0]

    def thing(self, path: str, include: Sequence[str] = ()) -> Any:
        """One thing by its address; None where it is not there, which 204 and 404 both say. One such answer may be a
        slip: what is gone is denied twice.
        """
        for _ in range(2):
            with suppress(NotThere):
                if (body := self.get(path, include=include)) is not None:
                    return body
        return None

    def rows(self, path: str, key: str, params: Params, include: Sequence[str] = ()) -> Rows:
        """A page of what the body embeds under `key`; raises Broken where the envelope is not one."""
        body, told_at = self._call("get", path, "read", params=params, include=include)
        if body is None:
            return Rows((), False, told_at)
        try:
            found = body["_embedded"][key] or []
            more = "next" in (body.get("_links") or {})
        except (KeyError, TypeError, AttributeError):
            raise Broken(f"no list of {key} in the answer", where=f"{self.http.where} GET {path}") from None
        if not isinstance(found, list):
            raise Broken(f"{key} is no list", where=f"{self.http.where} GET {path}")
        total = body.get("_total_items")
        return Rows(found, more, told_at, total if isinstance(total, int) else None)

    def write(self, method: str, path: str, body: Any) -> Any:
        """The answer of a POST or PATCH; raises Unfit with the offending items, Uncertain where nobody knows."""
        return self._call(method, path, "write", data=body)[0]

    def _call(
        self,
        method: str,
        path: str,
        kind: Kind,
        *,
        params: Params | None = None,
        include: Sequence[str] = (),
        data: Any = None,
    ) -> tuple[Any, datetime]:
        courier = Courier(self.http, self.access, kind)
        try:
            return self._once(courier, method, path, params, include, data)
        except Stale:
            self.access.renew(courier.token)
        return self._once(courier, method, path, params, include, data)

    def _once(
        self, courier: Courier, method: str, path: str, params: Params | None, include: Sequence[str], data: Any
    ) -> tuple[Any, datetime]:
        with self._free:
            body, _ = Interaction(self.access, courier).request(
                method, path, data=data, params=dict(params or {}), include=list(include)
            )
        assert courier.answer is not None
        return body, courier.answer.told_at
