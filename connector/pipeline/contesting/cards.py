"""What sellers say on the cards of their deals: the box and the text that we make, read back as contests."""

from __future__ import annotations

from sqlalchemy import Connection

from connector.contest.answer import answers
from connector.contest.card import Box, Mark, mark_of, said
from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.contesting.contested import Asked
from connector.pipeline.contesting.contests import Said, open_contest, withdraw
from connector.pipeline.switching import writeback_of
from connector.records import User
from connector.store import cursors, leases, notices
from connector.store.agreed import contests
from connector.store.crm import records
from connector.wishes import Layout
from connector.writeback.fields import contest_fields

CURSOR, NOTICE = "contest_cards", "contest_card"
_OVERLAP = 600_000
"""Milliseconds: what was kept while the last look was taken is looked at again."""


def hear_cards(bench: Workbench, fence: leases.Fence) -> None:
    """Make the two fields once, then open and withdraw what changed cards say. Nothing unless the level is on.

    What cannot be contested is a notice, and stays ticked: the next change of the card tries again.
    """
    if writeback_of(bench).contests != "on":
        return
    with bench.store.read() as conn:
        last = cursors.get(conn, bench.account, CURSOR)
    if last is None:
        _make(bench)
    now, since = bench.now(), 0 if last is None or last.told_at is None else last.told_at - _OVERLAP
    with bench.store.read() as conn:
        marks = _marks(bench, conn, since)
        found = said(marks, contests.all(conn, bench.account), contests.ticked(conn, bench.account))
    for number in found.withdrawn:
        _take_back(bench, number)
    refused = [text for mark in found.opened if (text := _open(bench, mark))]
    with bench.store.write() as conn:
        fence.check(conn)
        contests.untick(conn, bench.account, found.emptied)
        for text in refused:
            notices.add(conn, bench.account, NOTICE, text[:120], text, now=now)
        cursors.advance(conn, bench.account, CURSOR, cursor="read", told_at=now, rows=len(marks))


def answers_of(bench: Workbench, conn: Connection) -> dict[str, str | None]:
    """By deal that was contested: what was decided, as its card says it."""
    known = contests.all(conn, bench.account)
    users = records.directory(conn, bench.account, User) if known else {}
    return answers(known, {id: user.name for id, user in users.items()}, bench.zone(), bench.settings.language)


def _make(bench: Workbench) -> None:
    """The fields of the default names; those that an administrator named are his."""
    settings = bench.settings.writeback
    wanted = (settings.contest_field, settings.contest_text_field)
    ours = tuple(spec for spec in contest_fields(bench.settings.language) if spec.code in wanted)
    if ours:
        bench.provider.prepare(Layout(group="KPI", deal_fields=ours))


def _marks(bench: Workbench, conn: Connection, since: int) -> list[Mark]:
    settings = bench.settings.writeback
    fields = Box(settings.contest_field, settings.contest_text_field)
    return [mark_of(deal, fields) for deal in contests.changed_deals(conn, bench.account, since)]


def _take_back(bench: Workbench, number: int) -> None:
    """By whose contest it is, though the deal may be another's by now."""
    with bench.store.read() as conn:
        found = contests.get(conn, bench.account, number)
    if found is not None and found.state == "open":
        try:
            withdraw(bench, number, Said(found.ruling.user, "", "card"))
        except BadConfig:
            return  # he has left: it waits for the head


def _open(bench: Workbench, mark: Mark) -> str:
    """Why it could not be opened, empty where it was."""
    try:
        open_contest(bench, Asked(about=mark.about), Said(mark.owner or "", mark.text or "—", "card"))
    except BadConfig as error:
        return f"{mark.about}: contested on its card, and cannot be: {error}"
    return ""
