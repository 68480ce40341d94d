"""Who talked how much, how long in a row, over whom, how fast."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.quality.checklists import load
from connector.quality.local.scorer import LocalScorer
from connector.quality.talk import Talk, next_step_agreed, talk
from connector.quality.transcript import Transcript, Turn


def call(*turns: tuple[str, float, float]) -> Talk:
    said = (Turn("seller" if who == "S" else "client", "раз два три четыре", start, end) for who, start, end in turns)
    return talk(Transcript("1", tuple(said), "file"))


def test_share_is_of_speech_and_not_of_the_call() -> None:
    assert call(("S", 0, 3), ("C", 60, 61)).share == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("turns", "longest"),
    [
        ([("S", 0, 5), ("C", 5, 8), ("S", 8, 20)], 12),
        ([("S", 0, 5), ("S", 6.5, 10)], 10),
        ([("S", 0, 5), ("S", 7.5, 10)], 5),
        ([("S", 0, 5), ("C", 5, 5.6), ("S", 5.7, 10)], 10),
        ([("S", 0, 5), ("C", 5, 6), ("S", 6, 10)], 5),
        ([("C", 0, 5)], 0),
    ],
)
def test_a_monologue_runs_over_pauses_and_back_channels(turns: list[tuple[str, float, float]], longest: float) -> None:
    assert call(*turns).monologue == pytest.approx(longest)


@pytest.mark.parametrize(
    ("seller", "counted"),
    [((3, 12), 1), ((3, 8), 0), ((0.3, 12), 0), ((9.8, 12), 0), ((0.5, 12), 1), ((9.7, 12), 1), ((11, 12), 0)],
)
def test_an_interruption_starts_inside_and_outlasts(seller: tuple[float, float], counted: int) -> None:
    found = call(("C", 0, 10), ("S", *seller))
    spoken = 10 + seller[1] - seller[0]
    assert found.interruptions == pytest.approx(counted * 600 / spoken)
    assert found.interrupted == 0


def test_pace_patience_and_switches() -> None:
    found = call(("S", 0, 2), ("C", 2, 4), ("S", 5, 7), ("C", 7, 9), ("S", 12, 14))
    assert found.pace == pytest.approx(120)
    assert found.patience == pytest.approx(2)
    assert found.switches == pytest.approx(4 * 60 / 10)


def test_without_times_nothing_is_zero() -> None:
    found = talk(Transcript("1", (Turn("seller", "ну вот как бы да"), Turn("client", "да")), "file"))
    assert (found.share, found.monologue, found.pace, found.why) == (None, None, None, "no_times")
    assert found.fillers == pytest.approx(40)


def test_without_roles_nothing_is_told() -> None:
    assert talk(Transcript("1", (Turn("unknown", "да", 0, 1),), "file")) == Talk(why="no_roles")


SEGMENT = st.tuples(st.sampled_from("SC"), st.floats(0, 500), st.floats(0.1, 60))


@settings(max_examples=60)
@given(st.lists(SEGMENT, min_size=1, max_size=25))
def test_bounds_hold_whatever_was_said(segments: list[tuple[str, float, float]]) -> None:
    found = call(*((who, start, start + length) for who, start, length in segments))
    assert found.share is not None and found.monologue is not None
    assert 0 <= found.share <= 1
    assert found.monologue <= max(start + length for _, start, length in segments) + 1e-9
    assert found.monologue >= max((length for who, _, length in segments if who == "S"), default=0) - 1e-6


def test_the_next_step_comes_from_the_score() -> None:
    checklist = load()[0]
    lines = [
        "Добрый день, меня зовут Иван",
        "Да, здравствуйте, слушаю вас",
        "Нужно три окна или два?",
        "Нужно три окна",
    ]
    agreed = [*lines, "Хорошо, тогда завтра в десять приедет замерщик", "Договорились, жду вас"]
    for said, expected in ((lines + lines[2:], False), (agreed, True), (lines[:1], None)):
        turns = tuple(Turn("client" if number % 2 else "seller", text) for number, text in enumerate(said))
        score = LocalScorer().score(Transcript("1", turns, "file"), checklist)
        assert next_step_agreed(((one.criterion, one.answer) for one in score.found), checklist) is expected
