"""Calls and meetings: who spoke when, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from connector.derive.dones import finished
from connector.derive.excluded import call_excluded, of_tests
from connector.derive.history import History, id_order
from connector.derive.rules import Sales
from connector.fact import Confidence, Dossier, Fact
from connector.records import Call, Meeting, Message, Ref

AT_ONCE = timedelta(minutes=1)
"""Calls with one number that begin so soon after one another are one."""


class Contact(NamedTuple):
    """A moment at which the client was reached by us, and the records it hangs on."""

    at: datetime
    on: tuple[Ref, ...]


class Phoned(NamedTuple):
    """A call and why it counts nowhere, None where it does."""

    call: Call
    omitted: str | None


def phoned(calls: Iterable[Call], history: History, sales: Sales) -> list[Phoned]:
    """Every call in time order; of rows that are one call the one with the longest talk counts, and of calls with one
    number that follow one another within a minute.
    """
    rows = sorted(calls, key=lambda call: (call.at, *id_order(call.id)))
    if not rows:
        return []
    gone = {call.id: _uncounted(call, history, sales) for call in rows}
    longest = _longest(call for call in rows if gone[call.id] is None)
    told = {call.id: gone[call.id] or _repeated(call, longest) for call in rows}
    again = _redialled(call for call in rows if told[call.id] is None)
    return [Phoned(call, told[call.id] or ("redial" if call.id in again else None)) for call in rows]


def call_facts(calls: Sequence[Phoned], dossier: Dossier, sales: Sales) -> list[Fact]:
    """`call_out`, `call_in`, and `call_missed` in the office hours of whose it was, else `call_missed_off`.

    `number` is seconds of talk. `other`, on the first call out of a local day by one person to one number, is the
    longest talk that he had with it that day: unique numbers are dialled and reached once a day (K-13).
    """
    client, reached = client_key(dossier), _reached(calls, sales)
    return [_call(one, client, reached.get(one.call.id), sales) for one in calls]


def _uncounted(call: Call, history: History, sales: Sales) -> str | None:
    return history.gone(call.ref) or call_excluded(call, history, sales)


def is_missed(call: Call) -> bool:
    """Somebody called us and nobody answered."""
    return call.direction == "in" and not call.answered


def _repeated(call: Call, longest: Mapping[str, str]) -> str | None:
    return "duplicate" if call.unique and longest[call.unique] != call.id else None


def _redialled(calls: Iterable[Call]) -> set[str]:
    """Ids of those that count with another one: a burst of one person's attempts at a number, a client's call that was
    redirected or that he repeats, is one call (K-04, K-26). Only where the number is told.
    """
    bursts: dict[tuple[str, str, str | None], list[list[Call]]] = {}
    for call in calls:
        if call.phone is not None:
            who = call.user_id if call.direction == "out" else None
            of_number = bursts.setdefault((call.direction, call.phone, who), [])
            if of_number and call.at - of_number[-1][-1].at < AT_ONCE:
                of_number[-1].append(call)
            else:
                of_number.append([call])
    found = set[str]()
    for burst in (burst for some in bursts.values() for burst in some):
        kept = max(burst, key=lambda call: (_talk(call), call.answered))  # of equals the first: the client waits since
        found.update(call.id for call in burst if call is not kept)
    return found


def _reached(calls: Iterable[Phoned], sales: Sales) -> dict[str, int]:
    """The longest talk out of each day, person and number, by the id of the first of these calls.

    A dossier is one client's: calls whose number is not told are calls to him.
    """
    first: dict[tuple[date, str | None, str | None], str] = {}
    longest: dict[str, int] = {}
    for call, omitted in calls:
        if call.direction == "out" and omitted is None:
            id = first.setdefault((sales.day(call.at), call.user_id, call.phone), call.id)
            longest[id] = max(longest.get(id, 0), _talk(call))
    return longest


def _talk(call: Call) -> int:
    return call.seconds if call.answered else 0


def meeting_facts(dossier: Dossier, history: History, sales: Sales) -> list[Fact]:
    """`meeting`, once it is done; where the CRM tells that nothing came of it, it counts nowhere (K-04)."""
    done, client = held(dossier), client_key(dossier)
    return [
        _meeting(meeting, *done[meeting.id], client, meeting_uncounted(meeting, history, sales), sales)
        for meeting in dossier.meetings
        if meeting.id in done
    ]


def meeting_uncounted(meeting: Meeting, history: History, sales: Sales) -> str | None:
    """Why a meeting counts nowhere whatever was said in it, None where it does."""
    return history.gone(meeting.ref) or of_tests(meeting.on, meeting.user_id, history, sales)


def held(dossier: Dossier) -> dict[str, tuple[datetime, Confidence]]:
    """When each meeting that is done now was, by its id."""
    return finished(dossier.meetings, dossier.dones)


def met(dossier: Dossier, history: History, sales: Sales) -> Iterator[tuple[Meeting, tuple[datetime, Confidence]]]:
    """The meetings that count, and when they were: one that is only ticked off, without a result where the CRM keeps
    one, may never have been, so it answers nobody and nothing led to it.
    """
    done = held(dossier)
    for meeting in dossier.meetings:
        if meeting.id in done and meeting.has_result is not False and not meeting_uncounted(meeting, history, sales):
            yield meeting, done[meeting.id]


def contacts(dossier: Dossier, history: History, sales: Sales) -> list[Contact]:
    """When the client was reached: outgoing calls that connected, messages that a person wrote and meetings held, in
    time order.
    """
    enough = sales.rules.connected_call_seconds
    found = [
        Contact(call.at, call.on)
        for call in dossier.calls
        if call.direction == "out" and call.answered and call.seconds >= enough and not _uncounted(call, history, sales)
    ]
    found += [Contact(one.at, one.on) for one in dossier.messages if wrote(one, history, sales)]
    if dossier.meetings:
        found += [Contact(at, meeting.on) for meeting, (at, _) in met(dossier, history, sales)]
    return sorted(found, key=lambda contact: contact.at)


def wrote(message: Message, history: History, sales: Sales) -> bool:
    """Whether a person wrote it, about no test: a robot's message answers nobody (K-06a)."""
    person = message.user_id is not None and message.user_id not in sales.robots
    return person and not history.gone(message.ref) and of_tests(message.on, message.user_id, history, sales) is None


