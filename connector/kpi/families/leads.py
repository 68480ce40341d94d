"""KPIs of enquiries: how fast they are answered and what becomes of them (K-06, K-14, K-15)."""

from __future__ import annotations

from connector.kpi.definition import AVERAGE, RATIO, Kpi, Measure, Text, Where
from connector.kpi.families.cohort import mature, ripening, within

_ANSWERABLE = frozenset({"deal", "call"})
_ASKED = ("enquiry", "handed")
"""Whoever had it first and whoever it was given to before the answer: each waits by a clock of his own."""
_RESPONSE = (
    Measure(_ASKED, (Where("number", "ge", 0),), take="quantile", of="number"),
    Measure(_ASKED, (Where("number", "unknown"),), take="survival", of="number"),
)
_PROCESSING = (
    Measure(("lead_processed",), (Where("number", "ge", 0),), take="quantile", of="number"),
    Measure(("lead_processed",), (Where("number", "unknown"),), take="survival", of="number"),
)
"""Those that are over, and those that still wait."""
_IN_NORM = Measure(_ASKED, (Where("number", "le", "lead_norm_seconds"),))
_ANSWERED = Measure(_ASKED, (Where("number", "ge", 0),))
_OVERDUE = Measure(
    _ASKED,
    (
        Where("number", "unknown"),
        Where("due_at", "le", "as_of"),
    ),
)

