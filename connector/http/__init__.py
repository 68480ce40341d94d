"""HTTP at a CRM's pace: one call, its deadline, its size cap, its retries by kind of call, nothing secret in errors.

What an answer means is the provider's to say (`judge`); when to repeat is decided here:
a read may be repeated, a write only where it certainly did not run (Limited, Unreachable), a token call never.
"""

from connector.http.answer import Answer
from connector.http.calls import MAX_BODY, USER_AGENT, Http, Judge, Kind
from connector.http.pacer import Pacer

__all__ = ["MAX_BODY", "USER_AGENT", "Answer", "Http", "Judge", "Kind", "Pacer"]
