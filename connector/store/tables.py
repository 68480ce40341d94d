"""Every table. Instants are epoch milliseconds UTC, days are yyyymmdd in the account's zone, money is minor units.

Sets of rows go through `Table.__table__` with SQLAlchemy Core; SQLModel's classes serve single rows and describe
the schema.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Text, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """One metadata with named constraints, so that migrations can name them too."""

    metadata = MetaData(naming_convention=NAMING)


def _big(*, nullable: bool = True, primary_key: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable and not primary_key, primary_key=primary_key)


class AccountRow(Base, table=True):
    """One connected account. `remote_id` guards against a token of another account."""

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    provider: str
    remote_id: str | None = None
    host: str | None = None
    zone: str | None = None
    currency: str | None = None
    clock_offset: float = 0.0
    rules_hash: str | None = None
    """Of the rules the facts were derived with; another hash makes every dossier dirty."""


class RecordRow(Base, table=True):
    """A record as last seen. `link`: what it hangs on; `dossier`: the top of that chain. `gone_at`: a tombstone."""

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_dossier", "account", "dossier"),
        Index("ix_record_link", "account", "link"),
    )
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))
    hash: str
    updated_at: int | None = Field(default=None, sa_column=_big())
    first_seen: int = Field(sa_column=_big(nullable=False))
    changed_at: int = Field(sa_column=_big(nullable=False))
    gone_at: int | None = Field(default=None, sa_column=_big())
    link: str | None = None
    dossier: str | None = None


class CursorRow(Base, table=True):
    """How far a stream was read; committed with the rows. `told_at`: data as of (server time of the last pull)."""

    __tablename__ = "cursor"
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    cursor: str | None = Field(default=None, sa_column=Column(Text))
    told_at: int | None = Field(default=None, sa_column=_big())
    whole_at: int | None = Field(default=None, sa_column=_big())
    """When this kind was first read to its end; before that nothing may be concluded from what is not there."""
    rows: int = Field(default=0, sa_column=_big(nullable=False))
    problem: str | None = None


class DirtyRow(Base, table=True):
    """Dossiers touched since they were last derived."""

    __tablename__ = "dirty"
    account: int = Field(primary_key=True)
    dossier: str = Field(primary_key=True)


class FactRow(Base, table=True):
    """Facts, append-only, two times: `at` when it happened, `known_from`/`known_to` when we knew it."""

    __tablename__ = "fact"
    __table_args__ = (
        Index(
            "ix_fact_live", "account", "kind", "day", "user_id", "confidence", "amount", "number", "due_at", "omitted",
            "known_from", "known_to", "other", "stage",  # all that a measure reads: rows are never looked up
            sqlite_where=text("known_to is null"), postgresql_where=text("known_to is null"),
        ),
        Index(
            "ix_fact_ended", "account", "kind", "day", "known_to", "known_from", "user_id", "confidence", "amount",
            "number", "due_at", "omitted", "other", "stage",
            sqlite_where=text("known_to is not null"), postgresql_where=text("known_to is not null"),
        ),
        Index(
            "ix_fact_due", "account", "due_at",
            sqlite_where=text("known_to is null and due_at is not null"),
            postgresql_where=text("known_to is null and due_at is not null"),
        ),
        Index(
            "ix_fact_omitted", "account", "day", "omitted", "known_from", "known_to",
            sqlite_where=text("omitted is not null"), postgresql_where=text("omitted is not null"),
        ),
        Index("ix_fact_dossier", "account", "dossier"),
        Index("ix_fact_day", "account", "day"),
    )  # fmt: skip
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    dossier: str
    key: str
    kind: str
    at: int = Field(sa_column=_big(nullable=False))
    day: int
    user_id: str | None = None
    client: str | None = None
    deal_id: str | None = None
    lead_id: str | None = None
    call_id: str | None = None
    pipeline_id: str | None = None
    source: str | None = None
    amount: int | None = Field(default=None, sa_column=_big())
    number: float | None = Field(default=None, sa_column=Column(Float(53)))
    other: float | None = Field(default=None, sa_column=Column(Float(53)))
    stage: str | None = None
    owner_now: str | None = None
    actor: str | None = None
    creator: str | None = None
    due_at: int | None = Field(default=None, sa_column=_big())
    confidence: str
    omitted: str | None = None
    note: str | None = None
    known_from: int = Field(sa_column=_big(nullable=False))
    known_to: int | None = Field(default=None, sa_column=_big())


class CellRow(Base, table=True):
    """Facts added up: those of one person and one day (yyyymmdd) or month (yyyymm) that pass one tally's conditions.

    Never a source: made of the live facts, thrown away and made again at any time (connector/kpi/cells.py).
    """

    __tablename__ = "cell"
    __table_args__ = {"sqlite_with_rowid": False}
    account: int = Field(primary_key=True)
    span: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    """Empty: nobody."""
    tally: int = Field(primary_key=True)
    confidence: str = Field(primary_key=True)
    passed: int
    valued: int
    amount: int | None = Field(default=None, sa_column=_big())
    number: float | None = Field(default=None, sa_column=Column(Float(53)))


class CellBookRow(Base, table=True):
    """Which tallies an account's cells hold (`tallies`: JSON, their keys to numbers), judged as of which moment."""

    __tablename__ = "cell_book"
    account: int = Field(primary_key=True)
    moment: int = Field(sa_column=_big(nullable=False))
    tallies: str = Field(sa_column=Column(Text, nullable=False))


