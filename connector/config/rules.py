"""`[account.rules]`: what counts in an account, and when its office works."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from connector.config.section import Section
from connector.config.values import Day, Hours, Weekday, ZoneName
from connector.moment import WorkCalendar, Zone


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
    internal_numbers: tuple[str, ...] = ()
    """Numbers and extensions of the company and its people: calls with them count nowhere (rule C11)."""
    test_words: tuple[str, ...] = ()
    """Words in the name of a deal or enquiry that make it a test: it and its calls count nowhere."""
    test_users: tuple[str, ...] = ()
    """People, by name or id, whose deals, enquiries, calls, meetings and tasks are tests."""
    test_pipelines: tuple[str, ...] = ()
    """Pipelines, by name or id, of tests."""
    robots: tuple[str, ...] = ()
    """Users, by name or id, who are programs: what they make and move no person did."""
    robot_deals: bool = True
    """Count deals that no person made and no person closed."""
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
    refund_reason_field: str | None = None
    refund_excused_reasons: tuple[str, ...] = ()
    """Values of that field which are nobody's fault who sold: such refunds stand apart (K-08)."""
    win_rule: Literal["last_standing", "first_ever"] = "last_standing"
    """When a deal that stands won was won: at its last entry into the won stage, or at its first (rule C6)."""
    amounts: Literal["strict", "live"] = "strict"
    """What a win was worth: its amount as of the win, or as it stands now, changes being listed (rule C17)."""
    group_wins_days: int = Field(0, ge=0, le=365)
    """Wins of one client with one seller within so many days of the first are one purchase (K-02); 0: none are."""
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
    expected_close_field: str | None = None
    """The deal field that says by when it is hoped to be won (K-18); Bitrix24's own is "closedate"."""
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
            self.objection_field, self.script_field, self.refund_reason_field, self.expected_close_field,
            *self.required_fields,
        )  # fmt: skip
        return tuple(dict.fromkeys(name for name in named if name))
