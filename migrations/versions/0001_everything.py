"""Everything, from nothing.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIVE_COLUMNS = [
    *("account", "kind", "day", "user_id", "confidence", "amount", "number", "due_at", "omitted"),
    *("known_from", "known_to", "other", "stage"),
]
ENDED_COLUMNS = [
    *("account", "kind", "day", "known_to", "known_from", "user_id", "confidence", "amount", "number", "due_at"),
    *("omitted", "other", "stage"),
]


def only(where: str) -> dict[str, sa.TextClause]:
    """A partial index on both databases."""
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def long(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def small(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def big(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def serial(name: str) -> sa.Column[int]:
    """SQLite numbers rows by itself only where the key is an INTEGER."""
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def real(name: str, *, null: bool = False, precision: int | None = None) -> sa.Column[float]:
    return sa.Column(name, sa.Float(precision), nullable=null)


def upgrade() -> None:
    op.create_table(
        "absence",
        serial("id"),
        small("account"),
        text("user_id"),
        text("what"),
        small("first"),
        small("last"),
        text("source"),
        big("known_from"),
        big("known_to", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_account", "absence", ["account", "user_id"])
    op.create_table(
        "cell",
        small("account"),
        small("span"),
        text("user_id"),
        small("tally"),
        text("confidence"),
        small("passed"),
        small("valued"),
        big("amount", null=True),
        real("number", null=True, precision=53),
        sa.PrimaryKeyConstraint("account", "span", "user_id", "tally", "confidence", name="pk_cell"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sheet",
        small("account"),
        small("span"),
        text("user_id"),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account", "span", "user_id", name="pk_sheet"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cell_book",
        small("account"),
        big("moment"),
        long("tallies"),
        sa.PrimaryKeyConstraint("account", name="pk_cell_book"),
    )
    op.create_table(
        "clock",
        small("account"),
        text("user_id"),
        text("mark"),
        sa.PrimaryKeyConstraint("account", "user_id", name="pk_clock"),
    )
    op.create_table(
        "quote",
        small("account"),
        text("currency"),
        small("day"),
        text("rate"),
        text("source"),
        big("at"),
        sa.PrimaryKeyConstraint("account", "currency", "day", name="pk_quote"),
    )
    op.create_table(
        "account",
        small("id"),
        text("name"),
        text("provider"),
        text("remote_id", null=True),
        text("host", null=True),
        text("zone", null=True),
        text("currency", null=True),
        real("clock_offset"),
        text("rules_hash", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
    )
    op.create_table(
        "cursor",
        small("account"),
        text("kind"),
        long("cursor", null=True),
        big("told_at", null=True),
        big("whole_at", null=True),
        big("rows"),
        text("problem", null=True),
        sa.PrimaryKeyConstraint("account", "kind", name="pk_cursor"),
    )
    op.create_table(
        "dirty",
        small("account"),
        text("dossier"),
        sa.PrimaryKeyConstraint("account", "dossier", name="pk_dirty"),
    )
    op.create_table(
        "fact",
        serial("id"),
        small("account"),
        text("dossier"),
        text("key"),
        text("kind"),
        big("at"),
        small("day"),
        text("user_id", null=True),
        text("client", null=True),
        text("deal_id", null=True),
        text("lead_id", null=True),
        text("call_id", null=True),
        text("pipeline_id", null=True),
        text("source", null=True),
        big("amount", null=True),
        real("number", null=True, precision=53),
        real("other", null=True, precision=53),
        text("stage", null=True),
        text("owner_now", null=True),
        text("actor", null=True),
        text("creator", null=True),
        big("due_at", null=True),
        text("confidence"),
        text("omitted", null=True),
        text("note", null=True),
        big("known_from"),
        big("known_to", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
    )
    op.create_index("ix_fact_day", "fact", ["account", "day"])
    op.create_index("ix_fact_dossier", "fact", ["account", "dossier"])
    op.create_index("ix_fact_due", "fact", ["account", "due_at"], **only("known_to is null and due_at is not null"))
    op.create_index("ix_fact_ended", "fact", ENDED_COLUMNS, **only("known_to is not null"))
    omitted = ["account", "day", "omitted", "known_from", "known_to"]
    op.create_index("ix_fact_omitted", "fact", omitted, **only("omitted is not null"))
    op.create_index("ix_fact_live", "fact", LIVE_COLUMNS, **only("known_to is null"))
    op.create_table(
        "lease",
        small("account"),
        text("holder"),
        small("version"),
        big("until"),
        sa.PrimaryKeyConstraint("account", name="pk_lease"),
    )
    op.create_table(
        "ledger",
        serial("id"),
        small("account"),
        small("run"),
        text("key"),
        text("target"),
        text("field"),
        text("before", null=True),
        text("after", null=True),
        text("wanted", null=True),
        text("status"),
        text("reason"),
        big("at"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
    )
    op.create_index("ix_ledger_run", "ledger", ["account", "run"])
    op.create_index("ix_ledger_target", "ledger", ["account", "target", "field"])
    op.create_table(
        "switch",
        serial("id"),
        small("account"),
        text("level"),
        text("before"),
        text("setting"),
        text("configured"),
        text("author"),
        big("at"),
        sa.PrimaryKeyConstraint("id", name="pk_switch"),
    )
    op.create_index("ix_switch_level", "switch", ["account", "level", "id"])
    op.create_table(
        "membership",
        small("account"),
        text("user_id"),
        text("team_id"),
        big("since"),
        big("until", null=True),
        sa.PrimaryKeyConstraint("account", "user_id", "team_id", "since", name="pk_membership"),
    )
    op.create_table(
        "notice",
        small("account"),
        text("code"),
        text("subject"),
        long("text"),
        big("first_at"),
        big("last_at"),
        small("count"),
        sa.PrimaryKeyConstraint("account", "code", "subject", name="pk_notice"),
    )
    op.create_table(
        "outbox",
        small("account"),
        text("key"),
        long("wish"),
        text("level"),
        text("state"),
        small("tries"),
        big("not_before", null=True),
        big("sent_at", null=True),
        small("run", null=True),
        text("reason"),
        text("crm_id", null=True),
        text("message"),
        big("created_at"),
        big("updated_at"),
        sa.PrimaryKeyConstraint("account", "key", name="pk_outbox"),
    )
    op.create_index("ix_outbox_state", "outbox", ["account", "state"])
    op.create_table(
        "plan",
        small("account"),
        text("subject"),
        text("kpi"),
        text("period"),
        text("pipeline"),
        small("version"),
        text("value"),
        text("author"),
        text("reason"),
        big("at"),
        sa.PrimaryKeyConstraint("account", "subject", "kpi", "period", "pipeline", "version", name="pk_plan"),
    )
    op.create_table(
        "record",
        small("account"),
        text("kind"),
        text("id"),
        long("body"),
        text("hash"),
        big("updated_at", null=True),
        big("first_seen"),
        big("changed_at"),
        big("gone_at", null=True),
        text("link", null=True),
        text("dossier", null=True),
        sa.PrimaryKeyConstraint("account", "kind", "id", name="pk_record"),
    )
    op.create_index("ix_record_dossier", "record", ["account", "dossier"])
    op.create_index("ix_record_link", "record", ["account", "link"])
    op.create_table(
        "refused",
        small("account"),
        text("kind"),
        text("id"),
        text("reason"),
        long("raw"),
        big("at"),
        sa.PrimaryKeyConstraint("account", "kind", "id", name="pk_refused"),
    )
    op.create_table(
        "result",
        small("account"),
        text("subject"),
        text("period"),
        text("kpi"),
        long("body"),
        big("computed_at"),
        sa.PrimaryKeyConstraint("account", "subject", "period", "kpi", name="pk_result"),
    )
    op.create_table(
        "run",
        small("id"),
        small("account"),
        text("what"),
        big("started_at"),
        big("ended_at", null=True),
        small("requests"),
        small("rows"),
        small("changed"),
        small("writes"),
        long("error", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_account", "run", ["account", "started_at"])
    op.create_table(
        "token",
        small("account"),
        small("version"),
        long("sealed"),
        text("state"),
        big("intent_at", null=True),
        text("message"),
        sa.PrimaryKeyConstraint("account", name="pk_token"),
    )
    op.create_table(
        "version",
        small("account"),
        text("kind"),
        text("id"),
        big("since"),
        long("body"),
        sa.PrimaryKeyConstraint("account", "kind", "id", "since", name="pk_version"),
    )
    op.create_table(
        "terms",
        small("account"),
        big("since"),
        long("body"),
        sa.PrimaryKeyConstraint("account", "since", name="pk_terms"),
    )
    op.create_table(
        "closing",
        small("account"),
        text("period"),
        small("version"),
        text("what"),
        big("at"),
        big("as_of"),
        big("reached", null=True),
        text("author"),
        text("reason"),
        text("digest"),
        long("omitted"),
        sa.PrimaryKeyConstraint("account", "period", "version", name="pk_closing"),
    )
    op.create_table(
        "closed_value",
        small("account"),
        text("period"),
        small("closing"),
        small("place"),
        text("subject"),
        text("name"),
        text("kpi"),
        text("formula"),
        long("body"),
        text("digest"),
        sa.PrimaryKeyConstraint("account", "period", "closing", "place", name="pk_closed_value"),
    )

    op.create_table(
        "world",
        small("account"),
        long("accepted"),
        long("seen"),
        big("at"),
        sa.PrimaryKeyConstraint("account", name="pk_world"),
    )
    op.create_table(
        "drift",
        serial("id"),
        small("account"),
        text("code"),
        text("subject"),
        big("since"),
        big("found_at"),
        big("accepted_at", null=True),
        text("accepted_by", null=True),
        long("text"),
        long("kpis"),
        sa.PrimaryKeyConstraint("id", name="pk_drift"),
    )
    op.create_index("ix_drift_account", "drift", ["account", "code", "subject"])

    op.create_table(
        "import",
        serial("id"),
        small("account"),
        big("at"),
        text("author"),
        text("source"),
        text("digest"),
        small("new"),
        small("changed"),
        small("same"),
        long("whats"),
        big("undone_at", null=True),
        text("undone_by", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_import"),
    )
    op.create_index("ix_import_account", "import", ["account", "at"])
    op.create_table(
        "imported",
        small("account"),
        big("import_id"),
        text("key"),
        long("body"),
        sa.PrimaryKeyConstraint("account", "import_id", "key", name="pk_imported"),
    )
    op.create_index("ix_imported_key", "imported", ["account", "key"])
    op.create_table(
        "contest",
        serial("id"),
        small("account"),
        text("about"),
        text("user_id"),
        text("fact", null=True),
        long("kinds"),
        text("kpi", null=True),
        text("by"),
        text("via"),
        long("reason"),
        big("at"),
        sa.Column("ticked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contest"),
    )
    op.create_index("ix_contest_account", "contest", ["account", "user_id"])
    op.create_table(
        "contest_verdict",
        small("account"),
        big("contest"),
        small("version"),
        text("what"),
        text("by"),
        text("via"),
        long("reason"),
        long("kinds"),
        big("at"),
        sa.PrimaryKeyConstraint("account", "contest", "version", name="pk_contest_verdict"),
    )
    op.create_table(
        "plan_correction",
        serial("id"),
        small("account"),
        text("subject"),
        text("kpi"),
        text("period"),
        long("body"),
        big("at"),
        text("state"),
        text("by", null=True),
        text("reason"),
        big("decided_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_plan_correction"),
    )
    op.create_index("ix_plan_correction_account", "plan_correction", ["account", "period"])
    op.create_table(
        "feedback",
        small("account"),
        text("task"),
        text("step"),
        big("at"),
        long("body"),
        sa.PrimaryKeyConstraint("account", "task", "step", name="pk_feedback"),
    )
    op.create_table(
        "api_token",
        small("id"),
        text("name"),
        text("hash"),
        text("scope"),
        small("account", null=True),
        big("created_at"),
        big("revoked_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("name", name="uq_api_token_name"),
        sa.UniqueConstraint("hash", name="uq_api_token_hash"),
    )
    op.create_table(
        "sign_in",
        small("id"),
        small("account"),
        text("user_id"),
        text("hash"),
        big("created_at"),
        big("expires_at"),
        big("used_at", null=True),
        big("ended_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("hash", name="uq_sign_in_hash"),
    )
    op.create_index("ix_sign_in_person", "sign_in", ["account", "user_id"])
    op.create_table(
        "chance",
        small("account"),
        big("at"),
        long("body"),
        sa.PrimaryKeyConstraint("account", "at", name="pk_chance"),
    )
    op.create_table(
        "transcript",
        small("account"),
        text("call_id"),
        text("source"),
        text("language"),
        long("body"),
        big("taken_at"),
        small("asked"),
        small("begun"),
        big("purged_at", null=True),
        sa.PrimaryKeyConstraint("account", "call_id", name="pk_transcript"),
    )
    op.create_index("ix_transcript_taken", "transcript", ["account", "taken_at"])
    op.create_table(
        "call_score",
        serial("id"),
        small("account"),
        text("call_id"),
        text("checklist"),
        text("scorer"),
        big("at"),
        long("void"),
        long("body"),
        text("told"),
        sa.PrimaryKeyConstraint("id", name="pk_call_score"),
    )
    op.create_index("uq_call_score", "call_score", ["account", "call_id", "checklist", "scorer"], unique=True)
    op.create_index("ix_call_score_at", "call_score", ["account", "at"])
    op.create_table(
        "sampled_call",
        small("account"),
        text("call_id"),
        text("rater"),
        text("week"),
        text("user_id"),
        text("stratum"),
        small("second"),
        big("made_at"),
        big("done_at", null=True),
        sa.PrimaryKeyConstraint("account", "call_id", "rater", name="pk_sampled_call"),
    )
    op.create_index("ix_sampled_call_week", "sampled_call", ["account", "week"])
    op.create_table(
        "inbox",
        serial("id"),
        small("account"),
        text("digest"),
        big("came_at"),
        long("sealed"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index("uq_inbox_digest", "inbox", ["account", "digest"], unique=True)
    op.create_table(
        "hook",
        small("account"),
        small("turn"),
        text("state"),
        long("told"),
        big("checked_at"),
        big("last_at", null=True),
        small("missed"),
        sa.PrimaryKeyConstraint("account", name="pk_hook"),
    )
    op.create_table(
        "erased",
        small("account"),
        text("mark"),
        big("at"),
        sa.PrimaryKeyConstraint("account", "mark", name="pk_erased"),
    )
    op.create_table(
        "destruction",
        small("id"),
        small("account"),
        text("mark"),
        big("at"),
        text("author"),
        long("reason"),
        long("counts"),
        sa.PrimaryKeyConstraint("id", name="pk_destruction"),
    )
    op.create_table(
        "turn",
        small("account"),
        text("what"),
        big("due_at"),
        big("began_at", null=True),
        big("ended_at", null=True),
        small("failures"),
        sa.Column("slow", sa.Boolean(), nullable=False),
        long("error", null=True),
        sa.PrimaryKeyConstraint("account", "what", name="pk_turn"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = (
    "feedback",
    "sign_in",
    "api_token",
    "contest",
    "contest_verdict",
    "plan_correction",
    "import",
    "imported",
    "absence",
    "account",
    "clock",
    "cursor",
    "dirty",
    "drift",
    "fact",
    "lease",
    "ledger",
    "switch",
    "membership",
    "notice",
    "outbox",
    "plan",
    "quote",
    "record",
    "refused",
    "result",
    "run",
    "token",
    "world",
    "version",
    "terms",
    "closing",
    "closed_value",
    "cell",
    "sheet",
    "cell_book",
    "chance",
    "transcript",
    "call_score",
    "sampled_call",
    "inbox",
    "hook",
    "erased",
    "destruction",
    "turn",
)
