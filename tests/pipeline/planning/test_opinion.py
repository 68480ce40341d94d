"""The open deals as a second opinion: the store gives back what happened, it is tried once a month, told beside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import AccountSettings
from connector.moment import DAY, Period, from_ms, midnight
from connector.pipeline.bench import Workbench
from connector.pipeline.chances import refresh
from connector.pipeline.history import past
from connector.pipeline.outlooks import outlooks
from connector.pipeline.planning.ahead import with_chances
from connector.pipeline.planning.opinion import Stood, gathered, opinion
from connector.pipeline.planning.plans import agree, people_plans
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.running import held
from connector.pipeline.showing import shown
from connector.records import Client, Deal, Move, Pipeline, Stage, User
from connector.result import Plan
from connector.store import accounts
from connector.store import chances as store_of
from connector.store.engine import Store, open_store
from connector.targets.backtest import Backtest
from connector.targets.opinion.lives import Life
from connector.targets.opinion.verdict import Kept, Verdict
from connector.targets.planning.telling import people as telling
from connector.testing import FakeProvider, World
from connector.testing.world import populate
from connector.web.views.figures import Pen
from connector.web.views.plan import block
from tests.targets.opinion.dealers import STAGES, Trade, dealers

NOW = datetime(2026, 9, 18, 9, tzinfo=UTC)
SEPTEMBER = Period.parse("2026-09")
ENDS: tuple[Literal["won", "lost"], ...] = ("won", "lost")
LIVES = dealers(4, Trade(leads=0.3), people=2).lives


def world() -> World:
    """Eight months of two people, as the CRM holds them on a morning."""
    made = World(NOW)
    some = [record for number, life in enumerate(LIVES) if recent(life) for record in records(str(number), life)]
    populate(made, [User(id=user, name=name) for user, name in (("500", "Anna"), ("501", "Boris"))], apart=0)
    populate(made, [Pipeline(id="1", name="Sales")], apart=0)
    populate(made, [Client(id=one.contacts[0]) for one in some if isinstance(one, Deal)], apart=0)
    populate(made, [Stage(id=f"1/{name}", name=name, pipeline_id="1") for name in STAGES], apart=0)
    populate(made, [Stage(id=f"1/{end}", name=end, pipeline_id="1", outcome=end) for end in ENDS], apart=0)
    populate(made, some, apart=0)
    return made


def recent(life: Life) -> bool:
    return _ms(NOW - timedelta(days=240)) <= life.entries[0][0] < _ms(NOW)


def records(id: str, life: Life) -> list[Deal | Move]:
    """The deal as it stands, and its way."""
    seen = [(at, stage) for at, stage in life.entries if at < _ms(NOW)]
    ended = life.ended if life.ended is not None and life.ended < _ms(NOW) else None
    outcome = life.outcome if ended is not None else "open"
    stage = f"1/{outcome if ended is not None else seen[-1][1]}"
    moves = [
        Move(id=f"{id}-{n}", of=f"deal:{id}", at=from_ms(at), pipeline_id="1", stage_id=f"1/{name}", outcome="open")
        for n, (at, name) in enumerate(seen)
    ]
    if ended is not None:
        moves.append(
            Move(
                id=f"{id}-end", of=f"deal:{id}", at=from_ms(ended), pipeline_id="1", stage_id=stage, outcome=outcome,
                from_outcome="open",
            )
        )  # fmt: skip
    amount = round((life.prices[0][1] or 0) * 100)
    deal = Deal(
        id=id, created_at=from_ms(seen[0][0]), pipeline_id="1", stage_id=stage, outcome=outcome, owner_id=life.user,
        amount=amount, currency="RUB", closed_at=None if ended is None else from_ms(ended), contacts=(f"contact:{id}",),
    )  # fmt: skip
    return [deal, *moves]


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@pytest.fixture(scope="module")
def synced(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read once: each test works on a copy."""
    path = tmp_path_factory.mktemp("opinion") / "kpi.db"
    shutil.copy(migrated_sqlite, path)
    store = open_store(f"sqlite:///{path}")
    with store.write() as conn:
        accounts.enroll(conn, "acme", "fake")
    made = opened(store)
    sync_and_derive(made)
    for user in ("500", "501"):
        agree(made, Plan(subject=f"user:{user}", kpi="revenue", period="2026-09", value=Decimal(400_000)))
    store.dispose()
    return path


def opened(store: Store) -> Workbench:
    told = {"name": "acme", "provider": "fake", "timezone": "UTC", "currency": "RUB"}
    return Workbench(AccountSettings.model_validate(told), store, 1, FakeProvider(world()), lambda: NOW)


@pytest.fixture
def bench(synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """Two people's past is short for a trial of chances: here it is taken to vouch for them."""
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: True))
    shutil.copy(synced, tmp_path / "kpi.db")
    store = open_store(f"sqlite:///{tmp_path / 'kpi.db'}")
    yield opened(store)
    store.dispose()


def kept(bench: Workbench) -> Kept:
    with bench.store.read() as conn:
        return msgspec.json.decode(store_of.latest(conn, bench.account).body, type=Kept)


def preferring(bench: Workbench, **worth: object) -> Verdict:
    """Another verdict than the past's, kept as if it had been tried so."""
    before = kept(bench)
    assert before.verdict is not None
    verdict = msgspec.structs.replace(before.verdict, persons=48, months=6, better=6, **worth)
    body = msgspec.json.encode(Kept(before.every, before.stages, before.leaving, verdict)).decode()
    with bench.store.write() as conn:
        store_of.keep(conn, bench.account, body, now=store_of.latest(conn, bench.account).at + 1)
    return verdict


