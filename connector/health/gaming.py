"""Detectors of what looks played: things done in bulk. Each says who, when, how many, and how it may be innocent. Pure.

What robots and imports do is nobody's game: without a person behind it, or right after the record was made, it is left
out. None of this judges anybody; it says where a head should look, and which KPI shows what it costs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from connector.config import HealthSettings
from connector.health.bursts import Event, bursts
from connector.health.finding import MOST_EXAMPLES, Example, Suspicion
from connector.health.gaming_words import SEEN, WORDS
from connector.health.quality_words import say
from connector.kpi.catalogue import ALL
from connector.moment import Zone, zone_of
from connector.records import Deadline, Move, Ref

MADE = timedelta(minutes=1)
"""Moves so soon after a record came to be are part of its making: an import, a form."""


def suspicion(
    code: str,
    user: str | None,
    since: datetime,
    until: datetime,
    count: int,
    examples: Iterable[Example],
    **words: object,
) -> Suspicion:
    """In its words; KPIs that are not in the catalogue are not named."""
    told = WORDS[code]
    flatters, counter = (tuple(key for key in keys if key in ALL) for keys in (told.flatters, told.counter))
    text = say(told.text, count=count, **words)
    shown = tuple(examples)[:MOST_EXAMPLES]
    return Suspicion(code, user, since, until, count, text, told.innocent, flatters, counter, shown)


def bulk_moves(
    moves: Iterable[Move], made: Mapping[Ref, datetime], people: Collection[str], settings: HealthSettings, zone: Zone
) -> Iterator[Suspicion]:
    """Many records moved to other stages at one go, by a person."""
    return _bulk("bulk_moves", _moved(moves, made, people, zone), settings.bulk_moves, settings)


def bulk_losses(
    moves: Iterable[Move], made: Mapping[Ref, datetime], people: Collection[str], settings: HealthSettings, zone: Zone
) -> Iterator[Suspicion]:
    """Many records lost at one go, by a person."""
    lost = (move for move in moves if move.outcome == "lost" and move.from_outcome != "lost")
    return _bulk("bulk_losses", _moved(lost, made, people, zone), settings.bulk_losses, settings)


def bulk_deadlines(
    deadlines: Iterable[Deadline], people: Collection[str], settings: HealthSettings, zone: Zone
) -> Iterator[Suspicion]:
    """Many deadlines put off at one go, by a person; what we only saw to have changed tells nobody's hand."""
    later = (
        one
        for one in deadlines
        if one.by in people and one.before is not None and (one.due_at is None or one.due_at > one.before)
    )
    events = (
        Event(
            one.at,
            one.by or "",
            one.of,
            say(SEEN["task"], at=local(one.at, zone), before=_day(one.before, zone), after=_day(one.due_at, zone)),
        )
        for one in later
    )
    return _bulk("bulk_deadlines", events, settings.bulk_deadlines, settings)


def bulk_meetings(
    held: Iterable[tuple[datetime, str | None, Ref]], settings: HealthSettings, zone: Zone
) -> Iterator[Suspicion]:
    """Many meetings marked as held at one go: when, by whom, on what."""
    events = (Event(at, user, ref, say(SEEN["meeting"], at=local(at, zone))) for at, user, ref in held if user)
    return _bulk("bulk_meetings", events, settings.bulk_meetings, settings)


def _moved(moves: Iterable[Move], made: Mapping[Ref, datetime], people: Collection[str], zone: Zone) -> Iterator[Event]:
    for move in moves:
        fresh = move.of in made and move.at - made[move.of] <= MADE
        if move.by in people and move.by is not None and not fresh and move.from_stage_id != move.stage_id:
            yield Event(move.at, move.by, move.of, say(SEEN["move"], at=local(move.at, zone), stage=move.stage_id))


def _bulk(code: str, events: Iterable[Event], least: int, settings: HealthSettings) -> Iterator[Suspicion]:
    for burst in bursts(events, least, timedelta(minutes=settings.window_minutes)):
        since, until = burst[0].at, burst[-1].at
        minutes = max(1, round((until - since).total_seconds() / 60))
        count = len({event.ref for event in burst})
        yield suspicion(code, burst[0].user, since, until, count, _examples(burst), minutes=minutes)


def _examples(burst: Sequence[Event]) -> Iterator[Example]:
    seen: set[Ref] = set()
    for event in burst:
        if event.ref not in seen:
            seen.add(event.ref)
            yield Example(event.ref, event.text)


def local(at: datetime, zone: Zone) -> str:
    """The account's date and time."""
    return f"{at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


def _day(at: datetime | None, zone: Zone) -> str:
    return "—" if at is None else f"{at.astimezone(zone_of(zone)):%Y-%m-%d}"