def answered_calls(dossier: Dossier, history: History, sales: Sales) -> list[tuple[Contact, timedelta]]:
    """Calls of the client that we answered and talked on, each with its length."""
    enough = sales.rules.connected_call_seconds
    return [
        (Contact(call.at, call.on), timedelta(seconds=call.seconds))
        for call in dossier.calls
        if call.direction == "in" and call.answered and call.seconds >= enough and not _uncounted(call, history, sales)
    ]


def _longest(calls: Iterable[Call]) -> Mapping[str, str]:
    """For each of the telephony's ids the row that counts."""
    best: dict[str, Call] = {}
    for call in calls:
        if call.unique and (call.unique not in best or _weight(call) > _weight(best[call.unique])):
            best[call.unique] = call
    return {unique: call.id for unique, call in best.items()}


def _weight(call: Call) -> tuple[int, bool, tuple[int, str]]:
    return _talk(call), call.answered, id_order(call.id)


def _call(one: Phoned, client: Ref | None, reached: int | None, sales: Sales) -> Fact:
    call, missed = one.call, is_missed(one.call)
    kind = _missed(call, sales) if missed else f"call_{call.direction}"
    return Fact(
        key=f"{kind}|{call.ref}",
        kind=kind,
        at=call.at,
        day=sales.day(call.at),
        user=call.user_id,
        client=client,
        deal=hung_on(call.on, "deal:"),
        lead=hung_on(call.on, "lead:"),
        call=call.id,
        number=None if missed else _talk(call),
        other=reached,
        omitted=one.omitted,
        note=None if call.user_id in sales.users else "unknown_user",
    )


def _missed(call: Call, sales: Sales) -> str:
    """Working time is half-open: no second of it is left to wait for."""
    open_then = sales.calendar_of(call.user_id, call.at).after(call.at, 0) == call.at
    return "call_missed" if open_then else "call_missed_off"


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
        deal=hung_on(meeting.on, "deal:"),
        lead=hung_on(meeting.on, "lead:"),
        confidence=confidence,
        omitted=omitted or ("no_result" if meeting.has_result is False else None),
    )


def client_key(dossier: Dossier) -> Ref | None:
    """The dossier's client; None where it is about a deal or lead that has none."""
    return dossier.key if dossier.key.startswith(("company:", "contact:")) else None


def hung_on(on: Sequence[Ref], kind: str) -> str | None:
    """The id of the first record of a kind (`deal:`) that something hangs on."""
    for ref in on:
        if ref.startswith(kind):
            return ref.removeprefix(kind)
    return None
