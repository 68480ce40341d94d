"""What a proposal may be answered with, for whoever sees a form instead of a prompt. Pure.

Where the CRM has the candidates (pipelines, reasons, fields, people) they are chosen, never typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connector.first_run.fields import WANTED, filled
from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text, percent

Kind = Literal["many", "one", "number", "text", "weights"]
FIELD_KEYS = frozenset((*WANTED, "currency_field"))
MOST_FIELDS = 40
"""Fields offered for a complete card: the most used."""
NOT_FOUND = Text("по названию и содержанию не нашлось", "nothing fits by name and content")
_WEEK = (
    Text("понедельник", "Monday"), Text("вторник", "Tuesday"), Text("среда", "Wednesday"), Text("четверг", "Thursday"),
    Text("пятница", "Friday"), Text("суббота", "Saturday"), Text("воскресенье", "Sunday"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """`value`: as the configuration has it; `note`: what speaks for it, how often it is filled, how many deals."""

    value: str
    label: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How one proposal is asked for. `chosen`: what is ticked to begin with."""

    kind: Kind
    choices: tuple[Choice, ...] = ()
    chosen: tuple[str, ...] = ()


def asked(one: Proposal, seen: Seen) -> Asked:
    """Its form: choices where there are any, else what is typed."""
    kind, choices = _choices(one, seen)
    if kind == "weights":
        return Asked(kind, (), tuple(one.value))
    if not choices:
        typed: Kind = "number" if isinstance(one.value, int) else "text"
        text = ", ".join(one.value) if isinstance(one.value, tuple) else one.value
        return Asked(typed, (), (str(text),))
    chosen = one.value if isinstance(one.value, tuple) else () if one.value is None else (one.value,)
    return Asked(kind, choices, tuple(str(value) for value in chosen))


def answer(one: Proposal, form: Asked, told: Sequence[str]) -> Any:
    """The value of what was ticked or typed, in the order of the choices; None for nothing, ValueError for nonsense."""
    if form.kind == "many":
        ticked = [choice.value for choice in form.choices if choice.value in told]
        return tuple(int(value) for value in ticked) if one.key == "working_days" else tuple(ticked) or None
    text = told[0].strip() if told else ""
    if not text:
        return None
    if form.kind == "one":
        return next(choice.value for choice in form.choices if choice.value == text)
    if form.kind == "number":
        return _whole(text)
    return tuple(part.strip() for part in text.split(",")) if isinstance(one.value, tuple) else text


def weighed(told: Mapping[str, str], known: Collection[str]) -> dict[str, float] | None:
    """Weights by KPI; ValueError for a KPI or a weight that is none. None: no set at all."""
    found = {key: float(text.replace(",", ".")) for key, text in told.items() if key in known and text.strip()}
    found = {key: weight for key, weight in found.items() if weight != 0}
    if not all(0 < weight <= 100 for weight in found.values()):
        raise ValueError(told)
    return found or None


def unfound(seen: Seen, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Purposes for which no field was proposed: a person may know one that goes by another name."""
    known = {one.key for one in proposals}
    if seen.fields:
        yield from (Proposal(key, None, NOT_FOUND, sure=False) for key in WANTED if key not in known)


def _choices(one: Proposal, seen: Seen) -> tuple[Kind, tuple[Choice, ...]]:
    if one.key == "kpi_set":
        return "weights", ()
    if one.key in FIELD_KEYS:
        return "one", tuple(_fields(seen, (one.value,)))
    found = tuple(_several(one, seen))
    return ("many", found) if found else ("text", ())


def _several(one: Proposal, seen: Seen) -> Iterator[Choice]:
    if one.key == "sales_pipelines":
        yield from _pipelines(seen)
    elif one.key in ("junk_reasons", "other_reasons"):
        yield from _named(sorted({reason.name for reason in seen.reasons}))
    elif one.key == "required_fields":
        yield from tuple(_fields(seen, one.value))[:MOST_FIELDS]
    elif one.key.startswith("heads."):
        yield from _people(seen, one.key.removeprefix("heads."))
    elif one.key == "working_days":
        yield from (Choice(str(n), day) for n, day in enumerate(_WEEK, 1))


def _pipelines(seen: Seen) -> Iterator[Choice]:
    ours = [one for one in seen.pipelines if one.of == "deal"]
    names, deals = Counter(one.name for one in ours), Counter(deal.pipeline_id for deal in seen.deals)
    for one in ours:
        value = one.name if names[one.name] == 1 else one.id
        yield Choice(value, Text(one.name, one.name), _number(deals[one.id]))


def _fields(seen: Seen, first: Collection[Any]) -> Iterator[Choice]:
    """The most filled first, those that are proposed before all; a name that several have stands for the fullest."""
    taken = set[str]()
    for one in sorted(filled(seen), key=lambda one: one.field.name not in first):
        if one.field.name not in taken:
            taken.add(one.field.name)
            yield Choice(one.field.name, Text(one.field.name, one.field.name), percent(one.share))


def _people(seen: Seen, team: str) -> Iterator[Choice]:
    owned = Counter(deal.owner_id for deal in seen.deals)
    ids = {one.id for one in seen.teams if one.name == team}
    for user in seen.users:
        if user.active and ids & set(user.team_ids):
            yield Choice(user.id, Text(user.name, user.name), _number(owned[user.id]))


def _named(names: Sequence[str]) -> Iterator[Choice]:
    yield from (Choice(name, Text(name, name)) for name in names)


def _number(n: int) -> Text:
    return Text(str(n), str(n))


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)
