"""The labelled dialogues, read from their files; see dialogues/README.md for the format and what the labels mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from connector.quality.transcript import Transcript, Turn

FOLDER = Path(__file__).parent / "dialogues"
OPENED = ("second", "third", "fourth", "fifth")
KEPT = ("third_kept", "fourth_kept", "sixth_kept")
PHRASES = Path(__file__).parent / "phrases"
SAID = ("fifth", "sixth_kept")
"""Authors who wrote single phrases of clients too."""
STAGES = ("greeting", "needs", "presentation", "next_step", "farewell")
CLASSES = ("expensive", "think_over", "competitor", "no_time", "send_email", "not_me")


@dataclass(frozen=True)
class Labelled:
    """A dialogue with what people say of it. `raised`: class -> handled; `marks`: the class each client turn raises."""

    key: str
    group: str
    transcript: Transcript
    stages: frozenset[str]
    raised: dict[str, bool]
    marks: dict[int, str]


def read(text: str, group: str) -> Iterator[Labelled]:
    for block in re.split(r"^@ ", text, flags=re.M)[1:]:
        head, *lines = [line for line in block.strip().splitlines() if line.strip()]
        key, _, stages, objections = (part.strip() for part in head.split("|"))
        raised = {mark[:-1]: mark[-1] == "+" for mark in objections.split() if mark != "."}
        turns, marks = [], {}
        for number, line in enumerate(lines):
            who, mark, said = re.fullmatch(r"([МК])(?:\*(\w+))?: (.+)", line).groups()
            turns.append(Turn("seller" if who == "М" else "client", said))
            if mark:
                marks[number] = mark
        yield Labelled(
            key, group, Transcript(key, tuple(turns), "file"), frozenset(stages.split()) - {"."}, raised, marks
        )


def development() -> list[Labelled]:
    """The open calls: rules are written, and weights calibrated, with them in sight. The second set is spent: author
    B's half was kept until local@5 had been measured by it; of the third and the fourth one half each was met blind,
    then opened; so was the fifth.
    """
    return _read([*FOLDER.glob("*.txt"), *(file for name in OPENED for file in (FOLDER / name).glob("*.txt"))])


def kept(name: str) -> list[Labelled]:
    """The other half of a set (one of KEPT): only measured. Nothing that fits or writes rules may read them."""
    return _read((FOLDER / name).glob("*.txt"))


def every_kept() -> list[Labelled]:
    """All that is only measured."""
    return [one for name in KEPT for one in kept(name)]


def phrases(name: str) -> list[tuple[str, str]]:
    """Class, or "none", and what a client says: single turns by the author of a set (one of SAID)."""
    lines = (PHRASES / f"{name}.txt").read_text("utf-8").splitlines()
    return [(kind, said) for kind, _, said in (line.partition("\t") for line in lines)]


def _read(files: Iterable[Path]) -> list[Labelled]:
    return [one for file in sorted(files) for one in read(file.read_text("utf-8"), file.stem.partition("_")[0])]
