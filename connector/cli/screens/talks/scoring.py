"""How far transcripts and scores have come, in lines or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import typer

from connector.cli.screen import counted, out, print_json, say
from connector.errors import KpiError
from connector.kpi.text import Language, Text
from connector.pipeline.bench import Ended
from connector.pipeline.talks.scoring import Scoring
from connector.pipeline.talks.shown import Standing
from connector.pipeline.talks.transcripts import Imported
from connector.quality.telling import name_of, void_text
from connector.said import in_language

_CAME, _HEARD = Text("расшифровок из CRM", "transcripts from the CRM"), Text("прослушано", "heard")
_SCORED, _TOLD = Text("оценено", "scored"), Text("передано в показатели", "told to KPIs")
_WAITING, _PURGED = Text("ждут", "waiting"), Text("текстов удалено по сроку", "texts purged")
_TAKEN, _KNOWN = Text("расшифровок взято", "transcripts taken"), Text("уже были", "known already")
_LEFT = Text("не взято", "not taken")
_VOID = Text("не оценено ({why})", "not scored ({why})")
_STATES = {
    "kept": Text("хранится", "kept"),
    "purged": Text("удалено по сроку", "purged"),
    "absent": Text("нет в CRM", "absent"),
}
_TRANSCRIPTS = Text("расшифровки", "transcripts")
_CALLS, _VOIDS = Text("звонков", "calls"), Text("не оценено", "void")
_BY = Text("{scorer} по {checklist}", "{scorer} by {checklist}")
_MUTED = Text("не учитываются, программа расходится с людьми", "muted, the program disagrees with people")


def show_imported(name: str, done: Imported, language: Language, *, as_json: bool) -> None:
    """What was taken, and every file that was not; some bad ones end with code 1."""
    if as_json:
        print_json({"account": name, "new": done.new, "known": done.same, "bad": [asdict(one) for one in done.bad]})
    else:
        told = {_TAKEN: done.new, _KNOWN: done.same, _LEFT: len(done.bad)}
        out.print(f"{name}: {_counts(told, language)}", markup=False, soft_wrap=True)
        for one in done.bad:
            say(f"{one.file}: {in_language(one.why, language)}")
    if done.bad:
        raise typer.Exit(1)


def show_scoring(ended: Sequence[Ended[Scoring]], language: Language, *, as_json: bool) -> None:
    """A line an account. Raises the first error there was."""
    if as_json:
        print_json([{"account": one.account} | (asdict(one.value) if one.value else {}) for one in ended])
    for one in ended:
        if one.value is not None and not as_json:
            out.print(f"{one.account}: {_scoring(one.value, language)}", markup=False, soft_wrap=True)
        for problem in one.value.problems if one.value is not None else ():
            say(f"{one.account}: {in_language(problem, language)}")
    _raise_first(ended)
    if any(one.value is not None and one.value.problems for one in ended):
        raise typer.Exit(1)


def _scoring(done: Scoring, language: Language) -> str:
    told = {_CAME: done.came, _HEARD: done.heard, _SCORED: done.scored}
    for code, count in sorted(done.void.items()):
        why = void_text(code)
        told[Text(_VOID.ru.format(why=why.ru), _VOID.en.format(why=why.en))] = count
    return _counts(told | {_TOLD: done.told, _WAITING: done.waiting, _PURGED: done.purged}, language)


def _counts(told: Mapping[Text, int], language: Language) -> str:
    """`12 scored, 3 waiting`; in Russian the number comes last, as it would bend the word."""
    if language == "en":
        return counted({name.en: count for name, count in told.items()})
    return ", ".join(f"{name.ru}: {count}" for name, count in told.items())


def _raise_first(ended: Sequence[Ended[Scoring]]) -> None:
    error: KpiError | None = next((one.error for one in ended if one.error is not None), None)
    if error is not None:
        raise error


def show_standing(found: Sequence[Standing], language: Language, *, as_json: bool) -> None:
    """Transcripts, then a line for each scorer and checklist."""
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        kept = {_STATES.get(name, Text(name, name)): count for name, count in one.transcripts.items()}
        lines = [f"{one.account}: {_TRANSCRIPTS(language)}: {_counts(kept, language)}"]
        for scorer, checklist, count, void in one.scorers:
            who = _BY(language).format(scorer=scorer, checklist=checklist)
            lines.append(f"  {who}: {_counts({_CALLS: count, _VOIDS: void}, language)}")
        if one.muted:
            muted = ", ".join(name_of(key, one.names)(language) for key in one.muted)
            lines.append(f"  {_MUTED(language)}: {muted}")
        for line in lines:
            out.print(line, markup=False, soft_wrap=True)
