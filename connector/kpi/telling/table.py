"""A report as people read it: a table for each group of KPIs, as many columns as fit, and notes on what to trust."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from connector.kpi.catalogue import GROUPS
from connector.kpi.definition import Kpi, Language, Text
from connector.kpi.engine import Report
from connector.kpi.people import titled
from connector.kpi.telling.render import left_out, shown
from connector.kpi.telling.words import REASONS
from connector.result import Result

_WHO = {"user": Text("Менеджер", "Seller"), "team": Text("Команда", "Team")}
_OWN = Text("Свои показатели", "Own KPIs")
_FOOT = {"*": Text("мало данных", "too little data")}
_SOME = Text("ещё {n}", "{n} more")
_UNITS = {"minutes": Text("мин", "min"), "days": Text("дн.", "days")}
NAMED = 3
"""KPIs that a note names after the reason of a mark."""
_LEFT = Text(
    "Не учтено событий (у обращения-сделки их несколько)", "Events left out (an enquiry that is a deal has several)"
)
_CLOSED = Text("закрыт", "closed")
_NO_SOURCE = Text("Нет источника", "No source")
_IDLE = Text("Ничего за период", "Nothing in the period")
_REPLANNED = Text("План менялся; от первоначального", "The plan was changed; of the first one")
_RIPENING = Text("Созревает, ещё не учтено", "Ripening, not counted yet")
_RECOUNTED = Text(
    "Закрыты, а здесь пересчитаны по данным на сегодня (! — с тех пор что-то изменилось)",
    "Closed, and recounted here as known today (! where anything was learned since)",
)
_PROVISIONAL = Text("Учтено, но окно ещё открыто", "Counted, but their window is still open")
_WAITING = Text("Ещё ждут", "Still waiting")


def as_table(report: Report, language: Language = "ru", *, width: int = 140) -> str:
    """People first and then teams; KPIs without a source and people without anything are only named below."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    closed = f" · {_CLOSED(language)} {report.closed_at:%d.%m.%Y}" if report.closed_at else ""
    console.print(f"{report.account} · {report.period.label} · {report.currency}{closed}", markup=False)
    for kind in ("user", "team"):
        sheet = _sheet(report, kind, language)
        for title, kpis in _groups(report):
            for some in _fitting(sheet, kpis, width):
                console.print(_table(f"{title(language)}: {_WHO[kind](language).lower()}", sheet, some, width))
    for line in _notes(report, language):
        console.print(line, markup=False, soft_wrap=False)
    file: Any = console.file
    return str(file.getvalue())


