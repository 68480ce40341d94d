"""A reconciliation as people and machines read it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table

from connector.health.reconcile import Counted, Difference, Outside
from connector.kpi.definition import Language, Text
from connector.kpi.telling.render import left_out, shown
from connector.money import to_units

LISTED = 50
"""Differences that the text lists; the JSON lists all."""
_WHAT: dict[str, Text] = {
    "users_active": Text("Сотрудники активные", "Active users"),
    "users_inactive": Text("Сотрудники отключённые", "Inactive users"),
    "leads_created": Text("Обращений создано", "Leads created"),
    "deals_created": Text("Сделок создано", "Deals created"),
    "deals_won": Text("Сделок выиграно", "Deals won"),
    "deals_lost": Text("Сделок проиграно", "Deals lost"),
    "won_amount": Text("Сумма выигранных", "Amount won"),
    "calls_out": Text("Звонков исходящих", "Outgoing calls"),
    "calls_in": Text("Звонков входящих", "Incoming calls"),
}
_HOW: dict[str, Text] = {
    "missing_here": Text("есть в CRM, нет у нас", "in the CRM, not here"),
    "missing_there": Text("есть у нас, в CRM удалено", "here, gone from the CRM"),
    "differs": Text("отличается", "differs"),
    "unreadable": Text("не читается", "cannot be read"),
    "unconfirmed": Text("CRM не показывает и не подтверждает удаление", "not shown, nor confirmed as deleted"),
}
_OUTSIDE: dict[str, Text] = {
    "no_fact": Text("нет факта выигрыша: kpi sync", "no fact of the win: kpi sync"),
    "other_day": Text("учтена в другой день: {day}", "counts on another day: {day}"),
    "by_move": Text(
        "учтена по дню перехода {day}, в карточке другая дата",
        "counts by its move on {day}, its card says another date",
    ),
    "other_amount": Text(
        "учтена сумма дня выигрыша {counted}, в карточке {card}",
        "counts with the amount of the day of its win, {counted}, its card says {card}",
    ),
}
_HEAD = (Text("Счёт", "Count"), Text("У нас", "Ours"), Text("В CRM", "In the CRM"), Text("Разница", "Difference"))
_KIND = {
    "user": Text("сотрудник", "user"),
    "lead": Text("обращение", "lead"),
    "deal": Text("сделка", "deal"),
    "call": Text("звонок", "call"),
}
_SAME = Text("расхождений нет", "no differences")
_DIFFERENT = Text("Расхождения", "Differences")
_LATER = Text("изменено после последней синхронизации", "changed after the last sync")
_REVENUE = Text("Выручка в отчёте", "Revenue in the report")
_NOT_IN = Text("Выигрыши CRM и выручка отчёта", "The CRM's wins and the report's revenue")
_SKIPPED = Text("не сверено", "not compared")
_STOPPED = Text("остановлено, сверено не всё", "stopped, not everything was compared")
_MORE = Text("… и ещё {n}", "… and {n} more")


class Told(Protocol):
    """What a reconciliation came to (pipeline.reconciling.Reconciled)."""

    account: str
    at: datetime
    currency: str
    link_to: Callable[[str], str]
    counts: list[Counted]
    differences: list[Difference]
    outside: list[Outside]
    revenue: int
    skipped: dict[str, str]
    stopped: bool

    @property
    def period(self) -> Any: ...
    @property
    def differs(self) -> bool: ...


def as_json(told: Told) -> dict[str, Any]:
    """Everything; money as decimal strings."""
    return {
        "account": told.account,
        "period": told.period.label,
        "at": told.at.astimezone(UTC).isoformat(timespec="seconds"),
        "differs": told.differs,
        "counts": [
            {
                "what": one.what,
                "currency": one.currency,
                "ours": _number(one.ours, one.currency),
                "crm": _number(one.theirs, one.currency),
            }
            for one in told.counts
        ],
        "differences": [
            {
                "kind": one.kind,
                "id": one.id,
                "how": one.how,
                "after_last_sync": one.later,
                "link": told.link_to(one.ref),
                "fields": {c.field: {"ours": _value(c.ours), "crm": _value(c.theirs)} for c in one.changes},
            }
            for one in told.differences
        ],
        "revenue": f"{to_units(told.revenue, told.currency):f}",
        "currency": told.currency,
        "outside": [
            {"deal": one.deal, "why": one.why, "day": one.day, "link": told.link_to(f"deal:{one.deal}")}
            | (
                {}
                if one.why != "other_amount"
                else {
                    "counted": _number(one.counted or 0, told.currency),
                    "card": _number(one.card or 0, one.currency),
                    "card_currency": one.currency,
                }
            )
            for one in told.outside
        ],
        "skipped": dict(told.skipped),
        "stopped": told.stopped,
    }


def as_text(told: Told, language: Language = "ru", *, width: int = 150, zone: tzinfo = UTC) -> str:
    """Counts in a table, then each difference with a link, then what of the wins is not in the revenue."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(f"{told.account} · {told.period.label} · {told.at.astimezone(zone):%Y-%m-%d %H:%M %Z}", markup=False)
    table = Table(*(head(language) for head in _HEAD))
    for one in told.counts:
        table.add_row(*_row(one, language))
    console.print(table)
    lines = [*_differences(told, language), *_wins(told, language)]
    lines += [f"{_SKIPPED(language)}: {kind}: {why}" for kind, why in told.skipped.items()]
    lines += [_STOPPED(language)] if told.stopped else []
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
    file: Any = console.file
    return str(file.getvalue())


