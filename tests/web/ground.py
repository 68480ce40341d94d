"""A small company to look at: two teams with heads, an admin, somebody dismissed, and names that are meant to harm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient

from connector.config import AccountSettings
from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sync_and_derive
from connector.records import Client, Deal, Move, Pipeline, Stage, Team, User
from connector.store import accounts
from connector.store.engine import Store
from connector.testing import FakeProvider, World
from connector.testing.world import START, populate
from connector.web.links import issue_link
from tests.pipeline.shop import Clock

EVIL = '<img src=x onerror="alert(1)">{{7*7}}'
ANNA, BORIS, DINA, HEAD, OTHER_HEAD, ADMIN, GONE, CHIEF = "501", "502", "505", "511", "512", "1", "599", "510"
PEOPLE = (ANNA, BORIS, DINA, HEAD, OTHER_HEAD, ADMIN, GONE, CHIEF)
TEAMS = ("700", "701", "710")
SEES = {
    ANNA: {ANNA},
    DINA: {DINA},
    HEAD: {HEAD, ANNA, BORIS},
    OTHER_HEAD: {OTHER_HEAD, DINA, GONE},
    CHIEF: {CHIEF, ANNA, BORIS, HEAD},
    ADMIN: set(PEOPLE),
}
"""Whose numbers each may see: a chief leads the team above, an admin leads nobody and sees all."""
SETS = {ANNA: set[str](), DINA: set[str](), HEAD: {ANNA, BORIS}, OTHER_HEAD: {DINA, GONE}, CHIEF: {ANNA, BORIS, HEAD}}
SETS |= {ADMIN: set(PEOPLE) - {ADMIN}}
"""Whose plans each sets: nobody his own."""
HEARS = {viewer: {viewer} | SETS[viewer] for viewer in SEES} | {ADMIN: {ADMIN}}
"""Whose private feedback each reads: an admin nobody else's."""
SEES_TEAMS = {
    ANNA: set[str](),
    DINA: set[str](),
    HEAD: {"700"},
    OTHER_HEAD: {"701"},
    CHIEF: {"700", "710"},
    ADMIN: set(TEAMS),
}


def world() -> World:
    """Anna won three deals of 1 000, Boris and Dina one each."""
    made = World()
    populate(made, [Team(id="710", name="All", head_ids=(CHIEF,))])
    populate(made, [Team(id="700", name=EVIL, parent_id="710", head_ids=(HEAD,))])
    populate(made, [Team(id="701", name="South", head_ids=(OTHER_HEAD,))])
    people = [
        User(id=ANNA, name="Anna", team_ids=("700",)),
        User(id=BORIS, name=EVIL, team_ids=("700",)),
        User(id=DINA, name="Dina", team_ids=("701",)),
        User(id=HEAD, name="Irina", team_ids=("700",)),
        User(id=OTHER_HEAD, name="Kostya", team_ids=("701",)),
        User(id=CHIEF, name="Chief", team_ids=("710",)),
        User(id=ADMIN, name="Admin", admin=True),
        User(id=GONE, name="Gone", team_ids=("701",), active=False),
    ]
    populate(made, people)
    populate(made, [Pipeline(id="1", name=EVIL)])
    populate(made, [Stage(id="1/1", name=EVIL, pipeline_id="1")])
    populate(made, [Stage(id="1/142", name="Won", pipeline_id="1", outcome="won")])
    populate(made, [Client(id="contact:7"), Client(id="contact:8")])
    for n, owner in enumerate((ANNA, ANNA, ANNA, BORIS, DINA, GONE), 1):
        won = Deal(
            id=str(n), created_at=START, pipeline_id="1", stage_id="1/142", outcome="won", owner_id=owner,
            amount=1000_00, currency="RUB", contacts=(f"contact:{7 + n % 2}",),
        )  # fmt: skip
        move = Move(
            id=f"m{n}", of=f"deal:{n}", at=START + timedelta(days=n), pipeline_id="1", stage_id="1/142",
            outcome="won", from_outcome="open",
        )  # fmt: skip
        populate(made, [won])
        populate(made, [move])
    still = Deal(
        id="9", created_at=START, pipeline_id="1", stage_id="1/1", outcome="open", owner_id=ANNA, amount=500_00,
        currency="RUB", contacts=("contact:7",),
    )  # fmt: skip
    populate(made, [still])
    made.now = START + timedelta(days=20)
    return made


def opened(store: Store, name: str = "acme", **more: Any) -> Workbench:
    """Synced once."""
    with store.write() as conn:
        account = accounts.enroll(conn, name, "fake")
    told = {"name": name, "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB", "language": "en"}
    plans = [{"user": ANNA, "kpi": "revenue", "period": "2026-09", "value": "10000"}]
    bench = Workbench(
        AccountSettings.model_validate(told | {"plan": plans} | more), store, account, FakeProvider(world()), Clock()
    )
    sync_and_derive(bench)
    return bench


def win(bench: Workbench, id: str, at: datetime = START) -> None:
    """One more deal of Anna's is won, and read."""
    told: Any = bench.provider
    deal = Deal(
        id=id, created_at=START, pipeline_id="1", stage_id="1/142", outcome="won", owner_id=ANNA, amount=700_00,
        currency="RUB", contacts=("contact:7",),
    )  # fmt: skip
    populate(told.world, [deal])
    populate(
        told.world,
        [
            Move(
                id=f"m{id}",
                of=f"deal:{id}",
                at=at,
                pipeline_id="1",
                stage_id="1/142",
                outcome="won",
                from_outcome="open",
            )
        ],
    )
    sync_and_derive(bench)


def signed_in(client: TestClient, bench: Workbench, user: str) -> TestClient:
    """The same browser, after this person used a link."""
    code = issue_link(bench, user, "http://testserver").link.rpartition("/")[2]
    page = client.get(f"/in/{code}")
    answer = client.post("/in", data={"token": token_in(page.text), "code": code}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return client


def token_in(page: str) -> str:
    """What the page's forms bring back."""
    return page.partition('name="token" value="')[2].partition('"')[0]


def pages(people: Any = PEOPLE, teams: Any = TEAMS) -> Iterator[tuple[str, str, str]]:
    """(kind, id, address) of every page and chart that is about somebody."""
    for id in people:
        yield "user", id, f"/people/{id}"
        yield "user", id, f"/explain/revenue/user/{id}"
        yield "user", id, f"/people/{id}/advice"
        for chart in ("pace", "funnel", "trend/win_rate", "activity"):
            yield "user", id, f"/charts/people/{id}/{chart}"
    for id in teams:
        yield "team", id, f"/board?team={id}"
        yield "team", id, f"/board/changes?team={id}"
        yield "team", id, f"/explain/revenue/team/{id}"
        for chart in ("pace", "funnel", "trend/win_rate", "compare/win_rate", "activity"):
            yield "team", id, f"/charts/teams/{id}/{chart}"