def _groups(report: Report) -> Iterator[tuple[Text, list[Kpi]]]:
    """The report's KPIs by the catalogue's groups, and then the account's own."""
    told = {kpi.key: kpi for kpi in report.kpis}
    for title, kpis in GROUPS:
        yield title, [told.pop(kpi.key) for kpi in kpis if kpi.key in told]
    yield _OWN, list(told.values())


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Those of one kind of subject that have anything, by name, with their results."""

    kind: str
    names: Mapping[str, str]
    values: Mapping[tuple[str, str], Result]
    currency: str
    language: Language

    def cells(self, kpi: Kpi) -> list[str]:
        """What the column holds."""
        return [_cell(self.values[id, kpi.key], self.currency, self.language) for id in self.names]


def _sheet(report: Report, kind: str, language: Language) -> _Sheet:
    values = {(id, result.kpi): result for id, result in report.of(kind)}
    busy = {id for (id, _), result in values.items() if _says(result)}
    names = report.users if kind == "user" else titled(report.teams, language)
    kept = {id: name for id, name in names.items() if id in busy}
    return _Sheet(kind, kept, values, report.currency, language)


def _says(result: Result) -> bool:
    """Whether anything happened that it counts."""
    return bool(result.n) or bool(result.value)


def _fitting(sheet: _Sheet, kpis: Sequence[Kpi], width: int) -> Iterator[list[Kpi]]:
    """The KPIs that have a source, in as many tables as it takes for no column to be cut."""
    left = width - _name_width(sheet, width) - 4
    some: list[Kpi] = []
    used = 0
    for kpi in kpis:
        if all(sheet.values[id, kpi.key].reason == "no_source" for id in sheet.names):
            continue
        wide = 3 + _least(sheet, kpi)
        if some and used + wide > left:
            yield some
            some, used = [], 0
        some.append(kpi)
        used += wide
    if some:
        yield some


def _headed(sheet: _Sheet, kpi: Kpi) -> str:
    """What stands over its column: the title, and the unit where no cell says it."""
    unit = sheet.currency if kpi.unit == "money" else _UNITS[kpi.unit](sheet.language) if kpi.unit in _UNITS else ""
    return f"{kpi.title(sheet.language)}, {unit}" if unit else kpi.title(sheet.language)


def _least(sheet: _Sheet, kpi: Kpi) -> int:
    """Columns of the screen below which a word of its heading or a number would be cut."""
    return max(map(len, [*_headed(sheet, kpi).split(), *sheet.cells(kpi)]))


def _name_width(sheet: _Sheet, width: int) -> int:
    """Of the column of names: the longest, but for a third of the screen at most."""
    return max(12, min(max(map(len, sheet.names.values()), default=0), width // 3))


def _table(heading: str, sheet: _Sheet, kpis: list[Kpi], width: int) -> Table:
    """Rich shrinks columns without looking at what is in them, so each is told how wide it is."""
    table = Table(title=heading, title_justify="left")
    names = _name_width(sheet, width)
    table.add_column(_WHO[sheet.kind](sheet.language), width=names, overflow="fold")
    wanted = [max(len(_headed(sheet, kpi)), _least(sheet, kpi)) for kpi in kpis]
    roomy = names + 4 + sum(3 + one for one in wanted) <= width
    for kpi, wide in zip(kpis, wanted, strict=True):
        table.add_column(_headed(sheet, kpi), justify="right", width=wide if roomy else _least(sheet, kpi))
    for name, *cells in zip(map(_plain, sheet.names.values()), *map(sheet.cells, kpis), strict=True):
        table.add_row(name, *cells)
    return table


def _cell(result: Result, currency: str, language: Language) -> str:
    return shown(result.value, result.unit, currency, language) + _mark(result)


def _mark(result: Result) -> str:
    """A star where there is little data, a warning where the number is not what it seems; 0 of nothing is just 0."""
    if result.value is None:
        return ""
    if result.reason == "few_data":
        return "*"
    return "!" if result.reason is not None and (result.n or result.enough) else ""


def _notes(report: Report, language: Language) -> Iterator[str]:
    """What the marks mean here, what has no source, who has nothing, and what is in no number at all."""
    yield from _listed(_RECOUNTED(language), [f"{month}{'!' * new}" for month, new in report.recounted.items()])
    titles = {kpi.key: kpi.title(language) for kpi in report.kpis}
    yield from _marks(report, titles, language)
    yield from _listed(_NO_SOURCE(language), [titles[key] for key in _sourceless(report)])
    busy = {id for id, result in report.of("user") if _says(result)}
    idle = [name for id, name in report.users.items() if id not in busy]
    yield from _listed(_IDLE(language), idle)
    ripening = Counter[str]()
    for result in report.results:
        if result.subject.startswith("user:"):
            ripening[result.kpi] += result.ripening
    yield from _listed(_REPLANNED(language), _replanned(report, language))
    sorts = {kpi.key: _WAITING if kpi.waits else _PROVISIONAL if kpi.provisional else _RIPENING for kpi in report.kpis}
    for title in (_RIPENING, _PROVISIONAL, _WAITING):
        some = [f"{titles[key]} {n}" for key, n in ripening.items() if n and sorts[key] is title]
        yield from _listed(title(language), some)
    yield from _listed(_LEFT(language), [f"{left_out(why, language)} {count}" for why, count in report.omitted.items()])


def _marks(report: Report, titles: Mapping[str, str], language: Language) -> Iterator[str]:
    """A line for each mark: the reasons that it stands for here, each with the KPIs in which it does."""
    sourceless = set(_sourceless(report))
    busy = {result.subject for result in report.results if _says(result)}
    found: dict[str, dict[str, dict[str, None]]] = {}
    for result in report.results:
        mark = "—" if result.value is None else _mark(result)
        if mark and result.subject in busy and result.kpi not in sourceless:
            found.setdefault(mark, {}).setdefault(result.reason or "", {})[result.kpi] = None
    for mark, reasons in sorted(found.items()):
        told = (
            f"{REASONS[why](language)} ({_few([titles[key] for key in keys], language)})"
            for why, keys in reasons.items()
        )
        yield f"{mark} " + (_FOOT[mark](language) if mark in _FOOT else "; ".join(told))


def _few(titles: Sequence[str], language: Language) -> str:
    """The first of them by name, the others by number."""
    more = len(titles) - NAMED
    return ", ".join([*titles[:NAMED], *([_SOME(language).format(n=more)] if more > 0 else [])])


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"{title}: {'; '.join(items)}"


def _replanned(report: Report, language: Language) -> list[str]:
    """Attainment of the plan agreed on first, beside both plans, of whoever got another one since."""
    names = {"user": report.users, "team": titled(report.teams, language)}
    kpis = {kpi.key: kpi for kpi in report.kpis}
    found = []
    for result in report.results:
        if result.first_plan is None:
            continue
        kind, _, id = result.subject.partition(":")
        unit = kpis[result.kpi].side_units[1]
        plans = (shown(one, unit, report.currency, language) for one in (result.first_plan, result.denominator))
        share = shown(result.against_first, "share", report.currency, language)
        found.append(f"{names[kind].get(id, id)} {kpis[result.kpi].title(language)} {share} ({' → '.join(plans)})")
    return found


def _sourceless(report: Report) -> list[str]:
    by_kpi: dict[str, set[str | None]] = {}
    for result in report.results:
        by_kpi.setdefault(result.kpi, set()).add(result.reason)
    return [key for key, reasons in by_kpi.items() if reasons == {"no_source"}]


def _plain(name: str) -> str:
    """A name is text, never markup."""
    return name.replace("[", "\\[")
