"""Worlds to sync, and what it means that a store holds one."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from connector.errors import Busy
from connector.moment import to_ms
from connector.records import (
    KINDS,
    Call,
    Client,
    Deadline,
    Deal,
    Lead,
    Move,
    Owner,
    Pipeline,
    Record,
    Removal,
    Stage,
    Task,
    Team,
    User,
)  # fmt: skip
from connector.store import accounts
from connector.store.crm import records
from connector.store.engine import Store
from connector.sync.progress import SyncReport
from connector.sync.pull import pull_account
from connector.testing import FakeProvider, World
from connector.testing.world import START, populate


def enroll(store: Store) -> int:
    with store.write() as conn:
        return accounts.enroll(conn, "acme", "fake")


def deal(n: int, **more: Any) -> Deal:
    return Deal(
        id=str(n), created_at=START, pipeline_id="1", stage_id="1/1", owner_id="501", amount=100 * n, currency="RUB",
        contacts=(f"contact:{n % 40}",), **more,
    )  # fmt: skip


def company(deals: int = 300, *, seed: int = 1, tells_removals: bool = True) -> World:
    """Users, clients, deals and what hangs on them, a second apart."""
    dice = random.Random(seed)
    world = World(tells_removals=tells_removals)
    directories: Iterable[Record] = [
        Team(id="700", name="North", head_ids=("502",)), User(id="501", name="Anna", team_ids=("700",)),
        User(id="502", name="Boris"), Pipeline(id="1", name="Sales"), Stage(id="1/1", name="New", pipeline_id="1"),
    ]  # fmt: skip
    populate(world, directories)
    populate(world, (Client(id=f"contact:{n}", company=f"company:{n % 9}" if n % 3 else None) for n in range(40)))
    populate(world, (Client(id=f"company:{n}") for n in range(9)))
    populate(world, (Lead(id=str(n), created_at=START, clients=(f"contact:{n % 40}",)) for n in range(30)))
    populate(world, (deal(n) for n in range(deals)))
    for n in range(deals):
        kind = dice.randrange(5)
        at = world.now
        hanging: Record = (
            Move(id=f"m{n}", of=f"deal:{n}", at=at, pipeline_id="1", stage_id="1/1", outcome="open"),
            Owner(id=f"o{n}", of=f"deal:{n}", at=at, user_id="501", before=None),
            Call(id=f"c{n}", at=at, direction="out", answered=True, seconds=n, on=(f"contact:{n % 40}",)),
            Task(id=f"t{n}", on=(f"deal:{n}",), user_id="502"),
            Deadline(id=f"d{n}", of=f"task:t{n - 1}", at=at, due_at=at, before=None),
        )[kind]
        populate(world, [hanging])
    return world


def sync(store: Store, account: int, provider: FakeProvider, **options: Any) -> SyncReport:
    """One run at the world's clock."""
    options.setdefault("fence", None)
    return pull_account(store, account, provider, now=lambda: to_ms(provider.world.now), **options)


def held(store: Store, account: int) -> dict[str, dict[str, Record]]:
    """What the store says is there, by kind; what we noted ourselves aside."""
    found: dict[str, dict[str, Record]] = {}
    with store.read() as conn:
        for kind in KINDS:
            live = records.live_ids(conn, account, kind)
            stored = records.directory(conn, account, kind)
            found[kind.kind] = {id: stored[id] for id in live if not id.startswith(("swept:", "seen:"))}
    return found


def there(world: World) -> dict[str, dict[str, Record]]:
    """What the world holds, by kind."""
    return {kind.kind: dict(world.all(kind)) for kind in KINDS}


def differences(store: Store, account: int, world: World) -> list[str]:
    """Refs that the store lacks, holds too many of, or holds in another version."""
    ours, theirs = held(store, account), there(world)
    return [
        f"{kind}:{id}"
        for kind in theirs
        for id in sorted(set(ours[kind]) | set(theirs[kind]))
        if ours[kind].get(id) != theirs[kind].get(id)
    ]


def digest(store: Store) -> str:
    """Everything a sync leaves behind, but for the moments at which we happened to see it.

    A dossier that nothing is in any more (its deadline came before its task) may be due or not: it depends on which
    page came first, and what is derived from it is nothing either way.
    """
    queries = (
        "select kind, id, body, hash, updated_at, gone_at, link, dossier from record order by kind, id",
        "select kind, cursor, told_at from cursor order by kind",
        "select dossier from dirty where dossier in (select dossier from record) order by dossier",
        "select user_id, team_id, until from membership order by user_id, team_id",
    )
    with store.read() as conn:
        rows = [tuple(row) for query in queries for row in conn.execute(sa.text(query))]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def busy_people(
    world: World, provider: FakeProvider, *, edits: int = 5, deletes: int = 2, seed: int = 3
) -> Callable[[], None]:
    """A hook: people edit and delete deals while they are read, and time goes on."""
    dice = random.Random(seed)

    def work() -> None:
        world.tick(1)
        for _ in range(edits):
            world.edit(Deal, dice.choice(sorted(world.all(Deal))), amount=dice.randrange(10**6))
        for _ in range(deletes):
            if len(world.all(Deal)) > 50:
                world.delete(Deal, dice.choice(sorted(world.all(Deal))))

    return work


class BrokenFence:
    """Holds for so many pages; then somebody else took over."""

    def __init__(self, pages: int) -> None:
        self.left = pages

    def check(self, _conn: sa.Connection) -> None:
        self.left -= 1
        if self.left < 0:
            raise Busy("taken over")


LATE = timedelta(minutes=5)
VERY_LATE = timedelta(hours=2)
NO_REMOVALS = frozenset(KINDS) - {Removal}
