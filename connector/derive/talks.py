"""What the first real talk with a client led to: a meeting, a win, or nothing yet (K-05b)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from connector.derive.calls import Phoned, client_key, hung_on, met
from connector.derive.deals import Close, window
from connector.derive.history import History, worst
from connector.derive.rules import Sales
from connector.fact import Confidence, Dossier, Fact
from connector.records import Call

Reached = tuple[datetime, Confidence]
"""When it was, and how surely."""


def talk_facts(
    calls: Sequence[Phoned], closed: Iterable[Close], dossier: Dossier, history: History, sales: Sales
) -> list[Fact]:
    """`talk_won` and `talk_meeting`, once a client, at his first successful talk: `number` is calendar seconds to his
    first counted win, or meeting held, at or after it; `due_at` is the end of the window. `calls` are in time order.
    """
    client = client_key(dossier)
    first = next((one.call for one in calls if one.omitted is None and _successful(one.call, sales)), None)
    if client is None or first is None:
        return []
    wins = [(close.entered.at, close.entered.confidence) for close in closed if _won(close)]
    meetings = [reached for _, reached in met(dossier, history, sales)]
    return [_talk("talk_won", first, client, wins, sales), _talk("talk_meeting", first, client, meetings, sales)]


def _successful(call: Call, sales: Sales) -> bool:
    return call.answered and call.seconds >= sales.rules.successful_call_seconds


def _won(close: Close) -> bool:
    return close.deal.outcome == "won" and close.omitted is None


def _talk(kind: str, call: Call, client: str, ends: Iterable[Reached], sales: Sales) -> Fact:
    end = min((one for one in ends if one[0] >= call.at), default=None)
    return Fact(
        key=f"{kind}|{client}",
        kind=kind,
        at=call.at,
        day=sales.day(call.at),
        user=call.user_id,
        client=client,
        deal=hung_on(call.on, "deal:"),
        lead=hung_on(call.on, "lead:"),
        call=call.id,
        number=None if end is None else (end[0] - call.at).total_seconds(),
        due_at=window(call.at, sales.rules.conversion_window_days),
        confidence="exact" if end is None else worst(end[1]),
    )
