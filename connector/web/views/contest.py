"""Contests: what somebody says is wrong in his numbers, what was decided, and what the reader may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connector.kpi.kinds import KINDS
from connector.kpi.text import Language
from connector.moment import Zone, zone_of
from connector.pipeline.contesting.contests import Shown
from connector.records import User
from connector.web import locale
from connector.web.access import Access
from connector.web.views import facts
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class About:
    """What is contested: the card of the record, and what of it counted."""

    card: facts.Card
    what: str


def about(key: str, record: str, link: str, language: Language) -> About:
    """Of a fact by its key, which tells of this record."""
    kind = key.partition("|")[0]
    return About(facts.card(record, link, language), KINDS[kind].one(language) if kind in KINDS else "")


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision."""

    what: str
    who: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContestLine:
    """One contest. `mine`: the reader opened it and may take it back; `decides`: it waits for him."""

    number: int
    state: str
    open: bool
    owner: str
    at: str
    card: facts.Card
    facts: str
    reason: str
    answers: tuple[Answer, ...]
    mine: bool
    decides: bool
    waits_for: str


def contest_lines(
    some: Iterable[Shown], access: Access, users: Mapping[str, User], zone: Zone, language: Language
) -> list[ContestLine]:
    """Those in the numbers of people whom the reader may see, the newest first."""
    write = _Clerk(access, users, zone, language)
    return [write.line(one) for one in some if access.person(one.contest.ruling.user)]


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Writes contests for one reader."""

    access: Access
    users: Mapping[str, User]
    zone: Zone
    language: Language

    def line(self, one: Shown) -> ContestLine:
        """One contest."""
        contest, is_open = one.contest, one.contest.state == "open"
        owner = contest.ruling.user
        kinds = dict.fromkeys(KINDS[fact.kind].one(self.language) for fact in one.facts)
        return ContestLine(
            number=contest.id,
            state=WORDS[f"contest_{contest.state}"](self.language),
            open=is_open,
            owner=self.name(owner),
            at=locale.moment(contest.at.astimezone(zone_of(self.zone)), self.language),
            card=facts.card(contest.ruling.about, one.link, self.language),
            facts=", ".join(kinds),
            reason=contest.reason,
            answers=tuple(
                Answer(
                    WORDS[f"contest_{said.what}"](self.language),
                    self.name(said.by),
                    locale.moment(said.at.astimezone(zone_of(self.zone)), self.language),
                    said.reason,
                )
                for said in contest.verdicts
            ),
            mine=is_open and owner == self.access.user,
            decides=is_open and owner != self.access.user and (owner in self.access.led or self.access.company),
            waits_for=", ".join(one.deciders) if is_open else "",
        )

    def name(self, id: str) -> str:
        """A person's."""
        return self.users[id].name if id in self.users else id
