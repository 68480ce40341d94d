"""Plans as people bring them: from the configuration and from a spreadsheet saved as CSV. Bad lines are reported."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from connector import sheet
from connector.config import PlanSettings
from connector.errors import BadConfig
from connector.kpi.catalogue import NEAR, unknown
from connector.result import Plan
from connector.sheet import BadLine

_COLUMNS = {
    "user": ("user", "пользователь", "менеджер", "сотрудник"),
    "team": ("team", "команда", "группа", "отдел"),
    "company": ("company", "компания"),
    "pipeline": ("pipeline", "воронка"),
    "kpi": ("kpi", "показатель"),
    "period": ("period", "период", "месяц"),
    "value": ("value", "plan", "значение", "план"),
    "reason": ("reason", "причина", "комментарий"),
}
COMPANY = "account"
"""The subject of the company's own plan."""
_NAMES = {alias: column for column, aliases in _COLUMNS.items() for alias in aliases}
_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
_MAX_LINES = 200_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: the good plans in its order, each with its line, and every bad line."""

    plans: tuple[Plan, ...]
    bad: tuple[BadLine, ...]
    lines: tuple[int, ...] = ()


def from_settings(settings: Sequence[PlanSettings], kpis: Collection[str] | None = None) -> tuple[Plan, ...]:
    """Plans of the configuration. Raises BadConfig with every problem, each with its number among `[[account.plan]]`;
    keys are checked where `kpis` are given.
    """
    known = {setting.kpi for setting in settings} if kpis is None else kpis
    rows = ((n, _written(setting)) for n, setting in enumerate(settings, 1))
    got = _collect(rows, known, "config")
    if got.bad:
        raise BadConfig([f"account.plan no. {bad.line}: {bad.problem}" for bad in got.bad])
    return got.plans


def one_plan(
    whose: Mapping[str, str | None],
    *,
    kpi: str,
    period: str,
    value: str,
    pipeline: str | None,
    author: str,
    reason: str,
) -> Plan:
    """A plan as somebody types it; `whose`: one of user, team (names or ids) and company. Raises BadConfig."""
    row = {name: text for name, text in whose.items() if text}
    row |= {"kpi": kpi, "period": period, "value": value, "pipeline": pipeline or "", "reason": reason}
    plan = _plan(row, (kpi,), author)
    if isinstance(plan, str):
        raise BadConfig([f"plan: {plan}"])
    return plan


def _written(setting: PlanSettings) -> dict[str, str]:
    named = {name: getattr(setting, name) or "" for name in ("user", "team", "kpi", "period", "pipeline", "reason")}
    return named | {"company": "true" if setting.company else "", "value": f"{setting.value:f}"}


def read_csv(data: bytes, kpis: Collection[str], author: str) -> Imported:
    """Plans of a CSV file: columns user, team or company, kpi, period, value, where wanted pipeline and reason (Russian
    headings too), in any order. Anything in `company` makes a line the company's.

    UTF-8 with or without BOM or Windows-1251, `;` or `,` or tab, decimal comma or point, spaces between thousands.
    """
    text = sheet.decode(data)
    lines = csv.reader(io.StringIO(text), delimiter=sheet.separator(text), strict=True)
    try:
        header = [_NAMES.get(name.strip().lower(), name.strip()) for name in next(lines, [])]
        missing = [name for name in ("kpi", "period", "value") if name not in header]
        if missing or not {"user", "team", "company"} & set(header):
            wanted = "user, team or company, kpi, period, value"
            return Imported((), (BadLine(1, f"the first line must name the columns {wanted}; it has {header}"),))
        return _collect(_rows(lines, header), kpis, author)
    except csv.Error as error:
        return Imported((), (BadLine(lines.line_num, f"the file is no CSV from here on ({error}); nothing was taken"),))


def _rows(lines: Iterator[list[str]], header: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for cells in lines:
        if any(cell.strip() for cell in cells):
            number = lines.line_num  # type: ignore[attr-defined]  # csv.reader has it, Iterator does not say so
            yield number, dict(zip(header, (cell.strip() for cell in cells), strict=False))


def _collect(rows: Iterator[tuple[int, dict[str, str]]], kpis: Collection[str], author: str) -> Imported:
    plans: dict[tuple[str, str, str, str], Plan] = {}
    bad: list[BadLine] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for line, row in rows:
        if line > _MAX_LINES:
            bad.append(BadLine(line, f"more than {_MAX_LINES} lines; the rest was not read"))
            break
        plan = _plan(row, kpis, author)
        if isinstance(plan, str):
            bad.append(BadLine(line, plan))
            continue
        key = (plan.subject, plan.kpi, plan.period, plan.pipeline)
        if key in plans:
            bad.append(BadLine(line, f"{plan.subject} {plan.kpi} {plan.period} stands in {seen[key]} already"))
            continue
        plans[key], seen[key] = plan, line
    return Imported(tuple(plans.values()), tuple(bad), tuple(seen[key] for key in plans))


def _plan(row: Mapping[str, str], kpis: Collection[str], author: str) -> Plan | str:
    """The plan of a row, or every problem of it in one line."""
    kpi, period, value = row.get("kpi", ""), row.get("period", ""), number(row.get("value", ""))
    subject, problems = _subject(row), []
    if subject is None:
        problems.append("a user, a team or the company, one of them")
    if kpi not in kpis:
        problems.append(unknown(kpi, get_close_matches(kpi, sorted(kpis), n=NEAR, cutoff=0.5)))
    if not _MONTH.match(period):
        problems.append(f"period {period!r} is no month such as 2026-09")
    if value is None:
        problems.append(f"value {row.get('value', '')!r} is no number from 0 on")
    if problems or value is None or subject is None:
        return "; ".join(problems)
    return Plan(
        subject=subject, kpi=kpi, period=period, pipeline=row.get("pipeline", ""), value=value,
        author=author, reason=row.get("reason", ""),
    )  # fmt: skip


def _subject(row: Mapping[str, str]) -> str | None:
    """Whose plan a row is; None where it names nobody, or more than one."""
    named = [f"{what}:{row[what]}" for what in ("user", "team") if row.get(what)]
    named += [COMPANY] if row.get("company") else []
    return named[0] if len(named) == 1 else None


def number(text: str) -> Decimal | None:
    """`2 500 000,50`, `2500000.5`, `2.500.000,50`; None where it is no finite number from 0 on."""
    bare = "".join(c for c in text if not unicodedata.category(c).startswith("Z")).replace("'", "")
    if "," in bare and "." in bare:  # whichever comes last is the decimal mark
        bare = bare.replace("." if bare.rfind(",") > bare.rfind(".") else ",", "")
    bare = bare.replace(",", ".")
    if not re.fullmatch(r"\+?\d+(\.\d+)?", bare, re.ASCII):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None
