"""What a scorer found in a call, and by which words: the same shape for rules, a classifier, a model and a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answer = Literal["yes", "no", "not_applicable"]
OBJECTION = "objection:"
"""How the key of an objection class begins among the criteria of a score."""
PERSON = "person:"
"""How a scorer's name begins that is one of our people."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the transcript that an answer rests on: which turn (from 0), its second, the quote as it stands."""

    turn: int
    at: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class Found:
    """One criterion of a call.

    `criterion` is its key in the checklist (`objection:expensive` for an objection class: yes is
    handled, no is raised and not handled, not_applicable is never raised). `counts`: whether it may
    enter a KPI; sure enough by rule, calibrated chance (0.9) or a person; else it is shown as "perhaps". `sure`: the
    calibrated chance where there is one. `why`: rule id, model and version, or why the answer is void.
    """

    criterion: str
    answer: Answer
    counts: bool
    evidence: tuple[Evidence, ...] = ()
    sure: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """All criteria of one call by one scorer against one version of a checklist.

    `checklist`: `name@version`; `scorer`: `local@…`, `llm:model@prompt…`, `person:id`. `void`: why the call as a whole
    could not be scored (too little was recognised, the endpoint refused), empty where it was.
    """

    call: str
    checklist: str
    scorer: str
    found: tuple[Found, ...]
    void: str = ""
