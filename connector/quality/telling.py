"""Codes of scores and of talk -> words for people: why a call was not scored, and what an answer rests on. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from connector.kpi.text import Text
from connector.quality import stop_words

Names = Mapping[str, tuple[str, str]]
"""What criteria, objections and moves are called, by key, in Russian and English."""
AVOIDED = Text("Обошёлся без стоп-слов", "Did without stop-words")
OVERALL = "objections of the call"
"""The end of `why` where an answer is summed up from the classes of objections."""
LONGEST = 40
"""Letters of a rule that are shown; some are long lists of words."""
_SIGNS = re.compile(r"!\S+\s|[=?+](?=\w)")
"""Of the language of rules: what must not stand before, and marks before words. People look for the words."""
_VOID = {
    "few_words": Text("в расшифровке слишком мало слов", "too few words in the transcript"),
    "one_voice": Text("слышно только одну сторону", "only one side is heard"),
    "badly_heard": Text("запись распознана слишком неуверенно", "the recogniser was too unsure of the words"),
    "too_long": Text("разговор слишком длинный для модели", "the talk is too long for the model"),
    "refused": Text("модель отказалась оценивать", "the model declined to judge"),
    "cut": Text("ответ модели оборвался", "the model's answer was cut short"),
    "unreadable": Text("ответ модели не удалось прочитать", "the model's answer could not be read"),
    "no_roles": Text("реплики не разделены на менеджера и клиента", "turns are not told apart by speaker"),
    "no_times": Text("в расшифровке нет времени реплик", "the transcript tells no times of turns"),
    "no_text": Text("расшифровки нет", "no transcript"),
    "ends_program": Text(
        "оценка трижды обрывала программу, звонок оставлен", "scoring it ended the program three times, so it is let be"
    ),
}
_WHY = {
    "no phrase of it": Text("таких слов нет", "no such words"),
    "not raised": Text("возражения не было", "not raised"),
    "classifier": Text("по классификатору фраз", "by the classifier of phrases"),
    OVERALL: Text("по возражениям звонка", "by the objections of the call"),
    "first_call: not known of this call": Text(
        "только для первого разговора, а какой этот, неизвестно", "for first talks only, and which this is is not known"
    ),
    "later_call: not known of this call": Text(
        "только для повторных разговоров, а какой этот, неизвестно",
        "for later talks only, and which this is is not known",
    ),
    "void: one quote for many": Text(
        "одна цитата на несколько пунктов ничего не доказывает", "one quote for several criteria proves nothing"
    ),
    "void: not answered": Text("модель не ответила", "the model gave no answer"),
    "void: answered twice, differently, or in no known word": Text(
        "модель ответила непонятно или по-разному", "the model answered unclearly or in two ways"
    ),
    "void: the quote is not the seller's": Text(
        "такой цитаты менеджера в разговоре нет", "the seller says no such thing in the call"
    ),
    "void: the objection's quote is not the client's": Text(
        "такой цитаты клиента в разговоре нет", "the client says no such thing in the call"
    ),
    "void: the reply's quote is not the seller's after it": Text(
        "такого ответа менеджера после возражения в разговоре нет", "no such reply of the seller follows the objection"
    ),
}
_NEXT_STEP = {
    True: Text("следующий шаг согласован", "a next step was agreed on"),
    False: Text("следующий шаг не согласован", "no next step was agreed on"),
}
_NO_MOVE = Text("ответа на возражение не слышно", "no answer to the objection is heard")


def void_text(code: str) -> Text:
    """Why a call, or a number of it, could not be told; a code that nobody knows stays as it is."""
    return _VOID.get(code, Text(code, code))


def next_step_text(agreed: bool) -> Text:
    """Whether the talk ended with what happens next."""
    return _NEXT_STEP[agreed]


def why_text(why: str, names: Names) -> Text:
    """What an answer rests on. Words that are no code (a person's note) stay as they are."""
    parts = [_piece(piece, names) for piece in why.split("; ") if piece]
    return Text("; ".join(part.ru for part in parts), "; ".join(part.en for part in parts))


def name_of(criterion: str, names: Names) -> Text:
    """A criterion as the checklist calls it, its key where no checklist does (any more)."""
    if criterion == stop_words.KEY:
        return AVOIDED
    return Text(*names.get(criterion, (criterion, criterion)))


def _piece(piece: str, names: Names) -> Text:
    known = _WHY.get(piece) or _VOID.get(piece)
    if known is not None:
        return known
    for pattern, told in _SHAPES:
        if (found := pattern.fullmatch(piece)) is not None:
            return told(found, names)
    return Text(piece, piece)


def _rule(found: re.Match[str], _names: Names) -> Text:
    words = _SIGNS.sub("", found[1])
    rule = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    return Text(f"по правилу «{rule}»", f"by the rule “{rule}”")


def _moves(found: re.Match[str], names: Names) -> Text:
    """`acknowledge+explore = 0.45`: what the seller did, and how far it goes."""
    if found[1] == "no move":
        return _NO_MOVE
    moves = [name_of(key, names) for key in found[1].split("+")]
    return Text(
        f"{', '.join(one.ru for one in moves)} ({found[2].replace('.', ',')})",
        f"{', '.join(one.en for one in moves)} ({found[2]})",
    )


def _searched(found: re.Match[str], _names: Names) -> Text:
    """Turns are counted from 1, as people do."""
    first, last = int(found[1]) + 1, int(found[2]) + 1
    return Text(f"просмотрены реплики {first}–{last}", f"turns {first}–{last} were searched")


def _model(found: re.Match[str], _names: Names) -> Text:
    return Text(f"модель {found[1]}, запрос {found[2]}", f"model {found[1]}, prompt {found[2]}")


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Names], Text]], ...] = (
    (re.compile(r"rule:(.*)", re.S), _rule),
    (re.compile(r"(no move|[\w+-]+) = (-?\d+\.\d+)"), _moves),
    (re.compile(r"turns (\d+)-(\d+) searched"), _searched),
    (re.compile(r"llm:(.*)@p(\d+)"), _model),
)
