"""Stages of the script: which criteria of the checklist a call meets, by phrases of the seller's turns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connector.quality.checklist import Checklist, Criterion
from connector.quality.local.rules import Hit, Rules
from connector.quality.local.talked import turns_of
from connector.quality.local.text import words
from connector.quality.score import Evidence, Found
from connector.quality.transcript import Transcript, Turn

EDGE = 4
"""Turns of the seller that are the start, or the end, of a call; his first is no end, however short the call."""
SHOWN = 3
"""Places of evidence kept for a criterion."""

Said = tuple[int, Turn, Hit]


def rules_of(checklist: Checklist) -> Rules:
    """Phrases and counter-phrases of all criteria, told apart by label."""
    wanted = [(f"+{one.key}", phrase) for one in checklist.criteria for phrase in one.phrases]
    unwanted = [(f"-{one.key}", phrase) for one in checklist.criteria for phrase in one.not_phrases]
    return Rules([*wanted, *unwanted])


def judged(transcript: Transcript, checklist: Checklist, rules: Rules) -> list[Found]:
    """Every criterion that rests on phrases; those on objections are judged with the objections."""
    turns = turns_of(transcript, "seller")
    heard = [(number, turn, rules.find(turn.text)) for number, turn in turns]
    by_label: dict[str, list[Said]] = {}
    for number, turn, hits in heard:
        for hit in hits:
            by_label.setdefault(hit.label, []).append((number, turn, hit))
    return [_found(one, by_label, turns) for one in checklist.criteria if one.applies != "after_objection"]


def _found(criterion: Criterion, by_label: Mapping[str, list[Said]], turns: Sequence[tuple[int, Turn]]) -> Found:
    places = _places(criterion, [number for number, _ in turns])
    taken_back = {number for number, _, _ in by_label.get(f"-{criterion.key}", ())}
    said = [
        one for one in by_label.get(f"+{criterion.key}", ()) if one[0] in places and one[0] not in taken_back
    ]  # fmt: skip
    said = [one for one in said if telling(one[1].text) >= criterion.in_words]
    if criterion.told_in and not said:
        said = _told(criterion, turns, places)
    if len({(number, hit.start) for number, _, hit in said}) >= criterion.at_least:
        return Found(criterion.key, "yes", True, evidence(said), why=f"rule:{said[0][2].rule}")
    if criterion.applies in ("first_call", "later_call"):
        return Found(criterion.key, "not_applicable", False, why=f"{criterion.applies}: not known of this call")
    return Found(criterion.key, "no", True, why="no phrase of it")


def telling(text: str) -> int:
    """Words of the sentences of a turn that are no questions."""
    count = 0
    sentence = 0
    for word in words(text):
        if word.form[0].isalnum():
            sentence += 1
            continue
        count += 0 if word.form == "?" else sentence
        sentence = 0
    return count + sentence


def _told(criterion: Criterion, turns: Sequence[tuple[int, Turn]], places: frozenset[int]) -> list[Said]:
    """The first turn between greeting and farewell that tells at length: of what is offered, whatever it is."""
    for number, turn in turns[1:-1]:
        if number in places and telling(turn.text) >= criterion.told_in:
            return [(number, turn, Hit(f"+{criterion.key}", f"told in {criterion.told_in} words", 0, len(turn.text)))]
    return []


def _places(criterion: Criterion, order: Sequence[int]) -> frozenset[int]:
    if criterion.where == "start":
        return frozenset(order[:EDGE])
    if criterion.where == "late":
        return frozenset(order[len(order) // 3 :])
    if criterion.where == "end":
        return frozenset(order[max(1, len(order) - EDGE) :])
    return frozenset(order)


def evidence(said: Sequence[Said]) -> tuple[Evidence, ...]:
    """The words themselves, the first place of each turn."""
    first = {number: (turn, hit) for number, turn, hit in reversed(said)}
    return tuple(
        Evidence(number, turn.start, turn.text[hit.start : hit.stop])
        for number, (turn, hit) in sorted(first.items())[:SHOWN]
    )
