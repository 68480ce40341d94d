"""B. Answers that are whole and mean something else than one hopes."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from connector.errors import Brake, NeedsPerson, Reauthorise, Unpaid
from connector.jobs.turns import PATIENCE, Turns
from connector.pipeline.cycling import cycle
from connector.pipeline.reading import sweep_and_derive
from connector.pipeline.standing import standing
from connector.pretend.happenings import Deleted, Moved, Priced, Restored
from connector.records import Deal
from connector.store.accounts import ACCOUNT
from connector.store.crm import records
from providers.bitrix24.sandbox.faults import Only
from tests.faults import invariants
from tests.faults.company import ANNA, BORIS, FIRST
from tests.faults.conftest import Open
from tests.faults.rig import Rig

LATER = timedelta(minutes=7)


def live(rig: Rig) -> set[str]:
    with rig.bench.store.read() as conn:
        return records.live_ids(conn, rig.bench.account, Deal)


def go_on(rig: Rig, *happened: Any) -> None:
    """The world moves on by itself: the golden numbers are of another one."""
    rig.golden = None
    rig.box.advance(rig.box.now + LATER)
    rig.box.happen(*happened)


@pytest.mark.parametrize("stamp", [4_070_908_800, 0], ids=["2099", "1970"])
def test_b05_a_moment_that_cannot_be(rig: Rig, stamp: int) -> None:
    """Stored; what is dated into the future does not carry the cursor away with it."""
    rig.golden = None
    odd = FIRST + 30
    if rig.crm == "amocrm":
        rig.box.world.leads.get(odd).updated_at = stamp
        rig.box.world.touch("leads", rig.box.world.leads.get(odd), stamp, ANNA)
    else:
        from datetime import UTC, datetime

        item = rig.box.portal.items[2].get(odd)
        rig.box.portal.touch(item, ANNA, datetime.fromtimestamp(stamp, UTC))
    rig.well()
    assert invariants.cursors_ahead(rig) == []
    go_on(rig, Priced(rig.box.now + LATER, FIRST + 32, 77_000_00, ANNA))
    rig.settle()


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param(-3, id="3 h behind"),
        pytest.param(1 / 6, id="10 min ahead"),
        pytest.param(30, id="30 h ahead", marks=pytest.mark.slow_fault),
    ],
)
def test_b06_our_clock_is_not_the_crms(rig: Rig, hours: float) -> None:
    """Cursors are made of the CRM's moments alone: nothing is skipped, nothing read for ever."""
    skew = timedelta(hours=hours)
    rig.desk.clock = rig.bench.clock = lambda: rig.box.now + skew
    for http in rig.https():
        http.clock = rig.bench.clock
    rig.well()
    assert abs(rig.bench.offset + skew.total_seconds()) < 5
    assert invariants.cursors_ahead(rig) == []
    go_on(rig, Moved(rig.box.now + LATER, FIRST + 26, "won", ANNA))
    rig.settle()


def test_b08_deleted_brought_back_and_gone_without_a_word(rig: Rig) -> None:
    rig.well()
    go_on(rig, Deleted(rig.box.now + LATER, FIRST + 26, ANNA))
    rig.quiet()
    assert str(FIRST + 26) not in live(rig)
    go_on(rig, Restored(rig.box.now + LATER, FIRST + 26, ANNA))
    rig.quiet()
    assert str(FIRST + 26) in live(rig)
    if rig.crm == "amocrm":
        rig.box.happen(Deleted(rig.box.now, FIRST + 29, BORIS))
        rig.box.purge(FIRST + 29)
    else:
        rig.box.portal.remove(2, FIRST + 29)
    go_on(rig)
    rig.well(sweep_and_derive)
    assert str(FIRST + 29) not in live(rig)
    rig.settle()


def test_b09_five_of_all(rig: Rig) -> None:
    """A list that shows five deals deletes none. amoCRM's is believed to be over: the sweep asks a person.

    Bitrix24's is asked beyond the last id again and again, five at a time, so that nothing is missing after all.
    """
    rig.quiet()
    rig.wrong(amocrm=lambda f: f.only(5, r"/leads$"), bitrix24=lambda f: f.add(Only(5), "crm.item.list", times=None))
    before = live(rig)
    assert len(before) > 40
    ended = rig.run(sweep_and_derive)
    if rig.crm == "amocrm":
        assert isinstance(ended.error, Brake), ended
        assert "kpi sweep --yes" in str(ended.error)
    assert live(rig) == before
    rig.well()
    assert live(rig) == before
    rig.settle()


