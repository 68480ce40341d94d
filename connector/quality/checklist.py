"""What a good conversation has, as data: stages, criteria, classes of objections, words to avoid; versioned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Applies = Literal["always", "first_call", "later_call", "after_objection"]
Where = Literal["anywhere", "start", "after_first", "late", "end"]
Until = Literal["never", "agreed", "agreeing"]
Side = Literal["seller", "client"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One yes-or-no question about a call. `key` is stable over versions; `stage`: greeting, needs, presentation,
    objection_handling, next_step, farewell, or a name of the account's own. `weight` counts within the checklist.
    `phrases`: examples of what fulfils it; `not_phrases`: what looks like it and does not. `where`: in which of the
    seller's turns it is looked for; `at_least`: in how many places it must be heard. `in_words`: turns with fewer words
    that ask nothing are passed over; `told_in`: a turn with so many fulfils it whatever the words (0: never).
    `consent`: a turn that the client answers with an objection or a question does not fulfil it; a turn of the client
    that agrees on a time (see `Agreeing`) does.
    """

    key: str
    stage: str
    ru: str
    en: str
    weight: float = 1.0
    applies: Applies = "always"
    phrases: tuple[str, ...] = ()
    not_phrases: tuple[str, ...] = ()
    where: Where = "anywhere"
    at_least: int = 1
    in_words: int = 0
    told_in: int = 0
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """A class of objections: how clients say it, and what of an answer counts as handled."""

    key: str
    ru: str
    en: str
    phrases: tuple[str, ...]
    handled_by: tuple[str, ...]
    """Keys of moves (acknowledge, explore, answer, advance) any of which, together, reach `handled_from`."""

    answers: tuple[str, ...] = ()
    """What counts as the move "answer" for this class alone, besides what answers any of them."""

    handled_from: float = 0.4
    not_phrases: tuple[str, ...] = ()
    """What looks like it and is none: said near by, it takes the objection back."""

    until_agreed: Until = "never"
    """After a turn that agrees on the next step nothing is taken for it ("agreed"), or in that turn neither."""


@dataclass(frozen=True, slots=True)
class Move:
    """One way of dealing with an objection. `weight` adds to the handling; what spoils it is below 0."""

    key: str
    ru: str
    en: str
    weight: float
    phrases: tuple[str, ...]
    said_by: Side = "seller"
    """Whose words tell of it: "client" where it shows in how he takes the answer."""


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How a time for the next step is settled: the seller `asked` or offered one; the client `accepts`, or `names` one;
    `now`: words that speak of this very moment.
    """

    asked: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version for the pipelines named (none: all)."""

    name: str
    version: int
    criteria: tuple[Criterion, ...]
    objections: tuple[Objection, ...] = ()
    stop_words: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()
    language: str = "ru"
    moves: tuple[Move, ...] = ()
    agreeing: Agreeing = Agreeing()

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"
