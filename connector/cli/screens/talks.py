"""What transcripts and scores of calls print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

import typer
from rich.table import Table

from connector.cli.screen import counted, out, print_json, say
from connector.errors import BadConfig, KpiError
from connector.kpi.text import Language, Text
from connector.moment import Zone, from_ms, zone_of
from connector.pipeline.bench import Ended
from connector.pipeline.talks.agreeing import Calibration
from connector.pipeline.talks.learning import Learned
from connector.pipeline.talks.people_scoring import Answered, Drawn, Form
from connector.pipeline.talks.scoring import Scoring
from connector.pipeline.talks.shown import Shown, Standing
from connector.pipeline.talks.transcripts import Imported
from connector.quality import stop_words
from connector.quality.agreement import Agreement
from connector.quality.learning import Lift, Rate
from connector.quality.score import Answer
from connector.quality.telling import OVERALL, name_of, void_text, why_text
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


def show_imported(name: str, done: Imported, *, as_json: bool) -> None:
    """What was taken, and every file that was not; some bad ones end with code 1."""
    if as_json:
        print_json({"account": name, "new": done.new, "known": done.same, "bad": [asdict(one) for one in done.bad]})
    else:
        told = {"transcripts taken": done.new, "known already": done.same, "not taken": len(done.bad)}
        out.print(f"{name}: {counted(told)}", markup=False, soft_wrap=True)
        for one in done.bad:
            say(f"{one.file}: {one.why}")
    if done.bad:
        raise typer.Exit(1)


def show_scoring(ended: Sequence[Ended[Scoring]], *, as_json: bool) -> None:
    """A line an account. Raises the first error there was."""
    if as_json:
        print_json([{"account": one.account} | (asdict(one.value) if one.value else {}) for one in ended])
    for one in ended:
        if one.value is not None and not as_json:
            out.print(f"{one.account}: {_scoring(one.value)}", markup=False, soft_wrap=True)
        for problem in one.value.problems if one.value is not None else ():
            say(f"{one.account}: {problem}")
    _raise_first(ended)
    if any(one.value is not None and one.value.problems for one in ended):
        raise typer.Exit(1)


def _scoring(done: Scoring) -> str:
    told = {"transcripts from the CRM": done.came, "heard": done.heard, "scored": done.scored}
    told |= {f"void ({why})": count for why, count in sorted(done.void.items())}
    return counted(told | {"told to KPIs": done.told, "waiting": done.waiting, "texts purged": done.purged})


def _raise_first(ended: Sequence[Ended[Scoring]]) -> None:
    error: KpiError | None = next((one.error for one in ended if one.error is not None), None)
    if error is not None:
        raise error


def show_standing(found: Sequence[Standing], *, as_json: bool) -> None:
    """Transcripts, then a line for each scorer and checklist."""
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        out.print(f"{one.account}: transcripts: {counted(one.transcripts)}", markup=False, soft_wrap=True)
        for scorer, checklist, count, void in one.scorers:
            told = counted({"calls": count, "void": void})
            out.print(f"  {scorer} by {checklist}: {told}", markup=False, soft_wrap=True)
        if one.muted:
            out.print(f"  muted: {', '.join(one.muted)}", markup=False, soft_wrap=True)


def show_call(told: Shown, zone: Zone, language: Language, *, as_json: bool) -> None:
    """The turns, then every score."""
    if as_json:
        print_json(_call_json(told))
        return
    at = told.at.astimezone(zone_of(zone))
    head = f"{told.account} · {told.call} · {at:%Y-%m-%d %H:%M} · {told.seconds} s · {told.seller} · {told.card}"
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
        return Text(f"{_PERHAPS.ru} ({one.sure:.2f})", f"{_PERHAPS.en} ({one.sure:.2f})")
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
    base["talk"] = asdict(told.talk)
    return (
        base
        | {"seller": told.seller, "card": told.card, "source": told.source, "purged": told.purged}
        | {
            "turns": turns,
            "scores": scores,
        }
    )


def show_drawn(found: Sequence[Drawn], *, as_json: bool) -> None:
    """A line a call and rater."""
    if as_json:
        print_json([asdict(one) for one in found])
        return
    if not found:
        say("nothing is drawn")
    for one in found:
        marks = " · ".join(
            part for part in ("second" if one.second else "", "done" if one.done else "", one.link or one.card) if part
        )
        line = f"{one.week} · call {one.call} of {one.user} · {one.stratum} · for {one.rater} · {marks}"
        out.print(line.rstrip(" ·"), markup=False, soft_wrap=True)


def show_form(told: Form) -> None:
    """JSON to be filled in."""
    asked = [{"criterion": one.key, "ru": one.ru, "en": one.en} for one in told.questions]
    turns = [{"turn": n, "speaker": turn.speaker, "text": turn.text} for n, turn in enumerate(told.turns)]
    body = {"call": told.call, "at": told.at.isoformat(), "seconds": told.seconds, "checklist": told.checklist}
    blank = {one.key: None for one in told.questions}
    whole = body | {"card": told.card, "questions": asked, "turns": turns, "answers": blank}
    sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def answers_of(data: bytes) -> Mapping[str, Answered]:
    """A filled-in form, or its answers alone. Raises BadConfig for anything else."""
    try:
        told = json.loads(data)
    except ValueError as error:
        raise BadConfig([f"answers: no JSON ({error})"]) from None
    told = told.get("answers", told) if isinstance(told, dict) else None
    if not isinstance(told, dict):
        raise BadConfig(["answers: an object such as { greeting: yes }"])
    wrong = [f"{key}: {value!r}; yes, no or not_applicable" for key, value in told.items() if value not in _ANSWERS]
    if wrong:
        raise BadConfig(wrong)
    return {key: Answered(cast(Answer, value)) for key, value in told.items()}


def show_agreement(found: Sequence[Calibration], *, as_json: bool) -> None:
    """A table a pair of raters: n, the part alike, kappa with its interval, AC1, and what is muted."""
    if as_json:
        print_json([_agreement_json(one) for one in found])
        return
    for one in found:
        alpha = "—" if one.alpha is None else f"{one.alpha:.2f}"
        told = counted({"calls scored by people": one.people, "of them twice": one.doubled})
        out.print(f"{one.account}: {told}; Krippendorff's alpha {alpha}", markup=False, soft_wrap=True)
        for title, some in (("programs and people", one.programs), ("people and people", one.raters)):
            if some:
                out.print(_agreement_table(title, some, one.muted))


def _agreement_table(title: str, some: Mapping[str, Agreement], muted: frozenset[str]) -> Table:
    made = Table(title=title, title_justify="left")
    for name in ("criterion", "n", "alike", "kappa", "90 %", "AC1", ""):
        made.add_column(name, justify="left" if name in ("criterion", "") else "right")
    for key, one in some.items():
        interval = "—" if one.low is None or one.high is None else f"{one.low:.2f} … {one.high:.2f}"
        note = "muted" if key in muted and title.startswith("programs") else ""
        made.add_row(key, str(one.n), _two(one.alike), _two(one.kappa), interval, _two(one.ac1), note)
    return made


def _two(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _agreement_json(one: Calibration) -> dict[str, Any]:
    told = {"account": one.account, "people": one.people, "doubled": one.doubled, "alpha": one.alpha}
    pairs = {name: {key: asdict(a) for key, a in some.items()} for name, some in
             (("programs", one.programs), ("raters", one.raters))}  # fmt: skip
    return told | pairs | {"muted": sorted(one.muted)}


def show_learned(found: Sequence[Learned], *, as_json: bool) -> None:
    """A block a training."""
    if as_json:
        print_json([_learned_json(one) for one in found])
        return
    for one in found:
        if not one.lifts:
            say(f"{one.account}: no training in a technique of the checklist is imported (kpi import facts)")
        for told in one.lifts:
            for line in _lift(told, one.names):
                out.print(line, markup=False, soft_wrap=True)
        for name in one.unknown:
            say(f"{one.account}: training in {name!r}: no criterion of the checklist is called so")


_VERDICTS = {
    "grew": "grew", "fell": "fell", "unchanged": "not told apart from chance", "too_little": "too little data",
}  # fmt: skip


def _lift(one: Lift, names: Mapping[str, str]) -> Iterator[str]:
    who = names.get(one.training.user, one.training.user)
    open_yet = "" if one.over else " (the weeks after it are not over)"
    yield f"{who} · {one.training.technique} · {one.training.at:%Y-%m-%d}: {_VERDICTS[one.verdict]}{open_yet}"
    yield f"  before {_rate(one.before)}, after {_rate(one.after)}{_change(one.lift)}"
    yield f"  untrained colleagues {_rate(one.colleagues_before)}, {_rate(one.colleagues_after)}{_change(one.against)}"


def _rate(rate: Rate) -> str:
    return "— (0)" if rate.share is None else f"{rate.share * 100:.0f} % ({rate.passed} of {rate.n})"


def _change(told: tuple[float, float, float] | None) -> str:
    if told is None:
        return ""
    value, low, high = (round(part * 100) for part in told)
    return f"; {value:+d} pp, 90 %: {low:+d} … {high:+d}"


def _learned_json(one: Learned) -> dict[str, Any]:
    lifts = [
        asdict(told) | {"training": asdict(told.training) | {"at": told.training.at.isoformat()}} for told in one.lifts
    ]
    return {"account": one.account, "trainings": lifts, "unknown": list(one.unknown)}
