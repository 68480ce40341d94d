"""Chances of KPIs beside revenue as people and machines read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from connector.kpi.telling.render import shown
from connector.kpi.text import Language, Text
from connector.targets.backtest import ENOUGH, Backtest
from connector.targets.likely.promise import Aim, Promise
from connector.targets.likely.shape import Unlikely
from connector.targets.suggest import Realism, realism

REALISM: dict[Realism, Text] = {
    "unrealistic": Text("нереалистичный", "unrealistic"),
    "ambitious": Text("амбициозный", "ambitious"),
    "realistic": Text("реалистичный", "realistic"),
    "easy": Text("лёгкий", "easy"),
    "too_easy": Text("слишком лёгкий", "too easy"),
}
_WHY: dict[Unlikely, Text] = {
    "no_model": Text(
        "медианы, суммы денег и отношения сумм модель не предсказывает",
        "the model does not foretell medians, sums of money and ratios of sums",
    ),
    "standing": Text(
        "каким он был на концы прошлых месяцев, не сохранилось", "how it stood at the ends of past months is not kept"
    ),
    "ripens": Text(
        "месяц становится известен только спустя срок", "what a month came to is known only when its window is over"
    ),
    "no_side": Text("у него нет лучшей стороны", "it is good neither high nor low"),
}
_UNTRIED = Text(
    "для проверки на своём прошлом нужно {need} человеко-месяца, есть {n}",
    "trying chances on the account's own past takes {need} person-months, there are {n}",
)
_OFF = Text(
    "на своём прошлом обещанное {stated} сбывалось в {true}",
    "on the account's own past a stated {stated} came true in {true}",
)
_HEAD = Text(
    "{title}: на своём прошлом ({n} человеко-месяцев) обещали {stated}, сбылось {true}",
    "{title}: on the account's own past ({n} person-months) stated {stated}, came true {true}",
)
_SILENT = Text("{title}: вероятность не показана: {why}", "{title}: no chance is shown: {why}")
_LINE = Text(
    "  {name}: {target} (минимум {minimum}, амбициозно {ambitious}){chance}; ожидаем {low} … {expected} … {high}; "
    "основание: {months} мес.{team}",
    "  {name}: {target} (at least {minimum}, ambitious {ambitious}){chance}; expected {low} … {expected} … {high}; "
    "by {months} months{team}",
)
_INSIDE = Text(
    "  внутри месяца, прошло {cut}: обещали {stated}, сбылось {true}; в интервале 80 % оказалось {covered}; "
    "потеря {loss}, у темпа {run_rate}",
    "  within the month, {cut} gone: stated {stated}, came true {true}; in the 80 % interval {covered}; "
    "loss {loss}, the run-rate's {run_rate}",
)
_WITH = Text(", вероятность {chance}, {class_}", ", chance {chance}, {class_}")
_TEAM = Text(", ориентир — команда", ", the team is the guide")
_NO_BETTER = Text(
    "амбициозная цель та же: лучше по модели выходит нечасто",
    "the ambitious one is the same: by the model better than that is seldom reached",
)
_NO_LESS = Text(
    "минимум тот же: столько по модели и так выходит чаще всего",
    "the least is the same: by the model that much is mostly reached anyway",
)


def silence(one: Promise) -> Text:
    """Why no chance is told of a KPI; of one that is vouched for there is no reason."""
    if one.why is not None:
        return _WHY[one.why]
    if one.trial.n < ENOUGH:
        return Text(*(_UNTRIED(lang).format(need=ENOUGH, n=one.trial.n) for lang in ("ru", "en")))
    stated, true, _ = max(
        ((stated, true, abs(stated - true)) for stated, true, _ in one.trial.calibration if 0.4 <= stated <= 0.8),
        key=lambda told: told[2],
    )
    return Text(*(_OFF(lang).format(stated=percent(stated, lang), true=percent(true, lang)) for lang in ("ru", "en")))


def as_lines(one: Promise, title: str, language: Language) -> Iterator[str]:
    """A heading that says what chances are worth, and a line for each person."""
    yield trust_line(one, title, language)
    for aim in one.aims:
        yield from _lines(aim, one, language)


def trust_line(one: Promise, title: str, language: Language) -> str:
    """What chances of a KPI were worth, or why none is told."""
    if not one.vouched:
        return _SILENT(language).format(title=title, why=silence(one)(language))
    stated = ", ".join(percent(stated, language) for stated, _, _ in one.trial.calibration)
    true = ", ".join(percent(true, language) for _, true, _ in one.trial.calibration)
    return _HEAD(language).format(title=title, n=one.trial.n, stated=stated, true=true)


def inside_line(cut: float, tried: Backtest, language: Language) -> str:
    """What forecasts were worth at a cut of the month, beside the run-rate."""
    stated = ", ".join(percent(one, language) for one, _, _ in tried.calibration)
    true = ", ".join(percent(one, language) for _, one, _ in tried.calibration)
    loss, run_rate = (score.pinball for score in tried.scores)
    return _INSIDE(language).format(
        cut=percent(cut, language), stated=stated, true=true, covered=percent(tried.covered, language),
        loss=f"{loss:.3f}", run_rate=f"{run_rate:.3f}",
    )  # fmt: skip


def inside_json(cut: float, tried: Backtest) -> dict[str, Any]:
    """The same for machines."""
    return {
        "cut": cut,
        "n": tried.n,
        "vouches": tried.vouches,
        "calibration": [{"stated": stated, "came_true": true, "n": n} for stated, true, n in tried.calibration],
        "covered_80": tried.covered,
        "scores": [asdict(score) for score in tried.scores],
    }


def as_json(one: Promise) -> dict[str, Any]:
    """Targets in the KPI's unit; chances null where nothing vouches for them."""
    targets = [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in asdict(aim).items()}
        | {"class": None if aim.chance is None else realism(aim.chance)}
        for aim in one.aims
    ]
    calibration = [{"stated": stated, "came_true": true, "n": n} for stated, true, n in one.trial.calibration]
    return {
        "kpi": one.kpi,
        "unit": one.sense.unit,
        "vouched": one.vouched,
        "why": None if one.vouched else silence(one)._asdict(),
        "targets": targets,
        "backtest": {"n": one.trial.n, "calibration": calibration, "covered_80": one.trial.covered},
    }


