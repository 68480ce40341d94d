"""What a rule of advice looks at, and what it comes to. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from connector.advice.words import Language
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
    silent: Mapping[str, str] = field(default_factory=dict)
