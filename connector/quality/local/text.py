"""Russian text -> words known by their surface and their dictionary forms. Pure, cached: calls repeat themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pymorphy3
import razdel

from connector.quality.local.regrouped import Piece, regrouped
from connector.quality.local.respelled import respelled

END = "."
"""The end of a sentence that is no question; no rule reaches over it."""
PARTICLES = frozenset({"то", "ка", "таки", "с"})
_ASKING = "кто кого кому кем что чего чему чем как где куда когда почему откуда какой какая какое какие какую какого"
ASKING = frozenset([*_ASKING.split(), "каком", "каких", "все", "опять"])
LONG = 14
"""Words of a stretch that is judged at once, where speech recognition has left out the full stops."""


@dataclass(frozen=True, slots=True)
class Word:
    """`form` as said, lower case, ё as е; `lemmas` dictionary forms it may be of; `start`, `stop` in the text."""

    form: str
    lemmas: frozenset[str]
    start: int
    stop: int
    known: bool


def flat(text: str) -> str:
    """Lower case, ё as е: recognisers and people differ in both."""
    return text.lower().replace("ё", "е")


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[Word, ...]:
    """Words and ends of sentences of a turn, in order; other punctuation says nothing in recognised speech."""
    found: list[Word] = []
    run: list[Piece] = []
    for token in razdel.tokenize(flat(text)):
        form = token.text
        if form[0] in "?.!…":
            found += _said(run)
            run = []
            mark = "?" if "?" in form else END
            found.append(Word(mark, frozenset((mark,)), token.start, token.stop, True))
        elif any(sign.isalnum() for sign in form):
            run.append((_bare(form), token.start, token.stop))
    return (*found, *_said(run))


def _said(run: Sequence[Piece]) -> list[Word]:
    """Words between two marks, with their dictionary forms."""
    told = [(form, _lemmas(form), start, stop) for form, start, stop in regrouped(run, _meant)]
    return [Word(form, forms, start, stop, known) for form, (forms, known), start, stop in told]


@lru_cache(maxsize=200_000)
def _meant(form: str) -> bool:
    """Whether the dictionary knows it, or a word it sounds like."""
    known = morphology().word_is_known
    return known(form) or respelled(form, known) is not None


def _bare(form: str) -> str:
    """Without the particle that only stresses: "много-то", "дайте-ка"; "кто-то" is a word of its own."""
    base, _, particle = form.rpartition("-")
    return base if particle in PARTICLES and base and base not in ASKING else form


def lemmas(form: str) -> frozenset[str]:
    """Dictionary forms a word may be of, and the word itself."""
    return _lemmas(flat(form))[0]


def stretches(said: Sequence[Word]) -> list[Sequence[Word]]:
    """Sentences of a turn; what has no full stops is cut into half-overlapping windows of words."""
    sentences: list[list[Word]] = [[]]
    for word in said:
        if word.form[0].isalnum():
            sentences[-1].append(word)
        elif sentences[-1]:
            sentences.append([])
    return [piece for sentence in sentences if sentence for piece in _windows(sentence)]


def _windows(sentence: list[Word]) -> list[Sequence[Word]]:
    if len(sentence) <= LONG + LONG // 2:
        return [sentence]
    return [sentence[head : head + LONG] for head in range(0, len(sentence) - LONG // 2, LONG // 2)]


@lru_cache(maxsize=1)
def morphology() -> pymorphy3.MorphAnalyzer:
    """The Russian dictionary, read once for whoever asks: a second copy would cost its memory and time again."""
    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=200_000)
def _lemmas(form: str) -> tuple[frozenset[str], bool]:
    """The likely readings only: a rare homonym would let rules fire on words nobody meant."""
    analyser = morphology()
    parses = analyser.parse(form)
    likely = [parse for parse in parses if parse.score >= 0.15 * parses[0].score]
    forms = {flat(parse.normal_form) for parse in likely}
    if analyser.word_is_known(form):
        return frozenset({form, *forms}), True
    meant = respelled(form, analyser.word_is_known)
    return frozenset({form, *(forms if meant is None else _lemmas(meant)[0])}), False
