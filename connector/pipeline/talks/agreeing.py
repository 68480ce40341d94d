"""People's scores beside programs' and beside one another's: how far they agree, and what is muted for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connector.pipeline.bench import Workbench
from connector.pipeline.talks.rubrics import names_of
from connector.pipeline.talks.transcripts import quality_settings
from connector.quality.agreement import Agreement, agreement, cohen, krippendorff, muted, too_far_apart
from connector.store.talk import scores
from connector.store.talk.scores import Scored

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Calibration:
    """By criterion: programs against people, people against people; and what counts in no KPI because of it.

    `alpha`: Krippendorff's, over all criteria of calls that several people scored. `doubled`: such calls, of `people`.
    """

    account: str
    programs: Mapping[str, Agreement]
    raters: Mapping[str, Agreement]
    alpha: float | None
    people: int
    doubled: int
    muted: frozenset[str]
    names: Mapping[str, tuple[str, str]]
    """What criteria are called, in Russian and English."""


def agreement_of(bench: Workbench) -> Calibration:
    """Everything that was scored by people so far."""
    settings = quality_settings(bench)
    with bench.store.read() as conn:
        found = scores.rated_by_people(conn, bench.account)
    by_call = _by_call(found)
    against = {key: agreement(pairs) for key, pairs in sorted(_against_programs(by_call).items())}
    raters = {key: agreement(pairs) for key, pairs in sorted(_among_people(by_call).items())}
    return Calibration(
        bench.settings.name,
        against,
        raters,
        krippendorff(_units(by_call)),
        len(by_call),
        sum(len(people) > 1 for people, _ in by_call.values()),
        muted(against, settings.mute_below, settings.mute_from),
        names_of(bench),
    )


def muted_criteria(bench: Workbench, conn: Connection) -> frozenset[str]:
    """What counts in no KPI, by the scores of now. Kappa alone decides: its interval would take hundreds of draws."""
    settings = quality_settings(bench)
    below, least = settings.mute_below, settings.mute_from
    pairs = _against_programs(_by_call(scores.rated_by_people(conn, bench.account)))
    return frozenset(key for key, some in pairs.items() if too_far_apart(len(some), cohen(some), below, least))


ByCall = Mapping[str, tuple[list[Scored], "Scored | None"]]


def _by_call(found: Iterable[Scored]) -> ByCall:
    """Of each call the people's scores in their order, and the program's that would count."""
    told: dict[str, list[Scored]] = defaultdict(list)
    for one in found:
        if not one.void:
            told[one.call].append(one)
    made = {}
    for call, some in told.items():
        people = sorted((one for one in some if one.by_person), key=lambda one: (one.at, one.scorer))
        if people:
            made[call] = (people, scores.counting(one for one in some if not one.by_person).get(call))
    return made


def _answers(one: Scored) -> dict[str, str]:
    """By criterion. A program's "perhaps" is no answer: nobody counts it."""
    return {found.criterion: found.answer for found in one.found if found.counts}


def _against_programs(by_call: ByCall) -> dict[str, list[Pair]]:
    """Answers of the first person who scored a call, and of the program."""
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for people, program in by_call.values():
        if program is not None:
            _pair(pairs, _answers(people[0]), _answers(program))
    return pairs


def _among_people(by_call: ByCall) -> dict[str, list[Pair]]:
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for people, _ in by_call.values():
        if len(people) > 1:
            _pair(pairs, _answers(people[0]), _answers(people[1]))
    return pairs


def _pair(pairs: dict[str, list[Pair]], one: Mapping[str, str], other: Mapping[str, str]) -> None:
    for key in one.keys() & other.keys():
        pairs[key].append((one[key], other[key]))


def _units(by_call: ByCall) -> Iterator[list[Hashable]]:
    for people, _ in by_call.values():
        told = [_answers(one) for one in people]
        for key in sorted({key for one in told for key in one}):
            yield [one[key] for one in told if key in one]
