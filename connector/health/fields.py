"""Configured custom fields: among which deals each can be expected, and how often it is filled. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from connector.config import Rules
from connector.records import Deal

SPARSE = 0.7
"""Below this a KPI that rests on the field is about those who fill it in."""
_PARTNERS = {"csat_date_field": "csat_field", "refund_date_field": "refund_amount_field",
             "refund_reason_field": "refund_amount_field",
             "payment_date_field": "payment_amount_field"}  # fmt: skip
"""A date or a reason is expected only where what it is of is there."""
EXPECTED = {"csat_field": 0.1}
"""Clients answer surveys when they like: the share from which a KPI of answers means something."""
_RARE = frozenset({"refund_amount_field", "currency_field", "split_field", "objection_field", "script_field"})
"""Filled where something happened: how often says nothing about how well."""
REQUIRED = "required_fields"
"""Fields of this list are each watched as `required_fields/NAME`; how well they are filled is K-37's own number."""


class Fill(NamedTuple):
    """A setting, the field it names, and in how many of the deals that should have it there is a value."""

    key: str
    name: str
    filled: int
    of: int
    rare: bool = False

    @property
    def share(self) -> float | None:
        return self.filled / self.of if self.of else None


def configured(rules: Rules) -> dict[str, str]:
    """The settings that name a custom field of deals, with its name; kept fields only, each required one apart."""
    kept = set(rules.wanted_fields())
    named = {key: getattr(rules, key, None) for key in type(rules).model_fields if key.endswith("_field")}
    found = {key: name for key, name in named.items() if isinstance(name, str) and name in kept}
    return found | {f"{REQUIRED}/{name}": name for name in rules.required_fields}


def fills(rules: Rules, won: Iterable[Deal]) -> list[Fill]:
    """How each configured field is filled among won deals: there all of them can be expected."""
    deals, named = list(won), configured(rules)
    found = []
    for key, name in named.items():
        partner = named.get(_PARTNERS.get(key, ""))
        those = deals if partner is None else [deal for deal in deals if filled(deal, partner)]
        rare = key in _RARE or key.startswith(REQUIRED)
        found.append(Fill(key, name, sum(filled(deal, name) for deal in those), len(those), rare))
    return found


def filled(deal: Deal, name: str) -> bool:
    """Whether there is anything in the field; 0 and False are values of a person, "" is none."""
    value = deal.fields.get(name)
    return value is not None and value not in ("", [], {})


def about(key: str, settings: Sequence[str | None]) -> bool:
    """Whether a KPI with one of these settings rests on the field: `csat_date_field` belongs to `csat_field`."""
    topic = key.split("_")[0]
    return any(setting == key or (setting or "").split("_")[0] == topic for setting in settings if setting)
