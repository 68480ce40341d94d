"""config.toml -> frozen settings. Every problem at once, each with file, key and what is allowed, before any call.

The keys are a contract (README, config.example.toml). Unknown keys are errors. Secrets come by environment or file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

from connector.errors import BadConfig
from connector.redact import remember

Level = Literal["off", "preview", "on"]
_SPAN = re.compile(r"^(\d+)\s*(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _span(value: object) -> object:
    if isinstance(value, str) and (match := _SPAN.match(value)):
        return int(match[1]) * _SECONDS[match[2]]
    if isinstance(value, int):
        return value
    raise ValueError('a time span such as "30s", "5m", "2h" or "1d"')


Span = Annotated[int, BeforeValidator(_span)]
"""Seconds, written as 30s, 5m, 2h, 1d."""


class Section(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class Rules(Section):
    """What counts in this account; the meaning of each is in docs and in kpi definitions C1-C18."""

    sales_pipelines: tuple[str, ...] = ()
    """Names or ids; empty: all."""
    connected_call_seconds: int = Field(10, ge=0, le=3600)
    successful_call_seconds: int = Field(60, ge=0, le=3600)
    lead_norm_minutes: int = Field(15, ge=1, le=10080)
    junk_reasons: tuple[str, ...] = ()
    """Loss reasons (or Bitrix24 lost stages), by name or id: enquiries lost for these count nowhere."""
    own_leads: bool = False
    """Count the response to enquiries that the seller entered himself."""
    office_hours: str = Field("09:00-18:00", pattern=r"^\d\d:\d\d-\d\d:\d\d$")
    working_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    """ISO weekdays; holidays and transferred days come from the calendar."""
    holidays: str | None = "RU"
    """Country whose production calendar counts; "" for none."""
    days_off: tuple[str, ...] = ()
    """Further days off, YYYY-MM-DD."""
    working_extra: tuple[str, ...] = ()
    """Days worked against the calendar, YYYY-MM-DD."""
    csat_field: str | None = None
    csat_date_field: str | None = None
    csat_good_from: float = 4
    """A rating from this one on is a satisfied client."""
    refund_amount_field: str | None = None
    refund_date_field: str | None = None
    refund_window_days: int = Field(90, ge=1, le=730)
    """Refunds later than this after the win count nowhere."""
    currency_field: str | None = None

    @field_validator("office_hours")
    @classmethod
    def _forward(cls, hours: str) -> str:
        start, end = hours.split("-")
        if not ("00:00" <= start < end <= "24:00") or start[3:] > "59" or end[3:] > "59":
            raise ValueError('opening before closing, such as "09:00-18:00"')
        return hours

    @field_validator("days_off", "working_extra")
    @classmethod
    def _dates(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for day in days:
            if not re.match(r"^\d{4}-\d\d-\d\d$", day):
                raise ValueError(f"{day!r} is not a date such as 2026-12-31")
        return days

    def wanted_fields(self) -> tuple[str, ...]:
        """Custom deal fields a provider must keep."""
        named = (self.csat_field, self.csat_date_field, self.refund_amount_field, self.refund_date_field)
        return tuple(dict.fromkeys(name for name in named if name))


class WritebackSettings(Section):
    """What may be written into the CRM. Nothing is, until a level is switched on by a person."""

    deal_fields: Level = "preview"
    kpi_card: Level = "preview"
    tasks: Level = "preview"
    max_writes: int = Field(200, ge=0, le=100_000)
    """Field and card writes a run."""
    max_tasks: int = Field(20, ge=0, le=1000)
    """Tasks a run."""
    open_deals_only: bool = True
    """Deal fields go to open deals and to those closed in the current month."""


class PlanSettings(Section):
    """One agreed number: `user` or `team`, a KPI, a period (month), a value in the KPI's unit."""

    user: str | None = None
    team: str | None = None
    kpi: str
    period: str = Field(pattern=r"^\d{4}-\d\d$")
    value: Decimal = Field(ge=0)


