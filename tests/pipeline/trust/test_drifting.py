"""The drift guard over a CRM in memory: what is found, what it holds still, how it is let go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.errors import BadConfig
from connector.moment import from_ms
from connector.pipeline.looking import View
from connector.pipeline.measuring import explanation_of
from connector.pipeline.trust.freezing import accept, drifts_of, frozen_kpis
from connector.pipeline.wanting import current_report, wanted
from connector.records import Deal, Pipeline, Stage
from connector.store import notices
from connector.store.engine import Store
from connector.wishes import AddTask
from tests.health.watched import MONTH, Shop

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(store: Store) -> Shop:
    """Two wins and a loss, read once."""
    made = Shop(store)
    for outcome in ("won", "won", "lost"):
        made.deal(outcome)
    made.sync()
    return made


def found(shop: Shop) -> list[tuple[str, str, str | None]]:
    return [(row.code, row.subject, row.accepted_by) for row in drifts_of(shop.bench).rows]


def turn_won_into_lost(shop: Shop) -> None:
    """Somebody reverses the meaning of the won stage; the CRM shows its deals as lost."""
    shop.world.edit(Stage, "1/142", outcome="lost")
    for id, deal in shop.world.all(Deal).items():
        if deal.stage_id == "1/142":
            shop.world.edit(Deal, id, outcome="lost")


def test_the_first_sync_accepts_everything_and_quiet_ones_find_nothing(shop: Shop) -> None:
    assert found(shop) == []
    shop.sync()
    assert found(shop) == []
    assert shop.value("revenue") == (2000, None)


def test_another_outcome_holds_wins_still_as_they_were_known(shop: Shop) -> None:
    turn_won_into_lost(shop)
    shop.sync()
    assert found(shop) == [("stage_outcome", "stage:1/142", None)]
    assert shop.value("revenue") == (2000, "frozen")
    assert shop.value("win_rate")[1] == "frozen"
    assert shop.value("calls")[1] != "frozen"
    shop.deal("won", amount=500, stage_id="1/142")
    shop.sync()
    assert shop.value("revenue") == (2000, "frozen")
    assert len(found(shop)) == 1


def test_accepting_lets_the_numbers_follow_again(shop: Shop) -> None:
    turn_won_into_lost(shop)
    shop.sync()
    assert accept(shop.bench, "stage_outcome") == 1
    assert shop.value("revenue")[0] in (0, None)
    shop.sync()
    [(_, _, by)] = found(shop)
    assert by not in (None, "undone")
    with pytest.raises(BadConfig, match="no drift 'stage_outcome' waits; there are: none"):
        accept(shop.bench, "stage_outcome")


def test_a_past_moment_stays_what_was_reported_then(shop: Shop) -> None:
    before = shop.world.now
    turn_won_into_lost(shop)
    shop.sync()
    during = shop.world.now
    told = shop.value("revenue")
    shop.world.tick(60)
    accept(shop.bench, "all")
    shop.sync()
    assert shop.value("revenue", as_of=during) == told == (2000, "frozen")
    assert shop.value("revenue", as_of=before) == (2000, None)


def test_undone_is_over_by_itself(shop: Shop) -> None:
    turn_won_into_lost(shop)
    shop.sync()
    shop.world.edit(Stage, "1/142", outcome="won")
    for id, deal in shop.world.all(Deal).items():
        if deal.stage_id == "1/142":
            shop.world.edit(Deal, id, outcome="won")
    shop.sync()
    assert [by for *_, by in found(shop)] == ["undone"]
    assert shop.value("revenue") == (2000, None)


def test_a_new_name_of_an_open_stage_and_a_new_open_stage_are_only_noted(shop: Shop) -> None:
    shop.world.edit(Stage, "1/2", name="Переговоры")
    shop.world.add(Stage(id="1/3", name="Счёт", pipeline_id="1"))
    shop.sync()
    assert sorted(found(shop)) == [("stage_added", "stage:1/3", "noted"), ("stage_renamed", "stage:1/2", "noted")]
    assert shop.value("revenue") == (2000, None)


def test_a_new_name_freezes_what_the_configuration_calls_by_the_old_one(store: Store) -> None:
    shop = Shop(store, rules={"qualified_stages": ["В работе"]})
    shop.deal()
    shop.sync()
    shop.world.edit(Stage, "1/2", name="Переговоры")
    shop.sync()
    assert found(shop) == [("stage_renamed", "stage:1/2", None)]
    assert "qualified_share" in frozen_kpis(shop.bench)
    assert "revenue" not in frozen_kpis(shop.bench)


@pytest.mark.parametrize(("rules", "by"), [({}, None), ({"sales_pipelines": ["Продажи"]}, "noted")])
def test_a_pipeline_that_came_counts_only_where_all_do(store: Store, rules: dict[str, Any], by: str | None) -> None:
    shop = Shop(store, rules=rules)
    shop.sync()
    shop.world.add(Pipeline(id="9", name="Сервис"))
    shop.world.add(Stage(id="9/142", name="Готово", pipeline_id="9", outcome="won"))
    shop.sync()
    assert found(shop) == [("pipeline_added", "pipeline:9", by)]
    assert bool(frozen_kpis(shop.bench)) is (by is None)


def test_naming_the_new_pipeline_in_the_configuration_answers(shop: Shop) -> None:
    shop.world.add(Pipeline(id="9", name="Сервис"))
    shop.sync()
    assert found(shop) == [("pipeline_added", "pipeline:9", None)]
    shop.configure(sales_pipelines=["Продажи", "Сервис"])
    shop.sync()
    assert found(shop) == [("pipeline_added", "pipeline:9", "config")]
    assert not frozen_kpis(shop.bench)


def test_a_renamed_sales_pipeline_is_held_still_until_the_configuration_follows(store: Store) -> None:
    shop = Shop(store, rules={"sales_pipelines": ["Продажи"]})
    shop.deal()
    shop.sync()
    shop.world.edit(Pipeline, "1", name="Отдел 1")
    shop.deal(amount=7)
    with pytest.raises(BadConfig, match="Продажи"):
        shop.sync()
    assert found(shop) == [("pipeline_renamed", "pipeline:1", None)]
    assert shop.value("revenue") == (1000, "frozen")
    shop.configure(sales_pipelines=["Отдел 1"])
    shop.sync()
    assert [by for *_, by in found(shop)] == ["config"]
    assert shop.value("revenue") == (1007, None)


def test_a_stage_is_gone_only_when_the_crm_confirms_it(shop: Shop) -> None:
    shop.world.edit(Stage, "1/2", name="Работа")  # only this one is told: the others are still there
    shop.sync()
    assert [code for code, *_ in found(shop)] == ["stage_renamed"]
    shop.world.delete(Stage, "1/142")
    shop.world.edit(Stage, "1/2", name="В работе")
    shop.sync()
    assert ("stage_removed", "stage:1/142", None) in found(shop)
    assert shop.value("won_deals") == (2, "frozen")


def test_a_period_that_began_after_the_change_has_no_value(shop: Shop) -> None:
    turn_won_into_lost(shop)
    shop.sync()
    shop.sync(timedelta(days=30))
    october = type(MONTH).parse("2026-10")
    assert shop.value("revenue", period=october) == (None, "frozen")


def test_the_proof_of_a_frozen_number_is_the_facts_from_before(shop: Shop) -> None:
    turn_won_into_lost(shop)
    shop.sync()
    told = explanation_of(shop.bench, "revenue", MONTH, user="501")
    assert (told.result.value, told.result.reason) == shop.value("revenue") == (2000, "frozen")
    assert len(told.items) == 2


def test_a_notice_says_what_to_do_and_goes_with_the_drift(shop: Shop) -> None:
    def told() -> list[str]:
        with shop.bench.store.read() as conn:
            return [one.text for one in notices.all(conn, shop.bench.account) if one.code == "drift"]

    turn_won_into_lost(shop)
    shop.sync()
    [text] = told()
    assert "этап «Продажи / Успех» сменил смысл: успех → отказ" in text
    assert f"kpi drift accept {drifts_of(shop.bench).rows[0].id}" in text
    accept(shop.bench, "all")
    assert told() == []


def wished(shop: Shop) -> set[str]:
    found = wanted(shop.bench, current_report(shop.bench)).wishes
    return {code for wish in found if not isinstance(wish, AddTask) for code in wish.values}


def test_nothing_frozen_is_written_and_nobody_is_told_to_work_harder(store: Store) -> None:
    plan = [{"user": "501", "kpi": "revenue", "period": "2026-09", "value": "1000000"}]
    shop = Shop(store, plan=plan, writeback={"deal_fields": "preview", "kpi_card": "preview", "tasks": "preview"})
    shop.deal()
    shop.deal("open")
    shop.sync()
    assert {"KPI_FACT", "KPI_PLAN", "KPI_OWNER_ATTAINMENT"} <= wished(shop)
    turn_won_into_lost(shop)
    shop.sync()
    assert not wished(shop) & {
        "KPI_FACT",
        "KPI_PACE",
        "KPI_PLAN",
        "KPI_WIN_RATE",
        "KPI_OWNER_ATTAINMENT",
        "KPI_OWNER_PACE",
    }
    with store.read() as conn:
        view = View(shop.bench, conn, current_report(shop.bench))
        assert not view.paces
        assert not any(kpi == "revenue" for kpi, _ in view.results)


def test_the_moment_lies_before_anything_was_derived_anew(shop: Shop) -> None:
    turn_won_into_lost(shop)
    shop.sync()
    [row] = drifts_of(shop.bench).rows
    assert from_ms(row.since) < from_ms(row.found_at) <= shop.world.now


def test_a_field_that_is_no_longer_filled_in(store: Store) -> None:
    shop = Shop(store, rules={"csat_field": "CSAT"})
    for _ in range(60):
        shop.deal("won", fields={"CSAT": "5"})
    shop.sync(timedelta(days=5))
    assert found(shop) == []
    for _ in range(70):
        shop.deal("won", fields={})
    shop.sync(timedelta(days=5))
    assert found(shop) == [("field_emptied", "field:csat_field", None)]
    assert set(frozen_kpis(shop.bench)) == {"csat", "csat_response"}
    assert "было 100%, стало 30%" in drifts_of(shop.bench).rows[0].text
    shop.configure(csat_field="Оценка")
    shop.sync(timedelta(days=1))
    assert [by for *_, by in found(shop)] == ["undone"]
    assert not frozen_kpis(shop.bench)


def test_a_field_that_is_gone_from_the_crm(store: Store) -> None:
    shop = Shop(store, rules={"csat_field": "CSAT"})
    made = [shop.deal("won", fields={"CSAT": "5"}) for _ in range(3)]
    shop.sync(timedelta(days=1))
    for deal in made:
        shop.world.edit(Deal, deal.id, fields={})
    shop.sync(timedelta(minutes=5))
    assert found(shop) == [], "once a day is enough"
    shop.sync(timedelta(days=1))
    assert found(shop) == [("field_vanished", "field:csat_field", None)]
    assert accept(shop.bench, "field:csat_field") == 1
    shop.sync(timedelta(days=1))
    assert len(found(shop)) == 1


def calls_of_days(shop: Shop, days: int, each: int = 12) -> None:
    """So many calls on every working day, read each evening."""
    for _ in range(days):
        for n in range(each if shop.bench.calendar().is_working(shop.world.now.date()) else 0):
            shop.call(seconds=30 + 7 * n)
        shop.sync(timedelta(days=1))


def test_calls_that_stop_freeze_at_their_last_sound_day(store: Store) -> None:
    shop = Shop(store)
    calls_of_days(shop, 21)
    assert found(shop) == []
    before = shop.value("calls")
    calls_of_days(shop, 6, each=0)
    assert found(shop) == [("calls_stopped", "telephony", None)]
    assert shop.value("calls") == (before[0], "frozen")
    assert shop.value("revenue")[1] != "frozen"
    accept(shop.bench, "telephony")
    calls_of_days(shop, 3, each=0)
    assert len(found(shop)) == 1
    assert shop.value("calls")[1] != "frozen"


def test_a_clock_that_is_set_back_takes_nothing_from_what_was_known(store: Store) -> None:
    """What was learnt while it was ahead is known "later" than now, and was sound all the same."""
    shop = Shop(store)
    ahead = timedelta(days=7)
    shop.bench.clock = lambda: shop.world.now + ahead
    calls_of_days(shop, 21)
    before = shop.value("calls")
    ahead = timedelta(0)
    calls_of_days(shop, 6, each=0)
    assert found(shop) == [("calls_stopped", "telephony", None)]
    assert before[0] and shop.value("calls") == (before[0], "frozen")


def test_silence_at_the_first_sync_is_how_it_is(store: Store) -> None:
    shop = Shop(store)
    for day in range(30, 6, -1):
        for _ in range(15):
            shop.call(at=shop.world.now - timedelta(days=day))
    shop.sync()
    for _ in range(3):
        shop.sync(timedelta(days=1))
    assert found(shop) == []
