"""What every provider owes the core, as tests. Subclass ProviderContract and give it a `bench` fixture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from connector.errors import KpiError
from connector.provider import Capabilities, Page, Provider
from connector.records import KINDS, Deadline, Gone, Owner, Price, Record, Task
from connector.wishes import AddTask, CloseTask, Delivered, Layout, Wish

MISSING = "987654321"
"""An id that no CRM under test holds."""
MOST_RESUMED = 4
"""Pages of each kind from which a pull is taken up again; all of them would be quadratic."""


class Bench(Protocol):
    """A world and the way to it, as the contract needs them. The world holds some records of each kind."""

    def connect(self) -> Provider:
        """A provider on this world that remembers nothing: the next process, as it were."""
        ...

    def change(self) -> tuple[type[Record], str]:
        """Edit a record in the CRM; which one."""
        ...

    def remove(self) -> tuple[type[Record], str]:
        """Delete a record in the CRM; which one."""
        ...

    def layout(self) -> Layout:
        """What must be prepared for the wishes below; each card's fields among them."""
        ...

    def wishes(self) -> Sequence[Wish]:
        """One of each sort in `can.writes` that this world can fulfil, after `prepare`."""
        ...


class ProviderContract:
    """Subclass it, name the class Test…, and provide the fixture `bench`."""

    def test_it_says_what_it_can(self, bench: Bench) -> None:
        """Capabilities are known without a pull, and the account names itself."""
        with connected(bench) as provider:
            can: Capabilities = provider.can
            assert isinstance(provider, Provider)
            assert can.kinds, "a provider gives some kinds"
            assert can.kinds <= set(KINDS), f"unknown to the core: {can.kinds - set(KINDS)}"
            for told in (can.owner_history, can.price_history):
                assert told in ("exact", "observed"), told
            assert can.owner_history == "observed" or Owner in can.kinds, "exact owners need a stream of them"
            assert can.price_history == "observed" or Price in can.kinds, "exact prices need a stream of them"
            assert Deadline not in can.kinds or Task in can.kinds, "deadlines are those of tasks"
            account = provider.account()
            assert account.id
            assert account.host
            assert provider.requests > 0, "requests are counted"
            link = provider.link_to("deal:1")
            assert link.startswith(("http://", "https://")), link

    def test_every_kind_can_be_pulled_and_its_records_are_sound(self, bench: Bench) -> None:
        """Ids are there and unique, instants aware UTC, amounts whole; nothing is refused in a healthy world."""
        with connected(bench) as provider:
            for kind in ordered(provider):
                pages = list(provider.pull(kind, None))
                assert pages, f"{kind.kind}: a pull ends with a page that carries the cursor"
                for page in pages:
                    check_page(kind, page)
                latest = newest(pages)
                assert all(record.id for record in latest.values()), f"{kind.kind}: a record without id"

    def test_a_pull_taken_up_at_any_page_loses_nothing(self, bench: Bench) -> None:
        """By another process, which knows the cursor and nothing else."""
        with connected(bench) as provider:
            for kind in ordered(provider):
                pages = list(provider.pull(kind, None))
                whole = newest(pages)
                for at in sample(len(pages)):
                    with connected(bench) as another:
                        rest = list(another.pull(kind, pages[at].cursor))
                    got = newest([*pages[: at + 1], *rest])
                    lost = sorted(set(whole) - set(got))
                    assert not lost, f"{kind.kind}: taken up after page {at} it lost {lost[:5]}"

    def test_a_second_pull_brings_nothing_new(self, bench: Bench) -> None:
        """Only what the overlap repeats, and that unchanged."""
        with connected(bench) as provider:
            for kind in ordered(provider):
                pages = list(provider.pull(kind, None))
                whole = newest(pages)
                again = newest(list(provider.pull(kind, pages[-1].cursor)))
                for id, record in again.items():
                    assert whole.get(id) == record, f"{kind.kind}:{id} changed in a quiet world"

    def test_a_change_comes_with_the_next_pull(self, bench: Bench) -> None:
        """Whoever has the cursor gets what was edited since."""
        with connected(bench) as provider:
            cursors = {kind: list(provider.pull(kind, None))[-1].cursor for kind in ordered(provider)}
            kind, id = bench.change()
            assert id in newest(list(provider.pull(kind, cursors[kind]))), f"{kind.kind}:{id} was edited and not pulled"

    def test_a_pull_ends_though_the_world_goes_on_changing(self, bench: Bench) -> None:
        """A change after each page: what comes too late is the next pull's, and that has it."""
        with connected(bench) as provider:
            kind, _ = bench.change()
            quiet = list(provider.pull(kind, None))
            changed = set()
            busy: list[Page] = []
            for page in provider.pull(kind, None):
                busy.append(page)
                assert len(busy) <= 2 * len(quiet) + 20, f"{kind.kind}: the pull does not end"
                changed.add(bench.change()[1])
            after = newest(list(provider.pull(kind, busy[-1].cursor)))
            lost = sorted(changed - set(newest(busy)) - set(after))
            assert not lost, f"{kind.kind}: edited meanwhile and lost: {lost[:5]}"

    def test_ids_are_complete(self, bench: Bench) -> None:
        """Every record that a pull gives is among them, once."""
        with connected(bench) as provider:
            for kind in ordered(provider):
                if not sweepable(kind):
                    continue
                listed = list(provider.ids(kind))
                assert len(listed) == len(set(listed)), f"{kind.kind}: an id is listed twice"
                pulled = set(newest(list(provider.pull(kind, None))))
                assert set(listed) == pulled, f"{kind.kind}: {sorted(set(listed) ^ pulled)[:5]} differ"

    def test_fetch_answers_once_for_each_id(self, bench: Bench) -> None:
        """The record for those that are there, as a pull gives it; Gone for those that are not."""
        with connected(bench) as provider:
            for kind in ordered(provider):
                if not sweepable(kind):
                    continue
                there = newest(list(provider.pull(kind, None)))
                missing = f"contact:{MISSING}" if kind.kind == "client" else MISSING
                asked = [*sorted(there)[:7], missing]
                answers = list(provider.fetch(kind, asked))
                assert sorted(answer.id for answer in answers) == sorted(asked), f"{kind.kind}: one answer for each id"
                for answer in answers:
                    if answer.id == missing:
                        assert isinstance(answer, Gone), f"{kind.kind}:{missing} is not there"
                    else:
                        assert answer == there[answer.id], f"{kind.kind}:{answer.id} differs from what was pulled"

    def test_a_deleted_record_is_gone(self, bench: Bench) -> None:
        """From ids, and when asked for."""
        with connected(bench) as provider:
            kind, id = bench.remove()
            assert id not in set(provider.ids(kind))
            (answer,) = provider.fetch(kind, [id])
            assert isinstance(answer, Gone)
            assert (answer.kind, answer.id) == (kind.kind, id)

    def test_a_kind_it_does_not_give_is_refused_by_name(self, bench: Bench) -> None:
        """One of our errors, which names the kind."""

        class Unheard(Record, frozen=True, kw_only=True):
            kind = "unheard"

        with connected(bench) as provider:
            absent: list[type[Record]] = [Unheard, *(kind for kind in KINDS if kind not in provider.can.kinds)]
            for kind in absent:
                try:
                    list(provider.pull(kind, None))
                except KpiError as error:
                    assert kind.kind in str(error), f"the error does not name {kind.kind}: {error}"
                else:
                    raise AssertionError(f"a pull of {kind.kind} was not refused")

    def test_preparing_twice_creates_nothing_the_second_time(self, bench: Bench) -> None:
        """Whatever is written after it, and in another process."""
        with connected(bench) as provider:
            if not provider.can.writes:
                return
            provider.prepare(bench.layout())
            before = custom_fields(provider)
            with connected(bench) as another:
                another.prepare(bench.layout())
                assert custom_fields(another) == before

    def test_a_fulfilled_wish_is_a_noop_the_second_time(self, bench: Bench) -> None:
        """Tasks aside: a second task is a second task, hence `find`."""
        with connected(bench) as provider:
            wishes = self._prepared(bench, provider)
            first = by_key(provider.apply(wishes))
            assert set(first) == {wish.key for wish in wishes}, "one outcome for each wish"
            for delivered in first.values():
                assert delivered.status == "done", delivered
            again = [told(wish, first[wish.key]) for wish in wishes if not isinstance(wish, AddTask)]
            for delivered in by_key(provider.apply(again)).values():
                assert delivered.status == "noop", delivered

    def test_a_task_is_found_by_its_marker(self, bench: Bench) -> None:
        """And only once it is there."""
        with connected(bench) as provider:
            for wish in self._prepared(bench, provider):
                if isinstance(wish, AddTask):
                    assert provider.find(wish) is None
                    (delivered,) = provider.apply([wish])
                    assert delivered.crm_id
                    with connected(bench) as another:
                        assert another.find(wish) == delivered.crm_id

    def test_one_impossible_wish_does_not_spoil_the_others(self, bench: Bench) -> None:
        """Each is judged alone."""
        with connected(bench) as provider:
            wishes = self._prepared(bench, provider)
            bad = CloseTask(key="bad", task_id=MISSING)
            outcomes = by_key(provider.apply([bad, *wishes] if "close_task" in provider.can.writes else wishes))
            if "bad" in outcomes:
                assert outcomes.pop("bad").status == "rejected"
            assert {delivered.status for delivered in outcomes.values()} <= {"done"}, outcomes

    @staticmethod
    def _prepared(bench: Bench, provider: Provider) -> Sequence[Wish]:
        if not provider.can.writes:
            return []
        provider.prepare(bench.layout())
        return bench.wishes()


