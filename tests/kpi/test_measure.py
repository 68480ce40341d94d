"""SQL and the fold in Python count alike, whatever the facts, now and as known at any moment, on both databases."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from connector.fact import STANDS, Fact
from connector.kpi.catalogue import ALL
from connector.kpi.definition import CREDITED, Credit, Measure, Where
from connector.kpi.fold import Cell, fold
from connector.kpi.kinds import KINDS
from connector.kpi.measure import Cells, measure, together
from connector.moment import Period
from connector.store.engine import Store
from tests.kpi.ground import LIMITS, Row, account, fact, know, seen, win

SEPTEMBER = Period.parse("2026-09")
MEASURES = tuple(
    dict.fromkeys(
        (
            *dict.fromkeys(one for kpi in ALL.values() for one in kpi.measures),
            Measure(("call_out", "call_in"), take="clients"),
            Measure(("call_out", "call_in"), (Where("number", "ge", "successful_call_seconds"),), "sum", "number"),
            Measure(("win",), take="quantile"),
            *(one.credited(credit) for kpi in ALL.values() for one in kpi.measures for credit in CREDITED),
        )
    )
)


def some(chance: random.Random, count: int) -> list[Fact]:
    """Facts of every sort around September; values sit on the thresholds as often as beside them."""
    return [
        fact(
            chance.choice(sorted(KINDS)),
            f"2026-{chance.choice(['08-31', '09-01', '09-15', '09-30'])}T{chance.choice(['20:59:59', '21:00:00'])}",
            chance.choice(["501", "502", "503", None]),
            client=chance.choice(["contact:1", "contact:2", None]),
            amount=chance.choice([None, 0, 5, 10**15]),
            number=chance.choice([None, 0, 1, 2, 4, 59, 60, 899, 900, 901]),
            other=chance.choice([None, 0, 9, 10, 365, 366]),
            stage=chance.choice([None, "won", "lost", "task", "activity"]),
            owner_now=chance.choice(["501", "502", None]),
            actor=chance.choice(["502", "503", None]),
            creator=chance.choice(["501", "503", None]),
            due_at=chance.choice([None, fact("x", "2026-09-30T23:59:59").at, fact("x", "2026-10-02T00:00:00").at]),
            confidence=chance.choice(["exact", "observed", "assumed"]),
            omitted=chance.choice([None, None, None, "junk"]),
        )
        for _ in range(count)
    ]


def whose(one: Measure, told: Fact) -> str | None:
    column = CREDITED[one.credit]
    credited: str | None = told.user if column == "user_id" else getattr(told, column)
    return credited


def by_hand(facts: list[Fact]) -> dict[tuple[Measure, str | None], Cell]:
    live = [told for told in facts if told.omitted is None and (SEPTEMBER.start <= told.day < SEPTEMBER.end)]
    live += [told for told in facts if told.omitted is None and told.day == STANDS]
    return {
        (one, user): fold([one], [Row(told) for told in live if whose(one, told) == user], LIMITS)
        for one in MEASURES
        for user in ("501", "502", "503", None)
    }


def same(cells: Cells, expected: dict[tuple[Measure, str | None], Cell]) -> None:
    for (one, user), cell in expected.items():
        found = cells.get(one, {}).get(user, Cell())
        assert (found.total, found.n, found.unpriced, sorted(found.values)) == (
            cell.total,
            cell.n,
            cell.unpriced,
            sorted(cell.values),
        )
        assert found.assumed == cell.assumed
        assert found.confidence == cell.confidence


@pytest.mark.parametrize("seed", range(5))
def test_the_statement_counts_what_the_fold_counts(store: Store, seed: int) -> None:
    facts = some(random.Random(seed), 400)
    with store.write() as conn:
        number = account(conn)
        know(conn, number, facts)
    with store.read() as conn:
        same(measure(conn, seen(number), MEASURES), by_hand(facts))


def test_every_past_moment_can_be_had_again(store: Store) -> None:
    chance = random.Random(7)
    known = {moment: some(chance, 60) for moment in (100, 200, 300)}
    with store.write() as conn:
        number = account(conn)
        for moment, facts in known.items():
            know(conn, number, facts, at=moment)
    with store.read() as conn:
        for as_of, facts in ((99, []), (100, known[100]), (199, known[100]), (200, known[200]), (None, known[300])):
            cells = measure(conn, seen(number, as_of=as_of), MEASURES)
            same(cells, by_hand(facts))


def test_sums_stay_integers_beyond_what_a_float_can_hold(store: Store) -> None:
    kopecks = [10**15 - 1] * 18 + [5]
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [win(user="501", roubles=None) for _ in range(2)] + [fact("win", amount=k) for k in kopecks])
    with store.read() as conn:
        revenue = ALL["revenue"].top[0]
        cell = measure(conn, seen(number), [revenue])[revenue]["501"]
    assert (cell.total, type(cell.total), cell.n, cell.unpriced) == (sum(kopecks), int, 19, 2)
    assert int(float(cell.total)) != cell.total


def test_another_accounts_facts_are_not_ours(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        know(conn, number + 1, [win()])
    with store.read() as conn:
        assert measure(conn, seen(number), MEASURES) == {}


def test_cells_add_up() -> None:
    one, other = Measure(("win",)), Measure(("loss",))
    cells: Any = {one: {"501": Cell(2, 2), "502": Cell(3, 3, "observed")}, other: {"501": Cell(5, 5, "assumed")}}
    assert together(cells, [one], ["501", "502", "503"]) == Cell(5, 5, "observed")
    assert together(cells, [one, other], ["501"]) == Cell(7, 7, "assumed")
    assert together(cells, [one], []) == Cell()


def test_a_sum_of_numbers_is_exact() -> None:
    talk = Measure(("call_out",), take="sum", of="number")
    cell = fold([talk], [Row(fact("call_out", number=60)), Row(fact("call_out", number=0.5))], LIMITS)  # type: ignore[list-item]
    assert cell.total == Decimal("60.5")


@pytest.mark.parametrize(
    ("credit", "user"),
    [("event", "501"), ("now", "502"), ("actor", "503"), ("creator", "509"), ("split", "501")],
)
def test_each_rule_credits_whom_it_names(sqlite_store: Store, credit: Credit, user: str) -> None:
    one = Measure(("win",), credit=credit)
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, [win(user="501", owner_now="502", actor="503", creator="509")])
        assert {person: cell.total for person, cell in measure(conn, seen(number), [one])[one].items()} == {user: 1}
