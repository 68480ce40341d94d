"""Whether techniques are used more since a training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from connector.cli.screen import out, print_json, say
from connector.kpi.text import Language, Text
from connector.pipeline.talks.learning import Learned
from connector.quality.learning import Lift, Rate

_NONE = Text(
    "{account}: обучений приёмам из чек-листа не загружено (kpi import facts)",
    "{account}: no training in a technique of the checklist is imported (kpi import facts)",
)
_UNKNOWN = Text(
    "{account}: обучение «{name}»: такого критерия в чек-листе нет",
    "{account}: training in {name!r}: no criterion of the checklist is called so",
)
_VERDICTS = {
    "grew": Text("выросло", "grew"),
    "fell": Text("упало", "fell"),
    "unchanged": Text("от случайности не отличить", "not told apart from chance"),
    "too_little": Text("данных мало", "too little data"),
}
_OPEN = Text(" (недели после него ещё не прошли)", " (the weeks after it are not over)")
_BEFORE = Text("  до {before}, после {after}{change}", "  before {before}, after {after}{change}")
_OTHERS = Text("  не обучавшиеся коллеги {before}, {after}{change}", "  untrained colleagues {before}, {after}{change}")
_RATE = Text("{share} % ({passed} из {n})", "{share} % ({passed} of {n})")
_CHANGE = Text("; {value:+d} п. п., 90 %: {low:+d} … {high:+d}", "; {value:+d} pp, 90 %: {low:+d} … {high:+d}")


def show_learned(found: Sequence[Learned], language: Language, *, as_json: bool) -> None:
    """A block a training."""
    if as_json:
        print_json([_json(one) for one in found])
        return
    for one in found:
        if not one.lifts:
            say(_NONE(language).format(account=one.account))
        for told in one.lifts:
            for line in _lift(told, one.names, language):
                out.print(line, markup=False, soft_wrap=True)
        for name in one.unknown:
            say(_UNKNOWN(language).format(account=one.account, name=name))


def _lift(one: Lift, names: Mapping[str, str], language: Language) -> Iterator[str]:
    who = names.get(one.training.user, one.training.user)
    open_yet = "" if one.over else _OPEN(language)
    verdict = _VERDICTS[one.verdict](language)
    yield f"{who} · {one.training.technique} · {one.training.at:%Y-%m-%d}: {verdict}{open_yet}"
    for words, before, after, change in (
        (_BEFORE, one.before, one.after, one.lift),
        (_OTHERS, one.colleagues_before, one.colleagues_after, one.against),
    ):
        told = {"before": _rate(before, language), "after": _rate(after, language), "change": _change(change, language)}
        yield words(language).format(**told)


def _rate(rate: Rate, language: Language) -> str:
    if rate.share is None:
        return "— (0)"
    return _RATE(language).format(share=f"{rate.share * 100:.0f}", passed=rate.passed, n=rate.n)


def _change(told: tuple[float, float, float] | None, language: Language) -> str:
    if told is None:
        return ""
    value, low, high = (round(part * 100) for part in told)
    return _CHANGE(language).format(value=value, low=low, high=high)


def _json(one: Learned) -> dict[str, Any]:
    lifts = [
        asdict(told) | {"training": asdict(told.training) | {"at": told.training.at.isoformat()}} for told in one.lifts
    ]
    return {"account": one.account, "trainings": lifts, "unknown": list(one.unknown)}
