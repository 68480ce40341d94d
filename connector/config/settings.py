"""What the configuration may say. The keys are a contract (README, config.example.toml); unknown keys are errors."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from connector.config.digest import DigestSettings
from connector.config.kpis import KpiSettings
from connector.config.quality import QualitySettings
from connector.config.section import Section
from connector.config.sets import KpiSetSettings
from connector.errors import BadConfig
from connector.moment import WorkCalendar, Zone

Level = Literal["off", "preview", "on"]
LONGEST = 31 * 86400
_SPAN = re.compile(r"^(\d{1,7})\s*(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _span(value: object) -> object:
    seconds = value if type(value) is int else 0
    if isinstance(value, str) and (match := _SPAN.match(value)):
        seconds = int(match[1]) * _SECONDS[match[2]]
    if 1 <= seconds <= LONGEST:
        return seconds
    raise ValueError('a time span such as "30s", "5m", "2h" or "1d"')


Span = Annotated[int, BeforeValidator(_span)]
"""Seconds, written as 30s, 5m, 2h, 1d."""


def _clock(value: str) -> str:
    if not re.match(r"^([01]\d|2[0-3]):[0-5]\d$", value):
        raise ValueError('a time of day such as "03:30"')
    return value


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value if len(value) == 10 else "").isoformat()
    except ValueError:
        raise ValueError(f"{value!r} is not a date such as 2026-12-31") from None


Day = Annotated[str, AfterValidator(_day)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class StoreSettings(Section):
    """Where everything is kept; `key_file` holds the key that seals tokens (made on first use, mode 0600)."""

    url: str = "sqlite:///kpi.db"
    key_file: Path | None = None
    """Left out: `kpi.key` beside the SQLite file; the environment variable KPI_KEY wins over both."""

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
            raise ValueError("sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE")
        return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _forward(hours: str) -> str:
    start, end = hours.split("-")
    if not ("00:00" <= start < end <= "24:00") or start[3:] > "59" or end[3:] > "59":
        raise ValueError('opening before closing, such as "09:00-18:00"')
    return hours


def _there(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("a zone of the IANA database, such as Europe/Moscow")
    return zone


Hours = Annotated[str, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$"), AfterValidator(_forward)]
"""09:00-18:00, opening before closing."""
Weekday = Annotated[int, Field(ge=1, le=7)]
"""ISO: 1 is Monday."""
ZoneName = Annotated[str, AfterValidator(_there)]


class OfficeSettings(Section):
    """A team that works otherwise than the account: what is left out is as in the account's rules."""

    team: str
    """By name or id; its teams below keep the same hours unless they have an office of their own."""
    hours: Hours | None = None
    working_days: tuple[Weekday, ...] = ()
    zone: ZoneName | None = None


