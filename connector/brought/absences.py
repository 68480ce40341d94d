"""Absences, hires and leavings as people bring them: a spreadsheet saved as CSV -> values, and every bad line. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from connector import sheet
from connector.records import Absence, User
from connector.sheet import BadLine, Line

What = Literal["vacation", "sick", "other", "hired", "left"]
_COLUMNS = {
    "user": ("user", "пользователь", "менеджер", "сотрудник", "фио"),
    "from": ("from", "first", "с", "начало", "дата", "дата начала", "date"),
    "to": ("to", "last", "по", "конец", "окончание", "дата окончания"),
    "kind": ("kind", "type", "вид", "тип", "причина", "вид отсутствия"),
}
_KINDS: dict[str, What] = {
    "vacation": "vacation", "отпуск": "vacation", "ежегодный отпуск": "vacation", "отпуск ежегодный": "vacation",
    "sick": "sick", "illness": "sick", "больничный": "sick", "болезнь": "sick",
    "other": "other", "": "other", "прочее": "other", "другое": "other", "отгул": "other", "командировка": "other",
    "отсутствие": "other", "прогул": "other", "декрет": "other", "обучение": "other", "за свой счёт": "other",
    "за свой счет": "other",
    "hired": "hired", "принят": "hired", "принята": "hired", "приём": "hired", "прием": "hired",
    "left": "left", "уволен": "left", "уволена": "left", "увольнение": "left",
}  # fmt: skip
LONGEST = timedelta(days=3 * 366)
"""Longer is a slip of the pen: parental leave is up to three years."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: good absences in its order, by user id, and every bad line."""

    absences: tuple[Absence, ...]
    bad: tuple[BadLine, ...]


def read_csv(data: bytes, users: Mapping[str, User]) -> Imported:
    """Columns user (id or name), from, to (both days included; empty: one day), kind (empty: other absence)."""
    found: dict[str, Absence] = {}
    bad: list[BadLine] = []
    once: dict[tuple[str, str], int] = {}
    for line in sheet.lines(data, _COLUMNS, ("user", "from")):
        told = line if isinstance(line, BadLine) else _absence(line, users)
        if isinstance(told, BadLine):
            bad.append(told)
            continue
        assert isinstance(line, Line)
        if told.what in ("hired", "left"):
            before = once.setdefault((told.user_id, told.what), line.number)
            if told.id not in found and before != line.number:
                bad.append(BadLine(line.number, f"{told.what} of {line.get('user')!r} stands in line {before} already"))
                continue
        found[told.id] = told
    return Imported(tuple(found.values()), tuple(bad))


def _absence(line: Line, users: Mapping[str, User]) -> Absence | BadLine:
    """What a line says, or every problem of it."""
    user, what = _who(line.get("user"), users), _KINDS.get(line.get("kind").casefold())
    first = sheet.day(line.get("from"))
    last = sheet.day(line.get("to")) if line.get("to") else first
    problems = [user] if user not in users else []
    if what is None:
        problems.append(
            f"kind {line.get('kind')!r} is none of vacation, sick, other, hired, left (отпуск, больничный, …)"
        )
    problems += _days(line, first, last)
    if problems or what is None or first is None or last is None:
        return BadLine(line.number, "; ".join(problems))
    if what in ("hired", "left") and last != first:
        return BadLine(line.number, f"{what} is one day; leave the second date empty")
    return Absence.of(user, what, first, last)


def _days(line: Line, first: date | None, last: date | None) -> list[str]:
    """What is wrong with the two days."""
    wrong = [
        f"{line.get(column)!r} is no day such as 2026-07-06 or 06.07.2026"
        for column, day in (("from", first), ("to", last))
        if day is None and (column == "from" or line.get(column))
    ]
    if first is not None and last is not None and not timedelta(0) <= last - first <= LONGEST:
        wrong.append(f"from {first} to {last} is " + ("backwards" if last < first else "longer than three years"))
    return wrong


def _who(name: str, users: Mapping[str, User]) -> str:
    """The id of whoever is meant by id or name, else what is wrong in words."""
    if name in users:
        return name
    wanted = _folded(name)
    ids = [id for id, user in users.items() if wanted and wanted == _folded(user.name)]
    if len(ids) == 1:
        return ids[0]
    return f"user {name!r} is {'nobody in the CRM' if not ids else 'more than one, give the id'}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())
