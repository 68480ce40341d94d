"""Planner, outbox and deliverer together on a CRM that answers back: the loops that other connectors fall into."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from connector.moment import from_ms
from connector.writeback.plan import plan
from tests.writeback.conftest import ON
from tests.writeback.test_plan import DEAL_7001, RESULTS, known, result

WIN = dict([result("revenue", "money", "1300000"), result("win_rate", "share", "0.5")])


@pytest.fixture
def cycle(desk):
    """One run: plan on the ledger, queue, deliver. Keywords change the world that the planner sees."""

    def run(**world):
        state = known(now=from_ms(desk.ms), written=desk.written(), **world)
        return desk.push(plan(state))

    return run


def test_the_second_and_third_runs_write_nothing(desk, cycle):
    assert cycle().states == {"done": 2}
    before = list(desk.crm.writes)
    for minutes in (0, 5, 70):
        desk.pass_time(minutes=minutes)
        assert cycle().states == {}
    assert desk.crm.writes == before


def test_a_crm_that_trims_what_it_gets_causes_no_loop(desk, cycle):
    desk.crm.trim = True
    world = {"results": RESULTS | dict([result("revenue", "money", "1100000.50")])}
    cycle(**world)
    desk.crm.cards["501:2026-09"]["KPI_FACT"] = "1100000.50"
    assert cycle(**world).states == {}


def test_a_robot_that_keeps_changing_our_field_is_written_against_once_and_then_left_alone(desk, cycle):
    cycle(names={})
    for minutes in range(0, 2000, 61):
        desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] = "0"
        deal = replace(DEAL_7001, response=Decimal(20 + minutes))
        desk.pass_time(minutes=61)
        cycle(names={}, deals=(deal,))
    assert desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] == "0"
    conflicts = [row for row in desk.rows().values() if row == "conflict"]
    assert len(conflicts) <= 1


def test_one_field_of_a_person_does_not_keep_the_others_from_being_fresh(desk, cycle):
    cycle(names={})
    desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] = "by hand"
    changed = replace(DEAL_7001, response=Decimal(99), in_norm=False)
    desk.pass_time(hours=1)
    cycle(names={}, deals=(changed,))  # the fake leaves the whole wish alone, as a careful provider may
    cycle(names={}, deals=(changed,))
    assert desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] == "by hand"
    assert desk.crm.deals["7001"]["KPI_RESPONSE_NORM"] == "нарушена"
    assert cycle(names={}, deals=(changed,)).states == {}


def test_a_field_that_a_person_emptied_again_is_ours_once_more_after_a_week(desk, cycle):
    cycle(names={})
    desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] = "by hand"
    changed = replace(DEAL_7001, response=Decimal(99))
    desk.pass_time(hours=1)
    cycle(names={}, deals=(changed,))
    desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] = None
    newer = replace(DEAL_7001, response=Decimal(100))
    desk.pass_time(days=6)
    cycle(names={}, deals=(newer,))
    assert desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] is None
    desk.pass_time(days=2)
    cycle(names={}, deals=(newer,))
    assert desk.crm.deals["7001"]["KPI_RESPONSE_MINUTES"] == "100"


def test_a_deal_that_the_crm_refuses_does_not_hold_up_the_others(desk, cycle):
    desk.crm.reject = {"deal:7001": "no right"}
    deals = (DEAL_7001, replace(DEAL_7001, id="7002"))
    assert cycle(names={}, deals=deals).states == {"done": 1, "rejected": 1}
    assert cycle(names={}, deals=deals).states == {}


def test_the_undone_is_not_written_again_until_our_value_changes(desk, cycle):
    cycle()
    desk.undo(1)
    assert cycle().states == {}
    desk.pass_time(minutes=1)
    report = cycle(results=RESULTS | WIN)
    assert report.states == {"done": 1}
    assert desk.crm.cards["501:2026-09"]["KPI_FACT"] == "1300000"
    assert desk.crm.cards["501:2026-09"]["KPI_MEETINGS"] is None


def test_a_wish_that_still_waits_is_brought_up_to_date_before_it_goes(desk, cycle):
    capped = ON.model_copy(update={"max_writes": 0})
    desk.push(plan(known(now=from_ms(desk.ms), written={})), capped)
    assert desk.crm.calls == []
    desk.pass_time(minutes=5)
    cycle(results=RESULTS | WIN)
    assert desk.crm.cards["501:2026-09"]["KPI_FACT"] == "1300000"
    assert sorted(desk.crm.writes) == ["card:501:2026-09", "deal:7001"]


def test_a_day_of_changes_every_five_minutes_writes_little(desk, cycle):
    """A busy seller, 120 syncs: the card is written a few times an hour at most, the deal only at night."""
    cycle()
    for n in range(120):
        desk.pass_time(minutes=5)
        world = {"results": RESULTS | dict([result("calls", "count", str(215 + n))])}
        if n % 30 == 29:
            world["results"] |= dict([result("revenue", "money", str(1_200_000 + n))])
        cycle(**world)
    assert desk.crm.writes.count("deal:7001") <= 2
    assert desk.crm.writes.count("card:501:2026-09") <= 16
