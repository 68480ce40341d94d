"""However the records in doubt truly are, no KPI leaves its limits, and each limit is reached by some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.health.quality import Look
from connector.health.quality_doubt import deals_without_step, wins_without_amount
from connector.health.spoilt import spoilt
from connector.health.sway import Ground, Imagined, Ways, swayed
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Kpi, Limits
from connector.kpi.evaluate import Given, evaluate
from connector.kpi.fold import gather
from connector.records import Deal
from connector.result import Result
from tests.health.rows import LIMITS, NOON, Rows

HOW = Limits(LIMITS, LIMITS, lambda start, until: (until - start) / 1000, lambda stage, since: 0.25)
KPIS = (
    "revenue", "average_deal", "median_deal", "win_rate", "repeat_revenue_share", "loss_reason_share", "refund_share",
    "csat_response", "pipeline_amount", "weighted_pipeline", "open_deal_age", "revenue_per_lead",
)  # fmt: skip
AMOUNTS = st.sampled_from([0, 1, 100, 250, 900])


def fact(kind: str, number: int = 1, amount: int = 100) -> Imagined:
    """One that counts wherever its kind does."""
    at = LIMITS["as_of"] - number * 86_400_000
    return Imagined("x", kind, int(at), amount=amount, number=number, due_at=int(at), stage="1/2", client="contact:1")


KINDS = st.sampled_from(["win", "loss", "refund", "rating", "open_deal", "enquiry"])
FACTS = st.builds(fact, KINDS, st.integers(0, 3), AMOUNTS)
WAYS = st.lists(st.lists(FACTS, max_size=2), min_size=1, max_size=3)


def value(kpi: Kpi, rows: Iterable[Imagined]) -> Decimal | None:
    """As a report has it."""
    return evaluate(kpi, "", "", gather(kpi, rows, HOW), currency="RUB", given=Given()).value


def ground(rows: Iterable[Imagined]) -> Ground:
    facts: dict[str, list[Imagined]] = defaultdict(list)
    for row in rows:
        facts[row.kind].append(row)
    return Ground(facts, HOW, "RUB")


def every(sure: Sequence[Imagined], doubtful: Sequence[Ways]) -> Iterable[list[Imagined]]:
    for chosen in product(*doubtful):
        yield [*sure, *(row for way in chosen for row in way)]  # type: ignore[misc]


@pytest.mark.parametrize("key", KPIS)
@given(sure=st.lists(FACTS, max_size=6), doubtful=st.lists(WAYS, min_size=1, max_size=3))
def test_the_limits_are_those_of_every_way_it_may_be(
    key: str, sure: list[Imagined], doubtful: list[list[list[Imagined]]]
) -> None:
    kpi = ALL[key]
    one_value = kpi.top[0].take in ("quantile", "age")
    if one_value:
        doubtful = [[way[:1] for way in ways] for ways in doubtful]
    now = value(kpi, [*sure, *(row for ways in doubtful for row in ways[0])])
    told = swayed(kpi, ground(sure), doubtful)
    worths = [value(kpi, rows) for rows in every(sure, doubtful)]
    if not kpi.ratio and not one_value:
        worths = [one or Decimal(0) for one in worths]
    possible = [one for one in worths if one is not None]
    if now is None or told is None:
        assert now is None or told is not None or set(possible) == {now}
        return
    if told.claim == "unknown":
        assert any(not gather(kpi, rows, HOW).bottom.total for rows in every(sure, doubtful)), "all below may be gone"
        return
    close = Decimal("1e-20")
    assert told.value is not None and told.low is not None and told.high is not None
    assert abs(told.value - now) < close
    assert abs(told.low - min(possible)) < close
    assert abs(told.high - max(possible)) < close


def test_a_plan_and_worked_days_are_as_reported() -> None:
    win = fact("win", amount=10_000)
    doubtful = [[[fact("win", amount=0)], [fact("win", amount=5_000)]]]
    for key, below in (("plan_attainment", 400), ("revenue_per_day", 4)):
        result = Result(
            kpi=key, subject="team:company", period="2026-09", unit="money", value=Decimal(1),
            denominator=Decimal(below),
        )  # fmt: skip
        reported = Ground({"win": [win]}, HOW, "RUB", {key: result})
        told = swayed(ALL[key], reported, doubtful)
        assert told is not None
        assert (told.value, told.high) == (Decimal(100) / below, Decimal(150) / below)
        assert swayed(ALL[key], Ground({"win": [win]}, HOW, "RUB", {}), doubtful) is None
        assert swayed(ALL[key], ground([win]), doubtful) is None


def test_what_is_left_of_a_plan_shrinks_with_the_revenue() -> None:
    standing = fact("open_deal", amount=20_000)
    left = Result(
        kpi="plan_coverage", subject="team:company", period="2026-09", unit="share", value=Decimal(1),
        denominator=Decimal(100),
    )  # fmt: skip
    some = Ground({"open_deal": [standing]}, HOW, "RUB", {"plan_coverage": left})
    for amount, claim, high in ((5_000, "limit", Decimal(4)), (20_000, "unknown", None)):
        told = swayed(ALL["plan_coverage"], some, [[[fact("win", amount=0)], [fact("win", amount=amount)]]])
        assert told is not None
        assert (told.claim, told.value, told.high) == (claim, Decimal(2), high)


def test_a_kpi_without_a_value_or_out_of_reach_is_not_named() -> None:
    doubtful = [[[fact("win", amount=0)], [fact("win", amount=5_000)]]]
    assert swayed(ALL["calls"], ground([fact("call_out")]), doubtful) is None
    assert swayed(ALL["won_deals"], ground([]), doubtful) is None, "it is won whatever it was worth"
    assert swayed(ALL["revenue"], Ground({}, HOW, "RUB", {}), doubtful) is None


def look(rows: Rows) -> Look:
    made = rows.look()
    return Look(made.facts, NOON, "Europe/Moscow", "RUB", LIMITS, (), HOW)


def test_wins_for_nothing_are_worth_the_biggest_of_their_pipeline_at_most() -> None:
    rows = Rows()
    for amount, pipeline in ((100_00, "1"), (300_00, "1"), (5_000_00, "2"), (0, "1"), (0, "3")):
        rows.add("win", amount=amount, pipeline_id=pipeline)
    [found] = wins_without_amount(look(rows))
    told = {one.kpi: one for one in found.effects}["revenue"]
    assert (told.value, told.under, told.over, told.likely) == (5_400, 300 + 5_000, 0, 5_400 + 2 * 1_800)
    assert "revenue" in spoilt([found])


def test_wins_for_nothing_among_none_that_have_a_price_cannot_be_bounded() -> None:
    rows = Rows()
    rows.add("win", amount=0)
    [found] = wins_without_amount(look(rows))
    assert [(one.kpi, one.claim) for one in found.effects] == [("revenue", "unknown")]


def test_a_purchase_that_may_belong_to_another_is_of_unknown_effect() -> None:
    rows = Rows()
    for amount in (100_00, 0):
        win = rows.add("win", amount=amount)
        rows.add("purchase", amount=amount, deal_id=win.deal_id)
    [found] = wins_without_amount(look(rows))
    told = {one.kpi: one.claim for one in found.effects}
    assert (told["average_purchase"], told["average_deal"]) == ("unknown", "limit")


def test_only_the_win_rate_of_idle_deals_keeps_anybody_from_being_spoken_to() -> None:
    rows = Rows()
    rows.add("win", amount=100_00)
    rows.add("loss", number=2)
    rows.add("open_deal", deal_id="9", amount=900_00)
    made = look(rows)
    idle = Deal(id="9", created_at=NOON.replace(day=1), owner_id="501", pipeline_id="1", stage_id="1/2")
    [found] = deals_without_step(made, [idle], set(), NOON)
    assert {"win_rate", "loss_reason_share"} <= {one.kpi for one in found.effects}
    assert "deals_without_next_step" not in {one.kpi for one in found.effects}
    assert set(spoilt([found])) == {"win_rate"}
