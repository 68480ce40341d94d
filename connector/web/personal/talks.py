"""What somebody was talked to about by the program's tasks, and whether it helped: for him and for who leads him."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connector.advice.feedback import telling
from connector.advice.feedback.effect import WORDS as VERDICTS
from connector.advice.feedback.thread import Thread
from connector.kpi.text import Language
from connector.moment import Zone, local_day, zone_of
from connector.web import locale
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One talk. `said`: what the head wrote of it, for heads alone."""

    at: str
    topic: str
    outcome: str
    brought: str
    said: str


def talk_lines(found: Iterable[Thread], zone: Zone, language: Language, *, leads: bool) -> list[TalkLine]:
    """In the order in which they come. `leads`: the reader leads him, so the head's own words are his to read."""
    return [_line(one, zone, language, leads=leads) for one in found]


def _line(one: Thread, zone: Zone, language: Language, *, leads: bool) -> TalkLine:
    outcome = telling.STATES[one.state](language) if one.reply is None else telling.ANSWERS[one.reply.answer](language)
    return TalkLine(
        at=locale.day(local_day(one.at.astimezone(zone_of(zone)), zone), language),
        topic=telling.title(one.kpi, language),
        outcome=outcome,
        brought=_brought(one, language),
        said=one.reply.text if leads and one.reply is not None else "",
    )


def _brought(one: Thread, language: Language) -> str:
    if one.effect is not None:
        words = VERDICTS[one.effect.verdict](language)
        return WORDS["talk_effect"](language).format(words=words, gain=telling.gain(one.effect, language))
    if one.waits and one.measure_on is not None:
        return WORDS["talk_again"](language).format(day=locale.day(one.measure_on, language))
    return ""