def counted_title(what: str, language: Language) -> str:
    """What is counted, in words."""
    return _WHAT[what](language) if what in _WHAT else what


def _row(one: Counted, language: Language) -> tuple[str, ...]:
    title = counted_title(one.what, language)
    unit = "money" if one.currency is not None else "count"
    money = one.currency is not None
    values = [to_units(n, one.currency or "RUB") if money else Decimal(n) for n in (one.ours, one.theirs)]
    ours, theirs = (shown(value, unit, one.currency or "RUB", language) for value in values)
    by = values[0] - values[1]
    sign = "−" if by < 0 else "+" if by > 0 else ""
    told = f"{title}, {one.currency or '?'}" if one.currency is not None else title
    return told, ours, theirs, sign + shown(abs(by), unit, one.currency or "RUB", language)


def _differences(told: Told, language: Language) -> list[str]:
    if not told.differences:
        return ["", _SAME(language)]
    lines = ["", f"{_DIFFERENT(language)}: {len(told.differences)}"]
    for one in told.differences[:LISTED]:
        fields = "; ".join(f"{c.field}: {_value(c.ours)} | {_value(c.theirs)}" for c in one.changes)
        parts = [
            f"{_KIND[one.kind](language) if one.kind in _KIND else one.kind} {one.id}",
            _HOW[one.how](language),
            fields,
            _LATER(language) if one.later else "",
        ]
        lines.append("  " + " · ".join([*(part for part in parts if part), told.link_to(one.ref)]))
    return [*lines, *_rest(len(told.differences), language)]


def _wins(told: Told, language: Language) -> list[str]:
    revenue = shown(to_units(told.revenue, told.currency), "money", told.currency, language)
    lines = ["", f"{_REVENUE(language)}: {revenue} {told.currency}"]
    if told.outside:
        lines.append(f"{_NOT_IN(language)}: {len(told.outside)}")
    for one in told.outside[:LISTED]:
        why = _why(one, told.currency, language)
        lines.append(f"  {_KIND['deal'](language)} {one.deal} · {why} · {told.link_to(f'deal:{one.deal}')}")
    return [*lines, *_rest(len(told.outside), language)]


def _why(one: Outside, currency: str, language: Language) -> str:
    if one.why not in _OUTSIDE:
        return left_out(one.why, language)
    day, amounts = str(one.day or ""), ((one.counted, currency), (one.card, one.currency or currency))
    counted, card = (
        "—" if minor is None else f"{shown(to_units(minor, named), 'money', named, language)} {named}"
        for minor, named in amounts
    )
    return _OUTSIDE[one.why](language).format(day=f"{day[:4]}-{day[4:6]}-{day[6:]}", counted=counted, card=card)


def _rest(count: int, language: Language) -> list[str]:
    return [_MORE(language).format(n=count - LISTED)] if count > LISTED else []


def _number(value: int, currency: str | None) -> str | int:
    return value if currency is None else f"{to_units(value, currency or 'RUB'):f}"


def _value(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value
