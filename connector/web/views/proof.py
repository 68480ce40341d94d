"""One number and its proof: what it means, what it is made of, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from connector.kpi.explain import Explanation
from connector.kpi.people import titled_of
from connector.kpi.telling.render import left_out
from connector.kpi.telling.words import CONFIDENCE
from connector.kpi.text import Language
from connector.moment import Zone, from_ms, zone_of
from connector.quality.telling import Names
from connector.web import locale
from connector.web.views import facts
from connector.web.views.figures import Figure, Pen
from connector.web.words import WORDS

PAGE = 100


@dataclass(frozen=True, slots=True)
class Proof:
    """`sides`: numerator and denominator in words. `reasons`: how many facts were left out for each reason.

    `shown`: which page of the facts this is, from 1, of `pages`.
    """

    who: str
    period: str
    as_of: str
    figure: Figure
    sides: str
    sure: str
    ripening: str
    counter: str
    counter_href: str
    counted: tuple[facts.Row, ...]
    counted_total: int
    left_out: tuple[facts.Row, ...]
    left_out_total: int
    reasons: tuple[tuple[str, int], ...]
    page: int
    pages: int
    href: str
    back: str


def proof(
    told: Explanation,
    zone: Zone,
    language: Language,
    *,
    page: int,
    counter: str,
    own: bool = False,
    names: Names | None = None,
) -> Proof:
    """`counter`: the title of the KPI that shows what chasing this one costs; empty where there is none. `names`: of
    criteria, by key.
    """
    kpi, result = told.kpi, told.result
    pen = Pen({kpi.key: kpi}, told.currency, language, told.period.label)
    counted, left = facts.rows(told, zone, language, own=own, names=names)
    pages = max(1, -(-max(len(counted), len(left)) // PAGE))
    here = min(max(page, 1), pages)
    some = slice((here - 1) * PAGE, here * PAGE)
    reasons = Counter(left_out(item.why, language) for item in told.left_out if item.why)
    kind, _, id = result.subject.partition(":")
    return Proof(
        who=titled_of(told.result.subject, told.name, language),
        period=locale.month(told.period.label, language),
        as_of=locale.dated(from_ms(told.as_of).astimezone(zone_of(zone)), language),
        figure=pen.figure(result),
        sides=_sides(told, language),
        sure="" if result.confidence == "exact" else CONFIDENCE[result.confidence](language),
        ripening=_ripening(told, language),
        counter=counter,
        counter_href=pen.href(kpi.counter, result.subject) if counter and kpi.counter else "",
        counted=tuple(counted[some]),
        counted_total=len(counted),
        left_out=tuple(left[some]),
        left_out_total=len(left),
        reasons=tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        page=here,
        pages=pages,
        href=pen.href(kpi.key, result.subject),
        back=f"/people/{id}?period={told.period.label}" if kind == "user" else f"/board?period={told.period.label}",
    )


def _ripening(told: Explanation, language: Language) -> str:
    sort = "waiting" if told.kpi.waits else "provisional" if told.kpi.provisional else "ripening"
    label = WORDS[sort](language)
    return f"{label}: {told.result.ripening}" if told.result.ripening else ""


def _sides(told: Explanation, language: Language) -> str:
    result = told.result
    if result.denominator is None:
        return ""
    sides = zip((result.numerator, result.denominator), told.kpi.side_units, strict=True)
    above, below = (locale.figure(side, unit, told.currency, language) for side, unit in sides)
    return WORDS["sides"](language).format(above=above, below=below)
