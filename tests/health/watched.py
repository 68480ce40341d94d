"""An account over a CRM in memory: a head's small shop, whose world the test changes between two syncs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.config import AccountSettings
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import report_of
from connector.pipeline.reading import sync_and_derive
from connector.records import Call, Client, Deal, Move, Pipeline, Stage, Team, User
from connector.store import accounts
from connector.store.engine import Store
from connector.testing import FakeProvider, World
from connector.testing.world import populate

MONTH = Period.parse("2026-09")
STAGES = (
    Stage(id="1/1", name="Новая", pipeline_id="1"),
    Stage(id="1/2", name="В работе", pipeline_id="1"),
    Stage(id="1/142", name="Успех", pipeline_id="1", outcome="won"),
    Stage(id="1/143", name="Отказ", pipeline_id="1", outcome="lost"),
)


class Shop:
    """`bench` reads `world`; `deals` so far are numbered on."""

    def __init__(self, store: Store, *, rules: Mapping[str, Any] | None = None, **settings: Any) -> None:
        self.world = World()
        self.provider = FakeProvider(self.world)
        with store.write() as conn:
            number = accounts.enroll(conn, "acme", "fake")
        told = {"name": "acme", "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB"}
        self.told = told | {"rules": dict(rules or {})} | settings
        self.bench = Workbench(
            AccountSettings.model_validate(self.told), store, number, self.provider, lambda: self.world.now
        )
        self.number = 0
        populate(self.world, [Team(id="7", name="Продажи"), Pipeline(id="1", name="Продажи"), *STAGES])
        populate(
            self.world, [User(id=id, name=name, team_ids=("7",)) for id, name in (("501", "Анна"), ("502", "Борис"))]
        )

    def configure(self, **rules: Any) -> None:
        """The configuration's rules are these from now on."""
        self.bench.settings = AccountSettings.model_validate(self.told | {"rules": rules})

    def sync(self, later: timedelta = timedelta(minutes=5)) -> None:
        """After a while the account is read again."""
        self.world.tick(later.total_seconds())
        done = sync_and_derive(self.bench)
        assert not done.problems

    def deal(self, outcome: str = "won", *, user: str = "501", amount: int | None = 1000, **more: Any) -> Deal:
        """A deal of a client of its own, closed now after an hour; `amount` in roubles."""
        self.number += 1
        at, stage = self.world.now, {"won": "1/142", "lost": "1/143", "open": "1/2"}[outcome]
        client = str(more.pop("client", f"contact:{self.number}"))
        born = more.pop("created_at", at - timedelta(hours=1))
        if client not in self.world.all(Client):
            self.world.add(Client(id=client, created_at=born))
        base: dict[str, Any] = {
            "id": str(self.number), "created_at": born, "owner_id": user, "pipeline_id": "1", "stage_id": stage,
            "outcome": outcome, "closed_at": None if outcome == "open" else at, "currency": "RUB",
            "amount": None if amount is None else amount * 100, "contacts": (client,),
        }  # fmt: skip
        made = self.world.add(Deal(**(base | more)))
        if outcome != "open":
            self.move(made, stage, outcome, by=user)
        return made

    def move(self, deal: Deal, stage: str, outcome: Any, *, by: str | None = "501", at: datetime | None = None) -> None:
        """It enters the stage."""
        self.number += 1
        self.world.add(
            Move(
                id=f"m{self.number}", of=deal.ref, at=at or self.world.now, pipeline_id="1", stage_id=stage,
                outcome=outcome, from_stage_id="1/1", from_outcome="open", by=by,
            )
        )  # fmt: skip

    def call(self, seconds: int = 90, *, user: str = "501", at: datetime | None = None, **more: Any) -> Call:
        """An outgoing call; on a client of its own where nothing else is said."""
        self.number += 1
        on = more.pop("on", (f"contact:c{self.number}",))
        base = {"id": f"c{self.number}", "at": at or self.world.now, "direction": "out", "answered": seconds > 0}
        return self.world.add(Call(**(base | {"seconds": seconds, "user_id": user, "on": on} | more)))

    def value(
        self, kpi: str, user: str = "501", period: Period = MONTH, **asked: Any
    ) -> tuple[Decimal | None, str | None]:
        """A KPI's value and reason."""
        results = {(r.kpi, r.subject): r for r in report_of(self.bench, period, **asked).results}
        found = results[kpi, f"user:{user}"]
        return found.value, found.reason
