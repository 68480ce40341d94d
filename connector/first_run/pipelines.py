"""Which pipelines sell: those in which deals are won. And which loss reasons say that it was no enquiry at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text

FEW = 0.02
"""A pipeline with a smaller part of all wins is left for a person to add."""
_JUNK = ("спам", "spam", "не целев", "нецелев", "дубл", "duplicate", "тест", "ошиб", "wrong number", "junk")
_OTHER = ("друг", "other", "иное", "прочее")


def pipelines(seen: Seen) -> Iterator[Proposal]:
    """The pipelines of sales, by name, where names tell them apart."""
    won = Counter(deal.pipeline_id for deal in seen.deals if deal.outcome == "won")
    every = Counter(deal.pipeline_id for deal in seen.deals)
    of_deals = [one for one in seen.pipelines if one.of == "deal"]
    if not of_deals:
        return
    total = sum(won.values())
    chosen = [one for one in of_deals if total and won[one.id] / total >= FEW]
    names = Counter(one.name for one in of_deals)
    lines = []
    for one in of_deals:
        stages = ", ".join(
            stage.name for stage in seen.stages if stage.pipeline_id == one.id and stage.outcome == "won"
        )
        lines.append(
            Text(
                f"{one.name}: сделок {every[one.id]}, выиграно {won[one.id]}; этап выигрыша: {stages or 'нет'}",
                f"{one.name}: {every[one.id]} deal{'' if every[one.id] == 1 else 's'}, {won[one.id]} won;"
                f" the won stage: {stages or 'none'}",
            )
        )
    some = chosen or of_deals
    told = (
        Text("в них выигрывают сделки", "deals are won in them") if chosen else Text("выигрышей нет", "nothing is won")
    )
    value = tuple(one.name if names[one.name] == 1 else one.id for one in some)
    yield Proposal("sales_pipelines", value, told, sure=bool(chosen), lines=tuple(lines))


def reasons(seen: Seen) -> Iterator[Proposal]:
    """By their names alone: whether they are right a person must say."""
    for key, signs, why in (
        ("junk_reasons", _JUNK, Text("по названию: это не обращения клиентов", "by name: these are no enquiries")),
        ("other_reasons", _OTHER, Text("по названию: ничего не говорят", "by name: they say nothing")),
    ):
        found = tuple(one.name for one in seen.reasons if any(sign in one.name.casefold() for sign in signs))
        if found:
            yield Proposal(key, tuple(dict.fromkeys(found)), why, sure=False)