class MembershipRow(Base, table=True):
    """Who was in which team when, from the first sync on; `until` None: still."""

    __tablename__ = "membership"
    account: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    team_id: str = Field(primary_key=True)
    since: int = Field(sa_column=_big(primary_key=True))
    until: int | None = Field(default=None, sa_column=_big())


class AbsenceRow(Base, table=True):
    """When somebody was away, and when he came and left: append-only, two times like facts."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_account", "account", "user_id"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    user_id: str
    what: str
    """vacation, sick, other, hired or left."""
    first: int
    last: int
    """Days, both included; of hired and left the same day twice."""
    source: str
    """csv, crm or config."""
    known_from: int = Field(sa_column=_big(nullable=False))
    known_to: int | None = Field(default=None, sa_column=_big())


class ClockRow(Base, table=True):
    """Whose working time is another than the account's, as a hash: where it changes his dossiers are derived anew."""

    __tablename__ = "clock"
    account: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    mark: str


class QuoteRow(Base, table=True):
    """Rates that no CRM told: of a central bank's table, by file or address. `rate`: decimal text, for one unit."""

    __tablename__ = "quote"
    account: int = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    rate: str
    source: str
    """csv, or the host it came from."""
    at: int = Field(sa_column=_big(nullable=False))


class PlanRow(Base, table=True):
    """Plans; a change is a new version, nothing is overwritten. `value` is a decimal as text in the KPI's unit.

    `pipeline`: the only one whose facts it is measured on, "" for all.
    """

    __tablename__ = "plan"
    account: int = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    kpi: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    pipeline: str = Field(default="", primary_key=True)
    version: int = Field(primary_key=True)
    value: str
    author: str
    reason: str = ""
    at: int = Field(sa_column=_big(nullable=False))


class ResultRow(Base, table=True):
    """The results of the last run, for pages and write-back; recomputed, never a source."""

    __tablename__ = "result"
    account: int = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    kpi: str = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))
    computed_at: int = Field(sa_column=_big(nullable=False))


class OutboxRow(Base, table=True):
    """Wishes on their way: planned, approved, sending, then done, noop, conflict, rejected, retry, unknown or dead."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "account", "state"),)
    account: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    wish: str = Field(sa_column=Column(Text, nullable=False))
    level: str
    """deal_fields, kpi_card, tasks or undo."""
    state: str
    tries: int = 0
    not_before: int | None = Field(default=None, sa_column=_big())
    sent_at: int | None = Field(default=None, sa_column=_big())
    run: int | None = None
    reason: str = ""
    crm_id: str | None = None
    message: str = ""
    created_at: int = Field(sa_column=_big(nullable=False))
    updated_at: int = Field(sa_column=_big(nullable=False))


class LedgerRow(Base, table=True):
    """Everything written, append-only: field by field, before and after, by which run and rule."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_target", "account", "target", "field"), Index("ix_ledger_run", "account", "run"))
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    run: int
    key: str
    target: str
    """`deal:7001`, `card:501:2026-09`, `task:61`."""
    field: str
    before: str | None = None
    after: str | None = None
    """As the CRM shows it, which may be `5.1` where we wrote `5.10`."""
    wanted: str | None = None
    """What we asked for: compared with what we want next, so that a CRM's spelling causes no writes."""
    status: str
    """done, noop, undone, conflict (then `before` is the person's value) or rejected."""
    reason: str = ""
    at: int = Field(sa_column=_big(nullable=False))


