"""The scorer: one call, one question; every answer that is believed rests on words of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from connector.config.quality import LlmSettings
from connector.errors import Unfit
from connector.quality import masking, stop_words
from connector.quality.checklist import Checklist
from connector.quality.llm.answering import Claim, claims
from connector.quality.llm.endpoint import MODES, Declined, Endpoint, Mode
from connector.quality.llm.judging import believed
from connector.quality.llm.prompt import VERSION, keys, messages, schema
from connector.quality.score import Score
from connector.quality.transcript import Transcript

LONGEST = 60_000
"""Characters of a transcript that is sent whole; a longer one is not judged by halves."""
FEWEST = 4
"""Turns."""


class LlmScorer:
    """Void scores: few_words, too_long, refused (by the model), cut (its answer), unreadable (no JSON in any way).

    Raises what the network raises: an endpoint that is away says nothing of a call, which is then scored later.
    """

    def __init__(self, settings: LlmSettings, ask: Endpoint) -> None:
        self.name = f"llm:{settings.model}@p{VERSION}"
        self._settings, self._endpoint = settings, ask

    def score(self, transcript: Transcript, checklist: Checklist) -> Score:
        if not self._settings.here:
            transcript = masking.mask(transcript)
        reason = _void(transcript)
        if reason:
            return self._nothing(transcript, checklist, reason)
        try:
            told = self._asked(transcript, checklist)
        except Declined as declined:
            return self._nothing(transcript, checklist, declined.why)
        if told is None:
            return self._nothing(transcript, checklist, "unreadable")
        found = believed(transcript, checklist, told, self.name)
        every = (*found, *stop_words.heard(transcript, checklist))  # a list of words needs no model
        return Score(transcript.call, checklist.label, self.name, every)

    def _asked(self, transcript: Transcript, checklist: Checklist) -> dict[str, Claim | None] | None:
        """From the strictest way that the endpoint knows down; None where no answer can be read."""
        asked, said = keys(checklist), messages(transcript, checklist)
        for mode in self._ways():
            try:
                text = self._endpoint.ask(said, schema(checklist), mode)
            except Unfit:
                if mode == MODES[-1]:
                    raise
                self._endpoint.mode = MODES[MODES.index(mode) + 1]
                continue
            if mode == "text" and _declines(text):
                raise Declined("refused")
            try:
                return claims(text, asked)
            except ValueError:
                continue
        return None

    def _ways(self) -> Iterable[Mode]:
        return MODES[MODES.index(self._endpoint.mode) :]

    def _nothing(self, transcript: Transcript, checklist: Checklist, why: str) -> Score:
        return Score(transcript.call, checklist.label, self.name, (), why)


def scorer(settings: LlmSettings, sleep: Callable[[float], None] | None = None) -> LlmScorer:
    """On this endpoint; nothing is sent yet."""
    return LlmScorer(settings, Endpoint(settings) if sleep is None else Endpoint(settings, sleep))


def _void(transcript: Transcript) -> str:
    if len(transcript.turns) < FEWEST:
        return "few_words"
    return "too_long" if sum(len(turn.text) for turn in transcript.turns) > LONGEST else ""


def _declines(text: str) -> bool:
    """Words instead of an answer."""
    return bool(text.strip()) and "{" not in text
