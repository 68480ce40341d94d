"""What stood at a moment: the owner, the amount, the stage. Walks histories instead of looking at what stands now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from connector.derive.rules import Sales
from connector.fact import Confidence, Dossier
from connector.records import Client, Deal, Filling, Lead, Move, Outcome, Owner, Price, Ref, filled

CONFIDENCE: tuple[Confidence, ...] = ("exact", "observed", "assumed")
"""From the best to the worst."""

SOON = timedelta(hours=1)
"""A record that we saw within this time of its creation was observed from its beginning."""
_RANK = {name: rank for rank, name in enumerate(CONFIDENCE)}


def worst(*given: Confidence) -> Confidence:
    """A number is as good as the worst that it rests on."""
    return "assumed" if "assumed" in given else "observed" if "observed" in given else "exact"


def surer(given: Confidence) -> int:
    """The greater, the surer."""
    return -_RANK[given]


def id_order(id: str) -> tuple[int, str]:
    """Sorts ids as the CRM counts them: "9" before "10"."""
    return len(id), id


class Entered(NamedTuple):
    """Since when an outcome or a stage stands, and who brought it there, None where nobody did or the CRM is silent."""

    at: datetime
    confidence: Confidence
    by: str | None = None


class Entry(NamedTuple):
    """A deal or lead came into a stage: when, how surely, and who moved it."""

    at: datetime
    stage_id: str | None
    outcome: Outcome
    confidence: Confidence
    by: str | None = None


class Owned(NamedTuple):
    """Whose it was."""

    user: str | None
    confidence: Confidence


class Priced(NamedTuple):
    """What it was worth, in minor units of its own currency."""

    amount: int | None
    currency: str | None
    confidence: Confidence


class Kept(NamedTuple):
    """Which custom fields held something."""

    names: Collection[str]
    confidence: Confidence


Change = TypeVar("Change", Move, Owner, Price, Filling)


class History:
    """The histories of one dossier's deals and leads."""

    __slots__ = ("_clients", "_dossier", "_fillings", "_moves", "_owners", "_prices", "_records", "_sales")

    def __init__(self, dossier: Dossier, sales: Sales) -> None:
        self._dossier, self._sales = dossier, sales
        self._moves = _in_order(move for move in dossier.moves if move.from_stage_id != move.stage_id)
        self._owners = _in_order(dossier.owners)
        self._prices = _in_order(dossier.prices)
        self._fillings = _in_order(dossier.fillings)
        records: tuple[Deal | Lead, ...] = (*dossier.leads, *dossier.deals)
        self._records = {record.ref: record for record in records}
        self._clients: dict[Ref, Client] = {client.id: client for client in dossier.clients}

    def record(self, ref: Ref) -> Deal | Lead | None:
        """The dossier's deal or lead of this name."""
        return self._records.get(ref)

    def entered(self, of: Deal | Lead) -> Entered:
        """When the outcome that stands now came to stand for good: the last entry into it from another outcome.

        Moves within the outcome are no entries. Where no move tells, the CRM's own closing moment is assumed.
        """
        entry = _last_entry(self._moves.get(of.ref, ()), of.outcome)
        if entry is not None:
            return Entered(entry.at, "exact", entry.by)
        return Entered(of.closed_at or of.updated_at or of.created_at, "assumed")

    def won_first(self, deal: Deal) -> Entered:
        """When a deal that stands won came to be won for the first time, whatever became of it in between."""
        first = next((entry for entry in self.entries(deal) if entry.outcome == "won"), None)
        return self.entered(deal) if first is None else Entered(first.at, first.confidence, first.by)

    def staged(self, deal: Deal) -> Entered:
        """When the deal came to stand in its present stage.

        Without any move it stands where it was created, for sure if that is where deals begin. Where moves tell of
        another stage, or of none that led to a close, the last moment known is assumed.
        """
        moves = self._moves.get(deal.ref, ())
        entry = _last_stay(moves, deal.stage_id)
        if entry is not None:
            return Entered(entry.at, "exact", entry.by)
        if moves:
            return Entered(moves[-1].at, "assumed")
        begun = deal.stage_id in self._sales.ladder.first
        closed = deal.closed_at if deal.outcome != "open" else None
        return Entered(closed or deal.created_at, "exact" if begun else "assumed")

    def entries(self, of: Deal | Lead) -> list[Entry]:
        """Every entry into a stage in order, beginning with the creation where the first move tells from which stage.

        Without any move it is in its stage since the creation, or, closed, since the moment assumed for that.
        """
        moves = self._moves.get(of.ref, ())
        if not moves:
            begun: Confidence = "exact" if of.stage_id in self._sales.ladder.first else "assumed"
            at, sure = (of.created_at, begun) if of.outcome == "open" else self.entered(of)[:2]
            return [Entry(at, of.stage_id, of.outcome, sure)]
        told = [Entry(move.at, move.stage_id, move.outcome, "exact", move.by) for move in moves]
        first = moves[0]
        if first.from_stage_id is not None:
            start = min(of.created_at, first.at)
            told.insert(0, Entry(start, first.from_stage_id, first.from_outcome or "open", "exact", of.created_by))
        return told

    def moves(self, ref: Ref) -> Sequence[Move]:
        """The moves of a deal or lead in order, without those from a stage to itself."""
        return self._moves.get(ref, ())

    def owners(self, ref: Ref) -> Sequence[Owner]:
        """The changes of a deal's or lead's owner in order."""
        return self._owners.get(ref, ())

    def owner(self, of: Deal | Lead, at: datetime, *, grace: timedelta = timedelta(0)) -> Owned:
        """Who was responsible at the moment. `grace`: a record first seen so much later still counts as observed."""
        changes = self._owners.get(of.ref, ())
        last, following = _around(changes, at)
        user = last.user_id if last else following.before if following else of.owner_id
        return Owned(user, self._confidence(self._sales.owner_history, last or following, of.ref, at, grace))

    def price(self, deal: Deal, at: datetime) -> Priced:
        """What the deal was worth at the moment."""
        last, following = _around(self._prices.get(deal.ref, ()), at)
        known = last or following
        amount = last.amount if last else following.before if following else deal.amount
        confidence = self._confidence(self._sales.price_history, known, deal.ref, at)
        return Priced(amount, _currency(deal, last, following), confidence)

    def fields(self, deal: Deal, at: datetime) -> Kept:
        """Which of the deal's fields held something in the first version at or after the moment that we know of.

        What was filled between two readings with the moment in between counts as filled in time: nobody saw otherwise.
        """
        later = next((one for one in self._fillings.get(deal.ref, ()) if one.since >= at), None)
        names = [name for name, value in deal.fields.items() if filled(value)] if later is None else later.before
        since = self._dossier.since.get(deal.ref)
        return Kept(names, "observed" if since is not None and since - SOON <= at else "assumed")

    def client(self, company: Ref | None, contacts: Sequence[Ref]) -> Ref | None:
        """Whom it was sold to: the company, else the main contact's company, else the main contact."""
        if company is None and contacts:
            known = self._clients.get(contacts[0])
            company = (known.company if known else None) or contacts[0]
        return self.survivor(company) if company else None

    def survivor(self, ref: Ref) -> Ref:
        """The record that a merged one lives on in."""
        for _ in range(len(self._dossier.merged)):
            ref = self._dossier.merged.get(ref, ref)
        return ref

    def gone(self, ref: Ref) -> str | None:
        """Why a record counts no more: "merged", "deleted", or None."""
        if ref in self._dossier.merged:
            return "merged"
        return "deleted" if ref in self._dossier.gone else None

    def _confidence(
        self, kept: str, known: Owner | Price | None, ref: Ref, at: datetime, grace: timedelta = timedelta(0)
    ) -> Confidence:
        if kept == "exact" and (known is None or known.how == "exact"):
            return "exact"
        since = self._dossier.since.get(ref)
        return "observed" if since is not None and since - grace <= at else "assumed"


