"""KPIs of the work itself: calls, meetings, answers to enquiries (K-04, K-05, K-06a, K-16)."""

from __future__ import annotations

from connector.kpi.definition import AVERAGE, RATIO, Kpi, Measure, Text, Where
from connector.kpi.money import LOST, WON

OUTGOING = Measure(("call_out",))
INCOMING = Measure(("call_in",))
_CALL = frozenset({"call"})
_ANSWERABLE = frozenset({"deal", "call"})
_IN_NORM = Measure(("enquiry",), (Where("number", "le", "lead_norm_seconds"),))
_ANSWERED = Measure(("enquiry",), (Where("number", "ge", 0),))
_OVERDUE = Measure(("enquiry",), (Where("number", "unknown"), Where("due_at", "le", "as_of")))

PROCESS: tuple[Kpi, ...] = (
    Kpi(
        "outgoing_calls",
        "count",
        Text("Исходящие звонки", "Outgoing calls"),
        Text("Попытки исходящих звонков, с ответом и без.", "Attempts to call out, answered or not."),
        (OUTGOING,),
        empty="no_calls",
        needs=_CALL,
    ),
    Kpi(
        "answered_incoming_calls",
        "count",
        Text("Принятые входящие", "Answered incoming calls"),
        Text("Входящие звонки, на которые ответили.", "Incoming calls that were answered."),
        (INCOMING,),
        empty="no_calls",
        needs=_CALL,
    ),
    Kpi(
        "calls",
        "count",
        Text("Звонки", "Calls"),
        Text(
            "Исходящие попытки и принятые входящие вместе.", "Outgoing attempts and answered incoming calls together."
        ),
        (OUTGOING, INCOMING),
        empty="no_calls",
        needs=_CALL,
    ),
    Kpi(
        "successful_call_share",
        "share",
        Text("Доля успешных звонков", "Successful call share"),
        Text(
            "Доля исходящих звонков с разговором не короче заданного порога.",
            "Share of outgoing calls that were talked on for the configured time or longer.",
        ),
        (Measure(("call_out",), (Where("number", "ge", "successful_call_seconds"),)),),
        (OUTGOING,),
        minimum=RATIO,
        empty="no_calls",
        needs=_CALL,
        proportion=True,
    ),
    Kpi(
        "calls_to_deals",
        "share",
        Text("Звонки в сделки", "Calls to deals"),
        Text(
            "Выигранные сделки, делённые на звонки периода (формула статьи: разные когорты, бывает больше 100 %).",
            "Won deals divided by the period's calls (the article's formula: different cohorts, may exceed 100 %).",
        ),
        (WON,),
        (OUTGOING, INCOMING),
        minimum=RATIO,
        empty="no_calls",
        needs=_ANSWERABLE,
    ),
    Kpi(
        "meetings",
        "count",
        Text("Встречи", "Meetings"),
        Text("Проведённые встречи.", "Meetings held."),
        (Measure(("meeting",)),),
        empty="no_meetings",
        needs=frozenset({"meeting"}),
    ),
    Kpi(
        "win_rate",
        "share",
        Text("Доля выигранных", "Win rate"),
        Text(
            "Выигранные среди всех закрытых за период сделок.",
            "Won ones among all deals closed in the period.",
        ),
        (WON,),
        (WON, LOST),
        minimum=RATIO,
        proportion=True,
    ),
    Kpi(
        "lead_response_minutes",
        "minutes",
        Text("Реакция на обращение", "Lead response"),
        Text(
            "Медиана рабочих минут от обращения до первого состоявшегося контакта с клиентом (по отвеченным).",
            "Median working minutes from an enquiry to the first connected contact with its client (answered ones).",
        ),
        (Measure(("enquiry",), (Where("number", "ge", 0),), "median", "number"),),
        minimum=AVERAGE,
        empty="no_leads",
        needs=_ANSWERABLE,
        per=60,
    ),
    Kpi(
        "lead_answered_in_norm",
        "share",
        Text("Отвечено в норматив", "Answered in norm"),
        Text(
            "Доля обращений, на которые ответили в норматив; неотвеченные считаются, когда норматив прошёл.",
            "Share of enquiries answered within the norm; unanswered ones count once the norm is over.",
        ),
        (_IN_NORM,),
        (_ANSWERED, _OVERDUE),
        minimum=RATIO,
        empty="no_leads",
        needs=_ANSWERABLE,
        proportion=True,
    ),
)