LEADS: tuple[Kpi, ...] = (
    Kpi(
        "lead_response_minutes",
        "minutes",
        Text("Реакция на обращение", "Lead response"),
        Text(
            "Медиана рабочих минут от обращения (переданного до ответа — от передачи) до первого контакта "
            "с клиентом, который состоялся: по отвеченным, а где ответа ждут больше 5 % — по Каплану — Мейеру.",
            "Median working minutes from an enquiry (handed over before its answer: from then) to the first connected "
            "contact with its client: of answered ones, by Kaplan-Meier where more than 5 % wait for an answer.",
        ),
        _RESPONSE,
        number="K-06a",
        minimum=AVERAGE,
        empty="no_leads",
        needs=_ANSWERABLE,
        per=60,
        direction="less",
        counter="lead_won_share",
    ),
    Kpi(
        "lead_response_mean",
        "minutes",
        Text("Реакция на обращение, среднее", "Lead response, mean"),
        Text(
            "Среднее рабочих минут до первого состоявшегося контакта (по отвеченным): вторая строка к медиане, одно "
            "забытое обращение меняет его сильно.",
            "Mean working minutes to the first connected contact (answered ones): a second line beside the median, one "
            "forgotten enquiry moves it far.",
        ),
        (Measure(_ASKED, (Where("number", "ge", 0),), "sum", "number"),),
        (_ANSWERED,),
        number="K-06a",
        minimum=AVERAGE,
        empty="no_leads",
        needs=_ANSWERABLE,
        per=60,
        direction="less",
        spread=Measure(_ASKED, (Where("number", "ge", 0),), "quantile", "number"),
        counter="lead_response_minutes",
    ),
    Kpi(
        "lead_response_p90",
        "minutes",
        Text("Реакция, 90 % обращений", "Lead response, 90 %"),
        Text(
            "За сколько рабочих минут ответили на девять из десяти отвеченных обращений.",
            "Within how many working minutes nine of ten answered enquiries were answered.",
        ),
        (Measure(_ASKED, (Where("number", "ge", 0),), take="quantile", of="number", quantile=0.9),),
        number="K-06a",
        minimum=RATIO,
        empty="no_leads",
        needs=_ANSWERABLE,
        per=60,
        direction="less",
        counter="lead_won_share",
    ),
    Kpi(
        "lead_response_estimate",
        "minutes",
        Text("Реакция с учётом неотвеченных", "Lead response, all enquiries"),
        Text(
            "Медиана по Каплану — Мейеру, сколько бы ни ждало: неотвеченные обращения ждут до сих пор и не выпадают. "
            "Месяцы сравнимы и там, где доля ждущих переходит через 5 %.",
            "Median by Kaplan-Meier however many wait: unanswered enquiries are still waiting and are not dropped. "
            "Months compare even where the share of those who wait passes 5 %.",
        ),
        (Measure(_ASKED, take="survival", of="number"),),
        number="K-06a",
        minimum=AVERAGE,
        empty="no_leads",
        needs=_ANSWERABLE,
        per=60,
        direction="less",
        counter="lead_won_share",
    ),
    Kpi(
        "lead_answered_in_norm",
        "share",
        Text("Отвечено в норматив", "Answered in norm"),
        Text(
            "Доля обращений, на которые ответили в норматив (у переданных до ответа — с передачи); неотвеченные "
            "считаются, когда норматив прошёл.",
            "Share of enquiries answered within the norm (handed over before the answer: from then); unanswered ones "
            "count once the norm is over.",
        ),
        (_IN_NORM,),
        (
            _ANSWERED,
            _OVERDUE,
        ),
        number="K-06a",
        minimum=RATIO,
        empty="no_leads",
        needs=_ANSWERABLE,
        proportion=True,
        counter="lead_won_share",
    ),
    Kpi(
        "lead_processing_minutes",
        "minutes",
        Text("Обработка обращения", "Lead processing"),
        Text(
            "Медиана рабочих минут от обращения до квалификации или отказа с причиной: по решённым, а где не решено "
            "больше 5 % — по Каплану — Мейеру.",
            "Median working minutes from an enquiry to its qualification or a loss with a reason: of decided ones, by "
            "Kaplan-Meier where more than 5 % are undecided.",
        ),
        _PROCESSING,
        number="K-06b",
        minimum=AVERAGE,
        empty="no_leads",
        setting="qualified_stages",
        per=60,
        direction="less",
        counter="qualified_share",
    ),
    Kpi(
        "lead_processing_p90",
        "minutes",
        Text("Обработка, 90 % обращений", "Lead processing, 90 %"),
        Text(
            "За сколько рабочих минут решили девять из десяти решённых обращений.",
            "Within how many working minutes nine of ten decided enquiries were decided.",
        ),
        (Measure(("lead_processed",), (Where("number", "ge", 0),), take="quantile", of="number", quantile=0.9),),
        number="K-06b",
        minimum=RATIO,
        empty="no_leads",
        setting="qualified_stages",
        per=60,
        direction="less",
        counter="qualified_share",
    ),
    Kpi(
        "lead_processing_estimate",
        "minutes",
        Text("Обработка с учётом нерешённых", "Lead processing, all enquiries"),
        Text(
            "Медиана по Каплану — Мейеру, сколько бы ни ждало: нерешённые обращения не выпадают.",
            "Median by Kaplan-Meier however many wait: undecided enquiries are not dropped.",
        ),
        (Measure(("lead_processed",), take="survival", of="number"),),
        number="K-06b",
        minimum=AVERAGE,
        empty="no_leads",
        setting="qualified_stages",
        per=60,
        direction="less",
        counter="qualified_share",
    ),
    Kpi(
        "qualified_share",
        "share",
        Text("Обращение в квалифицированное", "Qualified share"),
        Text(
            "Доля обращений периода, квалифицированных в пределах окна; незрелые не считаются.",
            "Share of the period's enquiries that qualified within the window; immature ones do not count.",
        ),
        (within("lead_qualified"),),
        (mature("lead_qualified"),),
        number="K-14",
        minimum=RATIO,
        empty="no_mature",
        setting="qualified_stages",
        proportion=True,
        ripens=(ripening("lead_qualified"),),
        counter="junk_share",
    ),
    Kpi(
        "junk_share",
        "share",
        Text("Снято как спам", "Removed as junk"),
        Text(
            "Доля пришедших за период обращений, проигранных как спам: из остальных долей они выпали.",
            "Share of the enquiries that came in the period which were lost as junk: no other share counts them.",
        ),
        (Measure(("junked",)),),
        (Measure(("enquiry", "junked")),),
        number="K-14",
        minimum=RATIO,
        empty="no_leads",
        setting="junk_reasons",
        proportion=True,
        direction="less",
        counter="qualified_share",
    ),
    Kpi(
        "lead_won_share",
        "share",
        Text("Обращение в продажу", "Lead to win"),
        Text(
            "Доля обращений периода, ставших продажей в пределах окна; незрелые не считаются.",
            "Share of the period's enquiries won within the window; immature ones do not count.",
        ),
        (within("lead_won"),),
        (mature("lead_won"),),
        number="K-15",
        minimum=RATIO,
        empty="no_mature",
        proportion=True,
        ripens=(ripening("lead_won"),),
        counter="average_deal",
    ),
)