def _in_order(changes: Iterable[Change]) -> dict[Ref, list[Change]]:
    by_ref: dict[Ref, list[Change]] = {}
    for change in changes:
        by_ref.setdefault(change.of, []).append(change)
    for found in by_ref.values():
        if len(found) > 1:
            found.sort(key=lambda change: (change.at, *id_order(change.id)))
    return by_ref


_Kept = TypeVar("_Kept", Owner, Price)


def _around(changes: Sequence[_Kept], at: datetime) -> tuple[_Kept | None, _Kept | None]:
    """The last change up to the moment and the first one after it."""
    last = None
    for change in changes:
        if change.at > at:
            return last, change
        last = change
    return last, None


def _currency(deal: Deal, last: Price | None, following: Price | None) -> str | None:
    """What we saw is as seen, also that there was none; a CRM that tells amounts only means the deal's currency."""
    known = last or following
    if known is None:
        return deal.currency
    stood = known.currency if last else known.currency_before
    return stood if known.how == "observed" else stood or known.currency or deal.currency


def _last_entry(moves: Sequence[Move], outcome: Outcome) -> Move | None:
    entry = None
    for move in reversed(moves):
        if move.outcome != outcome:
            break
        entry = move
        if move.from_outcome not in (None, outcome):
            break
    return entry


def _last_stay(moves: Sequence[Move], stage: str) -> Move | None:
    entry = None
    for move in reversed(moves):
        if move.stage_id != stage:
            break
        entry = move
        if move.from_stage_id is not None:
            break
    return entry
