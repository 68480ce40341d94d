"""C. kill -9 at every step: after one run more the store is an undisturbed one, and the CRM has everything once.

The fast half tries a spread of steps, `make faults` each of them. A step is a database statement, a commit, or either
end of a call to the CRM.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.errors import Reauthorise
from connector.pipeline.bench import Workbench
from connector.pipeline.deriving import derive_now
from connector.pipeline.privacy.erasing import erase
from connector.pipeline.privacy.retaining import retain
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.running import held
from connector.pipeline.writing import push
from connector.records import Client
from connector.store import accounts, backup, migrate
from connector.store.crm import dossiers, records
from connector.store.engine import Store, open_store
from connector.store.private import erased
from connector.store.sent import outbox
from tests.conftest import Postgres
from tests.faults import invariants
from tests.faults.company import END, HALF
from tests.faults.conftest import Copy, Golden, Ground
from tests.faults.killing import Steps, dies, in_another_process, what_is_left
from tests.faults.rig import Rig, opened

SPREAD, EACH = Steps(6.0), Steps()
REACH = [pytest.param(SPREAD, id="spread"), pytest.param(EACH, id="each", marks=pytest.mark.slow_fault)]
LONG = pytest.mark.timeout(
    4 * 3600
)  # on a machine that does other work too, a delivery on PostgreSQL takes more than one
Sure = Callable[[Rig], None]


@pytest.fixture
def loop(ground: Ground, copied: Copy, golden: Callable[[str], Golden], tmp_path: Path) -> Any:
    """`loop(steps, work, before=…, after=…)`: for each n a fresh store and a fresh CRM; how many runs were killed.

    `since`: what the store holds before. What a kill leaves exactly as another one left it has the same future, and is
    not tried again: between two commits or calls most steps are readings.
    """

    def run(
        steps: Steps, work: Any, *, after: Sure, before: Sure = lambda rig: None, since: datetime = HALF, **more: Any
    ) -> int:
        (crm, database), met = ground, set[str]()
        for killed, n in enumerate(steps):
            folder = tmp_path / str(n)
            folder.mkdir()
            with copied(crm, database, since) as url, opened(crm, url, folder, **more) as rig:
                rig.golden = golden(crm)
                before(rig)
                reached = in_another_process(rig, work, n)
                if (state := what_is_left(rig)) not in met:
                    met.add(state)
                    after(rig)
            shutil.rmtree(folder)
            if not reached:
                return killed
        raise AssertionError("the loop has no end")

    return run


def as_undisturbed(rig: Rig) -> None:
    """After one run more: no page is read twice but those on their way, and everything is there."""
    rig.quiet()
    assert invariants.digest(rig.bench) == rig.golden.digest
    assert invariants.numbers(rig.bench) == rig.golden.numbers
    assert rig.asked[0] <= rig.golden.requests + 2


@LONG
@pytest.mark.parametrize("steps", REACH)
def test_c01_c02_killed_anywhere_in_a_sync(loop: Any, steps: Steps) -> None:
    """Between two statements, before a commit, before and after each request."""
    assert loop(steps, sync_and_derive, after=as_undisturbed) >= 3


@LONG
@pytest.mark.parametrize("steps", REACH)
def test_c01_killed_anywhere_in_deriving(loop: Any, steps: Steps) -> None:
    def soiled(rig: Rig) -> None:
        with rig.bench.store.write() as conn:
            dossiers.soil_all(conn, rig.bench.account)

    def whole(rig: Rig) -> None:
        derive(rig.bench)
        assert invariants.digest(rig.bench) == rig.golden.digest

    assert loop(steps, derive, before=soiled, after=whole, since=END) >= 2


def derive(bench: Workbench) -> None:
    with held(bench) as fence:
        derive_now(bench, fence, "derive")


@LONG
@pytest.mark.parametrize("steps", REACH)
def test_c04_killed_anywhere_in_a_delivery(loop: Any, steps: Steps) -> None:
    """Fields, cards and tasks for heads: each once, each as wished, whatever was in the air."""

    def once(rig: Rig) -> None:
        for _ in range(3):
            rig.box.advance(rig.box.now + timedelta(minutes=20))
            push(rig.bench)
        assert invariants.writes_doubled(rig) == []
        assert set(states(rig.bench)) <= {"done", "noop", "rejected", "withdrawn"}, states(rig.bench)
        before = len(rig.box.written)
        push(rig.bench)
        assert len(rig.box.written) == before, "nothing is left to be written"

    assert loop(steps, push, after=once, since=END, writeback="on") >= 3


def states(bench: Workbench) -> Counter[str]:
    with bench.store.read() as conn:
        found: Counter[str] = Counter()
        for (_, state), count in outbox.counts(conn, bench.account).items():
            found[state] += count
    return found


@LONG
@pytest.mark.parametrize("steps", REACH)
def test_c05_killed_anywhere_while_a_token_is_renewed(loop: Any, steps: Steps) -> None:
    """The account goes on by itself, at once or with the access token it has.

    A person is asked for at most at one step, between the answer and the journal, and only where both tokens died.
    """

    def connected(rig: Rig) -> None:
        authority = rig.bench.provider.authority  # type: ignore[attr-defined]
        authority.accept(str(rig.box.code() if rig.crm == "amocrm" else rig.box.oauth.code(1)))
        rig.box.advance(rig.box.now + (timedelta(hours=13) if rig.crm == "amocrm" else timedelta(minutes=35)))

    lost: list[str] = []

    def goes_on(rig: Rig) -> None:
        first, second = rig.run(), rig.run()
        if isinstance(first.error, Reauthorise):
            lost.append(rig.crm)
            assert isinstance(second.error, Reauthorise), "a lost grant stays lost, and says so again"
        else:
            assert first.error is second.error is None, (first.error, second.error)
        assert max(rig.asked) < 60, "no loop"
        assert invariants.leaks(rig) == []

    options = {"options": lambda box: box.oauth_options()}
    assert loop(steps, lambda bench: bench.meet(), before=connected, after=goes_on, **options) >= 2
    # the sandbox's Bitrix24 kills the old access token with the refresh token: an answer that nobody kept is the end
    assert lost in ([], ["bitrix24"])


@contextmanager
def empty(database: str, request: pytest.FixtureRequest, folder: Path) -> Any:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'kpi.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as name:
        yield server.address(name)


@LONG
@pytest.mark.parametrize("steps", REACH)
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow_fault)])
def test_c06_killed_anywhere_in_a_migration(
    steps: Steps, database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Up: never half. What is started again completes."""
    for n in steps:
        folder = tmp_path / str(n)
        folder.mkdir()
        with empty(database, request, folder) as url:
            reached = dies(lambda url=url: open_store(url), n)
            left = Store(sa.make_url(url))
            with left.read() as conn:
                tables = set(sa.inspect(conn).get_table_names())
                assert migrate.version(conn) in (None, migrate.HEAD)
                assert not tables if migrate.version(conn) is None else len(tables) > 20, "half a schema"
            left.dispose()
            if not reached:
                assert n > 20
                return
    raise AssertionError("the loop has no end")


