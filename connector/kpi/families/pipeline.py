"""KPIs of what is still to be won: the pipeline, what it covers of the plan, deals that come in (K-18 to K-20)."""

from __future__ import annotations

from connector.kpi.definition import Kpi, Measure, Muted, Text, Where
from connector.kpi.unpriced import telling

FILLED = 0.7
"""A field filled in rarer tells of those who fill it in."""
_BUDGETS = Muted(
    (Measure(("open_deal",), (Where("amount", "gt", 0),)),), (Measure(("open_deal",)),), FILLED, "few_filled"
)
_EXPECTED = Measure(
    ("open_expected",), (Where("due_at", "ge", "period_start"), Where("due_at", "lt", "period_end")), take="sum"
)
_DATED = Muted((Measure(("open_expected",)),), (Measure(("open_deal",)),), FILLED, "few_filled")

PIPELINE: tuple[Kpi, ...] = (
    Kpi(
        "pipeline_amount",
        "money",
        Text("Объём воронки", "Pipeline"),
        Text(
            "Сумма сделок, открытых на конец периода, у нынешних ответственных.",
            "Amount of the deals open at the period's end, with their present owners.",
        ),
        (Measure(("open_deal",), take="sum"),),
        number="K-18",
        empty="no_open_deals",
        muted=_BUDGETS,
        counter="stuck_deal_share",
        family="financial",
    ),
    Kpi(
        "plan_coverage",
        "share",
        Text("Покрытие плана воронкой", "Plan coverage"),
        Text(
            "Сумма открытых сделок, делённая на остаток плана.",
            "Amount of the open deals divided by what is left of the plan.",
        ),
        (Measure(("open_deal",), take="sum"),),
        number="K-18",
        plan="revenue",
        muted=_BUDGETS,
        left=True,
        minimum=0,
        empty="no_plan_left",
        counter="stuck_deal_share",
        family="financial",
    ),
    Kpi(
        "expected_pipeline",
        "money",
        Text("Воронка с закрытием в периоде", "Pipeline expected in the period"),
        Text(
            "Сумма открытых сделок, ожидаемая дата закрытия которых лежит в периоде; даты бывают оптимистичны.",
            "Amount of the open deals that are expected to close within the period; such dates are optimistic.",
        ),
        (_EXPECTED,),
        number="K-18",
        empty="no_open_deals",
        setting="expected_close_field",
        muted=_DATED,
        counter="stuck_deal_share",
        family="financial",
    ),
    Kpi(
        "expected_plan_coverage",
        "share",
        Text("Покрытие плана ожидаемым", "Plan coverage by what is expected"),
        Text(
            "Сумма открытых сделок с закрытием в периоде, делённая на остаток плана.",
            "Amount of the open deals expected to close within the period divided by what is left of the plan.",
        ),
        (_EXPECTED,),
        number="K-18",
        plan="revenue",
        muted=_DATED,
        left=True,
        minimum=0,
        empty="no_plan_left",
        setting="expected_close_field",
        counter="stuck_deal_share",
        family="financial",
    ),
    Kpi(
        "weighted_pipeline",
        "money",
        Text("Взвешенный прогноз", "Weighted pipeline"),
        Text(
            "Суммы открытых сделок по вероятности выиграть до конца периода: как выигрывались сделки того же этапа и "
            "возраста.",
            "Amounts of the open deals by their chance of a win by the period's end: as deals of the same stage and "
            "age were won.",
        ),
        telling([Measure(("open_deal",), take="expected")]),
        empty="no_chances",
        number="K-19",
        muted=_BUDGETS,
        family="financial",
        counter="stuck_deal_share",
    ),
    Kpi(
        "new_deals",
        "count",
        Text("Новые сделки", "New deals"),
        Text(
            "Сделки, созданные за период.",
            "Deals created in the period.",
        ),
        (Measure(("created",)),),
        number="K-20",
        counter="win_rate",
        family="financial",
    ),
    Kpi(
        "new_deals_amount",
        "money",
        Text("Сумма новых сделок", "Amount of new deals"),
        Text(
            "Сумма сделок, созданных за период, как она стоит в них сейчас.",
            "Amount of the deals created in the period, as it stands in them now.",
        ),
        (Measure(("created",), take="sum"),),
        number="K-20",
        counter="win_rate",
        family="financial",
    ),
)
