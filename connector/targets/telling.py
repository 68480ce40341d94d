"""Suggested targets and their backtest as people and machines read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from connector.kpi.telling.render import shown
from connector.kpi.text import Language, Text
from connector.targets.backtest import ENOUGH, Backtest
from connector.targets.forecast_backtest import Accuracy
from connector.targets.likely import telling as likely
from connector.targets.likely.telling import REALISM, percent, sure
from connector.targets.outcome import Suggested, Tested
from connector.targets.suggest import Suggestion

_WHY: dict[str, Text] = {
    "few_months": Text("мало месяцев, ориентир — команда", "few months, the team is the guide"),
    "few_deals": Text("мало сделок, ориентир — команда", "few deals, the team is the guide"),
    "raised_to_own": Text("поднято до 80 % своего обычного", "raised to 80 % of the own usual"),
    "lowered_to_own": Text("снижено до 130 % своего обычного", "lowered to 130 % of the own usual"),
}
_METHODS: dict[str, Text] = {
    "model": Text("модель", "the model"),
    "last_month_plus_10": Text("прошлый месяц +10 %", "last month +10 %"),
    "mean_3_plus_10": Text("среднее за 3 месяца +10 %", "mean of 3 months +10 %"),
    "mean_3": Text("среднее за 3 месяца", "mean of 3 months"),
    "own_p40": Text("свой 40-й процентиль", "own 40th percentile"),
    "run_rate": Text("темп (факт / доля месяца)", "run-rate"),
    "seasonal_naive": Text("как год назад", "as a year ago"),
    "pipeline": Text("открытые сделки", "the open deals"),
}
_HEAD = Text(
    "{account}: цели на {period}, {currency}; выполнить с вероятностью {chance}",
    "{account}: targets for {period}, {currency}; to be reached with a chance of {chance}",
)
_HEAD_BARE = Text("{account}: цели на {period}, {currency}", "{account}: targets for {period}, {currency}")
_LINE = Text(
    "{name}: {target} (минимум {minimum}, амбициозно {ambitious}){chance}; ожидаем {low} … {expected} … {high}; "
    "рабочих дней {days:g}; основание: месяцев {months}, сделок {deals}",
    "{name}: {target} (at least {minimum}, ambitious {ambitious}){chance}; expected {low} … {expected} … {high}; "
    "working days {days:g}; by {months} months, {deals} deals",
)
_SUM = Text(
    "Вместе: цели {targets}, ожидаем в среднем {expected}", "Together: targets {targets}, on average {expected}"
)
_PLAN = Text(
    "План компании {plan}: каждый выполнит свою часть с вероятностью {chance} — {realism}",
    "The company's plan of {plan}: each reaches his part with a chance of {chance}: {realism}",
)
_PLAN_BARE = Text(
    "План компании {plan}, поделён так, что каждому одинаково трудно",
    "The company's plan of {plan}, divided so that it is equally hard for everybody",
)
_SUMS = ("target", "minimum", "ambitious", "low", "expected", "high")
_SHORT = Text(
    "До плана не хватает {gap} против ожидаемого в среднем",
    "Against what is expected on average {gap} are missing for the plan",
)
_TRIED = Text(
    "Проверка на своём прошлом, {n} человеко-месяцев: обещали {stated}, сбылось {true}",
    "Tried on the account's own past, {n} person-months: stated {stated}, came true {true}",
)
_UNTRIED = Text(
    "Вероятности не показаны: для проверки на своём прошлом нужно {need} человеко-месяца, есть {n}",
    "No chances are shown: trying them on the account's own past takes {need} person-months, there are {n}",
)
_OFF = Text(
    "Вероятности не показаны: на своём прошлом они сбывались иначе, чем обещали",
    "No chances are shown: on the account's own past they did not come true as stated",
)
_SCORE = Text(
    "  {method}: выполнено {attained}, потеря {pinball:.3f}", "  {method}: reached {attained}, loss {pinball:.3f}"
)
_INTERVAL = Text("В 80-процентный интервал попало {covered}", "Within the 80 % interval: {covered}")
_INSIDE = Text("Прогноз внутри месяца", "The forecast within the month")
_CUT = Text(
    "  прошло {cut}: {method}: потеря {pinball:.3f}, ошибка {error:.3f}{covered}",
    "  {cut} gone: {method}: loss {pinball:.3f}, error {error:.3f}{covered}",
)
_COVERED = Text(", в интервале {covered}", ", within the interval {covered}")


def as_text(found: Suggested, language: Language = "ru") -> str:
    """The targets, the company's plan where one was asked for, and what the chances were worth before."""
    head = {"account": found.account, "period": found.period, "currency": found.currency}
    titled = _HEAD if found.backtest.vouches else _HEAD_BARE
    lines = [titled(language).format(chance=percent(found.chance, language), **head)]
    lines += [line for one in found.targets for line in _target(one, language)]
    targets, expected = (sum(getattr(one, name) for one in found.targets) for name in ("target", "average"))
    lines.append(_SUM(language).format(targets=_money(targets, language), expected=_money(expected, language)))
    lines += _company(found, expected, language)
    lines += _trust(found.backtest, language)
    for one in found.others:
        lines += ["", *likely.as_lines(one, found.titles[one.kpi](language), language)]
    return "\n".join(lines)