@LONG
@pytest.mark.parametrize("steps", REACH)
def test_c06_killed_anywhere_on_the_way_down(steps: Steps, migrated_sqlite: Path, tmp_path: Path) -> None:
    for n in steps:
        path = tmp_path / f"{n}.db"
        shutil.copy(migrated_sqlite, path)
        url = f"sqlite:///{path}"
        reached = dies(lambda url=url: migrate.downgrade(open_store(url, migrate=False), "base"), n)
        left = open_store(url)
        with left.read() as conn:
            assert migrate.version(conn) == migrate.HEAD
        left.dispose()
        if not reached:
            return
    raise AssertionError("the loop has no end")


@LONG
@pytest.mark.parametrize("steps", [pytest.param(Steps(4.5), id="spread"), REACH[1]])
def test_c09_killed_anywhere_while_a_person_is_erased(loop: Any, steps: Steps) -> None:
    """Either nothing happened yet, or asking again finishes it; no later sync brings him back."""
    who = "contact:20003"

    def gone(rig: Rig) -> None:
        erase(rig.bench, who, rig.folder, author="test", reason="asked again")
        rig.quiet()
        with rig.bench.store.read() as conn:
            told = conn.execute(sa.text("select count(*) from destruction")).scalar_one()
            assert erased.marks(conn, rig.bench.account), "a later sync knows whom to keep out"
            kept = " ".join(conn.execute(sa.text("select body from record")).scalars())
        assert phones or rig.crm == "bitrix24", "of a portal's contacts no phone is kept here"
        assert not any(phone in kept for phone in phones), "not even a later sync brings his phone's mark back"
        assert told >= 1
        assert invariants.differences(rig) == []

    def work(bench: Workbench) -> None:
        erase(bench, who, folder_of(bench), author="test", reason="asked")

    def folder_of(bench: Workbench) -> Path:
        return folders[-1]

    def known(rig: Rig) -> None:
        folders.append(rig.folder)
        with rig.bench.store.read() as conn:
            phones.update(records.get(conn, rig.bench.account, Client, [who])[who].phones)

    folders: list[Path] = []
    phones: set[str] = set()
    assert loop(steps, work, before=known, after=gone) > 2


