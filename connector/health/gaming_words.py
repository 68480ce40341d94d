"""The words of suspicions: a question, never an accusation, with the honest ways in which the same may come about."""

from __future__ import annotations

from typing import NamedTuple

from connector.kpi.definition import Text


class Wording(NamedTuple):
    """What it looks like, how it may be innocent, which KPIs it flatters and which show what it costs."""

    text: Text
    innocent: Text
    flatters: tuple[str, ...]
    counter: tuple[str, ...]


WORDS: dict[str, Wording] = {
    "bulk_deadlines": Wording(
        Text(
            "похоже на массовый перенос сроков: {count} задач за {minutes} мин",
            "looks like deadlines put off in bulk: {count} tasks in {minutes} min",
        ),
        Text(
            "после отпуска или болезни дела переносят разом; массовая правка руководителя",
            "after a leave or an illness work is moved at once; a bulk edit by a head",
        ),
        ("overdue_task_share",),
        ("reschedules", "tasks_in_time"),
    ),
    "bulk_moves": Wording(
        Text(
            "похоже на массовое движение сделок: {count} за {minutes} мин",
            "looks like deals moved in bulk: {count} in {minutes} min",
        ),
        Text(
            "наведение порядка по просьбе руководителя, смена воронки, импорт",
            "tidying up as asked by the head, a new pipeline, an import",
        ),
        ("step_share", "stuck_deal_share"),
        ("win_rate", "lead_won_share"),
    ),
    "short_calls": Wording(
        Text(
            "похоже на звонки ради количества: {count} разговоров короче {seconds} с, {share:.0%} всех",
            "looks like calls for the count: {count} talks under {seconds} s, {share:.0%} of all",
        ),
        Text(
            "автоответчики считаются ответом, плохая база номеров, уточнения на ходу",
            "voicemail counts as an answer, a poor list of numbers, quick clarifications",
        ),
        ("outgoing_calls", "calls"),
        ("successful_call_share", "calls_to_deals"),
    ),
    "repeated_calls": Wording(
        Text(
            "похоже на повторный набор: {count} звонков тому же клиенту в течение {seconds} с после прошлого",
            "looks like redialling: {count} calls to the same client within {seconds} s of the last",
        ),
        Text(
            "не дозвонились или связь оборвалась, автодозвон телефонии",
            "nobody answered or the line broke off, the telephony redials by itself",
        ),
        ("outgoing_calls", "calls"),
        ("connect_rate", "contacted_clients"),
    ),
    "split_deals": Wording(
        Text(
            "похоже на раздробленную сделку: {count} почти равных выигрышей одного клиента за {days} дн.",
            "looks like one deal in parts: {count} nearly equal wins of one client in {days} days",
        ),
        Text(
            "абонентская плата, поставка частями, несколько договоров холдинга",
            "a subscription, delivery in parts, several contracts of a holding",
        ),
        ("won_deals", "repeat_share"),
        ("average_deal", "revenue"),
    ),
    "bulk_losses": Wording(
        Text(
            "похоже на массовый сброс в отказ: {count} сделок за {minutes} мин",
            "looks like deals dumped as lost: {count} in {minutes} min",
        ),
        Text(
            "чистка старой базы, закрытие месяца, закрытый продукт",
            "clearing out old deals, the end of a month, a product that was dropped",
        ),
        ("stuck_deal_share", "deals_without_next_step"),
        ("win_rate", "lead_won_share", "loss_reason_share"),
    ),
    "dumped": Wording(
        Text(
            "похоже на отказ без разговора: {count} обращений закрыты за {minutes} мин после прихода, контакта не было",
            "looks like refusal without a talk: {count} enquiries closed within {minutes} min, nobody was contacted",
        ),
        Text(
            "спам и дубли, не отмеченные причиной; разговор прошёл мимо CRM",
            "spam and duplicates without a reason; the talk took place outside the CRM",
        ),
        ("lead_processing_minutes", "lead_answered_in_norm"),
        ("win_rate", "lead_won_share", "loss_reason_share"),
    ),
    "junked": Wording(
        Text(
            "похоже на отказы под видом спама: {count} обращений, {share:.0%} всех пришедших; у других {usual:.0%}",
            "looks like refusals called junk: {count} enquiries, {share:.0%} of all that came; others' {usual:.0%}",
        ),
        Text(
            "источник с потоком спама, дежурство на разборе обращений",
            "a source that brings spam, whose turn it is to sort enquiries",
        ),
        ("win_rate", "lead_won_share", "qualified_share", "lead_answered_in_norm"),
        ("junk_share", "revenue_per_day", "new_clients"),
    ),
    "back_dated": Wording(
        Text(
            "похоже на закрытие задним числом: {count} сделок, до {days} дн.",
            "looks like closing with an earlier date: {count} deals, up to {days} days",
        ),
        Text(
            "перенос из другой системы, поздний ввод документов",
            "a migration from another system, papers entered late",
        ),
        ("revenue", "plan_attainment"),
        ("deal_cycle_days",),
    ),
    "bulk_meetings": Wording(
        Text(
            "похоже на встречи, закрытые разом: {count} за {minutes} мин",
            "looks like meetings closed at one go: {count} in {minutes} min",
        ),
        Text(
            "отчёт о выезде в конце дня; день встречи уточните в карточках",
            "a day of visits written up in the evening; look at the cards for the real times",
        ),
        ("meetings",),
        ("win_rate", "calls_to_deals"),
    ),
}
SEEN: dict[str, Text] = {
    "task": Text("{at}: {before} → {after}", "{at}: {before} → {after}"),
    "move": Text("{at}: на этап {stage}", "{at}: to the stage {stage}"),
    "lost": Text("проиграна {at}", "lost {at}"),
    "call": Text("{at}, {seconds} с", "{at}, {seconds} s"),
    "win": Text("{at}: {amount}", "{at}: {amount}"),
    "arrived": Text("пришло {at}, закрыто через {minutes} мин", "came {at}, closed after {minutes} min"),
    "came": Text("пришло {at}, закрыто как спам", "came {at}, closed as junk"),
    "closed": Text("в карточке {told}, на деле {at}", "the card says {told}, it was {at}"),
    "meeting": Text("закрыта {at}", "closed {at}"),
}