@contextmanager
def connected(bench: Bench) -> Iterator[Provider]:
    """A provider that is closed at the end."""
    with closing(bench.connect()) as provider:
        yield provider


def ordered(provider: Provider) -> list[type[Record]]:
    """Its kinds, in the order of a sync."""
    return [kind for kind in KINDS if kind in provider.can.kinds]


def sweepable(kind: type[Record]) -> bool:
    """Kinds whose deletion a sweep must be able to find."""
    return kind.kind in ("deal", "lead", "client")


def newest(pages: Sequence[Page]) -> dict[str, Record]:
    """What a store would hold: of each id the last version handed out that is not older."""
    held: dict[str, Record] = {}
    for page in pages:
        for record in page.records:
            known = held.get(record.id)
            if known is None or not _older(record, known):
                held[record.id] = record
    return held


def _older(record: Record, known: Record) -> bool:
    return record.updated_at is not None and known.updated_at is not None and record.updated_at < known.updated_at


def sample(pages: int) -> list[int]:
    """Some page numbers, the first and the last among them."""
    step = max(1, pages // MOST_RESUMED)
    return sorted({*range(0, pages, step), pages - 1})


def check_page(kind: type[Record], page: Page) -> None:
    """A page by itself."""
    assert isinstance(page.cursor, str), f"{kind.kind}: no cursor"
    assert page.cursor, f"{kind.kind}: no cursor"
    check_instant(f"{kind.kind} page", page.told_at)
    assert not page.refused, f"{kind.kind}: refused {page.refused[0]}"
    for record in page.records:
        assert type(record) is kind, f"a {type(record).kind} in the stream of {kind.kind}"
        check_record(record)


def check_record(record: Record) -> None:
    """Instants are aware UTC, amounts and seconds are whole numbers, ids are text."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        where = f"{record.ref}.{name}"
        if isinstance(value, datetime):
            check_instant(where, value)
        counted = name in ("amount", "before", "seconds") and not isinstance(value, str | datetime)
        if counted and value is not None:
            assert type(value) is int, f"{where} is {value!r}, not a whole number"
        if name == "id" or name.endswith("_id"):
            assert value is None or (isinstance(value, str) and value), f"{where} is {value!r}, not an id"


def check_instant(where: str, at: datetime) -> None:
    """Aware and UTC."""
    assert at.utcoffset() == timedelta(0), f"{where} is {at!r}, not aware UTC"


def custom_fields(provider: Provider) -> list[tuple[str, str]]:
    """The deals' custom fields as they stand."""
    return sorted((field.id, field.name) for field in provider.fields())


def by_key(outcomes: Iterator[Delivered]) -> dict[str, Delivered]:
    """Each outcome once."""
    found: dict[str, Delivered] = {}
    for delivered in outcomes:
        assert delivered.key not in found, f"two outcomes for {delivered.key}"
        found[delivered.key] = delivered
    return found


def told(wish: Wish, delivered: Delivered) -> Wish:
    """The same wish of a later run, which knows from the ledger what was written and where."""
    from msgspec.structs import replace

    changes: dict[str, object] = {}
    if hasattr(wish, "last"):
        changes["last"] = delivered.after
    if hasattr(wish, "crm_id"):
        changes["crm_id"] = delivered.crm_id
    return replace(wish, **changes)
