"""A score -> what its call says to KPIs: objections handled, script items passed, techniques used. Pure.

Only answers that count do, and of a program's only criteria on which programs agree with people well enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from connector.quality.score import OBJECTION, PERSON, Found, Score


class Told(NamedTuple):
    """One fact to be: `what` as imports call it, `number`, of `items` where it is of some, of a technique."""

    what: str
    number: float
    items: float | None = None
    technique: str | None = None


def told(score: Score, techniques: Mapping[str, str], muted: Collection[str]) -> Iterator[Told]:
    """`techniques`: by criterion, what its training calls it; `muted`: criteria that count nowhere for programs."""
    sure = [one for one in score.found if _counts(one, score, muted)]
    met = [one for one in sure if one.criterion.startswith(OBJECTION)]
    asked = [one for one in sure if not one.criterion.startswith(OBJECTION)]
    if met:
        yield Told("objection", _passed(met) / len(met))
    if asked:
        yield Told("script", _passed(asked), items=len(asked))
    for one in sure:
        if (name := techniques.get(one.criterion)) is not None:
            yield Told("technique", float(one.answer == "yes"), technique=name)


def _counts(one: Found, score: Score, muted: Collection[str]) -> bool:
    silent = one.criterion in muted and not score.scorer.startswith(PERSON)
    return one.counts and one.answer != "not_applicable" and not silent


def _passed(some: list[Found]) -> int:
    return sum(one.answer == "yes" for one in some)
