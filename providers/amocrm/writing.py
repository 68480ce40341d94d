"""Wishes -> amoCRM: deal fields, KPI cards, tasks. Reads first, writes what differs, leaves what a person changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from connector.errors import Refused, TryLater, Uncertain
from connector.wishes import AddTask, CloseTask, Delivered, SetFields, UpsertCard, Wish
from providers.amocrm import standing
from providers.amocrm.client import Client
from providers.amocrm.directory import Directory
from providers.amocrm.errands import Errands
from providers.amocrm.layout import Layouts
from providers.amocrm.mapping.cards import in_trash
from providers.amocrm.mapping.directory import stage_id, zone
from providers.amocrm.mapping.values import Row, embedded, table
from providers.amocrm.sending import BATCH, Job, patch
from providers.amocrm.spelling import Decision, Slot, Values, decide, encoded, shown, shows
from providers.amocrm.standing import Cards, key_of

WRITES = frozenset({"set_fields", "upsert_card", "add_task", "close_task"})
NOTHING: Values = {}
_MISSING = (
    "no such field: {}; prepare the account first (where an account refuses codes for fields, the process that "
    "writes must have prepared it itself: undoing does not, put such values back by hand)"
)
_ANOTHERS = "the card is that of {}: left alone; from the next month on each has a card of his own"


class Writing:
    """`apply` and `find` of the provider."""

    def __init__(self, calls: Client, directory: Directory, layouts: Layouts) -> None:
        self._calls, self._directory, self._layouts = calls, directory, layouts
        self._errands = Errands(calls)

    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        """One outcome for each. NeedsPerson is raised where the account stands still."""
        yield from self._deals([wish for wish in wishes if isinstance(wish, SetFields)])
        yield from self._cards([wish for wish in wishes if isinstance(wish, UpsertCard)])
        for wish in wishes:
            if isinstance(wish, AddTask):
                yield self._errands.add(wish)
            elif isinstance(wish, CloseTask):
                yield self._errands.close(wish)

    def find(self, wish: AddTask) -> str | None:
        return self._errands.find(wish)

    def replies(self, tasks: Sequence[str]) -> dict[str, str]:
        return self._errands.replies(tasks)

    # -- deals -----------------------------------------------------------------------------------------------------

    def _deals(self, wishes: Sequence[SetFields]) -> Iterator[Delivered]:
        for n in range(0, len(wishes), BATCH):
            yield from self._some_deals(wishes[n : n + BATCH])

    def _some_deals(self, wishes: Sequence[SetFields]) -> Iterator[Delivered]:
        try:
            rows, slots = self._leads([wish.deal_id for wish in wishes]), self._layouts.found().deal
            unsorted = self._directory.unsorted()
        except TryLater as error:
            yield from (Delivered(key=wish.key, status="retry", message=str(error)) for wish in wishes)
            return
        jobs: list[Job] = []
        for wish in wishes:
            told = self._deal(wish, rows.get(wish.deal_id), slots, unsorted)
            if isinstance(told, Job):
                jobs.append(told)
            else:
                yield told
        yield from patch(self._calls, "leads", jobs, lambda job: self._shows(f"leads/{job.id}", job, slots))

    def _deal(
        self, wish: SetFields, row: Row | None, slots: Mapping[str, Slot], unsorted: frozenset[str]
    ) -> Job | Delivered:
        """What to do about one deal."""
        if row is None or in_trash(row):
            return _rejected(wish, "the deal is not there")
        if stage_id(row.get("pipeline_id"), row.get("status_id")) in unsorted:
            return _rejected(wish, "the deal is in «Неразобранное»: a write would take it out of there")
        return self._job(wish, wish.deal_id, row, slots)

    def _leads(self, ids: Sequence[str]) -> dict[str, Row]:
        """Current deals by id, in one call where the account's filter works, one by one where it does not."""
        found: dict[str, Row] = {}
        if self._directory.account().get("is_api_filter_enabled") is not False and len(ids) > 1:
            params = {"filter[id][]": list(ids), "limit": 250, "page": 1}
            found = {str(row.get("id")): row for row in self._calls.rows("leads", "leads", params).rows}
        for id_ in ids:
            if id_ not in found and (row := standing.alone(self._calls, f"leads/{id_}")) is not None:
                found[id_] = row
        return found

    # -- cards -----------------------------------------------------------------------------------------------------

    def _cards(self, wishes: Sequence[UpsertCard]) -> Iterator[Delivered]:
        if not wishes:
            return
        try:
            found = self._layouts.found()
            cards = Cards(self._calls, f"catalogs/{found.home}/elements", found.card, self._zone())
            rows = cards.of(wishes) if found.home else []
        except TryLater as error:
            yield from (Delivered(key=wish.key, status="retry", message=str(error)) for wish in wishes)
            return
        if found.home is None:
            yield from (_rejected(wish, found.homeless) for wish in wishes)
            return
        jobs: list[Job] = []
        for wish, row in zip(wishes, rows, strict=True):
            told = self._new_card(cards, wish) if row is None else self._card(cards, wish, row)
            if isinstance(told, Job):
                jobs.append(told)
            else:
                yield told
        yield from patch(
            self._calls, cards.path, jobs, lambda job: self._shows(f"{cards.path}/{job.id}", job, found.card)
        )

    def _card(self, cards: Cards, wish: UpsertCard, row: Row) -> Job | Delivered:
        id_ = str(row["id"])
        if (owner := cards.owner(row, wish)) != key_of(wish):
            return Delivered(key=wish.key, status="conflict", crm_id=id_, message=_ANOTHERS.format(owner))
        return self._job(wish, id_, row, cards.slots, cards.key_for(wish, row))

    def _new_card(self, cards: Cards, wish: UpsertCard) -> Delivered:
        missing = [code for code in wish.values if code not in cards.slots]
        if missing:
            return _rejected(wish, _MISSING.format(", ".join(missing)))
        values = {code: text for code, text in wish.values.items() if text is not None} | cards.key_for(wish, {})
        body = {"name": wish.title, "custom_fields_values": encoded(values, cards.slots, cards.zone)}
        try:
            made = self._calls.write("post", cards.path, [{**body, "request_id": "0"}])
            rows = embedded(table(made), "elements")
        except TryLater as error:
            return Delivered(key=wish.key, status="retry", message=str(error))
        except Uncertain as error:
            return _unsure(cards, wish, str(error))
        except Refused as error:
            return _rejected(wish, str(error))
        return _made(cards, wish, rows[0]) if rows else _unsure(cards, wish, "accepted without an answer")

    # -- both ------------------------------------------------------------------------------------------------------

    def _job(
        self, wish: SetFields | UpsertCard, id_: str, row: Row, slots: Mapping[str, Slot], also: Values = NOTHING
    ) -> Job | Delivered:
        """A change, or why there is none; `also` goes along whatever stands there."""
        missing = [code for code in wish.values if code not in slots]
        if missing:
            return _rejected(wish, _MISSING.format(", ".join(missing)))
        ours = {code: slots[code] for code in wish.values}
        before = shown(row, ours, self._zone())
        decision = decide(wish.values, before, wish.last, ours)
        if not decision.write and not also:
            return _untouched(wish, id_, before, decision)
        body = {"id": int(id_), "custom_fields_values": encoded({**decision.write, **also}, slots, self._zone())}
        return Job(wish.key, id_, body, before, decision.write, decision.theirs)

    def _shows(self, path: str, job: Job, slots: Mapping[str, Slot]) -> bool:
        """Whether the card now holds what the job wanted."""
        try:
            row = standing.alone(self._calls, path)
        except (TryLater, Refused):
            return False
        return row is not None and shows(row, job.write, slots, self._zone())

    def _zone(self) -> ZoneInfo:
        return zone(self._directory.account()) or ZoneInfo("UTC")


def _rejected(wish: Wish, why: str) -> Delivered:
    return Delivered(key=wish.key, status="rejected", message=why)


def _made(cards: Cards, wish: UpsertCard, row: Row) -> Delivered:
    id_ = str(row["id"])
    cards.owners[id_] = key_of(wish)
    before = dict.fromkeys(wish.values)
    return Delivered(key=wish.key, status="done", crm_id=id_, before=before, after=dict(wish.values))


def _unsure(cards: Cards, wish: UpsertCard, why: str) -> Delivered:
    try:
        row = cards.made(wish)
    except (TryLater, Refused):
        row = None
    return Delivered(key=wish.key, status="unknown", message=why) if row is None else _made(cards, wish, row)


def _untouched(
    wish: SetFields | UpsertCard, id_: str, before: Mapping[str, str | None], decision: Decision
) -> Delivered:
    if decision.theirs:
        why = f"left to a person: {', '.join(decision.theirs)}"
        return Delivered(key=wish.key, status="conflict", crm_id=id_, before=dict(before), message=why)
    return Delivered(key=wish.key, status="noop", crm_id=id_, before=dict(before), after=dict(before))
