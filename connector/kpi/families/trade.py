"""KPIs around a win: payments, margin, a client's worth (K-01, K-30 to K-32, K-34, K-35, K-38)."""

from __future__ import annotations

from connector.kpi.definition import AVERAGE, RATIO, Kpi, Measure, Muted, Text, Where
from connector.kpi.families.money import REVENUE, WON
from connector.kpi.families.pipeline import FILLED, PIPELINE

_PRICED = (Where("amount", "gt", 0),)
_MARGINS = Muted((Measure(("margin",)),), (WON,), FILLED, "few_filled")
_LISTED = Muted((Measure(("listed",)),), (Measure(("win",), _PRICED),), FILLED, "few_filled")

_OVER, _RUNNING = (Where("due_at", "le", "as_of"),), (Where("due_at", "gt", "as_of"),)

TRADE: tuple[Kpi, ...] = (
    Kpi(
        "paid_revenue",
        "money",
        Text("Поступления", "Paid revenue"),
        Text(
            "Оплаты, дата которых пришлась на период.",
            "Payments dated in the period.",
        ),
        (Measure(("payment",), take="sum"),),
        number="K-01",
        empty="no_payments",
        setting="payment_amount_field",
        counter="receivables_overdue",
        family="financial",
    ),
    Kpi(
        "paid_plan_attainment",
        "share",
        Text("Выполнение плана по оплатам", "Paid plan attainment"),
        Text(
            "Поступления, делённые на план поступлений.",
            "Payments divided by the plan of payments.",
        ),
        (Measure(("payment",), take="sum"),),
        number="K-01",
        plan="paid_revenue",
        minimum=0,
        empty="no_plan",
        setting="payment_amount_field",
        counter="receivables_overdue",
        family="financial",
    ),
    *PIPELINE,
    Kpi(
        "receivables_overdue",
        "money",
        Text("Просроченная дебиторка", "Overdue receivables"),
        Text(
            "Неоплаченное по счетам, срок которых прошёл к концу периода.",
            "Unpaid invoices past due at the period's end.",
        ),
        (Measure(("invoice",), (Where("due_at", "le", "as_of"),), take="sum"),),
        number="K-30",
        empty="no_invoices",
        external=True,
        direction="less",
        counter="revenue",
        family="financial",
    ),
    Kpi(
        "margin",
        "money",
        Text("Маржа", "Margin"),
        Text(
            "Маржа выигранных за период сделок, у которых она указана.",
            "Margin of the deals won in the period that state it.",
        ),
        (Measure(("margin",), take="sum"),),
        number="K-31",
        setting="margin_field",
        muted=_MARGINS,
        counter="revenue",
        family="financial",
    ),
    Kpi(
        "margin_share",
        "share",
        Text("Маржинальность", "Margin share"),
        Text(
            "Маржа, делённая на выручку тех же сделок.",
            "Margin divided by the revenue of the same deals.",
        ),
        (Measure(("margin",), take="sum"),),
        (Measure(("margin_base",), take="sum"),),
        number="K-31",
        minimum=AVERAGE,
        muted=_MARGINS,
        setting="margin_field",
        counter="revenue",
        family="financial",
    ),
    Kpi(
        "discount_share",
        "share",
        Text("Средняя скидка", "Discount"),
        Text(
            "Скидки, делённые на цены по прайсу, по выигранным сделкам, где прайс указан.",
            "Discounts divided by list prices, over the won deals that state a list price.",
        ),
        (Measure(("discount",), take="sum"),),
        (Measure(("listed",), take="sum"),),
        number="K-32",
        muted=_LISTED,
        minimum=AVERAGE,
        setting="list_price_field",
        direction="less",
        counter="win_rate",
        family="financial",
    ),
    Kpi(
        "reactivations",
        "count",
        Text("Реактивация", "Reactivations"),
        Text(
            "Покупки клиентов, которые до того долго не покупали.",
            "Purchases of clients after a long pause.",
        ),
        (Measure(("win",), (Where("other", "gt", "reactivation_days"),)),),
        number="K-34",
        lookback=True,
        counter="new_clients",
        family="client",
    ),
    Kpi(
        "revenue_per_client",
        "money",
        Text("Выручка на клиента", "Revenue per client"),
        Text(
            "Выручка периода, делённая на число купивших клиентов.",
            "Revenue of the period divided by the number of clients who bought.",
        ),
        (REVENUE,),
        (Measure(("win",), take="clients"),),
        number="K-35",
        minimum=AVERAGE,
        lookback=True,
        counter="new_clients",
        family="client",
    ),
    Kpi(
        "revenue_per_client_year",
        "money",
        Text("Выручка на клиента в год", "Revenue per client-year"),
        Text(
            "Выручка периода, делённая на годы клиентов, в которых она лежит: год клиента считают от первой покупки и "
            "делят между его выигрышами поровну; незаконченные годы не считаются.",
            "Revenue of the period divided by the clients' years it lies in: a client's year begins with his first "
            "purchase and is shared by its wins alike; years that are not over count nowhere.",
        ),
        (Measure(("client_year",), _OVER, "sum"),),
        (Measure(("client_year",), _OVER, "sum", "number"),),
        number="K-35",
        minimum=AVERAGE,
        empty="no_mature",
        ripens=(Measure(("client_year",), _RUNNING),),
        lookback=True,
        counter="new_clients",
        family="client",
    ),
    Kpi(
        "revenue_per_day",
        "money",
        Text("Выручка на отработанный день", "Revenue per worked day"),
        Text(
            "Выручка, делённая на отработанные дни: отпуск и разные графики не мешают сравнению.",
            "Revenue divided by the days worked: absences and schedules do not spoil the comparison.",
        ),
        (REVENUE,),
        number="K-38",
        days=True,
        minimum=0,
        empty="no_days",
        counter="average_deal",
        family="financial",
    ),
    Kpi(
        "revenue_per_lead",
        "money",
        Text("Выручка на обращение", "Revenue per enquiry"),
        Text(
            "Выручка, делённая на число обращений периода.",
            "Revenue divided by the period's enquiries.",
        ),
        (REVENUE,),
        (Measure(("enquiry",)),),
        number="K-38",
        minimum=RATIO,
        empty="no_leads",
        counter="lead_answered_in_norm",
        family="financial",
    ),
)
