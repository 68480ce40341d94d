"""What a rule of advice looks at, and what it comes to. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from connector.advice.feedback.caps import Barred, Limits
from connector.advice.feedback.overdue import Overdue
from connector.advice.feedback.weeks import Weeks
from connector.advice.words import Language
from connector.kpi.text import Text
from connector.moment import Period, WorkCalendar, Zone
from connector.records import Team, User
from connector.result import Result
from connector.targets.outlook import Outlook
from connector.targets.pace import Pace
from connector.wishes import AddTask, Raised

TASK_KPI = "revenue"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that the head can open. `text` says what it is, without its client's name."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a finding about a KPI rests on: records, the most telling first, and what was left out, one line each."""

    records: Sequence[Evidence] = ()
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A proposed correction of a plan that waits for the head. `lines`: what it says, in the account's language."""

    id: int
    user: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Situation:
    """An account at a moment. Maps by user use the CRM's id, maps by subject `user:501`."""

    period: Period
    now: datetime
    zone: Zone
    calendar: WorkCalendar
    currency: str
    users: Mapping[str, User]
    teams: Mapping[str, Team]
    paces: Mapping[str, Pace]
    """Revenue's, by subject, taken this morning."""
    results: Mapping[tuple[str, str], Result] = field(default_factory=dict)
    """(kpi, subject): `revenue` and `won_deals` are looked at."""
    usual_per_day: Mapping[str, Decimal] = field(default_factory=dict)
    """By user: revenue in a working day over the eight weeks before the period."""
    evidence: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)
    """By user, the most telling first; five are shown."""
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By user: what counts nowhere and why, one line each."""
    outlooks: Mapping[str, Outlook] = field(default_factory=dict)
    """By user, of those who seem behind, where the account's past vouches for forecasts."""
    raised: Sequence[Raised] = ()
    weeks: Weeks | None = None
    """What the rules beside the plan look at."""
    proofs: Mapping[tuple[str, str], Proof] = field(default_factory=dict)
    """By user and KPI, of what is going to be told."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Addresses of cards by ref, of what sellers were told of lately."""
    corrections: Sequence[Correction] = ()
    overdue: Sequence[Overdue] = ()
    """Single deals, enquiries and calls whose time ran out lately."""
    repeat: int = 3
    """On so many days within two weeks sellers are told first, before the head is."""
    limits: Limits = field(default_factory=Limits)
    barred: Barred = field(default_factory=Barred)
    measure_after: timedelta = timedelta(days=28)
    """How long after a talk its KPI is measured again."""
    language: Language = "ru"


@dataclass(frozen=True, slots=True)
class Notice:
    """What cannot be a task and must still be said."""

    code: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Tasks to raise, notices, and why others who are behind get none: `user:501` -> reason."""

    tasks: tuple[AddTask, ...] = ()
    notices: tuple[Notice, ...] = ()
    silent: Mapping[str, Text] = field(default_factory=dict)
