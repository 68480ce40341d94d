"""Both CRMs as they are: subscribing, being given up, and a queue that loses nothing to a crash."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from connector.errors import Broken, Refused
from connector.jobs.clock import listen, schedule
from connector.pipeline.bench import Workbench
from connector.provider import KeepsQueue, TakesHooks
from connector.records import Deal
from connector.store.engine import Store
from connector.store.told import inbox
from providers.amocrm.sandbox import Sandbox as Amo
from providers.bitrix24 import connect
from providers.bitrix24.provider import Bitrix24
from providers.bitrix24.sandbox import Sandbox as Portal
from tests.amocrm.kits import provider
from tests.amocrm.small import small
from tests.bitrix24.conftest import MemoryVault, kit_for
from tests.bitrix24.tiny import tiny
from tests.hooks.shop import KEY, crm, opened

ADDRESS = "https://kpi.example.ru/hooks/acme/s3cret"


def test_amocrm_is_subscribed_once_watched_and_let_go() -> None:
    with Amo(small(), paced=False) as box:
        amo = provider(box.options)
        assert isinstance(amo, TakesHooks) and amo.subscribed(ADDRESS) == "off"
        amo.subscribe(ADDRESS)
        amo.subscribe(ADDRESS)
        [hook] = box.world.webhooks.values()
        assert {"status_lead", "delete_lead", "note_contact", "update_task"} <= set(hook["settings"])
        assert amo.subscribed(ADDRESS) == "on"
        hook["disabled"] = True
        assert amo.subscribed(ADDRESS) == "disabled"
        amo.unsubscribe(ADDRESS)
        amo.unsubscribe(ADDRESS)
        assert not box.world.webhooks


@pytest.fixture
def box() -> Iterator[Portal]:
    with Portal(tiny(), paced=False) as made:
        yield made


def application(box: Portal) -> Bitrix24:
    made = connect(kit_for(box.oauth_options(), vault=MemoryVault()))
    assert made.authority is not None and isinstance(made, KeepsQueue)
    made.authority.accept(box.oauth.code(box.portal.integration))
    return made


def test_bitrix24_binds_every_event_once(box: Portal) -> None:
    portal = application(box)
    assert portal.subscribed(ADDRESS) == "off"
    portal.subscribe(ADDRESS)
    asked = box.requests
    portal.subscribe(ADDRESS)
    assert (box.requests - asked, portal.subscribed(ADDRESS)) == (1, "on")
    portal.unsubscribe(ADDRESS)
    assert not box.desk.events.bound


def test_an_incoming_webhook_cannot_bind_and_says_what_can(box: Portal) -> None:
    portal = connect(kit_for(box.options))
    with pytest.raises(Refused, match="outgoing webhook"):
        portal.subscribe(ADDRESS)
    assert list(portal.queued()) == []


def test_what_a_dead_process_took_from_the_queue_is_given_again(box: Portal) -> None:
    portal = application(box)
    portal.subscribe(ADDRESS)
    for id_ in ("1", "1", "2"):
        box.desk.events.happened("ONCRMDEALUPDATE", id_)
    [(_, hints)] = itertools.islice(portal.queued(), 1)
    assert hints.ids == {Deal: frozenset({"1", "2"})}, "one row an object, and nothing settled yet: killed here"
    box.desk.events.happened("ONCRMDEALADD", "3")
    again = application(box)
    found = []
    for parcel, hints in again.queued():
        found.append(hints.ids[Deal])
        again.settle(parcel)
    assert found == [frozenset({"1", "2"}), frozenset({"3"})]
    assert not box.desk.events.queue


def test_what_was_taken_from_the_queue_and_not_settled_is_given_again_to_the_same_process(box: Portal) -> None:
    """The CRM was away while its cards were looked at: its queue hands the same rows to nobody a second time."""
    portal = application(box)
    portal.subscribe(ADDRESS)
    box.desk.events.happened("ONCRMDEALUPDATE", "1")
    [(parcel, hints)] = portal.queued()
    assert list(portal.queued()) == [(parcel, hints)]
    portal.settle(parcel)
    asked = box.requests
    assert list(portal.queued()) == []
    assert box.requests - asked == 1, "nothing is open: there is no looking back"


def test_a_hook_that_fails_leaves_the_account_to_its_cycles(sqlite_store: Store) -> None:
    """Two seconds of a broken CRM: one turn of the hooks, not one after another."""
    bench, asked = opened(sqlite_store), list[str]()
    now = bench.clock()
    bench.clock = lambda: now  # its own clock goes a second further at every look

    def fetch(kind: object, ids: Sequence[str]) -> Iterator[Any]:
        asked.extend(ids)
        raise Broken("answered 500")
        yield

    crm(bench).fetch = fetch  # type: ignore[method-assign]
    stopping = threading.Event()
    scheduler = schedule([bench], stopping.is_set)
    scheduler.remove_all_jobs()
    scheduler.start()
    listener = threading.Thread(target=listen, args=([bench], scheduler, stopping), daemon=True)
    listener.start()
    with bench.store.write() as conn:
        inbox.keep(conn, KEY, [inbox.Letter(bench.account, 1, b"account=1&deals=1")])
    stopping.wait(2)
    stopping.set()
    listener.join(5)
    scheduler.shutdown(wait=True)
    assert (asked, _waiting(bench)) == (["1"], 1)


def test_the_daemon_takes_a_hook_within_two_seconds(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    crm(bench).world.edit(Deal, "1", amount=2500_00)
    stopping, taken = threading.Event(), threading.Event()
    scheduler = schedule([bench], stopping.is_set)
    scheduler.remove_all_jobs()
    scheduler.start()
    listener = threading.Thread(target=listen, args=([bench], scheduler, stopping), daemon=True)
    listener.start()
    with bench.store.write() as conn:
        inbox.keep(conn, KEY, [inbox.Letter(bench.account, 1, b"account=1&deals=1")])
    for _ in range(20):
        if _waiting(bench) == 0:
            taken.set()
            break
        stopping.wait(0.1)
    stopping.set()
    listener.join(5)
    scheduler.shutdown(wait=True)
    assert taken.is_set() and crm(bench).looks == ["1"]


def _waiting(bench: Workbench) -> int:
    with bench.store.read() as conn:
        return inbox.count(conn, bench.account)
