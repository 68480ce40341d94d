"""KPIs of money and wins (K-01, K-02, K-03, K-09)."""

from __future__ import annotations

from connector.kpi.definition import AVERAGE, RATIO, Kpi, Measure, Text, Where

REVENUE = Measure(("win",), take="sum")
WON = Measure(("win",))
LOST = Measure(("loss",))
_PRICED = (Where("amount", "gt", 0),)

MONEY: tuple[Kpi, ...] = (
    Kpi(
        "revenue",
        "money",
        Text("Выручка", "Revenue"),
        Text(
            "Сумма сделок, выигранных за период, по сумме и курсу на день выигрыша.",
            "Sum of the deals won in the period, at the amount and rate of the day of the win.",
        ),
        (REVENUE,),
    ),
    Kpi(
        "won_deals",
        "count",
        Text("Выиграно сделок", "Won deals"),
        Text(
            "Сделки, последний выигрыш которых пришёлся на период и не отменён.",
            "Deals whose last standing win lies in the period.",
        ),
        (WON,),
    ),
    Kpi(
        "average_deal",
        "money",
        Text("Средний чек", "Average deal"),
        Text(
            "Средняя сумма выигранных сделок, у которых есть сумма.",
            "Average amount of the won deals that have an amount.",
        ),
        (Measure(("win",), _PRICED, "sum"),),
        (Measure(("win",), _PRICED),),
        minimum=AVERAGE,
    ),
    Kpi(
        "plan_attainment",
        "share",
        Text("Выполнение плана", "Plan attainment"),
        Text("Выручка, делённая на действующий план.", "Revenue divided by the plan in force."),
        (REVENUE,),
        plan="revenue",
        minimum=0,
        empty="no_plan",
    ),
    Kpi(
        "repeat_share",
        "share",
        Text("Доля повторных", "Repeat share"),
        Text(
            "Доля выигранных сделок тех клиентов, которые уже покупали раньше.",
            "Share of won deals whose client had bought before.",
        ),
        (Measure(("win",), (Where("number", "ge", 2),)),),
        (WON,),
        minimum=RATIO,
        proportion=True,
    ),
    Kpi(
        "new_clients",
        "count",
        Text("Новые клиенты", "New clients"),
        Text("Клиенты, чья первая покупка пришлась на период.", "Clients whose first ever win lies in the period."),
        (Measure(("win",), (Where("number", "eq", 1),)),),
    ),
)
