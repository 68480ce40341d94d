"""What a delivery came to, for people and machines. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from connector.errors import KpiError
from connector.store.sent.outbox import Queued, State
from connector.writeback.verdict import Verdict

STORM = 10
"""So many refusals in one level of one run, being more than half of it, stop the level: the cause is common to all."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A wish that was not fulfilled as it stood."""

    key: str
    level: str
    state: State
    message: str


@dataclass(slots=True)
class DeliveryReport:
    """Outcomes of one run. `error` ended it early; what it left in the air is looked up next time."""

    run: int
    states: Counter[State] = field(default_factory=Counter)
    levels: dict[str, Counter[State]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    found: int = 0
    """Tasks whose answer was lost and that were found in the CRM."""
    recovered: int = 0
    """Rows that a crash had left in the air."""
    waiting: Counter[str] = field(default_factory=Counter)
    """By level: what is still queued when the run ends, beyond its caps or until its time comes."""
    looping: list[str] = field(default_factory=list)
    """Targets stopped by the loop breaker."""
    superseded: list[str] = field(default_factory=list)
    """Undo only: fields that a later run wrote again."""
    paused: list[str] = field(default_factory=list)
    """Levels stopped because nearly everything was refused."""
    stopped: bool = False
    error: KpiError | None = None

    @property
    def written(self) -> int:
        """Changes made in the CRM."""
        return self.states["done"]

    def count(self, row: Queued, verdict: Verdict) -> None:
        """One more outcome."""
        self.states[verdict.state] += 1
        self.levels.setdefault(row.level, Counter())[verdict.state] += 1
        if verdict.state not in ("done", "noop"):
            self.problems.append(Problem(row.key, row.level, verdict.state, verdict.message))

    def in_storm(self, level: str) -> bool:
        """Whether refusals of this level have a common cause that further calls would only repeat."""
        counts = self.levels.get(level, Counter())
        return counts["rejected"] >= STORM and 2 * counts["rejected"] > counts.total()

    def to_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "run": self.run,
            "written": self.written,
            "states": dict(sorted(self.states.items())),
            "levels": {level: dict(sorted(counts.items())) for level, counts in sorted(self.levels.items())},
            "problems": [
                {"key": p.key, "level": p.level, "state": p.state, "message": p.message} for p in self.problems
            ],
            "found": self.found,
            "recovered": self.recovered,
            "waiting": dict(sorted(self.waiting.items())),
            "looping": self.looping,
            "superseded": self.superseded,
            "paused": self.paused,
            "stopped": self.stopped,
            "error": str(self.error) if self.error else None,
        }