class RunRow(Base, table=True):
    """The history of runs: what each did, in counts, and how it ended."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_account", "account", "started_at"),)
    id: int | None = Field(default=None, primary_key=True)
    account: int
    what: str
    """sync, sweep, derive, push, undo."""
    started_at: int = Field(sa_column=_big(nullable=False))
    ended_at: int | None = Field(default=None, sa_column=_big())
    requests: int = 0
    rows: int = 0
    changed: int = 0
    writes: int = 0
    error: str | None = Field(default=None, sa_column=Column(Text))


class LeaseRow(Base, table=True):
    """Who may work on an account, until when; `version` fences off a holder that slept through its lease."""

    __tablename__ = "lease"
    account: int = Field(primary_key=True)
    holder: str
    version: int
    until: int = Field(sa_column=_big(nullable=False))


class TokenRow(Base, table=True):
    """An OAuth pair, sealed with the key that is not in this database."""

    __tablename__ = "token"
    account: int = Field(primary_key=True)
    version: int
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    state: str = "good"
    """good, refresh_unknown, reauth_required."""
    intent_at: int | None = Field(default=None, sa_column=_big())
    message: str = ""


class RefusedRow(Base, table=True):
    """Rows that could not be read: kept raw, reported once."""

    __tablename__ = "refused"
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    reason: str
    raw: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=_big(nullable=False))


class NoticeRow(Base, table=True):
    """What a person should know of an account, said once: unknown stages, missing rates, rights, drift."""

    __tablename__ = "notice"
    account: int = Field(primary_key=True)
    code: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    first_at: int = Field(sa_column=_big(nullable=False))
    last_at: int = Field(sa_column=_big(nullable=False))
    count: int = 1


class VersionRow(Base, table=True):
    """What people and teams were called and where they stood: each version of such a record as it was seen.

    CRMs tell only the present; a report of a past moment is made of these.
    """

    __tablename__ = "version"
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    since: int = Field(sa_column=_big(primary_key=True))
    body: str = Field(sa_column=Column(Text, nullable=False))


class TermsRow(Base, table=True):
    """Under which rules, in which zone and currency numbers were told, from when on; a change is a new row."""

    __tablename__ = "terms"
    account: int = Field(primary_key=True)
    since: int = Field(sa_column=_big(primary_key=True))
    body: str = Field(sa_column=Column(Text, nullable=False))


class ClosingRow(Base, table=True):
    """A month was closed or opened again: append-only, the newest version tells how it stands."""

    __tablename__ = "closing"
    account: int = Field(primary_key=True)
    period: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    what: str
    """closed or reopened."""
    at: int = Field(sa_column=_big(nullable=False))
    as_of: int = Field(sa_column=_big(nullable=False))
    """The moment of the data: its facts, plans, names and rules are the proof."""
    author: str
    reason: str = ""
    digest: str = ""
    omitted: str = Field(default="{}", sa_column=Column(Text, nullable=False))


class ClosedValueRow(Base, table=True):
    """What was frozen by a closing: each number with a hash of the facts it was made of."""

    __tablename__ = "closed_value"
    account: int = Field(primary_key=True)
    period: str = Field(primary_key=True)
    closing: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    subject: str
    name: str
    kpi: str
    formula: str
    """The KPI's version: numbers of another one are not compared."""
    body: str = Field(sa_column=Column(Text, nullable=False))
    digest: str


class WorldRow(Base, table=True):
    """What the account's CRM is made of (connector/health/world.py): as last accepted, and as last seen."""

    __tablename__ = "world"
    account: int = Field(primary_key=True)
    accepted: str = Field(sa_column=Column(Text, nullable=False))
    seen: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=_big(nullable=False))


