"""What counts nowhere whatever came of it: tests, calls with the company's own numbers, deals of robots (rule C11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from connector.derive.history import History
from connector.derive.rules import Sales
from connector.records import Call, Deal, Lead, Ref

AT_ONCE = timedelta(minutes=1)
"""A deal that was closed so soon after its creation was made closed."""


def is_test(what: Deal | Lead, sales: Sales) -> bool:
    """By its name, its owner or its pipeline."""
    return what.test or what.owner_id in sales.test_users or what.pipeline_id in sales.test_pipelines


def of_tests(on: Sequence[Ref], user: str | None, history: History, sales: Sales) -> str | None:
    """ "test" where a tester did it or it hangs on a test, else None."""
    hangs = any(is_test(record, sales) for ref in on if (record := history.record(ref)) is not None)
    return "test" if hangs or user in sales.test_users else None


def call_excluded(call: Call, history: History, sales: Sales) -> str | None:
    """Why a call is none with a client, None where it is one."""
    if call.phone is not None and call.phone in sales.internal:
        return "internal"
    return of_tests(call.on, call.user_id, history, sales)


def is_robots(what: Deal | Lead, history: History, sales: Sales) -> bool:
    """Made by no person and closed by none, where the rule leaves such deals out: an import, an integration.

    Where nobody knows who closed it a person may have; without any move it was closed by its maker if that was at once.
    """
    if sales.rules.robot_deals or what.outcome == "open" or not _programs(what.created_by, sales):
        return False
    if not history.moves(what.ref):
        return what.closed_at is not None and what.closed_at - what.created_at <= AT_ONCE
    closed = history.entered(what)
    told = closed.by is not None or (sales.movers_told and closed.confidence == "exact")
    return told and _programs(closed.by, sales)


def _programs(user: str | None, sales: Sales) -> bool:
    """Whether a program acts as this user; nobody is one."""
    return user is None or user in sales.robots