class Rules(Section):
    """What counts in this account; the meaning of each is in docs and in kpi definitions C1-C18."""

    sales_pipelines: tuple[str, ...] = ()
    """Names or ids; empty: all."""
    connected_call_seconds: int = Field(10, ge=0, le=3600)
    successful_call_seconds: int = Field(60, ge=0, le=3600)
    meaningful_call_seconds: int = Field(180, ge=0, le=7200)
    callback_minutes: int = Field(20, ge=1, le=1440)
    """Working minutes within which a missed call is to be returned."""
    lead_norm_minutes: int = Field(15, ge=1, le=10080)
    junk_reasons: tuple[str, ...] = ()
    """Loss reasons (or Bitrix24 lost stages), by name or id: enquiries lost for these count nowhere."""
    own_leads: bool = False
    """Count the response to enquiries that the seller entered himself."""
    office_hours: Hours = "09:00-18:00"
    working_days: tuple[Weekday, ...] = Field((1, 2, 3, 4, 5), min_length=1)
    """ISO weekdays; holidays and transferred days come from the calendar."""
    holidays: str | None = "RU"
    """Country whose production calendar counts; "" for none."""
    days_off: tuple[Day, ...] = ()
    """Further days off, YYYY-MM-DD."""
    working_extra: tuple[Day, ...] = ()
    """Days worked against the calendar, YYYY-MM-DD."""
    office: tuple[OfficeSettings, ...] = ()
    """Teams with hours, days or a zone of their own."""
    person_zones: bool = False
    """Reaction time runs in each person's own zone, where the CRM tells one (rule C3); days and money never do."""
    csat_field: str | None = None
    csat_date_field: str | None = None
    csat_good_from: float = Field(4, allow_inf_nan=False)
    """A rating from this one on is a satisfied client."""
    refund_amount_field: str | None = None
    refund_date_field: str | None = None
    refund_window_days: int = Field(90, ge=1, le=730)
    """Refunds later than this after the win count nowhere."""
    currency_field: str | None = None
    other_reasons: tuple[str, ...] = ("Другое", "Other")
    """Loss reasons (or lost stages), by name or id, that say nothing."""
    qualified_stages: tuple[str, ...] = ()
    """Stages of leads or deals, by name or id, from which on an enquiry is qualified."""
    conversion_window_days: int = Field(90, ge=1, le=730)
    """An enquiry, a first talk and a quote lead to a win within so many days, or not at all."""
    return_days: int = Field(180, ge=1, le=1825)
    """A client who buys again within so many days was kept."""
    reactivation_days: int = Field(365, ge=1, le=3650)
    """A purchase after so long a pause brings a client back."""
    key_steps: tuple[str, ...] = ()
    """Pairs of stages "A > B", by name or id, whose conversion is measured."""
    step_window_days: int = Field(30, ge=1, le=730)
    quote_stage: str | None = None
    """The stage, by name or id, in which a quote has been sent."""
    stuck_after_days: int = Field(5, ge=1, le=365)
    """Working days without a human event after which an open deal is stuck."""
    stuck_by_stage: dict[str, Annotated[int, Field(ge=1, le=365)]] = {}
    """The same of single stages, by name or id."""
    credit: Literal["event", "now", "actor", "creator", "split"] = "event"
    """Whom deals count for: the owner at the event or now, who moved the deal, who made it, or by `split_field`."""
    history_start: Day | None = None
    """Since when the CRM knows every purchase; left out: since its first fact. For a year from it "new" says little."""
    split_field: str | None = None
    """The deal field that tells how a win is shared, such as "501: 60, 502: 40"."""
    margin_field: str | None = None
    list_price_field: str | None = None
    payment_amount_field: str | None = None
    payment_date_field: str | None = None
    required_fields: tuple[str, ...] = ()
    """Deal fields that a complete card has."""
    objection_field: str | None = None
    script_field: str | None = None
    score_good_from: float = Field(0.8, ge=0, le=1)
    """A conversation scored so or better is a good one; of 1."""
    close_months: Literal["auto", "manual"] = "auto"
    """auto: `kpi run` closes a month by itself once the grace is over; manual: only `kpi close` does (rule C14)."""
    close_grace_days: int = Field(5, ge=0, le=60)
    """Working days after a month's end in which its numbers still follow late changes."""
    prorate_plans: bool = True
    """Show beside a plan what is left of it after days away, before hiring and after leaving."""

    @field_validator("holidays")
    @classmethod
    def _country(cls, country: str | None) -> str | None:
        from holidays import list_supported_countries  # hundreds of calendars: not before they are needed

        if country and country not in list_supported_countries():
            raise ValueError('a country of the holidays library, such as "RU"; "" for none')
        return country

    def calendar(self, zone: Zone) -> WorkCalendar:
        """When the office works. Raises ValueError for hours, days or a country that do not exist."""
        return WorkCalendar(
            zone, self.office_hours, self.working_days, self.holidays, self.days_off, self.working_extra
        )

    def wanted_fields(self) -> tuple[str, ...]:
        """Custom deal fields a provider must keep."""
        named = (
            self.csat_field, self.csat_date_field, self.refund_amount_field, self.refund_date_field, self.split_field,
            self.margin_field, self.list_price_field, self.payment_amount_field, self.payment_date_field,
            self.objection_field, self.script_field, *self.required_fields,
        )  # fmt: skip
        return tuple(dict.fromkeys(name for name in named if name))


