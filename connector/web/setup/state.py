"""How far the first run has come: one person's, in the memory of the process that he started."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from connector.errors import KpiError
from connector.first_run.seen import Proposal, Seen
from connector.first_run.writing import Connection
from connector.pipeline.bench import surprised
from connector.pipeline.trust.reconciling import Reconciled
from connector.redact import redact
from connector.web.setup.storing import SQLITE
from connector.web.setup.variables import Readable
from connector.writeback.preview import Preview

Step = Literal["connect", "answers", "judged", "review", "written", "levels", "done"]
STEPS: tuple[Step, ...] = ("connect", "answers", "judged", "review", "written", "levels", "done")


class Job:
    """Work in a thread of its own, and how far it got: kind, rows, total as far as it is known, requests."""

    def __init__(self, what: str, work: Callable[[Job], None]) -> None:
        self.what, self.error = what, ""
        self.told: tuple[str, int, int | None, int] | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name="setup", daemon=True)
        self._thread.start()

    def __call__(self, kind: str, rows: int, total: int | None, requests: int) -> None:
        """A `Progress`."""
        self.told = (kind, rows, total, requests)

    @property
    def running(self) -> bool:
        """Whether it is under way."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        """Until it is over, not longer than that."""
        self._thread.join(seconds)

    def _run(self, work: Callable[[Job], None]) -> None:
        try:
            work(self)
        except KpiError as error:
            self.error = redact(str(error))
        except Exception as surprise:  # told on the page like every other error: nobody reads this thread's traceback
            self.error = str(surprised(surprise))


@dataclass(slots=True)
class Setup:
    """`code`: of the link; `owner`: the browser that used it, the only one that is answered from then on."""

    path: Path
    environ: Mapping[str, str]
    code: str
    readable: Readable = field(default_factory=Readable)
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while a step is made: whoever presses twice makes it once."""
    owner: str = ""
    step: Step = "connect"
    there: Connection | None = None
    secret: SecretStr = field(default_factory=lambda: SecretStr(""))
    store: str = SQLITE
    """The address of the database."""
    seen: Seen | None = None
    proposals: list[Proposal] = field(default_factory=list)
    judged: list[Proposal] = field(default_factory=list)
    answers: list[Proposal] = field(default_factory=list)
    """To `proposals`; those to `judged` are in `of_people`."""
    of_people: list[Proposal] = field(default_factory=list)
    typed: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By step: what its form said last."""
    text: str = ""
    """The configuration as it will be written."""
    job: Job | None = None
    found: Reconciled | None = None
    shown: Preview | None = None
    settled: dict[str, str] = field(default_factory=dict)
    """Levels decided about here: on, or preview as they were left."""
    finished: threading.Event = field(default_factory=threading.Event)

    def begin(self, code: str, browser: str) -> bool:
        """Whether this browser goes on: by the code, once."""
        if self.owner or not browser or not hmac.compare_digest(self.code.encode(), code.encode("utf-8", "replace")):
            return False
        self.owner = browser
        return True

    def owned_by(self, browser: str) -> bool:
        """Whether it is this browser's."""
        return bool(self.owner) and hmac.compare_digest(self.owner.encode(), browser.encode("utf-8", "replace"))

    @property
    def connected(self) -> tuple[Connection, Seen]:
        """What comes after connecting has both."""
        assert self.there is not None, "nothing is asked before the account is connected"
        assert self.seen is not None, "nothing is asked before the account was looked at"
        return self.there, self.seen
