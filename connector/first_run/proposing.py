"""All proposals, in the order in which a person is asked."""

from __future__ import annotations

from connector.first_run.calls import calls
from connector.first_run.fields import fields
from connector.first_run.hours import hours
from connector.first_run.people import heads, kpi_set
from connector.first_run.pipelines import pipelines, reasons
from connector.first_run.seen import Proposal, Seen

PARTS = (pipelines, reasons, fields, calls, hours, heads, kpi_set)


def propose(seen: Seen) -> list[Proposal]:
    """What the configuration might say."""
    return [one for part in PARTS for one in part(seen)]
