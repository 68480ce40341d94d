"""Advice as machines read it: money as whole minor units, shares 0..1, nothing rounded away."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from connector.advice.diagnosis.values import Diagnosis
from connector.advice.recommendation.advised import Advised, PersonAdvice, WhatIf
from connector.advice.recommendation.recommend import Candidate, Chosen


def as_json(told: Advised) -> dict[str, Any]:
    """All of it."""
    return {
        "account": told.account,
        "period": told.period,
        "currency": told.currency,
        "basis": {"first": told.basis[0], "last": told.basis[1]},
        "chance": told.chance,
        "unknown": list(told.unknown),
        "frozen": list(told.frozen),
        "people": [_person(one) for one in told.people],
    }


def what_if_json(told: WhatIf) -> dict[str, Any]:
    """What a month brings more."""
    return {name: value for name, value in asdict(told).items() if name != "effect"} | {"effect": asdict(told.effect)}


def _person(one: PersonAdvice) -> dict[str, Any]:
    return {
        "user": {"id": one.user, "name": one.name},
        "compared_with": None if one.alone else one.team or "everybody",
        "newcomer": one.diagnosis.estimate.newcomer,
        "against_team": _diagnosis(one.diagnosis),
        "against_plan": None if one.against_plan is None else _diagnosis(one.against_plan),
        "case_mix": None if one.mix is None else asdict(one.mix),
        "set": [_chosen(chosen, one) for chosen in one.chosen],
        "looked_at": [_candidate(some) for some in one.looked_at],
    }


def _diagnosis(told: Diagnosis) -> dict[str, Any]:
    return {
        "gap_minor": told.gap,
        "parts": [
            {
                "factor": part.factor,
                "own": getattr(told.estimate.own, part.factor),
                "reference": getattr(told.reference, part.factor),
                "minor": part.minor,
                "interval": [part.low, part.high],
                "verdict": asdict(part.verdict),
            }
            for part in told.parts
        ],
    }


def _chosen(chosen: Chosen, one: PersonAdvice) -> dict[str, Any]:
    proofs = (one.evidence or {}).get(chosen.candidate.kpi.key, ())
    more = {"role": chosen.role, "weight": chosen.weight, "evidence": [asdict(proof) for proof in proofs]}
    return _candidate(chosen.candidate) | more


def _candidate(told: Candidate) -> dict[str, Any]:
    return {
        "kpi": told.kpi.key,
        "family": told.kpi.family,
        "unit": told.kpi.unit,
        "now": told.now,
        "team": told.team,
        "best": told.best,
        "target": asdict(told.target),
        "controllable": told.controllable,
        "counter": told.kpi.counter,
        "verdict": asdict(told.verdict),
        "effect": None if told.effect is None else asdict(told.effect),
    }
