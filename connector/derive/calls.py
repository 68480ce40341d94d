"""Calls and meetings: who spoke when, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from connector.derive.history import History, id_order
from connector.derive.rules import Sales
from connector.fact import Confidence, Dossier, Fact
from connector.records import Call, Meeting, Ref


class Contact(NamedTuple):
    """A moment at which the client was reached by us, and the records it hangs on."""

    at: datetime
    on: tuple[Ref, ...]


def call_facts(dossier: Dossier, history: History, sales: Sales) -> list[Fact]:
    """`call_out`, `call_in`, `call_missed`; of rows that are one call the one with the longest talk counts."""
    longest = _longest(call for call in dossier.calls if not history.gone(call.ref))
    client = client_key(dossier)
    facts = []
    for call in dossier.calls:
        omitted = history.gone(call.ref)
        if omitted is None and call.unique and longest[call.unique] != call.id:
            omitted = "duplicate"
        facts.append(_call(call, client, omitted, sales))
    return facts


def meeting_facts(dossier: Dossier, history: History, sales: Sales) -> list[Fact]:
    """`meeting`, once it is done; one without a result counts too and says so."""
    done, client = held(dossier), client_key(dossier)
    return [
        _meeting(meeting, *done[meeting.id], client, history.gone(meeting.ref), sales)
        for meeting in dossier.meetings
        if meeting.id in done
    ]


def held(dossier: Dossier) -> dict[str, tuple[datetime, Confidence]]:
    """When each meeting that is done now was: by the CRM's event, else by the meeting itself.

    A moment that is only that of the last change is assumed.
    """
    events: dict[Ref, datetime] = {}
    for done in dossier.dones:
        events[done.of] = max(done.at, events.get(done.of, done.at))
    found: dict[str, tuple[datetime, Confidence]] = {}
    for meeting in dossier.meetings:
        if meeting.done_at is not None:
            told = events.get(f"task:{meeting.id}") or events.get(meeting.ref)
            sure = told is not None or meeting.done_at != meeting.updated_at
            found[meeting.id] = (told or meeting.done_at, "exact" if sure else "assumed")
    return found


def contacts(dossier: Dossier, history: History, sales: Sales) -> list[Contact]:
    """When the client was reached: outgoing calls that connected and meetings held, in time order."""
    enough = sales.rules.connected_call_seconds
    found = [
        Contact(call.at, call.on)
        for call in dossier.calls
        if call.direction == "out" and call.answered and call.seconds >= enough and not history.gone(call.ref)
    ]
    if dossier.meetings:
        done = held(dossier)
        found += [
            Contact(done[meeting.id][0], meeting.on)
            for meeting in dossier.meetings
            if meeting.id in done and not history.gone(meeting.ref)
        ]
    return sorted(found, key=lambda contact: contact.at)


def _longest(calls: Iterable[Call]) -> Mapping[str, str]:
    """For each of the telephony's ids the row that counts."""
    best: dict[str, Call] = {}
    for call in calls:
        if call.unique and (call.unique not in best or _weight(call) > _weight(best[call.unique])):
            best[call.unique] = call
    return {unique: call.id for unique, call in best.items()}


def _weight(call: Call) -> tuple[int, bool, tuple[int, str]]:
    return call.seconds if call.answered else 0, call.answered, id_order(call.id)


def _call(call: Call, client: Ref | None, omitted: str | None, sales: Sales) -> Fact:
    kind = "call_out" if call.direction == "out" else "call_in" if call.answered else "call_missed"
    return Fact(
        key=f"{kind}|{call.ref}",
        kind=kind,
        at=call.at,
        day=sales.day(call.at),
        user=call.user_id,
        client=client,
        deal=_id(call.on, "deal:"),
        lead=_id(call.on, "lead:"),
        call=call.id,
        number=call.seconds if call.answered else 0,
        omitted=omitted,
        note=None if call.user_id in sales.users else "unknown_user",
    )


def _meeting(
    meeting: Meeting, at: datetime, confidence: Confidence, client: Ref | None, omitted: str | None, sales: Sales
) -> Fact:
    return Fact(
        key=f"meeting|{meeting.ref}",
        kind="meeting",
        at=at,
        day=sales.day(at),
        user=meeting.user_id,
        client=client,
        deal=_id(meeting.on, "deal:"),
        lead=_id(meeting.on, "lead:"),
        confidence=confidence,
        omitted=omitted,
        note="no_result" if meeting.has_result is False else None,
    )


def client_key(dossier: Dossier) -> Ref | None:
    """The dossier's client; None where it is about a deal or lead that has none."""
    return dossier.key if dossier.key.startswith(("company:", "contact:")) else None


def _id(on: Sequence[Ref], kind: str) -> str | None:
    return next((ref.removeprefix(kind) for ref in on if ref.startswith(kind)), None)
