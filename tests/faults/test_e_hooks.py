"""E. Hooks that bring trouble with them: it is theirs alone, and the account is read as ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from connector.errors import Broken
from connector.pipeline.hooks import take_hooks
from connector.pretend.happenings import Priced
from connector.records import Deal
from connector.store.accounts import ACCOUNT
from connector.store.crm import records
from connector.store.told import inbox
from providers.amocrm.mapping import cards as amo_cards
from providers.bitrix24.mapping import crm as bitrix_crm
from tests.faults.company import ANNA, FIRST
from tests.faults.rig import Rig

ODD, GOOD, PRICE = FIRST + 31, FIRST + 32, 77_000_00
LACKS: dict[str, tuple[Any, str]] = {"amocrm": (amo_cards, "pipeline_id"), "bitrix24": (bitrix_crm, "stageId")}
TOLD = {
    "amocrm": "leads[update][0][id]={deal}&account[id]={account}",
    "bitrix24": "event=ONCRMDEALUPDATE&data[FIELDS][ID]={deal}&auth[domain]={account}",
}


def hooks(rig: Rig, *deals: int) -> None:
    """They wait, as the CRM would have sent them."""
    with rig.bench.store.write() as conn:
        account = conn.execute(sa.select(ACCOUNT.c.remote_id).where(ACCOUNT.c.id == rig.bench.account)).scalar_one()
        bodies = [TOLD[rig.crm].format(deal=deal, account=account).encode() for deal in deals]
        inbox.keep(conn, rig.bench.key, [inbox.Letter(rig.bench.account, rig.bench.now(), body) for body in bodies])


def waiting(rig: Rig) -> int:
    with rig.bench.store.read() as conn:
        return inbox.count(conn, rig.bench.account)


def priced(rig: Rig, deal: int) -> None:
    """It changed a moment ago, and nobody has read that yet."""
    rig.golden = None
    rig.box.advance(rig.box.now + timedelta(minutes=7))
    rig.box.happen(Priced(rig.box.now, deal, PRICE, ANNA))


def amount(rig: Rig, deal: int) -> int | None:
    with rig.bench.store.read() as conn:
        return records.get(conn, rig.bench.account, Deal, [str(deal)])[str(deal)].amount


def test_e06_a_hook_of_a_card_that_cannot_be_read(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading refuses such a row and goes on, and so does whoever looks at it for a hook."""
    rig.quiet()
    module, lost = LACKS[rig.crm]
    read = module.deal

    def deal(row: Any, known: Any) -> Any:
        return read({k: v for k, v in row.items() if k != lost} if str(row["id"]) == str(ODD) else row, known)

    monkeypatch.setattr(module, "deal", deal)
    priced(rig, GOOD)
    hooks(rig, ODD, GOOD)
    ended = rig.run(take_hooks)
    assert ended.error is None, ended.error
    assert ended.value.drained.problems, "it is told"
    assert (waiting(rig), amount(rig, GOOD)) == (0, PRICE)
    hooks(rig, ODD)
    ended = rig.run()
    assert (ended.error, waiting(rig)) == (None, 0)
    monkeypatch.undo()
    rig.settle()


@pytest.mark.only_on("amocrm")
def test_e06_a_card_that_answers_500_keeps_back_its_own_hook_only(rig: Rig) -> None:
    rig.quiet()
    rig.box.faults.status(500, path=rf"leads/{ODD}$", times=None)
    priced(rig, GOOD)
    hooks(rig, ODD, GOOD, GOOD + 2)
    assert isinstance(rig.run(take_hooks).error, Broken)
    assert (waiting(rig), amount(rig, GOOD)) == (1, PRICE)
    rig.well()
    rig.box.faults.clear()
    rig.well(take_hooks)
    assert waiting(rig) == 0
    rig.settle()
