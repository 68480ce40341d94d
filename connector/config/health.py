"""`[account.health]`: from what on data look imported, moved in bulk or played."""

from __future__ import annotations

from pydantic import Field

from connector.config.section import Section


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
    junked: int = Field(10, ge=2)
    """Enquiries of one person in a period that were lost as junk, so that they count nowhere."""
    junked_share: float = Field(0.3, gt=0, le=1)
    """... where they are such a part of all that came to him, and twice the others' part."""
    back_dated_days: int = Field(1, ge=1, le=365)
    """Days by which the CRM's closing date may lie before the move."""
