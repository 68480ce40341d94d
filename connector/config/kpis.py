"""`[[account.kpi]]`: a KPI of the account's own, in the words the catalogue is made of.

Only the shape is checked here; whether such facts exist and can be measured so is for `connector.kpi.custom.compiled`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from connector.config.section import Section
from connector.config.values import shaped

LONGEST_DAYS = 1825
Word = Annotated[str, Field(min_length=1, max_length=200)]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _facts(value: object) -> object:
    if not isinstance(value, str | list | dict):
        raise ValueError('a kind of facts such as "win", or { of = "win", where = ["amount > 0"] }')
    return value if isinstance(value, dict) else {"of": value}


def _both(value: object) -> object:
    if not isinstance(value, str | dict):
        raise ValueError('a text, or { ru = "…", en = "…" }')
    return {"ru": value, "en": value} if isinstance(value, str) else value


Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]
"""One text or several."""
Kinds = Annotated[tuple[Word, ...], BeforeValidator(_listed), Field(min_length=1)]


class Named(Section):
    """A text, in both languages or one for both."""

    ru: Word
    en: Word


Title = Annotated[Named, BeforeValidator(_both)]


class FactsOf(Section):
    """Facts of these kinds that pass every condition (`number >= 180`, `amount > 100000`, `due <= now`)."""

    of: Kinds
    where: Words = ()
    pipeline: Words = ()
    """Names or ids."""
    source: Words = ()
    stage: Words = ()
    direction: Literal["out", "in"] | None = None
    """Of calls: with `of = "call"`."""


class ValueOf(FactsOf):
    """A value that such facts carry."""

    value: Literal["amount", "number", "other"]


class RankOf(ValueOf):
    """`rank`: so many percent lie below."""

    rank: float = Field(gt=0, lt=100, allow_inf_nan=False)


class ShareOf(FactsOf):
    """Which of the facts `among` (left out: of the same kinds) are `of` these kinds and pass `where`.

    `among_where` and the other filters hold for both, so the part always lies within the whole.
    """

    among: Words = ()
    among_where: Words = ()


Facts = Annotated[FactsOf, BeforeValidator(_facts)]
"""`"win"` is `{ of = "win" }`."""


class Side(Section):
    """One side of a ratio: exactly one word."""

    count: Facts | None = None
    sum: ValueOf | None = None
    clients: Facts | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        _exactly_one(self, tuple(type(self).model_fields))
        return self


class Below(Side):
    """What it is divided by: also the plan for a KPI, or the days worked."""

    plan: Word | None = None
    days: Literal[True] | None = None


def _below(value: object) -> object:
    if value != "days" and not isinstance(value, dict):
        raise ValueError('"days" (the days worked), { plan = "revenue" }, or a measure such as { count = "call_out" }')
    return {"days": True} if value == "days" else value


class Ratio(Section):
    """`top` divided by `bottom`, each of whatever facts."""

    top: Side
    bottom: Annotated[Below, BeforeValidator(_below)]


def _days(value: object) -> object:
    written = re.fullmatch(r"\s*(\d{1,4})\s*d\s*", value, re.ASCII) if isinstance(value, str) else None
    if written is None or not 1 <= int(written[1]) <= LONGEST_DAYS:
        raise ValueError(f'days, such as "60d", up to "{LONGEST_DAYS}d"')
    return int(written[1])


Days = Annotated[int, BeforeValidator(_days), PlainSerializer(lambda days: f"{days}d")]
"""Written as 60d."""


class Conversion(Section):
    """Of the facts `from` that are old enough, which part came `to` the other within the window."""

    model_config = ConfigDict(populate_by_name=True)
    start: Word = Field(alias="from")
    end: Word = Field(alias="to")
    window: Days | None = None
    """In days; left out: as in the account's rules."""
    pipeline: Words = ()
    source: Words = ()
    stage: Words = ()


MEASURES = ("count", "sum", "clients", "mean", "median", "percentile", "share", "ratio", "conversion")
"""The words that say how it is measured: each KPI has exactly one."""


class KpiSettings(Section):
    """A KPI of the account's own."""

    key: Annotated[
        str,
        shaped("[a-z][a-z0-9_]{1,59}", "small Latin letters, digits, _, a letter first, such as long_call_share"),
    ]
    title: Title | None = None
    """Left out: the key."""
    meaning: Title | None = None
    """Left out: its formula in words."""
    count: Facts | None = None
    sum: ValueOf | None = None
    clients: Facts | None = None
    mean: ValueOf | None = None
    median: ValueOf | None = None
    percentile: RankOf | None = None
    share: ShareOf | None = None
    ratio: Ratio | None = None
    conversion: Conversion | None = None
    unit: Literal["money", "count", "share", "minutes", "days", "score"] | None = None
    """Left out: as it follows from the facts."""
    family: Literal["financial", "process", "client", "quality"] = "process"
    direction: Literal["more", "less", "neither"] = "more"
    minimum: int | None = Field(None, ge=1, le=100_000)
    """Facts below which it is too little data; left out: by the word (rule C12)."""
    counter: Word | None = None
    """The KPI that shows what chasing this one costs."""
    credit: Literal["event", "now", "actor", "creator", "split"] | None = None
    """Left out: the account's rule."""

    @model_validator(mode="after")
    def _measured(self) -> Self:
        _exactly_one(self, MEASURES)
        return self

    @property
    def word(self) -> str:
        """How it is measured."""
        return next(name for name in MEASURES if getattr(self, name) is not None)


def _exactly_one(section: BaseModel, names: tuple[str, ...]) -> None:
    given = [name for name in names if getattr(section, name) is not None]
    if len(given) != 1:
        raise ValueError(f"exactly one of {', '.join(names)}; {' and '.join(given) or 'none'} stands here")
