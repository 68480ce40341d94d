"""A sample is had again by its seed, and every file is in it."""

from __future__ import annotations

from tests.mutants.sampling import LEAST, Place, places, sample

EVERY = {"big": [Place("big", n, n) for n in range(900)], "small": [Place("small", n, n) for n in range(100)]}


def of(file: str, some: list[Place]) -> set[Place]:
    return {place for place in some if place.file == file}


def test_each_file_has_its_share_and_no_change_comes_twice() -> None:
    some = sample(EVERY, 200, 1)
    assert (len(some), len(set(some)), len(of("big", some)), len(of("small", some))) == (200, 200, 180, 20)


def test_the_same_seed_is_the_same_sample_and_another_is_another() -> None:
    assert sample(EVERY, 200, 1) == sample(EVERY, 200, 1)
    assert set(sample(EVERY, 200, 1)) != set(sample(EVERY, 200, 2))


def test_few_changes_are_tried_all_the_same() -> None:
    rare = EVERY | {"rare": [Place("rare", n, n) for n in range(5)], "one": [Place("one", 1, 0)]}
    some = sample(rare, 10, 1)
    assert (len(of("rare", some)), len(of("one", some))) == (LEAST, 1)
    assert len(sample(rare, 10_000, 1)) == 1006


def test_places_are_the_changes_of_a_text() -> None:
    assert places({"a.py": "a < b\n\nc + 1"}) == {
        "a.py": [Place("a.py", 1, 0), Place("a.py", 3, 1), Place("a.py", 3, 2)]
    }
