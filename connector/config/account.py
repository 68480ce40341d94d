"""`[[account]]`: one account of one CRM, what may be written into it, what is asked of people, what is kept."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from connector.config.digest import DigestSettings
from connector.config.health import HealthSettings
from connector.config.kpis import KpiSettings
from connector.config.quality import QualitySettings
from connector.config.rules import Rules
from connector.config.section import Section
from connector.config.sets import KpiSetSettings
from connector.config.values import Clock, Currency, Month, Span, ZoneName, shaped

Level = Literal["off", "preview", "on"]


class WritebackSettings(Section):
    """What may be written into the CRM. Nothing is, until a level is switched on by a person."""

    deal_fields: Level = "preview"
    kpi_card: Level = "preview"
    tasks: Level = "preview"
    contests: Level = "preview"
    """A box and a text on deals by which their owners say that a record is wrong; on: they are made and read back."""
    contest_field: str = "KPI_CONTEST"
    contest_text_field: str = "KPI_CONTEST_TEXT"
    """By name, code or id; left out: fields of our own."""
    max_writes: int = Field(200, ge=0, le=100_000)
    """Field and card writes a run."""
    max_tasks: int = Field(20, ge=0, le=1000)
    """Tasks a run."""
    max_writes_a_day: int = Field(2000, ge=0, le=1_000_000)
    """Field and card writes within 24 hours that go out by themselves: then a person is asked. 0: only people push."""
    max_tasks_a_day: int = Field(100, ge=0, le=10_000)
    """Tasks within 24 hours, of what goes out by itself."""
    open_deals_only: bool = True
    """Deal fields go to open deals and to those closed in the current month."""

    def wanted_fields(self) -> tuple[str, ...]:
        """Custom deal fields a provider keeps where they are there, as they are once contests are on: also in preview,
        as an admin may switch them on at any time.
        """
        return (self.contest_field, self.contest_text_field) if self.contests != "off" else ()


class FeedbackSettings(Section):
    """How often people are asked and told; nothing is while `writeback.tasks` is off."""

    tasks_a_week: int = Field(7, ge=0, le=100)
    """For a head, in any seven days."""
    cool_down_days: int = Field(14, ge=1, le=365)
    """Quiet for a person and KPI after a task about it."""
    alerts_a_day: int = Field(5, ge=0, le=100)
    """For a seller, about single deals, enquiries and calls that wait; 0: none."""
    repeat_days: int = Field(3, ge=2, le=14)
    """On so many days within two weeks a seller is alerted himself before his head is told."""
    ramp_days: int = Field(90, ge=0, le=730)
    """Nothing is said of whoever came so lately."""
    measure_after_days: int = Field(28, ge=7, le=180)
    """How long after a talk its KPI is measured again."""


class PlanSettings(Section):
    """One agreed number: `user`, `team` or `company`, a KPI, a period (month), a value in the KPI's unit."""

    user: str | None = None
    team: str | None = None
    company: Literal[True] | None = None
    pipeline: str | None = None
    """By name or id: measured on the facts of that one only."""
    kpi: str
    period: Month
    value: Decimal = Field(ge=0)
    reason: str = ""
    """Of the value as it stands here: once another one was in force, it is needed."""


def _bank(url: str) -> str:
    if not re.match(r"^(https://[A-Za-z0-9.-]+(:\d+)?|http://(127\.0\.0\.1|localhost)(:\d+)?)/[^?#\s]*$", url):
        raise ValueError("an https:// address without a query, such as https://www.cbr.ru/scripts/XML_daily.asp")
    return url


class BankSettings(Section):
    """A central bank's daily table, asked for rates that the CRM does not tell; left out: nobody is asked."""

    url: Annotated[str, AfterValidator(_bank)] = "https://www.cbr.ru/scripts/XML_daily.asp"
    """Of the shape of cbr.ru: XML, one day a call, asked with ?date_req=dd/mm/yyyy."""


class RetentionSettings(Section):
    """After how many days what no number is made of goes; a nightly job and `kpi purge` see to it."""

    hooks: int = Field(7, ge=1, le=365)
    """Hooks that still wait: reading has found long ago what they would have told."""
    unreadable: int = Field(30, ge=1, le=3650)
    """Rows of the CRM that could not be read, kept raw."""
    runs: int = Field(400, ge=1, le=3650)
    sign_ins: int = Field(90, ge=1, le=3650)
    audit: int = Field(1095, ge=30, le=3650)
    """What was written into the CRM; the newest entry of each field always stays."""
    gone_clients: int = Field(30, ge=1, le=3650)
    """Phones and names of clients after the CRM deleted them."""


class PaceSettings(Section):
    """The part of the vendor's limit to use: people come first in working hours."""

    working_hours: float = Field(0.7, gt=0, le=1)
    otherwise: float = Field(1.0, gt=0, le=1)


class AccountSettings(Section):
    """One account of one CRM."""

    name: Annotated[
        str,
        shaped("[A-Za-z0-9_.-]{1,40}", "up to 40 Latin letters, digits, dots, dashes or underscores, such as moscow"),
    ]
    provider: str
    every: Span = 300
    sweep_at: Clock = "03:30"
    timezone: ZoneName | None = None
    currency: Currency | None = None
    keep_names: bool = False
    language: Literal["ru", "en"] = "ru"
    """Of what is written into the CRM."""
    options: dict[str, Any] = {}
    rules: Rules = Rules()
    rates: dict[Currency, Annotated[Decimal, Field(gt=0)]] = {}
    rates_from: BankSettings | None = None
    writeback: WritebackSettings = WritebackSettings()
    health: HealthSettings = HealthSettings()
    pace: PaceSettings = PaceSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    retention: RetentionSettings = RetentionSettings()
    plan: tuple[PlanSettings, ...] = ()
    kpi: tuple[KpiSettings, ...] = ()
    """KPIs of the account's own."""
    kpi_set: tuple[KpiSetSettings, ...] = ()
    """Who is judged by which KPIs."""
    quality: QualitySettings | None = None
    """Left out: no transcript is asked for and no conversation is scored."""
    digest: DigestSettings | None = None
    """Left out: nobody gets letters."""

    def zone(self, told: str | None) -> ZoneInfo:
        """The account's zone: the setting, else what the CRM told, else UTC."""
        return ZoneInfo(self.timezone or told or "UTC")
