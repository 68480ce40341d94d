"""Put back what one run wrote, where it still stands: fields to what was there before, tasks completed with a word.

What a later run wrote again, or a person changed, is left alone and reported. What was undone is not written anew
until our value changes; to keep it undone for good, switch the level off. A task that was undone is closed from that
moment on: the caps keep quiet about it as after any other task, and it is nobody's to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from connector.provider import Provider
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.store.sent import ledger, outbox, undo_key
from connector.store.sent.ledger import Entry
from connector.wishes import CloseTask, SetFields, UpsertCard, Wish
from connector.writeback.deliver import Courier, Progress
from connector.writeback.fields import Language
from connector.writeback.report import DeliveryReport
from connector.writeback.target import CARD_ID, fingerprint

_WORDS = {"ru": "Снято: запуск {run} отменён.", "en": "Withdrawn: run {run} was undone."}
Latest = dict[str, dict[str, Entry]]


@dataclass(slots=True)
class _Span:
    """What a run did to one target: of each field the value before its first write and its last entry."""

    target: str
    before: dict[str, str | None] = field(default_factory=dict)
    final: dict[str, Entry] = field(default_factory=dict)


def undo(  # noqa: PLR0913  the room's door, all by name
    store: Store,
    account: int,
    provider: Provider,
    undone: int,
    *,
    fence: Fence,
    run: int,
    now: Callable[[], int],
    language: Language = "ru",
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Undo the run `undone` as the run `run`. Neither levels nor caps hold it up; after a failure, repeat it."""
    with store.write() as conn:
        fence.check(conn)
        entries = ledger.of_run(conn, account, undone)
        latest = ledger.latest(conn, account, {entry.target for entry in entries})
        wishes, superseded = restoring(undone, entries, latest, language)
        queued = [(wish, "undo", f"undo of run {undone}") for wish in wishes]
        outbox.put(conn, account, queued, run=run, now=now(), force=True)
    courier = Courier(store, account, provider, fence, run, now, progress, stop)
    report = courier.carry({"undo"})
    report.superseded = superseded
    return report


def restoring(
    undone: int, entries: Sequence[Entry], latest: Latest, language: Language
) -> tuple[list[Wish], list[str]]:
    """The wishes that put a run's fields back and complete its tasks, and what later runs wrote over. Pure."""
    wishes: list[Wish] = []
    superseded: list[str] = []
    for span in _spans(entries):
        known = latest.get(span.target, {})
        if span.target.startswith("task:"):
            wishes += _closing(undone, span, known, language)
            continue
        ours = {name for name, entry in span.final.items() if known[name].id == entry.id}
        again = {name for name in set(span.final) - ours if not _put_back(undone, known[name])}
        superseded += [f"{span.target} {name}" for name in sorted(again)]
        if ours:
            wishes.append(_restoring(undone, span, ours, known))
    return wishes, superseded


def undid(entries: Sequence[Entry]) -> int | None:
    """The run that was undone by the one that wrote this, where it was an undo and nothing else."""
    read = [undo_key.read(entry.key) for entry in entries]
    return read[0][0] if read and read[0] and all(read) else None


def _put_back(undone: int, entry: Entry) -> bool:
    """Whether an undo of that run wrote it: no later run did."""
    return entry.status == "undone" and entry.key.startswith(undo_key.beginning(undone))


def _spans(entries: Sequence[Entry]) -> Iterator[_Span]:
    spans: dict[str, _Span] = {}
    for entry in entries:
        if entry.status in ("done", "undone") and entry.field != CARD_ID:
            span = spans.setdefault(entry.target, _Span(entry.target))
            span.before.setdefault(entry.field, entry.before)
            span.final[entry.field] = entry
    return iter(spans.values())


def _restoring(undone: int, span: _Span, ours: set[str], known: dict[str, Entry]) -> SetFields | UpsertCard:
    values = {name: span.before[name] for name in sorted(ours)}
    last = {name: span.final[name].after for name in sorted(ours)}
    key = f"{undo_key.beginning(undone)}{span.target}#{fingerprint(values)}"
    kind, _, rest = span.target.partition(":")
    if kind == "deal":
        return SetFields(key=key, deal_id=rest, values=values, last=last)
    user_id, _, period = rest.rpartition(":")
    card = known.get(CARD_ID)
    return UpsertCard(
        key=key,
        user_id=user_id,
        period=period,
        title=f"{user_id} · KPI {period}",
        values=values,
        crm_id=card.after if card else None,
        last=last,
    )


def _closing(undone: int, span: _Span, known: dict[str, Entry], language: Language) -> list[Wish]:
    """Nothing to do for a task that was closed by an undo already, or whose creation was never proven."""
    task_id = span.target.partition(":")[2]
    if "title" not in span.final or "closed" in known or ":" in task_id:
        return []
    words = _WORDS[language].format(run=undone)
    return [CloseTask(key=f"{undo_key.beginning(undone)}{span.target}#close", task_id=task_id, text=words)]
