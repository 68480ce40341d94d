"""From the door to numbers: nothing lost, nothing believed, nothing done twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from connector.errors import StoreTrouble, Unreachable
from connector.pipeline.bench import Workbench
from connector.pipeline.hearing import hook_address, watch
from connector.pipeline.hooks import rotate, standing_of, switch_off, switch_on, take_hooks
from connector.pipeline.measuring import report_of
from connector.pipeline.reading import sync_and_derive
from connector.provider import Hints
from connector.records import Deal
from connector.store import notices, runs
from connector.store.engine import Store, open_store
from connector.store.told import hooks, inbox
from connector.web import hooks_in
from connector.web.app import build
from tests.hooks.shop import KEY, Calling, crm, opened
from tests.pipeline.shop import SEPTEMBER


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


@pytest.fixture
def client(bench: Workbench) -> Iterator[TestClient]:
    with TestClient(build([bench])) as made:
        yield made


def path(bench: Workbench) -> str:
    address = hook_address(bench)
    assert address is not None
    return urlsplit(address).path


def post(client: TestClient, bench: Workbench, body: str | bytes = "account=1&deals=1", **more: Any) -> int:
    data = body if isinstance(body, bytes) else body.encode()
    return client.post(more.get("to") or path(bench), content=data).status_code


def waiting(bench: Workbench) -> int:
    with bench.store.read() as conn:
        return inbox.count(conn, bench.account)


def pay(bench: Workbench, amount: int, deal: str = "1") -> None:
    world = crm(bench).world
    world.edit(Deal, deal, amount=amount)


def revenue(bench: Workbench) -> Any:
    results = report_of(bench, SEPTEMBER).results
    return next(one.value for one in results if (one.kpi, one.subject) == ("revenue", "user:501"))


def test_a_hook_becomes_a_number_on_both_databases(store: Store) -> None:
    bench = opened(store)
    with TestClient(build([bench])) as client:
        becomes_a_number(client, bench)


def becomes_a_number(client: TestClient, bench: Workbench) -> None:
    assert revenue(bench) == Decimal(4000)
    pay(bench, 2500_00)
    assert post(client, bench) == 200
    assert revenue(bench) == Decimal(4000), "nothing is looked at before the hook is taken"
    heard = take_hooks(bench)
    assert (heard.drained.hooks, heard.drained.news, waiting(bench)) == (1, 1, 0)
    assert revenue(bench) == Decimal(5500)
    with bench.store.read() as conn:
        assert (latest := runs.latest(conn, bench.account)) is not None and latest.what == "hooks"


def test_what_a_hook_says_is_never_believed(client: TestClient, bench: Workbench) -> None:
    assert post(client, bench, "account=1&deals=1,2,3,4,99&leads[delete][0][id]=1&price=1") == 200
    heard = take_hooks(bench)
    assert (heard.drained.news, heard.synced, heard.pushed) == (0, None, None)
    assert revenue(bench) == Decimal(4000)


def test_a_deletion_counts_only_as_the_crm_confirms_it(client: TestClient, bench: Workbench) -> None:
    crm(bench).world.delete(Deal, "1")
    post(client, bench)
    assert take_hooks(bench).drained.gone == 1
    assert revenue(bench) == Decimal(3000)


def test_ten_thousand_hooks_of_one_deal_are_one_look(client: TestClient, bench: Workbench) -> None:
    letters = [inbox.Letter(bench.account, 1, f"account=1&deals=1&n={n}".encode()) for n in range(400)]
    with bench.store.write() as conn:
        inbox.keep(conn, KEY, letters)
    assert (take_hooks(bench).drained.hooks, crm(bench).looks) == (400, ["1"])


def test_who_is_told_to_stop_leaves_hooks_waiting(client: TestClient, bench: Workbench) -> None:
    post(client, bench)
    take_hooks(bench, stop=lambda: True)
    assert (waiting(bench), crm(bench).looks) == (1, [])
    take_hooks(bench)
    assert (waiting(bench), crm(bench).looks) == (0, ["1"])


def test_the_same_hook_again_while_it_waits_is_one(client: TestClient, bench: Workbench) -> None:
    assert [post(client, bench) for _ in range(5)] == [200] * 5
    assert waiting(bench) == 1
    take_hooks(bench)
    assert post(client, bench) == 200 and waiting(bench) == 1, "once taken, the same again is another one"


@pytest.mark.parametrize("to", ["/hooks/acme/wrong", "/hooks/acme/", "/hooks/nobody/{}", "/hooks/acme/{}x"])
def test_who_does_not_know_the_address_finds_nothing(client: TestClient, bench: Workbench, to: str) -> None:
    secret = path(bench).rsplit("/", 1)[1]
    assert post(client, bench, to=to.format(secret)) in (404, 405)
    assert waiting(bench) == 0


def test_the_secret_of_one_account_opens_no_other(sqlite_store: Store) -> None:
    one, other = opened(sqlite_store), opened(sqlite_store, "other")
    with TestClient(build([one, other])) as client:
        assert post(client, one, to=f"/hooks/other/{path(one).rsplit('/', 1)[1]}") == 404
        assert post(client, other) == 200
    assert (waiting(one), waiting(other)) == (0, 1)


def test_a_hook_of_another_account_is_refused_without_a_look(client: TestClient, bench: Workbench) -> None:
    post(client, bench, "account=2&deals=1,2,3")
    heard = take_hooks(bench)
    assert (heard.drained.refused, crm(bench).looks) == ({"it names another account": 1}, [])
    with bench.store.read() as conn:
        assert any(one.code == "hooks" for one in notices.all(conn, bench.account))


def test_bombs_are_refused_and_the_next_hook_is_taken(client: TestClient, bench: Workbench) -> None:
    pay(bench, 2500_00)
    assert post(client, bench, b"a" + b"[x]" * 10_000 + b"=1") == 200, "taken unread, like any other"
    assert post(client, bench, b"&" * 200_000) == 200
    assert post(client, bench, b"x" * (hooks_in.MAX_BYTES + 1)) == 413
    post(client, bench)
    heard = take_hooks(bench)
    assert (sum(heard.drained.refused.values()), heard.drained.news, waiting(bench)) == (2, 1, 0)


def test_a_crm_that_cannot_be_reached_costs_no_hook(client: TestClient, bench: Workbench) -> None:
    pay(bench, 2500_00)
    post(client, bench)
    crm(bench).fail_at(1, Unreachable("no answer"))
    with pytest.raises(Unreachable):
        take_hooks(bench)
    assert waiting(bench) == 1
    assert take_hooks(bench).drained.news == 1
    assert revenue(bench) == Decimal(5500)


def test_a_store_that_is_in_trouble_asks_the_crm_to_come_again(
    client: TestClient, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreTrouble("the disk is full")

    monkeypatch.setattr(inbox, "keep", full)
    assert post(client, bench) == 503
    monkeypatch.undo()
    assert post(client, bench) == 200


def test_an_account_with_a_full_inbox_hinders_no_other(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = opened(sqlite_store), opened(sqlite_store, "other")
    monkeypatch.setattr(inbox, "MOST", 1)
    with TestClient(build([one, other])) as client:
        assert [post(client, one, f"account=1&n={n}") for n in range(2)] == [200, 503]
        assert post(client, other) == 200


def test_hooks_lie_sealed(client: TestClient, bench: Workbench) -> None:
    post(client, bench, "account=1&deals=1&contacts[add][0][name]=Mustermann&auth[access_token]=t0ken")
    with bench.store.read() as conn:
        [row] = conn.execute(sa.text("select sealed, digest from inbox")).all()
    assert "Mustermann" not in row.sealed and "t0ken" not in row.sealed
    with bench.store.read() as conn:
        assert b"Mustermann" in inbox.waiting(conn, KEY, bench.account, 1)[0].body


def test_a_sync_takes_hooks_first(client: TestClient, bench: Workbench) -> None:
    crm(bench).world.delete(Deal, "1")
    post(client, bench)
    sync_and_derive(bench)
    assert (waiting(bench), crm(bench).looks) == (0, ["1"])
    assert revenue(bench) == Decimal(3000), "a deletion that no list would have told"


def test_a_hook_survives_the_end_of_its_process(client: TestClient, bench: Workbench) -> None:
    """200 was said: another process, on the same database, knows the hook."""
    post(client, bench)
    again = open_store(bench.store.url)
    with again.read() as conn:
        assert [one.body for one in inbox.waiting(conn, KEY, bench.account, 9)] == [b"account=1&deals=1"]
    again.dispose()


def test_a_crash_while_hooks_are_taken_loses_none(client: TestClient, bench: Workbench) -> None:
    """Every write on the way fails once: the hook waits until all of it is done."""
    pay(bench, 2500_00)
    post(client, bench)
    real, made, n = bench.store.write, 0, 0

    class Killed(BaseException):
        pass

    def dying() -> Any:
        nonlocal made
        made += 1
        if made == n:
            raise Killed
        return real()

    for n in range(1, 40):
        made = 0
        object.__setattr__(bench.store, "write", dying)
        try:
            take_hooks(bench)
            break
        except Killed:
            object.__setattr__(bench.store, "write", real)
            with bench.store.read() as conn:
                looked = inbox.count(conn, bench.account) == 1
            known = {one.id: one for one in _deals(bench)}
            assert looked or known["1"].amount == 2500_00, f"lost at the {n}th write"
        finally:
            object.__setattr__(bench.store, "write", real)
    sync_and_derive(bench)
    assert n > 3 and revenue(bench) == Decimal(5500)


def _deals(bench: Workbench) -> list[Deal]:
    from connector.store.asked import inspection

    with bench.store.read() as conn:
        return list(inspection.live(conn, bench.account, Deal))


def test_parcels_of_the_crms_queue_are_settled_once_stored(bench: Workbench) -> None:
    switch_on(bench)
    pay(bench, 2500_00)
    crm(bench).parcels = {"p1": Hints({Deal: frozenset({"1"})})}
    crm(bench).fail_at(2, Unreachable("no answer"))
    sync_and_derive(bench)
    assert crm(bench).parcels, "what could not be looked at stays in the CRM"
    sync_and_derive(bench)
    assert (crm(bench).parcels, revenue(bench)) == ({}, Decimal(5500))


def test_on_off_and_another_address(client: TestClient, bench: Workbench) -> None:
    first = path(bench)
    assert switch_on(bench).row.state == "on"
    assert crm(bench).subscriptions == [hook_address(bench)]
    rotate(bench)
    assert path(bench) != first and len(crm(bench).subscriptions) == 2
    assert (post(client, bench, to=first), post(client, bench)) == (404, 200)
    switch_off(bench)
    assert (crm(bench).state, standing_of(bench).row.state) == ("off", "off")


def test_a_subscription_that_vanished_is_made_again_and_one_given_up_is_told(bench: Workbench) -> None:
    switch_on(bench)
    crm(bench).state = "off"
    _forget_the_look(bench)
    sync_and_derive(bench)
    assert crm(bench).state == "on"
    crm(bench).state = "disabled"
    _forget_the_look(bench)
    sync_and_derive(bench)
    with bench.store.read() as conn:
        assert [one.subject for one in notices.all(conn, bench.account) if one.code == "hooks"] == ["disabled"]


def test_hooks_that_do_not_arrive_are_noticed(bench: Workbench, client: TestClient) -> None:
    switch_on(bench)
    watch(bench, 15)
    assert standing_of(bench).row.missed == 15
    pay(bench, 2500_00)
    watch(bench, 10)
    with bench.store.read() as conn:
        assert [one.subject for one in notices.all(conn, bench.account) if one.code == "hooks"] == ["silent"]
    post(client, bench)
    take_hooks(bench)
    sync_and_derive(bench)
    assert standing_of(bench).row.missed == 0


def _forget_the_look(bench: Workbench) -> None:
    with bench.store.write() as conn:
        hooks.note(conn, bench.account, checked_at=0)


def test_a_provider_without_hooks_refuses_them(bench: Workbench, client: TestClient) -> None:
    post(client, bench)
    hints, Calling.hints = Calling.hints, None  # type: ignore[assignment, method-assign]
    try:
        del Calling.hints
        assert take_hooks(bench).drained.refused == {"this CRM sends no hooks": 1}
    finally:
        Calling.hints = hints  # type: ignore[method-assign]
