"""Many rules at once over a turn: only those are tried of whose words one is there.

Words the recogniser has damaged are read as the nearest word that a rule knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from connector.quality.local.pattern import Pattern, compiled
from connector.quality.local.text import Word, words

NEAR = 82
"""Likeness (0..100) from which an unknown word is taken for a known one; shorter words are left alone."""
SHORT = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule fired: which, for what label, and which characters of the turn it rests on."""

    label: str
    rule: str
    start: int
    stop: int


class Rules:
    """Rules by label; immutable once made, so that one set serves every call."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._rules: list[tuple[str, Pattern]] = []
        self._open: list[int] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        vocabulary: set[str] = set()
        for label, phrase in phrases:
            pattern = compiled(phrase)
            vocabulary.update(word for step in pattern.steps for word in step.lemmas if len(word) > SHORT)
            self._add(label, pattern)
        self._vocabulary = sorted(vocabulary)
        self._nearest = lru_cache(maxsize=50_000)(self._look_near)

    def find(self, text: str) -> list[Hit]:
        """Every rule that fires in a turn, at most once each."""
        said = [self._mended(word) for word in words(text)]
        there = {lemma for word in said for lemma in word.lemmas}
        tried = {number for lemma in there for number in self._by_word.get(lemma, ())}
        hits = []
        for label, pattern in (self._rules[number] for number in (*self._open, *tried)):
            span = None if any(map(there.isdisjoint, pattern.needed)) else pattern.find(said)
            if span is not None:
                hits.append(Hit(label, pattern.text, said[span[0]].start, said[span[1]].stop))
        return sorted(hits, key=lambda hit: (hit.label, hit.start, hit.stop, hit.rule))

    def _add(self, label: str, pattern: Pattern) -> None:
        number = len(self._rules)
        self._rules.append((label, pattern))
        if not pattern.needed:
            self._open.append(number)
            return
        rarest = max(pattern.needed, key=lambda forms: (-len(forms), max(map(len, forms))))
        for word in rarest:
            self._by_word[word].append(number)

    def _mended(self, word: Word) -> Word:
        if word.known or len(word.form) <= SHORT or word.form.isdigit():
            return word
        near = self._nearest(word.form)
        return word if near is None else Word(word.form, word.lemmas | {near}, word.start, word.stop, word.known)

    def _look_near(self, form: str) -> str | None:
        found = process.extractOne(form, self._vocabulary, scorer=fuzz.ratio, score_cutoff=NEAR)
        return None if found is None else found[0]
