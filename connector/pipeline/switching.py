"""switch: which levels of write-back are on: the configuration's word, and what admins switched since.

A level that the file holds `off` stays off: whoever runs the machine has the last word. Otherwise the newest switch
counts for as long as the file says what it said then: who edits the file afterwards is newer than the switch. Once
an edit was noticed the switch is over for good, also where the file says the old word again later: the file's own word
is kept as a row after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connector.config import WritebackSettings
from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.store.sent import switches
from connector.store.tables import SwitchRow

Level = Literal["deal_fields", "kpi_card", "tasks", "contests"]
Setting = Literal["off", "preview", "on"]
LEVELS: tuple[Level, ...] = ("deal_fields", "kpi_card", "tasks", "contests")
"""In the order in which they are switched on: what touches least comes first, what sellers are asked to fill last."""
FIRST = LEVELS[:3]
"""Asked for in the first run: their changes can be looked at before; there is nothing contested yet."""
FILE = "config.toml"
"""The author of a row that ends a person's switch, because the file was edited after it."""
SETTINGS: tuple[Setting, ...] = ("off", "preview", "on")


@dataclass(frozen=True, slots=True)
class Stands:
    """How a level stands. `by`: the switch that made it so, None where the file did. `barred`: the file holds it."""

    setting: str
    configured: str
    by: SwitchRow | None = None

    @property
    def barred(self) -> bool:
        """Nobody switches it on from a page."""
        return self.configured == "off"


def stands(configured: str, last: SwitchRow | None) -> Stands:
    """The file's word and the last switch of a level."""
    if last is None or last.author == FILE or configured == "off" or last.configured != configured:
        return Stands(configured, configured)
    return Stands(last.setting, configured, last)


def levels_of(bench: Workbench) -> Mapping[Level, Stands]:
    """Every level as it stands now."""
    with bench.store.read() as conn:
        last = switches.newest(conn, bench.account)
    return {level: stands(getattr(bench.settings.writeback, level), last.get(level)) for level in LEVELS}


def writeback_of(bench: Workbench) -> WritebackSettings:
    """What may be written now: the account's settings with its levels as they stand."""
    now: dict[str, str] = {level: one.setting for level, one in levels_of(bench).items()}
    return bench.settings.writeback.model_copy(update=now)


def switchable_of(bench: Workbench) -> WritebackSettings:
    """The same with every level that may be switched on at least in preview: what is off is looked at before."""
    levels = levels_of(bench).items()
    off: dict[str, str] = {level: "preview" for level, one in levels if one.setting == "off" and not one.barred}
    return writeback_of(bench).model_copy(update=off)


def settle(bench: Workbench) -> None:
    """End the switches that the file has overruled since; asked by whatever opens an account or writes."""
    with bench.store.read() as conn:
        known = switches.newest(conn, bench.account)
    over = [row for level in LEVELS if (row := known.get(level)) is not None and _overruled(bench, row)]
    if not over:
        return
    with bench.store.write() as conn:
        for row in over:
            says = getattr(bench.settings.writeback, row.level)
            switches.add(conn, bench.account, _row(bench, row.level, row.setting, says, says, FILE))


def _overruled(bench: Workbench, last: SwitchRow) -> bool:
    return last.author != FILE and last.configured != getattr(bench.settings.writeback, last.level)


def _row(bench: Workbench, level: str, before: str, setting: str, configured: str, author: str) -> SwitchRow:
    return SwitchRow(
        account=bench.account, level=level, before=before, setting=setting, configured=configured,
        author=author, at=bench.now(),
    )  # fmt: skip


def switch(bench: Workbench, level: Level, setting: Setting, *, author: str) -> bool:
    """Keep it, with who and when; False where it stood so already. Raises BadConfig where the file says `off`."""
    known = levels_of(bench)[level]
    if known.barred and setting != "off":
        told = f'writeback.{level} = "off" in the configuration; only the file opens it'
        raise BadConfig([f"{bench.settings.name}: {told}"])
    if known.setting == setting:
        return False
    row = _row(bench, level, known.setting, setting, known.configured, author)
    with bench.store.write() as conn:
        switches.add(conn, bench.account, row)
    return True
