"""How an account runs: what was read up to when, what went wrong and what to do, what waits, what was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connector.kpi.text import Language
from connector.moment import Zone, from_ms, to_ms, zone_of
from connector.pipeline.overseeing import Overseen, WouldWrite
from connector.said import in_language
from connector.store.sent.ledger import Entry
from connector.store.sent.outbox import Queued
from connector.store.tables import ApiTokenRow, ClosingRow, RunRow
from connector.web import locale
from connector.web.levels.views import LevelLine, SwitchLine, level_lines, switch_line
from connector.web.words import WORDS
from connector.wishes import AddTask, CloseTask, UpsertCard, Wish
from connector.writeback.fields import CARD_CODES, WRITTEN_ON_DEALS

LATE = 3_600_000
"""A stream that was not read for so long is late."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A kind of records: up to when it was read, how many there are, what is wrong with it."""

    name: str
    fresh: str
    late: bool
    rows: str
    problem: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run."""

    what: str
    at: str
    took: str
    counts: str
    error: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wish that is on its way, or that ended badly."""

    what: str
    level: str
    state: str
    bad: bool
    tries: int
    why: str


@dataclass(frozen=True, slots=True)
class Audit:
    """One field that was written, or a month that was closed or opened."""

    at: str
    what: str
    before: str
    after: str
    how: str


@dataclass(frozen=True, slots=True)
class AdminPage:
    """Everything on it."""

    provider: str
    host: str
    limits: str
    share: str
    requests: str
    refused: str
    dirty: bool
    streams: tuple[Stream, ...]
    notices: tuple[str, ...]
    runs: tuple[Run, ...]
    counts: tuple[tuple[str, str], ...]
    waiting: tuple[Waiting, ...]
    levels: tuple[LevelLine, ...]
    switches: tuple[SwitchLine, ...]
    audit: tuple[Audit, ...]
    closings: tuple[Audit, ...]
    tokens: tuple[tuple[str, str, str], ...]


