"""What each kind of fact carries, for whoever puts measures together: columns, dimensions, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Dimension = Literal["money", "seconds", "days", "share", "score", "items", "ordinal"]
"""What a column's values are; ordinals are told apart, never added up."""
Grows = Literal["window", "norm", "open"]
"""When a number that is not there yet may still come: within a window, by a norm that `due` ends, or any day."""
_DEAL, _CALL, _TASK = frozenset({"deal"}), frozenset({"call"}), frozenset({"task"})


@dataclass(frozen=True, slots=True)
class Carried:
    """`amount`, `number`, `other`, `due`, `stage`: the columns such a fact has. `deal`: it knows pipeline and source.

    `grows`: see Grows, None where the number is there from the beginning. `needs`: kinds of records, `answers`: those
    that the number needs too. `setting`: the rule without which there are no such facts; `imported`: they can also be
    imported, None where they cannot, "only" where there is no other way. `due_first`: they count once `due` has come.
    `activity`: what people do, which is easily done more of for its own sake. `history`: means little while the history
    of clients is short.
    """

    empty: str = "no_deals"
    needs: frozenset[str] = _DEAL
    answers: frozenset[str] = frozenset()
    amount: bool = False
    number: Dimension | None = None
    other: Dimension | None = None
    due: bool = False
    deal: bool = True
    stage: Literal["outcome", "step", "stage", "sort"] | None = None
    grows: Grows | None = None
    setting: str | None = None
    imported: Literal["also", "only"] | None = None
    due_first: bool = False
    activity: bool = False
    history: bool = False

    def dimension(self, column: str) -> Dimension | None:
        """Of a column's values, None where there is no such column."""
        if column == "amount":
            return "money" if self.amount else None
        return self.number if column == "number" else self.other if column == "other" else None


def _window(**more: object) -> Carried:
    """A cohort: what came of it is known once its window is over."""
    return Carried(**({"number": "seconds", "due": True, "grows": "window"} | more))  # type: ignore[arg-type]  # by name


def _call(**more: object) -> Carried:
    base: dict[str, object] = {"empty": "no_calls", "needs": _CALL, "deal": False}
    return Carried(**(base | more))  # type: ignore[arg-type]  # by name


CARRIED: dict[str, Carried] = {
    "win": Carried(amount=True, number="ordinal", other="days", due=True, history=True),
    "win_part": Carried(amount=True, number="share", setting="split_field"),
    "purchase": Carried(amount=True, number="items", due=True, setting="group_wins_days", history=True),
    "client_year": Carried(amount=True, number="share", due=True, due_first=True, history=True),
    "loss": Carried(number="ordinal", empty="no_losses"),
    "created": Carried(amount=True, number="seconds", stage="outcome", grows="open"),
    "cycle": Carried(number="seconds"),
    "return": _window(number="days", history=True),
    "margin": Carried(amount=True, setting="margin_field"),
    "margin_base": Carried(amount=True, setting="margin_field"),
    "listed": Carried(amount=True, setting="list_price_field"),
    "discount": Carried(amount=True, setting="list_price_field"),
    "payment": Carried("no_payments", amount=True, setting="payment_amount_field", imported="also"),
    "refund": Carried(
        "no_refunds", amount=True, number="days", due=True, due_first=True, setting="refund_amount_field",
        imported="also",
    ),
    "refund_excused": Carried(
        "no_refunds", amount=True, number="days", due=True, due_first=True, setting="refund_reason_field",
        imported="also",
    ),
    "refund_booked": Carried("no_refunds", amount=True, setting="refund_amount_field", imported="also"),
    "rating": Carried("no_ratings", number="score", due=True, setting="csat_field", imported="also"),
    "enquiry": Carried("no_leads", answers=_CALL, number="seconds", due=True, grows="norm"),
    "handed": Carried("no_leads", answers=_CALL, number="seconds", due=True, grows="norm"),
    "junked": Carried("no_leads", setting="junk_reasons"),
    "lead_won": _window(empty="no_leads"),
    "lead_qualified": _window(empty="no_leads", setting="qualified_stages"),
    "lead_processed": Carried("no_leads", number="seconds", grows="open", setting="qualified_stages"),
    "step": _window(stage="step", setting="key_steps"),
    "quote": _window(empty="no_quotes", setting="quote_stage", activity=True),
    "quote_paid": _window(empty="no_quotes", setting="payment_amount_field", imported="also"),
    "card": Carried("no_cards", number="share", setting="required_fields"),
    "call_out": _call(number="seconds", other="seconds", activity=True),
    "call_in": _call(number="seconds", activity=True),
    "call_missed": _call(),
    "call_missed_off": _call(),
    "callback": _call(number="seconds", other="seconds", due=True, grows="norm"),
    "talk_won": _window(empty="no_calls", needs=_DEAL | _CALL, deal=False),
    "talk_meeting": _window(empty="no_calls", needs=frozenset({"call", "meeting"}), deal=False),
    "meeting": Carried("no_meetings", frozenset({"meeting"}), deal=False, activity=True),
    "task_due": Carried(
        "no_tasks", _TASK, number="seconds", due=True, deal=False, stage="sort", grows="norm",
        activity=True,
    ),
    "reschedule": Carried("no_tasks", _TASK, deal=False, stage="sort"),
    "open_deal": Carried("no_open_deals", amount=True, number="seconds", due=True, stage="stage"),
    "open_expected": Carried(
        "no_open_deals", amount=True, due=True, stage="stage", setting="expected_close_field"
    ),
    "open_quiet": Carried("no_open_deals", due=True, stage="stage"),
    "open_task": Carried("no_tasks", _TASK, due=True, deal=False, stage="sort"),
    "billed": Carried("no_invoices", amount=True, number="share", due=True, imported="only"),
    "invoice": Carried("no_invoices", amount=True, due=True, imported="only"),
    "objection": Carried("no_scores", number="share", setting="objection_field", imported="also"),
    "script_passed": Carried("no_scores", number="items", setting="script_field", imported="also"),
    "script_items": Carried("no_scores", number="items", setting="script_field", imported="also"),
    "technique": Carried("no_scores", number="share", imported="only"),
}  # fmt: skip
"""By kind; the same kinds as KINDS."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """What may become of a thing within a window: `kind` tells, `window` is the rule with its days.

    `reached`: the stages in which it came to the end meant, none where every number is that.
    """

    kind: str
    window: str
    reached: tuple[str, ...] = ()


COHORTS: dict[tuple[str, str], Cohort] = {
    ("enquiry", "win"): Cohort("lead_won", "conversion_window_days"),
    ("enquiry", "qualified"): Cohort("lead_qualified", "conversion_window_days"),
    ("talk", "win"): Cohort("talk_won", "conversion_window_days"),
    ("talk", "meeting"): Cohort("talk_meeting", "conversion_window_days"),
    ("deal", "win"): Cohort("created", "conversion_window_days", ("won",)),
    ("quote", "win"): Cohort("quote", "conversion_window_days"),
    ("step", "next"): Cohort("step", "step_window_days"),
    ("win", "win"): Cohort("return", "return_days"),
}
"""From what to what."""
