"""All proposals, in the order in which a person is asked."""

from __future__ import annotations

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


def propose(seen: Seen) -> list[Proposal]:
    """What the configuration might say, but for what people are judged by."""
    return [one for part in PARTS for one in part(seen)]
