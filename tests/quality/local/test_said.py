"""Whole sentences and exchanges written before anyone looked at what the scorer says of them, a third of them decoys.

said.txt: what clients say, with the class it objects with, or neutral; told.txt: what sellers say, with the stage it is
or is not (after "|": the client's answer); answered.txt: an objection, what follows, and whether it was handled. Rules
were mended with them since, so what is held here is that they do not lose what they had.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.quality.checklists import load
from connector.quality.local.objections import raised, rules_of
from connector.quality.local.scorer import LocalScorer
from connector.quality.score import Found
from connector.quality.transcript import Transcript, Turn
from tests.bench.quality import Counts
from tests.quality.labelled import STAGES

FOLDER = Path(__file__).parent
CHECKLIST = load()[0]
IDLE = ("Ага", "Добрый день, хочу узнать про двери", "Так", "Мне две штуки в дом", "Угу", "И ещё одну на дачу", "Ага")
PLACE = {"greeting": 0, "needs": 2, "presentation": 4, "next_step": 6, "farewell": 6}
BEFORE = ("Здравствуйте, это Анна, компания «Дом»", "Здравствуйте", "Хочу рассказать вам про наши новые двери на лето")


def lines(name: str) -> list[tuple[str, list[str]]]:
    rows = [line.split(": ", 1) for line in FOLDER.joinpath(name).read_text("utf-8").splitlines() if line]
    return [(label, said.split(" | ")) for label, said in rows]


def call(said: list[str]) -> Transcript:
    """Turns by turns, the seller first, long enough to be judged."""
    padded = [*said, "Вот такие дела у нас тут, сами понимаете", "Да, понимаю вас", "Ну вот и всё у нас", "Ага, ну да"]
    sides = ("seller", "client")
    return Transcript("1", tuple(Turn(sides[n % 2], text) for n, text in enumerate(padded)), "file")


def answers(said: list[str]) -> dict[str, Found]:
    return {one.criterion: one for one in LocalScorer().score(call(said), CHECKLIST).found}


def test_objections_are_told_from_what_only_looks_like_them() -> None:
    rules, _ = rules_of(CHECKLIST)
    shown, counted = Counts(), Counts()
    for label, (said,) in lines("said.txt"):
        met = raised(Transcript("1", (Turn("client", said),), "file"), rules)
        for kind in {label, *(one.kind for one in met)} - {"neutral"}:
            shown.add(kind == label, any(one.kind == kind for one in met))
            counted.add(kind == label, any(one.kind == kind and one.counts for one in met))
    assert shown.precision >= 0.95
    assert shown.recall >= 0.95
    assert counted.precision >= 0.95
    assert counted.recall >= 0.9


@pytest.mark.parametrize("stage", STAGES)
def test_stages_are_told_from_what_only_looks_like_them(stage: str) -> None:
    counts = Counts()
    for label, said in lines("told.txt"):
        if label[1:] == stage:
            at = PLACE[stage]
            turns = [*IDLE[:at], *said, *IDLE[at + len(said) :]]
            counts.add(label[0] == "+", answers(turns)[stage].answer == "yes")
    assert counts.f1 >= 0.9


def test_handling_is_told_from_giving_in() -> None:
    counts, met = Counts(), 0
    for label, said in lines("answered.txt"):
        found = answers([*BEFORE, *said])[f"objection:{label[1:]}"]
        met += found.answer != "not_applicable"
        counts.add(label[0] == "+", found.answer == "yes")
    assert met >= 0.95 * len(lines("answered.txt"))
    assert counts.f1 >= 0.9
