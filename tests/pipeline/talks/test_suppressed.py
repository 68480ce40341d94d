"""Words that were purged, forgotten or erased do not come back, whoever states them again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from connector.errors import Busy
from connector.pipeline.bench import Workbench
from connector.pipeline.privacy.erasing import erase
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.running import held
from connector.pipeline.talks.scoring import score_talks
from connector.pipeline.talks.transcripts import forget, from_crm, import_files, purge
from connector.provider import Said
from connector.records import Call, Client
from connector.store import leases
from connector.store.engine import Store
from connector.store.talk import transcripts
from connector.testing import FakeProvider
from tests.pipeline.talking import HANDLED, Speaking, talking

CALL, OTHER = "100", "102"
FILES = [(f"{call}.txt", HANDLED.encode()) for call in (CALL, OTHER)]


def by_age(bench: Workbench, folder: Path) -> None:
    now = bench.clock
    bench.clock = lambda: now() + timedelta(days=31)
    purge(bench)


def forgotten(bench: Workbench, folder: Path) -> None:
    for call in (CALL, OTHER):
        forget(bench, call)


def words(bench: Workbench) -> list[str]:
    with bench.store.read() as conn:
        return [one.call for one in transcripts.get(conn, bench.account, [CALL, OTHER])]


@pytest.mark.parametrize("gone", [by_age, forgotten])
def test_neither_a_file_nor_the_crm_brings_them_back(
    sqlite_store: Store, tmp_path: Path, gone: Callable[[Workbench, Path], None]
) -> None:
    bench = talking(sqlite_store)
    score_talks(bench)
    assert words(bench) == [CALL, OTHER]
    gone(bench, tmp_path)
    done = import_files(bench, FILES)
    assert (done.new, done.same) == (0, 0)
    assert [(bad.file, "not taken again" in bad.why) for bad in done.bad] == [("100.txt", True), ("102.txt", True)]
    score_talks(bench)
    with bench.store.write() as conn:
        transcripts.absent(conn, bench.account, [CALL], now=bench.now())
    import_files(bench, FILES)
    assert words(bench) == []


def test_calls_of_an_erased_client_are_never_taken_whether_their_words_were_known_or_not(
    store: Store, tmp_path: Path
) -> None:
    bench = talking(store)
    bench.key = Fernet.generate_key()
    provider = bench.provider
    assert isinstance(provider, FakeProvider)
    provider.world.edit(Client, "contact:7", phones=("hashed",), name="Мария Петрова")
    provider.world.edit(Call, CALL, on=("contact:7",), phone="hashed")
    provider.world.edit(Call, "104", phone="hashed")
    sync_and_derive(bench, full=True)
    assert import_files(bench, FILES[:1]).new == 1
    erase(bench, "contact:7", tmp_path, author="dpo", reason="asked")
    provider.world.edit(Call, OTHER, on=("contact:7",), phone="hashed")  # he calls again afterwards
    sync_and_derive(bench, full=True)
    done = import_files(bench, [*FILES, ("104.txt", HANDLED.encode()), ("106.txt", HANDLED.encode())])
    assert (done.new, [bad.file for bad in done.bad]) == (1, ["100.txt", "102.txt", "104.txt"])
    asked = score_talks(bench)
    assert asked.came == 8, "all others, of eleven that have no words"
    assert words(bench) == []


def test_who_lost_the_lease_suppresses_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    """The heir may know the client as no erased one any more: what the former holder read is old."""
    bench = talking(sqlite_store)
    bench.key = Fernet.generate_key()
    provider = bench.provider
    assert isinstance(provider, Speaking)
    provider.world.edit(Client, "contact:7", phones=("hashed",), name="Мария Петрова")
    sync_and_derive(bench, full=True)
    erase(bench, "contact:7", tmp_path, author="dpo", reason="asked")
    provider.world.edit(Call, OTHER, on=("contact:7",), phone="hashed")
    sync_and_derive(bench, full=True)
    with held(bench) as fence:
        with bench.store.write() as conn:
            conn.execute(leases.LEASE.update().values(version=99, holder="heir"))
        with pytest.raises(Busy, match="taken over by heir"):
            from_crm(bench, fence, 50)
    assert provider.asked == []
    with bench.store.read() as conn:
        assert transcripts.row_of(conn, bench.account, OTHER) is None


def test_words_refused_meanwhile_are_not_counted_as_come(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    provider = bench.provider
    assert isinstance(provider, Speaking)
    answer = provider.transcripts

    def forgotten_while_asked(calls: Sequence[Call]) -> Iterator[Said]:
        told = list(answer(calls))
        with bench.store.write() as conn:
            transcripts.suppress(conn, bench.account, [CALL, OTHER], now=bench.now())
        return iter(told)

    provider.transcripts = forgotten_while_asked  # type: ignore[method-assign]
    with held(bench) as fence:
        assert from_crm(bench, fence, 50) == (len(provider.words) - 2, "")
    assert words(bench) == []
