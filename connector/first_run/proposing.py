"""All proposals, in the order in which a person is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connector.first_run.calls import calls
from connector.first_run.currencies import currencies
from connector.first_run.fields import fields, required
from connector.first_run.hours import hours
from connector.first_run.judging import goal, kpi_set
from connector.first_run.people import heads
from connector.first_run.pipelines import pipelines, reasons
from connector.first_run.seen import Proposal, Seen

PARTS = (pipelines, reasons, fields, currencies, required, calls, hours, heads)
JUDGED = (kpi_set, goal)
"""What rests on the answers before it: (seen, answers) each."""


def propose(seen: Seen, *, leads: bool = True) -> list[Proposal]:
    """What the configuration might say, but for what people are judged by. `leads`: it may name heads of teams."""
    return [one for part in PARTS for one in part(seen) if leads or not one.key.startswith("heads.")]


def judged(
    seen: Seen, answers: Sequence[Proposal], take: Callable[[Proposal], Proposal | None] = lambda one: one
) -> list[Proposal]:
    """What people are judged by, each proposed on the answers and on what `take` made of those before it."""
    found: list[Proposal] = []
    for part in JUDGED:
        taken = [take(one) for one in part(seen, [*answers, *found])]
        found += [one for one in taken if one is not None]
    return found
