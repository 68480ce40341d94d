"""Why a number is another than it was: the differences fold to the change, and each has a reason that fits."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replaced

from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Kpi
from connector.kpi.diff.changes import Difference, Known, Scope, Version, change, differences, unmoved
from connector.kpi.diff.words import WHYS, reasons_of
from connector.kpi.fold import fold
from connector.kpi.kinds import KINDS
from connector.kpi.look import STANDING_DAY
from connector.moment import from_ms, to_ms
from connector.records import Owner, Price
from tests.kpi.ground import seen

SEPTEMBER = Scope(frozenset({"501"}), 20260901, 20261001)
THEN, LATER = to_ms(datetime(2026, 9, 15, tzinfo=UTC)), to_ms(datetime(2026, 9, 25, tzinfo=UTC))
WIN = Version(
    "win|deal:7", "win", THEN - 86_400_000, 20260914, "501", "contact:1", "7", None, 500, 1.0, None, None,
    None, None, None, "exact", None, None,
)  # fmt: skip
LOSS = replace(WIN, key="loss|deal:7", kind="loss", amount=None, number=None, at=THEN + 1, day=20260916)
ENQUIRY = replace(WIN, key="enquiry|deal:7", kind="enquiry", amount=None, number=None, due_at=THEN + 60_000)
CYCLE = replace(WIN, key="cycle|deal:7", kind="cycle", amount=None, number=60.0)
PART = replace(WIN, key="win_part|deal:7|501", kind="win_part", amount=300, number=0.6)
CALL = replace(WIN, key="call_out|call:3", kind="call_out", deal=None, amount=None, number=59.0)


def known(at: int, *facts: Version) -> Known:
    return Known(at, {fact.key: fact for fact in facts}, seen(at=at).limits)


def diff(kpi: str, then: list[Version], later: list[Version]) -> tuple[Difference, ...]:
    return differences(ALL[kpi], SEPTEMBER, known(THEN, *then), known(LATER, *later))


CASES: list[tuple[str, list[Version], list[Version], list[tuple[str, int, tuple[str, ...]]]]] = [
    ("revenue", [WIN], [WIN], []),
    ("revenue", [WIN], [replace(WIN, confidence="assumed", note="x", client="contact:2", number=2.0)], []),
    ("revenue", [WIN], [replace(WIN, at=WIN.at + 1, day=20260930)], []),
    ("revenue", [WIN], [replace(WIN, omitted="deleted")], [("deal:7", -500, ("deleted",))]),
    ("revenue", [WIN], [replace(WIN, omitted="junk")], [("deal:7", -500, ("junk",))]),
    ("revenue", [replace(WIN, omitted="deleted")], [WIN], [("deal:7", 500, ("restored",))]),
    ("revenue", [replace(WIN, omitted="junk")], [WIN], [("deal:7", 500, ("counts",))]),
    ("revenue", [WIN], [replace(WIN, user="502")], [("deal:7", -500, ("reassigned",))]),
    ("revenue", [replace(WIN, user=None)], [WIN], [("deal:7", 500, ("reassigned",))]),
    ("revenue", [WIN], [replace(WIN, user="502", amount=9)], [("deal:7", -500, ("reassigned", "repriced_after"))]),
    ("revenue", [WIN], [replace(WIN, amount=200)], [("deal:7", -300, ("repriced_after",))]),
    ("revenue", [replace(WIN, at=THEN + 1)], [replace(WIN, amount=200)], [("deal:7", -300, ("repriced",))]),
    ("revenue", [replace(WIN, at=THEN)], [replace(WIN, amount=200)], [("deal:7", -300, ("repriced_after",))]),
    ("revenue", [replace(WIN, omitted="merged")], [WIN], [("deal:7", 500, ("restored",))]),
    ("revenue", [replace(WIN, amount=None)], [WIN], [("deal:7", 500, ("rate_known",))]),
    ("revenue", [WIN], [replace(WIN, amount=None)], [("deal:7", -500, ("rate_lost",))]),
    ("revenue", [WIN], [replace(WIN, day=20261001)], [("deal:7", -500, ("moved",))]),
    ("revenue", [replace(WIN, day=20260831)], [WIN], [("deal:7", 500, ("moved",))]),
    ("revenue", [WIN], [], [("deal:7", -500, ("reopened",))]),
    ("revenue", [WIN], [LOSS], [("deal:7", -500, ("lost",))]),
    ("revenue", [LOSS], [WIN], [("deal:7", 500, ("won",))]),
    ("revenue", [], [WIN], [("deal:7", 500, ("late",))]),
    ("revenue", [], [replace(WIN, at=THEN)], [("deal:7", 500, ("late",))]),
    ("revenue", [], [replace(WIN, at=THEN + 1)], [("deal:7", 500, ("new",))]),
    ("revenue", [], [replace(WIN, amount=0)], [("deal:7", 0, ("late",))]),
    ("new_clients", [WIN], [replace(WIN, number=2.0)], [("deal:7", -1, ("number",))]),
    ("new_clients", [WIN], [replace(WIN, number=2.0, client="company:2")], [("deal:7", -1, ("number", "client"))]),
    ("outgoing_calls", [CALL], [replace(CALL, number=60.0)], []),
    ("successful_call_share", [CALL], [replace(CALL, number=60.0)], [("call:3", 1, ("number",))]),
    ("outgoing_calls", [CALL], [], [("call:3", -1, ("gone",))]),
    ("deal_cycle_days", [WIN, CYCLE], [replace(WIN, omitted="deleted")], [("deal:7", 0, ("deleted",))]),
    ("deal_cycle_days", [WIN, CYCLE], [], [("deal:7", 0, ("reopened",))]),
    ("deal_cycle_days", [WIN, CYCLE], [LOSS], [("deal:7", 0, ("lost",))]),
    ("deal_cycle_days", [WIN, CYCLE], [WIN], [("deal:7", 0, ("gone",))]),
    ("deal_cycle_days", [CYCLE], [replace(WIN, key="win|deal:8", omitted="deleted")], [("deal:7", 0, ("gone",))]),
    ("outgoing_calls", [WIN, CALL], [], [("call:3", -1, ("gone",))]),
    ("lead_answered_in_norm", [ENQUIRY], [ENQUIRY], [("deal:7", 0, ("time",))]),
    ("lead_answered_in_norm", [ENQUIRY], [replace(ENQUIRY, number=5.0)], [("deal:7", 1, ("number",))]),
    ("lead_answered_in_norm", [], [replace(ENQUIRY, due_at=LATER)], [("deal:7", 0, ("late",))]),
    ("lead_answered_in_norm", [], [replace(ENQUIRY, due_at=LATER + 1)], []),
    ("lead_response_minutes", [ENQUIRY], [replace(ENQUIRY, number=5.0)], [("deal:7", 0, ("number",))]),
]  # fmt: skip


@pytest.mark.parametrize(("kpi", "then", "later", "expected"), CASES)
def test_each_change_is_told_with_its_part_and_its_reason(
    kpi: str, then: list[Version], later: list[Version], expected: list[tuple[str, int, tuple[str, ...]]]
) -> None:
    found = [(one.fact.record, one.top[1].total - one.top[0].total, one.whys) for one in diff(kpi, then, later)]
    assert found == expected


@pytest.mark.parametrize(
    ("then", "later", "whys"),
    [
        ([WIN, PART], [], ("reopened",)),
        ([WIN, PART], [LOSS], ("lost",)),
        ([WIN, PART], [replace(WIN, omitted="deleted")], ("deleted",)),
        ([WIN, PART], [WIN], ("gone",)),
        ([LOSS], [WIN, PART], ("won",)),
    ],
)
def test_a_part_of_a_win_has_the_win_s_fate(then: list[Version], later: list[Version], whys: tuple[str, ...]) -> None:
    (one,) = differences(ALL["revenue"].credited("split"), SEPTEMBER, known(THEN, *then), known(LATER, *later))
    assert (one.fact.record, one.whys) == ("deal:7", whys)


def test_a_ratio_tells_both_sides() -> None:
    found = {one.fact.kind: one for one in diff("win_rate", [WIN], [LOSS])}
    parts = {kind: [cells[1].total - cells[0].total for cells in (one.top, one.bottom)] for kind, one in found.items()}
    assert parts == {"win": [-1, -1], "loss": [0, 1]}
    assert {one.whys for one in found.values()} == {("lost",)}


def test_differences_come_in_the_order_in_which_things_happened() -> None:
    several = [replace(WIN, key=f"win|deal:{n}", at=THEN - n) for n in range(5)]
    assert [one.fact.record for one in diff("revenue", [], several)] == [f"deal:{n}" for n in (4, 3, 2, 1, 0)]


def versions(seed: int, count: int) -> tuple[dict[str, Version], dict[str, Version]]:
    """Facts as known twice: the same, edited, gone, come."""
    chance = random.Random(seed)

    def one(number: int, kind: str) -> Version:
        return Version(
            f"{kind}|deal:{number}", kind, chance.choice([THEN - 1, THEN, THEN + 1]),
            chance.choice([20260831, 20260901, 20260930, 20261001]), chance.choice(["501", "501", "502", None]),
            chance.choice(["contact:1", "contact:2", None]), str(number), None,
            chance.choice([None, 0, 5, 10**15]), chance.choice([None, 0.0, 1.0, 2.0, 60.0, 900.0, 901.0]),
            chance.choice([None, 0.0, 10.0]), chance.choice([None, THEN, LATER, LATER + 1]), None, None,
            chance.choice([None, "won", "lost"]), "exact", chance.choice([None, None, "deleted", "junk"]),
            None,
        )  # fmt: skip

    kinds = sorted(KINDS)
    then = {fact.key: fact for fact in (one(number, chance.choice(kinds)) for number in range(count))}
    later = {}
    for key, fact in then.items():
        fate = chance.random()
        if fate < 0.3:
            later[key] = one(int(fact.deal or 0), fact.kind)
        elif fate < 0.85:
            later[key] = fact
    return then, later | {fact.key: fact for fact in (one(count + n, chance.choice(kinds)) for n in range(count // 4))}


@given(st.sampled_from(sorted(ALL)), st.integers(0, 10**6), st.integers(0, 60))
def test_the_differences_fold_to_the_change_and_every_one_says_why(key: str, seed: int, count: int) -> None:
    kpi: Kpi = ALL[key]
    before, after = versions(seed, count)
    then, later = (Known(at, told, seen(at=at).limits) for at, told in ((THEN, before), (LATER, after)))
    found = differences(kpi, SEPTEMBER, then, later)
    for place, side in enumerate((kpi.top, kpi.bottom)):
        old, new = (fold(side, sides.counted(SEPTEMBER), sides.limits) for sides in (then, later))
        cells = [(one.top, one.bottom)[place] for one in found]
        for name in ("total", "n", "unpriced"):
            parts = sum(getattr(cell[1], name) - getattr(cell[0], name) for cell in cells)
            assert parts == getattr(new, name) - getattr(old, name)
        left = sorted([*new.values, *(value for cell in cells for value in cell[0].values)], key=str)
        assert left == sorted([*old.values, *(value for cell in cells for value in cell[1].values)], key=str)
    for one in found:
        assert one.whys
        for language in ("ru", "en"):
            assert "{" not in reasons_of(one, {}, "RUB", language)  # type: ignore[arg-type]
    back = differences(kpi, SEPTEMBER, replace(later, at=THEN), replace(then, at=LATER))
    assert {one.key for one in back} == {one.key for one in found}


def test_every_word_agrees_in_gender_and_exists_in_both_languages() -> None:
    (gone,) = diff("revenue", [WIN], [replace(WIN, omitted="deleted")])
    (lead,) = diff(
        "lead_response_minutes",
        [replace(ENQUIRY, key="enquiry|lead:5", number=1.0)],
        [replace(ENQUIRY, key="enquiry|lead:5", number=1.0, omitted="deleted")],
    )
    assert (reasons_of(gone, {}, "RUB", "ru"), reasons_of(lead, {}, "RUB", "ru")) == ("удалена", "удалён")
    assert all(text.ru and text.en and "/" not in text.en for text in WHYS.values())


# What changed in closed deals without changing the number.

_AFTER = datetime(2026, 9, 20, tzinfo=UTC)
PRICE = Price(id="1", of="deal:7", at=_AFTER, amount=200, before=500)
OWNER = Owner(id="2", of="deal:7", at=_AFTER, user_id="502", before="501")


@pytest.mark.parametrize(
    ("kpi", "later", "change", "told"),
    [
        ("revenue", [WIN], PRICE, True),
        ("revenue", [WIN], OWNER, True),
        ("won_deals", [WIN], OWNER, True),
        ("won_deals", [WIN], PRICE, False),
        ("win_rate", [LOSS], OWNER, True),
        ("revenue", [LOSS], OWNER, False),
        ("revenue", [replace(WIN, user="502")], OWNER, False),
        ("revenue", [replace(WIN, amount=200)], PRICE, False),
        ("revenue", [WIN], replaced(PRICE, at=from_ms(WIN.at)), False),
        ("revenue", [WIN], replaced(PRICE, at=from_ms(WIN.at + 1)), True),
        ("revenue", [WIN], Price(id="1", of="deal:8", at=_AFTER, amount=2, before=5), False),
        ("revenue", [WIN], Price(id="1", of="deal:7", at=datetime(2026, 9, 1, tzinfo=UTC), amount=2, before=5), False),
    ],
)
def test_edits_after_the_close_are_told_where_the_number_stands(
    kpi: str, later: list[Version], change: Any, told: bool
) -> None:
    then = [LOSS] if later == [LOSS] else [WIN]
    found = unmoved(ALL[kpi], SEPTEMBER, known(THEN, *then), known(LATER, *later), [change])
    assert [one.change for one in found] == ([change] if told else [])


TALK = replace(CALL, number=60.0)
CYCLE = replace(WIN, key="cycle|deal:7", kind="cycle", amount=None, number=5.0)
CREATED = replace(WIN, key="created|deal:7", kind="created", number=5.0, stage="won")
REFUND = replace(WIN, key="refund|deal:7", kind="refund", number=1.0, due_at=THEN)


@pytest.mark.parametrize(
    ("kpi", "then", "later", "whys"),
    [
        ("refund_share", [], [REFUND], ["late"]),
        ("refund_share", [], [replace(REFUND, due_at=THEN + 1)], ["new"]),
        ("refund_share", [], [replace(REFUND, at=THEN + 1, due_at=THEN)], ["late"]),
        ("win_rate", [LOSS], [], ["reopened"]),
        ("win_rate", [LOSS], [WIN], ["won", "won"]),
        ("win_rate", [], [LOSS], ["new"]),
        ("win_rate", [replace(WIN, user="502")], [replace(WIN, user="502"), LOSS], ["lost"]),
        ("win_rate", [WIN, LOSS], [WIN], ["won"]),
        ("win_rate", [WIN, LOSS], [replace(WIN, omitted="junk"), LOSS], ["junk"]),
        ("median_deal", [WIN], [replace(WIN, amount=200)], ["repriced_after"]),
        ("revenue", [WIN], [replace(WIN, amount=200, client="contact:2", due_at=5)], ["repriced_after"]),
        ("deal_cycle_days", [CYCLE], [replace(CYCLE, number=9.0)], ["number"]),
        ("deal_cycle_estimate", [CREATED], [replace(CREATED, number=9.0)], ["number"]),
        ("contacted_clients", [TALK], [replace(TALK, client="contact:2")], ["client"]),
        ("lead_answered_in_norm", [replace(ENQUIRY, due_at=THEN)], [replace(ENQUIRY, due_at=LATER + 1)], ["due"]),
    ],
)  # fmt: skip
def test_the_reasons_of_what_is_rarer(kpi: str, then: list[Version], later: list[Version], whys: list[str]) -> None:
    assert [why for one in diff(kpi, then, later) for why in one.whys] == whys


def test_another_threshold_is_a_rule_and_the_clock_is_time() -> None:
    call = replace(CALL, number=100.0)
    strict, mild = (
        Known(at, {call.key: call}, seen(at=at, rules=Rules(successful_call_seconds=seconds)).limits)
        for at, seconds in ((THEN, 180), (LATER, 60))
    )
    (found,) = differences(ALL["successful_call_share"], SEPTEMBER, strict, mild)
    assert found.whys == ("rules",)


def test_money_is_told_in_units_and_counts_as_they_are() -> None:
    (gone,) = diff("revenue", [WIN], [])
    assert change(gone.top, "money", "RUB") == -5
    assert change(gone.top, "count", "RUB") == -500
    assert change(gone.top, "money", "JPY") == -500


def test_what_stands_counts_on_whatever_days_are_asked() -> None:
    stands = replace(WIN, day=STANDING_DAY)
    assert SEPTEMBER.counts(stands)
    assert not SEPTEMBER.counts(replace(stands, omitted="junk"))
    assert not SEPTEMBER.counts(replace(stands, user="502"))
    assert not SEPTEMBER.counts(None)


OPEN = replace(WIN, key="open_deal|deal:7", kind="open_deal", day=STANDING_DAY, number=60.0, stage="offer")


@pytest.mark.parametrize(
    ("kpi", "later", "whys"),
    [
        ("weighted_pipeline", replace(OPEN, amount=200), ("repriced",)),
        ("weighted_pipeline", replace(OPEN, number=90.0), ()),
        ("open_deal_age", replace(OPEN, number=90.0), ("number",)),
        ("open_deal_age", replace(OPEN, amount=200), ()),
    ],
)
def test_why_what_stands_is_another_number(kpi: str, later: Version, whys: tuple[str, ...]) -> None:
    """The clock is the same at both moments, so that nothing but the fact differs."""
    limits = replace(seen(at=LATER).limits, chance=lambda stage, since: 0.5)
    then, now = (Known(at, {fact.key: fact}, limits) for at, fact in ((THEN, OPEN), (LATER, later)))
    found = differences(ALL[kpi], SEPTEMBER, then, now)
    assert [one.whys for one in found] == ([whys] if whys else [])


def test_edits_are_of_a_close_and_of_no_other_fact_of_the_deal() -> None:
    then, later = (known(at, CYCLE) for at in (THEN, LATER))
    assert unmoved(ALL["deal_cycle_days"], SEPTEMBER, then, later, [OWNER]) == ()
