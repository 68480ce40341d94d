"""What an account has from its first day: stages, loss reasons, sources, custom fields, by the company's names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from connector.pretend.happenings import Company, Enquired, Moved, Priced, StageWord
from providers.amocrm.sandbox.rows import FieldDef
from providers.amocrm.sandbox.world import LOST, WON, World

STAGES: tuple[tuple[StageWord, str, int], ...] = (
    ("unsorted", "Неразобранное", 10),
    ("new", "Новая", 20),
    ("contacted", "Контакт установлен", 30),
    ("proposal", "Предложение", 40),
    ("won", "Успешно реализовано", 10000),
    ("lost", "Закрыто и не реализовано", 11000),
)


def status_id(pipeline: int, stage: StageWord) -> int:
    """142 and 143 in every pipeline, else an id of its own."""
    if stage in ("won", "lost"):
        return WON if stage == "won" else LOST
    words = [word for word, _, _ in STAGES]
    return 30_000_000 + pipeline * 10 + words.index(stage)


def seconds(at: datetime) -> int:
    """Unix time, as the API counts."""
    return int(at.timestamp())


class Founding:
    """Fills the world's directories; `ids` names our custom fields, `reasons` and `sources` turn names into ids."""

    def __init__(self, world: World, company: Company) -> None:
        self._world, self._company = world, company
        plan = company.happenings
        world.created_at = seconds(company.start)
        reasons = [company.junk_reason, *(h.reason for h in plan if isinstance(h, Moved) and h.reason)]
        self.reasons = {name: 31 + n for n, name in enumerate(dict.fromkeys(reasons))}
        world.loss_reasons = {id_: name for name, id_ in self.reasons.items()}
        sources = [h.source for h in plan if isinstance(h, Enquired) and h.source]
        self.sources = {name: 9001 + n for n, name in enumerate(dict.fromkeys(sources))}
        world.sources = {id_: name for name, id_ in self.sources.items()}
        others = [h.currency for h in plan if isinstance(h, Enquired | Priced)]
        self._fields([company.currency, *others])
        self._contact_fields()

    def _fields(self, currencies: list[str]) -> None:
        company = self._company
        leads = (
            ("csat", company.csat_field, "numeric"),
            ("csat_date", company.csat_date_field, "date_time"),
            ("refund", company.refund_amount_field, "numeric"),
            ("refund_date", company.refund_date_field, "date_time"),
            ("currency", company.currency_field, "select"),
        )
        self.ids = {word: 501_001 + n for n, (word, _, _) in enumerate(leads)}
        for word, name, kind in leads:
            field = FieldDef(id=self.ids[word], entity="leads", name=name, type=kind, sort=self.ids[word] - 500_500)
            self._world.fields["leads"][field.id] = field
        self._currency = self._world.fields["leads"][self.ids["currency"]]
        self._currency.enums = [
            {"id": 77_001 + n, "value": word, "sort": n * 10, "code": None}
            for n, word in enumerate(dict.fromkeys(currencies))
        ]

    def _contact_fields(self) -> None:
        for entity, first in (("contacts", 502_001), ("companies", 503_001)):
            for n, (code, name) in enumerate((("PHONE", "Телефон"), ("EMAIL", "Email"))):
                self._world.fields[entity][first + n] = FieldDef(
                    id=first + n, entity=entity, name=name, type="multitext", code=code, predefined=True,
                    enums=[
                        {"id": (first + n) * 10 + k, "value": word, "sort": k + 1, "code": None}
                        for k, word in enumerate(("WORK", "MOB", "OTHER"))
                    ],
                )  # fmt: skip

    def currency_values(self, currency: str) -> list[dict[str, Any]]:
        """[] for the account's own currency: the field is filled only where it differs."""
        if currency == self._company.currency:
            return []
        enum = next(enum for enum in self._currency.enums if enum["value"] == currency)
        return [{"value": enum["value"], "enum_id": enum["id"], "enum_code": None}]
