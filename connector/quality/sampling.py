"""Which calls people are to score: drawn by chance, so that nobody picks them, and of every sort. Pure.

Of each person so many a week, over strata: short or long (by his own median), how the deal stands, and the hours.
Strata come in random order and each gives one call before any gives two. The same seed draws the same calls.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

LATE = 13
"""The local hour at which the second half of a day begins."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A call that may be drawn. `ending`: won, lost or open; `hour`: local."""

    call: str
    user: str
    seconds: float
    ending: str
    hour: int


@dataclass(frozen=True, slots=True)
class Picked:
    """A call drawn, out of which stratum, and whether a second person is to score it too."""

    call: str
    user: str
    stratum: str
    second: bool = False


def draw(talks: Iterable[Talk], per_person: int, second: float, seed: str) -> list[Picked]:
    """In the order of people and calls. `second`: the part that is scored twice, one at least of four."""
    by_user: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks:
        by_user[talk.user].append(talk)
    picked = [one for user in sorted(by_user) for one in _of_person(by_user[user], per_person, f"{seed}:{user}")]
    wanted = round(second * len(picked)) or int(second > 0 and len(picked) >= 4)
    twice = set(random.Random(f"{seed}:second").sample([one.call for one in picked], min(wanted, len(picked))))
    return [Picked(one.call, one.user, one.stratum, one.call in twice) for one in picked]


def _of_person(talks: Sequence[Talk], wanted: int, seed: str) -> Iterator[Picked]:
    chance = random.Random(seed)
    strata = _strata(talks)
    order = sorted(strata)
    chance.shuffle(order)
    waiting = {name: chance.sample(strata[name], len(strata[name])) for name in order}
    left = min(wanted, len(talks))
    while left:
        for name in order:
            if waiting[name] and left:
                talk = waiting[name].pop()
                left -= 1
                yield Picked(talk.call, talk.user, name)


def _strata(talks: Sequence[Talk]) -> Mapping[str, list[Talk]]:
    middle = median(talk.seconds for talk in talks)
    found: dict[str, list[Talk]] = defaultdict(list)
    for talk in sorted(talks, key=lambda one: one.call):
        length = "long" if talk.seconds > middle else "short"
        found[f"{length}/{talk.ending}/{'late' if talk.hour >= LATE else 'early'}"].append(talk)
    return found


def raters(
    picked: Sequence[Picked], heads: Mapping[str, Sequence[str]], others: Sequence[str]
) -> Iterator[tuple[Picked, str, bool]]:
    """Who scores what: each call by the person's first head, or one of `others` in turn where these are named, and the
    second time by the next of them. Nobody scores his own calls; what nobody is left for is left out.
    """
    for place, one in enumerate(picked):
        able = [rater for rater in (*heads.get(one.user, ()), *others) if rater != one.user]
        able = list(dict.fromkeys(able))
        if not able:
            continue
        first = able[0] if heads.get(one.user) else able[place % len(able)]
        yield one, first, False
        rest = [rater for rater in able if rater != first]
        if one.second and rest:
            yield one, rest[place % len(rest)], True
