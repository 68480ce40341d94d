"""What was looked at, and what a proposal is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from connector.kpi.text import Text
from connector.provider import Field
from connector.records import Call, Deal, LossReason, Pipeline, Stage, Team, User


@dataclass(frozen=True, slots=True)
class Seen:
    """A sample of the CRM: directories whole, deals and calls as many as were read. `kinds`: what it gives at all."""

    zone: tzinfo
    fields: Sequence[Field] = ()
    users: Sequence[User] = ()
    teams: Sequence[Team] = ()
    pipelines: Sequence[Pipeline] = ()
    stages: Sequence[Stage] = ()
    reasons: Sequence[LossReason] = ()
    deals: Sequence[Deal] = ()
    calls: Sequence[Call] = ()
    kinds: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`key`: of `[account.rules]`; `why`: what it rests on, with numbers; `lines`: more to look at before saying yes.

    `sure` False: it is what is usual, as the data do not say. `declined`: what a no means, where that is not plain.
    `then`: what a yes still needs from a person.
    """

    key: str
    value: Any
    why: Text
    sure: bool = True
    lines: tuple[Text, ...] = ()
    declined: Text | None = None
    then: Text | None = None
