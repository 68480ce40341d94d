"""Every table. Instants are epoch milliseconds UTC, days are yyyymmdd in the account's zone, money is minor units.

Sets of rows go through `Table.__table__` with SQLAlchemy Core; SQLModel's classes serve single rows and describe
the schema.
"""

from connector.store.tables.agreed import (
    ClosedValueRow,
    ClosingRow,
    ContestRow,
    ContestVerdictRow,
    PlanCorrectionRow,
    PlanRow,
)
from connector.store.tables.base import NAMING, Base
from connector.store.tables.clock import AbsenceRow, ClockRow, QuoteRow
from connector.store.tables.crm import (
    AccountRow,
    CursorRow,
    DirtyRow,
    DriftRow,
    MembershipRow,
    RecordRow,
    RefusedRow,
    VersionRow,
    WorldRow,
)
from connector.store.tables.facts import (
    CellBookRow,
    CellRow,
    ChanceRow,
    FactRow,
    ImportedRow,
    ImportRow,
    ResultRow,
    SheetRow,
    TermsRow,
)
from connector.store.tables.private import DestructionRow, ErasedRow
from connector.store.tables.secret import ApiTokenRow, SignInRow, TokenRow
from connector.store.tables.sent import FeedbackRow, LedgerRow, OutboxRow, SwitchRow
from connector.store.tables.talk import CallScoreRow, SampledCallRow, TranscriptRow
from connector.store.tables.told import HookRow, InboxRow
from connector.store.tables.work import DaemonRow, LeaseRow, NoticeRow, RunRow

__all__ = [
    "NAMING",
    "AbsenceRow",
    "AccountRow",
    "ApiTokenRow",
    "Base",
    "CallScoreRow",
    "CellBookRow",
    "CellRow",
    "ChanceRow",
    "ClockRow",
    "ClosedValueRow",
    "ClosingRow",
    "ContestRow",
    "ContestVerdictRow",
    "CursorRow",
    "DaemonRow",
    "DestructionRow",
    "DirtyRow",
    "DriftRow",
    "ErasedRow",
    "FactRow",
    "FeedbackRow",
    "HookRow",
    "ImportRow",
    "ImportedRow",
    "InboxRow",
    "LeaseRow",
    "LedgerRow",
    "MembershipRow",
    "NoticeRow",
    "OutboxRow",
    "PlanCorrectionRow",
    "PlanRow",
    "QuoteRow",
    "RecordRow",
    "RefusedRow",
    "ResultRow",
    "RunRow",
    "SampledCallRow",
    "SheetRow",
    "SignInRow",
    "SwitchRow",
    "TermsRow",
    "TokenRow",
    "TranscriptRow",
    "VersionRow",
    "WorldRow",
]
