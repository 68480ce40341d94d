"""What became of the tasks, as people and machines read it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from connector.advice.feedback import replanned
from connector.advice.feedback.effect import WORDS, Effect
from connector.advice.feedback.thread import State, Thread
from connector.kpi.catalogue import ALL
from connector.kpi.text import Language, Text
from connector.moment import Zone, zone_of

LINES, LONGEST = 3, 250
"""On the KPI card: a text field of a CRM holds no more."""
ANSWERS = {
    "discussed": Text("обсудили", "discussed"),
    "declined": Text("отклонено", "declined"),
    "data_wrong": Text("данные неверны", "the data is wrong"),
    "noted": Text("ответ без решения", "answered otherwise"),
    "no_text": Text("закрыто без текста", "closed without a text"),
    "deleted": Text("задача удалена", "the task was deleted"),
    "withdrawn": Text("отозвано", "withdrawn"),
}
STATES: dict[State, Text] = {
    "open": Text("открыта", "open"),
    "closed": Text("закрыта, ответ ещё не прочитан", "closed, answer not read yet"),
    "answered": Text("есть ответ", "answered"),
    "measured": Text("измерено", "measured"),
}


def card_line(threads: Sequence[Thread], zone: Zone, language: Language) -> str:
    """The last few, the newest first, in one line of the KPI card."""
    told = [_short(one, zone, language) for one in threads[-LINES:][::-1]]
    while told and len("; ".join(told)) > LONGEST:
        told.pop()
    return "; ".join(told)


def _short(one: Thread, zone: Zone, language: Language) -> str:
    """`16.09 Работа с возражениями: обсудили, стало явно лучше (+31 п. п.)`."""
    parts = [ANSWERS[one.reply.answer](language) if one.reply else STATES[one.state](language)]
    if one.effect is not None:
        parts.append(f"{WORDS[one.effect.verdict](language)} ({gain(one.effect, language)})")
    return f"{_day(one.at, zone)} {title(one.kpi, language)}: {', '.join(parts)}"


def title(kpi: str, language: Language) -> str:
    """The KPI's name, of one's own its key."""
    if kpi == replanned.KPI:
        return replanned.NAME(language)
    return ALL[kpi].title(language) if kpi in ALL else kpi


def gain(effect: Effect, language: Language) -> str:
    """`+31 п. п.` of a share, `+12 %` of what is counted by the day."""
    unit = "%" if effect.by_day else Text("п. п.", "points")(language)
    return f"{_signed(effect.gain)} {unit}"


def as_lines(threads: Sequence[Thread], zone: Zone, language: Language) -> list[list[str]]:
    """For a table: id, day, person, head, KPI, state, effect."""
    return [
        [
            one.id, _day(one.at, zone), one.name, one.head, title(one.kpi, language), _state(one, language),
            _verdict(one, language),
        ]
        for one in threads
    ]  # fmt: skip


HEADINGS = (
    Text("Номер", "Id"), Text("День", "Day"), Text("О ком", "About"), Text("Кому", "To"), Text("KPI", "KPI"),
    Text("Итог", "Outcome"), Text("Эффект", "Effect"),
)  # fmt: skip


def as_text(one: Thread, zone: Zone, language: Language) -> str:
    """The whole story of one task."""
    told = [
        f"{one.id} · {one.name} · {title(one.kpi, language)} · {_day(one.at, zone)}",
        Text("Кому: {}", "To: {}")(language).format(one.head) + (f" · {one.link}" if one.link else ""),
        Text("Состояние: {}", "State: {}")(language).format(_state(one, language)),
    ]
    if one.reply is not None and one.reply.text:
        told.append(Text("Ответ: «{}»", 'Answer: "{}"')(language).format(one.reply.text))
    if one.effect is not None:
        told.append(_effect_line(one, one.effect, language))
    elif one.waits and one.measure_on is not None:
        told.append(
            Text("Измерим снова {}", "To be measured again on {}")(language).format(f"{one.measure_on:%d.%m.%Y}")
        )
    return "\n".join((*told, "", one.title, "", one.text))


def _effect_line(one: Thread, effect: Effect, language: Language) -> str:
    ends = f"{_signed(effect.low)}…{_signed(effect.high)}"
    basis = {
        "colleagues": Text(
            "по {n} коллегам без такой беседы и по собственному среднему",
            "by {n} colleagues without such a talk and by the own mean",
        ),
        "mean": Text("только по возврату к собственному среднему", "only by the return to the own mean"),
    }[effect.basis]
    lines = Text(
        "Эффект: {words}. {first} – {last}: {after}, до беседы {before}, без неё ожидалось {expected} ({basis}). "
        "Разница {gain}, с учётом разброса {ends} (n = {n}).",
        "Effect: {words}. {first} to {last}: {after}, before the talk {before}, without it {expected} was to be "
        "expected ({basis}). Difference {gain}, given the spread {ends} (n = {n}).",
    )
    shown = {name: _value(one, effect, getattr(effect, name), language) for name in ("after", "before", "expected")}
    return lines(language).format(
        words=WORDS[effect.verdict](language), first=effect.first, last=effect.last, gain=gain(effect, language),
        basis=basis(language).format(n=effect.colleagues), ends=ends, n=effect.n, **shown,
    )  # fmt: skip


def as_json(one: Thread) -> dict[str, Any]:
    """Everything, with moments in UTC."""
    return {
        "id": one.id,
        "rule": one.rule,
        "user": {"id": one.user, "name": one.name},
        "kpi": one.kpi,
        "head": one.head,
        "title": one.title,
        "text": one.text,
        "state": one.state,
        "at": one.at.isoformat(),
        "due_at": one.due_at.isoformat(),
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "reply": msgspec.to_builtins(one.reply) if one.reply else None,
        "measure_on": one.measure_on.isoformat() if one.measure_on and one.waits else None,
        "effect": msgspec.to_builtins(one.effect) if one.effect else None,
        "verdict": {"ru": WORDS[one.effect.verdict].ru, "en": WORDS[one.effect.verdict].en} if one.effect else None,
        "link": one.link or None,
    }


def _state(one: Thread, language: Language) -> str:
    if one.reply is None:
        return STATES[one.state](language)
    told = ANSWERS[one.reply.answer](language)
    return f"{told}: {one.reply.reason}" if one.reply.reason else told


def _verdict(one: Thread, language: Language) -> str:
    if one.effect is None:
        return f"→ {one.measure_on:%d.%m.%Y}" if one.waits and one.measure_on else ""
    return f"{WORDS[one.effect.verdict](language)} ({gain(one.effect, language)})"


def _value(one: Thread, effect: Effect, value: float, language: Language) -> str:
    """As the KPI is told: effects have more as better, of stuck deals the stuck ones are shown."""
    if one.kpi in ALL and ALL[one.kpi].direction == "less":
        value = 1 - value
    told = f"{value:.2f}" if effect.by_day else f"{value * 100:.0f} %"
    unit = Text(" выигрыша в рабочий день", " wins a worked day")(language) if effect.by_day else ""
    return (told.replace(".", ",") if language == "ru" else told) + unit


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value) * 100:.0f}"


def _day(at: datetime, zone: Zone) -> str:
    return f"{at.astimezone(zone_of(zone)):%d.%m.%Y}"
