"""A word as it sounds -> as it is spelled: recognisers, and people in chats, write Russian by ear. Pure.

Only what the dictionary does not know is respelled, and only into what it knows: "падумаю" -> "подумаю",
"кусаетца" -> "кусается", "отправте" -> "отправьте".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

ENDINGS = (("тца", "тся"), ("тца", "ться"), ("ца", "тся"), ("ца", "ться"), ("ва", "го"), ("о", "а"), ("а", "о"))
SOUNDS = {"а": "о", "о": "а", "и": "е", "е": "и", "я": "е", "ф": "в", "в": "ф", "с": "з", "з": "с", "т": "д", "ш": "щ"}
"""What vowels without stress, and consonants before others, are heard as."""
SHORTEST = 5
MOST = 3
"""Letters that may be respelled in one word."""


def respelled(form: str, known: Callable[[str], bool]) -> str | None:
    """The dictionary word it sounds like; None where there is none."""
    if len(form) < SHORTEST or not form.isalpha():
        return None
    return next((one for one in _candidates(form) if known(one)), None)


def _candidates(form: str) -> Iterator[str]:
    """The likeliest first: another ending, then ever more letters, then a soft sign or a double letter left out."""
    bases = [form, *(form[: -len(old)] + new for old, new in ENDINGS if form.endswith(old))]
    yield from bases[1:]
    for base in [*bases[1:], form]:
        yield from _letters(base)
    for at in range(2, len(form)):
        yield f"{form[:at]}ь{form[at:]}"
        yield f"{form[:at]}{form[at - 1]}{form[at:]}"


def _letters(form: str) -> Iterator[str]:
    """One letter replaced anywhere; then every "а" by "о" up to MOST of them, the commonest slip of all."""
    for at, letter in enumerate(form[:-1]):
        if letter in SOUNDS:
            yield f"{form[:at]}{SOUNDS[letter]}{form[at + 1 :]}"
    if 1 < form.count("а") <= MOST:
        yield form.replace("а", "о")
        yield form.replace("а", "о", form.count("а") - 1)
