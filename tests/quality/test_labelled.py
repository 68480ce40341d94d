"""The labelled sets themselves: their sizes, their thirds, and labels that agree with their marks.

Of the kept set only the ids of calls are told when something fails: its words are for measuring alone.
"""

from __future__ import annotations

import pytest

from tests.quality.labelled import CLASSES, KEPT, SAID, STAGES, Labelled, development, kept, phrases

SETS = {"open": development(), **{name: kept(name) for name in KEPT}}


def test_they_are_as_large_as_promised() -> None:
    assert len(SETS["open"]) >= 300
    assert len(SETS["third_kept"]) >= 30
    assert len(SETS["fourth_kept"]) >= 24
    assert len(SETS["sixth_kept"]) >= 48
    keys = [one.key for some in SETS.values() for one in some]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", SETS)
def test_thirds_are_alike_in_size(name: str) -> None:
    some = SETS[name]
    sizes = [sum(one.group == group for one in some) for group in ("easy", "paraphrased", "garbled")]
    assert sum(sizes) == len(some)
    assert max(sizes) - min(sizes) <= 2


@pytest.mark.parametrize("name", SETS)
def test_each_set_holds_every_class_and_stage_both_ways(name: str) -> None:
    some = SETS[name]
    for kind in CLASSES:
        assert {handled for one in some for key, handled in one.raised.items() if key == kind} == {True, False}, kind
    for stage in STAGES:
        assert {stage in one.stages for one in some} == {True, False}, stage


@pytest.mark.parametrize("name", SETS)
def test_labels_agree_with_the_marks(name: str) -> None:
    assert [one.key for one in SETS[name] if not _agrees(one)] == []


def _agrees(one: Labelled) -> bool:
    turns = one.transcript.turns
    return (
        one.stages <= set(STAGES)
        and set(one.raised) == set(one.marks.values()) <= set(CLASSES)
        and all(turns[number].speaker == "client" for number in one.marks)
        and 8 <= len(turns) <= 30
    )


@pytest.mark.parametrize("name", SAID)
def test_phrases_hold_every_class_and_as_many_that_object_to_nothing(name: str) -> None:
    kinds = [kind for kind, said in phrases(name) if said]
    assert len(kinds) == 140
    assert set(kinds) == {*CLASSES, "none"}
    assert kinds.count("none") >= 60
