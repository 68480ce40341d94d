"""One call as people look at it: what was said, every score, which of them counts, what counts nowhere and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.talks.agreeing import muted_criteria
from connector.pipeline.talks.rows import transcript_of
from connector.pipeline.talks.rubrics import Rubrics, names_of
from connector.quality.talk import Talk, next_step_agreed, talk
from connector.quality.transcript import Turn
from connector.records import User
from connector.store.crm import records
from connector.store.talk import scores, transcripts
from connector.store.talk.scores import Scored


@dataclass(frozen=True, slots=True)
class Shown:
    """`scores`: the one that counts first. `names`: criteria in Russian and English. `purged`: the text was deleted."""

    account: str
    call: str
    at: datetime
    seconds: int
    direction: str
    seller: str
    card: str
    turns: tuple[Turn, ...]
    source: str
    purged: bool
    scores: tuple[Scored, ...]
    names: Mapping[str, tuple[str, str]]
    muted: frozenset[str]
    talk: Talk
    """Who spoke how much, how long in a row, how fast; of what is kept."""
    next_step: bool | None
    """Whether a next step was agreed on, by the score that counts; None where it does not tell."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far scoring has come: transcripts kept, purged and absent; calls by scorer and checklist."""

    account: str
    transcripts: Mapping[str, int]
    scorers: Sequence[tuple[str, str, int, int]]
    muted: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]


def shown(bench: Workbench, call: str) -> Shown:
    """Raises BadConfig for a call that this account does not have."""
    with bench.store.read() as conn:
        known = transcripts.calls(conn, bench.account, [call]).get(call)
        if known is None:
            raise BadConfig([f"{bench.settings.name}: there is no call {call}"])
        row = transcripts.row_of(conn, bench.account, call)
        kept = transcripts.get(conn, bench.account, [call])
        told = scores.of_call(conn, bench.account, call)
        users = records.get(conn, bench.account, User, [known.user_id] if known.user_id else [])
        muted = muted_criteria(bench, conn)
    return Shown(
        account=bench.settings.name,
        call=call,
        at=known.at,
        seconds=known.seconds,
        direction=known.direction,
        seller=next((user.name for user in users.values()), known.user_id or ""),
        card=bench.provider.link_to(known.on[0]) if known.on else "",
        turns=transcript_of(kept[0]).turns if kept else (),
        source=row.source if row is not None else "",
        purged=row is not None and row.purged_at is not None,
        scores=tuple(told),
        names=names_of(bench),
        muted=muted,
        talk=talk(transcript_of(kept[0])) if kept else Talk(why="no_text"),
        next_step=_next_step(bench, told),
    )


def _next_step(bench: Workbench, told: Sequence[Scored]) -> bool | None:
    """By the checklist of that very version, as far as the account still has it."""
    if not told or told[0].void:
        return None
    held_against = next((one for one in Rubrics(bench).lists if one.label == told[0].checklist), None)
    answers = ((one.criterion, one.answer) for one in told[0].found)
    return None if held_against is None else next_step_agreed(answers, held_against)


def standing(bench: Workbench) -> Standing:
    """Asks nothing of the CRM."""
    with bench.store.read() as conn:
        kept = transcripts.counts(conn, bench.account)
        told = scores.summary(conn, bench.account)
        muted = muted_criteria(bench, conn)
    return Standing(bench.settings.name, kept, told, tuple(sorted(muted)), names_of(bench))
