"""One call as `kpi calls show` prints it: the turns, how it was spoken, every score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from connector.cli.screen import out, print_json
from connector.cli.tongue import decimals
from connector.kpi.text import Language, Text
from connector.moment import Zone, from_ms, zone_of
from connector.pipeline.talks.shown import Shown
from connector.quality import stop_words
from connector.quality.telling import OVERALL, name_of, next_step_text, void_text, why_text
from connector.store.talk.scores import Answered as Stored
from connector.store.talk.scores import Scored

_SPEAKERS = {"seller": Text("Менеджер", "Seller"), "client": Text("Клиент", "Client"), "unknown": Text("—", "—")}
_ANSWERS = {
    "yes": Text("да", "yes"), "no": Text("нет", "no"), "not_applicable": Text("неприменимо", "not applicable"),
}  # fmt: skip
_OBJECTED = {
    "yes": Text("отработано", "handled"),
    "no": Text("не отработано", "not handled"),
    "not_applicable": Text("не было", "not raised"),
}
_PERHAPS = Text("возможно, в показателях не учтено", "perhaps, counts in no KPI")
_SHOWN = Text("показывается, в показателях не учтено", "shown, counts in no KPI")
_UNCOUNTED = Text("в показателях не учтено", "counts in no KPI")
_MUTED = Text("не учитывается: программа расходится с людьми", "muted: the program disagrees with people")
_COUNTS = Text("в показателях учтено", "counts in KPIs")
_VOID = Text("не оценено: {why}", "not scored: {why}")
_PURGED = Text("текст удалён по сроку хранения", "the text was deleted, its time was over")
_NO_TEXT = Text("расшифровки нет", "no transcript")


def show_call(told: Shown, zone: Zone, language: Language, *, as_json: bool) -> None:
    """The turns, then every score."""
    if as_json:
        print_json(_call_json(told))
        return
    at = told.at.astimezone(zone_of(zone))
    length = f"{told.seconds}{_SECONDS(language)}"
    head = f"{told.account} · {told.call} · {at:%Y-%m-%d %H:%M} · {length} · {told.seller} · {told.card}"
    out.print(head.rstrip(" ·"), markup=False, soft_wrap=True)
    for line in (*_turns(told, language), *_numbers(told, language), *_scores(told, zone, language)):
        out.print(line, markup=False, soft_wrap=True)


def _turns(told: Shown, language: Language) -> Iterator[str]:
    if not told.turns:
        yield f"  {(_PURGED if told.purged else _NO_TEXT)(language)}"
    for number, turn in enumerate(told.turns, 1):
        clock = "" if turn.start is None else f"{int(turn.start) // 60}:{int(turn.start) % 60:02} "
        yield f"  {number:>3} {clock}{_SPEAKERS[turn.speaker](language)}: {turn.text}"


_SECONDS, _PERCENT, _BARE = Text(" с", " s"), Text(" %", " %"), Text("", "")
_NUMBERS = {
    "share": (Text("доля речи менеджера", "seller's part of speech"), 100.0, _PERCENT),
    "monologue": (Text("длиннейший монолог", "longest monologue"), 1.0, _SECONDS),
    "interruptions": (Text("менеджер перебивал за 10 мин", "seller interrupted per 10 min"), 1.0, _BARE),
    "interrupted": (Text("клиент перебивал за 10 мин", "client interrupted per 10 min"), 1.0, _BARE),
    "pace": (Text("слов в минуту", "words a minute"), 1.0, _BARE),
    "patience": (Text("пауза перед ответом", "pause before the answer"), 1.0, _SECONDS),
    "fillers": (
        Text("слов-паразитов на 100 (по тексту, занижено)", "fillers per 100 words (by text, too low)"),
        1.0,
        _BARE,
    ),
}
_UNTOLD = Text("как говорили, неизвестно", "how it was spoken is unknown")


def _numbers(told: Shown, language: Language) -> Iterator[str]:
    """How it was spoken, as far as times and roles tell."""
    parts = []
    for name, (title, factor, unit) in _NUMBERS.items():
        value = getattr(told.talk, name)
        if value is not None:
            parts.append(f"{title(language)}: {_rounded(value * factor, language)}{unit(language)}")
    if told.next_step is not None:
        parts.append(next_step_text(told.next_step)(language))
    if told.turns and told.talk.why:
        parts.append(f"{_UNTOLD(language)}: {void_text(told.talk.why)(language)}")
    if parts:
        yield ""
        yield "  " + " · ".join(parts)


def _rounded(value: float, language: Language) -> str:
    text = f"{value:.{0 if abs(value) >= 10 else 1}f}"
    return text.replace(".", ",") if language == "ru" else text


def _scores(told: Shown, zone: Zone, language: Language) -> Iterator[str]:
    for place, score in enumerate(told.scores):
        at = from_ms(score.at).astimezone(zone_of(zone))
        counts = f" · {_COUNTS(language)}" if place == 0 and not score.void else ""
        yield ""
        yield f"{score.scorer} · {score.checklist} · {at:%Y-%m-%d %H:%M}{counts}"
        if score.void:
            yield f"  {_VOID(language).format(why=void_text(score.void)(language))}"
        for one in score.found:
            yield _answer(one, score, told, language)


def _answer(one: Stored, score: Scored, told: Shown, language: Language) -> str:
    words = _OBJECTED if one.criterion.startswith("objection:") else _ANSWERS
    parts = [f"  {name_of(one.criterion, told.names)(language)}: {words[one.answer](language)}"]
    parts += [f"«{piece.quote}» ({piece.turn + 1})" for piece in one.evidence]
    if not one.counts:
        parts += [_uncounted(one)(language), why_text(one.why, told.names)(language)]
    elif one.criterion in told.muted and not score.by_person:
        parts.append(_MUTED(language))
    return " · ".join(part for part in parts if part)


def _uncounted(one: Stored) -> Text:
    """Why an answer counts in no KPI: it is not meant to, it is not sure enough, or what follows says it."""
    if one.criterion == stop_words.KEY:
        return _SHOWN
    if one.sure is not None:
        return Text(f"{_PERHAPS.ru} ({decimals(f'{one.sure:.2f}', 'ru')})", f"{_PERHAPS.en} ({one.sure:.2f})")
    return _PERHAPS if one.why.endswith(OVERALL) else _UNCOUNTED


def _call_json(told: Shown) -> dict[str, Any]:
    scores = [
        {
            "scorer": score.scorer,
            "checklist": score.checklist,
            "at": from_ms(score.at).isoformat(),
            "void": score.void or None,
            "found": [
                {
                    "criterion": one.criterion, "answer": one.answer, "counts": one.counts, "sure": one.sure,
                    "why": one.why, "muted": one.criterion in told.muted and not score.by_person,
                    "evidence": [{"turn": p.turn, "at": p.at, "quote": p.quote} for p in one.evidence],
                }
                for one in score.found
            ],
        }
        for score in told.scores
    ]  # fmt: skip
    turns = [asdict(turn) for turn in told.turns]
    base: dict[str, Any] = {
        "account": told.account,
        "call": told.call,
        "at": told.at.isoformat(),
        "seconds": told.seconds,
    }
    base["talk"] = asdict(told.talk) | {"next_step": told.next_step}
    return (
        base
        | {"seller": told.seller, "card": told.card, "source": told.source, "purged": told.purged}
        | {
            "turns": turns,
            "scores": scores,
        }
    )
