"""The labelled set itself: its size, its thirds, and labels that agree with their marks."""

from __future__ import annotations

import pytest

from tests.quality.labelled import CLASSES, STAGES, Labelled, everything

ALL = everything()


def test_it_is_as_large_as_promised() -> None:
    assert len(ALL) >= 120
    sizes = {group: sum(one.group == group for one in ALL) for group in ("easy", "paraphrased", "garbled")}
    assert sum(sizes.values()) == len(ALL)
    assert max(sizes.values()) - min(sizes.values()) <= 2
    assert len({one.key for one in ALL}) == len(ALL)


def test_each_half_holds_every_class_and_stage_both_ways() -> None:
    for half in (False, True):
        some = [one for one in ALL if one.kept_aside is half]
        for name in CLASSES:
            assert {handled for one in some for key, handled in one.raised.items() if key == name} == {True, False}, (
                name
            )
        for stage in STAGES:
            assert {stage in one.stages for one in some} == {True, False}, stage


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.key)
def test_labels_agree_with_the_marks(one: Labelled) -> None:
    assert one.stages <= set(STAGES)
    assert set(one.raised) == set(one.marks.values()) <= set(CLASSES)
    assert all(one.transcript.turns[number].speaker == "client" for number in one.marks)
    assert 8 <= len(one.transcript.turns) <= 30