class PaceSettings(Section):
    """The part of the vendor's limit to use: people come first in working hours."""

    working_hours: float = Field(0.7, gt=0, le=1)
    otherwise: float = Field(1.0, gt=0, le=1)


class AccountSettings(Section):
    """One account of one CRM."""

    name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")
    provider: str
    every: Span = 300
    sweep_at: str = Field("03:30", pattern=r"^\d\d:\d\d$")
    timezone: str | None = None
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    keep_names: bool = False
    language: Literal["ru", "en"] = "ru"
    """Of what is written into the CRM."""
    options: dict[str, Any] = {}
    rules: Rules = Rules()
    rates: dict[str, Decimal] = {}
    writeback: WritebackSettings = WritebackSettings()
    pace: PaceSettings = PaceSettings()
    plan: tuple[PlanSettings, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError("a zone of the IANA database, such as Europe/Moscow")
        return zone

    def zone(self, told: str | None) -> ZoneInfo:
        """The account's zone: the setting, else what the CRM told, else UTC."""
        return ZoneInfo(self.timezone or told or "UTC")


class Settings(Section):
    """The whole file."""

    store: StoreSettings = StoreSettings()
    account: tuple[AccountSettings, ...] = ()

    def pick(self, name: str | None) -> tuple[AccountSettings, ...]:
        """The named account, or all."""
        chosen = tuple(a for a in self.account if name in (None, a.name))
        if not chosen:
            known = ", ".join(a.name for a in self.account) or "none"
            raise BadConfig([f"there is no account {name!r}; the configuration has: {known}"])
        return chosen


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check the file; raises BadConfig with every problem at once."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise BadConfig([f"{path}: there is no such file; `kpi init` writes a commented one"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadConfig([f"{path}: {error}"]) from None
    problems: list[str] = []
    raw = _secrets(raw, path, environ, problems, ())
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise BadConfig(problems + explain(error, str(path))) from None
    problems += _doubles(settings, path)
    if problems:
        raise BadConfig(problems)
    return settings


def explain(error: ValidationError, file: str, prefix: str = "") -> list[str]:
    """Pydantic's findings as `file: key: what is allowed`, one line each; values of secrets are not repeated."""
    lines = []
    for finding in error.errors(include_url=False, include_input=False):
        key = prefix + ".".join(f"{part}" for part in finding["loc"])
        lines.append(f"{file}: {key}: {finding['msg'].removeprefix('Value error, ')}")
    return lines


def _doubles(settings: Settings, path: Path) -> list[str]:
    names = [a.name for a in settings.account]
    return [f"{path}: account.name: {name!r} stands twice" for name in {n for n in names if names.count(n) > 1}]


def _secrets(value: Any, path: Path, environ: Mapping[str, str], problems: list[str], key: tuple[str, ...]) -> Any:
    """Replace every `{ env = … }` and `{ file = … }` by the secret it names."""
    if isinstance(value, list):
        return [_secrets(item, path, environ, problems, (*key, str(n))) for n, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if set(value) == {"env"} or set(value) == {"file"}:
        return _secret(value, path, environ, problems, ".".join(key))
    return {name: _secrets(item, path, environ, problems, (*key, name)) for name, item in value.items()}


def _secret(
    value: dict[str, Any], path: Path, environ: Mapping[str, str], problems: list[str], key: str
) -> SecretStr | None:
    if "env" in value:
        text, source = environ.get(str(value["env"]), ""), f"the environment variable {value['env']}"
    else:
        file = path.parent / str(value["file"])
        try:
            text, source = file.read_text("utf-8"), f"the file {file}"
        except (OSError, UnicodeDecodeError):
            text, source = "", f"the file {file}"
    if not text.strip():
        problems.append(f"{path}: {key}: {source} is missing or empty")
        return SecretStr("")
    remember(text.strip())
    return SecretStr(text.strip())
