"""The door behind which scorers are strangers to one another."""

from __future__ import annotations

from typing import Protocol

from connector.quality.checklist import Checklist
from connector.quality.score import Score
from connector.quality.transcript import Transcript


class Scorer(Protocol):
    """Judges one call at a time; never raises for what a transcript says: a void score tells why."""

    name: str
    """Kept with every score: engine and version, so that two scores can be told apart."""

    def score(self, transcript: Transcript, checklist: Checklist) -> Score: ...
