"""What must exist before we write: our deal fields in a group, a list for the KPI cards, the list's fields.

Found by code, else by name and type, and only then created; nothing of others is touched. Source: crm/amocrm 3.11, 4.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connector.errors import Broken, NotThere, Refused, Unfit
from connector.wishes import FieldSpec, Layout
from providers.amocrm.client import Client
from providers.amocrm.mapping.values import Row, embedded, label, table
from providers.amocrm.paging import Walk, shared
from providers.amocrm.spelling import TYPES, Slot

CARDS = ("KPI менеджера", "KPI of a seller")
"""What the program calls the list of KPI cards, in its two languages."""
KEY = FieldSpec(code="KPI_KEY", title="KPI key (do not change)", type="text")
"""`USER/PERIOD`: whose card it is. Namesakes have cards of one title."""
_NO_KEY = (
    "the list of KPI cards has no field {}, and it could not be made: {}; without it cards whose ids are lost are "
    "found by their titles, which namesakes share; `kpi push` with an administrator's token makes it"
)


@dataclass(slots=True)
class Found:
    """What was found or made: slots by our codes."""

    deal: dict[str, Slot] = field(default_factory=dict)
    card: dict[str, Slot] = field(default_factory=dict)
    """With that of the key, where the list has one."""
    home: str | None = None
    """The list's id."""
    homeless: str = "the list of KPI cards was not prepared"
    """Why there is no list, where there is none."""


class Layouts:
    """Remembers what `prepare` found; without it (undoing prepares nothing) our fields are found by their codes."""

    def __init__(self, calls: Client, note: Callable[[str], None]) -> None:
        self._calls, self._note = calls, note
        self._found: Found | None = None

    def found(self) -> Found:
        """What can be written to now. Makes nothing."""
        if self._found is None:
            found = Found(deal=self._coded("leads"))
            self._look_for_home(found)
            self._found = found
        return self._found

    def _look_for_home(self, found: Found) -> None:
        """Which of two lists a card is in cannot be told, and a card made in the wrong one would be a second."""
        try:
            homes = [row for row in self._all("catalogs", "catalogs") if label(row.get("name")) in CARDS]
            if len(homes) > 1:
                found.homeless = f"there are several lists of KPI cards: keep one of {', '.join(CARDS)}"
            elif homes:
                found.card = self._coded(f"catalogs/{homes[0]['id']}")
                found.home = str(homes[0]["id"])
        except Refused as error:
            found.homeless = f"the list of KPI cards cannot be looked for: {error}"

    def _coded(self, entity: str) -> dict[str, Slot]:
        return {str(row["code"]): _slot(row) for row in self.fields_of(entity) if row.get("code")}

    def fields_of(self, entity: str) -> Sequence[Row]:
        """Every custom field of leads, or of a list (`catalogs/5`)."""
        return self._all(f"{entity}/custom_fields", "custom_fields")

    def prepare(self, layout: Layout) -> None:
        """Idempotent. Raises Forbidden without an administrator's token, Unfit where the account is full."""
        found = Found()
        if layout.deal_fields:
            group = self._group(layout.group)
            found.deal = self._slots("leads", layout.deal_fields, group)
        if layout.card_name:
            found.home = self._home(layout.card_name)
            entity = f"catalogs/{found.home}"
            found.card = self._slots(entity, layout.card_fields, None) | self._key(entity)
        self._found = found

    def _key(self, entity: str) -> dict[str, Slot]:
        """None of what people look at depends on it: where it cannot be made, all else is written as before."""
        try:
            return self._slots(entity, (KEY,), None)
        except Refused as error:
            self._note(_NO_KEY.format(repr(KEY.title), error.what))
            return {}

    def _group(self, name: str) -> str | None:
        """The group's id; None, the default group, where the account has no groups to give."""
        path, key = "leads/custom_fields/groups", "custom_field_groups"
        known = self._named(path, key, name)
        if known is None:
            made = table(self._calls.write("post", path, [{"name": name, "sort": 100}]))
            known = next(iter(embedded(made, key)), None) or self._named(path, key, name)
        return str(known["id"]) if known else None

    def _home(self, name: str) -> str:
        known = self._named("catalogs", "catalogs", name)
        if known is None:
            body = [{"name": name, "type": "regular", "can_add_elements": True}]
            made = table(self._calls.write("post", "catalogs", body))
            known = next(iter(embedded(made, "catalogs")), None) or self._named("catalogs", "catalogs", name)
        if known is None:
            raise Broken(f"the list {name!r} was made and is not there", todo="look for it in amoCRM, then try again")
        return str(known["id"])

    def _slots(self, entity: str, specs: Sequence[FieldSpec], group: str | None) -> dict[str, Slot]:
        known = self._matched(entity, specs)
        for coded in (True, False):
            missing = [spec for spec in specs if spec.code not in known]
            if not missing:
                return known
            self._create(entity, missing, group, coded)
            known = self._matched(entity, specs)
        left = ", ".join(spec.title for spec in specs if spec.code not in known)
        if left:
            raise Broken(f"fields were made and are not there: {left}", todo="look for them in amoCRM, then try again")
        return known

    def _create(self, entity: str, specs: Sequence[FieldSpec], group: str | None, coded: bool) -> None:
        """With our code first; accounts exist that refuse one, there the title and type have to do."""
        body = [_body(spec, group, coded) for spec in specs]
        try:
            self._calls.write("post", f"{entity}/custom_fields", body)
        except Unfit:
            if not coded:
                raise

    def _matched(self, entity: str, specs: Sequence[FieldSpec]) -> dict[str, Slot]:
        path, key = f"{entity}/custom_fields", "custom_fields"
        return _matched(self._all(path, key, lambda rows: len(_matched(rows, specs)) == len(specs)), specs)

    def _named(self, path: str, key: str, name: str) -> Row | None:
        return _named(self._all(path, key, lambda rows: _named(rows, name) is not None), name)

    def _all(self, path: str, key: str, enough: Callable[[Sequence[Row]], bool] = lambda rows: True) -> Sequence[Row]:
        """Every row. Where they are not enough the end is proven: what is missed is made, and would be there twice."""
        rows: list[Row] = []

        def missed(fresh: Sequence[Row]) -> bool:
            return not enough([*rows, *fresh])

        walk = Walk(lambda params: self._calls.rows(path, key, params), {}, shared, limit=250)
        try:
            for step in walk.steps(doubt=missed):
                rows += step.rows
        except NotThere:
            return []
        return rows


def _body(spec: FieldSpec, group: str | None, coded: bool) -> Mapping[str, Any]:
    """`is_api_only`: people see the field and cannot type into it."""
    body: dict[str, Any] = {"name": spec.title, "type": TYPES[spec.type], "is_api_only": True}
    if coded:
        body["code"] = spec.code
    if group is not None:
        body["group_id"] = group
    return body


def _matched(rows: Sequence[Row], specs: Sequence[FieldSpec]) -> dict[str, Slot]:
    found: dict[str, Slot] = {}
    for spec in specs:
        coded = (row for row in rows if row.get("code") == spec.code)
        titled = (
            row
            for row in rows
            if not row.get("code")
            and label(row.get("name")) == label(spec.title)
            and row.get("type") == TYPES[spec.type]
        )
        row = next(coded, None) or next(titled, None)
        if row is not None:
            found[spec.code] = _slot(row)
    return found


def _slot(row: Row) -> Slot:
    return Slot(int(row["id"]), str(row.get("type")))


def _named(rows: Sequence[Row], name: str) -> Row | None:
    return next((row for row in rows if label(row.get("name")) == label(name)), None)
