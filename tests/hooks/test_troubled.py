"""One hook in trouble is the trouble of that hook: others are taken, the account is read, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from connector.errors import Broken, Busy, KpiError, Limited, Reauthorise, StoreTrouble, Unfit, Unreachable, WrongKey
from connector.pipeline.bench import Workbench
from connector.pipeline.hooks import take_hooks
from connector.pipeline.reading import sync_and_derive
from connector.provider import Hints
from connector.records import Deal, Gone, Record, Refusal
from connector.store import notices
from connector.store.crm import records, refusals
from connector.store.engine import Store
from connector.store.secret import key_mark
from connector.store.secret.sealing import unseal
from connector.store.told import hooks, inbox
from connector.sync import hinted
from connector.sync.confirmed import Keeper
from tests.hooks.shop import KEY, crm, opened


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


def come(bench: Workbench, *bodies: str) -> None:
    with bench.store.write() as conn:
        inbox.keep(conn, KEY, [inbox.Letter(bench.account, n, body.encode()) for n, body in enumerate(bodies)])


def waiting(bench: Workbench) -> list[str]:
    with bench.store.read() as conn:
        return [one.body.decode() for one in inbox.waiting(conn, KEY, bench.account, 99)]


def known(bench: Workbench, deal: str) -> int | None:
    with bench.store.read() as conn:
        return records.get(conn, bench.account, Deal, [deal])[deal].amount


def told(bench: Workbench) -> dict[str, str]:
    with bench.store.read() as conn:
        return {one.subject: one.text for one in notices.all(conn, bench.account) if one.code == "hooks"}


def refused(bench: Workbench) -> dict[str, str]:
    with bench.store.read() as conn:
        return {one.id: one.reason for one in refusals.all(conn, bench.account)}


def switched_on(bench: Workbench) -> None:
    with bench.store.write() as conn:
        hooks.note(conn, bench.account, state="on", checked_at=bench.now())


def paid(bench: Workbench, *deals: str) -> None:
    for deal in deals:
        crm(bench).world.edit(Deal, deal, amount=2500_00)


def troubled(bench: Workbench, trouble: Callable[[str], Exception | None]) -> list[list[str]]:
    """A CRM that shows cards one after another; returns which were asked for together."""
    asked: list[list[str]] = []
    real = crm(bench).fetch

    def fetch(kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone]:
        asked.append(list(ids))
        for id in ids:
            if (error := trouble(id)) is not None:
                raise error
            yield from real(kind, [id])

    crm(bench).fetch = fetch  # type: ignore[method-assign]
    return asked


def taken(bench: Workbench) -> KpiError | None:
    try:
        take_hooks(bench)
    except KpiError as error:
        return error
    return None


def test_a_hook_that_nobody_thought_of_is_refused_and_told(store: Store) -> None:
    bench = opened(store)
    real = crm(bench).hints

    def hints(fields: Any, known: str | None) -> Hints:
        if "odd" in fields:
            raise TypeError("comparing strings with non-ASCII characters is not supported")
        return real(fields, known)

    crm(bench).hints = hints  # type: ignore[method-assign]
    paid(bench, "1")
    come(bench, "account=1&odd=1&deals=2", "account=1&deals=1")
    heard = take_hooks(bench)
    assert heard.drained.refused == {"it could not be understood": 1}
    assert (waiting(bench), known(bench, "1")) == ([], 2500_00)
    assert "a fault of this program (TypeError)" in told(bench)["unexpected: TypeError"]
    come(bench, "account=1&odd=1")
    sync_and_derive(bench)
    assert waiting(bench) == []


def damage(bench: Workbench, body: str) -> None:
    """One byte of the letter that holds this is another one in the table, as on a disk that rots."""
    with bench.store.write() as conn:
        rows = conn.execute(sa.select(inbox.INBOX.c.id, inbox.INBOX.c.sealed)).all()
        [(id, sealed)] = [(id, sealed) for id, sealed in rows if unseal(KEY, sealed, where="here") == body.encode()]
        rotten = sealed[:60] + ("A" if sealed[60] != "A" else "B") + sealed[61:]
        conn.execute(inbox.INBOX.update().where(inbox.INBOX.c.id == id).values(sealed=rotten))


def test_a_letter_that_cannot_be_opened_is_set_aside_and_told(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    bench = opened(store)
    paid(bench, "1", "3")
    come(bench, "account=1&deals=1", "account=1&deals=2", "account=1&deals=3")
    damage(bench, "account=1&deals=2")
    heard = take_hooks(bench)
    assert (heard.drained.hooks, heard.drained.refused) == (3, {inbox.DAMAGED: 1})
    assert (waiting(bench), known(bench, "1"), known(bench, "3")) == ([], 2500_00, 2500_00)
    assert told(bench)[f"refused: {inbox.DAMAGED}"] == f"1 hooks refused: {inbox.DAMAGED}"
    assert f"1 hooks refused: {inbox.DAMAGED}" in caplog.text  # whoever set it aside says so
    assert heard.drained.last_at == 2


def test_letters_of_another_key_wait_for_it(store: Store) -> None:
    """A key that is not the database's opens none: that is no damage, and nothing is thrown away."""
    bench = opened(store)
    with store.write() as conn:
        key_mark.hold(conn, KEY, where=store.where, now=bench.now())
    come(bench, "account=1&deals=1", "account=1&deals=2")
    bench.key = Fernet.generate_key()
    with pytest.raises(WrongKey):
        take_hooks(bench)
    bench.key = KEY
    assert waiting(bench) == ["account=1&deals=1", "account=1&deals=2"]


