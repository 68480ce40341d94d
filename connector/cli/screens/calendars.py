"""Absences and rates on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.table import Column, Table

from connector.cli.screen import out, print_json, say, wide
from connector.kpi.text import Language, Text
from connector.records import Absence
from connector.store.clock.quotes import Quoted

Known = tuple[str, Sequence[tuple[Absence, str]], Mapping[str, str]]
"""An account's name, its absences with their sources, and people's names by id."""
_ABSENCES = (
    Text("Аккаунт", "Account"),
    Text("Кто", "Person"),
    Text("Id", "Id"),
    Text("Что", "Kind"),
)
_WHOLE = (Text("С", "From"), Text("По", "To"), Text("Дней", "Days"), Text("Откуда", "Source"))
_KINDS = {
    "vacation": Text("отпуск", "vacation"),
    "sick": Text("больничный", "sick"),
    "other": Text("другое", "other"),
    "hired": Text("принят", "hired"),
    "left": Text("уволен", "left"),
}
_SOURCES = {
    "config": Text("конфигурация", "configuration"),
    "crm": Text("CRM", "CRM"),
    "csv": Text("файл", "csv"),
    "file": Text("файл", "file"),
}
_NOBODY = Text("Отсутствий, приёмов и увольнений нет.", "No absences, hires or leavings.")
_NO_RATES = Text("Курсов за этот период нет.", "No rates of this period.")
_RATES = (
    Text("Аккаунт", "Account"),
    Text("Валюта", "Currency"),
    Text("День", "Day"),
    Text("Курс", "One costs"),
    Text("Откуда", "Source"),
)
_ANY_DAY = Text("любой день", "any day")
_NO_RATE = Text(
    "{name}: нет курса {code}, {span}: эти суммы нигде не учтены",
    "{name}: no rate of {code} {span}: these amounts count nowhere",
)
_ON_DAY = Text("{day}", "on {day}")
_ON_DAYS = Text("дней {n}, с {first} по {last}", "on {n} days from {first} to {last}")


def show_absences(found: Sequence[Known], language: Language, *, as_json: bool) -> None:
    """One line an absence, by person and day."""
    if as_json:
        print_json([_told(name, one, source, names) for name, known, names in found for one, source in known])
        return
    whole = [Column(name(language), no_wrap=True) for name in _WHOLE]
    grid = Table(*(name(language) for name in _ABSENCES), *whole)
    for name, known, names in found:
        for one, source in known:
            days = str((one.last - one.first).days + 1) if one.what not in ("hired", "left") else ""
            last = one.last.isoformat() if days else ""
            what = (name, names.get(one.user_id, ""), one.user_id, _word(_KINDS, one.what, language))
            grid.add_row(*what, one.first.isoformat(), last, days, _word(_SOURCES, source, language))
    out.print(grid if grid.row_count else _NOBODY(language), markup=False, width=wide(60))


def _word(words: Mapping[str, Text], code: str, language: Language) -> str:
    """A code in words; itself where there are none for it."""
    return words[code](language) if code in words else code


def _told(name: str, one: Absence, source: str, names: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "account": name,
        "user": one.user_id,
        "name": names.get(one.user_id),
        "kind": one.what,
        "from": one.first.isoformat(),
        "to": one.last.isoformat(),
        "source": source,
    }


def show_rates(
    found: Sequence[tuple[str, Sequence[Quoted], Sequence[tuple[date, str]]]], language: Language, *, as_json: bool
) -> None:
    """One line a rate; days without one on stderr, or in the JSON."""
    if as_json:
        print_json(
            [
                {
                    "account": name,
                    "rates": [
                        {"currency": one.currency, "day": one.day.isoformat(), "rate": one.rate, "source": one.source}
                        for one in known
                    ],
                    "missing": [{"currency": code, "day": day.isoformat()} for day, code in missing],
                }
                for name, known, missing in found
            ]
        )
        return
    grid = Table(*(head(language) for head in _RATES))
    for name, known, _ in found:
        for one in known:
            day = _ANY_DAY(language) if one.source == "config" else one.day.isoformat()
            grid.add_row(name, one.currency, day, one.rate, _word(_SOURCES, one.source, language))
    out.print(grid if grid.row_count else _NO_RATES(language), width=wide(60))
    for name, _, missing in found:
        for code in sorted({code for _, code in missing}):
            days = [day for day, other in missing if other == code]
            span = (_ON_DAY if len(days) == 1 else _ON_DAYS)(language)
            told = span.format(day=days[0], n=len(days), first=min(days), last=max(days))
            say(_NO_RATE(language).format(name=name, code=code, span=told))
