"""A report and a proof as tables, in the reader's language; only of whom he may see."""

from __future__ import annotations

from dataclasses import replace

from connector.kpi.definition import Kpi
from connector.kpi.engine import Report
from connector.kpi.explain import Explanation
from connector.kpi.items import Item
from connector.kpi.kinds import KINDS
from connector.kpi.people import titled
from connector.kpi.telling.render import left_out
from connector.kpi.telling.words import REASONS
from connector.kpi.text import Language, Text
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.result import Result
from connector.web.access import Access
from connector.web.exports.sheets import Cell, Table

_RESULTS = (
    Text("Кто", "Who"), Text("Показатель", "KPI"), Text("Значение", "Value"), Text("Единица", "Unit"),
    Text("Фактов", "Facts"), Text("Интервал от", "Interval from"), Text("до", "to"),
    Text("Данных достаточно", "Enough data"), Text("Примечание", "Note"), Text("Период", "Period"),
    Text("Ключ", "Key"), Text("Номер в CRM", "CRM id"),
)  # fmt: skip
_FACTS = (
    Text("Когда", "When"), Text("Что", "What"), Text("Сумма", "Amount"), Text("Число", "Number"),
    Text("Засчитано", "Counts"), Text("Почему нет", "Why not"), Text("Карточки", "Cards"),
)  # fmt: skip
_UNITS = {
    "share": Text("доля", "share"), "count": Text("шт.", "count"), "minutes": Text("мин", "min"),
    "days": Text("дн.", "days"), "score": Text("балл", "score"),
}  # fmt: skip
_YES, _NO = Text("да", "yes"), Text("нет", "no")
_PEOPLE, _TEAMS = Text("Менеджеры", "People"), Text("Команды", "Teams")
_COUNTED, _LEFT = Text("Засчитано", "Counts"), Text("Не учтено", "Left out")


def visible(report: Report, access: Access) -> Report:
    """The part of it that he may see."""
    return replace(
        report,
        results=tuple(one for one in report.results if access.subject(one.subject)),
        users={id: name for id, name in report.users.items() if access.person(id)},
        teams={id: name for id, name in report.teams.items() if access.team(id)},
    )


def results(report: Report, language: Language) -> list[Table]:
    """People, and teams where there are any."""
    head = [one(language) for one in _RESULTS]
    kpis = {kpi.key: kpi for kpi in report.kpis}
    people = [_result(id, report.users[id], one, kpis[one.kpi], report, language) for id, one in report.of("user")]
    names = titled(report.teams, language)
    teams = [_result(id, names[id], one, kpis[one.kpi], report, language) for id, one in report.of("team")]
    return [Table(_PEOPLE(language), head, people), *([Table(_TEAMS(language), head, teams)] if teams else [])]


def proof(told: Explanation, zone: Zone, language: Language) -> list[Table]:
    """What counted, and what did not."""
    head = [one(language) for one in _FACTS]
    return [
        Table(title(language), head, [_fact(item, told, zone, language) for item in items])
        for title, items in ((_COUNTED, told.items), (_LEFT, told.left_out))
    ]


def _result(id: str, name: str, one: Result, kpi: Kpi, report: Report, language: Language) -> list[Cell]:
    unit = report.currency if one.unit == "money" else _UNITS[one.unit](language)
    low, high = one.interval or (None, None)
    note = REASONS[one.reason](language) if one.reason in REASONS else one.reason
    enough = (_YES if one.enough else _NO)(language)
    return [
        name, kpi.title(language), one.value, unit, one.n, low, high, enough, note, report.period.label, one.kpi, id,
    ]  # fmt: skip


def _fact(item: Item, told: Explanation, zone: Zone, language: Language) -> list[Cell]:
    reasons = [note for note in (item.why, item.note) if note]
    return [
        f"{from_ms(item.at).astimezone(zone_of(zone)):%Y-%m-%d %H:%M}",
        KINDS[item.kind].one(language),
        None if item.amount is None else to_units(item.amount, told.currency),
        item.number,
        (_YES if item.role else _NO)(language),
        ", ".join(dict.fromkeys(left_out(note, language) for note in reasons)),
        " ".join(item.links.values()),
    ]
