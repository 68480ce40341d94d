"""A frozen number and all its corrections make today's number, and every correction is told in one month only."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from connector.errors import BadConfig
from connector.fact import Fact
from connector.kpi.corrections.steps import Corrected, Trail, adds_up, parts_of
from connector.moment import Period, from_ms, to_ms
from connector.pipeline.closing import close_month, reopen_month
from connector.pipeline.correcting import corrections_of
from connector.pipeline.official import official_report
from connector.result import Plan
from connector.store.engine import Store
from tests.kpi.ground import fact, win
from tests.kpi.test_measure import some
from tests.late import slip_in
from tests.pipeline.months import AUGUST, Month, at

SALE = win(110_000, when="2026-08-20T12:00", key="win|deal:4812", deal="4812", client="contact:1")
RULES = {"csat_field": "CSAT", "refund_amount_field": "Refund"}


def closed(store: Store, known: list[Fact], **rules: Any) -> Month:
    """August with these facts, closed on the eighth of September at noon."""
    month = Month(store, "2026-08-25T09:00", **rules)
    month.learn(known)
    month.now = at("2026-09-08T09:00")
    month.read()
    close_month(month.bench, AUGUST, author="glavbuh")
    return month


def told(month: Month, period: str, **more: Any) -> list[Corrected]:
    return corrections_of(month.bench, Period.parse(period), **more)


def revenue(found: list[Corrected], user: str = "501") -> Trail:
    (one,) = (trail for each in found for trail in each.trails if (trail.kpi.key, trail.user) == ("revenue", user))
    return one


def lines(trail: Trail) -> list[tuple[str, str, tuple[str, ...], int]]:
    return [
        (
            f"{from_ms(one.known):%m-%d}",
            one.difference.fact.record,
            one.difference.whys,
            one.difference.top[1].total - one.difference.top[0].total,
        )  # type: ignore[misc]
        for one in trail.corrections
    ]


def test_a_deleted_sale_is_corrected_in_the_month_in_which_that_became_known(store: Store) -> None:
    month = closed(store, [SALE])
    month.learn([replace(SALE, omitted="deleted")], "2026-09-12T09:00")
    trail = revenue(told(month, "2026-09"))
    assert (trail.name, trail.before.value, trail.after.value) == ("Анна", 110_000, 0)
    assert lines(trail) == [("09-12", "deal:4812", ("deleted",), -11_000_000)]
    month.now = at("2026-10-20T09:00")
    assert [one.trails for one in told(month, "2026-10")] == [()]
    assert lines(revenue(told(month, "2026-09"))) == lines(trail)


def test_a_sale_changed_twice_has_two_days(store: Store) -> None:
    month = closed(store, [SALE])
    month.learn([replace(SALE, amount=9_000_000)], "2026-09-12T09:00")
    month.learn([replace(SALE, amount=9_000_000, user="502")], "2026-10-02T09:00")
    assert lines(revenue(told(month, "2026-09"))) == [("09-12", "deal:4812", ("repriced_after",), -2_000_000)]
    october = told(month, "2026-10")
    assert lines(revenue(october)) == [("10-02", "deal:4812", ("reassigned",), -9_000_000)]
    assert lines(revenue(october, "502")) == [("10-02", "deal:4812", ("reassigned",), 9_000_000)]
    assert (revenue(october).before.value, revenue(october).after.value) == (90_000, 0)


def test_what_was_changed_and_put_back_is_told_twice(store: Store) -> None:
    month = closed(store, [SALE])
    month.learn([], "2026-09-12T09:00")
    month.learn([SALE], "2026-09-14T09:00")
    assert [(day, part) for day, _, _, part in lines(revenue(told(month, "2026-09")))] == [
        ("09-12", -11_000_000),
        ("09-14", 11_000_000),
    ]


def test_a_lost_sale_and_one_that_moved_to_another_month(store: Store) -> None:
    moved = win(500, when="2026-08-20T12:00", key="win|deal:7", deal="7")
    month = closed(store, [SALE, moved])
    lost = replace(
        SALE, key="loss|deal:4812", kind="loss", at=at("2026-09-10T09:00"), day=at("2026-09-10T09:00").date()
    )
    month.learn(
        [lost, replace(moved, at=at("2026-09-11T09:00"), day=at("2026-09-11T09:00").date())], "2026-09-12T09:00"
    )
    assert {(record, whys) for _, record, whys, _ in lines(revenue(told(month, "2026-09")))} == {
        ("deal:4812", ("lost",)),
        ("deal:7", ("moved",)),
    }


def test_an_untouched_month_has_no_corrections(store: Store) -> None:
    month = closed(store, [SALE])
    month.learn([SALE, win(1, when="2026-09-11T09:00")], "2026-09-12T09:00")
    (found,) = told(month, "2026-09")
    assert found.trails == ()


def test_a_changed_plan_is_told_with_its_day(store: Store) -> None:
    month = closed(store, [SALE])
    month.now = at("2026-09-12T09:00")
    plan = Plan(subject="user:501", kpi="revenue", period="2026-08", value=Decimal(220_000))
    with month.bench.store.write() as conn:
        slip_in(conn, month.bench.account, plan, at=to_ms(month.now))
    (found,) = told(month, "2026-09", kpi="plan_attainment")
    (trail,) = found.trails
    assert (trail.rest("RUB"), trail.corrections, trail.planned_at) == ((0, 220_000), (), to_ms(month.now))


def test_a_rule_that_changed_is_no_facts_doing(store: Store) -> None:
    calls = [fact("call_out", "2026-08-20T12:00", number=n, call=str(n), key=f"call_out|call:{n}") for n in (30, 90)]
    month = closed(store, calls)
    month.now = at("2026-09-12T09:00")
    month.adopt(successful_call_seconds=20)
    (found,) = told(month, "2026-09", kpi="successful_call_share")
    (trail,) = found.trails
    assert (trail.before.value, trail.after.value, trail.corrections) == (Decimal("0.5"), 1, ())
    assert trail.rest("RUB") == (1, 0)


def test_time_alone_corrects_on_its_day(store: Store) -> None:
    """A cohort's window ends after the month was closed."""
    lead = fact("lead_won", "2026-08-20T12:00", number=5.0, due_at=at("2026-10-02T09:00"))
    month = closed(store, [lead])
    month.now = at("2026-10-20T09:00")
    month.read()
    ripe = {trail.kpi.key: trail for found in told(month, "2026-10") for trail in found.trails}
    assert all(not found.trails for found in told(month, "2026-09"))
    days = {f"{from_ms(one.known):%m-%d}" for trail in ripe.values() for one in trail.corrections}
    assert (days, {one.difference.whys for trail in ripe.values() for one in trail.corrections}) == (
        {"10-02"},
        {("time",)},
    )


