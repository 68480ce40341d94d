"""What the head wrote when he closed a task -> what that means. Pure.

People write as they talk: a word in the text decides, the text itself is kept. Saying nothing is no agreement.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Answer = Literal["discussed", "declined", "data_wrong", "noted", "no_text", "deleted", "withdrawn"]
"""`noted`: something else was written. `deleted`: the task was. `withdrawn`: this program closed it."""
TALKED: tuple[Answer, ...] = ("discussed", "noted", "no_text")
"""After these the KPI is measured again: the talk may have taken place."""
LONGEST = 2000
_WRONG = re.compile(
    r"данны\w*\s+(?:\w+\s+)?(?:невер|не\s*верн|неправ|ошиб)|ошибк\w*\s+в\s+данн|data\s+(?:is|are)\s+wrong|wrong\s+data",
    re.I,
)
_DECLINED = re.compile(r"\bотклон(?!ени)|\bотказ(?:ать|ано|ываюсь)|не\s+соглас|\bdeclin|\bdisagree", re.I)
_NOT_YET = re.compile(r"\bне\s+(?:успе\w+\s+|смог\w*\s+)?обсу|\bnot\s+(?:yet\s+)?discuss", re.I)
_DISCUSSED = re.compile(r"обсу[дж]|поговорил|договорил|\bdiscuss|\bagreed\b|\btalked\b", re.I)
_REASON = re.compile(r"^[^:–—-]{0,40}[:–—-]\s*(.+)$", re.S)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, the text as it was written, and of a refusal its reason."""

    answer: Answer
    text: str = ""
    reason: str = ""


def read(text: str | None) -> Reply:
    """The meaning of a result's text; None where the CRM shows none."""
    written = (text or "").strip()[:LONGEST]
    if not written:
        return Reply(answer="no_text")
    if _WRONG.search(written):
        return Reply(answer="data_wrong", text=written, reason=_reason(written))
    if _DECLINED.search(written):
        return Reply(answer="declined", text=written, reason=_reason(written))
    if _DISCUSSED.search(written) and not _NOT_YET.search(written):
        return Reply(answer="discussed", text=written)
    return Reply(answer="noted", text=written)


def _reason(written: str) -> str:
    """What follows the colon or dash, else all of it."""
    found = _REASON.match(written)
    return found[1].strip() if found else written
