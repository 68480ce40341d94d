"""Many quiet lists in one batch: at the start of a pass every list at rest is asked together with the first one.

What was asked so waits for its list's own turn, in the same round of pulls; never is what an earlier round saw used.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connector.errors import Broken, KpiError, Limited
from providers.bitrix24.batch import MOST, Command, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.cursor import Mark
from providers.bitrix24.lane import Lane, Leg
from providers.bitrix24.timefilter import TimeFilters
from providers.bitrix24.way import Way

_FRESH = timedelta(seconds=60)
Answers = tuple[dict[str, Reply | KpiError], datetime]
"""What a batch brought by command, and the server's time of it: what changes after it is the next pass's."""


@dataclass(slots=True)
class Together:
    """Which lists are at rest, which had their turn in this round, and what was asked for the others meanwhile."""

    client: Client
    filters: TimeFilters
    resting: dict[str, tuple[Lane, Mark]] = field(default_factory=dict)
    """Lists whose last pass has ended: they can be asked together with the next one."""
    walked: set[str] = field(default_factory=set)
    """Lists begun in this round of pulls; one that comes again begins the next round."""
    ahead: dict[str, tuple[Leg, Answers]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Kinds are pulled in threads: whoever comes while others' questions are on their way waits for the answers."""

    def begin(self, names: set[str]) -> None:
        """These lists have their turn."""
        with self.lock:
            if names & self.walked:
                self.walked.clear()
                self.ahead.clear()
            self.walked |= names
            for name in names:
                self.resting.pop(name, None)

    def rest(self, lanes: Iterable[Lane], marks: Mapping[str, Mark]) -> None:
        """The pass of these lists has ended at these marks."""
        self.resting.update({lane.name: (lane, marks[lane.name]) for lane in lanes})

    def expect(self, lanes: Iterable[Lane]) -> None:
        """These lists will be read whole: their first pages may be asked for together with the next ones."""
        with self.lock:
            known = self.resting.keys() | self.walked | self.ahead.keys()
            self.resting.update({lane.name: (lane, Mark()) for lane in lanes if lane.name not in known})

    def ask(self, legs: Mapping[str, Leg]) -> Answers:
        """The answers for the first legs of a pass, asked ahead or now, with every list at rest that there is room for.

        Raises what stops the whole batch.
        """
        with self.lock:
            return self._held(legs) or self._ask(legs)

    def _held(self, legs: Mapping[str, Leg]) -> Answers | None:
        """What was asked ahead, where it is of all these legs and not too old."""
        held = [self.ahead.pop(name, None) for name in legs]
        outcomes: dict[str, Reply | KpiError] = {}
        moments = []
        for leg, found in zip(legs.values(), held, strict=True):
            if found is None or found[0] != leg or (leg.since is not None and self._old(found[1][1])):
                return None
            outcomes |= found[1][0]
            moments.append(found[1][1])
        return outcomes, min(moments)

    def _old(self, told_at: datetime) -> bool:
        return self.client.now() - told_at > _FRESH

    def _ask(self, legs: Mapping[str, Leg]) -> Answers:
        own = commands(legs.values())
        quiet = self._quiet(MOST - len(own))
        try:
            outcomes, told_at = read(self.client, own | commands(quiet.values()))
        except (Limited, Broken):
            if not quiet:
                raise
            return read(self.client, own)  # it may be another list's trouble
        for name, leg in quiet.items():
            self.ahead[name] = (leg, ({key: outcomes[key] for key in leg.commands()}, told_at))
        return outcomes, told_at

    def _quiet(self, room: int) -> dict[str, Leg]:
        """Lists at rest that can be asked with others, but for those whose method may not be called now."""
        quiet = {}
        for name, (lane, mark) in self.resting.items():
            leg = Way(lane, mark).leg(self.filters, MOST, self.client.now().tzinfo)
            is_open = self.client.limits.opens({lane.method}, self.client.now()) is None
            if name not in self.walked and is_open and len(leg.commands()) <= room:
                quiet[name] = leg
                room -= len(leg.commands())
        return quiet


def read(client: Client, asked: Mapping[str, Command]) -> Answers:
    """One batch, and the server's time of it, ours where no answer tells."""
    outcomes = client.read(asked)
    told = (reply.told_at for reply in outcomes.values() if isinstance(reply, Reply))
    return outcomes, next(told, client.now())


def commands(legs: Iterable[Leg]) -> dict[str, Command]:
    """Of all these legs, by name."""
    return {name: command for leg in legs for name, command in leg.commands().items()}
