"""Which answers of a scored call stand beside which fact: those that the fact became of, and no other fact's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from connector.kpi import evidence as module
from connector.kpi.evidence import evidence
from connector.store.talk.scores import Answered, Quoted, Scored

FOUND = (
    Answered("greeting", "yes", evidence=(Quoted(0, "добрый день"),)),
    Answered("objection:expensive", "no"),
    Answered("next_step", "not_applicable"),
    Answered("upsell", "yes", counts=False),
    Answered("spin", "yes"),
)
SCORE = Scored("9", "base@2", "rules@1", FOUND)
FACTS = [
    ("script_passed", "script_passed|external:score:9:script", "9", ["greeting", "spin"]),
    ("script_items", "script_items|external:score:9:script", "9", ["greeting", "spin"]),
    ("objection", "objection|external:score:9:objection", "9", ["objection:expensive"]),
    ("technique", "technique|external:score:9:technique:spin", "9", ["spin"]),
    ("technique", "technique|external:score:9:technique:expensive", "9", ["objection:expensive"]),
    ("technique", "technique|external:score:9:technique:other", "9", []),
    ("call_out", "call_out|call:9", "9", None),
    ("script_passed", "script_passed|deal:1", "9", None),
    ("script_passed", "script_passed|external:score:8:script", "8", None),
    ("script_passed", "script_passed|external:score:9:script", None, None),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Calls whose scores were looked up, with the moment; only call 9 has one."""
    seen: list[Any] = []

    def of_calls(_conn: object, _account: int, calls: set[str], *, as_of: int | None) -> dict[str, Scored]:
        seen.append((calls, as_of))
        return {"9": SCORE}

    monkeypatch.setattr(module.scores, "of_calls", of_calls)
    return seen


@pytest.mark.parametrize(("kind", "key", "call", "criteria"), FACTS)
def test_a_fact_shows_the_answers_it_became_of(
    asked: list[Any], kind: str, key: str, call: str | None, criteria: list[str] | None
) -> None:
    row = SimpleNamespace(id=1, kind=kind, key=key, call_id=call)
    found = evidence(None, 1, [row], 5)  # type: ignore[arg-type]  # nothing is read here
    assert {id: [one.criterion for one in some] for id, some in found.items()} == (
        {} if criteria is None else {1: criteria}
    )


def test_it_says_who_judged_by_what_and_by_which_words(asked: list[Any]) -> None:
    row = SimpleNamespace(id=1, kind="script_passed", key="script_passed|external:score:9:script", call_id="9")
    first = evidence(None, 1, [row], 5)[1][0]  # type: ignore[arg-type]  # nothing is read here
    assert (first.answer, first.scorer, first.checklist, first.quotes) == (
        "yes",
        "rules@1",
        "base@2",
        FOUND[0].evidence,
    )
    assert asked == [({"9"}, 5)]


def test_where_no_score_is_asked_for_none_is_read(asked: list[Any]) -> None:
    row = SimpleNamespace(id=1, kind="call_out", key="call_out|call:9", call_id="9")
    assert evidence(None, 1, [row], None) == {} and asked == []  # type: ignore[arg-type]  # nothing is read here