class DriftRow(Base, table=True):
    """A change of that world. While it is not accepted the KPIs it touches stay as they were known at `since`."""

    __tablename__ = "drift"
    __table_args__ = (Index("ix_drift_account", "account", "code", "subject"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    code: str
    subject: str
    """`stage:31/142`, `pipeline:31`, `field:csat_field`, `telephony`."""
    since: int = Field(sa_column=_big(nullable=False))
    """The last moment at which what was known is sure to be from before the change."""
    found_at: int = Field(sa_column=_big(nullable=False))
    accepted_at: int | None = Field(default=None, sa_column=_big())
    accepted_by: str | None = None
    """A person, or: noted (froze nothing), config (it names the new thing), undone (it is as it was again)."""
    text: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: what changed, in Russian and English."""
    kpis: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the keys of the KPIs that it freezes."""


class ImportRow(Base, table=True):
    """What somebody brought that no CRM tells: one file or one call. It is undone by a date, never deleted."""

    __tablename__ = "import"
    __table_args__ = (Index("ix_import_account", "account", "at"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    at: int = Field(sa_column=_big(nullable=False))
    author: str
    source: str
    """The file's name, or `api:` and the token's."""
    digest: str
    """Of the bytes that came."""
    new: int
    changed: int
    same: int
    whats: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: how many rows of each sort it wrote."""
    undone_at: int | None = Field(default=None, sa_column=_big())
    undone_by: str | None = None


class ImportedRow(Base, table=True):
    """Each version of an imported row, by the import that brought it; the newest one not undone counts."""

    __tablename__ = "imported"
    __table_args__ = (Index("ix_imported_key", "account", "key"),)
    account: int = Field(primary_key=True)
    import_id: int = Field(sa_column=_big(primary_key=True))
    key: str = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))


class ContestRow(Base, table=True):
    """Somebody said that a record is wrong in his numbers; append-only, decisions stand in `contest_verdict`."""

    __tablename__ = "contest"
    __table_args__ = (Index("ix_contest_account", "account", "user_id"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    about: str
    """The record: `deal:7001`, `call:55`."""
    user_id: str
    """In whose numbers."""
    fact: str | None = None
    """The key of the one fact that is meant."""
    kinds: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: facts of these kinds are meant, all of the record where there are none."""
    kpi: str | None = None
    by: str
    via: str
    """cli, card or web."""
    reason: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=_big(nullable=False))
    ticked: bool = False
    """Its box on the deal's card was ticked when it was last seen; the only column that changes."""


class ContestVerdictRow(Base, table=True):
    """What was decided over a contest, by whom and why; the newest version is in force."""

    __tablename__ = "contest_verdict"
    account: int = Field(primary_key=True)
    contest: int = Field(sa_column=_big(primary_key=True))
    version: int = Field(primary_key=True)
    what: str
    """accepted, declined or withdrawn."""
    by: str
    via: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    kinds: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=_big(nullable=False))


class PlanCorrectionRow(Base, table=True):
    """A plan that the evidence speaks against: another value was proposed, and a head approved or declined it, once."""

    __tablename__ = "plan_correction"
    __table_args__ = (Index("ix_plan_correction_account", "account", "period"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    subject: str
    kpi: str
    period: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the proposal with its evidence and simulation (connector/advice/correction.py)."""
    at: int = Field(sa_column=_big(nullable=False))
    state: str = "proposed"
    """proposed, approved, declined, or overtaken: the plan or the evidence became another."""
    by: str | None = None
    reason: str = ""
    decided_at: int | None = Field(default=None, sa_column=_big())


class FeedbackRow(Base, table=True):
    """What became of a task of ours: how it was answered, and whether its KPI moved afterwards; append-only."""

    __tablename__ = "feedback"
    account: int = Field(primary_key=True)
    task: str = Field(primary_key=True)
    """Its key in the outbox."""
    step: str = Field(primary_key=True)
    """reply or effect."""
    at: int = Field(sa_column=_big(nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))


class ApiTokenRow(Base, table=True):
    """Who may call in over HTTP, and for what. Only a hash of the token is kept."""

    __tablename__ = "api_token"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    hash: str = Field(unique=True)
    scope: str
    account: int | None = None
    """None: every account."""
    created_at: int = Field(sa_column=_big(nullable=False))
    revoked_at: int | None = Field(default=None, sa_column=_big())


class SignInRow(Base, table=True):
    """A link by which a person signs in, used once; only its code's hash is kept. `ended_at`: its session is over."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person", "account", "user_id"),)
    id: int | None = Field(default=None, primary_key=True)
    account: int
    user_id: str
    hash: str = Field(unique=True)
    created_at: int = Field(sa_column=_big(nullable=False))
    expires_at: int = Field(sa_column=_big(nullable=False))
    used_at: int | None = Field(default=None, sa_column=_big())
    ended_at: int | None = Field(default=None, sa_column=_big())


class ChanceRow(Base, table=True):
    """How likely open deals were to be won, by stage and age, as reckoned on a day; append-only."""

    __tablename__ = "chance"
    account: int = Field(primary_key=True)
    at: int = Field(sa_column=_big(primary_key=True))
    body: str = Field(sa_column=Column(Text, nullable=False))


class TranscriptRow(Base, table=True):
    """What was said in a call, kept for as long as the setting says; then the row stays and the text goes.

    A row without text and without `purged_at` tells that the CRM was asked and had none yet.
    """

    __tablename__ = "transcript"
    __table_args__ = (Index("ix_transcript_taken", "account", "taken_at"),)
    account: int = Field(primary_key=True)
    call_id: str = Field(primary_key=True)
    source: str
    """crm, file or the recogniser's name."""
    language: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the turns, masked unless the setting says otherwise; empty once purged."""
    taken_at: int = Field(sa_column=_big(nullable=False))
    asked: int = 0
    """How often nothing was there."""
    purged_at: int | None = Field(default=None, sa_column=_big())


class CallScoreRow(Base, table=True):
    """One call scored by one scorer (a program or a person) against one version of a checklist; kept for good."""

    __tablename__ = "call_score"
    __table_args__ = (
        Index("uq_call_score", "account", "call_id", "checklist", "scorer", unique=True),
        Index("ix_call_score_at", "account", "at"),
    )
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    call_id: str
    checklist: str
    """`name@version`."""
    scorer: str
    """`local@…`, `llm:model@prompt…`, `person:511`."""
    at: int = Field(sa_column=_big(nullable=False))
    void: str = Field(default="", sa_column=Column(Text, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: every criterion with its answer and its evidence."""
    told: str = ""
    """Under which terms its facts were told last (connector/pipeline/talks/scoring.py); empty: not yet."""


class SampledCallRow(Base, table=True):
    """A call drawn by chance for a person to score, and whether he has; `second`: to see whether people agree."""

    __tablename__ = "sampled_call"
    __table_args__ = (Index("ix_sampled_call_week", "account", "week"),)
    account: int = Field(primary_key=True)
    call_id: str = Field(primary_key=True)
    rater: str = Field(primary_key=True)
    week: str
    """ISO, `2026-W40`."""
    user_id: str
    stratum: str
    second: int = 0
    made_at: int = Field(sa_column=_big(nullable=False))
    done_at: int | None = Field(default=None, sa_column=_big())


class InboxRow(Base, table=True):
    """A hook as it came, sealed with the key that is not in this database; gone once what it hints at is stored."""

    __tablename__ = "inbox"
    __table_args__ = (Index("uq_inbox_digest", "account", "digest", unique=True),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    digest: str
    """Keyed, of its bytes: the same hook again, while the first one waits, is no other row."""
    came_at: int = Field(sa_column=_big(nullable=False))
    sealed: str = Field(sa_column=Column(Text, nullable=False))


class HookRow(Base, table=True):
    """How an account's hooks stand. The secret of their address is derived from `turn` and the key, never stored."""

    __tablename__ = "hook"
    account: int = Field(primary_key=True)
    turn: int = 0
    state: str = "off"
    """off, on or disabled, as the CRM told last."""
    told: str = Field(default="", sa_column=Column(Text, nullable=False))
    """Why the CRM could not be asked for them."""
    checked_at: int = Field(default=0, sa_column=_big(nullable=False))
    last_at: int | None = Field(default=None, sa_column=_big())
    """When the last one came."""
    missed: int = 0
    """Changes found by reading since then."""


class ErasedRow(Base, table=True):
    """Whose personal data are never kept again: a keyed hash of the record's name, whatever the CRM still shows."""

    __tablename__ = "erased"
    account: int = Field(primary_key=True)
    mark: str = Field(primary_key=True)
    at: int = Field(sa_column=_big(nullable=False))


class DestructionRow(Base, table=True):
    """A record of what was destroyed, by whom, on what ground: append-only, naming nobody."""

    __tablename__ = "destruction"
    id: int | None = Field(default=None, primary_key=True)
    account: int
    mark: str
    at: int = Field(sa_column=_big(nullable=False))
    author: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    counts: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: how many rows of each sort."""
