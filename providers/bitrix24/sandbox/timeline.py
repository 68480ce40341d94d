"""Calls and meetings: lines of the call statistics, and activities bound to the deal, the lead or the client."""

from __future__ import annotations

from datetime import timedelta

from connector.pretend.happenings import Called, MeetingHeld, MeetingPlanned
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.rows import COMPANY, CONTACT, DEAL, LEAD, Activity, CallRow


class Timeline:
    """`meetings` tells which activity a meeting of the company became."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.meetings: dict[int, int] = {}

    def called(self, h: Called) -> None:
        """A line in the statistics, and its activity. Every tenth call with no deal is told of the client's company."""
        contact = self.portal.items[CONTACT].get(h.contact)
        bindings = self._bindings(h.deal, h.contact if contact else None)
        entity = ("CONTACT", h.contact) if contact else None
        if bindings and bindings[0][0] == LEAD:
            entity = ("LEAD", bindings[0][1])
        elif h.deal is None and contact and contact.company and h.call % 10 == 0:
            entity = ("COMPANY", contact.company)
        activity = self._call_activity(h, bindings) if bindings else None
        code, reason = _outcome(h)
        phone = contact.phone if contact else ""
        kind = 1 if h.direction == "out" else 2
        id = self.portal.calls.next_id()
        row = CallRow(id, h.user, phone, h.at, h.seconds, kind, code, reason, entity, activity, h.call)
        self.portal.calls.put(id, row)
        self._stir(h.deal, h.user, h)

    def _stir(self, deal: int | None, user: int, h: Called) -> None:
        """A call moves lastActivityTime and leaves updatedTime alone."""
        item = self.portal.items[DEAL].get(deal) if deal else None
        if item is not None:
            item.active, item.active_by = h.at, user
            self.portal.items[DEAL].touch(item.id)

    def _call_activity(self, h: Called, bindings: list[tuple[int, int]]) -> int:
        id = self.portal.activities.next_id()
        self.portal.talks[id] = h
        outward = h.direction == "out"
        subject = "Исходящий звонок" if outward else "Входящий звонок"
        end = h.at + timedelta(seconds=h.seconds)
        self.portal.bindings.add(
            Activity(
                id, 2, "VOXIMPLANT_CALL", "CALL", subject, h.user, h.user, h.at, end, h.at, end, bindings,
                completed=h.answered or outward, direction=2 if outward else 1, editor=h.user,
                origin=f"VI_externalCall.{h.call}", missed=not h.answered and not outward,
            ),
        )  # fmt: skip
        return id

    def _bindings(self, deal: int | None, contact: int | None) -> list[tuple[int, int]]:
        """The deal (or the lead that it still is) owns the activity, the client is bound too."""
        bound: list[tuple[int, int]] = []
        if deal is not None:
            kind = DEAL if self.portal.items[DEAL].get(deal) else LEAD
            if self.portal.items[kind].get(deal) is not None:
                bound.append((kind, deal))
        if contact is not None:
            bound.append((CONTACT, contact))
            client = self.portal.items[CONTACT].get(contact)
            if client is not None and client.company and not deal:
                bound.append((COMPANY, client.company))
        return bound

    def planned(self, h: MeetingPlanned) -> None:
        """A meeting in the plan."""
        item = self.portal.items[DEAL].get(h.deal) or self.portal.items[LEAD].get(h.deal)
        bindings = self._bindings(h.deal, item.contact or None if item else None)
        if not bindings:
            return
        id = self.portal.activities.next_id()
        self.meetings[h.meeting] = id
        end = h.due + timedelta(hours=1)
        self.portal.bindings.add(
            Activity(
                id, 1, "CRM_MEETING", "MEETING", "Встреча", h.user, h.user, h.at, h.at, h.due, end, bindings,
                editor=h.user,
            ),
        )  # fmt: skip

    def held(self, h: MeetingHeld) -> None:
        """Marked as done: LAST_UPDATED is the moment, no other field tells it."""
        activity = self.portal.activities.get(self.meetings.get(h.meeting, 0))
        if activity is not None:
            activity.completed, activity.description = True, h.text
            activity.updated, activity.editor = h.at, h.user
            self.portal.activities.touch(activity.id)


def _outcome(h: Called) -> tuple[str, str]:
    if h.answered:
        return "200", "Success call"
    return ("304", "Missed call") if h.direction == "in" else ("603", "Declined")
