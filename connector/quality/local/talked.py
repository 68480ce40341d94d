"""A call as the local scorer reads it: whose turn is whose, and what was heard well enough to be judged."""

from __future__ import annotations

from connector.quality.transcript import Speaker, Transcript, Turn

FEWEST_TURNS = 4
FEWEST_WORDS = 20
HEARD = 0.35
"""Mean certainty of the recogniser under which its words are not worth judging."""


def turns_of(transcript: Transcript, speaker: Speaker) -> list[tuple[int, Turn]]:
    """Numbered turns of one side; those of an unknown side belong to either."""
    return [(number, turn) for number, turn in enumerate(transcript.turns) if turn.speaker in (speaker, "unknown")]


def void(transcript: Transcript) -> str:
    """Why the call cannot be judged: few_words, one_voice, badly_heard; empty where it can."""
    spoken = [turn for turn in transcript.turns if turn.text.strip()]
    if len(spoken) < FEWEST_TURNS or sum(len(turn.text.split()) for turn in spoken) < FEWEST_WORDS:
        return "few_words"
    if {turn.speaker for turn in spoken} in ({"seller"}, {"client"}):
        return "one_voice"
    heard = [turn.heard for turn in spoken if turn.heard is not None]
    if heard and sum(heard) / len(heard) < HEARD:
        return "badly_heard"
    return ""
