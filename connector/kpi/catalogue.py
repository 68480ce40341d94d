"""Every KPI there is, by key, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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


def chosen(keys: Collection[str] | None, catalogue: Mapping[str, Kpi] = ALL) -> list[Kpi]:
    """The named KPIs, or all. Raises BadConfig for a key that is none, with those there are."""
    strange = [key for key in keys or () if key not in catalogue]
    if strange:
        raise BadConfig([f"{key!r} is no KPI; there are: {', '.join(catalogue)}" for key in strange])
    return [kpi for kpi in catalogue.values() if keys is None or kpi.key in keys]
