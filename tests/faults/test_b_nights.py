"""B. What a night finds: deletions that nobody told, edits that committed late; and what it does not believe."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from connector.pipeline.hooks import take_hooks
from connector.pipeline.reading import sweep_and_derive
from connector.pretend.happenings import Deleted, Priced
from connector.records import Call, Deal, Record
from connector.store.accounts import ACCOUNT
from connector.store.crm import records, refusals
from connector.store.crm.records import RECORD
from connector.store.told import inbox
from providers.amocrm.mapping import cards as amo_cards
from providers.bitrix24.mapping import crm as bitrix_crm
from tests.faults.company import ANNA, BORIS, FIRST
from tests.faults.rig import Rig

LATER = timedelta(minutes=7)


def live(rig: Rig, kind: type[Record] = Deal) -> set[str]:
    with rig.bench.store.read() as conn:
        return records.live_ids(conn, rig.bench.account, kind)


def amount(rig: Rig, deal: int) -> int | None:
    with rig.bench.store.read() as conn:
        return records.get(conn, rig.bench.account, Deal, [str(deal)])[str(deal)].amount


def go_on(rig: Rig, *happened: Any) -> None:
    """The world moves on by itself: the golden numbers are of another one."""
    rig.golden = None
    rig.box.advance(rig.box.now + LATER)
    rig.box.happen(*happened)


def hook(rig: Rig, fields: str) -> None:
    """It waits, as amoCRM would have sent it."""
    with rig.bench.store.write() as conn:
        remote = conn.execute(sa.select(ACCOUNT.c.remote_id).where(ACCOUNT.c.id == rig.bench.account)).scalar_one()
        letter = inbox.Letter(rig.bench.account, rig.bench.now(), f"{fields}&account[id]={remote}".encode())
        inbox.keep(conn, rig.bench.key, [letter])


def unreadable(rig: Rig, monkeypatch: pytest.MonkeyPatch, odd: int) -> None:
    """A deal whose row lacks what every other has."""
    module: Any = amo_cards if rig.crm == "amocrm" else bitrix_crm
    lost, read = "pipeline_id" if rig.crm == "amocrm" else "stageId", module.deal

    def deal(row: Any, known: Any) -> Any:
        return read({k: v for k, v in row.items() if k != lost} if str(row["id"]) == str(odd) else row, known)

    monkeypatch.setattr(module, "deal", deal)


def test_b08_gone_without_a_word_beside_one_that_cannot_be_read(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is told, and hides no deletion, tonight or on any other night."""
    odd, gone = FIRST + 31, FIRST + 29
    with rig.bench.store.write() as conn:
        conn.execute(sa.delete(RECORD).where(RECORD.c.kind == "deal", RECORD.c.id == str(odd)))
    with monkeypatch.context() as patched:
        unreadable(rig, patched, odd)
        go_on(rig)
        if rig.crm == "amocrm":
            rig.box.happen(Deleted(rig.box.now, gone, BORIS))
            rig.box.purge(gone)
            rig.box.world.events.rows.clear()
        else:
            rig.box.portal.remove(2, gone)
        rig.well(sweep_and_derive)
        assert str(gone) not in live(rig)
        with rig.bench.store.read() as conn:
            assert refusals.ids(conn, rig.bench.account, Deal) == {str(odd)}
        rig.well(sweep_and_derive)
    rig.box.happen(Priced(rig.box.now + LATER, odd, 77_000_00, ANNA))
    rig.box.advance(rig.box.now + 2 * LATER)
    rig.quiet()
    assert str(odd) in live(rig)
    rig.settle()


@pytest.mark.only_on("amocrm")
def test_b08_denied_by_a_slip_is_back_the_next_night(rig: Rig) -> None:
    """A hook, and two empty answers about a deal that is there: the sweep finds it."""
    rig.quiet()
    deal = str(FIRST + 26)
    for _ in range(2):
        rig.box.faults.no_content(path=f"leads/{deal}$", times=1)
    hook(rig, f"leads[update][0][id]={deal}")
    rig.well(take_hooks)
    assert deal not in live(rig)
    rig.well(sweep_and_derive)
    assert deal in live(rig)
    rig.golden = None
    rig.settle()


@pytest.mark.only_on("amocrm")
@pytest.mark.parametrize("hiding", ["204", "shortened"])
def test_b09_a_call_that_a_list_does_not_show(rig: Rig, hiding: str) -> None:
    """It is asked for on its own card before it is taken out, as nothing would bring it back."""
    rig.quiet()
    before = live(rig, Call)
    named = sorted(before)[:5]
    hook(
        rig,
        "&".join(
            f"leads[note][{n}][note][id]={call}&leads[note][{n}][note][note_type]=10" for n, call in enumerate(named)
        ),
    )
    if hiding == "204":
        rig.box.faults.no_content(path="leads/notes", times=1)
    else:
        rig.box.faults.only(1, "leads/notes")
    told = rig.well(take_hooks)
    assert told.drained.gone == 0
    assert live(rig, Call) == before
    rig.settle()


def test_b04_an_edit_that_commits_late(rig: Rig) -> None:
    """It bears a moment long behind the cursor: the night reads the last days again."""
    go_on(rig, Priced(rig.box.now + LATER, FIRST + 32, 77_000_00, ANNA))
    rig.quiet()
    late = rig.box.now - timedelta(hours=3)
    rig.box.happen(Priced(late, FIRST + 26, 78_000_00, ANNA))
    rig.box.advance(rig.box.now + LATER)
    rig.well()
    assert amount(rig, FIRST + 26) != 78_000_00, "no cursor reaches back so far"
    rig.well(sweep_and_derive)
    assert amount(rig, FIRST + 26) == 78_000_00
    rig.settle()