def test_opened_again_it_is_corrected_until_then(store: Store) -> None:
    month = closed(store, [SALE])
    month.learn([replace(SALE, amount=5)], "2026-09-12T09:00")
    month.now = at("2026-09-13T09:00")
    reopen_month(month.bench, AUGUST, author="x", reason="y")
    month.learn([replace(SALE, amount=6)], "2026-09-14T09:00")
    assert [day for day, *_ in lines(revenue(told(month, "2026-09")))] == ["09-12"]
    month.now = at("2026-09-15T09:00")
    close_month(month.bench, AUGUST, author="x")
    month.learn([replace(SALE, amount=7)], "2026-09-16T09:00")
    assert [
        (found.version, [day for trail in found.trails if trail.kpi.key == "revenue" for day, *_ in lines(trail)])
        for found in told(month, "2026-09")
    ] == [(1, ["09-12"]), (3, ["09-16"])]


def test_the_future_has_none(sqlite_store: Store) -> None:
    month = closed(sqlite_store, [SALE])
    with pytest.raises(BadConfig, match="2026-10 has not begun"):
        told(month, "2026-10")


@pytest.mark.parametrize("seed", range(4))
def test_frozen_and_corrections_make_todays(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    month = Month(store, "2026-08-25T09:00", **RULES, credit=chance.choice(["event", "now", "actor"]))
    known = [august(one) for one in some(chance, 60)]
    month.adopt()
    month.learn(known)
    month.now = at("2026-09-08T09:00")
    month.read()
    close_month(month.bench, AUGUST, author="x")
    for day in ("2026-09-12", "2026-09-30", "2026-10-01", "2026-10-02", "2026-11-05"):
        known = [edited(chance, one) for one in known if chance.random() < 0.9]
        known += [august(one) for one in some(chance, 8)]
        month.learn(known, f"{day}T{chance.choice(['09:00', '20:59', '21:00'])}")
    month.now = at("2026-11-20T09:00")
    month.read()
    frozen = {(one.kpi, one.subject): one for one in official_report(month.bench, AUGUST).results}
    today = {(one.kpi, one.subject): one for one in official_report(month.bench, AUGUST, as_of=month.now).results}
    months = [told(month, period) for period in ("2026-09", "2026-10", "2026-11")]
    compare(frozen, today, months)
    each_in_one(months)


def compare(frozen: dict[Any, Any], today: dict[Any, Any], months: list[list[Corrected]]) -> None:
    """What is told adds up to the difference, month after month without a gap."""
    trails: dict[tuple[str, str], list[Trail]] = {}
    for found in (each for several in months for each in several):
        for trail in found.trails:
            trails.setdefault((trail.kpi.key, f"user:{trail.user}"), []).append(trail)
    compared = 0
    apart = set(months[0][0].apart)
    for key in frozen.keys() & today.keys():
        several = trails.get(key, [])
        if key[1].startswith("team:") or key[0] in apart:
            continue
        if not several:
            assert frozen[key].value == today[key].value or not moves(key[0])
            continue
        assert several[0].before.value == frozen[key].value
        assert several[-1].after.value == today[key].value
        for earlier, later in itertools.pairwise(several):
            assert earlier.after.value == later.before.value
        if adds_up(several[0].kpi):
            compared += 1
            above = sum((parts_of(trail.kpi, trail.corrections, "RUB")[0] for trail in several), Decimal(0))
            assert above == (today[key].numerator or 0) - (frozen[key].numerator or 0), key
            assert all(trail.rest("RUB")[0] == 0 for trail in several)
            if several[0].kpi.bottom:
                below = sum((parts_of(trail.kpi, trail.corrections, "RUB")[1] for trail in several), Decimal(0))
                assert below == (today[key].denominator or 0) - (frozen[key].denominator or 0), key
                assert all(trail.rest("RUB")[1] == 0 for trail in several)
    assert compared >= 20


def moves(key: str) -> bool:
    from connector.kpi.catalogue import ALL
    from connector.kpi.corrections.steps import corrected

    return corrected(ALL[key])


def each_in_one(months: list[list[Corrected]]) -> None:
    seen: set[Any] = set()
    for found in (each for several in months for each in several):
        for one in (one for trail in found.trails for one in trail.corrections):
            key = one.kpi.key, one.user, one.known, one.difference.key
            assert key not in seen
            seen.add(key)
            assert found.since < one.known <= found.until


def august(one: Fact) -> Fact:
    """The same a month earlier."""
    days = 31 if one.day.year == 2026 else 0
    when = one.at.replace(month=8, day=min(one.at.day, 30)) if one.at.month == 9 else one.at.replace(month=7)
    day = one.day.replace(month=8, day=min(one.day.day, 30)) if days and one.day.month == 9 else one.day
    return replace(one, at=when, day=day)


def edited(chance: random.Random, one: Fact) -> Fact:
    """Sometimes another owner, amount, day, client or number."""
    match chance.randrange(12):
        case 0:
            return replace(one, user="502", owner_now="502")
        case 1:
            return replace(one, amount=7)
        case 2:
            return replace(one, omitted=None if one.omitted else "deleted")
        case 3:
            return replace(one, client="contact:9")
        case 4:
            return replace(one, number=100.0)
    return one
