"""Calls drawn for people to score, the form, and its answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

from connector.cli.screen import out, print_json, say
from connector.errors import BadConfig
from connector.kpi.text import Language, Text
from connector.pipeline.talks.people_scoring import Answered, Drawn, Form
from connector.quality.score import Answer

_ANSWERS = ("yes", "no", "not_applicable")
_NOTHING = Text("ничего не отобрано", "nothing is drawn")
_LINE = Text(
    "{week} · звонок {call}, {user} · {stratum} · оценивает {rater}{marks}",
    "{week} · call {call} of {user} · {stratum} · for {rater}{marks}",
)
_STRATA = {
    "long": Text("длинный", "long"),
    "short": Text("короткий", "short"),
    "won": Text("сделка выиграна", "won"),
    "lost": Text("сделка проиграна", "lost"),
    "open": Text("сделка открыта", "open"),
    "early": Text("до обеда", "early"),
    "late": Text("после обеда", "late"),
}
_SECOND, _DONE = Text("вторая оценка", "second"), Text("оценён", "done")


def show_drawn(found: Sequence[Drawn], language: Language, *, as_json: bool) -> None:
    """A line a call and rater."""
    if as_json:
        print_json([asdict(one) for one in found])
        return
    if not found:
        say(_NOTHING(language))
    for one in found:
        marks = (_SECOND(language) if one.second else "", _DONE(language) if one.done else "", one.link or one.card)
        told = {
            "week": one.week,
            "call": one.call,
            "user": _person(one.who, one.user),
            "stratum": _stratum(one, language),
            "rater": _person(one.for_whom, one.rater),
        }
        line = _LINE(language).format(**told, marks="".join(f" · {part}" for part in marks if part))
        out.print(line, markup=False, soft_wrap=True)


def _person(name: str, id: str) -> str:
    """By name, with the id that `--rater` takes."""
    return f"{name} ({id})" if name != id else id


def _stratum(one: Drawn, language: Language) -> str:
    """`long/won/late` in words."""
    parts = one.stratum.split("/")
    return ", ".join(_STRATA[part](language) if part in _STRATA else part for part in parts)


def show_form(told: Form) -> None:
    """JSON to be filled in."""
    asked = [{"criterion": one.key, "ru": one.ru, "en": one.en} for one in told.questions]
    turns = [{"turn": n, "speaker": turn.speaker, "text": turn.text} for n, turn in enumerate(told.turns)]
    body = {"call": told.call, "at": told.at.isoformat(), "seconds": told.seconds, "checklist": told.checklist}
    blank = {one.key: None for one in told.questions}
    whole = body | {"card": told.card, "questions": asked, "turns": turns, "answers": blank}
    sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def answers_of(data: bytes) -> Mapping[str, Answered]:
    """A filled-in form, or its answers alone. Raises BadConfig for anything else."""
    try:
        told = json.loads(data)
    except ValueError as error:
        raise BadConfig([f"answers: no JSON ({error})"]) from None
    told = told.get("answers", told) if isinstance(told, dict) else None
    if not isinstance(told, dict):
        raise BadConfig(["answers: an object such as { greeting: yes }"])
    wrong = [f"{key}: {value!r}; yes, no or not_applicable" for key, value in told.items() if value not in _ANSWERS]
    if wrong:
        raise BadConfig(wrong)
    return {key: Answered(cast(Answer, value)) for key, value in told.items()}
