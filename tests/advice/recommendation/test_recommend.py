"""Which KPIs are set: the article's example, balance, at most five, weights of a hundred, and no order of input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.advice.diagnosis.verdict import Verdict, judge
from connector.advice.recommendation.recommend import (
    BUDGETS,
    HEAVIEST,
    LIGHTEST,
    NEW_BUDGETS,
    Candidate,
    Effect,
    recommend,
    weighted,
)
from connector.advice.recommendation.stretch import Target
from connector.kpi.catalogue import ALL

KEYS = (
    "lead_answered_in_norm", "lead_won_share", "average_deal", "csat", "refund_share", "objection_handling",
    "script_compliance", "successful_call_share", "tasks_in_time", "retention", "technique_use",
)  # fmt: skip


def candidate(
    key: str, below: float = 0.5, gap: float = 0.0, *, n: int = 100, money: int | None = None, control: float = 1.0
) -> Candidate:
    effect = None if money is None else Effect(money, money // 2, money * 2)
    return Candidate(
        ALL[key], judge(below, gap, n, 20), 0.4, 0.4 * (1 + gap), 0.6, Target(0.5, None), control, 20, effect
    )


RESULT = candidate("revenue", money=1_000_000)
ANY = st.lists(
    st.builds(
        candidate,
        st.sampled_from(KEYS),
        st.floats(0, 1),
        st.floats(-0.5, 0.5),
        n=st.integers(0, 300),
        money=st.none() | st.integers(-(10**6), 10**8),
        control=st.sampled_from((0.0, 0.3, 0.6, 1.0)),
    ),
    max_size=9,
    unique_by=lambda one: one.kpi.key,
)


def test_the_example_of_the_article() -> None:
    """Trouble with objections: propose to raise the share of successful calls with objections handled."""
    weak = candidate("objection_handling", 0.97, 0.3, n=40, money=5_000_000)
    told = recommend([weak, candidate("lead_answered_in_norm"), candidate("csat")], RESULT)
    found = {one.candidate.kpi.key: one.role for one in told}
    assert found == {
        "revenue": "result", "lead_answered_in_norm": "hold", "csat": "hold", "objection_handling": "grow",
    }  # fmt: skip


@given(ANY, st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_balance_limits_and_weights(some: list[Candidate], with_result: bool, newcomer: bool, mixer: object) -> None:
    result = RESULT if with_result else None
    told = recommend(some, result, newcomer=newcomer)
    known = [one for one in some if one.known]
    keys = [one.candidate.kpi.key for one in told]
    assert len(keys) == len(set(keys)) <= 5
    assert len(keys) >= min(3, len(known) + with_result)
    families = {one.candidate.kpi.family for one in told}
    assert families >= {one.kpi.family for one in known} & {"process", "client", "quality"}
    assert all(one.candidate.known or one.role == "result" for one in told)
    assert sum(one.weight for one in told) == (100 if told else 0)
    assert all(one.weight % 5 == 0 and one.weight >= LIGHTEST for one in told)
    assert all(one.weight <= HEAVIEST for one in told) or len(told) == 1
    mixer.shuffle(some)  # type: ignore[attr-defined]
    assert recommend(some, result, newcomer=newcomer) == told


def test_of_two_weak_ones_the_costlier_comes_first_but_only_as_far_as_he_can_move_it() -> None:
    told = recommend(
        [
            candidate("lead_answered_in_norm", 0.95, 0.2, money=2_000_000),
            candidate("lead_won_share", 0.95, 0.2, money=3_000_000),
            candidate("average_deal", 0.95, 0.2, money=4_000_000, control=0.3),
        ],
        RESULT,
    )
    keys = [one.candidate.kpi.key for one in told]
    assert keys == ["revenue", "lead_won_share", "lead_answered_in_norm", "average_deal"]


def test_what_nobody_can_move_and_what_is_hardly_known_is_not_set() -> None:
    some = [candidate("lead_won_share", 0.99, 0.5, control=0.0), candidate("csat", 0.99, 0.5, n=5)]
    assert recommend(some, None) == []


def test_where_nothing_is_weak_a_strength_is_kept() -> None:
    told = recommend([candidate("successful_call_share", 0.02, -0.3), candidate("csat")], RESULT)
    assert [(one.candidate.kpi.key, one.role) for one in told] == [
        ("revenue", "result"), ("successful_call_share", "keep"), ("csat", "hold"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "new", "weights"),
    [
        (("revenue",), False, [100]),
        (("revenue", "csat"), False, [50, 50]),
        (("revenue", "lead_answered_in_norm", "csat"), False, [50, 25, 25]),
        (("revenue", "lead_answered_in_norm", "csat"), True, [20, 50, 30]),
        (("revenue", "lead_answered_in_norm", "csat", "objection_handling"), False, [50, 25, 10, 15]),
    ],
)
def test_weights(keys: tuple[str, ...], new: bool, weights: list[int]) -> None:
    chosen = recommend([candidate(key) for key in keys[1:]], candidate(keys[0]), newcomer=new)
    order = [next(one for one in chosen if one.candidate.kpi.key == key) for key in keys]
    assert [one.weight for one in order] == weights
    assert sum(one.weight for one in weighted(chosen, NEW_BUDGETS if new else BUDGETS)) == 100


def test_priority_grows_with_each_part() -> None:
    plain = Candidate(
        ALL["csat"], Verdict("likely", 0.85, 0.2, 50), 0.4, 0.5, 0.6, Target(0.5, None), 0.6, 20, Effect(100, 0, 200)
    )
    for better in (
        candidate("csat", 0.95, 0.2, n=50, money=100, control=0.6),
        candidate("csat", 0.85, 0.2, n=90, money=100, control=0.6),
        candidate("csat", 0.85, 0.2, n=50, money=100, control=1.0),
        candidate("csat", 0.85, 0.2, n=50, money=200, control=0.6),
    ):
        assert better.priority > plain.priority
