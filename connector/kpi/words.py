"""The words of reasons and records, in both languages: codes go into JSON, these are what people read."""

from __future__ import annotations

from connector.kpi.definition import Text

REASONS: dict[str, Text] = {
    "no_source": Text("нет источника данных", "no source of data"),
    "no_calls": Text("нет звонков", "no calls"),
    "no_deals": Text("нет закрытых сделок", "no closed deals"),
    "no_leads": Text("нет обращений, о которых можно судить", "no enquiries to judge"),
    "no_meetings": Text("нет встреч", "no meetings"),
    "no_ratings": Text("нет оценок", "no ratings"),
    "no_plan": Text("нет плана", "no plan"),
    "no_rate": Text("не всё учтено: нет курса валюты", "incomplete: a currency has no rate"),
    "few_data": Text("мало данных", "too little data"),
}
"""Why a value is None, or not to be trusted."""

LEFT_OUT: dict[str, Text] = {
    "junk": Text("спам и другой мусор", "junk"),
    "own_lead": Text("обращение завёл сам менеджер", "entered by the seller himself"),
    "service_pipeline": Text("воронка не для продаж", "not a sales pipeline"),
    "deleted": Text("удалено в CRM", "deleted in the CRM"),
    "merged": Text("объединено с другой карточкой", "merged into another card"),
    "duplicate": Text("тот же звонок записан дважды", "the same call recorded twice"),
    "late_refund": Text("возврат позже срока", "refunded too late to count"),
    "not_won": Text("сделка не выиграна", "the deal is not won"),
    "unreadable": Text("значение поля не читается", "the field's value cannot be read"),
    "lead_elsewhere": Text("уже посчитан лид этой сделки", "the deal's lead is counted"),
    "no_rate": Text("нет курса валюты", "the currency has no rate"),
    "no_amount": Text("сделка без суммы", "the deal has no amount"),
    "no_client": Text("сделка без клиента", "the deal has no client"),
    "in_norm_yet": Text("ещё не отвечено, норматив не вышел", "not answered yet, still inside the norm"),
    "not_answered": Text("без ответа", "not answered"),
    "later": Text("после даты отчёта", "after the date of the report"),
    "no_result": Text("без результата", "without a result"),
    "unknown_user": Text("звонил не пользователь CRM", "the caller is no user of the CRM"),
    "condition": Text("не подходит по условию показателя", "fails the KPI's condition"),
}
"""Why a fact is not in a number."""

KINDS: dict[str, Text] = {
    "win": Text("выигрыш", "win"),
    "loss": Text("проигрыш", "loss"),
    "enquiry": Text("обращение", "enquiry"),
    "call_out": Text("исходящий звонок", "outgoing call"),
    "call_in": Text("входящий звонок", "incoming call"),
    "call_missed": Text("пропущенный звонок", "missed call"),
    "meeting": Text("встреча", "meeting"),
    "rating": Text("оценка", "rating"),
    "refund": Text("возврат", "refund"),
}

CONFIDENCE: dict[str, Text] = {
    "exact": Text("точно", "exact"),
    "observed": Text("по наблюдению", "observed"),
    "assumed": Text("предположительно", "assumed"),
}
