"""The local scorer: a transcript against a checklist, the same answer every time, and no network."""

from __future__ import annotations

from functools import lru_cache

from connector.quality import stop_words
from connector.quality.checklist import Checklist
from connector.quality.local import agreed, handled, objections, stages
from connector.quality.local.rules import Rules
from connector.quality.local.talked import void
from connector.quality.score import Score
from connector.quality.transcript import Transcript

VERSION = 9
"""Raised whenever rules or weights would answer differently; kept with every score."""


class LocalScorer:
    """Rules over lemmas first; what they miss is left to the classifier of objections: by letters, or by meaning too
    where `guess` is another one.
    """

    name = f"local@{VERSION}"

    def __init__(self, guess: objections.Guesser | None = None) -> None:
        self._guess = guess or objections.by_letters
        self.name = LocalScorer.name if guess is None else f"local+meaning@{VERSION}"

    def score(self, transcript: Transcript, checklist: Checklist) -> Score:
        reason = void(transcript)
        if reason:
            return Score(transcript.call, checklist.label, self.name, (), reason)
        criteria, objecting, moves, agreeing = _rules(checklist)
        steps = dict(agreed.turns_agreeing(transcript, agreeing))
        times = frozenset(steps)
        heard = objections.raised(transcript, objecting, self._guess)
        meant = objections.unsettled(checklist, heard, times)
        answers = stages.Answers(times, frozenset(one.turn for one in meant))
        found = stages.judged(transcript, checklist, criteria, answers)
        met = handled.judged(transcript, checklist, meant, moves, [turn for turn, named in steps.items() if named])
        every = (*found, *met, *handled.overall(checklist, met), *stop_words.heard(transcript, checklist))
        return Score(transcript.call, checklist.label, self.name, every)


@lru_cache(maxsize=16)
def _rules(checklist: Checklist) -> tuple[Rules, Rules, Rules, Rules]:
    """Compiled once a checklist: compiling costs more than a call."""
    return (stages.rules_of(checklist), *objections.rules_of(checklist), agreed.rules_of(checklist))
