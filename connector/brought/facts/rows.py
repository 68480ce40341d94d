"""One imported row, judged: a record, or everything that is wrong with it in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from connector.brought.facts import cells
from connector.brought.facts.columns import COLUMNS, SHAPES, TELLING, WHATS, what_of
from connector.brought.facts.known import LONGEST, Known, clients_of, deal_of, readable
from connector.records import External, Ref, What
from connector.sheet import BadLine, Line

T = TypeVar("T")
MOST = 10**15
"""Minor units: what both databases still add up."""
SOON = timedelta(days=1)
"""Clocks and zones differ; what lies further ahead has not happened."""


def read(told: Mapping[str, str], known: Known) -> External | str:
    """The record of a row of stripped cells, or every problem of it in one line."""
    row = _Row(told, known)
    made = row.made()
    return "; ".join(row.problems) if row.problems or made is None else made


@dataclass(slots=True)
class _Row:
    told: Mapping[str, str]
    known: Known
    problems: list[str] = field(default_factory=list)

    def made(self) -> External | None:
        self.readable()
        key, what, at = self.key(), self.what(), self.moment("at")
        user, deal, client, code = self.user(), self.deal(), self.client(), self.currency()
        if what is None:
            return None
        self.shape(what)
        self.credited(what)
        amount, items = self.money("amount", code), self.number("items")
        record = External(
            id=key,
            what=what,
            at=at or self.known.now,
            user_id=user,
            deal=deal,
            client=client,
            amount=amount,
            currency=code if "amount" in SHAPES[what].needs else None,
            number=self.score(what, items),
            items=items,
            due_at=self.moment("due", end=True) if self.get("due") else None,
            paid=self.paid(amount, code),
            technique=self.name("technique"),
            reason=self.name("reason"),
        )
        self.same_sort(record)
        return record

    def get(self, column: str) -> str:
        return self.told.get(column, "")

    def bad(self, column: str, wanted: str) -> None:
        self.problems.append(f"{column} {self.get(column)!r} is not {wanted}")

    def readable(self) -> None:
        for column in COLUMNS:
            if self.get(column) and not readable(self.get(column)):
                self.bad(column, f"a text of at most {LONGEST} signs in one line")

    def key(self) -> str:
        key = self.get("key")
        if not key:
            self.problems.append("key is missing: it names the row, so that the same row again is the same")
        return key

    def what(self) -> What | None:
        what = what_of(self.get("what"))
        if what is None:
            self.bad("what", f"one of {', '.join(WHATS)}")
        return what

    def shape(self, what: What) -> None:
        """All it needs is there, and nothing that says something of another sort."""
        needs, knows = SHAPES[what]
        self.problems += [f"{column} is missing: a {what} needs it" for column in needs if not self.get(column)]
        strange = [name for name in TELLING if self.get(name) and name not in (*needs, *knows)]
        self.problems += [f"{column} {self.get(column)!r} says nothing of a {what}" for column in strange]

    def credited(self, what: What) -> None:
        if what == "training":
            if not self.get("user"):
                self.problems.append("user is missing: somebody was trained")
        elif not self.get("user") and not self.get("deal"):
            self.problems.append("neither user nor deal: it would be credited to nobody")

    def same_sort(self, record: External) -> None:
        held = self.known.held.get(record.id, record.what)
        if held != record.what:
            self.problems.append(f"key {record.id!r} is a {held} already: keys are unique whatever they name")

    def moment(self, column: str, *, end: bool = False) -> datetime | None:
        at = cells.moment(self.get(column), self.known.zone, end=end)
        if at is None:
            self.bad(column, "a day or moment such as 2026-09-20, 20.09.2026 14:30 or 2026-09-20T14:30:00+03:00")
        elif column == "at" and at > self.known.now + SOON:
            self.bad(column, "over yet: it lies in the future")
        return at

    def user(self) -> str | None:
        name = self.get("user")
        if not name:
            return None
        if name in self.known.users:
            return name
        found = [id for id, user in self.known.users.items() if _folded(user.name) == _folded(name)]
        if len(found) != 1:
            self.bad("user", "anybody's id or name" if not found else f"one person's name; give the id: {_list(found)}")
        return found[0] if found else None

    def deal(self) -> Ref | None:
        id = deal_of(self.told)
        if id is not None and id not in self.known.deals:
            self.bad("deal", "a deal that this account knows")
        return None if id is None else f"deal:{id}"

    def client(self) -> Ref | None:
        meant = clients_of(self.told)
        found = [ref for ref in meant if ref in self.known.clients]
        if meant and len(found) != 1:
            self.bad("client", "a client that this account knows" if not found else f"one client: {_list(found)}")
        return found[0] if found else None

    def currency(self) -> str:
        told = cells.currency(self.get("currency")) if self.get("currency") else self.known.currency
        if told is None:
            self.bad("currency", "a currency such as RUB")
        return told or self.known.currency

    def money(self, column: str, code: str) -> int | None:
        """More than nothing in `amount`; nothing is an answer in `paid`."""

        def read(text: str) -> int | None:
            told = cells.money(text, code)
            least = 1 if column == "amount" else 0
            return told.minor if told and told.currency == code and least <= told.minor <= MOST else None

        from_what = "above 0" if column == "amount" else "from 0 on"
        return self._read(column, read, f"an amount {from_what} in {code} (the column currency names another one)")

    def paid(self, amount: int | None, code: str) -> int | None:
        """So much, or all of it."""
        return amount if self.get("paid").casefold() in ("да", "yes", "true") else self.money("paid", code)

    def number(self, column: str) -> float | None:
        def read(text: str) -> float | None:
            told = cells.number(text)
            return told if told is not None and told > 0 else None

        return self._read(column, read, "a number above 0")

    def score(self, what: What, items: float | None) -> float | None:
        if what in ("objection", "technique"):
            wanted = "a part of 1 (0.8, 80 %, yes, no), or points with how many there are in items"
            return self._read("number", lambda text: cells.share(text, items), wanted)
        told = self._read("number", cells.number, "a number")
        if what == "script" and told is not None and items is not None and not 0 <= told <= items:
            self.problems.append(f"number {told:g} of {items:g} items is more than all, or less than none")
        return told

    def name(self, column: str) -> str | None:
        return " ".join(self.get(column).split()) or None

    def _read(self, column: str, read: Callable[[str], T | None], wanted: str) -> T | None:
        """None for an empty cell, and for one that is bad, which is noted."""
        if not self.get(column):
            return None
        value = read(self.get(column))
        if value is None:
            self.bad(column, wanted)
        return value


def judge(lines: Iterable[Line], known: Known) -> tuple[list[External], list[BadLine]]:
    """The records of these rows, and every bad one; a key may stand in one row only."""
    made: list[External] = []
    bad: list[BadLine] = []
    first: dict[str, int] = {}
    for line in lines:
        record, key = read(line.cells, known), line.get("key")
        problems = [record] if isinstance(record, str) else []
        if key and (before := first.setdefault(key, line.number)) != line.number:
            problems.append(f"key {key!r} stands in {before} already")
        if problems:
            bad.append(BadLine(line.number, "; ".join(problems)))
        elif isinstance(record, External):
            made.append(record)
    return made, bad


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
