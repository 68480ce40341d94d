"""What would be written: who, what, old -> new, how many, and about how many calls it costs. Pure, prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

from connector.config import WritebackSettings
from connector.levels import LEVELS, SETTINGS
from connector.wishes import AddTask, CloseTask, SetFields, UpsertCard, Wish
from connector.writeback.fields import CARD_CODES, WRITTEN_ON_DEALS, Language, Slot
from connector.writeback.target import CONTESTS, level_of, target_of

_BATCH = 50
_ORDER = ("tasks", "kpi_card", "deal_fields", CONTESTS)
"""Few and read by people first."""
_HEADS = {
    "ru": ("Уровень", "Кому", "Что", "Было", "Станет"),
    "en": ("Level", "Who", "What", "Old", "New"),
}
_RETURNS = {"ru": ("Сейчас", "Вернётся"), "en": ("Now", "Returns")}
_SUMS = {
    "ru": "Полей и задач: {changes} ({levels}); вызовов API около {calls}; за раз до {writes} сделок и карточек и "
    "{tasks} задач сверх того; за сутки без человека до {writes_a_day} и {tasks_a_day}",
    "en": "Fields and tasks: {changes} ({levels}); {calls} API calls or so; up to {writes} deals and cards a run and "
    "{tasks} tasks besides; in 24 hours without a person {writes_a_day} and {tasks_a_day}",
}
_CELLS: dict[str, dict[Language, str]] = {
    "task": {"ru": "задача", "en": "task"},
    "open": {"ru": "открыта", "en": "open"},
    "completed": {"ru": "завершена", "en": "completed"},
    "deal": {"ru": "сделка", "en": "deal"},
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one target, or one task. `setting` is what the configuration says of its level."""

    level: str
    setting: str
    target: str
    who: str
    what: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """All changes, in the order of the wishes."""

    changes: tuple[Change, ...]
    targets: Mapping[str, int]
    """By level: cards, deals and tasks touched."""
    calls: int
    """Requests it would take, a read before each batch of writes included."""
    settings: WritebackSettings
    language: Language = "ru"

    def to_json(self) -> dict[str, object]:
        """For `--json`."""
        changes = [asdict(change) for change in self.changes]
        return {"changes": changes, "targets": dict(self.targets), "calls": self.calls}


def preview(
    wishes: Sequence[Wish], settings: WritebackSettings, names: Mapping[str, str], language: Language = "ru"
) -> Preview:
    """Lay the wishes open. `names`: user id -> name."""
    changes = tuple(change for wish in wishes for change in _changes(wish, settings, names, language))
    return Preview(changes, Counter(level_of(wish) for wish in wishes), price(wishes), settings, language)


def price(wishes: Sequence[Wish]) -> int:
    """About how many requests: fields and cards are read and written by the batch, tasks created one by one."""
    sorts = Counter(type(wish) for wish in wishes)
    batches = sum(2 * -(-sorts[sort] // _BATCH) for sort in (SetFields, UpsertCard))
    return batches + sorts[AddTask] + sorts[CloseTask]


def table(shown: Preview, limit: int | None = None) -> Table:
    """A Rich table by level, tasks first, with the sums under it; `limit` changes at most, some of every level."""
    level, who, what, old, new = _HEADS[shown.language]
    sums = _SUMS[shown.language].format(
        changes=len(shown.changes),
        levels=", ".join(f"{_level(name, shown.language)} {n}" for name, n in sorted(shown.targets.items())) or "–",
        calls=shown.calls,
        writes=shown.settings.max_writes,
        tasks=shown.settings.max_tasks,
        writes_a_day=shown.settings.max_writes_a_day,
        tasks_a_day=shown.settings.max_tasks_a_day,
    )
    grid = Table(level, who, what, old, new, caption=sums)
    for name, setting, *cells in _rows(shown, limit):
        grid.add_row(f"{name} ({setting})" if setting else name, *cells)
    return grid


def put_back(shown: Preview, limit: int | None = None) -> Table:
    """What an undo returns: it keeps to no level's setting and to no cap, so neither is shown."""
    grid = Table(*_HEADS[shown.language][:3], *_RETURNS[shown.language])
    for name, _, *cells in _rows(shown, limit):
        grid.add_row(name, *cells)
    return grid


def _rows(shown: Preview, limit: int | None) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Level, its setting, who, what, old, new; where there are more, how many."""
    by_level = {name: [one for one in shown.changes if one.level == name] for name in _ORDER}
    room = shares({name: len(some) for name, some in by_level.items() if some}, limit)
    for name, rows in room.items():
        level = _level(name, shown.language)
        for change in by_level[name][:rows]:
            what, old, new = (_plain(_worded(cell, shown.language)) for cell in (change.what, change.old, change.new))
            setting = SETTINGS[change.setting](shown.language)
            yield _plain(level), _plain(setting), _plain(_whom(change, shown.language)), what, old, new
        if rows < len(by_level[name]):
            yield f"… {level}", "", "", f"+ {len(by_level[name]) - rows}", "", ""


def shares(counts: Mapping[str, int], limit: int | None) -> dict[str, int]:
    """How many rows of each level are shown, in their order: an equal part of what is left, or all where it has fewer;
    what the small ones leave is the others'. At least one of every level.
    """
    if limit is None or sum(counts.values()) <= limit:
        return dict(counts)
    found, left = {}, limit
    for place, (name, n) in enumerate(sorted(counts.items(), key=lambda one: one[1])):
        found[name] = max(min(n, left // (len(counts) - place)), 1)
        left -= found[name]
    return {name: found[name] for name in counts}


def _changes(wish: Wish, settings: WritebackSettings, names: Mapping[str, str], language: Language) -> Iterator[Change]:
    level, target = level_of(wish), target_of(wish)
    setting = getattr(settings, level)
    if isinstance(wish, AddTask):
        yield Change(level, setting, target, names.get(wish.user_id, wish.user_id), "task", None, wish.title)
    elif isinstance(wish, CloseTask):
        yield Change(level, setting, target, target, "task", "open", "completed")
    else:
        slots: Mapping[str, Slot] = WRITTEN_ON_DEALS if isinstance(wish, SetFields) else CARD_CODES
        who = target if isinstance(wish, SetFields) else names.get(wish.user_id, wish.user_id)
        for code, value in wish.values.items():
            title = slots[code].spec(language).title if code in slots else code
            yield Change(level, setting, target, who, title, wish.last.get(code), value)


def _whom(change: Change, language: Language) -> str:
    """A deal by its number, a card with its month: somebody has two of them until the last month's grace is over."""
    kind, _, rest = change.target.partition(":")
    if change.who == change.target:
        return f"{_worded(kind, language)} {rest}"
    return f"{change.who}, {rest.rpartition(':')[2]}" if kind == "card" else change.who


def _worded(cell: str | None, language: Language) -> str:
    """Codes of the JSON in words; what stands in a field stays as it is."""
    told = _CELLS.get(cell or "")
    return (cell or "–") if told is None else told[language]


def _level(name: str, language: Language) -> str:
    """With a small letter, as it stands in a line; an abbreviation keeps its own."""
    told = LEVELS[name](language)
    return told if told[:2].isupper() else told[:1].lower() + told[1:]


def _plain(text: str) -> str:
    """A person's or a deal's name is no Rich markup."""
    return text.replace("[", "\\[")