def test_the_store_gives_back_how_the_deals_stood(bench: Workbench) -> None:
    """Open ones at any past moment, on their stage of then; and what was tried is kept with the day's chances."""
    moment = datetime(2026, 7, 14, 12, tzinfo=UTC)
    true = {(life.user, *life.stage_at(_ms(moment))) for life in LIVES if life.open_at(_ms(moment)) and recent(life)}
    with bench.store.read() as conn:
        stood = Stood.of(gathered(bench, conn, past(bench, conn, "2026-09")))
    found = {(life.user, life.stage_at(_ms(moment))[0], life.stage_at(_ms(moment))[1].removeprefix("1/"))
             for life in stood.passages.lives if life.open_at(_ms(moment))}  # fmt: skip
    assert found == true and len(true) > 5
    worth = kept(bench).verdict
    assert worth is not None and worth.month == "2026-09" and len(worth.fresh) == 21
    assert worth.months > 0 and worth.sized, "what a CRM that tells every change never told has not changed"
    assert 0 < worth.pipeline != worth.model > 0


def test_it_stands_beside_the_forecast_and_takes_its_place_where_the_past_prefers_it(bench: Workbench) -> None:
    preferring(bench, model=0.3, pipeline=0.3, covered=0.8)
    with bench.store.read() as conn:
        usual = outlooks(bench, conn, SEPTEMBER, {"500": Decimal(400_000)}, NOW)["500"].today
    worth = preferring(bench, model=0.3, pipeline=0.2, covered=0.8)
    with bench.store.read() as conn:
        now = outlooks(bench, conn, SEPTEMBER, {"500": Decimal(400_000)}, NOW)["500"].today
    assert usual.other is not None and now.other is not None and worth.prefers
    assert (now.forecast, now.other.forecast) == (usual.other.forecast, usual.forecast)
    assert now.forecast != usual.forecast and now.forecast.low >= now.fact
    people = with_chances(bench, SEPTEMBER, people_plans(bench, SEPTEMBER, user="500"))
    text, machine = telling.as_text(people, "en"), telling.as_json(people[0])
    assert "by the model: " in text and "the model 0.300, the deals 0.200" in text
    told = next(row["second_opinion"] for row in machine["kpis"] if row["kpi"] == "revenue")
    assert told["by"] == "model" and told["compared"]["told"] == "pipeline" and len(told["forecast_80"]) == 2
    seen = shown(bench, SEPTEMBER)
    line = block(seen, "user:500", Pen.of(seen.report, "ru"), "revenue")
    assert line is not None and "(по модели)" in line.second and "сделки 0,200" in line.why


def test_what_is_open_is_looked_at_as_it_stood_this_morning(bench: Workbench) -> None:
    """And as it was known when the deals were first there: what is read later in the day changes nobody's forecast."""
    at = midnight(SEPTEMBER.start + 17 * DAY, bench.zone())
    with bench.store.read() as conn:
        first = opinion(bench, conn, SEPTEMBER, at, 0.5)
        assert opinion(bench, conn, Period.parse("2026-10"), at, 0.0) is None, "it was tried for September"
    assert first is not None and sum(map(len, first.seen.open.values())) > 3
    assert all(odds.amount and 0 <= odds.chance < 1 for some in first.seen.open.values() for odds in some)
    bench.provider.world.edit(Deal, next(iter(bench.provider.world.all(Deal))), stage_id="1/lost", outcome="lost")  # type: ignore[attr-defined]
    bench.clock = lambda: NOW + timedelta(hours=2)
    sync_and_derive(bench)
    with bench.store.read() as conn:
        assert opinion(bench, conn, SEPTEMBER, at, 0.5) == first
    assert kept(bench).verdict == first.verdict


def test_on_the_first_day_open_deals_are_seen_though_reading_took_a_while(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    """Facts of deals come when calls are there too: as known when the deals were read nothing stood open."""
    shutil.copy(migrated_sqlite, tmp_path / "kpi.db")
    store = open_store(f"sqlite:///{tmp_path / 'kpi.db'}")
    with store.write() as conn:
        accounts.enroll(conn, "acme", "fake")
    made, ticks = opened(store), iter(range(1_000_000))
    made.clock = lambda: NOW + timedelta(milliseconds=next(ticks))
    sync_and_derive(made)
    with store.read() as conn:
        told = opinion(made, conn, SEPTEMBER, midnight(SEPTEMBER.start + 17 * DAY, made.zone()), 0.5)
    assert told is not None and sum(map(len, told.seen.open.values())) > 3
    store.dispose()


def test_it_is_tried_with_no_transaction_open(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial takes a while, and PostgreSQL ends a transaction that stands idle."""
    reads, open_ones, seen = bench.store.read, [0], []

    @contextmanager
    def counted() -> Iterator[Connection]:
        open_ones[0] += 1
        with reads() as conn:
            yield conn
        open_ones[0] -= 1

    def tried(*_: object) -> Verdict | None:
        seen.append(open_ones[0])
        return None

    monkeypatch.setattr(bench.store, "read", counted)
    monkeypatch.setattr("connector.pipeline.planning.opinion.reckoned", tried)
    with bench.store.write() as conn:
        conn.execute(sa.delete(store_of.CHANCE))
    with held(bench) as fence:
        refresh(bench, fence)
    assert seen == [0]
