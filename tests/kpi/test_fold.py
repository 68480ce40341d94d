"""Facts folded in Python: what each way of taking makes of one fact, of several, and of all of a KPI's sides."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from connector.fact import Confidence
from connector.kpi.definition import Kpi, Limits, Measure, Text, Where
from connector.kpi.fold import Cell, cell_of, fold, gather, value_of

AS_OF = 1_000_000


@dataclass(frozen=True)
class Row:
    """A fact as a cell needs it; moments are epoch milliseconds."""

    kind: str = "win"
    at: int = 0
    amount: int | None = None
    number: float | None = None
    other: float | None = None
    due_at: int | None = None
    pipeline_id: str | None = None
    source: str | None = None
    stage: str | None = None
    client: str | None = None
    confidence: Confidence = "exact"
    key: str = "win|deal:1"


def _half(stage: str | None, at: int) -> float | None:
    return 0.5 if stage == "offer" and at == 7 else None


LIMITS = Limits({"as_of": AS_OF}, {"as_of": AS_OF - 1}, lambda start, end: (end - start) / 4000, _half)


@pytest.mark.parametrize(
    ("take", "row", "value"),
    [
        ("clients", Row(client="contact:1"), "contact:1"),
        ("clients", Row(), None),
        ("expected", Row("open_deal", at=7, amount=301, stage="offer"), 150),
        ("expected", Row("open_deal", at=8, amount=301, stage="offer"), None),
        ("expected", Row("open_deal", at=7, stage="offer"), None),
        ("quantile", Row("call_out", number=65.0), 65.0),
        ("quantile", Row("call_out"), None),
        ("each", Row(client="contact:1", amount=250), ("contact:1", 250.0)),
        ("each", Row(amount=250), ("deal:1", 250.0)),
        ("each", Row(client="contact:1"), None),
    ],
)
def test_what_is_gathered_of_a_fact(take: Any, row: Row, value: object) -> None:
    of = "number" if take == "quantile" else "amount"
    assert value_of(Measure((row.kind,), take=take, of=of), row, LIMITS) == value


@pytest.mark.parametrize(
    ("row", "waited"),
    [
        (Row("enquiry", number=30.0), (30.0, True)),
        (Row("cycle", number=30.0, stage="won"), (30.0, True)),
        (Row("cycle", number=30.0, stage="lost"), (30.0, False)),
        (Row("enquiry", at=200_000), (200.0, False)),
        (Row("cycle", at=200_000), (800.0, False)),
        (Row("cycle", at=AS_OF + 5_000), (0, False)),
        (Row("cycle", at=AS_OF - 1), (0.001, False)),
    ],
)
def test_how_long_somebody_waited_and_whether_it_is_over(row: Row, waited: tuple[float, bool]) -> None:
    """Enquiries by the office's clock (a quarter of all time here), deals by the calendar's."""
    assert value_of(Measure((row.kind,), take="survival", of="number"), row, LIMITS) == waited


@pytest.mark.parametrize(
    ("measure", "row", "cell"),
    [
        (Measure(("win",)), Row(), Cell(1, 1, "exact")),
        (Measure(("win",)), Row(confidence="assumed"), Cell(1, 1, "assumed", assumed=1)),
        (Measure(("win",)), Row(confidence="observed"), Cell(1, 1, "observed")),
        (Measure(("win",), take="sum", of="amount"), Row(amount=250), Cell(250, 1, "exact")),
        (Measure(("win",), take="sum", of="amount"), Row(), Cell(0, 0, "exact", unpriced=1)),
        (Measure(("call_out",), take="sum", of="number"), Row("call_out"), Cell(Decimal(0), 0, "exact")),
        (Measure(("win",), take="squares"), Row(amount=30), Cell(Decimal(900), 1, "exact")),
        (Measure(("win",), take="squares"), Row(), Cell(Decimal(0), 0, "exact")),
        (Measure(("call_out",), take="squares", of="number"), Row("call_out", number=2.5), Cell(Decimal("6.25"), 1)),
        (Measure(("win_part",), take="squares"), Row("win_part", amount=30, number=0.25), Cell(Decimal(3600), 1)),
        (Measure(("win_part",), take="squares"), Row("win_part", amount=0, number=0.0), Cell(Decimal(0), 0)),
        (
            Measure(("call_out",), take="sum", of="number"),
            Row("call_out", number=2.5),
            Cell(Decimal("2.5"), 1, "exact"),
        ),
        (Measure(("win",), take="clients"), Row(client="a", confidence="assumed"), Cell(0, 1, "assumed", 0, ("a",), 1)),
        (Measure(("win",), take="clients"), Row(), None),
    ],
)
def test_what_a_fact_brings(measure: Measure, row: Row, cell: Cell | None) -> None:
    assert cell_of(measure, row, LIMITS) == cell


def test_cells_add_up_and_the_worst_confidence_stays() -> None:
    rows = [
        Row(amount=100, client="a"),
        Row(amount=250, client="b", confidence="observed"),
        Row(client="c", confidence="assumed"),
        Row("loss", amount=999),
    ]
    total = fold((Measure(("win",), take="sum", of="amount"), Measure(("win",), take="clients")), rows, LIMITS)
    assert total == Cell(350, 5, "assumed", 1, ("a", "b", "c"), 2)


def test_what_stands_is_held_against_the_period_s_end_and_what_happened_against_the_moment() -> None:
    due = Where("due_at", "le", "as_of")
    happened, stands = Measure(("task_due",), (due,)), Measure(("open_deal",), (due,))
    assert (happened.standing, stands.standing) == (False, True)
    rows = [Row("task_due", due_at=AS_OF), Row("open_deal", due_at=AS_OF), Row("open_deal", due_at=AS_OF - 1)]
    assert (fold((happened,), rows, LIMITS).n, fold((stands,), rows, LIMITS).n) == (1, 1)


def test_every_side_of_a_kpi_is_gathered() -> None:
    kpi = Kpi(
        "mean_deal",
        "money",
        Text("Средняя", "Mean"),
        Text("Средняя", "Mean"),
        (Measure(("win",), take="sum", of="amount"),),
        (Measure(("win",)), Measure(("loss",))),
        spread=Measure(("win",), take="quantile", of="amount"),
        ripens=(Measure(("enquiry",)),),
    )
    rows = [Row(amount=100), Row(amount=300), Row("loss"), Row("enquiry"), Row("enquiry"), Row("call_out")]
    found = gather(kpi, rows, LIMITS)
    assert (found.top.total, found.top.n) == (400, 2)
    assert (found.bottom.total, found.bottom.n) == (3, 3)
    assert found.spread.values == (100, 300)
    assert found.ripening == 2


def test_a_kpi_without_spread_has_none() -> None:
    kpi = Kpi("wins", "count", Text("П", "W"), Text("П", "W"), (Measure(("win",)),))
    found = gather(kpi, [Row(amount=100)], LIMITS)
    assert (found.spread, found.bottom, found.ripening) == (Cell(), Cell(), 0)


@pytest.mark.parametrize(
    ("row", "age"),
    [
        (Row("open_deal", at=AS_OF - 1 - 5000), None),
        (Row("open_deal", at=AS_OF - 1 - 5000, number=0.0), 5.0),
        (Row("open_deal", at=AS_OF - 1 - 5000, number=60.0), 65.0),
        (Row("open_deal", at=AS_OF - 1, number=0.0), 0.0),
        (Row("open_deal", at=AS_OF + 9000, number=60.0), 60.0),
    ],
)
def test_how_old_what_stands_is_at_the_periods_end(row: Row, age: float | None) -> None:
    assert value_of(Measure((row.kind,), take="age", of="number"), row, LIMITS) == age
