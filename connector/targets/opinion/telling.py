"""The forecast that is not the one told, as people read it: whose it is, where the month ends, what both were worth."""

from __future__ import annotations

from connector.kpi.text import Language, Text
from connector.targets.opinion.verdict import ENOUGH, MONTHS, Verdict

BY_DEALS = Text("по открытым сделкам", "by the open deals")
BY_MODEL = Text("по модели", "by the model")
_PREFERRED = Text(
    "Прогноз по открытым сделкам: на своём прошлом он точнее", "Forecast by the open deals: closer on the own past"
)
_KEPT = Text(
    "Прогноз по модели; второе мнение — по открытым сделкам", "Forecast by the model; second opinion by the open deals"
)
_LOSSES = Text(
    "{head} (потеря на {persons} человеко-месяцах: модель {model}, сделки {deals}; в их интервале {covered} %)",
    "{head} (loss on {persons} person-months: the model {model}, the deals {deals}; {covered} % within their interval)",
)
_UNTRIED = Text(
    "{head}; сравнить их на своём прошлом пока не на чем: нужно {need} человеко-месяца из {months} месяцев, есть {n}",
    "{head}; too little past to compare them on: {need} person-months of {months} months are needed, there are {n}",
)


def whose(worth: Verdict, *, told: bool) -> Text:
    """By what the forecast that is told is made, or the other."""
    return BY_DEALS if worth.prefers is told else BY_MODEL


def why(worth: Verdict, language: Language) -> str:
    """Which is told, and both losses; where there is too little to compare them, that."""
    head = (_PREFERRED if worth.prefers else _KEPT)(language)
    if not worth.enough:
        return _UNTRIED(language).format(head=head, need=ENOUGH, months=MONTHS, n=worth.persons)
    model, deals = (_number(loss, language) for loss in (worth.model, worth.pipeline))
    covered = round(worth.covered * 100)
    return _LOSSES(language).format(head=head, persons=worth.persons, model=model, deals=deals, covered=covered)


def as_json(worth: Verdict) -> dict[str, object]:
    """The choice and what it rests on; losses are None where nothing was tried."""
    tried = worth.months > 0
    return {
        "told": "pipeline" if worth.prefers else "model",
        "enough": worth.enough,
        "person_months": worth.persons,
        "months": worth.months,
        "months_better": worth.better,
        "loss_model": worth.model if tried else None,
        "loss_pipeline": worth.pipeline if tried else None,
        "covered_80": worth.covered if tried else None,
        "by_amounts": worth.sized,
    }


def _number(value: float, language: Language) -> str:
    text = f"{value:.3f}"
    return text.replace(".", ",") if language == "ru" else text