@pytest.mark.only_on("amocrm")
def test_b10_merged(rig: Rig) -> None:
    """The swallowed deal goes with the next sweep: the event names the one that stays. Bitrix24 tells nothing: B08."""
    rig.well()
    go_on(rig)
    rig.box.merge(FIRST + 20, FIRST + 26)
    rig.quiet()
    assert str(FIRST + 26) in live(rig), "the one that stays is not taken for the one that went"
    rig.well(sweep_and_derive)
    assert str(FIRST + 20) not in live(rig)
    rig.settle()


def test_b17_the_subscription_is_over(rig: Rig) -> None:
    """The account rests and says until when, its numbers stay and say how old they are; it resumes by itself."""
    if rig.crm == "amocrm":
        rig.box.faults.unpaid(writes_only=False)
        for rule in rig.box.faults.rules:
            rule.match["times"] = None
    else:
        rig.box.switches.commercial = False
    turns = Turns(rig.bench, lambda: False)
    before, asked = invariants.stored(rig.bench), rig.box.requests
    for _ in range(10):
        turns.cycle()
    assert rig.box.requests - asked <= 2, "no storm"
    assert turns.rest_until == rig.box.now + PATIENCE
    assert isinstance(rig.run().error, Unpaid)
    assert invariants.stored(rig.bench) == before
    told = standing(rig.bench)
    assert all(at is None or at < rig.box.now.timestamp() * 1000 for at in told.numbers.values()), "as of when"
    rig.box.faults.clear()
    if rig.crm == "bitrix24":
        rig.box.switches.commercial = True
    rig.box.advance(rig.box.now + PATIENCE)
    turns.cycle()
    assert turns.rest_until is None
    rig.golden = None
    rig.settle()


def test_b19_revoked_in_the_middle(rig: Rig) -> None:
    """A person is asked for, once; what was read stays, nothing is deleted."""
    before = live(rig)
    if rig.crm == "amocrm":
        grants = copy.deepcopy(rig.box.tokens._access)
        rig.box.faults.revoke(nth=6)
    else:
        rig.box.mutate = lambda box: box.revoke() if box.requests == 3 else None
    ended = rig.run(neighbour=True)
    assert isinstance(ended.error, Reauthorise), ended
    assert before - live(rig) <= {str(FIRST + 23)}, "only what the CRM itself told to be deleted"
    assert isinstance(rig.run().error, Reauthorise)
    assert rig.asked[1] <= 2, "it does not ask again and again"
    if rig.crm == "amocrm":
        rig.box.tokens._access = grants
    else:
        rig.box.mutate, rig.box.gate.revoked = None, False
    rig.settle()


def test_b21_the_token_of_another_account(rig: Rig) -> None:
    """Nothing of it is mixed in."""
    rig.well()
    before = invariants.digest(rig.bench)
    ours = sa.select(ACCOUNT.c.remote_id).where(ACCOUNT.c.id == rig.bench.account)
    with rig.bench.store.write() as conn:
        remote = conn.execute(ours).scalar_one()
        conn.execute(ACCOUNT.update().where(ACCOUNT.c.id == rig.bench.account).values(remote_id="another"))
    go_on(rig, Priced(rig.box.now + LATER, FIRST + 32, 1_00, ANNA))
    for part in (cycle, sweep_and_derive):
        error = rig.run(part).error
        assert isinstance(error, NeedsPerson) and error.exit_code == 3
        assert "another" in str(error) and "nothing was read or written" in str(error)
    assert invariants.digest(rig.bench) == before
    with rig.bench.store.write() as conn:
        conn.execute(ACCOUNT.update().where(ACCOUNT.c.id == rig.bench.account).values(remote_id=remote))
    rig.settle()


def test_b27_a_card_of_five_hundred_fields(rigged: Open) -> None:
    """All are read past; those that were asked for are kept."""
    rig = rigged()
    odd = FIRST + 26
    rig.golden = None
    rig.box.advance(rig.box.now + LATER)
    if rig.crm == "amocrm":
        lead = rig.box.world.leads.get(odd)
        field = next(iter(rig.box.world.fields["leads"].values()))
        for n in range(500):
            extra = copy.copy(field)
            extra.id, extra.name = 800_000 + n, f"Поле {n}"
            rig.box.world.fields["leads"][extra.id] = extra
            lead.fields[extra.id] = [{"value": str(n)}]
        rig.box.world.touch("leads", lead, int(rig.box.now.timestamp()), ANNA)
    else:
        item = rig.box.portal.items[2].get(odd)
        item.uf |= {f"ufCrm{n}": str(n) for n in range(500)}
        rig.box.portal.touch(item, ANNA, rig.box.now)
    rig.settle()