@pytest.mark.parametrize("fault", [KeyError("pipeline_id"), RecursionError("too deep"), ValueError("no number")])
def test_a_record_that_cannot_be_read_spoils_no_other(
    store: Store, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    bench = opened(store)
    troubled(bench, lambda id: fault if id == "2" else None)
    paid(bench, "1", "3")
    come(bench, "account=1&deals=1", "account=1&deals=2", "account=1&deals=3")
    heard = take_hooks(bench)
    assert (waiting(bench), known(bench, "1"), known(bench, "3")) == ([], 2500_00, 2500_00)
    assert heard.drained.problems == [f"deal: {fault}"]
    assert refused(bench) == {"2": str(fault)}
    surprise = not isinstance(fault, ValueError)
    assert bool(told(bench)) == surprise == ("deal 2: unexpected" in caplog.text)
    sync_and_derive(bench)


def test_what_is_named_as_unreadable_is_not_asked_for_again(bench: Workbench) -> None:
    """The others are answered before it is raised."""
    asked: list[list[str]] = []
    real = crm(bench).fetch

    def fetch(kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone]:
        asked.append(list(ids))
        yield from real(kind, [id for id in ids if id != "2"])
        raise Unfit("cannot be read: deal 2", items={"2": "no pipeline"})

    crm(bench).fetch = fetch  # type: ignore[method-assign]
    paid(bench, "1", "3")
    come(bench, "account=1&deals=1,2,3")
    heard = take_hooks(bench)
    assert (heard.drained.problems, heard.drained.news, asked) == (["deal: no pipeline"], 2, [["1", "2", "3"]])
    assert (waiting(bench), refused(bench)) == ([], {"2": "no pipeline"})


def test_what_a_reading_kept_raw_stays_raw(bench: Workbench) -> None:
    with bench.store.write() as conn:
        row = Refusal(kind="deal", id="2", reason="no pipeline", raw='{"id":2}')
        refusals.keep(conn, bench.account, [row], now=bench.now())
    fault = [ValueError("no number")]
    troubled(bench, lambda id: fault[0] if fault and id == "2" else None)
    come(bench, "account=1&deals=2")
    take_hooks(bench)
    assert refused(bench) == {"2": "no pipeline"}
    fault.clear()
    come(bench, "account=1&deals=2")
    take_hooks(bench)
    assert refused(bench) == {}, "it was read after all"


def test_a_record_that_does_not_go_in_spoils_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, real = opened(store), Keeper.keep

    def keep(keeper: Keeper, kind: type[Record], answers: Sequence[Record | Gone]) -> Any:
        if any(answer.id == "2" for answer in answers):
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return real(keeper, kind, answers)

    monkeypatch.setattr(Keeper, "keep", keep)
    paid(bench, "1", "3")
    come(bench, "account=1&deals=1,2,3")
    take_hooks(bench)
    assert (waiting(bench), known(bench, "1"), known(bench, "3")) == ([], 2500_00, 2500_00)
    assert list(told(bench)) == ["unexpected: OverflowError"]


def test_one_broken_card_keeps_back_its_own_hook_only(store: Store) -> None:
    bench = opened(store)
    asked = troubled(bench, lambda id: Broken("answered 500") if id == "2" else None)
    crm(bench).parcels = {"p1": Hints({Deal: frozenset({"4"})}), "p2": Hints({Deal: frozenset({"2"})})}
    paid(bench, "1", "2", "3", "4")
    come(bench, "account=1&deals=2&n=1", "account=1&deals=1,3", "account=1&deals=2&n=2")
    error = taken(bench)
    assert isinstance(error, Broken), "whoever took them is told that some wait"
    assert waiting(bench) == ["account=1&deals=2&n=1", "account=1&deals=2&n=2"]
    assert [known(bench, deal) for deal in "123"] == [2500_00, 1000_00, 2500_00]
    assert len(asked) == 4, "all together, then what was not answered one by one, then nothing more"
    sync_and_derive(bench)
    assert known(bench, "2") == 2500_00, "polling goes on, and finds what the hook told of"


def test_parcels_of_broken_cards_stay_in_the_crm(bench: Workbench) -> None:
    troubled(bench, lambda id: Broken("answered 500") if id == "2" else None)
    crm(bench).parcels = {name: Hints({Deal: frozenset({name})}) for name in "124"}
    switched_on(bench)
    sync_and_derive(bench)
    assert list(crm(bench).parcels) == ["2"]


def test_a_crm_that_is_broken_as_a_whole_is_left_alone_soon(bench: Workbench) -> None:
    asked = troubled(bench, lambda id: Broken("answered 500"))
    bodies = [f"account=1&deals={n}" for n in range(1, 31)]
    come(bench, *bodies)
    assert isinstance(taken(bench), Broken)
    assert len(asked) == 1 + hinted.BROKEN
    assert sorted(waiting(bench)) == sorted(bodies), "none is lost"


def test_broken_cards_do_not_keep_the_others_waiting_for_ever(bench: Workbench) -> None:
    """After three of them the CRM is left alone; the next time those behind them come first."""
    broken = ("91", "92", "93", "94")
    troubled(bench, lambda id: Broken("answered 500") if id in broken else None)
    paid(bench, "1")
    come(bench, *(f"account=1&deals={id}" for id in (*broken, "1")))
    assert isinstance(taken(bench), Broken)
    assert known(bench, "1") == 1000_00
    assert isinstance(taken(bench), Broken)
    assert known(bench, "1") == 2500_00
    assert sorted(waiting(bench)) == [f"account=1&deals={id}" for id in broken]


@pytest.mark.parametrize("trouble", [Unreachable("no answer"), Limited("too many")])
def test_no_answer_and_a_limit_ask_nothing_more(bench: Workbench, trouble: Exception) -> None:
    asked = troubled(bench, lambda id: trouble if id == "2" else None)
    paid(bench, "1")
    come(bench, "account=1&deals=1", "account=1&deals=2", "account=1&deals=3")
    assert taken(bench) is trouble
    assert (len(asked), known(bench, "1")) == (1, 2500_00), "what was told before is kept"
    assert waiting(bench) == ["account=1&deals=2", "account=1&deals=3"]


@pytest.mark.parametrize("error", [Busy("the lease is lost"), StoreTrouble("full"), Reauthorise("dead")])
def test_what_concerns_the_whole_account_goes_up(bench: Workbench, error: KpiError) -> None:
    asked = troubled(bench, lambda id: error)
    come(bench, "account=1&deals=1,2")
    assert taken(bench) is error
    with pytest.raises(type(error)):
        sync_and_derive(bench)
    assert (len(asked), len(waiting(bench))) == (2, 1)


def test_a_queue_that_nobody_thought_of_stops_no_reading(bench: Workbench) -> None:
    switched_on(bench)

    def queued() -> Iterator[tuple[str, Hints]]:
        raise TypeError("unhashable type: 'dict'")
        yield

    crm(bench).queued = queued  # type: ignore[method-assign]
    paid(bench, "1")
    sync_and_derive(bench)
    assert (known(bench, "1"), list(told(bench))) == (2500_00, ["unexpected: TypeError"])
