"""A deal's card, in a narrow column: own plan and pace, what is known of this deal, and what of it counts and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connector.fact import STANDS, Fact
from connector.kpi.kinds import KINDS
from connector.kpi.telling.render import left_out
from connector.kpi.text import Language
from connector.moment import zone_of
from connector.money import to_units
from connector.pipeline.deal_card import CardFacts
from connector.pipeline.showing import PLANNED, Shown
from connector.web import locale
from connector.web.access import Access
from connector.web.views import plan
from connector.web.views.figures import Figure, Pen
from connector.web.views.person import headline, planned_of
from connector.web.words import WORDS

FIGURES = 3
ROWS = 8


@dataclass(frozen=True, slots=True)
class Told:
    """One thing known of the deal; `bad`: somebody should do something."""

    label: str
    text: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of it: `why` says that it counts, or why it does not."""

    at: str
    what: str
    much: str
    why: str
    counts: bool


@dataclass(frozen=True, slots=True)
class CardPage:
    """Everything on it. `open`: the whole page of whose numbers these are."""

    title: str
    about: str
    as_of: str
    plan: plan.PlanBlock | None
    figures: tuple[Figure, ...]
    deal: tuple[Told, ...]
    rows: tuple[Row, ...]
    open: str


def card_page(seen: Shown, card: CardFacts, access: Access, norm_minutes: int, language: Language) -> CardPage:
    """The owner's numbers for whoever may see them, else one's own; facts only of people whom one may see."""
    user = card.owner if card.owner is not None and access.person(card.owner) else access.user
    subject, pen = f"user:{user}", Pen.of(seen.report, language)
    results = {kpi: result for (who, kpi), result in seen.results.items() if who == subject}
    told = {PLANNED} if (subject, PLANNED) in seen.paces else set[str]()
    wanted = [key for key in headline(results, planned_of(seen, subject)) if key not in told]
    mine = [fact for fact in card.facts if fact.user is not None and access.person(fact.user)]
    own = WORDS["card_own"](language) if user == access.user else ""
    return CardPage(
        title=own or WORDS["card_of"](language).format(name=seen.everyone.users.get(user, user)),
        about=WORDS["card_deal" if card.ref.startswith("deal:") else "card_lead"](language),
        as_of=plan.as_of(seen, language),
        plan=plan.block(seen, subject, pen, PLANNED),
        figures=tuple(pen.figure(results[key]) for key in wanted if results[key].value is not None)[:FIGURES],
        deal=tuple(_told(mine, seen, norm_minutes, language)),
        rows=tuple(_row(fact, seen, language) for fact in mine if _happened(fact))[:ROWS],
        open=f"/people/{user}",
    )


def _told(known: Iterable[Fact], seen: Shown, norm_minutes: int, language: Language) -> Iterator[Told]:
    """Reaction, stage, next step, and how long nobody has done anything."""
    live = {fact.kind: fact for fact in known if fact.omitted is None}
    if "enquiry" in live:
        yield _reaction(live["enquiry"], seen, norm_minutes, language)
    if "open_deal" in live:
        yield from _standing(live["open_deal"], seen, language)
    if "open_quiet" in live:
        quiet = live["open_quiet"]
        stuck = quiet.due_at is not None and quiet.due_at <= seen.now
        days = locale.counted_days((seen.now - quiet.at).days, language)
        text = f"{days}, {WORDS['card_stuck'](language)}" if stuck else days
        yield Told(WORDS["card_quiet"](language), text, stuck)


def _reaction(asked: Fact, seen: Shown, norm_minutes: int, language: Language) -> Told:
    label = WORDS["card_reaction"](language)
    if asked.number is None:
        late = asked.due_at is not None and asked.due_at <= seen.now
        words = [WORDS["card_waits"](language)] + ([WORDS["card_out_of_norm"](language)] if late else [])
        return Told(label, ", ".join(words), late)
    late = asked.number > norm_minutes * 60
    took = locale.figure(asked.number / 60, "minutes", seen.report.currency, language)
    return Told(label, f"{took}, {WORDS['card_out_of_norm' if late else 'card_in_norm'](language)}", late)


def _standing(deal: Fact, seen: Shown, language: Language) -> Iterator[Told]:
    yield Told(WORDS["card_stage"](language), locale.counted_days(max(0, (seen.now - deal.at).days), language))
    if deal.due_at is None:
        yield Told(WORDS["card_next_step"](language), WORDS["card_no_step"](language), bad=True)
        return
    due = locale.moment(deal.due_at.astimezone(zone_of(seen.zone)), language)
    late = deal.due_at <= seen.now
    yield Told(WORDS["card_next_step"](language), f"{due}, {WORDS['late'](language)}" if late else due, late)


def _happened(fact: Fact) -> bool:
    """Not what only stands, and not what waits for an outcome: a reader would take it for one."""
    waits = fact.number is None and fact.due_at is not None and fact.kind not in ("enquiry", "win")
    return fact.day != STANDS and not waits


def _row(fact: Fact, seen: Shown, language: Language) -> Row:
    kind, currency = KINDS[fact.kind], seen.report.currency
    reason = fact.omitted or fact.note
    return Row(
        at=locale.moment(fact.at.astimezone(zone_of(seen.zone)), language),
        what=kind.one(language),
        much="" if fact.amount is None else locale.money(to_units(fact.amount, currency), currency, language),
        why=left_out(reason, language) if reason else WORDS["card_yes"](language),
        counts=fact.omitted is None,
    )
