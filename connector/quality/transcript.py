"""What was said in a call, turn by turn, whoever wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Speaker = Literal["seller", "client", "unknown"]
"""Roles, never people: nobody is recognised by his voice."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's words in a row. `start`, `end`: seconds from the beginning of the call, None where nobody timed it.

    `heard`: how sure the recogniser was, 0..1; None for text that people or the CRM wrote.
    """

    speaker: Speaker
    text: str
    start: float | None = None
    end: float | None = None
    heard: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The turns of one call, in order. `call` is its id in the CRM; `source`: crm, file or the recogniser's name."""

    call: str
    turns: tuple[Turn, ...]
    source: str
    language: str = "ru"
