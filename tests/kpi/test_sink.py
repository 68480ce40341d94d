"""What parts come to, and how they meet in the cells of several measures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.kpi.definition import Measure
from connector.kpi.fold import Cell
from connector.kpi.sink import Sinks, cell_maker, pour
from connector.kpi.tally import Part, Tally

WINS, REVENUE, NUMBERS = Measure(("win",)), Measure(("win",), take="sum"), Measure(("win",), take="sum", of="number")


@pytest.mark.parametrize(
    ("one", "part", "told"),
    [
        (WINS, Part("exact", 5, 3, 700), Cell(5, 5, "exact")),
        (WINS, Part("assumed", 5, 3, 700), Cell(5, 5, "assumed", assumed=5)),
        (REVENUE, Part("exact", 5, 3, 700), Cell(700, 3, "exact", unpriced=2)),
        (REVENUE, Part("exact", 5, 0, None), Cell(0, 0, "exact", unpriced=5)),
        (REVENUE, Part("assumed", 5, 5, 700), Cell(700, 5, "assumed", assumed=5)),
        (NUMBERS, Part("observed", 5, 3, 0.5), Cell(Decimal("0.5"), 3, "observed")),
        (NUMBERS, Part("observed", 5, 0, None), Cell(Decimal(0), 0, "observed")),
    ],
)
def test_what_a_part_comes_to(one: Measure, part: Part, told: Cell) -> None:
    assert cell_maker(one)(*part) == told


def test_a_part_goes_to_every_measure_read_from_its_tally() -> None:
    both, losses = Tally("win", (), "amount"), Tally("loss")
    ends = Measure(("win", "loss"))
    sinks = Sinks({WINS: [both], REVENUE: [both], ends: [both, losses], NUMBERS: [Tally("win", (), "number")]})
    pour(sinks.of[both], "501", *Part("exact", 2, 2, 900))
    pour(sinks.of[both], "501", *Part("assumed", 1, 0, None))
    pour(sinks.of[losses], None, *Part("observed", 4, 0, None))
    assert dict(sinks.filled()) == {
        WINS: {"501": Cell(3, 3, "assumed", assumed=1)},
        REVENUE: {"501": Cell(900, 2, "assumed", unpriced=1, assumed=1)},
        ends: {"501": Cell(3, 3, "assumed", assumed=1), None: Cell(4, 4, "observed")},
    }