class HealthSettings(Section):
    """From what on data look imported, moved in bulk or played. Only `kpi quality` and `kpi gaming` ask."""

    import_burst: int = Field(20, ge=2)
    """Records created in one second."""
    window_minutes: int = Field(10, ge=1, le=240)
    """What one person does in so many minutes is one go."""
    bulk_moves: int = Field(20, ge=2)
    bulk_deadlines: int = Field(10, ge=2)
    bulk_losses: int = Field(10, ge=2)
    bulk_meetings: int = Field(5, ge=2)
    """Stage moves, deadlines put off, losses, meetings closed in one go."""
    short_call_seconds: int = Field(20, ge=1, le=600)
    short_calls: int = Field(20, ge=2)
    """A person's short talks in a period from which on they are looked at."""
    short_call_share: float = Field(0.5, gt=0, le=1)
    """... where they are such a part of all talks."""
    repeat_seconds: int = Field(60, ge=1, le=3600)
    repeated_calls: int = Field(10, ge=2)
    """Calls to a client right after the last one, by one person in a period."""
    split_days: int = Field(7, ge=0, le=90)
    split_wins: int = Field(3, ge=2)
    """Wins of one client by one person within so many days."""
    split_spread: float = Field(0.1, ge=0, le=1)
    """... whose amounts differ by no more than this part."""
    dump_minutes: int = Field(15, ge=1, le=1440)
    dumped: int = Field(5, ge=1)
    """Enquiries of one person lost within so many minutes of their arrival without any contact, in a period."""
    back_dated_days: int = Field(1, ge=1, le=365)
    """Days by which the CRM's closing date may lie before the move."""


class WritebackSettings(Section):
    """What may be written into the CRM. Nothing is, until a level is switched on by a person."""

    deal_fields: Level = "preview"
    kpi_card: Level = "preview"
    tasks: Level = "preview"
    contests: Level = "off"
    """A box and a text on deals by which their owners say that a record is wrong; on: they are made and read back."""
    contest_field: str = "KPI_CONTEST"
    contest_text_field: str = "KPI_CONTEST_TEXT"
    """By name, code or id; left out: fields of our own."""
    max_writes: int = Field(200, ge=0, le=100_000)
    """Field and card writes a run."""
    max_tasks: int = Field(20, ge=0, le=1000)
    """Tasks a run."""
    open_deals_only: bool = True
    """Deal fields go to open deals and to those closed in the current month."""

    def wanted_fields(self) -> tuple[str, ...]:
        """Custom deal fields a provider must keep."""
        return (self.contest_field, self.contest_text_field) if self.contests == "on" else ()


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
    period: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
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

    name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")
    provider: str
    every: Span = 300
    sweep_at: Annotated[str, AfterValidator(_clock)] = "03:30"
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


def _port(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    if not re.match(r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)$", host) or not port.isdecimal() or int(port) > 65535:
        raise ValueError('HOST:PORT, such as "127.0.0.1:8800"')
    return listen


class WebSettings(Section):
    """What `kpi run` serves over HTTP besides its work."""

    listen: Annotated[str, AfterValidator(_port)] | None = None
    """HOST:PORT; left out: nothing is served. Other hosts than this one belong behind a proxy with TLS."""
    address: Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?$")] | None = None
    """Where people reach the pages, such as https://kpi.example.ru; left out: what is listened on."""
    proxies: tuple[Annotated[str, Field(pattern=r"^[0-9A-Fa-f.:]+(/\d{1,3})?$")], ...] = ("127.0.0.1",)
    """Addresses or networks whose word on https, host and sender of a request is taken: proxies with TLS."""


class Settings(Section):
    """The whole file."""

    store: StoreSettings = StoreSettings()
    web: WebSettings = WebSettings()
    account: tuple[AccountSettings, ...] = ()

    def pick(self, name: str | None) -> tuple[AccountSettings, ...]:
        """The named account, or all."""
        chosen = tuple(a for a in self.account if name in (None, a.name))
        if not chosen:
            known = ", ".join(a.name for a in self.account)
            if not known:
                raise BadConfig(["the configuration names no account: add an [[account]] section"])
            raise BadConfig([f"there is no account {name!r}; the configuration has: {known}"])
        return chosen
