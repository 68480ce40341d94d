"""What was derived and measured: facts, cells, results, and facts that people bring."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big, only


class FactRow(Base):
    """Facts, append-only, two times: `at` when it happened, `known_from`/`known_to` when we knew it."""

    __tablename__ = "fact"
    __table_args__ = (
        Index(
            "ix_fact_live", "account", "kind", "day", "user_id", "confidence", "amount", "number", "due_at", "omitted",
            "known_from", "known_to", "other", "stage",  # all that a measure reads: rows are never looked up
            info=only("known_to is null"),
        ),
        Index(
            "ix_fact_ended", "account", "kind", "day", "known_to", "known_from", "user_id", "confidence", "amount",
            "number", "due_at", "omitted", "other", "stage",
            info=only("known_to is not null"),
        ),
        Index(
            "ix_fact_due", "account", "due_at",
            info=only("known_to is null and due_at is not null"),
        ),
        Index(
            "ix_fact_omitted", "account", "day", "omitted", "known_from", "known_to",
            info=only("omitted is not null"),
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
    at: int = Field(sa_column=big(nullable=False))
    day: int
    user_id: str | None = None
    client: str | None = None
    deal_id: str | None = None
    lead_id: str | None = None
    call_id: str | None = None
    pipeline_id: str | None = None
    source: str | None = None
    amount: int | None = Field(default=None, sa_column=big())
    number: float | None = Field(default=None, sa_column=Column(Float(53)))
    other: float | None = Field(default=None, sa_column=Column(Float(53)))
    stage: str | None = None
    owner_now: str | None = None
    actor: str | None = None
    creator: str | None = None
    due_at: int | None = Field(default=None, sa_column=big())
    confidence: str
    omitted: str | None = None
    note: str | None = None
    known_from: int = Field(sa_column=big(nullable=False))
    known_to: int | None = Field(default=None, sa_column=big())


class CellRow(Base):
    """Facts added up: those of one person and one day (yyyymmdd) or month (yyyymm) that pass one tally's conditions.

    Never a source: made of the live facts, thrown away and made again at any time (connector/kpi/keeping.py).
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
    amount: int | None = Field(default=None, sa_column=big())
    number: float | None = Field(default=None, sa_column=Column(Float(53)))


class SheetRow(Base):
    """The cells of one person and month, of what stands or of what stood, in one value: as a year's board reads them.

    A copy of `cell`, made in the transaction that changes it (connector/store/sheets.py).
    """

    __tablename__ = "sheet"
    __table_args__ = {"sqlite_with_rowid": False}
    account: int = Field(primary_key=True)
    span: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    cells: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CellBookRow(Base):
    """Which tallies an account's cells hold (`tallies`: JSON, their keys to numbers), judged as of which moment."""

    __tablename__ = "cell_book"
    account: int = Field(primary_key=True)
    moment: int = Field(sa_column=big(nullable=False))
    tallies: str = Field(sa_column=Column(Text, nullable=False))


class ResultRow(Base):
    """The results of the last run, for pages and write-back; recomputed, never a source."""

    __tablename__ = "result"
    account: int = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    kpi: str = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))
    computed_at: int = Field(sa_column=big(nullable=False))


class TermsRow(Base):
    """Under which rules, in which zone and currency numbers were told, from when on; a change is a new row."""

    __tablename__ = "terms"
    account: int = Field(primary_key=True)
    since: int = Field(sa_column=big(primary_key=True))
    body: str = Field(sa_column=Column(Text, nullable=False))


class ImportRow(Base):
    """What somebody brought that no CRM tells: one file or one call. It is undone by a date, never deleted."""

    __tablename__ = "import"
    __table_args__ = (Index("ix_import_account", "account", "at"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    at: int = Field(sa_column=big(nullable=False))
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
    undone_at: int | None = Field(default=None, sa_column=big())
    undone_by: str | None = None


class ImportedRow(Base):
    """Each version of an imported row, by the import that brought it; the newest one not undone counts."""

    __tablename__ = "imported"
    __table_args__ = (Index("ix_imported_key", "account", "key"),)
    account: int = Field(primary_key=True)
    import_id: int = Field(sa_column=big(primary_key=True))
    key: str = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))


class ChanceRow(Base):
    """How likely open deals were to be won, by stage and age, as reckoned on a day; append-only."""

    __tablename__ = "chance"
    account: int = Field(primary_key=True)
    at: int = Field(sa_column=big(primary_key=True))
    body: str = Field(sa_column=Column(Text, nullable=False))
