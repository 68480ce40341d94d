"""Claims -> what is believed: a yes without words of the seller in the call is void, whatever the model says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from connector.quality.checklist import Checklist
from connector.quality.llm.answering import Claim
from connector.quality.llm.prompt import keys
from connector.quality.llm.quotes import found, normal
from connector.quality.score import OBJECTION, Answer, Found
from connector.quality.transcript import Transcript

TOO_OFTEN = 3
"""Criteria that one and the same quote may not prove: whoever cites one sentence for everything has judged nothing."""


def believed(
    transcript: Transcript, checklist: Checklist, claims: Mapping[str, Claim | None], why: str
) -> tuple[Found, ...]:
    """One Found a criterion, in the order of the checklist. `why`: model and prompt, kept with what is believed."""
    made = [_one(transcript, key, claims, why) for key in keys(checklist)]
    used = Counter(_proof(one) for one in made if one.answer == "yes")
    told = [_void(one.criterion, "one quote for many") if used[_proof(one)] >= TOO_OFTEN else one for one in made]
    return (*told, *_overall(checklist, told, why))


def _one(transcript: Transcript, key: str, claims: Mapping[str, Claim | None], why: str) -> Found:
    if key not in claims:
        return _void(key, "not answered")
    claim = claims[key]
    if claim is None:
        return _void(key, "answered twice, differently, or in no known word")
    return _objection(transcript, key, claim, why) if key.startswith(OBJECTION) else _criterion(
        transcript, key, claim, why
    )  # fmt: skip


def _criterion(transcript: Transcript, key: str, claim: Claim, why: str) -> Found:
    if claim.answer != "yes":
        answer: Answer = "no" if claim.answer == "no" else "not_applicable"
        return Found(key, answer, True, why=f"{why}; turns 0-{len(transcript.turns) - 1} searched")
    proof = found(transcript, claim.quote, claim.turn, ("seller",))
    return _void(key, "the quote is not the seller's") if proof is None else Found(key, "yes", True, (proof,), why=why)


def _objection(transcript: Transcript, key: str, claim: Claim, why: str) -> Found:
    """That it was raised rests on the client's words, that it was handled on the seller's after them."""
    if claim.answer == "na":
        return Found(key, "not_applicable", True, why=f"{why}; not raised")
    raised = found(transcript, claim.quote, claim.turn, ("client",))
    if raised is None:
        return _void(key, "the objection's quote is not the client's")
    if claim.answer == "no":
        return Found(key, "no", True, (raised,), why=why)
    reply = found(transcript, claim.reply_quote, claim.reply_turn, ("seller",))
    if reply is None or reply.turn < raised.turn:
        return _void(key, "the reply's quote is not the seller's after it")
    return Found(key, "yes", True, (raised, reply), why=why)


def _overall(checklist: Checklist, told: list[Found], why: str) -> list[Found]:
    """Criteria about objections as such: met where every one that was raised was handled."""
    met = [one for one in told if one.criterion.startswith(OBJECTION) and one.answer != "not_applicable"]
    doubtful = [one for one in told if one.criterion.startswith(OBJECTION) and not one.counts]
    answer: Answer = "not_applicable" if not met else "yes" if all(one.answer == "yes" for one in met) else "no"
    evidence = tuple(piece for one in met for piece in one.evidence)
    base = Found("", answer, not doubtful or answer == "no", evidence, why=f"{why}; objections of the call")
    return [replace(base, criterion=one.key) for one in checklist.criteria if one.applies == "after_objection"]


def _proof(one: Found) -> str:
    """The words of the seller that it rests on."""
    return normal(one.evidence[-1].quote) if one.evidence else ""


def _void(key: str, why: str) -> Found:
    return Found(key, "not_applicable", False, why=f"void: {why}")
