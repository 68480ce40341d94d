"""A small shop, synced and derived: three people, four deals of two clients, ready to import into."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from connector.brought.facts.files import from_csv, from_json
from connector.config import AccountSettings
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.importing import Brought, import_facts
from connector.pipeline.measuring import report_of
from connector.pipeline.reading import sync_and_derive
from connector.records import Client, Deal, Move, Pipeline, Stage, Team, User
from connector.result import Result
from connector.store import accounts
from connector.store.engine import Store
from connector.store.facts import FACT
from connector.testing import FakeProvider, World
from connector.testing.world import START, populate

SEPTEMBER = Period.parse("2026-09")
TODAY = START + timedelta(days=20)


def world() -> World:
    made = World()
    populate(made, [Team(id="700", name="North")])
    populate(made, [User(id=id, name=name, team_ids=("700",)) for id, name in (("501", "Anna"), ("502", "Boris"))])
    populate(made, [Pipeline(id="1", name="Sales")])
    populate(made, [Stage(id="1/1", name="New", pipeline_id="1")])
    populate(made, [Stage(id="1/142", name="Won", pipeline_id="1", outcome="won")])
    populate(made, [Client(id="contact:7"), Client(id="contact:8")])
    for n in (1, 2, 3, 4):
        deal = Deal(
            id=str(n), created_at=START, pipeline_id="1", stage_id="1/142", outcome="won", owner_id="501",
            amount=1000_00, currency="RUB", contacts=(f"contact:{7 + n % 2}",), fields={"CSAT": "2"} if n == 1 else {},
        )  # fmt: skip
        move = Move(
            id=f"m{n}", of=f"deal:{n}", at=START, pipeline_id="1", stage_id="1/142", outcome="won", from_outcome="open"
        )
        populate(made, [deal])
        populate(made, [move])
    made.now = TODAY
    return made


def opened(store: Store, name: str = "acme", **rules: Any) -> Workbench:
    """Synced once, twenty days after the world's beginning."""
    with store.write() as conn:
        account = accounts.enroll(conn, name, "fake")
    told = {"name": name, "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB", "rules": rules}
    settings = AccountSettings.model_validate(told | {"rates": {"USD": "90"}})
    bench = Workbench(settings, store, account, FakeProvider(world()), Clock())
    sync_and_derive(bench)
    return bench


class Clock:
    """A second later at every look."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> Any:
        self.now += timedelta(seconds=1)
        return self.now


def bring(bench: Workbench, text: str, *, source: str = "f.csv", **more: Any) -> Brought:
    """Import a CSV, or JSON where the text begins like it."""
    data = text.encode()
    rows = from_json(data) if text[:1] in "[{" else from_csv(data)
    return import_facts(bench, rows, data, author="anna", source=source, wait=lambda _: None, **more)


def result(bench: Workbench, kpi: str, subject: str = "user:501", **more: Any) -> Result:
    report = report_of(bench, SEPTEMBER, **more)
    return next(one for one in report.results if (one.kpi, one.subject) == (kpi, subject))


def facts(bench: Workbench) -> list[tuple[Any, ...]]:
    """Everything known now, without when it became known."""
    hidden = ("id", "known_from", "known_to")
    columns = [column for column in FACT.columns if column.name not in hidden]
    with bench.store.read() as conn:
        query = sa.select(*columns).where(FACT.c.known_to.is_(None)).order_by(FACT.c.dossier, FACT.c.key)
        return [tuple(row) for row in conn.execute(query)]
