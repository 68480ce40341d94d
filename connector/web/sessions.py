"""A session: who is signed in, in which account, until when. Signed, never stored; it rests on the row of its code."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

import msgspec

from connector.decoding import decoded

HOUR = 3_600_000
LASTS = 12 * HOUR
"""From signing in, whatever happens: a working day."""
IDLE = 2 * HOUR
"""Without a page asked for."""
_LONGEST = 2000


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """`sign_in`: the row of the code that began it. `door`: browser, or the CRM's frame it came through."""

    account: str
    user: str
    sign_in: int
    since: int
    until: int
    door: str = "browser"

    def renewed(self, now: int) -> Session:
        """The same, good for another while, but never past its day."""
        return msgspec.structs.replace(self, until=min(now + IDLE, self.since + LASTS))


class Keys:
    """What signs sessions and forms: derived from the key that seals tokens, one for each purpose."""

    def __init__(self, secret: bytes) -> None:
        self._session = _derived(secret, b"web session")
        self._form = _derived(secret, b"web form")
        self._summary = _derived(secret, b"web summary")

    def sealed(self, session: Session) -> str:
        """As the cookie holds it."""
        body = msgspec.json.encode(session)
        return f"{_text(body)}.{_text(_mac(self._session, body))}"

    def opened(self, sealed: str, now: int) -> Session | None:
        """What a cookie says, where we wrote it and it is not over."""
        body, _, mac = sealed[:_LONGEST].partition(".")
        try:
            told, signed = _bytes(body), _bytes(mac)
            if not hmac.compare_digest(_mac(self._session, told), signed):
                return None
            session = decoded(told, Session)
        except (ValueError, binascii.Error, msgspec.DecodeError):
            return None
        return session if session.since <= now + 60_000 and now < session.until else None

    def summary_key(self, account: str) -> str:
        """The unguessable part of an account's summary, whose frame says nothing of who looks."""
        return _text(_mac(self._summary, account.encode()))

    def opens_summary(self, account: str, key: str) -> bool:
        """Whether that is it."""
        return hmac.compare_digest(self.summary_key(account).encode(), key.encode("utf-8", "replace"))

    def form_token(self, binding: str) -> str:
        """What a form must bring back: nobody else's page can know it."""
        return _text(_mac(self._form, binding.encode()))

    def fits(self, binding: str, token: str | None) -> bool:
        """Whether a form brought the token of this session, or of this browser before there is one."""
        return hmac.compare_digest(self.form_token(binding).encode(), (token or "").encode("utf-8", "replace"))


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, purpose, hashlib.sha256).digest()


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii", "strict") + b"=" * (-len(text) % 4))
