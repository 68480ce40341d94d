"""Data quality and gaming over a CRM in memory: planted cases are found by name, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.health.finding import Effect, Finding
from connector.pipeline.trust.gaming import gaming_of
from connector.pipeline.trust.health import quality_of
from connector.records import Call, Client, Deadline, Deal, Done, Meeting, Pipeline, Stage, Task, User
from connector.store.engine import Store
from tests.health.watched import MONTH, Shop

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(store: Store) -> Shop:
    """Ten wins of 1000 and ten losses with a reason, all in order."""
    made = Shop(store, rules={"csat_field": "CSAT"})
    for _ in range(10):
        made.deal("won", fields={"CSAT": "5"})
        made.deal("lost", loss_reason_id="1")
        made.world.tick(HOUR.total_seconds())
    return made


def findings(shop: Shop) -> dict[str, Finding]:
    shop.sync()
    return {one.code: one for one in quality_of(shop.bench, MONTH).findings}


def effect(found: Finding, kpi: str) -> Effect:
    return next(one for one in found.effects if one.kpi == kpi)


def refs(found: Finding) -> list[str | None]:
    return [one.ref for one in found.examples]


def test_nothing_amiss_finds_nothing(shop: Shop) -> None:
    assert findings(shop) == {}


def test_calls_without_a_deal(shop: Shop) -> None:
    open_deal = shop.deal("open", created_at=shop.world.now - 24 * HOUR)
    shop.world.add(Task(id="t", on=(open_deal.ref,), due_at=shop.world.now + 99 * HOUR))
    attached = [shop.call(on=(open_deal.ref, *open_deal.contacts)), shop.call(on=open_deal.contacts)]
    closed = shop.world.all(Deal)["1"].contacts
    loose = [shop.call(seconds=300), shop.call(on=closed, at=shop.world.now + HOUR)]
    shop.world.tick(2 * HOUR.total_seconds())
    found = findings(shop)["calls_without_deal"]
    assert (found.count, found.of) == (2, 4)
    assert set(refs(found)) == {loose[0].on[0], loose[1].on[0]}
    assert attached[0].on[0] not in refs(found)
    told = effect(found, "calls_to_deals")
    assert (told.claim, told.value, told.high) == ("bound", Decimal("2.5"), Decimal(5))


def test_open_deals_without_a_next_step(shop: Shop) -> None:
    def open_deal(task: Task | Meeting | None, **more: Any) -> Deal:
        made = shop.deal("open", created_at=shop.world.now - 5 * HOUR, **more)
        if task is not None:
            shop.world.add(
                type(task)(**{f: getattr(task, f) for f in ("id", "due_at", "done_at")} | {"on": (made.ref,)})
            )
        return made

    later, before = shop.world.now + 99 * HOUR, shop.world.now - HOUR
    open_deal(Task(id="1", due_at=later))
    open_deal(Meeting(id="2", due_at=later))
    idle = [
        open_deal(None),
        open_deal(Task(id="3", due_at=before)),
        open_deal(Task(id="4", due_at=later, done_at=before)),
    ]
    ours = open_deal(None)
    shop.world.add(Task(id="5", due_at=later, on=(ours.ref,), ours=True))
    shop.deal("open", created_at=shop.world.now)
    found = findings(shop)["deals_without_step"]
    assert (found.count, found.of) == (4, 6)
    assert set(refs(found)) == {deal.ref for deal in (*idle, ours)}
    told = effect(found, "win_rate")
    assert (told.claim, told.value, told.low, told.high) == ("bound", Decimal("0.5"), Decimal(10) / 24, Decimal("0.5"))


def test_wins_without_an_amount(shop: Shop) -> None:
    empty = shop.deal("won", amount=None, fields={"CSAT": "5"})
    found = findings(shop)["wins_without_amount"]
    assert (found.count, found.of, refs(found)) == (1, 11, [empty.ref])
    told = effect(found, "revenue")
    assert (told.claim, told.value, told.under, told.likely) == ("limit", 10_000, 1000, 11_000)
    assert found.given is not None
    average = effect(found, "average_deal")
    assert (average.value, average.low, average.high) == (1000, Decimal("10000.01") / 11, 1000)


def test_what_depends_on_the_amounts_of_wins_is_named(shop: Shop) -> None:
    """Not by hand: whatever counts an amount of a win, and has a value in this account."""
    shop.world.add(Pipeline(id="2", name="Опт"))
    shop.world.add(Stage(id="2/142", name="Успех", pipeline_id="2", outcome="won"))
    shop.deal("won", amount=5000, fields={"CSAT": "5"}, pipeline_id="2", stage_id="2/142")
    for pipeline in ("1", "2"):
        shop.deal("won", amount=None, fields={"CSAT": "5"}, pipeline_id=pipeline, stage_id=f"{pipeline}/142")
    found = findings(shop)["wins_without_amount"]
    assert {one.kpi for one in found.effects} == {
        "revenue", "average_deal", "revenue_per_client", "revenue_per_day", "revenue_per_lead",
    }, "the median of so many alike cannot move"  # fmt: skip
    told = effect(found, "revenue")
    assert (told.value, told.under) == (15_000, 1000 + 5000), "each the biggest of its own pipeline"
    average = effect(found, "average_deal")
    assert average.value == Decimal(15_000) / 11
    assert (average.low, average.high) == (Decimal("15000.02") / 13, Decimal(20_000) / 12)
    assert effect(found, "revenue_per_client").high == Decimal(21_000) / 13


def test_what_depends_on_deals_without_a_next_step_is_named(shop: Shop) -> None:
    for n in range(1, 5):
        made = shop.deal("open", created_at=shop.world.now - n * 24 * HOUR, amount=n * 1000)
        if n < 3:
            shop.world.add(Task(id=f"t{n}", on=(made.ref,), due_at=shop.world.now + 99 * HOUR))
    found = findings(shop)["deals_without_step"]
    assert found.effects[0].kpi == "win_rate"
    assert {one.kpi for one in found.effects} == {
        "win_rate", "open_deal_age", "csat_response", "loss_reason_share", "loss_other_share", "pipeline_amount",
    }  # fmt: skip
    assert {one.claim for one in found.effects[1:]} == {"limit"}
    amount, reason = effect(found, "pipeline_amount"), effect(found, "loss_reason_share")
    assert (amount.value, amount.low, amount.high) == (10_000, 3000, 10_000)
    assert (reason.value, reason.low, reason.high) == (1, Decimal(10) / 12, 1)
    age = effect(found, "open_deal_age")
    assert age.value is not None
    assert (round(age.value, 1), round(age.over, 1), age.under) == (Decimal("2.5"), 1, 0)


def test_lost_without_a_reason(shop: Shop) -> None:
    silent = [shop.deal("lost") for _ in range(2)]
    found = findings(shop)["lost_without_reason"]
    assert (found.count, found.of, set(refs(found))) == (2, 12, {deal.ref for deal in silent})
    told = effect(found, "win_rate")
    assert (told.value, told.low, told.high) == (Decimal(10) / 22, Decimal(10) / 22, Decimal(10) / 20)


def test_one_reason_for_nearly_every_loss(shop: Shop) -> None:
    """K-36: more than 60 % of one reason is a dummy value; judged from twenty losses that state one."""
    for _ in range(7):
        shop.deal("lost", loss_reason_id="2")
        shop.deal("lost")
    assert "one_reason" not in findings(shop)  # 10 of 17
    shop.deal("lost", loss_reason_id="1")
    shop.deal("lost", loss_reason_id="1")
    assert "one_reason" not in findings(shop)  # 12 of 19
    more = [shop.deal("lost", loss_reason_id="1") for _ in range(2)]
    found = findings(shop)["one_reason"]
    assert (found.count, found.of) == (14, 21)
    assert set(refs(found)) >= {deal.ref for deal in more}
    assert "«1»" in found.text.ru and "67 %" in found.text.ru
    told = effect(found, "loss_reason_share")
    assert (told.value, told.low, told.high) == (Decimal(21) / 28, Decimal(7) / 28, Decimal(21) / 28)


def test_six_of_ten_losses_for_one_reason_are_no_dummy(shop: Shop) -> None:
    for n in range(10):
        shop.deal("lost", loss_reason_id="1" if n < 2 else "2")
    assert "one_reason" not in findings(shop)  # 12 of 20 is not more


def test_clients_that_share_a_phone(shop: Shop) -> None:
    born = shop.world.now
    for id in ("contact:a", "contact:b"):
        shop.world.add(Client(id=id, created_at=born, phones=("hash",)))
    shop.world.add(Client(id="contact:c", created_at=born, company="company:z", phones=("other",)))
    shop.world.add(Client(id="company:z", created_at=born, phones=("other",)))
    for client in ("contact:a", "contact:b"):
        shop.world.tick(60)
        shop.deal("won", client=client, fields={"CSAT": "5"})
    found = findings(shop)["duplicate_clients"]
    assert (found.count, refs(found)) == (1, ["contact:a"])
    fresh, repeat = effect(found, "new_clients"), effect(found, "repeat_share")
    assert (fresh.claim, fresh.value, fresh.over) == ("bound", 12, 1)
    assert (repeat.value, repeat.high) == (0, Decimal(1) / 12)


def test_people_stages_fields_bursts_and_rates(shop: Shop) -> None:
    shop.world.add(User(id="503", name="Вера"))
    shop.deal("won", user="503", amount=700, fields={})
    for _ in range(91):
        shop.deal("won", fields={})
    strange = shop.deal("open", stage_id="1/77", pipeline_id="1")
    foreign = shop.deal("won", currency="GBP", fields={})
    now = shop.world.now
    for n in range(25):
        shop.world.put(
            Deal(id=f"i{n}", created_at=now, owner_id="501", pipeline_id="1", stage_id="1/1", updated_at=now)
        )
    found = findings(shop)
    assert refs(found["users_without_team"]) == ["user:503"]
    alone = effect(found["users_without_team"], "revenue")
    assert (alone.claim, alone.under) == ("exact", 700)
    assert (found["unknown_stages"].count, refs(found["unknown_stages"])) == (1, [strange.ref])
    assert "CSAT" in found["field_sparse"].examples[0].text.ru
    assert found["import_bursts"].count >= 25
    assert refs(found["amounts_without_rate"]) == [foreign.ref]
    assert effect(found["amounts_without_rate"], "revenue").claim == "unknown"
    assert "GBP" in found["amounts_without_rate"].text.en


def test_a_field_that_no_deal_has(store: Store) -> None:
    shop = Shop(store, rules={"csat_field": "Оценка"})
    shop.deal(fields={"CSAT": "5"})
    assert "Оценка" in findings(shop)["field_missing"].examples[0].text.en


def test_gaming_is_found_and_honest_work_is_not(shop: Shop) -> None:
    shop.sync()
    assert gaming_of(shop.bench, MONTH).suspicions == ()
    split = [shop.deal("won", client="contact:big") for _ in range(3)]
    task = shop.world.add(Task(id="late", due_at=shop.world.now))
    for n in range(12):
        shop.world.add(
            Deadline(
                id=f"d{n}", of=f"task:{n}", at=shop.world.now, due_at=shop.world.now + 99 * HOUR,
                before=task.due_at, by="501",
            )
        )  # fmt: skip
    shop.world.tick(9 * 3600)
    for n in range(25):
        deal = shop.deal("open", created_at=shop.world.now - 9 * HOUR)
        shop.move(deal, "1/2", "open", by="502")
        shop.world.tick(10)
        assert n < 25
    for n in range(6):
        held = shop.world.add(Meeting(id=f"mt{n}", user_id="502", done_at=shop.world.now, on=(split[0].ref,)))
        shop.world.add(Done(id=f"dn{n}", of=f"task:{held.id}", at=shop.world.now, by="502"))
    shop.sync()
    found = {(one.code, one.user): one for one in gaming_of(shop.bench, MONTH).suspicions}
    assert set(found) == {
        ("split_deals", "501"), ("bulk_deadlines", "501"), ("bulk_moves", "502"), ("bulk_meetings", "502"),
    }  # fmt: skip
    assert {one.ref for one in found["split_deals", "501"].examples} == {deal.ref for deal in split}
    assert found["bulk_moves", "502"].count == 25


def test_calls_for_the_count_and_refusals_without_a_talk(shop: Shop) -> None:
    for n in range(30):
        at = shop.world.now
        shop.call(seconds=7, user="501", on=(f"contact:r{n}",), at=at)
        shop.call(seconds=0, user="501", on=(f"contact:r{n}",), at=at + timedelta(seconds=40))
        shop.call(seconds=200, user="502")
        shop.world.tick(600)
    for _ in range(5):
        shop.deal("lost", user="502", created_at=shop.world.now - timedelta(minutes=4))
        shop.world.tick(1800)
    late = shop.deal("won")
    shop.world.edit(Deal, late.id, closed_at=shop.world.now - 80 * HOUR)
    shop.sync()
    found = {(one.code, one.user): one.count for one in gaming_of(shop.bench, MONTH).suspicions}
    assert found == {
        ("short_calls", "501"): 30, ("repeated_calls", "501"): 30, ("dumped", "502"): 5, ("back_dated", "501"): 1,
    }  # fmt: skip
    assert len(shop.world.all(Call)) == 90
