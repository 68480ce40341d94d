"""KPIs of what clients say and take back (K-07, K-08)."""

from __future__ import annotations

from connector.kpi.definition import RATIO, Kpi, Measure, Text, Where
from connector.kpi.money import REVENUE

CLIENT: tuple[Kpi, ...] = (
    Kpi(
        "csat",
        "share",
        Text("Удовлетворённость", "CSAT"),
        Text(
            "Доля оценок не ниже порога среди всех оценок периода.",
            "Share of the period's ratings that reach the threshold.",
        ),
        (Measure(("rating",), (Where("number", "ge", "csat_good_from"),)),),
        (Measure(("rating",)),),
        minimum=RATIO,
        empty="no_ratings",
        setting="csat_field",
        proportion=True,
    ),
    Kpi(
        "refund_share",
        "share",
        Text("Доля возвратов", "Refund share"),
        Text(
            "Возвраты по продажам периода, делённые на выручку периода.",
            "Refunds of the period's sales divided by the period's revenue.",
        ),
        (Measure(("refund",), (Where("due_at", "le", "as_of"),), "sum"),),
        (REVENUE,),
        minimum=RATIO,
        setting="refund_amount_field",
    ),
)
