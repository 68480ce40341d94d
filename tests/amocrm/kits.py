"""What the tests of this provider share: a kit, and a list that is edited while it is read."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from connector.provider import Kit, Tokens
from providers.amocrm import Options, connect
from providers.amocrm.client import Rows
from providers.amocrm.provider import AmoCrm

BASE = "https://acme.amocrm.ru"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class MemoryVault:
    """A vault without a disk: one refresh at a time is all a test needs."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self.tokens = tokens
        self.spent = 0

    def current(self) -> Tokens | None:
        return self.tokens

    def keep(self, tokens: Tokens) -> None:
        self.tokens = tokens

    def refresh(self, stale: Tokens, spend: Callable[[Tokens], Tokens]) -> Tokens:
        if self.tokens is not None and self.tokens.access != stale.access:
            return self.tokens
        self.spent += 1
        self.tokens = spend(stale)
        return self.tokens


def kit(options: Mapping[str, Any] | None = None, **more: Any) -> Kit:
    told = options or {"base_url": BASE, "token": SecretStr("long-lived-token")}
    given: dict[str, Any] = {
        "account": "acme",
        "options": Options.model_validate(told),
        "vault": MemoryVault(),
        "clock": lambda: NOW,
        "sleep": lambda seconds: None,
        "hash_phone": lambda phone: "h" + "".join(filter(str.isdigit, phone))[-10:],
    }
    return Kit(**{**given, **more})


def provider(options: Mapping[str, Any] | None = None, **more: Any) -> AmoCrm:
    """As fast as the machine."""
    made = connect(kit(options, **more))
    made._http.pacer.rate = 1e9
    return made


def error(status: int, **more: Any) -> dict[str, Any]:
    """problem+json, in the shape of the fact sheet."""
    return {"title": "T", "type": f"https://httpstatus.es/{status}", "status": status, "detail": "D", **more}


@dataclass
class Shelf:
    """A list as amoCRM keeps it, with a clock of its own; `meddle` runs after each answer, one at a time."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    clock: int = 1_700_000_000
    filtered: bool = True
    terminal_204: bool = False
    clamp: int = 250
    meddle: Callable[[Shelf], None] = lambda shelf: None
    asked: int = 0
    lies: dict[int, Rows | None] = field(default_factory=dict)
    """By number of the question: an answer that is wrong; None is a 204."""
    _alone: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, id_: int, updated_at: int | None = None) -> None:
        at = self.clock if updated_at is None else updated_at
        self.rows[id_] = {"id": id_, "updated_at": at, "version": 1}

    def edit(self, id_: int) -> None:
        row = self.rows[id_]
        self.rows[id_] = {**row, "updated_at": self.clock, "version": row["version"] + 1}

    def told_at(self) -> datetime:
        return datetime.fromtimestamp(self.clock, UTC)

    def __call__(self, params: Mapping[str, Any]) -> Rows:
        with self._alone:
            self.asked += 1
            answer = self._answer(params)
            if self.asked in self.lies:
                answer = self.lies[self.asked] or Rows((), False, self.told_at())
            self.meddle(self)
            return answer

    def _answer(self, params: Mapping[str, Any]) -> Rows:
        found = [row for row in self.rows.values() if self._fits(row, params)]
        name, way = next(((key[6:-1], way) for key, way in params.items() if key.startswith("order[")), ("id", "asc"))
        found.sort(key=lambda row: (row[name], row["id"]), reverse=way == "desc")
        limit, page = min(params["limit"], self.clamp), params["page"]
        shown = found[(page - 1) * limit : page * limit]
        more = page * limit < len(found) or (self.terminal_204 and len(shown) == limit)
        return Rows(shown, more and bool(shown), self.told_at())

    def _fits(self, row: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
        low, high = params.get("filter[updated_at][from]", 0), params.get("filter[updated_at][to]", 1 << 60)
        return not self.filtered or bool(low <= row["updated_at"] <= high)


def meddler(seed: int, *, edits: int = 5, deletes: int = 0, adds: int = 0, seconds: int = 2) -> Callable[[Shelf], None]:
    """Work that goes on between two pages."""
    chance = random.Random(seed)

    def meddle(shelf: Shelf) -> None:
        shelf.clock += chance.randint(0, seconds)
        for id_ in chance.sample(sorted(shelf.rows), min(deletes, len(shelf.rows))):
            del shelf.rows[id_]
        for id_ in chance.sample(sorted(shelf.rows), min(edits, len(shelf.rows))):
            shelf.edit(id_)
        for _ in range(adds):
            shelf.add(max(shelf.rows, default=0) + 1)

    return meddle
