"""Where what the tallies came to goes: into the cells of the measures that are read from each.

Both ways end here, that of the facts and that of what is kept; a year's board takes in a hundred thousand parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.fact import Confidence
from connector.kpi.definition import Measure
from connector.kpi.fold import Cell, plain
from connector.kpi.tally import Tally

People = dict[str | None, Cell]
Total = int | float | Decimal | None
Make = Callable[[Confidence, int, int, Total], Cell]
Sink = list[tuple[People, Make]]


class Sinks:
    """`sources`: the tallies each measure is read from. `of`: for each tally, whose cells it adds to."""

    def __init__(self, sources: Mapping[Measure, Sequence[Tally]]) -> None:
        self.of: dict[Tally, Sink] = {}
        self._people: dict[Measure, People] = {one: {} for one in sources}
        for one, tallies in sources.items():
            for tally in tallies:
                self.of.setdefault(tally, []).append((self._people[one], cell_maker(one)))

    def filled(self) -> Iterator[tuple[Measure, People]]:
        """The measures of which anybody has facts."""
        return ((one, people) for one, people in self._people.items() if people)


def pour(sink: Sink, person: str | None, confidence: Confidence, passed: int, valued: int, total: Total) -> None:
    """One more part of a person's (kpi/tally.py)."""
    for people, make in sink:
        if (there := people.get(person)) is None:
            people[person] = make(confidence, passed, valued, total)
        else:
            there.add(make(confidence, passed, valued, total))


def cell_maker(one: Measure) -> Make:
    """What makes a measure's cells of parts: chosen once, as a year's board is made of a hundred thousand."""
    if one.take == "count":
        return _counted
    return _amount if one.of == "amount" and one.take == "sum" else _number


def _counted(confidence: Confidence, passed: int, valued: int, total: Total) -> Cell:
    if confidence == "assumed":
        return Cell(passed, passed, confidence, 0, (), passed)
    return Cell(passed, passed, confidence)


def _amount(confidence: Confidence, passed: int, valued: int, total: Any) -> Cell:
    assumed = passed if confidence == "assumed" else 0
    return Cell(total or 0, valued, confidence, passed - valued, (), assumed)  # of amounts an integer


def _number(confidence: Confidence, passed: int, valued: int, total: Total) -> Cell:
    return Cell(plain(total or 0), valued, confidence, 0, (), passed if confidence == "assumed" else 0)
