"""Batches of changes, each item judged alone: what is refused is left out, what is unsure is looked at again.

amoCRM refuses a whole batch for one bad item and gives no idempotency key; field changes may be repeated, as they are
read before they are written. Source: crm/amocrm 2, 4.1, 4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connector.errors import NeedsPerson, Refused, TryLater, Uncertain, Unfit
from connector.wishes import Delivered
from providers.amocrm.client import Client
from providers.amocrm.mapping.values import embedded, table

BATCH = 50
"""What the vendor recommends."""


@dataclass(frozen=True, slots=True)
class Job:
    """One card to change. `before`: our fields as found; `write`: what changes; `theirs`: fields left to a person."""

    key: str
    id: str
    body: Mapping[str, Any] = field(repr=False)
    before: Mapping[str, str | None]
    write: Mapping[str, str | None]
    theirs: tuple[str, ...] = ()

    def told(self, status: Any, message: str = "") -> Delivered:
        """The outcome; `after` names what was written only."""
        done = status == "done"
        if done and self.theirs:
            status, message = "conflict", f"left to a person: {', '.join(self.theirs)}"
        return Delivered(
            key=self.key,
            status=status,
            crm_id=self.id,
            before=dict(self.before),
            after=dict(self.write) if done else {},
            message=message,
        )


Look = Callable[[Job], bool]
"""Whether the card now shows what the job wanted."""


def patch(calls: Client, path: str, jobs: Sequence[Job], look: Look) -> Iterator[Delivered]:
    """Send in batches. NeedsPerson is raised once what can be judged has been."""
    for n in range(0, len(jobs), BATCH):
        yield from _send(calls, path, jobs[n : n + BATCH], look)


def _send(calls: Client, path: str, jobs: Sequence[Job], look: Look) -> Iterator[Delivered]:
    try:
        body = calls.write("patch", path, [{**job.body, "request_id": job.id} for job in jobs])
    except Unfit as error:
        yield from _without(calls, path, jobs, error, look)
    except Uncertain as error:
        yield from _looked(calls, path, jobs, str(error), look)
    except TryLater as error:
        yield from (job.told("retry", str(error)) for job in jobs)
    except NeedsPerson as error:
        yield from (job.told("retry", str(error)) for job in jobs)
        raise
    except Refused as error:
        yield from (job.told("rejected", str(error)) for job in jobs)
    else:
        if body is None:  # 202: taken, not told whether done
            yield from _looked(calls, path, jobs, "accepted without an answer", look)
        else:
            yield from _answered(jobs, body)


def _answered(jobs: Sequence[Job], body: Any) -> Iterator[Delivered]:
    """A good answer may still name single failures."""
    failed = {str(item.get("request_id", item.get("id"))): item for item in embedded(table(body), "errors")}
    for job in jobs:
        wrong = failed.get(job.id)
        yield job.told("done") if wrong is None else job.told("rejected", str(wrong.get("detail") or wrong))


def _without(calls: Client, path: str, jobs: Sequence[Job], error: Unfit, look: Look) -> Iterator[Delivered]:
    """Nothing of a refused batch was done: send it again without those who are to blame, or in halves."""
    named = [job for job in jobs if job.id in error.items]
    if len(jobs) == 1:
        yield jobs[0].told("rejected", error.items.get(jobs[0].id, str(error)))
    elif named:
        yield from (job.told("rejected", error.items[job.id]) for job in named)
        if rest := [job for job in jobs if job.id not in error.items]:
            yield from _send(calls, path, rest, look)
    else:
        yield from _halves(calls, path, jobs, look)


def _looked(calls: Client, path: str, jobs: Sequence[Job], why: str, look: Look) -> Iterator[Delivered]:
    """Nobody knows: what the cards show is the answer; what is still missing goes out again in smaller batches."""
    missing = []
    for job in jobs:
        if look(job):
            yield job.told("done")
        else:
            missing.append(job)
    if len(jobs) == 1:
        yield from (job.told("unknown", why) for job in missing)
    else:
        yield from _halves(calls, path, missing, look)


def _halves(calls: Client, path: str, jobs: Sequence[Job], look: Look) -> Iterator[Delivered]:
    middle = (len(jobs) + 1) // 2
    for half in (jobs[:middle], jobs[middle:]):
        if half:
            yield from _send(calls, path, half, look)
