"""OAuth pairs whose refresh token can be spent once: no crash, no second process and no lost answer may cost the grant.

    alone -> replay the journal -> someone was faster? -> intent on disk and in the database -> spend, once
          -> journal -> database (compare and set) -> trim the journal to the newest pair

The intent proves, before the token is spent, that its successor can be stored. Where the answer never came nobody
knows whether the token was spent: the account goes on with its access token, and the old refresh token is tried again,
once after each pause. Only the vendor's own word "revoked" ends a grant. Source: protocols.md, OAuth; measured in M7.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import sqlalchemy as sa

from connector.decoding import decoded
from connector.errors import (
    BadConfig,
    Blocked,
    Busy,
    KpiError,
    Limited,
    Reauthorise,
    Refused,
    StoreTrouble,
    TryLater,
    Unpaid,
    Unreachable,
    WrongKey,
)
from connector.provider import Tokens
from connector.redact import redact, remember
from connector.store import notices
from connector.store.engine import Store
from connector.store.secret import sealing
from connector.store.secret.alone import alone
from connector.store.secret.journal import Entry, Journal
from connector.store.tables import TokenRow
from connector.store.upsert import table

TOKEN = table("token")
PAUSE = timedelta(seconds=120)
"""After a lost answer; longer than any call may last, so that an intent of another machine is over by then too."""
LONGEST_PAUSE = timedelta(hours=1)
MARGIN = timedelta(seconds=60)
"""An access token this close to its end counts as over."""
WAIT = 150.0
"""Seconds to wait for another refresher: one whole call and some more."""
UNSPENT = (Unreachable, Limited, Refused, Unpaid, Blocked, BadConfig)
"""What `spend` raises where the vendor certainly did not take the token."""

log = logging.getLogger(__name__)


class Vault:
    """One account's pair. Implements `provider.TokenVault`.

    `journal` is the file's base name: each account gets a file of its own beside it.
    """

    def __init__(
        self,
        store: Store,
        account: int,
        key: bytes,
        journal: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._account, self._key, self._clock = store, account, key, clock
        self._unsaved: Entry | None = None
        """A pair that neither disk nor database took: this process is the last that has it."""
        self._journal = Journal(journal.with_name(f"{journal.stem}-{account}{journal.suffix or '.journal'}"))
        if self._journal.path.exists():
            with contextlib.suppress(Busy), self._alone(0.0):  # a live refresher replays for itself
                self._replay()

    def current(self) -> Tokens | None:
        """The newest pair, None before the first authorisation. Raises StoreTrouble for a wrong key."""
        row = self.row()
        return self._open(row.sealed) if row else None

    def row(self) -> TokenRow | None:
        """State and message, for status pages: good, refresh_unknown or reauth_required."""
        with self._store.read() as conn:
            found = conn.execute(sa.select(TOKEN).where(TOKEN.c.account == self._account)).one_or_none()
        return TokenRow(**found._mapping) if found else None

    def keep(self, tokens: Tokens) -> None:
        """Store a pair won by an authorisation code; it replaces whatever was there."""
        _hide(tokens)
        with self._alone(WAIT):
            self._replay()
            row = self.row()
            self._settle(tokens, row.version if row else 0)

    def refresh(self, stale: Tokens, spend: Callable[[Tokens], Tokens]) -> Tokens:
        """A newer pair than `stale`, by one call of `spend` at most, of all processes together.

        While the outcome of a refresh is unknown, or the grant is dead, the pair given back is `stale` itself as long
        as its access token lives; afterwards TryLater (with the moment of the next try) or Reauthorise is raised.
        """
        with self._alone(WAIT):
            self._replay()
            row = self.row()
            if row is None:
                raise self._reauthorise("this account was never authorised")
            newest = self._open(row.sealed)
            if (newest.refresh, newest.access) != (stale.refresh, stale.access):
                return newest
            try:
                return self._spend(row, newest, spend)
            except KpiError as error:
                if self._clock() + MARGIN >= newest.expires_at:
                    raise
                log.warning("token not renewed, the access token lives until %s: %s", newest.expires_at, error)
                return newest

    def _spend(self, row: TokenRow, newest: Tokens, spend: Callable[[Tokens], Tokens]) -> Tokens:
        if row.state == "reauth_required":
            raise self._reauthorise(row.message)
        self._wait_out(row)
        now = self._clock()
        self._journal.append(Entry("intent", row.version, _ms(now)))
        self._note(row.version, "refresh_unknown" if row.intent_at else row.state, _ms(now), row.message)
        try:
            fresh = spend(newest)
        except Reauthorise as error:
            self._give_up(row.version, error, newest)
            raise
        except UNSPENT:
            self._note(row.version, row.state, row.intent_at, row.message)
            if row.intent_at is None:
                self._journal.trim()
            raise
        except BaseException as error:
            self._lost(row.version, _ms(now), f"{type(error).__name__}: {error}")
            raise
        self._settle(fresh, row.version)
        return fresh

    def _wait_out(self, row: TokenRow) -> None:
        """An intent without an outcome: nobody knows, so the old token is not shown again before its pause is over."""
        if row.intent_at is None:
            return
        tries = sum(entry.what == "intent" for entry in self._journal.entries()) or 1
        pause = min(PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
        began = datetime.fromtimestamp(row.intent_at / 1000, UTC)
        now = self._clock()
        if began <= now + MARGIN and now < began + pause:  # an intent of the future comes from a clock set back
            raise TryLater(
                "whether the last token refresh went through is unknown",
                where=f"account {self._account}",
                done="the access token stays in use while it lives",
                todo="nothing: the refresh is tried again by itself",
                retry_at=began + pause,
            )

    def _settle(self, fresh: Tokens, version: int) -> None:
        """The new pair: journal, then database, then trim. In between any death is repaired by `_replay`."""
        _hide(fresh)
        sealed = sealing.seal(self._key, msgspec.json.encode(fresh))
        pair = self._unsaved = Entry("answer", version + 1, _ms(self._clock()), sealed)
        trouble: StoreTrouble | None = None
        try:
            self._journal.append(pair)
            self._unsaved = None
        except StoreTrouble as error:  # the database may still take it
            trouble = error
        self._store_pair(pair)
        self._unsaved = None
        if trouble is None:
            self._journal.trim()
        else:
            log.warning("the new token was stored without its journal: %s", trouble)

    def _store_pair(self, pair: Entry) -> None:
        """Compare and set: only a successor of what is there gets in, whoever brings it."""
        values = {"version": pair.version, "sealed": pair.sealed, "state": "good", "intent_at": None, "message": ""}
        with self._store.write() as conn:
            held = conn.execute(sa.select(TOKEN.c.version).where(TOKEN.c.account == self._account)).scalar()
            if held is None:
                conn.execute(TOKEN.insert().values(account=self._account, **values))
            else:
                older = (TOKEN.c.account == self._account) & (TOKEN.c.version < pair.version)
                conn.execute(TOKEN.update().where(older).values(**values))
            for code in ("refresh_unknown", "reauth_required"):
                notices.clear(conn, self._account, code)

    def _replay(self) -> None:
        """Bring in what a process journalled and could not store before it died, and what a database that an older
        backup took the place of had; say what was left open.
        """
        entries = self._journal.entries() + ([self._unsaved] if self._unsaved else [])
        row = self.row()
        for entry in entries:
            if entry.what == "answer" or (entry.what == "kept" and self._would_renew(entry, row)):
                self._open(entry.sealed)  # a wrong key must not overwrite anything
                self._store_pair(entry)
        self._unsaved = None
        row = self.row()
        if row is not None and row.intent_at is not None and row.state == "good":
            self._lost(row.version, row.intent_at, "the process ended during the call")
        elif any(entry.what != "kept" for entry in entries) and (row is None or row.intent_at is None):
            self._journal.trim()

    def _would_renew(self, kept: Entry, row: TokenRow | None) -> bool:
        """A pair of before a key that was lost renews nothing, nor one of before this database was begun anew."""
        if row is None or row.version >= kept.version:
            return False
        try:
            self._open(kept.sealed)
        except WrongKey:
            return False
        return True

    def _note(self, version: int, state: str, intent_at: int | None, message: str) -> None:
        mine = (TOKEN.c.account == self._account) & (TOKEN.c.version == version)
        with self._store.write() as conn:
            conn.execute(TOKEN.update().where(mine).values(state=state, intent_at=intent_at, message=message))

    def _lost(self, version: int, began: int, why: str) -> None:
        """The answer did not come. What was written before the call stands, now with words."""
        message = redact(why)[:500]
        self._note(version, "refresh_unknown", began, message)
        self._notice("refresh_unknown", f"The answer to a token refresh was lost ({message}). It is tried again.")

    def _give_up(self, version: int, error: Reauthorise, newest: Tokens) -> None:
        message = redact(str(error))[:500]
        self._note(version, "reauth_required", None, message)
        self._journal.trim()
        until = f"{newest.expires_at:%Y-%m-%d %H:%M} UTC"
        self._notice(
            "reauth_required", f"The grant is dead ({message}); the account works until {until}. Connect it anew."
        )

    def _notice(self, code: str, text: str) -> None:
        with self._store.write() as conn:
            notices.add(conn, self._account, code, "token", text, now=_ms(self._clock()))

    def _reauthorise(self, message: str) -> Reauthorise:
        return Reauthorise(
            message or "the grant is dead",
            where=f"account {self._account}",
            done="no call was made",
            todo="connect the account again",
        )

    def _open(self, sealed: str) -> Tokens:
        plain = sealing.unseal(self._key, sealed, where=self._store.where)
        tokens = decoded(plain, Tokens)
        _hide(tokens)
        return tokens

    def _alone(self, wait: float) -> AbstractContextManager[None]:
        return alone(self._store, self._account, self._journal.path.with_suffix(".lock"), wait)


def _hide(tokens: Tokens) -> None:
    remember(tokens.access, passing=True)
    remember(tokens.refresh, passing=True)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
