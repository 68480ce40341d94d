"""Whether a quote stands in the call: in the turn that is named, in another one, or nearly so; and who says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from connector.quality.score import Evidence
from connector.quality.transcript import Speaker, Transcript

NEARLY = 90.0
FEWEST_WORDS = 3
"""Of a quote that is not there to the letter."""
SHORTEST = 4
"""Letters of a quote that is: "да" proves nothing."""
_OUTSIDE = re.compile(r"[\W_]+")
_ORDERS = re.compile(
    r"систем\w+ (?:сообщени|промпт)|промпт|игнорир\w+ (?:предыдущ|все)|ответ\w* (?:yes|да на вс)|все критери|"
    r"поставь\w* (?:все|yes|высш)|(?:критери|чек.?лист)\w* (?:выполн|соблюд|пройден)|\bjson\b|\byes\b|\bprompt|"
    r"ignore (?:all|previous|the)|system message|all criteri|criteria (?:are|as)",
    re.I,
)
"""Words to a judge, not to a client: who says them in a call tries to be judged well, and proves nothing."""


def found(transcript: Transcript, quote: str, turn: int | None, speakers: Sequence[Speaker]) -> Evidence | None:
    """The evidence as it stands in the call, None where nobody of these speakers says so."""
    wanted = normal(quote)
    if len(wanted) < SHORTEST or _ORDERS.search(quote):
        return None
    order = _order(transcript, turn, speakers)
    for number in order:
        if wanted in normal(transcript.turns[number].text):
            return _evidence(transcript, number, quote)
    if len(wanted.split()) < FEWEST_WORDS:
        return None
    for number in order:
        said = normal(transcript.turns[number].text)
        if len(said) >= 0.8 * len(wanted) and fuzz.partial_ratio(wanted, said) >= NEARLY:
            return _evidence(transcript, number, quote)
    return None


def normal(text: str) -> str:
    """Lower case, ё as е, signs as spaces."""
    return _OUTSIDE.sub(" ", text.casefold().replace("ё", "е")).strip()


def _order(transcript: Transcript, turn: int | None, speakers: Sequence[Speaker]) -> list[int]:
    """The named turn first."""
    fit = [n for n, one in enumerate(transcript.turns) if one.speaker in speakers or one.speaker == "unknown"]
    return sorted(fit, key=lambda number: (number != turn, number))


def _evidence(transcript: Transcript, number: int, quote: str) -> Evidence:
    said = transcript.turns[number]
    start = said.text.casefold().find(quote.casefold().strip())
    shown = said.text[start : start + len(quote.strip())] if start >= 0 else quote.strip()
    return Evidence(number, said.start, shown)
