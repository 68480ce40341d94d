"""Every KPI there is, by key, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from connector.errors import BadConfig
from connector.kpi.definition import Kpi, Text, by_key
from connector.kpi.families.calls import CALLS
from connector.kpi.families.client import CLIENT
from connector.kpi.families.deals import DEALS
from connector.kpi.families.leads import LEADS
from connector.kpi.families.money import MONEY
from connector.kpi.families.quality import QUALITY
from connector.kpi.families.tasks import TASKS
from connector.kpi.families.trade import TRADE

GROUPS: tuple[tuple[Text, tuple[Kpi, ...]], ...] = (
    (Text("Деньги", "Money"), MONEY),
    (Text("Звонки и встречи", "Calls and meetings"), CALLS),
    (Text("Обращения", "Enquiries"), LEADS),
    (Text("Сделки", "Deals"), DEALS),
    (Text("Задачи", "Tasks"), TASKS),
    (Text("Клиенты", "Clients"), CLIENT),
    (Text("Вокруг сделки", "Around the deal"), TRADE),
    (Text("Качество разговоров", "Conversations"), QUALITY),
)
"""In the order in which they are shown."""
ALL: dict[str, Kpi] = by_key(kpi for _, group in GROUPS for kpi in group)

HEADLINE = (
    "revenue", "won_deals", "average_deal", "plan_attainment", "repeat_share", "new_clients",
    "outgoing_calls", "answered_incoming_calls", "calls", "successful_call_share", "calls_to_deals", "meetings",
    "lead_response_minutes", "lead_answered_in_norm", "win_rate", "csat", "refund_share",
)  # fmt: skip
"""What a table shows unless more is asked for."""

NEAR = 5
"""Keys that a wrong one is told of."""


def chosen(keys: Collection[str] | None, catalogue: Mapping[str, Kpi] = ALL) -> list[Kpi]:
    """The named KPIs, or all. Raises BadConfig for a key that is none, with those it may have meant."""
    strange = [key for key in keys or () if key not in catalogue]
    if strange:
        raise BadConfig([unknown(key, nearest(key, catalogue)) for key in strange])
    return [kpi for kpi in catalogue.values() if keys is None or kpi.key in keys]


def unknown(key: str, near: Sequence[str]) -> str:
    """What a key that is none is told, with those it may have meant."""
    if not near:
        return f"{key!r} is no KPI; `kpi kpis list` shows them all"
    return f"{key!r} is no KPI; near it: {', '.join(near)}; `kpi kpis list` shows them all"


def nearest(told: str, catalogue: Mapping[str, Kpi] = ALL) -> list[str]:
    """Keys that may be meant, the nearest first: of their own spelling, or of their title's in either language."""
    names: dict[str, str] = {}
    for key, kpi in catalogue.items():
        for name in (key, *kpi.title):
            names.setdefault(name.casefold(), key)
    sought = told.strip().casefold()
    begun = [name for name in names if sought and sought in name]
    found = [*get_close_matches(sought, names, n=NEAR), *begun]
    parts = {part for part in sought.replace("_", " ").split() if len(part) > 2}
    alike = [name for name in names if parts & {*name.replace("_", " ").split()}]  # of one word in several
    return list(dict.fromkeys(names[name] for name in (*found, *alike)))[:NEAR]
