"""What a score of a call rests on, a line a criterion: the answer, the words themselves, by which rule or model."""

from __future__ import annotations

from collections.abc import Iterator

from connector.kpi.evidence import Evidence
from connector.kpi.items import Item
from connector.kpi.text import Language, Text
from connector.quality.telling import Names, name_of, why_text
from connector.store.talk.scores import Quoted

_ANSWERS = {"yes": Text("да", "yes"), "no": Text("нет", "no")}
_HANDLED = {"yes": Text("отработано", "handled"), "no": Text("не отработано", "not handled")}
_TURN = Text("реплика", "turn")


def lines(item: Item, names: Names, language: Language) -> tuple[str, ...]:
    """Empty for facts that no score of a call became. `names`: of criteria, by key."""
    return tuple(_line(one, names, language) for one in item.evidence)


def _line(one: Evidence, names: Names, language: Language) -> str:
    answers = _HANDLED if one.criterion.startswith("objection:") else _ANSWERS
    head = f"{name_of(one.criterion, names)(language)}: {answers[one.answer](language)}"
    told = (head, *_quotes(one, language), why_text(one.why, names)(language), f"{one.scorer}, {one.checklist}")
    return " · ".join(part for part in told if part)


def _quotes(one: Evidence, language: Language) -> Iterator[str]:
    for quote in one.quotes:
        yield f"«{quote.quote}» ({_TURN(language)} {quote.turn + 1}{_clock(quote)})"


def _clock(quote: Quoted) -> str:
    return "" if quote.at is None else f", {int(quote.at) // 60}:{int(quote.at) % 60:02}"
