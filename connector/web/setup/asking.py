"""Proposals as questions of a form, and the form's fields as answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connector.errors import BadConfig
from connector.first_run.choices import Asked, Kind, answer, asked, weighed
from connector.first_run.seen import Proposal, Seen
from connector.kpi.catalogue import ALL
from connector.kpi.text import Language, Text
from connector.web.words import WORDS

DRAWN = ("connected_call_seconds",)
"""Proposals whose lines are bars of text, as a terminal shows them; a page draws them as wide as it is."""
BY_PERSON = Text("так сказал человек", "as a person said")
MORE = 2
"""Rows in which KPIs of one's own choice are added to the set."""


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate: the field's name in the form, its value, label, note, whether it is chosen."""

    field: str
    value: str
    label: str
    note: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram: how long talks were, how wide it is drawn (in blocks of text), how many there are."""

    label: str
    width: int
    count: str


@dataclass(frozen=True, slots=True)
class Question:
    """One proposal as it is asked. `note`: nothing is asked, something is told. `no`: what leaving it empty means."""

    n: int
    key: str
    title: str
    why: str
    sure: bool
    note: bool
    kind: Kind
    options: tuple[Option, ...]
    value: str
    lines: tuple[str, ...]
    bars: tuple[Bar, ...]
    no: str


def questions(
    proposals: Sequence[Proposal], seen: Seen, typed: Mapping[str, str] | None, language: Language
) -> list[Question]:
    """In the order of the proposals, filled in as they were `typed` last, else as they are proposed."""
    return [_question(n, _worded(one, language), seen, typed, language) for n, one in enumerate(proposals)]


def answers(proposals: Sequence[Proposal], seen: Seen, fields: Mapping[str, str], language: Language) -> list[Proposal]:
    """What was accepted or said otherwise; left out is what is empty. Raises BadConfig, naming what is no answer."""
    found, problems = [], []
    for n, one in enumerate(_worded(one, language) for one in proposals):
        try:
            value = None if not one.key else _value(n, one, asked(one, seen), fields)
        except (ValueError, StopIteration):
            problems.append(WORDS["setup_bad_answer"](language).format(what=title(one.key, language)))
            continue
        if value is not None:
            found.append(replace(one, value=value, why=one.why if value == one.value else BY_PERSON))
    if problems:
        raise BadConfig(problems)
    return found


def title(key: str, language: Language) -> str:
    """What a key is about, in words."""
    if key.startswith("heads."):
        return WORDS["setup_key_heads"](language).format(team=key.removeprefix("heads."))
    return WORDS[f"setup_key_{key}"](language) if f"setup_key_{key}" in WORDS else key


def _worded(one: Proposal, language: Language) -> Proposal:
    """Words are proposed in one language."""
    return replace(one, value=one.value(language)) if isinstance(one.value, Text) else one


def _value(n: int, one: Proposal, form: Asked, fields: Mapping[str, str]) -> Any:
    if form.kind == "weights":
        told = {key: fields.get(f"{n}.{key}", "") for key in form.chosen}
        told |= {fields.get(f"more.{k}", ""): fields.get(f"more.{k}.weight", "") for k in range(MORE)}
        return weighed(told, ALL)
    if form.kind == "many":
        return answer(one, form, [value for name, value in fields.items() if name.startswith(f"{n}.")])
    return answer(one, form, [fields.get(str(n), "")])


def _question(n: int, one: Proposal, seen: Seen, typed: Mapping[str, str] | None, language: Language) -> Question:
    form = asked(one, seen)
    proposed = form.chosen[0] if form.kind in ("number", "text") and form.chosen else ""
    led = one.key.startswith("heads.")
    return Question(
        n=n,
        key=one.key,
        title=title(one.key, language),
        why=WORDS["setup_heads_why"](language) if led else one.why(language),
        sure=one.sure,
        note=not one.key,
        kind=form.kind,
        options=_weights(n, one, typed, language) if form.kind == "weights" else _options(n, form, typed, language),
        value=proposed if typed is None else typed.get(str(n), ""),
        lines=() if one.key in DRAWN else tuple(line(language) for line in one.lines),
        bars=tuple(_bar(line(language)) for line in one.lines) if one.key in DRAWN else (),
        no="" if one.declined is None else one.declined(language),
    )


def _bar(line: str) -> Bar:
    """`10–20 s ██ 52`; an empty bar has no blocks."""
    span, unit, *_, count = line.split()
    return Bar(f"{span} {unit}", line.count("█"), count)


def _options(n: int, form: Asked, typed: Mapping[str, str] | None, language: Language) -> tuple[Option, ...]:
    several = form.kind == "many"
    names = [(f"{n}.{k}" if several else str(n), one) for k, one in enumerate(form.choices)]
    return tuple(
        Option(
            name, one.value, one.label(language), one.note(language) if one.note else "",
            one.value in form.chosen if typed is None else typed.get(name) == one.value,
        )
        for name, one in names
    )  # fmt: skip


def _weights(n: int, one: Proposal, typed: Mapping[str, str] | None, language: Language) -> tuple[Option, ...]:
    named = ((f"{n}.{key}", key, f"{weight:g}") for key, weight in one.value.items())
    return tuple(
        Option(name, weight if typed is None else typed.get(name, ""), ALL[key].title(language), "", True)
        for name, key, weight in named
    )


def others(chosen: Sequence[Proposal], language: Language) -> list[tuple[str, str]]:
    """KPIs that may be added to a proposed set: key and title, by title."""
    taken = {key for one in chosen if one.key == "kpi_set" for key in one.value}
    return sorted(((key, kpi.title(language)) for key, kpi in ALL.items() if key not in taken), key=lambda one: one[1])
