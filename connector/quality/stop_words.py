"""Words that the checklist asks sellers not to say: where one said them, whoever scores the call. Pure.

Found by the language of rules, so in any form where the checklist writes a plain word. They are shown with the words
themselves and count in no KPI: what one of them should cost is nowhere laid down (docs/decisions.md).
"""

from __future__ import annotations

from functools import lru_cache

from connector.quality.checklist import Checklist
from connector.quality.local.rules import Rules
from connector.quality.score import Evidence, Found
from connector.quality.transcript import Transcript

KEY = "stop_words"
"""Of the criterion; no checklist may have another one of this key."""
SHOWN = 10
"""Places of evidence kept."""


def heard(transcript: Transcript, checklist: Checklist) -> tuple[Found, ...]:
    """Nothing for a checklist without such words; else one: yes he did without them, no with each place he said one.

    Only turns that are surely the seller's are listened to: nobody is blamed for a word of the client.
    """
    if not checklist.stop_words:
        return ()
    turns = [(number, turn) for number, turn in enumerate(transcript.turns) if turn.speaker == "seller"]
    if not turns:
        return (Found(KEY, "not_applicable", False, why="no_roles"),)
    rules = _rules(checklist.stop_words)
    said = {
        (number, hit.start): (hit.rule, Evidence(number, turn.start, turn.text[hit.start : hit.stop]))
        for number, turn in turns
        for hit in rules.find(turn.text)
    }
    if not said:
        return (Found(KEY, "yes", False, why="no phrase of it"),)
    places = [said[place] for place in sorted(said)]
    named = ", ".join(sorted({rule for rule, _ in places}))
    return (Found(KEY, "no", False, tuple(piece for _, piece in places[:SHOWN]), why=f"rule:{named}"),)


@lru_cache(maxsize=16)
def _rules(words: tuple[str, ...]) -> Rules:
    """Compiled once a checklist."""
    return Rules((word, word) for word in words)