@pytest.mark.parametrize("steps", [pytest.param(Steps(4.5), id="spread"), REACH[1]])
def test_c09_killed_anywhere_in_a_purge(loop: Any, steps: Steps) -> None:
    def purged(rig: Rig) -> None:
        retain(rig.bench, rig.bench.settings.retention)
        as_undisturbed(rig)

    assert loop(steps, lambda bench: retain(bench, bench.settings.retention), after=purged) > 2


def held_by(url: str, *names: str) -> Store:
    """A store over the file at `url` that holds at least these accounts."""
    store = open_store(url)
    with store.write() as conn:
        for name in names:
            accounts.enroll(conn, name, "fake")
    return store


def told_accounts(store: Store) -> list[str]:
    with store.read() as conn:
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"
        return sorted(conn.execute(sa.text("select name from account")).scalars())


def in_small_steps(work: Callable[[], Any]) -> Callable[[], Any]:
    """The same, copying a few pages at a time, so that it can be killed between any two of them."""

    def whole() -> None:
        backup.PAGES = 8
        work()

    return whole


@LONG
@pytest.mark.parametrize("steps", [pytest.param(Steps(3.0), id="spread"), REACH[1]])
def test_c09_killed_anywhere_in_a_backup(steps: Steps, migrated_sqlite: Path, tmp_path: Path) -> None:
    """There is a whole one under its name, or none; the database is as it was, and asked again it is made."""
    shutil.copy(migrated_sqlite, tmp_path / "kpi.db")
    url, day = f"sqlite:///{tmp_path / 'kpi.db'}", timedelta(days=1)
    held_by(url, "kept").dispose()
    for n in steps:
        to = tmp_path / str(n)
        work = in_small_steps(lambda to=to: backup.back_up(open_store(url), to, now=END))
        reached = dies(work, n)
        assert all(backup.verify(made).counts["account"] == 1 for made in to.glob("*.db"))
        left = open_store(url)
        assert told_accounts(left) == ["kept"]
        late = datetime.now(UTC) + day
        assert backup.back_up(left, to, now=late).counts["account"] == 1
        left.dispose()
        assert list(to.glob(".*")) == [], "a half that was left is tidied away"
        if not reached:
            assert n > 10
            return
    raise AssertionError("the loop has no end")


@LONG
@pytest.mark.parametrize("steps", [pytest.param(Steps(3.0), id="spread"), REACH[1]])
def test_c09_killed_anywhere_in_a_restore(steps: Steps, migrated_sqlite: Path, tmp_path: Path) -> None:
    """The database is the one before or the one restored, never between; of the one before there is a copy by then."""
    for n in steps:
        folder = tmp_path / str(n)
        folder.mkdir()
        shutil.copy(migrated_sqlite, folder / "kpi.db")
        url = f"sqlite:///{folder / 'kpi.db'}"
        store = held_by(url, "kept")
        made = backup.back_up(store, folder / "kept", now=END).path
        held_by(url, *(f"later {one}" for one in range(300))).dispose()  # some pages more, and many of them others
        store.dispose()
        reached = dies(in_small_steps(lambda made=made, url=url: backup.restore(made, open_store(url), now=END)), n)
        left = open_store(url)
        there = told_accounts(left)
        assert there == ["kept"] or len(there) == 301, there
        if there == ["kept"]:
            [aside] = folder.glob("before-restore-*.db")
            assert backup.verify(aside).counts["account"] == 301
        backup.restore(made, left, now=END + timedelta(hours=1))
        assert told_accounts(left) == ["kept"]
        left.dispose()
        if not reached:
            assert there == ["kept"] and n > 20
            return
    raise AssertionError("the loop has no end")


@pytest.mark.only_on("postgresql")
def test_c13_postgresql_ends_every_connection_in_the_middle(postgres: Postgres, rig: Rig) -> None:
    """What is under way fails with one error in words, the next run reconnects and all is there."""
    name = rig.bench.store.url.rpartition("/")[2].partition("?")[0]
    kill = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    seen: list[int] = []

    def cut_off(sort: str, rows: int, total: int | None, requests: int) -> None:
        seen.append(rows)
        if len(seen) in (2, 5):
            postgres.run(kill)

    ended = rig.run(lambda bench: sync_and_derive(bench, progress=cut_off))
    assert len(seen) >= 2
    assert ended.error is None or "database server" in str(ended.error), ended.error
    rig.settle()
