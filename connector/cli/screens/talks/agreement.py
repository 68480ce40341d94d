"""How far programs agree with people, and people with one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from connector.cli.screen import out, print_json, wide
from connector.kpi.text import Language, Text
from connector.pipeline.talks.agreeing import Calibration
from connector.quality.agreement import Agreement
from connector.quality.telling import Names, name_of

_PEOPLE = Text(
    "{account}: звонков с оценкой людей: {people}, из них дважды: {doubled}; альфа Криппендорфа {alpha}",
    "{account}: {people} calls scored by people, {doubled} of them twice; Krippendorff's alpha {alpha}",
)
_PROGRAMS, _RATERS = Text("программы и люди", "programs and people"), Text("люди и люди", "people and people")
_HEADS = {
    "ru": ("критерий", "n", "совпало", "каппа", "90 %", "AC1", ""),
    "en": ("criterion", "n", "alike", "kappa", "90 %", "AC1", ""),
}
_MUTED = Text("не учитывается", "muted")


def show_agreement(found: Sequence[Calibration], language: Language, *, as_json: bool) -> None:
    """A table a pair of raters: n, the part alike, kappa with its interval, AC1, and what is muted."""
    if as_json:
        print_json([_json(one) for one in found])
        return
    for one in found:
        alpha = "—" if one.alpha is None else _two(one.alpha, language)
        told = {"account": one.account, "people": one.people, "doubled": one.doubled, "alpha": alpha}
        out.print(_PEOPLE(language).format(**told), markup=False, soft_wrap=True)
        for title, some, muted in ((_PROGRAMS, one.programs, one.muted), (_RATERS, one.raters, frozenset[str]())):
            if some:
                out.print(_table(title(language), some, muted, one.names, language), width=wide(60))


def _table(title: str, some: Mapping[str, Agreement], muted: frozenset[str], names: Names, language: Language) -> Table:
    made = Table(title=title, title_justify="left")
    for place, name in enumerate(_HEADS[language]):
        made.add_column(name, justify="left" if place in (0, 6) else "right")
    for key, one in some.items():
        low, high = (_two(end, language) for end in (one.low, one.high))
        interval = "—" if one.low is None or one.high is None else f"{low} … {high}"
        note = _MUTED(language) if key in muted else ""
        cells = (_two(one.alike, language), _two(one.kappa, language), interval, _two(one.ac1, language), note)
        made.add_row(name_of(key, names)(language), str(one.n), *cells)
    return made


def _two(value: float | None, language: Language) -> str:
    text = "—" if value is None else f"{value:.2f}"
    return text.replace(".", ",") if language == "ru" else text


def _json(one: Calibration) -> dict[str, Any]:
    told = {"account": one.account, "people": one.people, "doubled": one.doubled, "alpha": one.alpha}
    pairs = {name: {key: asdict(a) for key, a in some.items()} for name, some in
             (("programs", one.programs), ("raters", one.raters))}  # fmt: skip
    return told | pairs | {"muted": sorted(one.muted)}
