"""What the pages and the command line call alike, out of the pages' catalogue; and words that several screens share."""

from __future__ import annotations

from collections.abc import Mapping

from connector.cli.counted_words import ONE
from connector.kpi.text import Language, Text
from connector.web.words import WORDS

COUNTS: dict[str, Text] = {
    "requests": Text("запросов", "requests"),
    "rows": Text("строк", "rows"),
    "changed": Text("новых и изменённых", "new or changed"),
    "writes": Text("записано", "writes"),
}
"""What runs count."""
WHATS: dict[str, Text] = {
    "payment": Text("оплата", "payment"),
    "refund": Text("возврат", "refund"),
    "rating": Text("оценка клиента", "rating"),
    "objection": Text("возражения", "objections"),
    "script": Text("соблюдение скрипта", "script"),
    "technique": Text("применение приёма", "technique"),
    "invoice": Text("счёт", "invoice"),
    "training": Text("обучение", "training"),
}
"""The sorts of imported rows."""
_PROGRESS = {"written": Text("запись", "written"), "derived": Text("пересчёт", "derived")}
"""What a bar of progress may also be of."""


def known(kind: str, code: str, language: Language) -> str:
    """`wish`, `done` → «записано»; itself where the catalogue has no word for it."""
    key = f"{kind}_{code}"
    return WORDS[key](language) if key in WORDS else code


def kind_name(kind: str, language: Language) -> str:
    """A kind of records, with a small letter: it stands in a line."""
    return _PROGRESS[kind](language) if kind in _PROGRESS else _small(known("kind", kind, language))


def queued(key: str, language: Language) -> str:
    """A level and a state of what is to be written: `kpi_card done`."""
    level, _, state = key.partition(" ")
    told = _small(known("level", level, language))
    return f"{told} ({known('wish', state, language)})" if state else told


def _small(text: str) -> str:
    """With a small letter, but for an abbreviation: `KPI cards` stays."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def one_of(name: str) -> str:
    """The singular; names that are told in brackets stay: `KPI cards (written)`."""
    head, bracket, rest = name.partition(" (")
    return ONE.get(head, head) + bracket + rest


def worded(counts: Mapping[str, int], words: Mapping[str, Text], language: Language) -> dict[str, int]:
    """Counts by what people call them."""
    return {words[code](language) if code in words else code: count for code, count in counts.items()}
