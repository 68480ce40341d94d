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
    "no_plan_left": Text("плана нет, или он уже выполнен", "no plan, or nothing left of it"),
    "no_days": Text("нет отработанных дней", "no days worked"),
    "no_payments": Text("нет оплат", "no payments"),
    "no_invoices": Text("нет счетов", "no invoices"),
    "no_open_deals": Text("нет открытых сделок", "no open deals"),
    "no_chances": Text("слишком мало сделок, чтобы знать вероятности", "too few deals to know chances"),
    "no_quotes": Text("нет отправленных КП", "no quotes sent"),
    "no_losses": Text("нет проигранных сделок", "no lost deals"),
    "no_cards": Text("нет карточек", "no cards"),
    "no_tasks": Text("нет задач", "no tasks"),
    "no_activities": Text("нет дел CRM", "no activities of the CRM"),
    "no_refunds": Text("нет возвратов", "no refunds"),
    "no_scores": Text("нет оценённых звонков", "no scored calls"),
    "no_mature": Text("ещё созревает: окно не прошло ни у кого", "still ripening: nobody's window is over"),
    "undecided": Text("больше половины ещё не завершено", "more than half are not over yet"),
    "estimated": Text(
        "медиана по Каплану — Мейеру: ждут больше 5 %", "median by Kaplan-Meier: more than 5 % still wait"
    ),
    "not_observed": Text("на тот день ещё не наблюдали", "not observed yet on that day"),
    "short_history": Text("история клиентов короче года", "the history of clients is shorter than a year"),
    "low_response": Text("ответили меньше 10 %", "fewer than 10 % answered"),
    "few_filled": Text("поле заполнено реже 70 %", "the field is filled in under 70 % of cases"),
    "frozen": Text("заморожено: в CRM что-то изменилось", "frozen: something changed in the CRM"),
    "no_rate": Text("не всё учтено: нет курса валюты", "incomplete: a currency has no rate"),
    "few_data": Text("мало данных", "too little data"),
}
"""Why a value is None, or not to be trusted."""

LEFT_OUT: dict[str, Text] = {
    "junk": Text("спам и другой мусор", "junk"),
    "own_lead": Text("обращение завёл сам менеджер", "entered by the seller himself"),
    "service_pipeline": Text("воронка не для продаж", "not a sales pipeline"),
    "test": Text("проба, не работа с клиентом", "a test, no work with a client"),
    "internal": Text("звонок со своим номером", "a call with one of our own numbers"),
    "robot": Text("создано и закрыто программой", "made and closed by a program"),
    "deleted": Text("удалено в CRM", "deleted in the CRM"),
    "merged": Text("объединено с другой карточкой", "merged into another card"),
    "duplicate": Text("тот же звонок записан дважды", "the same call recorded twice"),
    "redial": Text("тот же номер меньше чем через минуту", "the same number within a minute"),
    "client_called": Text("клиент дозвонился сам", "the client got through himself"),
    "came_by_call": Text("пришло звонком, ответили сразу", "came by a call that was answered at once"),
    "won_before_created": Text("выигрыш записан раньше создания", "the win is dated before the creation"),
    "inferred": Text("этап пропущен, считается пройденным", "the stage was skipped and counts as passed"),
    "split_unreadable": Text(
        "деление не читается или не даёт 100 %: всё ответственному",
        "the split cannot be read or is not 100 %: all to the owner",
    ),
    "ours": Text("задача этой программы", "a task of this program"),
    "young": Text("ещё созревает: окно не прошло", "still ripening: its window is not over"),
    "late_refund": Text("возврат позже срока", "refunded too late to count"),
    "not_won": Text("сделка не выиграна", "the deal is not won"),
    "unreadable": Text("значение поля не читается", "the field's value cannot be read"),
    "lead_elsewhere": Text("уже посчитан лид этой сделки", "the deal's lead is counted"),
    "no_rate": Text("нет курса валюты", "the currency has no rate"),
    "no_amount": Text("сделка без суммы", "the deal has no amount"),
    "no_client": Text("сделка без клиента", "the deal has no client"),
    "in_norm_yet": Text("ещё не отвечено, норматив не вышел", "not answered yet, still inside the norm"),
    "not_due": Text("срок ещё не вышел", "not due yet"),
    "not_answered": Text("без ответа", "not answered"),
    "later": Text("после даты отчёта", "after the date of the report"),
    "no_result": Text("без результата", "without a result"),
    "unknown_user": Text("звонил не пользователь CRM", "the caller is no user of the CRM"),
    "undone": Text("загрузка отменена", "its import was undone"),
    "imported": Text("вместо поля сделки учтено загруженное", "an import counts instead of the deal's field"),
    "before_training": Text("до обучения этой технике", "before the training in this technique"),
    "no_call": Text("звонка больше нет", "the call is there no more"),
    "changed_after_win": Text("сумма изменена после выигрыша", "the amount was changed after the win"),
    "contested": Text("оспорено, руководитель согласился", "contested, and the head agreed"),
    "no_deal": Text("не сказано, по какой сделке", "no deal is named"),
    "condition": Text("не подходит по условию показателя", "fails the KPI's condition"),
}
"""Why a fact is not in a number."""

CONFIDENCE: dict[str, Text] = {
    "exact": Text("точно", "exact"),
    "observed": Text("по наблюдению", "observed"),
    "assumed": Text("предположительно", "assumed"),
}
