"""Levels of write-back as the admin page shows them: how each stands, by whom, and what it may become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connector.kpi.text import Language
from connector.pipeline.overseeing import WouldWrite
from connector.pipeline.switching import LEVELS, SETTINGS, Level, Stands
from connector.store.tables import SwitchRow
from connector.web import locale
from connector.web.levels.words import LEVELS as WORDS
from connector.web.words import WORDS as PAGES
from connector.writeback.preview import Change

At = Callable[[int], str]
"""A moment by the account's clock, as text."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of one card or deal, or a task: whose, what, before, after."""

    who: str
    what: str
    before: str
    after: str


def change_line(one: Change, language: Language) -> ChangeLine:
    """Refs and codes in words."""
    kind, _, id = one.who.partition(":")
    who = f"{PAGES[kind](language)} {id}" if kind == "deal" else one.who
    what = PAGES["setup_task"](language) if one.what == "task" else one.what
    return ChangeLine(who, what, one.old or locale.NONE, one.new or locale.NONE)


@dataclass(frozen=True, slots=True)
class LevelLine:
    """`told`: by whom it stands so; `choices`: value, word and whether it is so now, none where the file holds it."""

    key: str
    name: str
    setting: str
    on: bool
    told: str
    touched: str
    choices: tuple[tuple[str, str, bool], ...]
    changes: tuple[ChangeLine, ...]
    """The first of what it would change now."""
    more: bool


@dataclass(frozen=True, slots=True)
class SwitchLine:
    """Somebody switched a level."""

    at: str
    level: str
    before: str
    after: str
    who: str


def level_lines(
    levels: Mapping[Level, Stands], would: Mapping[str, WouldWrite], at: At, language: Language
) -> tuple[LevelLine, ...]:
    """`would`: what a run would write, by level."""
    return tuple(_line(level, levels[level], would.get(level, WouldWrite(0)), at, language) for level in LEVELS)


def switch_line(row: SwitchRow, at: At, language: Language) -> SwitchLine:
    """One switch."""
    before, after = (WORDS[f"setting_{one}"](language) for one in (row.before, row.setting))
    return SwitchLine(at(row.at), WORDS[f"level_{row.level}"](language), before, after, row.author)


def _line(level: Level, stands: Stands, would: WouldWrite, at: At, language: Language) -> LevelLine:
    by = stands.by
    told = (
        WORDS["by_file"](language) if by is None else WORDS["by_person"](language).format(who=by.author, at=at(by.at))
    )
    choices = tuple((one, WORDS[f"setting_{one}"](language), one == stands.setting) for one in SETTINGS)
    return LevelLine(
        key=level,
        name=WORDS[f"level_{level}"](language),
        setting=WORDS[f"setting_{stands.setting}"](language),
        on=stands.setting == "on",
        told=WORDS["level_barred"](language) if stands.barred else told,
        touched=locale.plain(would.touched, 0, language),
        choices=() if stands.barred else choices,
        changes=tuple(change_line(one, language) for one in would.first),
        more=would.changes > len(would.first),
    )
