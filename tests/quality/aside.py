"""python -m tests.quality.aside: drops what the phrase bank has in common with the kept calls, unseen.

The bank is older than those calls; a phrase that stands in both would be known beforehand. It prints only how many were
dropped of each kind, so that whoever runs it learns no word of a kept call. Fit again afterwards.
"""

from __future__ import annotations

from pathlib import Path

from rapidfuzz import fuzz, process

import connector.quality.local.bank as bank
from connector.quality.local.bank import KINDS, phrases
from connector.quality.local.text import flat
from tests.quality.labelled import KEPT, SAID, every_kept
from tests.quality.labelled import phrases as phrases_of

ALIKE = 85
"""Likeness (0..100) from which a phrase is known beforehand almost word for word."""
EVERYDAY = 3
"""Words up to which a turn that objects to nothing is anybody's: "да, слушаю"."""


def too_alike() -> list[tuple[str, str]]:
    """(kind, phrase) of the bank that a client of a kept call says to object, or at more than everyday length."""
    said = [flat(turn) for turn in [*_turns(), *_phrases()]]
    return [
        (kind, phrase)
        for kind, phrase in phrases()
        if process.extractOne(flat(phrase), said, scorer=fuzz.ratio, score_cutoff=ALIKE)
    ]


def _turns() -> list[str]:
    return [
        turn.text
        for one in every_kept()
        for number, turn in enumerate(one.transcript.turns)
        if turn.speaker == "client" and (number in one.marks or len(turn.text.split()) > EVERYDAY)
    ]


def _phrases() -> list[str]:
    return [
        said
        for name in set(SAID) & set(KEPT)
        for kind, said in phrases_of(name)
        if kind != "none" or len(said.split()) > EVERYDAY
    ]


def main() -> None:
    found = set(too_alike())
    for kind in KINDS:
        file = Path(bank.__file__).parent / f"{kind}.txt"
        lines = file.read_text("utf-8").splitlines()
        left = [line for line in lines if (kind, line.strip()) not in found]
        if len(left) < len(lines):
            file.write_text("\n".join(left) + "\n", "utf-8")
        print(f"{kind}: {len(lines) - len(left)} of {len(lines)} dropped")


if __name__ == "__main__":
    main()
