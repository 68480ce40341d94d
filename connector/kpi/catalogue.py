"""Every KPI there is, by key, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Collection

from connector.errors import BadConfig
from connector.kpi.client import CLIENT
from connector.kpi.definition import Kpi, Text, by_key
from connector.kpi.money import MONEY
from connector.kpi.process import PROCESS

FAMILIES: tuple[tuple[Text, tuple[Kpi, ...]], ...] = (
    (Text("Деньги", "Money"), MONEY),
    (Text("Работа", "Work"), PROCESS),
    (Text("Клиенты", "Clients"), CLIENT),
)
ALL: dict[str, Kpi] = by_key(kpi for _, family in FAMILIES for kpi in family)


def chosen(keys: Collection[str] | None) -> list[Kpi]:
    """The named KPIs, or all. Raises BadConfig for a key that is none, with those there are."""
    strange = [key for key in keys or () if key not in ALL]
    if strange:
        raise BadConfig([f"{key!r} is no KPI; there are: {', '.join(ALL)}" for key in strange])
    return [kpi for kpi in ALL.values() if keys is None or kpi.key in keys]
