"""KPIs of what clients say, take back and come back for (K-07, K-08, K-33)."""

from __future__ import annotations

from connector.kpi.definition import RATIO, Kpi, Measure, Muted, Text, Where
from connector.kpi.families.cohort import mature, ripening, within
from connector.kpi.families.money import LOST, REVENUE, WON

_DUE = (Where("due_at", "le", "as_of"),)
_RATED = Measure(("rating",))

CLIENT: tuple[Kpi, ...] = (
    Kpi(
        "csat",
        "share",
        Text("Удовлетворённость", "CSAT"),
        Text(
            "Доля оценок не ниже порога среди всех оценок сделок, закрытых за период, когда бы их ни дали.",
            "Share of the ratings of the period's closed deals that reach the threshold, whenever they were given.",
        ),
        (Measure(("rating",), (Where("number", "ge", "csat_good_from"),)),),
        (_RATED,),
        number="K-07",
        minimum=RATIO,
        empty="no_ratings",
        setting="csat_field",
        proportion=True,
        family="client",
        counter="csat_response",
        muted=Muted((_RATED,), (WON, LOST), 0.1, "low_response"),
    ),
    Kpi(
        "csat_response",
        "share",
        Text("Ответили на опрос", "Survey response"),
        Text(
            "Оценки сделок, закрытых за период, делённые на закрытые за период сделки.",
            "The ratings of the deals closed in the period divided by those deals.",
        ),
        (_RATED,),
        (
            WON,
            LOST,
        ),
        number="K-07",
        minimum=RATIO,
        setting="csat_field",
        family="client",
        counter="csat",
    ),
    Kpi(
        "refund_share",
        "share",
        Text("Доля возвратов", "Refund share"),
        Text(
            "Возвраты по продажам периода, делённые на его выручку; пока окно открыто, доля может вырасти.",
            "Refunds of the period's sales divided by its revenue; it may still grow while the window is open.",
        ),
        (Measure(("refund",), _DUE, "sum"),),
        (REVENUE,),
        number="K-08",
        ripens=(ripening("win"),),
        minimum=RATIO,
        parts=True,
        setting="refund_amount_field",
        family="client",
        direction="less",
        counter="revenue",
    ),
    Kpi(
        "excused_refund_share",
        "share",
        Text("Возвраты не по вине", "Refunds not at fault"),
        Text(
            "Доля возвратов по причинам, в которых менеджер не виноват, среди всех возвратов по продажам периода; в "
            "долю возвратов они не входят.",
            "Share of refunds for reasons that are not the seller's fault, among all refunds of the period's sales; "
            "they are no part of the refund share.",
        ),
        (Measure(("refund_excused",), _DUE, "sum"),),
        (Measure(("refund", "refund_excused"), _DUE, "sum"),),
        number="K-08",
        minimum=RATIO,
        empty="no_refunds",
        setting="refund_reason_field",
        family="client",
        direction="less",
        counter="refund_share",
    ),
    Kpi(
        "refunds_booked",
        "money",
        Text("Возвраты за период", "Refunds made"),
        Text(
            "Возвраты, сделанные за период, по любым продажам.",
            "Refunds made in the period, of any sales.",
        ),
        (Measure(("refund_booked",), take="sum"),),
        number="K-08",
        empty="no_refunds",
        setting="refund_amount_field",
        family="client",
        direction="less",
        counter="revenue",
    ),
    Kpi(
        "retention",
        "share",
        Text("Удержание клиентов", "Retention"),
        Text(
            "Доля покупок периода, за которыми в пределах окна последовала следующая; незрелые не считаются.",
            "Share of the period's purchases followed by another within the window; immature ones do not count.",
        ),
        (within("return", "return_days"),),
        (mature("return"),),
        number="K-33",
        minimum=RATIO,
        empty="no_mature",
        proportion=True,
        ripens=(ripening("return"),),
        family="client",
        lookback=True,
        counter="new_clients",
    ),
)
