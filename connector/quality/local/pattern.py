"""The small language of phrase rules. A plain phrase is a rule already: its words in any of their forms, in order.

подумать                any form of the word
дорого|дороговато       one or the other
=думаю                  this form only
дорог*                  whatever begins so
посоветоваться .. муж   up to four words between; `..7` up to seven; else one word may stand between
?очень дорого           the word may be missing
!не готовый             nowhere in the three words before
+дорого                 also after "не", which otherwise takes a word back
уже есть $              nothing more in the sentence
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from connector.quality.local.text import END, Word, flat, lemmas

GAP = 1
FAR = 4
BEFORE = 3
TAKING_BACK = frozenset({"не", "ни", "без"})
LAST = "$"
ENDS = frozenset({END, "?"})


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a rule; `reach`: how many other words may stand before it."""

    lemmas: frozenset[str]
    exact: frozenset[str]
    heads: tuple[str, ...]
    reach: int
    optional: bool
    even_denied: bool

    def fits(self, word: Word) -> bool:
        return (
            word.form in self.exact
            or (not word.known and not self.exact.isdisjoint(word.lemmas))
            or not self.lemmas.isdisjoint(word.lemmas)
            or (bool(self.heads) and word.form.startswith(self.heads))
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule ready to be matched; `text` as written, which is its id in evidence."""

    text: str
    steps: tuple[Step, ...]
    never_before: frozenset[str]
    firsts: tuple[int, ...]
    """Steps a match may begin with: the optional ones in front, and the first that is needed."""
    needed: tuple[frozenset[str], ...]
    """Forms and lemmas of which each must be there; spares most turns the search."""

    def find(self, said: Sequence[Word]) -> tuple[int, int] | None:
        """First and last word of the first match, or None."""
        for at, word in enumerate(said):
            for first in self.firsts:
                if self.steps[first].fits(word) and not self._taken_back(said, at, first):
                    last = self._rest(said, at, first + 1)
                    if last is not None:
                        return at, last
        return None

    def _rest(self, said: Sequence[Word], at: int, number: int) -> int | None:
        if number == len(self.steps):
            return at
        step = self.steps[number]
        if LAST in step.exact and (at + 1 == len(said) or said[at + 1].form in ENDS):
            return at
        for near in range(at + 1, min(at + 2 + step.reach, len(said))):
            if step.fits(said[near]) and not self._taken_back(said, near, number):
                last = self._rest(said, near, number + 1)
                if last is not None:
                    return last
            if said[near].form == END:
                break
        return self._rest(said, at, number + 1) if step.optional else None

    def _taken_back(self, said: Sequence[Word], at: int, number: int) -> bool:
        if number == 0 and any(word.form in self.never_before for word in said[max(0, at - BEFORE) : at]):
            return True
        step = self.steps[number]
        if step.even_denied or at == 0 or said[at - 1].form not in TAKING_BACK:
            return False
        return not (number and self.steps[number - 1].fits(said[at - 1]))


@lru_cache(maxsize=20_000)
def compiled(text: str) -> Pattern:
    """A rule as written -> a pattern."""
    steps: list[Step] = []
    never: set[str] = set()
    reach = GAP
    for piece in flat(text).split():
        wide = re.fullmatch(r"\.\.(\d*)", piece)
        if wide:
            reach = int(wide[1]) if wide[1] else FAR
        elif piece.startswith("!"):
            never.update(piece[1:].split("|"))
        elif _bare(piece):
            steps.append(_step(piece, reach))
            reach = GAP
    needed = [number for number, step in enumerate(steps) if not step.optional and LAST not in step.exact]
    firsts = tuple(range(needed[0] + 1)) if needed else (0,)
    sets = tuple(steps[number].lemmas | steps[number].exact for number in needed if not steps[number].heads)
    return Pattern(text, tuple(steps), frozenset(never), firsts, sets)


def _step(piece: str, reach: int) -> Step:
    optional, even_denied = len(piece) > 1 and piece.startswith("?"), piece.startswith("+")
    ways = [_bare(way) for way in (piece[1:] if optional or even_denied else piece).split("|")]
    ways = [f"={way}" if way == LAST else way for way in ways]
    exact = frozenset(way[1:] for way in ways if way.startswith("="))
    heads = tuple(way[:-1] for way in ways if way.endswith("*"))
    plain = [way for way in ways if way and not way.startswith("=") and not way.endswith("*")]
    known = frozenset(lemma for way in plain for lemma in lemmas(way))
    return Step(known, exact, heads, reach, optional, even_denied)


def _bare(way: str) -> str:
    """Without the punctuation of a phrase written as people write; the end of a sentence alone is meant."""
    return way if way == END else way.strip(',.;:!—"«»()')
