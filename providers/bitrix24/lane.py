"""Lanes: the portal's lists, each walked by id. Several lanes travel in one batch. Fact sheet 2.3, 3.13.

A lane's commands are chained: each reads the 50 rows after the last id of the one before. Where a command comes short,
its successor's reference is empty and the portal starts over: such rows are dropped. A short page alone is no proof of
the end; the same list asked from its other end in the same batch is: when its highest id is one we have, we have all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.errors import Broken, KpiError
from providers.bitrix24 import php
from providers.bitrix24.batch import PAGE, Command, Reply

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lane:
    """One list method with its fixed parameters, and how this method wants to be asked."""

    name: str
    method: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that never change: entityTypeId, select."""
    where: Mapping[str, Any] = field(default_factory=dict)
    """Conditions that never change."""
    id: str = "ID"
    """The id's name in answers."""
    ask: str = ""
    """The id's name in questions, where it is another (tasks)."""
    inside: str = ""
    """The key of `result` that holds the rows; "" where `result` is the list itself."""
    changed: str = ""
    """The field that moves with every edit; "" for a list that only grows."""
    changed_in_rows: str = ""
    """Its name in answers, where it is another (tasks)."""
    words: tuple[str, str] = ("filter", "order")
    """What this method calls the condition and the sorting."""
    flat_order: bool = False
    """Sorting as two strings, SORT and ORDER, not as a map (telephony, users)."""
    uncounted: bool = True
    """Whether `start=-1` is documented: no COUNT on the portal's side."""

    def ids(self, row: Row) -> int:
        """A row's id. Raises ValueError where there is none."""
        return int(str(row.get(self.id)))

    def page(self, after: int | str, since: str | None, *, newest_first: bool = False) -> Command:
        """The 50 rows with the next higher ids, or the 50 with the highest."""
        ask = self.ask or self.id
        condition = {**self.where, f">{ask}": after}
        if since is not None and self.changed:
            condition[f">={self.changed}"] = since
        return Command(self.method, {**self.fixed, **self._form(condition, ask, newest_first)})

    def newest(self) -> Command:
        """The rows changed last, without any condition on time: a witness that the portal's time filter works."""
        return Command(self.method, {**self.fixed, **self._form(dict(self.where), self.changed, True)})

    def reference(self, command: str) -> str:
        """How the portal names the last id of a full page of an earlier command."""
        inside = f"[{self.inside}]" if self.inside else ""
        return f"$result[{command}]{inside}[{PAGE - 1}][{self.id}]"

    def rows(self, result: Any) -> list[Row]:
        """The rows of an answer. Raises ValueError where it has another shape."""
        held = php.table(result).get(self.inside) if self.inside else result
        if self.inside and held is None and result not in ([], {}, None):
            raise ValueError(f"no {self.inside!r} in the answer")
        found = php.rows(held)
        if not all(isinstance(row, dict) for row in found):
            raise ValueError("a row is no map")
        return found

    def _form(self, condition: Row, by: str, newest_first: bool) -> Row:
        direction = "DESC" if newest_first else "ASC"
        filter_word, order_word = self.words
        form: Row = {filter_word: condition} if condition else {}
        if self.flat_order:
            sort_word = "SORT" if order_word == "ORDER" else "sort"
            form |= {sort_word: by, order_word: direction}
        else:
            form[order_word] = {by: direction}
        if self.uncounted:
            form["start"] = -1
        return form


@dataclass(frozen=True, slots=True)
class Leg:
    """What to read of one lane in one batch: `pages` pages after id `after`, changed since `since`."""

    lane: Lane
    after: int
    since: str | None
    pages: int
    witness: bool = False
    """Ask for the rows changed last, too."""
    top: int | None = None
    """The highest id as it was, where this leg is far from it and need not look again: it cannot prove the end then."""
    label: str = ""
    """What its commands are called, where a batch holds several legs of one lane."""

    @property
    def name(self) -> str:
        """What its commands begin with."""
        return self.label or self.lane.name

    def commands(self) -> dict[str, Command]:
        """The chain, the look from the other end, and the witness."""
        name = self.name
        chain: dict[str, Command] = {}
        after: int | str = self.after
        for number in range(self.pages):
            chain[f"{name}_{number}"] = self.lane.page(after, self.since)
            after = self.lane.reference(f"{name}_{number}")
        if self.top is None:
            chain[f"{name}_top"] = self.lane.page(self.after, self.since, newest_first=True)
        if self.witness:
            chain[f"{name}_newest"] = self.lane.newest()
        return chain


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came: rows by ascending id, the last id reached, the highest there is, and whether that was all."""

    rows: list[Row]
    last: int
    top: int
    ended: bool
    newest: Row | None = None


def gather(leg: Leg, outcomes: Mapping[str, Reply | KpiError]) -> Stretch:
    """Join a leg's answers. Raises its first refusal, and Broken where ids do not ascend (a filter was ignored)."""
    rows: list[Row] = []
    last, ended = leg.after, False
    for page in _pages(leg, outcomes):
        last = _ascend(leg.lane, page, last)
        rows += page
        ended = len(page) < PAGE
        if ended:
            break
    if leg.top is not None:
        return Stretch(rows, last, leg.top, False)
    top = max((leg.lane.ids(row) for row in _answer(leg.lane, f"{leg.name}_top", outcomes)), default=0)
    newest = None
    if leg.witness:
        newest = next(iter(_answer(leg.lane, f"{leg.name}_newest", outcomes)), None)
    return Stretch(rows, last, top, (ended or top == last) and top <= last, newest)


def _pages(leg: Leg, outcomes: Mapping[str, Reply | KpiError]) -> Iterator[list[Row]]:
    for number in range(leg.pages):
        yield _answer(leg.lane, f"{leg.name}_{number}", outcomes)


def _answer(lane: Lane, name: str, outcomes: Mapping[str, Reply | KpiError]) -> list[Row]:
    outcome = outcomes[name]
    if isinstance(outcome, KpiError):
        raise outcome
    try:
        return lane.rows(outcome.result)
    except ValueError as error:
        raise Broken(f"{lane.method} was answered with {error}", where=name) from None


def _ascend(lane: Lane, page: list[Row], last: int) -> int:
    """The last id of a page whose ids must strictly ascend from `last`."""
    for row in page:
        try:
            number = lane.ids(row)
        except ValueError:
            raise Broken(f"{lane.method} gave a row without an id") from None
        if number <= last:
            raise Broken(
                f"{lane.method} gave id {number} after {last}: the portal does not keep to the order asked for"
            )
        last = number
    return last
