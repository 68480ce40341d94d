"""KPIs of calls and meetings (K-04, K-05, K-13, K-26 to K-28)."""

from __future__ import annotations

from connector.kpi.definition import AVERAGE, RATIO, Ago, Kpi, Measure, Text, Where
from connector.kpi.families.cohort import mature, ripening, within
from connector.kpi.families.money import WON

OUTGOING = Measure(("call_out",))
INCOMING = Measure(("call_in",))
MEETINGS = Measure(("meeting",))
_CALL = frozenset({"call"})
_ANSWERABLE = frozenset({"deal", "call"})
_SECOND_LINE = 23 * 3600
_RETURNED = Measure(("callback",), (Where("number", "ge", 0),))
_NOT_RETURNED = Measure(
    ("callback",),
    (
        Where("number", "unknown"),
        Where("due_at", "le", "as_of"),
    ),
)

CALLS: tuple[Kpi, ...] = (
    Kpi(
        "outgoing_calls",
        "count",
        Text("Исходящие звонки", "Outgoing calls"),
        Text(
            "Попытки исходящих звонков, с ответом и без.",
            "Attempts to call out, answered or not.",
        ),
        (OUTGOING,),
        number="K-04",
        empty="no_calls",
        needs=_CALL,
        counter="successful_call_share",
    ),
    Kpi(
        "answered_incoming_calls",
        "count",
        Text("Принятые входящие", "Answered incoming calls"),
        Text(
            "Входящие звонки, на которые ответили.",
            "Incoming calls that were answered.",
        ),
        (INCOMING,),
        number="K-04",
        empty="no_calls",
        needs=_CALL,
        counter="missed_call_share",
    ),
    Kpi(
        "calls",
        "count",
        Text("Звонки", "Calls"),
        Text(
            "Исходящие попытки и принятые входящие вместе.",
            "Outgoing attempts and answered incoming calls together.",
        ),
        (
            OUTGOING,
            INCOMING,
        ),
        number="K-04",
        empty="no_calls",
        needs=_CALL,
        counter="successful_call_share",
    ),
    Kpi(
        "contacted_clients",
        "count",
        Text("Охвачено клиентов", "Clients contacted"),
        Text(
            "Разные клиенты, с которыми состоялся разговор.",
            "Different clients who were talked with.",
        ),
        (Measure(("call_out", "call_in"), (Where("number", "ge", "connected_call_seconds"),), take="clients"),),
        number="K-04",
        empty="no_calls",
        needs=_CALL,
        counter="call_won_share",
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
        number="K-05",
        minimum=RATIO,
        empty="no_calls",
        needs=_CALL,
        proportion=True,
        counter="outgoing_calls",
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
        (
            OUTGOING,
            INCOMING,
        ),
        number="K-05a",
        minimum=RATIO,
        empty="no_calls",
        needs=_ANSWERABLE,
        counter="average_deal",
    ),
    Kpi(
        "call_won_share",
        "share",
        Text("Разговор в сделку", "Talk to deal"),
        Text(
            "Доля клиентов, с которыми впервые поговорили в периоде, купивших в пределах окна; незрелые не считаются.",
            "Share of clients first talked with in the period who bought within the window; young ones count nowhere.",
        ),
        (within("talk_won"),),
        (mature("talk_won"),),
        number="K-05b",
        minimum=RATIO,
        empty="no_mature",
        needs=_ANSWERABLE,
        proportion=True,
        ripens=(ripening("talk_won"),),
        counter="contacted_clients",
    ),
    Kpi(
        "call_meeting_share",
        "share",
        Text("Разговор во встречу", "Talk to meeting"),
        Text(
            "Доля клиентов, с которыми впервые поговорили в периоде, дошедших до встречи в пределах окна.",
            "Share of clients first talked with in the period who were met within the window.",
        ),
        (within("talk_meeting"),),
        (mature("talk_meeting"),),
        number="K-05b",
        minimum=RATIO,
        empty="no_mature",
        needs=frozenset({"call", "meeting"}),
        proportion=True,
        ripens=(ripening("talk_meeting"),),
        counter="contacted_clients",
    ),
    Kpi(
        "connect_rate",
        "share",
        Text("Дозвон", "Connect rate"),
        Text(
            "Доля номеров, до которых дозвонились, среди набранных; номер считается раз в день.",
            "Share of dialled numbers that were reached; a number counts once a day.",
        ),
        (Measure(("call_out",), (Where("other", "ge", "connected_call_seconds"),)),),
        (Measure(("call_out",), (Where("other", "ge", 0),)),),
        number="K-13",
        minimum=RATIO,
        empty="no_calls",
        needs=_CALL,
        proportion=True,
        counter="outgoing_calls",
    ),
    Kpi(
        "missed_call_share",
        "share",
        Text("Пропущенные звонки", "Missed calls"),
        Text(
            "Пропущенные в рабочее время, делённые на все входящие.",
            "Calls missed in office hours divided by all incoming calls.",
        ),
        (Measure(("call_missed",)),),
        (Measure(("call_in", "call_missed", "call_missed_off")),),
        number="K-26",
        minimum=RATIO,
        empty="no_calls",
        needs=_CALL,
        proportion=True,
        direction="less",
        counter="callback_in_norm",
    ),
    Kpi(
        "callback_in_norm",
        "share",
        Text("Перезвон в норматив", "Called back in norm"),
        Text(
            "Доля пропущенных, по которым перезвонили в норматив; дозвонившиеся сами не считаются.",
            "Share of missed calls returned within the norm; clients who got through themselves do not count.",
        ),
        (Measure(("callback",), (Where("number", "le", "callback_seconds"),)),),
        (
            _RETURNED,
            _NOT_RETURNED,
        ),
        number="K-27",
        minimum=RATIO,
        empty="no_calls",
        needs=_CALL,
        proportion=True,
        counter="missed_call_share",
    ),
    Kpi(
        "callback_in_day",
        "share",
        Text("Перезвон за 23 часа", "Called back in 23 hours"),
        Text(
            "Доля пропущенных, по которым перезвонили за 23 часа по часам; дозвонившиеся сами не считаются.",
            "Share of missed calls returned within 23 hours by the clock; who got through himself does not count.",
        ),
        (Measure(("callback",), (Where("other", "le", _SECOND_LINE),)),),
        (
            Measure(("callback",), (Where("other", "ge", 0),)),
            Measure(
                ("callback",),
                (
                    Where("other", "unknown"),
                    Where("at", "le", Ago(_SECOND_LINE)),
                ),
            ),
        ),
        number="K-27",
        minimum=RATIO,
        empty="no_calls",
        needs=_CALL,
        proportion=True,
        counter="callback_in_norm",
    ),
    Kpi(
        "talk_minutes",
        "minutes",
        Text("Средний разговор", "Average talk"),
        Text(
            "Средняя длина успешного разговора; длина — не качество.",
            "Average length of a successful talk; length is not quality.",
        ),
        (
            Measure(
                ("call_out", "call_in"), (Where("number", "ge", "successful_call_seconds"),), take="sum", of="number"
            ),
        ),
        (Measure(("call_out", "call_in"), (Where("number", "ge", "successful_call_seconds"),)),),
        number="K-28",
        minimum=AVERAGE,
        empty="no_calls",
        needs=_CALL,
        per=60,
        spread=Measure(
            ("call_out", "call_in"), (Where("number", "ge", "successful_call_seconds"),), take="quantile", of="number"
        ),
        direction="neither",
        counter="calls",
    ),
    Kpi(
        "talk_minutes_per_day",
        "minutes",
        Text("Разговоров в день", "Talk per worked day"),
        Text(
            "Минуты разговоров, делённые на отработанные дни.",
            "Minutes of talk divided by the days worked.",
        ),
        (Measure(("call_out", "call_in"), take="sum", of="number"),),
        number="K-28",
        days=True,
        empty="no_days",
        needs=_CALL,
        per=60,
        direction="neither",
        minimum=0,
        counter="call_won_share",
    ),
    Kpi(
        "calls_per_day",
        "count",
        Text("Звонков в день", "Calls per worked day"),
        Text(
            "Исходящие попытки и принятые входящие, делённые на отработанные дни: отпуск не мешает норме.",
            "Outgoing attempts and answered incoming calls divided by the days worked: absences spoil no norm.",
        ),
        (
            OUTGOING,
            INCOMING,
        ),
        number="K-04",
        days=True,
        empty="no_days",
        needs=_CALL,
        counter="successful_call_share",
        minimum=0,
    ),
    Kpi(
        "meetings",
        "count",
        Text("Встречи", "Meetings"),
        Text(
            "Проведённые встречи с результатом, где CRM его хранит.",
            "Meetings held, with a result where the CRM keeps one.",
        ),
        (MEETINGS,),
        number="K-04",
        empty="no_meetings",
        needs=frozenset({"meeting"}),
        counter="win_rate",
    ),
    Kpi(
        "meetings_per_day",
        "count",
        Text("Встреч в день", "Meetings per worked day"),
        Text(
            "Проведённые встречи, делённые на отработанные дни: отпуск не мешает норме.",
            "Meetings held divided by the days worked: absences spoil no norm.",
        ),
        (MEETINGS,),
        number="K-04",
        days=True,
        empty="no_days",
        needs=frozenset({"meeting"}),
        counter="win_rate",
        minimum=0,
    ),
)
