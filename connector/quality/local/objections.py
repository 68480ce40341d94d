"""Objections of the client: by rule, by the classifier, by both. What the seller did about them: handled.py. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from connector.quality.checklist import Checklist
from connector.quality.checklists import load
from connector.quality.local import agreed, around
from connector.quality.local.classify import Guess, guesses, likelihood
from connector.quality.local.pattern import compiled
from connector.quality.local.rules import Hit, Rules
from connector.quality.local.talked import turns_of
from connector.quality.transcript import Transcript, Turn

Guesser = Callable[[Sequence[str]], Sequence[Sequence[Guess]]]
"""The client's turns of a call -> what each may object, the surest first."""
COUNTS_FROM = 0.9
SHOWN_FROM = 0.7
DOUBTED = 0.2
"""A rule counts where the classifier gives its class this much at least: rules see words, it sees the sentence."""
DENIED = 0.05
"""Under this nothing is shown of a rule either."""
SECOND = 0.5
"""Least chance of a second class in one turn: "по телефону некогда, пришлите" objects once, with two kinds of words."""
INNOCENT = "-"
"""Begins the label of what only looks like an objection."""
TAKEN = "<"
"""Begins the label of a move that is told by how the client takes the answer."""
NEAR = 12
"""Characters within which what only looks like an objection takes it back."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One client turn that objects. `sure`: None by rule, else the calibrated chance; `why`: rule or classifier."""

    kind: str
    turn: int
    start: int
    stop: int
    sure: float | None
    why: str

    @property
    def counts(self) -> bool:
        return self.sure is None or self.sure >= COUNTS_FROM


def rules_of(checklist: Checklist) -> tuple[Rules, Rules]:
    """What clients object with, and what it is answered with (`answer/expensive` answers one class only)."""
    raised = [(one.key, phrase) for one in checklist.objections for phrase in one.phrases]
    raised += [(f"{INNOCENT}{one.key}", phrase) for one in checklist.objections for phrase in one.not_phrases]
    sides = {"seller": "", "client": TAKEN}
    moves = [(f"{sides[move.said_by]}{move.key}", phrase) for move in checklist.moves for phrase in move.phrases]
    own = [(f"answer/{one.key}", phrase) for one in checklist.objections for phrase in one.answers]
    return Rules(raised), Rules([*moves, *own])


@lru_cache(maxsize=1)
def shipped() -> frozenset[tuple[str, str]]:
    """Class and phrase of every rule that ships. Only these may the classifier doubt: it has learnt what is said
    everywhere, and whoever writes a phrase of his own knows what is said to him.
    """
    raised = [one for starter in load() for one in starter.objections]
    return frozenset((one.key, compiled(phrase).text) for one in raised for phrase in one.phrases)


def by_letters(texts: Sequence[str]) -> list[tuple[Guess, ...]]:
    """The classifier that always ships."""
    return [guesses(text) for text in texts]


def raised(transcript: Transcript, rules: Rules, guess: Guesser = by_letters) -> list[Raised]:
    """Every client turn with each class it raises, in order: by rule, else by the classifier where sure."""
    turns = turns_of(transcript, "client")
    guessed = guess([turn.text for _, turn in turns])
    return [
        one
        for (number, turn), some in zip(turns, guessed, strict=True)
        for one in _of_turn(number, turn, rules, around.ranked(some, turn.text, said_before(transcript, number)))
    ]


def said_before(transcript: Transcript, number: int) -> str:
    """What the seller said just before; nothing where the client goes on speaking."""
    last = transcript.turns[number - 1] if number else None
    return last.text if last and last.speaker != "client" else ""


def _of_turn(number: int, turn: Turn, rules: Rules, guessed: Sequence[Guess]) -> list[Raised]:
    """What rules are sure of; else the surest guess; else what a rule suspects. People seldom object twice at once.

    A sure guess also stands before a rule that the classifier gives less than an even chance.
    """
    heard = rules.find(turn.text)
    meant = [hit for hit in heard if not _taken_back(hit.label, hit.start, hit.stop, heard)]
    said = [hit for hit in meant if not hit.label.startswith(INNOCENT)]
    own = {hit.label: hit for hit in reversed(said) if (hit.label, hit.rule) not in shipped()}
    first = {hit.label: hit for hit in reversed(said)} | own
    chances = likelihood(turn.text) if first else {}
    known = {label: 1.0 if label in own else chances.get(label, 1.0) for label in first}
    by_rule = [_by_rule(number, hit, known[hit.label]) for hit in first.values() if known[hit.label] >= DENIED]
    likely = [
        Raised(one.kind, number, one.start, one.stop, one.chance, "classifier")
        for one in guessed
        if one.chance >= SHOWN_FROM and not _taken_back(one.kind, one.start, one.stop, heard)
    ]
    ranked = sorted(by_rule, key=lambda one: (-known[one.kind], one.kind))
    sure = [one for place, one in enumerate(ranked) if one.counts and (not place or known[one.kind] >= SECOND)]
    if sure and _outdone(known[sure[0].kind], {one.kind for one in sure}, likely[:1]):
        return likely[:1]
    return sure or likely[:1] or ranked[:1]


def _outdone(chance: float, kinds: Collection[str], surest: Sequence[Raised]) -> bool:
    """Whether the classifier is sure of another class and doubts that of the rules: "на почту, там видно будет"."""
    return chance < SECOND and any(one.counts and one.kind not in kinds for one in surest)


def _by_rule(number: int, hit: Hit, chance: float) -> Raised:
    sure = None if chance >= DOUBTED else chance
    return Raised(hit.label, number, hit.start, hit.stop, sure, f"rule:{hit.rule}")


def _taken_back(kind: str, start: int, stop: int, heard: Sequence[Hit]) -> bool:
    """Something innocent of the class stands so near that it is the same thing said."""
    innocent = (hit for hit in heard if hit.label == f"{INNOCENT}{kind}")
    return any(hit.start <= stop + NEAR and start <= hit.stop + NEAR for hit in innocent)


def unsettled(checklist: Checklist, met: Sequence[Raised], agreeing: Collection[int]) -> list[Raised]:
    """Without what cannot be an objection any more, since a step was agreed on; see agreed.py."""
    turns = sorted(agreeing)
    return [one for one in met if not agreed.settled(one.kind, one.turn, turns, checklist)]
