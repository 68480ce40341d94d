"""Where recognisers put the space: "до рогавато" is one word, "напочту" two. Pure.

Only words that no dictionary knows are touched, and only where what comes of it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

BEFORE = (
    "на", "не", "по", "во", "за", "со", "от", "до", "из", "мы", "вы", "он", "нам", "вам", "мне", "для", "под", "без",
    "щас", "это", "эта", "еще", "уже", "там", "так", "как", "что", "чего", "все", "в", "я", "с", "к", "у", "и", "а",
)  # fmt: skip
"""Small words that stick to the next one."""
AFTER = ("не", "же", "бы", "то", "ли")
"""And to the one before."""
HEADS = frozenset({"я", "мы", "он", "она", "они", "щас", "сейчас", "это", "эта", "там", "так", "мне", "нам", "уже"})
"""Words before which the second half may be as short as one of AFTER."""
REST = 4
"""Letters of what is left, at least."""

Piece = tuple[str, int, int]


def regrouped(said: Sequence[Piece], known: Callable[[str], bool]) -> list[Piece]:
    """(form, start, stop) of words in a row -> the same with spaces where they belong."""
    done: list[Piece] = []
    for form, start, stop in said:
        if done and _apart(done[-1], start) and _torn(done[-1][0], form, known):
            before, since, _ = done.pop()
            done.append((before + form, since, stop))
        else:
            done.append((form, start, stop))
    return [piece for one in done for piece in _split(one, known)]


def _apart(before: Piece, start: int) -> bool:
    return before[0].isalpha() and start - before[2] == 1


def _torn(first: str, second: str, known: Callable[[str], bool]) -> bool:
    """Two halves of one word: at least one is none by itself."""
    if not second.isalpha() or len(first) + len(second) <= REST or (known(first) and known(second)):
        return False
    return known(first + second)


def _split(one: Piece, known: Callable[[str], bool]) -> list[Piece]:
    form, start, stop = one
    if not form.isalpha() or known(form):
        return [one]
    at = next((at for at in _cuts(form) if known(form[at:])), None)
    return [one] if at is None else [(form[:at], start, start + at), (form[at:], start + at, stop)]


def _cuts(form: str) -> list[int]:
    """Where a small word may end, the longest first; "яне" and "щасне" end in one."""
    ends = [len(form) - len(last) for last in AFTER if form.endswith(last) and form[: -len(last)] in HEADS]
    heads = [len(head) for head in BEFORE if form.startswith(head) and len(form) - len(head) >= REST]
    return [*ends, *sorted(heads, reverse=True)]
