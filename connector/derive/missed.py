"""Missed calls and what became of them: returned by us, got through himself, or forgotten (K-27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from connector.derive.calls import Phoned, client_key, hung_on, is_missed
from connector.derive.rules import Sales
from connector.fact import Dossier, Fact
from connector.records import Call

LATE = timedelta(hours=23)
"""The second line of K-27: who calls again so much later, the norm being over, calls about something else."""


def callback_facts(calls: Sequence[Phoned], dossier: Dossier, sales: Sales) -> list[Fact]:
    """`callback`, one for each missed call: `number` is working seconds until anyone first dialled that number again,
    None as long as nobody did; `other` calendar seconds; `due_at` is when the norm is over.

    "client_called": he got through himself before, so there was nobody to call back. `calls` are in time order.
    """
    return [
        _callback(one, calls[place + 1 :], dossier, sales) for place, one in enumerate(calls) if is_missed(one.call)
    ]


def _callback(one: Phoned, later: Sequence[Phoned], dossier: Dossier, sales: Sales) -> Fact:
    call = one.call
    calendar = sales.calendar_of(call.user_id, call.at)
    due = calendar.after(call.at, sales.rules.callback_minutes * 60)
    returned = _first(call, later, "out")
    came = _first(call, later, "in")
    himself = came is not None and (returned is None or came < returned) and came <= max(due, _late(call.at))
    return Fact(
        key=f"callback|{call.ref}",
        kind="callback",
        at=call.at,
        day=sales.day(call.at),
        user=call.user_id,
        client=client_key(dossier),
        deal=hung_on(call.on, "deal:"),
        lead=hung_on(call.on, "lead:"),
        call=call.id,
        number=None if returned is None else calendar.seconds(call.at, returned),
        other=None if returned is None else (returned - call.at).total_seconds(),
        due_at=due,
        omitted=one.omitted or ("client_called" if himself else None),
    )


def _first(missed: Call, later: Sequence[Phoned], direction: str) -> datetime | None:
    """The first later call out to the number, whether or not it was answered, or the first answered one from it."""
    for call, omitted in later:
        right = call.direction == direction and (direction == "out" or call.answered)
        if right and omitted in (None, "redial") and call.at > missed.at and _same(call, missed):
            return call.at
    return None


def _same(call: Call, other: Call) -> bool:
    """Whether they are with one number; where one of them does not tell it, both are with the dossier's client."""
    return call.phone == other.phone or call.phone is None or other.phone is None


def _late(at: datetime) -> datetime:
    try:
        return at + LATE
    except OverflowError:
        return at
