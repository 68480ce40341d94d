"""Transcripts and scores as the quality room knows them <-> as they are stored."""

from __future__ import annotations

from typing import Any

import msgspec

from connector.quality.score import Answer, Evidence, Found, Score
from connector.quality.transcript import Transcript, Turn
from connector.store.talk.scores import Answered, Quoted, Scored
from connector.store.talk.transcripts import Kept

_encode = msgspec.json.Encoder().encode
_turns: msgspec.json.Decoder[tuple[Turn, ...]] = msgspec.json.Decoder(tuple[Turn, ...])


def kept(transcript: Transcript) -> Kept:
    """For the store."""
    body = _encode([_bare(turn) for turn in transcript.turns]).decode()
    return Kept(transcript.call, transcript.source, transcript.language, body)


def _bare(turn: Turn) -> dict[str, Any]:
    told = {"speaker": turn.speaker, "text": turn.text, "start": turn.start, "end": turn.end, "heard": turn.heard}
    return {name: value for name, value in told.items() if value is not None}


def transcript_of(row: Kept) -> Transcript:
    """As it was given."""
    return Transcript(row.call, _turns.decode(row.body), row.source, row.language)


def scored(score: Score) -> Scored:
    """For the store, which dates it."""
    found = tuple(
        Answered(
            one.criterion,
            one.answer,
            one.counts,
            tuple(Quoted(piece.turn, piece.quote, piece.at) for piece in one.evidence),
            one.sure,
            one.why,
        )
        for one in score.found
    )
    return Scored(score.call, score.checklist, score.scorer, found, score.void)


def score_of(row: Scored) -> Score:
    """As it was given."""
    found = tuple(
        Found(
            one.criterion,
            _answer(one.answer),
            one.counts,
            tuple(Evidence(piece.turn, piece.at, piece.quote) for piece in one.evidence),
            one.sure,
            one.why,
        )
        for one in row.found
    )
    return Score(row.call, row.checklist, row.scorer, found, row.void)


def _answer(text: str) -> Answer:
    return "yes" if text == "yes" else "no" if text == "no" else "not_applicable"
