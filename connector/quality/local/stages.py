"""Stages of the script: which criteria of the checklist a call meets, by phrases of the seller's turns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Answers:
    """Turns of the client that agree on a time for the next step, and those that object."""

    agreed: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()


def rules_of(checklist: Checklist) -> Rules:
    """Phrases and counter-phrases of all criteria, told apart by label."""
    wanted = [(f"+{one.key}", phrase) for one in checklist.criteria for phrase in one.phrases]
    unwanted = [(f"-{one.key}", phrase) for one in checklist.criteria for phrase in one.not_phrases]
    return Rules([*wanted, *unwanted])


def judged(transcript: Transcript, checklist: Checklist, rules: Rules, answers: Answers) -> list[Found]:
    """Every criterion that rests on phrases; those on objections are judged with the objections."""
    turns = turns_of(transcript, "seller")
    by_label: dict[str, list[Said]] = {}
    for number, turn in turns:
        for hit in rules.find(turn.text):
            by_label.setdefault(hit.label, []).append((number, turn, hit))
    for one in checklist.criteria:
        if one.consent:
            key = f"+{one.key}"
            by_label[key] = consented(key, by_label.get(key, ()), transcript, answers)
    return [_found(one, by_label, turns) for one in checklist.criteria if one.applies != "after_objection"]


def consented(key: str, said: Sequence[Said], transcript: Transcript, answers: Answers) -> list[Said]:
    """What the client neither refused nor asked back about at once, and his own turns that agree on a time."""
    left = [one for one in said if not _refused(one[0], transcript, answers)]
    agreed = sorted(answers.agreed - answers.refused)
    some = [(number, transcript.turns[number]) for number in agreed]
    return left + [(number, turn, Hit(key, "agreed on a time", 0, len(turn.text))) for number, turn in some]


def _refused(at: int, transcript: Transcript, answers: Answers) -> bool:
    after = next((number for number, _ in turns_of(transcript, "client") if number > at), None)
    if after is None or after in answers.agreed - answers.refused:
        return False
    return after in answers.refused or "?" in transcript.turns[after].text


def _found(criterion: Criterion, by_label: Mapping[str, list[Said]], turns: Sequence[tuple[int, Turn]]) -> Found:
    places = _places(criterion, [number for number, _ in turns])
    taken_back = {number for number, _, _ in by_label.get(f"-{criterion.key}", ())}
    said = [
        one for one in by_label.get(f"+{criterion.key}", ()) if _within(one[0], places) and one[0] not in taken_back
    ]  # fmt: skip
    said = [one for one in said if telling(one[1].text) >= criterion.in_words]
    if criterion.told_in and not said:
        said = _told(criterion, turns, places)
    if len({(number, hit.start) for number, _, hit in said}) >= criterion.at_least:
        return Found(criterion.key, "yes", True, evidence(said), why=f"rule:{said[0][2].rule}")
    if criterion.applies in ("first_call", "later_call"):
        return Found(criterion.key, "not_applicable", False, why=f"{criterion.applies}: not known of this call")
    return Found(criterion.key, "no", True, why="no phrase of it")


def _within(number: int, places: frozenset[int]) -> bool:
    """Turns of the client lie between those of the seller that are looked at."""
    return bool(places) and min(places) <= number <= max(places) + 1


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
    if criterion.where == "after_first":
        return frozenset(order[1:])
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
