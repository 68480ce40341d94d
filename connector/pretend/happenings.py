"""What can happen in the pretend company. A sandbox replays these in time order up to its clock, in its CRM's terms.

Numbers name things: users, contacts, companies, deals, calls and meetings have company-wide integer ids which both
sandboxes keep as their own ids wherever the CRM lets them (Bitrix24 leads take the id of the deal they may become).
Instants are aware UTC. Amounts are minor units. Stages are the neutral words in STAGES; a sandbox maps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StageWord = Literal["unsorted", "new", "contacted", "proposal", "won", "lost"]
STAGES: tuple[StageWord, ...] = ("unsorted", "new", "contacted", "proposal", "won", "lost")
ROBOT = 0
"""Who acted where no person did."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something at a moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TeamMade(Happening):
    team: int
    name: str


@dataclass(frozen=True, slots=True)
class Hired(Happening):
    user: int
    name: str
    team: int
    head: bool = False
    admin: bool = False


@dataclass(frozen=True, slots=True)
class LeftCompany(Happening):
    """The person is deactivated; deals stay with him until reassigned."""

    user: int


@dataclass(frozen=True, slots=True)
class PipelineMade(Happening):
    """`service`: not for sale; stages are the six words in each pipeline."""

    pipeline: int
    name: str
    service: bool = False


@dataclass(frozen=True, slots=True)
class ClientCame(Happening):
    """A contact, with the company it belongs to (None: a private person). Both ids are new or known."""

    contact: int
    company: int | None
    phone: str
    owner: int


@dataclass(frozen=True, slots=True)
class Enquired(Happening):
    """An enquiry: an amoCRM deal in its first stage; in Bitrix24's classic mode a lead, in simple mode a deal.

    `by`: who entered it, ROBOT for forms and telephony. `unsorted`: amoCRM shows it in «Неразобранное» first.
    It becomes a Bitrix24 deal (lead CONVERTED) with its first move to `contacted` or beyond; a move to `lost` before
    that makes the lead JUNK. The company never loses an enquiry before `contacted` except as junk.
    """

    deal: int
    name: str
    contact: int | None
    company: int | None
    owner: int
    by: int
    pipeline: int
    source: str
    unsorted: bool = False
    amount: int | None = None
    currency: str = "RUB"


@dataclass(frozen=True, slots=True)
class Moved(Happening):
    """To a stage, perhaps of another pipeline; `reason` when lost."""

    deal: int
    stage: StageWord
    by: int
    pipeline: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Priced(Happening):
    deal: int
    amount: int | None
    by: int
    currency: str = "RUB"


@dataclass(frozen=True, slots=True)
class Reassigned(Happening):
    deal: int
    owner: int
    by: int


@dataclass(frozen=True, slots=True)
class Renamed(Happening):
    """An edit that no KPI sees: it only moves updated_at."""

    deal: int
    name: str
    by: int


@dataclass(frozen=True, slots=True)
class Called(Happening):
    """A call; `at` is its start. `deal`: the CRM attached it to the deal, else it hangs on the contact."""

    call: int
    direction: Literal["out", "in"]
    answered: bool
    seconds: int
    user: int
    contact: int
    deal: int | None = None


@dataclass(frozen=True, slots=True)
class MeetingPlanned(Happening):
    meeting: int
    user: int
    deal: int
    due: datetime


@dataclass(frozen=True, slots=True)
class MeetingHeld(Happening):
    """Completed with a result; `at` is when it was marked done."""

    meeting: int
    user: int
    text: str


@dataclass(frozen=True, slots=True)
class TaskSet(Happening):
    """A task on a deal. `todo`: in Bitrix24 a to-do of the deal's timeline («дело») instead of a task bound to it."""

    task: int
    user: int
    deal: int
    due: datetime
    todo: bool = False


@dataclass(frozen=True, slots=True)
class Rescheduled(Happening):
    """The task got another deadline."""

    task: int
    due: datetime
    by: int


@dataclass(frozen=True, slots=True)
class TaskDone(Happening):
    task: int
    by: int


@dataclass(frozen=True, slots=True)
class Rated(Happening):
    """The client answered the survey: the CSAT field and its date field are set."""

    deal: int
    score: int


@dataclass(frozen=True, slots=True)
class Refunded(Happening):
    """Money went back: the refund amount and date fields are set."""

    deal: int
    amount: int


@dataclass(frozen=True, slots=True)
class Deleted(Happening):
    deal: int
    by: int


@dataclass(frozen=True, slots=True)
class Restored(Happening):
    deal: int
    by: int


@dataclass(frozen=True, slots=True)
class Company:
    """The whole plan: every happening in time order, and the names that the configuration must use."""

    start: datetime
    end: datetime
    zone: str
    currency: str
    happenings: tuple[Happening, ...]
    sales_pipelines: tuple[str, ...] = ("Продажи", "Допродажи")
    service_pipeline: str = "Сервис"
    junk_reason: str = "Спам"
    csat_field: str = "CSAT"
    csat_date_field: str = "Дата оценки"
    refund_amount_field: str = "Сумма возврата"
    refund_date_field: str = "Дата возврата"
    currency_field: str = "Валюта"
    rates: tuple[tuple[str, str], ...] = (("USD", "90.00"),)
    """Known to the account; GBP appears in deals and has no rate anywhere."""