def admin_page(
    told: Overseen, would: Mapping[str, WouldWrite], tokens: Iterable[ApiTokenRow], zone: Zone, language: Language
) -> AdminPage:
    """`would`: what a run would write, by level."""
    write = _Clerk(zone, language, told)
    stands = told.standing
    return AdminPage(
        provider=told.provider,
        host=told.host,
        limits=in_language(told.limits, language),
        share=locale.share(told.share, language),
        requests=locale.plain(told.requests, 0, language),
        refused=locale.plain(told.refused, 0, language) if told.refused else "",
        dirty=stands.waiting_dossiers,
        streams=tuple(write.stream(kind) for kind in stands.fresh),
        notices=tuple(in_language(one.text, language) for one in stands.notices),
        runs=tuple(write.run(one) for one in stands.runs),
        counts=tuple((write.queued(key), locale.plain(count, 0, language)) for key, count in stands.outbox.items()),
        waiting=tuple(write.waiting(one) for one in told.waiting),
        levels=level_lines(told.levels, would, write.at, language),
        switches=tuple(switch_line(one, write.at, language) for one in told.switches),
        audit=tuple(write.entry(one) for one in told.written),
        closings=tuple(write.closing(one) for one in reversed(told.closings)),
        tokens=tuple((one.name, one.scope, write.state(one)) for one in tokens),
    )


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Writes rows."""

    zone: Zone
    language: Language
    told: Overseen

    def at(self, ms: int) -> str:
        """A moment by the account's clock."""
        return locale.dated(from_ms(ms).astimezone(zone_of(self.zone)), self.language)

    def stream(self, kind: str) -> Stream:
        """One kind of records."""
        stands, language = self.told.standing, self.language
        fresh = stands.fresh[kind]
        return Stream(
            name=WORDS[f"kind_{kind}"](language) if f"kind_{kind}" in WORDS else kind,
            fresh=WORDS["never"](language) if fresh is None else self.at(fresh),
            late=fresh is None or stands.now - fresh > LATE,
            rows=locale.plain(stands.rows.get(kind, 0), 0, language),
            problem=in_language(stands.problems.get(kind, ""), language),
        )

    def run(self, one: RunRow) -> Run:
        """One run."""
        language = self.language
        took = "" if one.ended_at is None else locale.plain((one.ended_at - one.started_at) / 1000, 1, language)
        numbers = {"requests": one.requests, "rows": one.rows, "changed": one.changed, "writes": one.writes}
        plain = {name: locale.plain(value, 0, language) for name, value in numbers.items()}
        counts = WORDS["run_counts"](language).format(**plain)
        return Run(
            _worded("run_", one.what, language),
            self.at(one.started_at),
            took,
            counts,
            in_language(one.error or "", language),
        )

    def waiting(self, one: Queued) -> Waiting:
        """One wish."""
        why = one.message or one.reason
        bad = one.state in ("dead", "rejected", "conflict", "unknown")
        level, state = (_worded(*pair, self.language) for pair in (("level_", one.level), ("wish_", one.state)))
        told = in_language(why, self.language)
        return Waiting(self.wish(one.wish), level, state, bad, one.tries, told)

    def queued(self, key: str) -> str:
        """A level and a state of the outbox."""
        level, _, state = key.partition(" ")
        return f"{_worded('level_', level, self.language)}, {_worded('wish_', state, self.language)}"

    def wish(self, wish: Wish) -> str:
        """What is wanted, in few words."""
        if isinstance(wish, AddTask):
            return wish.title
        if isinstance(wish, CloseTask):
            return self.target(f"task:{wish.task_id}")
        if isinstance(wish, UpsertCard):
            user = self.told.users.get(wish.user_id)
            word = WORDS["kpi_card"](self.language)
            return f"{word}: {user.name if user else wish.user_id}"
        return self.target(wish.key.partition("#")[0])

    def target(self, target: str) -> str:
        """`deal:7001`, `card:501:2026-09` and `task:61` in words."""
        kind, _, rest = target.partition(":")
        if kind == "card":
            user, _, month = rest.partition(":")
            name = self.told.users[user].name if user in self.told.users else user
            return f"{WORDS['kpi_card'](self.language)}: {name}, {locale.month(month, self.language)}"
        words = {"deal": "deal", "task": "written_task"}
        return f"{WORDS[words[kind]](self.language)} {rest}" if kind in words else target

    def entry(self, one: Entry) -> Audit:
        """One written field."""
        slot = WRITTEN_ON_DEALS.get(one.field) or CARD_CODES.get(one.field)
        field = one.field if slot is None else slot.spec(self.language).title
        if one.target.startswith("task:"):
            field = _worded("written_", one.field, self.language)
        before, after = (self.written(one, text) if text else locale.NONE for text in (one.before, one.after))
        state = _worded("wish_", one.status, self.language)
        return Audit(self.at(one.at), f"{self.target(one.target)} · {field}", before, after, state)

    def written(self, one: Entry, text: str) -> str:
        """What stands in a field; of a task its person by name, its time by the account's clock."""
        if not one.target.startswith("task:"):
            return text
        if one.field == "user":
            return self.told.users[text].name if text in self.told.users else text
        return self.at(to_ms(datetime.fromisoformat(text))) if one.field == "due" else text

    def closing(self, one: ClosingRow) -> Audit:
        """A month that was closed, or opened again."""
        what = WORDS["closing_closed" if one.what == "closed" else "closing_reopened"](self.language)
        return Audit(self.at(one.at), locale.month(one.period, self.language), what, one.author, one.reason)

    def state(self, one: ApiTokenRow) -> str:
        """Of a token."""
        return WORDS["revoked" if one.revoked_at is not None else "valid"](self.language)


def _worded(prefix: str, code: str, language: Language) -> str:
    """A code in words; itself where there are none for it."""
    return WORDS[prefix + code](language) if prefix + code in WORDS else code
