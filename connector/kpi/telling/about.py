"""All there is to say about a KPI, for people and machines. Pure; every word comes from its definition."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connector.kpi.custom.selecting import NAMED
from connector.kpi.definition import IMPORTED, Credit, Direction, Family, Kpi, Language, Text
from connector.kpi.kinds import KINDS
from connector.kpi.telling.formula import formula, muting, reasons, settings
from connector.kpi.telling.words import REASONS
from connector.kpi.varying import Way, way

DIRECTIONS: dict[Direction, Text] = {
    "more": Text("чем больше, тем лучше", "more is better"),
    "less": Text("чем меньше, тем лучше", "less is better"),
    "neither": Text("само по себе ни хорошо, ни плохо", "neither good nor bad by itself"),
}
FAMILIES: dict[Family, Text] = {
    "financial": Text("финансы", "financial"),
    "process": Text("процесс", "process"),
    "client": Text("клиент", "client"),
    "quality": Text("качество", "quality"),
}
CREDITS: dict[Credit, Text] = {
    "event": Text("ответственный на момент события", "the owner at the event"),
    "now": Text("нынешний ответственный", "the owner now"),
    "actor": Text("кто совершил действие", "who did it"),
    "creator": Text("кто создал сделку", "who made the deal"),
    "split": Text("по долям из поля", "by the shares in a field"),
}
UNITS: dict[str, Text] = {
    "money": Text("деньги в валюте аккаунта", "money in the account's currency"),
    "count": Text("штуки", "count"),
    "share": Text("доля (0…1, показывается в процентах)", "share (0…1, shown in percent)"),
    "minutes": Text("минуты", "minutes"),
    "days": Text("дни", "days"),
    "score": Text("баллы", "score"),
}
NEEDS: dict[str, Text] = {
    "deal": Text("сделки", "deals"),
    "call": Text("звонки", "calls"),
    "meeting": Text("встречи", "meetings"),
    "lead": Text("лиды", "leads"),
    "task": Text("задачи", "tasks"),
}
"""Kinds of records a KPI needs."""
LABELS: dict[str, Text] = {
    "key": Text("Ключ", "Key"),
    "number": Text("Определение", "Definition"),
    "family": Text("Семейство", "Family"),
    "formula": Text("Формула", "Formula"),
    "unit": Text("Единица", "Unit"),
    "direction": Text("Направление", "Direction"),
    "credit": Text("Кому засчитывается", "Credited to"),
    "counter": Text("Смотреть вместе с", "Look at it with"),
    "standing": Text("Момент", "Moment"),
    "minimum": Text("Мало данных, если фактов меньше", "Too little data below, facts"),
    "interval": Text("Интервал 90 %", "90 % interval"),
    "days": Text("Отработанные дни команды", "A team's days worked"),
    "handed": Text("Переданные", "Handed over"),
    "muted": Text("Не судить, пока", "Not to be judged while"),
    "settings": Text("Настройки (по умолчанию)", "Settings (defaults)"),
    "reasons": Text("Вместо значения или рядом с ним", "Instead of a value or beside it"),
    "needs": Text("Нужно от CRM", "Needs from the CRM"),
    "setting": Text("Нужна настройка", "Needs the setting"),
    "external": Text("Источник", "Source"),
    "own": Text("Свой показатель", "Own KPI of"),
    "version": Text("Версия формулы", "Version of the formula"),
}

INTERVALS: dict[Way, Text] = {
    "share": Text("доли, по Уилсону", "of a share, by Wilson"),
    "marks": Text(
        "доли от числа оценённых, по Уилсону: не уже настоящего",
        "of a share of as many as were marked, by Wilson: no narrower than the true one",
    ),
    "rate": Text(
        "числа событий за эти дни, по Пуассону: как если бы каждое случалось само по себе",
        "of the number of events in those days, by Poisson: as if each came by itself",
    ),
    "counts": Text("отношения двух чисел событий, по Пуассону", "of the ratio of two numbers of events, by Poisson"),
    "mean": Text("среднего, повторными выборками (bootstrap)", "of a mean, by drawing its values again (bootstrap)"),
    "ranks": Text("квантиля, по рангам", "of a quantile, by ranks"),
    "waits": Text(
        "квантиля, по рангам; где ждут больше 5 % — медианы по Каплану — Мейеру",
        "of a quantile, by ranks; where more than 5 % wait of the median by Kaplan-Meier",
    ),
    "survival": Text("медианы по Каплану — Мейеру", "of the median by Kaplan-Meier"),
    "plan": Text(
        "нет: известная сумма делится на известный план, это не выборка",
        "none: a known sum is divided by a known plan, nothing is sampled",
    ),
    "sum_rate": Text(
        "суммы за эти дни, как у сложного Пуассона: меняются и число событий, и сумма каждого",
        "of the sum in those days, compound Poisson: the number of events varies, and what each brings",
    ),
    "sum_counts": Text(
        "суммы на число других событий, как у сложного Пуассона и Пуассона",
        "of a sum by a number of other events, compound Poisson by Poisson",
    ),
    "sum_share": Text(
        "части суммы, по Уилсону: на столько равных слагаемых, сколько менялись бы так же",
        "of a part of a sum, by Wilson: of as many equal ones as would vary the same",
    ),
    "pairs": Text(
        "отношения сумм, повторными выборками клиентов (bootstrap)",
        "of the ratio of sums, by drawing the clients again (bootstrap)",
    ),
    "none": Text(
        "нет: ничто не говорит, насколько оно точно",
        "none: nothing tells how sure it is",
    ),
}
"""How sure its value is; a total has none, as it is all that there was."""
_STANDING = Text("на конец периода", "at the period's end")
_SELLERS = Text(
    "тех, кто в периоде продал, звонил, встречался или имеет свой план; руководителей и администраторов — только со "
    "своим планом, а где в команде планов нет ни у кого — с выигрышем; остальные не входят и в числитель",
    "of those who sold, called or met in the period or carry a plan of their own; of heads and admins only with such a "
    "plan, or, where nobody of the team has one, with a win; others are left out of the numerator too",
)
_HANDED = Text(
    "обращение, переданное до ответа, — у каждого, кто за него отвечал, по его часам; у команды оно поэтому считается "
    "столько раз, сколько в ней было владельцев",
    "an enquiry that was handed over before its answer is with everybody who answered for it, by his own clock; a team "
    "counts it as often as it had owners there",
)
_EXTERNAL = Text("загрузка фактов: `kpi import facts`", "imported facts: `kpi import facts`")
_IMPORT = Text("загрузка: {many}", "an import of {many}")
_NAMED = Text("в CRM нет: {name}", "the CRM has no {name}")
_OWN = Text(" · свой ({account})", " · own ({account})")


def facts_of(kpi: Kpi, language: Language) -> dict[str, str]:
    """Everything but title and meaning, by label code (see LABELS), in words; what does not apply is left out."""
    told = {
        "key": kpi.key,
        "number": kpi.number,
        "family": FAMILIES[kpi.family](language),
        "formula": formula(kpi, language),
        "unit": UNITS[kpi.unit](language),
        "direction": DIRECTIONS[kpi.direction](language),
        "credit": CREDITS[kpi.credit](language),
        "counter": kpi.counter or "",
        "standing": _STANDING(language) if kpi.standing else "",
        "minimum": str(kpi.minimum) if kpi.minimum > 1 else "",
        "interval": INTERVALS[way(kpi)](language) if way(kpi) in INTERVALS else "",
        "days": _SELLERS(language) if kpi.days else "",
        "handed": _HANDED(language) if any("handed" in one.kinds for one in kpi.measures) else "",
        "muted": muting(kpi, language),
        "settings": ", ".join(f"{name} = {value:g}" for name, value in settings(kpi).items()),
        "reasons": ", ".join(f"{REASONS[reason](language)} ({reason})" for reason in reasons(kpi)),
        "needs": ", ".join(_need(kind, language) for kind in sorted(kpi.needs)),
        "setting": kpi.setting or "",
        "external": _EXTERNAL(language) if kpi.external else "",
        "version": kpi.version,
    }
    return {name: text for name, text in told.items() if text}


def _need(kind: str, language: Language) -> str:
    """A kind of records, of imported facts, or a name of the configuration that the CRM does not have."""
    if kind.startswith(IMPORTED):
        return _IMPORT(language).format(many=KINDS[kind.removeprefix(IMPORTED)].many(language))
    if kind.startswith(NAMED):
        return _NAMED(language).format(name=kind.removeprefix(NAMED))
    return NEEDS[kind](language)


@dataclass(frozen=True, slots=True)
class Told:
    """A KPI, and whose it is where it is no KPI of the catalogue."""

    kpi: Kpi
    account: str | None = None


def as_text(told: Told, language: Language = "ru") -> str:
    """Both titles, the meaning, and a line for everything else."""
    kpi = told.kpi
    other: Language = "en" if language == "ru" else "ru"
    titles = dict.fromkeys((kpi.title(language), kpi.title(other)))
    lines = [" / ".join(titles), kpi.meaning(language), ""]
    own = {"own": told.account} if told.account else {}
    lines += [f"{LABELS[name](language)}: {text}" for name, text in (facts_of(kpi, language) | own).items()]
    return "\n".join(lines)


def as_list(told: Iterable[Told], language: Language = "ru") -> str:
    """A line for each: key, title, formula."""
    rows = [(one.kpi.key, one.kpi.title(language) + _mark(one, language), formula(one.kpi, language)) for one in told]
    wide, broad = (max(len(row[place]) for row in rows) for place in (0, 1))
    return "\n".join(f"{key:<{wide}}  {title:<{broad}}  {text}" for key, title, text in rows)


def _mark(one: Told, language: Language) -> str:
    return _OWN(language).format(account=one.account) if one.account else ""


def as_json(told: Iterable[Told]) -> str:
    """A list of everything, texts in both languages."""
    return json.dumps([body(one.kpi) | {"own": one.account} for one in told], ensure_ascii=False, indent=2)


def body(kpi: Kpi) -> dict[str, Any]:
    """One KPI as JSON has it."""
    return {
        "key": kpi.key,
        "title": kpi.title._asdict(),
        "meaning": kpi.meaning._asdict(),
        "formula": {"ru": formula(kpi, "ru"), "en": formula(kpi, "en")},
        "number": kpi.number,
        "family": kpi.family,
        "unit": kpi.unit,
        "direction": kpi.direction,
        "credit": kpi.credit,
        "counter": kpi.counter,
        "standing": kpi.standing,
        "minimum": kpi.minimum,
        "settings": settings(kpi),
        "reasons": {reason: REASONS[reason]._asdict() for reason in reasons(kpi)},
        "needs": sorted(kpi.needs),
        "setting": kpi.setting,
        "external": kpi.external,
        "proportion": kpi.proportion,
        "version": kpi.version,
    }
