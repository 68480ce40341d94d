"""What a sync tells while it runs and when it is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from connector.errors import KpiError, TryLater
from connector.provider import Page
from connector.records import Pipeline, Record, Stage
from connector.store.crm.records import Saved

WHOLE: tuple[type[Record], ...] = (Pipeline, Stage)
"""Directories that come complete or not at all: what they do not show is not there."""


class Progress(Protocol):
    """Called after each stored page, in the thread that called the sync."""

    def __call__(self, kind: str, rows: int, total: int | None, requests: int) -> None:
        """`rows` of `kind` so far in this run, `total` as far as the CRM guesses, `requests` of all kinds together."""
        ...


@dataclass(slots=True)
class SyncReport:
    """What a sync came to. `forbidden` and `later` name the kinds that could not be read (to their end), and why."""

    rows: Counter[str] = field(default_factory=Counter)
    new: int = 0
    changed: int = 0
    gone: int = 0
    refused: int = 0
    """Rows that could not be read; they are kept raw."""
    requests: int = 0
    forbidden: dict[str, KpiError] = field(default_factory=dict)
    later: dict[str, TryLater] = field(default_factory=dict)
    stopped: bool = False
    listed: dict[str, set[str]] = field(default_factory=dict)
    """Of the kinds that are read as a whole: the ids the CRM showed, unreadable ones included."""

    def add(self, kind: type[Record], page: Page, saved: Saved) -> None:
        """Count a stored page."""
        self.rows[kind.kind] += len(page.records)
        self.new += saved.new
        self.changed += saved.changed
        self.gone += saved.gone
        self.refused += len(page.refused)
        if kind in WHOLE and page.records:
            self.listed.setdefault(kind.kind, set()).update(one.id for one in page.records)
            self.listed[kind.kind].update(one.id for one in page.refused)

    @property
    def problems(self) -> list[str]:
        """One line for each kind that was not read to its end."""
        return [f"{kind}: {error}" for kind, error in (*self.forbidden.items(), *self.later.items())]