def backtest_text(found: Tested, language: Language = "ru") -> str:
    """Targets and forecasts on the account's own past, beside what people do without a model."""
    tested = found.targets
    lines = [found.account, *_trust(tested, language)]
    for score in tested.scores:
        name, attained = _METHODS[score.method](language), percent(score.attained, language)
        lines.append(_SCORE(language).format(method=name, attained=attained, pinball=score.pinball))
    if tested.n:
        lines.append(_INTERVAL(language).format(covered=percent(tested.covered, language)))
    lines += [_INSIDE(language)] if found.forecasts else []
    lines += [_accuracy(one, language) for one in found.forecasts]
    for one in found.others:
        lines.append(likely.trust_line(one, found.titles[one.kpi](language), language))
        lines += [likely.inside_line(*tried, language) for tried in found.insides.get(one.kpi, ()) if tried[1].n]
    return "\n".join(lines)


def as_json(found: Suggested) -> dict[str, Any]:
    """Everything, in whole units of the currency."""
    return {
        "account": found.account,
        "period": found.period,
        "currency": found.currency,
        "chance": found.chance,
        "targets": [asdict(one) for one in found.targets],
        "company": _split_json(found),
        "backtest": backtest_json(found.backtest),
        "kpis": [likely.as_json(one) for one in found.others],
    }


def _split_json(found: Suggested) -> dict[str, Any] | None:
    """No chance without a backtest that vouches for it."""
    if found.split is None:
        return None
    return {"chance": found.split.chance if found.backtest.vouches else None, "parts": dict(found.split.parts)}


def tested_json(found: Tested) -> dict[str, Any]:
    """Of revenue, and beside it of other KPIs."""
    return {"account": found.account, **backtest_json(found.targets, found.forecasts)} | {
        "kpis": [
            likely.as_json(one) | {"inside": [likely.inside_json(*tried) for tried in found.insides.get(one.kpi, ())]}
            for one in found.others
        ]
    }


def backtest_json(tested: Backtest, forecasts: Sequence[Accuracy] = ()) -> dict[str, Any]:
    """Scores, calibration, coverage."""
    return {
        "n": tested.n,
        "vouches": tested.vouches,
        "scores": [asdict(score) for score in tested.scores],
        "calibration": [{"stated": stated, "came_true": true, "n": n} for stated, true, n in tested.calibration],
        "covered_80": tested.covered,
        "forecasts": [asdict(one) for one in forecasts],
    }


def _accuracy(one: Accuracy, language: Language) -> str:
    covered = "" if one.covered is None else _COVERED(language).format(covered=percent(one.covered, language))
    return _CUT(language).format(
        cut=percent(one.cut, language),
        method=_METHODS[one.method](language),
        pinball=one.pinball,
        error=one.error,
        covered=covered,
    )


def _target(one: Suggestion, language: Language) -> Iterator[str]:
    sums = {name: _money(getattr(one, name), language) for name in _SUMS}
    chance = likely.with_chance(one.chance, language)
    months, deals = one.basis
    yield _LINE(language).format(name=one.name, chance=chance, days=one.days, months=months, deals=deals, **sums)
    yield from (f"  {_WHY[why](language)}" for why in one.why)
    yield from (f"  {why(language)}" for why in likely.same(one.target, one.minimum, one.ambitious))


def _company(found: Suggested, expected: float, language: Language) -> Iterator[str]:
    if found.split is None or found.realism is None:
        return
    plan = sum(found.split.parts.values())
    yield (_PLAN if found.backtest.vouches else _PLAN_BARE)(language).format(
        plan=_money(plan, language),
        chance=sure(found.split.chance, language),
        realism=REALISM[found.realism](language),
    )
    names = {one.user: one.name for one in found.targets}
    yield from (f"  {names.get(user, user)}: {_money(part, language)}" for user, part in found.split.parts.items())
    if plan > expected:
        yield _SHORT(language).format(gap=_money(plan - expected, language))


def _trust(tested: Backtest, language: Language) -> Iterator[str]:
    if tested.n < ENOUGH:
        yield _UNTRIED(language).format(need=ENOUGH, n=tested.n)
        return
    stated = ", ".join(percent(stated, language) for stated, _, _ in tested.calibration)
    true = ", ".join(percent(true, language) for _, true, _ in tested.calibration)
    yield _TRIED(language).format(n=tested.n, stated=stated, true=true)
    if not tested.vouches:
        yield _OFF(language)


def _money(value: float, language: Language) -> str:
    return shown(Decimal(round(value)), "count", "", language)