_NEARLY = 0.01


def percent(share: float, language: Language) -> str:
    """A chance in whole percent."""
    return shown(Decimal(str(round(share, 2))), "share", "", language).replace(",0", "").replace(".0", "")


def sure(chance: float, language: Language) -> str:
    """A chance in whole percent, never none and never all: nobody is sure of the future."""
    if chance < _NEARLY or chance > 1 - _NEARLY:
        return f"< {percent(_NEARLY, language)}" if chance < _NEARLY else f"> {percent(1 - _NEARLY, language)}"
    return percent(chance, language)


def with_chance(chance: float | None, language: Language) -> str:
    """What follows a target: its chance and class, nothing where none is told."""
    if chance is None:
        return ""
    return _WITH(language).format(chance=sure(chance, language), class_=REALISM[realism(chance)](language))


def same(target: float | Decimal, minimum: float | Decimal, ambitious: float | Decimal) -> Iterator[Text]:
    """Why one of the two beside the target is no other number; of somebody who is away there is nothing to say."""
    if target and ambitious == target:
        yield _NO_BETTER
    if target and minimum == target:
        yield _NO_LESS


def _lines(aim: Aim, one: Promise, language: Language) -> Iterator[str]:
    yield _line(aim, one, language)
    if one.sense.unit != "share" or aim.target < 1:  # nothing is better than all of them
        yield from (f"    {why(language)}" for why in same(aim.target, aim.minimum, aim.ambitious))


def _line(aim: Aim, one: Promise, language: Language) -> str:
    names = ("target", "minimum", "ambitious", "low", "expected", "high")
    told = {name: value_text(getattr(aim, name), one, language) for name in names}
    chance = with_chance(aim.chance, language)
    team = "" if aim.own else _TEAM(language)
    return _LINE(language).format(name=aim.name, chance=chance, months=aim.months, team=team, **told)


def value_text(value: Decimal, one: Promise, language: Language) -> str:
    """In the KPI's unit, money in whole units of the currency."""
    if one.sense.unit == "share":
        return percent(float(value), language)
    return shown(value, "count", "", language)
