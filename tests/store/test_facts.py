"""Facts in two times."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from connector.fact import Fact
from connector.store import accounts, facts
from connector.store.engine import Store
from connector.store.facts import FACT, Delta

T0 = datetime(2026, 9, 1, 9, tzinfo=UTC)


def fact(key: str = "win|deal:1", **more: Any) -> Fact:
    values: dict[str, Any] = {"kind": "win", "at": T0, "day": date(2026, 9, 1), "user": "501", "amount": 100}
    return Fact(key=key, **(values | more))


@pytest.fixture
def account(store: Store) -> int:
    with store.write() as conn:
        return accounts.enroll(conn, "moscow", "amocrm")


def count(conn: Connection) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(FACT)).scalar_one())


def test_a_fact_reads_back_whole(store: Store, account: int) -> None:
    whole = fact(
        client="company:8", deal="1", lead="2", call="3", pipeline="31", source="site", number=1.5, due_at=T0,
        confidence="observed", omitted="junk", note="no rate for GBP",
    )  # fmt: skip
    with store.write() as conn:
        assert facts.replace(conn, account, {"company:8": [whole, fact("b", user=None)]}, known_at=1) == Delta(2, 0)
        assert facts.read(conn, account, ["company:8"]) == [fact("b", user=None), whole]


def test_the_same_again_changes_nothing(store: Store, account: int) -> None:
    with store.write() as conn:
        facts.replace(conn, account, {"a": [fact(number=0.1), fact("b")]}, known_at=1)
        assert facts.replace(conn, account, {"a": [fact("b"), fact(number=0.1)]}, known_at=2) == Delta(0, 0)
        assert count(conn) == 2


def test_what_changed_ends_and_begins(store: Store, account: int) -> None:
    with store.write() as conn:
        facts.replace(conn, account, {"a": [fact(), fact("b")]}, known_at=10)
        assert facts.replace(conn, account, {"a": [fact(amount=70), fact("b")]}, known_at=20) == Delta(1, 1)
        assert [f.amount for f in facts.read(conn, account, ["a"], as_of=19)] == [100, 100]
        assert [f.amount for f in facts.read(conn, account, ["a"], as_of=20)] == [100, 70]
        assert facts.read(conn, account, ["a"], as_of=9) == []
        assert count(conn) == 3


def test_a_dossier_without_facts_ends_all_of_its_own_only(store: Store, account: int) -> None:
    with store.write() as conn:
        other = accounts.enroll(conn, "kazan", "amocrm")
        for number in (account, other):
            facts.replace(conn, number, {"a": [fact()], "b": [fact()]}, known_at=1)
        assert facts.replace(conn, account, {"a": [], "never": []}, known_at=2) == Delta(0, 1)
        assert facts.read(conn, account, ["a", "b"]) == [fact()]
        assert len(facts.read(conn, other, ["a", "b"])) == 2


def test_a_fact_that_moves_to_another_dossier(store: Store, account: int) -> None:
    with store.write() as conn:
        facts.replace(conn, account, {"deal:1": [fact()]}, known_at=1)
        assert facts.replace(conn, account, {"deal:1": [], "company:8": [fact()]}, known_at=2) == Delta(1, 1)


def test_one_key_twice_counts_once(store: Store, account: int) -> None:
    with store.write() as conn:
        assert facts.replace(conn, account, {"a": [fact(amount=1), fact(amount=2)]}, known_at=1) == Delta(1, 0)
        assert facts.read(conn, account, ["a"]) == [fact(amount=2)]


def test_what_no_sum_can_hold_is_left_out_and_said(store: Store, account: int) -> None:
    odd = [fact("a", amount=2**70), fact("b", number=float("nan"))]
    with store.write() as conn:
        assert facts.replace(conn, account, {"d": odd}, known_at=1) == Delta(2, 0)
        assert facts.replace(conn, account, {"d": odd}, known_at=2) == Delta(0, 0)
        large, unclear = facts.read(conn, account, ["d"])
    assert (large.amount, large.note) == (None, "amount out of range")
    assert (unclear.number, unclear.note) == (None, None)


def test_many_dossiers_at_once(store: Store, account: int) -> None:
    many = {f"company:{n}": [fact(f"{n}-{m}", deal=str(n)) for m in range(3)] for n in range(3000)}
    with store.write() as conn:
        assert facts.replace(conn, account, many, known_at=1) == Delta(9000, 0)
        assert facts.replace(conn, account, dict.fromkeys(many, ()), known_at=2) == Delta(0, 9000)


facts_of = st.lists(
    st.builds(
        lambda key, amount, number, user: fact(key, amount=amount, number=number, user=user),
        st.sampled_from("abcd"), st.none() | st.integers(0, 3), st.none() | st.sampled_from((0.5, 1.0)),
        st.sampled_from((None, "501")),
    ),
    max_size=4, unique_by=lambda f: f.key,
)  # fmt: skip
derivations = st.lists(st.dictionaries(st.sampled_from(("x", "y", "z")), facts_of, max_size=3), max_size=8)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=derivations)
def test_every_past_moment_can_be_had_again(store: Store, steps: list[dict[str, list[Fact]]]) -> None:
    with store.write() as conn:
        conn.execute(FACT.delete())
        state: dict[str, list[Fact]] = {}
        history = []
        for moment, step in enumerate(steps, start=1):
            delta = facts.replace(conn, 1, step, known_at=moment * 10)
            assert delta == expected(state, step)
            assert facts.replace(conn, 1, step, known_at=moment * 10) == Delta(0, 0)
            state = state | step
            history.append((moment * 10, {key: sorted(several, key=lambda f: f.key) for key, several in state.items()}))
        for moment, then in history:
            for key, several in then.items():
                assert facts.read(conn, 1, [key], as_of=moment) == several
                assert facts.read(conn, 1, [key], as_of=moment + 9) == several


def expected(state: dict[str, list[Fact]], step: dict[str, list[Fact]]) -> Delta:
    """Counted the slow way."""
    before = [(key, f) for key in step for f in state.get(key, ())]
    after = [(key, f) for key, several in step.items() for f in several]
    return Delta(sum(f not in before for f in after), sum(f not in after for f in before))
