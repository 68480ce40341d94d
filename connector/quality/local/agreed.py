"""What a client says of his time while agreeing on a next step is no objection: "в среду я занята, давайте в пятницу".

An objection is a refusal to talk now. Whoever answers when he can be called on, or has settled that already, refuses
nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.quality.checklist import Checklist
from connector.quality.local.rules import Rules
from connector.quality.transcript import Transcript

ASKED, ACCEPTS, NAMES, NOW = "asked", "accepts", "names", "now"
WARM = 3
"""Turns of a client before a time that he names himself is a step and no way of getting rid of the caller."""


def rules_of(checklist: Checklist) -> Rules:
    """What sellers ask or propose a time with, and clients accept, name or put off one with."""
    some = checklist.agreeing
    told = [(label, phrase) for label in (ASKED, ACCEPTS, NAMES, NOW) for phrase in getattr(some, label)]
    return Rules(told)


def turns_agreeing(transcript: Transcript, rules: Rules) -> Iterator[tuple[int, bool]]:
    """Client turns that agree on a time, in order: asked or offered one by the seller, or of their own accord.

    With each whether he or the seller before him named it.
    """
    before: set[str] = set()
    said = 0
    for number, turn in enumerate(transcript.turns):
        heard = {hit.label for hit in rules.find(turn.text)}
        if turn.speaker == "client":
            asked = ASKED in before and bool(heard & {NAMES, ACCEPTS}) and said > 0
            unasked = {NAMES, ACCEPTS} <= heard and NOW not in heard and said >= WARM
            if asked or unasked:
                yield number, NAMES in heard | before
            said += 1
        before = heard


def settled(kind: str, turn: int, agreeing: Sequence[int], checklist: Checklist) -> bool:
    """Whether an objection of this class cannot be meant in a turn, given the turns that agree on a step."""
    until = next((one.until_agreed for one in checklist.objections if one.key == kind), "never")
    if until == "never" or not agreeing:
        return False
    return turn > agreeing[0] or (until == "agreeing" and turn in agreeing)
