"""What a word is about, whatever is sold: who decides, money, a way of writing, being busy; and the form of a verb.

senses.txt names the words. Letters tell the classifier little of a word it has not met; its sense tells it that "завхоз
закупает" is said like "директор решает". Pure, cached.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from connector.quality.local.text import Word, flat, morphology

WORDS = "senses.txt"
NUMBER = "number"
IMPERATIVE, INFINITIVE = "do!", "to do"


@lru_cache(maxsize=1)
def senses() -> dict[str, str]:
    """Dictionary form -> sense; the first line that names a word has it."""
    text = resources.files(__package__).joinpath(WORDS).read_text("utf-8")
    lines = [line.partition(": ") for line in text.splitlines() if line and not line.startswith("#")]
    return {flat(word): sense for sense, _, some in reversed(lines) for word in some.split()}


def senses_of(word: Word) -> tuple[str, ...]:
    """Sense of a word and form of a verb, where it has any."""
    return _told(word.form, word.lemmas)


@lru_cache(maxsize=50_000)
def _told(form: str, lemmas: frozenset[str]) -> tuple[str, ...]:
    known = senses()
    tag = morphology().parse(form)[0].tag
    number = NUMBER if form[0].isdigit() or "NUMR" in tag else ""
    sense = next((known[lemma] for lemma in sorted(lemmas) if lemma in known), number)
    return tuple(one for one in (sense, _verb(tag)) if one)


def _verb(tag: object) -> str:
    """Command, infinitive, or person and number: "скиньте", "подумать", "закупает" -> "3per sing"."""
    part, mood = getattr(tag, "POS", None), getattr(tag, "mood", None)
    if part == "INFN":
        return INFINITIVE
    if part != "VERB":
        return ""
    if mood == "impr":
        return IMPERATIVE
    return " ".join(str(getattr(tag, name)) for name in ("person", "number") if getattr(tag, name)) or "past"
