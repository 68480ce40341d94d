"""A report as machines read it (JSON, CSV), and how numbers are written for people; its tables are in `table`."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC
from decimal import Decimal
from typing import Any

from connector.kpi.definition import Kpi, Language
from connector.kpi.engine import Report
from connector.kpi.telling.words import LEFT_OUT
from connector.moment import from_ms
from connector.money import minor_digits
from connector.result import Result

_NBSP = "\u00a0"
_COLUMNS = (
    "account", "period", "subject", "id", "name", "kpi", "value", "unit", "numerator", "denominator", "n",
    "interval_low", "interval_high", "enough", "confidence", "reason", "first_plan", "against_first", "closed_at",
)  # fmt: skip


def as_json(report: Report) -> str:
    """The documented shape: money as decimal strings, shares and minutes as numbers, counts as integers."""
    told = {
        "account": report.account,
        "period": report.period.label,
        "as_of": from_ms(report.as_of).astimezone(UTC).isoformat(),
        "closed_at": _closed(report),
        "recounted": dict(report.recounted),
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
    whole = unit == "count" and value == value.to_integral_value()
    digits = minor_digits(currency) if unit == "money" else 0 if whole else 1
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
        "first_plan": number(result.first_plan, money=below, currency=currency),
        "against_first": number(result.against_first, money=False, currency=currency),
    }


def left_out(code: str, language: Language) -> str:
    """The words of a reason; `no_rate:GBP` names the currency."""
    why, _, detail = code.partition(":")
    words = LEFT_OUT[why](language) if why in LEFT_OUT else why
    return f"{words} {detail}" if detail else words


def _inert(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
