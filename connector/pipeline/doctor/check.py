"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """`state` bad: unsafe or broken; warn: somebody should know; ok. `todo`: what makes it ok."""

    what: str
    state: Literal["ok", "warn", "bad"]
    said: str
    todo: str = ""
