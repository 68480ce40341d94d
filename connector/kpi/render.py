"""A report as people and machines read it: tables, JSON, CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from connector.kpi.catalogue import GROUPS
from connector.kpi.definition import Kpi, Language, Text
from connector.kpi.engine import Report
from connector.kpi.words import LEFT_OUT, REASONS
from connector.moment import from_ms
from connector.money import minor_digits
from connector.result import Result

_NBSP = "\u00a0"
_WHO = {"user": Text("Менеджер", "Seller"), "team": Text("Команда", "Team")}
_FOOT = Text("* см. пояснение; — нечего измерять", "* see the note; — nothing to measure")
_LEFT = Text("Не учтено", "Left out")
_CLOSED = Text("закрыт", "closed")
_COLUMNS = (
    "account", "period", "subject", "id", "name", "kpi", "value", "unit", "numerator", "denominator", "n",
    "interval_low", "interval_high", "enough", "confidence", "reason", "closed_at",
)  # fmt: skip


def as_json(report: Report) -> str:
    """The documented shape: money as decimal strings, shares and minutes as numbers, counts as integers."""
    told = {
        "account": report.account,
        "period": report.period.label,
        "as_of": from_ms(report.as_of).astimezone(UTC).isoformat(),
        "closed_at": _closed(report),
        "currency": report.currency,
        "kpis": _rows(report, "user", report.users),
        "teams": _rows(report, "team", report.teams),
        "omitted": dict(report.omitted),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_csv(report: Report, language: Language = "ru") -> str:
    """One line a KPI and subject, numbers as in the JSON."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for kind, names in (("user", report.users), ("team", report.teams)):
        for row in _rows(report, kind, names):
            who, interval = row.pop(kind), row.pop("interval") or (None, None)
            told = row | {"subject": kind, "account": report.account, "period": report.period.label}
            told |= {"id": _inert(who["id"]), "name": _inert(who["name"])}
            told |= {"interval_low": interval[0], "interval_high": interval[1], "closed_at": _closed(report)}
            writer.writerow(["" if told[name] is None else told[name] for name in _COLUMNS])
    return out.getvalue()


def as_table(report: Report, language: Language = "ru", *, width: int = 140) -> str:
    """A table for each family of KPIs, people first and then teams; notes below say what is not to be trusted."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    closed = f" · {_CLOSED(language)} {report.closed_at:%d.%m.%Y}" if report.closed_at else ""
    console.print(f"{report.account} · {report.period.label} · {report.currency}{closed}", markup=False)
    told = {kpi.key for kpi in report.kpis}
    for kind, names in (("user", report.users), ("team", report.teams)):
        values = {(id, result.kpi): result for id, result in report.of(kind)}
        for title, family in GROUPS:
            kpis = [kpi for kpi in family if kpi.key in told]
            if names and kpis:
                heading = f"{title(language)}: {_WHO[kind](language).lower()}"
                console.print(_table(heading, kind, names, kpis, values, report.currency, language))
    for line in _notes(report, language):
        console.print(line, markup=False)
    file: Any = console.file
    return str(file.getvalue())


RENDERERS: dict[str, Callable[[Report, Language], str]] = {
    "table": as_table,
    "json": lambda report, language: as_json(report),
    "csv": as_csv,
}
"""By the name of the format."""


def exact(value: Decimal | None, *, money: bool, currency: str) -> str | None:
    """Money to the minor unit as a decimal string, everything else without needless zeros."""
    if value is None:
        return None
    return f"{value:.{minor_digits(currency)}f}" if money else f"{value.normalize():f}"


def number(value: Decimal | None, *, money: bool, currency: str) -> str | int | float | None:
    """As JSON has it: money as a decimal string, whole numbers as integers, the rest as numbers."""
    if value is None or money:
        return exact(value, money=money, currency=currency)
    return int(value) if value == value.to_integral_value() else float(value)


def shown(value: Decimal | None, unit: str, currency: str, language: Language) -> str:
    """As a person reads it: 1 234,50; 33,3 %; 12,5."""
    if value is None:
        return "—"
    digits = {"money": minor_digits(currency), "count": 0, "share": 1}.get(unit, 1)
    text = f"{value * 100 if unit == 'share' else value:,.{digits}f}"
    if language == "ru":
        text = text.replace(",", _NBSP).replace(".", ",")
    return f"{text}{_NBSP}%" if unit == "share" else text


def _closed(report: Report) -> str | None:
    return report.closed_at.astimezone(UTC).isoformat() if report.closed_at else None


def _rows(report: Report, kind: str, names: Any) -> list[dict[str, Any]]:
    kpis = {kpi.key: kpi for kpi in report.kpis}
    return [
        _row(result, kpis[result.kpi], kind, {"id": id, "name": names[id]}, report.currency)
        for id, result in report.of(kind)
    ]


def _row(result: Result, kpi: Kpi, kind: str, who: dict[str, str], currency: str) -> dict[str, Any]:
    above, below = (unit == "money" for unit in kpi.side_units)
    value = number(result.value, money=result.unit == "money", currency=currency)
    return {
        "kpi": result.kpi,
        kind: who,
        "value": value,
        "unit": result.unit,
        "numerator": number(result.numerator, money=above, currency=currency),
        "denominator": number(result.denominator, money=below, currency=currency),
        "n": result.n,
        "interval": [float(end) for end in result.interval] if result.interval else None,
        "enough": result.enough,
        "confidence": result.confidence,
        "reason": result.reason,
        "ripening": result.ripening,
        "assumed": result.assumed,
    }


def _table(
    title: str,
    kind: str,
    names: Any,
    kpis: list[Kpi],
    values: dict[tuple[str, str], Result],
    currency: str,
    language: Language,
) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(_WHO[kind](language))
    for kpi in kpis:
        table.add_column(kpi.title(language), justify="right")
    for id, name in names.items():
        cells = [_cell(values[id, kpi.key], currency, language) for kpi in kpis]
        table.add_row(_plain(name), *cells)
    return table


def _cell(result: Result, currency: str, language: Language) -> str:
    text = shown(result.value, result.unit, currency, language)
    return text if result.reason is None or result.value is None else f"{text}*"


def _notes(report: Report, language: Language) -> list[str]:
    """What stars and dashes mean here, and what is in no number at all."""
    found = dict.fromkeys(result.reason for result in report.results if result.reason is not None)
    lines = [f"{_FOOT(language)}: " + "; ".join(REASONS[reason](language) for reason in found)] if found else []
    if report.omitted:
        left = "; ".join(f"{left_out(why, language)} {count}" for why, count in report.omitted.items())
        lines.append(f"{_LEFT(language)}: {left}")
    return lines


def left_out(code: str, language: Language) -> str:
    """The words of a reason; `no_rate:GBP` names the currency."""
    why, _, detail = code.partition(":")
    words = LEFT_OUT[why](language) if why in LEFT_OUT else why
    return f"{words} {detail}" if detail else words


def _plain(name: str) -> str:
    """A name is text, never markup."""
    return name.replace("[", "\\[")


def _inert(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
