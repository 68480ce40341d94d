"""The portal's directory of stages, lead statuses and sources, made out of the company's neutral words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from connector.pretend.happenings import Company, Moved, StageWord
from providers.bitrix24.sandbox.rows import LEAD, Status
from providers.bitrix24.sandbox.table import Table

CODES: dict[StageWord, str] = {
    "unsorted": "NEW",
    "new": "NEW",
    "contacted": "PREPARATION",
    "proposal": "EXECUTING",
    "won": "WON",
    "lost": "LOSE",
}
_DEAL_STAGES = (
    ("NEW", "Новая", 10, None, True),
    ("PREPARATION", "Связались", 20, None, False),
    ("EXECUTING", "Предложение", 30, None, False),
    ("WON", "Сделка успешна", 40, "S", True),
    ("LOSE", "Сделка провалена", 50, "F", True),
)
_SOURCES = (("CALL", "Звонок"), ("WEB", "Веб-сайт"), ("EMAIL", "Электронная почта"), ("ADVERTISING", "Реклама"),
            ("PARTNER", "Существующий клиент"), ("RECOMMENDATION", "По рекомендации"), ("OTHER", "Другое"))  # fmt: skip
_KNOWN_SOURCES = {"call": "CALL", "phone": "CALL", "site": "WEB", "web": "WEB", "form": "WEB", "сайт": "WEB",
                  "звонок": "CALL", "email": "EMAIL", "mail": "EMAIL", "ads": "ADVERTISING", "реклама": "ADVERTISING",
                  "referral": "RECOMMENDATION", "рекомендация": "RECOMMENDATION"}  # fmt: skip


def code_for(name: str) -> str:
    """A code as the portal gives to stages that people add: stable for a name."""
    return "UC_" + hashlib.sha256(name.encode()).hexdigest()[:6].upper()


def reasons(company: Company) -> tuple[str, ...]:
    """Every reason deals are lost for in this company, the junk one first: each is a lost stage of its own."""
    told = [h.reason for h in company.happenings if isinstance(h, Moved) and h.reason]
    return tuple(dict.fromkeys([company.junk_reason, *told]))


@dataclass(slots=True)
class Directory:
    """crm.status: entries by (entity, code), and what the company's words mean in them."""

    junk: str
    reasons: tuple[str, ...]
    table: Table[Status] = field(default_factory=Table)
    by_code: dict[tuple[str, str], Status] = field(default_factory=dict)

    def open_portal(self) -> None:
        """What every portal has from its first day: lead statuses and sources."""
        lead = (
            ("NEW", "Не обработан", 10, None, True),
            ("IN_PROCESS", "В работе", 20, None, False),
            ("CONVERTED", "Качественный лид", 30, "S", True),
            ("JUNK", self.junk, 40, "F", True),
        )
        for code, name, sort, semantics, system in lead:
            self.add("STATUS", code, name, sort, semantics, system=system)
        for place, reason in enumerate(self.reasons):
            if reason != self.junk:
                self.add("STATUS", code_for(reason), reason, 50 + 10 * place, "F")
        for place, (code, name) in enumerate(_SOURCES):
            self.add("SOURCE", code, name, 10 + 10 * place, None)

    def open_category(self, category: int) -> None:
        """The stages of a pipeline of deals; in all but pipeline 0 their codes carry `C{n}:`."""
        for code, name, sort, semantics, system in _DEAL_STAGES:
            self.add(entity(category), coded(category, code), name, sort, semantics, category=category, system=system)
        for place, reason in enumerate(self.reasons):
            full = coded(category, code_for(reason))
            self.add(entity(category), full, reason, 60 + 10 * place, "F", category=category)

    def open_smart_type(self, kind: int, category: int) -> None:
        """The stages of a smart process."""
        for code, name, sort, semantics in (
            ("NEW", "Начало", 10, None),
            ("SUCCESS", "Успех", 20, "S"),
            ("FAIL", "Провал", 30, "F"),
        ):
            full = f"DT{kind}_{category}:{code}"
            self.add(f"DYNAMIC_{kind}_STAGE_{category}", full, name, sort, semantics, category=category, system=True)

    def add(
        self,
        entity: str,
        code: str,
        name: str,
        sort: int,
        semantics: str | None,
        *,
        category: int | None = None,
        system: bool = False,
    ) -> Status:
        """A new entry."""
        id = self.table.next_id()
        row = self.table.put(id, Status(id, entity, code, name, sort, semantics, category, system))
        self.by_code[(entity, code)] = row
        return row

    def deal_stage(self, category: int, word: StageWord, reason: str | None) -> str:
        """The stage of a word; a lost deal stands in the stage of its reason."""
        code = code_for(reason) if word == "lost" and reason in self.reasons and reason else CODES[word]
        return coded(category, code)

    def lost_lead(self, reason: str | None) -> str:
        """JUNK, unless the company names another reason."""
        return "JUNK" if reason in (None, self.junk) or reason not in self.reasons else code_for(str(reason))

    def source(self, word: str) -> str:
        """The code of a source; one that the portal does not know yet is added to its directory."""
        code = _KNOWN_SOURCES.get(word.lower(), word.upper() if ("SOURCE", word.upper()) in self.by_code else "")
        if code or not word:
            return code
        code = code_for(word)
        if ("SOURCE", code) not in self.by_code:
            self.add("SOURCE", code, word, 100, None)
        return code

    def semantics(self, kind: int, category: int, code: str) -> str | None:
        """P, S or F; None where there is no such stage."""
        where = "STATUS" if kind == LEAD else entity(category) if kind == 2 else f"DYNAMIC_{kind}_STAGE_{category}"
        row = self.by_code.get((where, code))
        return None if row is None else row.semantics or "P"


def entity(category: int) -> str:
    """The directory of a deal pipeline's stages."""
    return "DEAL_STAGE" if category == 0 else f"DEAL_STAGE_{category}"


def coded(category: int, code: str) -> str:
    """A stage's code in its pipeline."""
    return code if category == 0 else f"C{category}:{code}"
