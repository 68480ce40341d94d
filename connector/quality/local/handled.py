"""What the seller did about each objection within the handling window, and how the client took it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from connector.quality.checklist import Checklist, Objection
from connector.quality.local.objections import TAKEN, Raised
from connector.quality.local.rules import Rules
from connector.quality.local.talked import turns_of
from connector.quality.score import OBJECTION, Answer, Evidence, Found
from connector.quality.transcript import Speaker, Transcript

WINDOW = 60.0
"""Seconds in which an answer belongs to an objection; turns where nobody timed them."""
WINDOW_TURNS = 6
LED_ON_TURNS = 8
"""Turns within which a step that the client agrees on follows from the answer to his objection."""
ADVANCE = "advance"
"""The move of leading on to the next step."""


def judged(
    transcript: Transcript, checklist: Checklist, met: Sequence[Raised], moves: Rules, agreeing: Collection[int] = ()
) -> list[Found]:
    """One Found a class: yes is handled, no is raised and not handled, not_applicable is never raised.

    `agreeing`: turns in which the client agrees on a time that was named.
    """
    return [_class(transcript, checklist, one, met, moves, agreeing) for one in checklist.objections]


def overall(checklist: Checklist, found: Sequence[Found]) -> list[Found]:
    """Criteria that ask about objections as such: met where every objection that counts was handled."""
    classes = {f"{OBJECTION}{one.key}" for one in checklist.objections}
    met = [one for one in found if one.criterion in classes and one.answer != "not_applicable"]
    sure = [one for one in met if one.counts]
    shown = sure or met
    answer: Answer = "not_applicable"
    if shown:
        answer = "yes" if all(one.answer == "yes" for one in shown) else "no"
    evidence = tuple(piece for one in shown for piece in one.evidence)
    counts = bool(sure) or not met
    wanted = [one for one in checklist.criteria if one.applies == "after_objection"]
    return [Found(one.key, answer, counts, evidence, why="objections of the call") for one in wanted]


def _class(
    transcript: Transcript,
    checklist: Checklist,
    objection: Objection,
    met: Sequence[Raised],
    moves: Rules,
    agreeing: Collection[int],
) -> Found:
    key = f"{OBJECTION}{objection.key}"
    own = _strongest([one for one in met if one.kind == objection.key])
    if not own:
        return Found(key, "not_applicable", True, why="not raised")
    answer = _answered(transcript, objection, own, met, moves) | _led_on(transcript, own, met, agreeing)
    weights = {move.key: move.weight for move in checklist.moves}
    allowed = {*objection.handled_by, *(key for key, weight in weights.items() if weight < 0)}
    reached = sum(weights.get(move, 0.0) for move in answer if move in allowed)
    handled = reached >= objection.handled_from - 1e-9
    quotes = tuple(_quote(transcript, one) for one in own[:2])
    sure = None if own[0].sure is None else max(one.sure or 1.0 for one in own)
    why = f"{own[0].why}; {'+'.join(sorted(answer)) or 'no move'} = {reached:.2f}"
    return Found(key, "yes" if handled else "no", own[0].counts, quotes + tuple(answer.values()), sure, why)


def _strongest(own: Sequence[Raised]) -> list[Raised]:
    """Where something counts, only what counts; a mere "perhaps" must not spoil a sure handling."""
    sure = [one for one in own if one.counts]
    return sure or list(own)


def _answered(
    transcript: Transcript, objection: Objection, own: Sequence[Raised], met: Sequence[Raised], moves: Rules
) -> dict[str, Evidence]:
    """Moves made after the client said it last: whoever says it again was not answered before."""
    last = max(one.turn for one in own)
    others = sorted({one.turn for one in met if one.kind != objection.key and one.counts})
    answer: dict[str, Evidence] = {}
    replies = _window(transcript, "seller", last, others)
    for number in replies:
        _listen(transcript, number, "", objection.key, moves, answer)
    for number in _window(transcript, "client", replies[0] if replies else len(transcript.turns), others):
        _listen(transcript, number, TAKEN, objection.key, moves, answer)
    return answer


def _led_on(
    transcript: Transcript, own: Sequence[Raised], met: Sequence[Raised], agreeing: Collection[int]
) -> dict[str, Evidence]:
    """A client who agrees on a time soon after he objected was led to the next step, in whatever words."""
    last = max(one.turn for one in own)
    turns = sorted(turn for turn in agreeing if last < turn <= last + LED_ON_TURNS)
    if not turns or any(one.counts and last < one.turn <= turns[0] for one in met):
        return {}
    turn = transcript.turns[turns[0]]
    return {ADVANCE: Evidence(turns[0], turn.start, turn.text)}


def _window(transcript: Transcript, side: Speaker, at: int, others: Sequence[int]) -> list[int]:
    """Turns of one side until the next objection of another class, or a minute, or the end."""
    if at >= len(transcript.turns):
        return []
    stop = next((turn for turn in others if turn > at), len(transcript.turns))
    since = transcript.turns[at].end
    window = []
    for number, turn in turns_of(transcript, side):
        if number <= at or number >= stop:
            continue
        late = number > at + WINDOW_TURNS if since is None or turn.start is None else turn.start - since > WINDOW
        if not late:
            window.append(number)
    return window


def _listen(
    transcript: Transcript, number: int, side: str, kind: str, moves: Rules, answer: dict[str, Evidence]
) -> None:
    """Moves of a turn; `side`: TAKEN for those that are told by what the client says to the answer."""
    turn = transcript.turns[number]
    for hit in moves.find(turn.text):
        move, _, only = hit.label.removeprefix(TAKEN).partition("/")
        if only in ("", kind) and hit.label.startswith(TAKEN) == bool(side):
            answer.setdefault(move, Evidence(number, turn.start, turn.text[hit.start : hit.stop]))


def _quote(transcript: Transcript, one: Raised) -> Evidence:
    turn = transcript.turns[one.turn]
    return Evidence(one.turn, turn.start, turn.text[one.start : one.stop])
