"""Our fields in the CRM: which they are, in which order, what they are called, and how patient each is. Pure.

A card that is rewritten with every call fills its timeline with noise and wakes its robots. So a difference in a field
is worth a write only once the card has been left alone for that field's `patience`; when a card is written at all,
everything that differs goes along.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from connector.wishes import FieldSpec, FieldType, Layout

Language = Literal["ru", "en"]
GROUP = "KPI"
AT_ONCE, HOUR, DAY, NEVER = timedelta(0), timedelta(hours=1), timedelta(hours=20), timedelta.max


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of ours. `source` names the KPI it shows, or a number of the plan planned here."""

    code: str
    type: FieldType
    source: str
    ru: str
    en: str
    patience: timedelta = AT_ONCE

    def spec(self, language: Language) -> FieldSpec:
        """As the provider must create it."""
        return FieldSpec(code=self.code, title=self.ru if language == "ru" else self.en, type=self.type)


DEAL = (
    Slot("KPI_RESPONSE_MINUTES", "number", "response", "Реакция, рабочих минут", "Response, working minutes"),
    Slot("KPI_RESPONSE_NORM", "text", "norm", "Норма реакции", "Response in norm"),
    Slot("KPI_STAGE_DAYS", "number", "stage_days", "Дней на этапе", "Days on the stage"),
    Slot("KPI_OWNER_ATTAINMENT", "number", "plan_attainment", "Ответственный: план, %", "Owner: plan, %", DAY),
    Slot("KPI_OWNER_PACE", "number", "pace", "Ответственный: темп, %", "Owner: pace, %", DAY),
    Slot("KPI_OWNER_WIN_RATE", "number", "win_rate", "Ответственный: доля выигранных, %", "Owner: win rate, %", DAY),
)
"""On a deal's card, six and no more. The owner's numbers move with each of his wins, on all his deals: once a day."""

CARD = (
    Slot("KPI_PLAN", "money", "plan", "План", "Plan"),
    Slot("KPI_FACT", "money", "revenue", "Факт", "Fact"),
    Slot("KPI_ATTAINMENT", "number", "plan_attainment", "Выполнение плана, %", "Plan attainment, %"),
    Slot("KPI_PLAN_FIRST", "money", "first_plan", "Первоначальный план", "Plan agreed on first"),
    Slot(
        "KPI_ATTAINMENT_FIRST",
        "number",
        "against_first",
        "Выполнение первоначального плана, %",
        "Attainment of the first plan, %",
    ),
    Slot("KPI_PLAN_BY_DAYS", "text", "by_days", "План по рабочим дням", "Plan by days worked"),
    Slot("KPI_PACE", "number", "pace", "Темп, %", "Pace, %"),
    Slot("KPI_LEFT_PER_DAY", "money", "per_day", "Осталось в рабочий день", "Left per working day"),
    Slot("KPI_FORECAST", "text", "forecast", "Прогноз, 80 %", "Forecast, 80 %", DAY),
    Slot("KPI_CHANCE", "number", "chance", "Вероятность плана, %", "Chance of the plan, %", DAY),
    Slot("KPI_WIN_RATE", "number", "win_rate", "Доля выигранных, %", "Win rate, %"),
    Slot("KPI_AVERAGE_DEAL", "money", "average_deal", "Средний чек", "Average deal"),
    Slot("KPI_CALLS", "number", "calls", "Звонки", "Calls", HOUR),
    Slot("KPI_SUCCESSFUL_CALLS", "number", "successful_call_share", "Успешные звонки, %", "Successful calls, %", HOUR),
    Slot("KPI_MEETINGS", "number", "meetings", "Встречи", "Meetings", HOUR),
    Slot(
        "KPI_LEAD_RESPONSE", "number", "lead_response_minutes", "Реакция, рабочих минут", "Response, working min", HOUR
    ),
    Slot("KPI_ANSWERED_IN_NORM", "number", "lead_answered_in_norm", "Ответ в норме, %", "Answered in norm, %", HOUR),
    Slot("KPI_CSAT", "number", "csat", "CSAT, %", "CSAT, %", HOUR),
    Slot("KPI_REFUND_SHARE", "number", "refund_share", "Доля возвратов, %", "Refund share, %", HOUR),
    Slot("KPI_PLAN_CHANGE", "text", "plan_change", "Изменение плана", "Change of the plan"),
    Slot("KPI_FEEDBACK", "text", "feedback", "Обратная связь", "Feedback"),
    Slot("KPI_DATA_AS_OF", "date", "as_of", "Данные на", "Data as of", NEVER),
)
"""On the KPI card of a person and month."""

CONTEST = (
    Slot("KPI_CONTEST", "flag", "contest", "Оспорить: данные неверны", "Contest: the data are wrong"),
    Slot("KPI_CONTEST_TEXT", "text", "contest_text", "Что неверно", "What is wrong"),
)
"""On a deal's card for its owner: read, never written."""
ANSWER = Slot("KPI_CONTEST_ANSWER", "text", "contest_answer", "Решение руководителя", "The head's decision")
"""Beside them, written: what his head decided over what he contested."""

DEAL_CODES = {slot.code: slot for slot in DEAL}
CARD_CODES = {slot.code: slot for slot in CARD}
WRITTEN_ON_DEALS = {**DEAL_CODES, ANSWER.code: ANSWER}
"""Everything of ours that stands on a deal: its numbers and the answer to what was contested."""


def contest_fields(language: Language) -> tuple[FieldSpec, ...]:
    """What must exist in the CRM before anybody can contest a record on its card."""
    return tuple(slot.spec(language) for slot in CONTEST)


def layout(language: Language, *, numbers: bool = True, answers: bool = False) -> Layout:
    """What must exist in the CRM before we write: `numbers` on deals and cards, `answers` to contested records."""
    answer = (ANSWER.spec(language),) if answers else ()
    if not numbers:
        return Layout(group=GROUP, deal_fields=answer)
    return Layout(
        group=GROUP,
        deal_fields=(*(slot.spec(language) for slot in DEAL), *answer),
        card_name="KPI менеджера" if language == "ru" else "KPI of a seller",
        card_fields=tuple(slot.spec(language) for slot in CARD),
    )
