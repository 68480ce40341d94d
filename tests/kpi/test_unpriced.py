"""Amounts without a rate: what leaves them out says so, and nothing is added by that."""

from __future__ import annotations

from typing import Any

import pytest

from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Measure, Where
from connector.kpi.engine import report
from connector.kpi.fold import fold
from connector.kpi.unpriced import adds_nothing, telling
from connector.moment import Period
from connector.store.engine import Store
from tests.kpi.ground import LIMITS, NOW, ZONE, Row, account, fact, know, win

PRICED, AGAIN = Where("amount", "gt", 0), Where("number", "ge", 2)
NONE = Where("amount", "unknown")


@pytest.mark.parametrize(
    "one",
    [
        Measure(("win",), take="sum"),
        Measure(("win",), (PRICED,)),
        Measure(("win",), (AGAIN,), "quantile", "number"),
        Measure(("win",), (PRICED,), "sum", "number"),
        Measure(("win",), (NONE,), "sum"),
    ],
)
def test_what_tells_by_itself_or_is_of_no_amounts_stays(one: Measure) -> None:
    assert telling([one]) == (one,)


@pytest.mark.parametrize(
    "one",
    [
        Measure(("win",), (AGAIN, PRICED), "sum", credit="now"),
        Measure(("win",), (PRICED, AGAIN), "quantile", quantile=0.9, credit="now"),
        Measure(("win",), (AGAIN,), "quantile", credit="now"),
        Measure(("win",), (AGAIN,), "expected", credit="now"),
    ],
)
def test_what_passes_over_them_has_one_beside_it_that_does_not(one: Measure) -> None:
    beside = Measure(("win",), (AGAIN, NONE), "sum", credit="now")
    assert telling([one]) == (one, beside)
    assert [adds_nothing(each) for each in telling([one])] == [False, True]
    assert telling(telling([one])) == (one, beside, beside)


def test_it_adds_nothing_but_the_word() -> None:
    [one] = [Measure(("win",), (PRICED,), "sum")]
    rows: list[Any] = [Row(win(roubles)) for roubles in (100, 0, None, None)]
    plain, told = fold((one,), rows, LIMITS), fold(telling([one]), rows, LIMITS)
    assert (plain.total, plain.n, plain.unpriced) == (100_00, 1, 0)
    assert (told.total, told.n, told.unpriced) == (100_00, 1, 2)


def test_no_kpi_of_amounts_passes_over_them_in_silence() -> None:
    """Those that divide by nothing else but them, the chances of open deals among them."""
    for kpi in ALL.values():
        assert kpi.top == tuple(dict.fromkeys(telling(kpi.top))), kpi.key


def test_a_weighted_pipeline_says_that_an_open_deal_has_no_rate(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, [fact("open_deal", amount=None, note="no_rate:GBP")])
        found = report(conn, number, Period.parse("2026-10"), zone=ZONE, now=NOW, rules=Rules())
    told = {one.kpi: one.reason for one in found.results if one.subject == "user:501"}
    assert (told["weighted_pipeline"], told["pipeline_amount"]) == ("no_rate", "no_rate")
