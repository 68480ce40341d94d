"""Single deals, enquiries and calls that wait too long: the seller is told first, his head when it repeats. Pure.

What ran out long ago is no alert: on the first day there would be hundreds. It is what the rules' shares are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.advice.case import Evidence, Situation
from connector.advice.feedback import errand, text, words
from connector.advice.feedback.overdue import Overdue, What
from connector.advice.words import counted, day
from connector.moment import local_day, zone_of
from connector.records import User
from connector.wishes import AddTask

WITHIN = timedelta(days=14)
RULE, REPEATED = "alert", "repeated"
KPI: dict[What, str] = {
    "unanswered_lead": "lead_answered_in_norm",
    "missed_call": "callback_in_norm",
    "stuck_deal": "stuck_deal_share",
}
"""In the order of urgency: somebody waits for an answer. The KPI that each kind is about."""
_ABOUT = ("deal:", "contact:", "company:", "lead:")


@dataclass(frozen=True, slots=True)
class Repeated:
    """A seller was told of the same kind of thing on so many days; `refs`: of what, the latest first."""

    user: User
    what: What
    days: int
    refs: tuple[str, ...]

    @property
    def kpi(self) -> str:
        """Which KPI it is about."""
        return KPI[self.what]


def fresh(situation: Situation) -> Iterator[tuple[Overdue, User]]:
    """What a seller should be told of, whoever waits first, each record once: by whoever got it last (K-06a)."""
    order = list(KPI)
    seen: set[str] = set()
    latest = {(one.what, one.ref): one for one in sorted(situation.overdue, key=lambda one: one.at)}
    for one in sorted(latest.values(), key=lambda one: (order.index(one.what), one.due_at, one.ref)):
        user = situation.users.get(one.user)
        if user is not None and user.active and one.ref not in seen:
            seen.add(one.ref)
            yield one, user


def repeated(situation: Situation) -> Iterator[Repeated]:
    """Who was told of the same kind on enough days within two weeks."""
    for user in sorted(situation.users.values(), key=lambda user: (len(user.id), user.id)):
        for what in KPI:
            told = [
                one
                for one in situation.raised
                if (one.head, one.kpi) == (user.id, what) and situation.now - one.at < WITHIN
            ]
            days = {local_day(one.at, situation.zone) for one in told}
            if user.active and len(days) >= situation.repeat:
                latest = sorted(told, key=lambda one: one.at, reverse=True)
                yield Repeated(user, what, len(days), tuple(one.subject for one in latest))


def for_seller(one: Overdue, user: User, situation: Situation) -> AddTask:
    """A short task on the card itself, due by the end of the day."""
    language, today = situation.language, local_day(situation.now, situation.zone)
    key = f"task:{one.ref}:{one.what}#{RULE}@{today.isoformat()}"
    mark = errand.marker(key)
    told = {"at": _moment(one.at, situation), "due": _moment(one.due_at, situation), "link": one.link}
    closes = situation.calendar.closes(today)
    soon = closes if closes is not None and closes > situation.now else None
    return AddTask(
        key=key,
        marker=mark,
        user_id=user.id,
        title=words.ALERT[one.what](language),
        text=f"{words.ALERT_BODY(language).format(**told).strip()}\n\n{mark}",
        due_at=soon or errand.due(situation.now, situation.calendar, situation.zone, 1),
        about=one.about if (one.about or "").startswith(_ABOUT) else None,
    )


def for_head(one: Repeated, head: User, situation: Situation) -> AddTask:
    """The head's task: how often, which records, a question."""
    language, today = situation.language, local_day(situation.now, situation.zone)
    key = f"task:user:{one.user.id}:{one.kpi}#{REPEATED}@{today.isoformat()}"
    mark, what = errand.marker(key), words.ALERT[one.what](language)
    told = {
        "name": one.user.name, "what": what.lower() if language == "ru" else what,
        "n": counted(len(one.refs), "reminder", language), "days": counted(one.days, "date", language),
    }  # fmt: skip
    found = [Evidence(ref, situation.links.get(ref, ref)) for ref in one.refs]
    return AddTask(
        key=key,
        marker=mark,
        user_id=head.id,
        title=words.AGAIN_TITLE(language).format(**told),
        text="\n\n".join(
            (
                words.AGAIN_FACT(language).format(**told),
                text.records(found, situation),
                words.QUESTION(language).format(question=words.AGAIN_QUESTION(language)),
                text.agreed(words.AGAIN_AGREEMENT(language), what, situation),
                words.HOW_TO_CLOSE(language),
                mark,
            )
        ),
        due_at=errand.due(situation.now, situation.calendar, situation.zone),
    )


def _moment(at: datetime, situation: Situation) -> str:
    """`16 сентября 2026, 12:30`, in the account's zone."""
    local = at.astimezone(zone_of(situation.zone))
    return f"{day(local.date(), situation.language)}, {local:%H:%M}"
