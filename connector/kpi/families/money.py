"""KPIs of money and wins (K-01, K-02, K-03, K-09)."""

from __future__ import annotations

from connector.kpi.definition import AVERAGE, RATIO, Kpi, Measure, Text, Where
from connector.kpi.unpriced import telling

REVENUE = Measure(("win",), take="sum")
WON = Measure(("win",))
LOST = Measure(("loss",))
_PRICED = (Where("amount", "gt", 0),)
_AGAIN = (Where("number", "ge", 2),)
_EACH_DEAL = Measure(("win",), _PRICED, "quantile")
_EACH_PURCHASE = Measure(("purchase",), _PRICED, "quantile")

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
        number="K-01",
        counter="refund_share",
        family="financial",
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
        number="K-01",
        counter="average_deal",
        family="financial",
    ),
    Kpi(
        "average_deal",
        "money",
        Text("Средний чек", "Average deal"),
        Text(
            "Средняя сумма выигранных сделок, у которых есть сумма.",
            "Average amount of the won deals that have an amount.",
        ),
        telling([Measure(("win",), _PRICED, "sum")]),
        (Measure(("win",), _PRICED),),
        number="K-02",
        minimum=AVERAGE,
        spread=_EACH_DEAL,
        counter="won_deals",
        family="financial",
    ),
    Kpi(
        "median_deal",
        "money",
        Text("Медианный чек", "Median deal"),
        Text(
            "Медиана сумм выигранных сделок: одна крупная сделка её не сдвинет.",
            "Median amount of the won deals: one whale does not move it.",
        ),
        telling([_EACH_DEAL]),
        number="K-02",
        minimum=AVERAGE,
        counter="won_deals",
        family="financial",
    ),
    Kpi(
        "average_purchase",
        "money",
        Text("Средний чек по покупкам", "Average purchase"),
        Text(
            "Как средний чек, но выигрыши одного клиента за несколько дней — одна покупка: один договор, разбитый на "
            "сделки, не занижает чек.",
            "As the average deal, but a client's wins within some days are one purchase: a contract split into deals "
            "does not lower it.",
        ),
        telling([Measure(("purchase",), _PRICED, "sum")]),
        (Measure(("purchase",), _PRICED),),
        number="K-02",
        minimum=AVERAGE,
        spread=_EACH_PURCHASE,
        setting="group_wins_days",
        counter="won_deals",
        family="financial",
    ),
    Kpi(
        "median_purchase",
        "money",
        Text("Медианный чек по покупкам", "Median purchase"),
        Text(
            "Медиана сумм покупок, когда выигрыши одного клиента за несколько дней — одна покупка.",
            "Median amount of purchases, a client's wins within some days being one.",
        ),
        telling([_EACH_PURCHASE]),
        number="K-02",
        minimum=AVERAGE,
        setting="group_wins_days",
        counter="won_deals",
        family="financial",
    ),
    Kpi(
        "plan_attainment",
        "share",
        Text("Выполнение плана", "Plan attainment"),
        Text(
            "Выручка, делённая на действующий план.",
            "Revenue divided by the plan in force.",
        ),
        (REVENUE,),
        number="K-01",
        plan="revenue",
        minimum=0,
        empty="no_plan",
        counter="refund_share",
        family="financial",
    ),
    Kpi(
        "repeat_share",
        "share",
        Text("Доля повторных", "Repeat share"),
        Text(
            "Доля выигранных сделок тех клиентов, которые уже покупали раньше.",
            "Share of won deals whose client had bought before.",
        ),
        (Measure(("win",), _AGAIN),),
        (WON,),
        number="K-03a",
        minimum=RATIO,
        proportion=True,
        lookback=True,
        counter="new_clients",
        family="financial",
    ),
    Kpi(
        "repeat_revenue_share",
        "share",
        Text("Доля повторной выручки", "Repeat revenue share"),
        Text(
            "Выручка от клиентов, которые уже покупали раньше, делённая на всю выручку.",
            "Revenue from clients who had bought before, divided by all revenue.",
        ),
        (Measure(("win",), _AGAIN, "sum"),),
        (REVENUE,),
        number="K-03b",
        minimum=RATIO,
        lookback=True,
        counter="new_clients",
        family="financial",
    ),
    Kpi(
        "new_clients",
        "count",
        Text("Новые клиенты", "New clients"),
        Text(
            "Клиенты, чья первая покупка пришлась на период.",
            "Clients whose first ever win lies in the period.",
        ),
        (Measure(("win",), (Where("number", "eq", 1),)),),
        number="K-09",
        lookback=True,
        counter="repeat_share",
        family="client",
    ),
)
