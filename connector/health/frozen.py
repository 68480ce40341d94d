"""Which KPIs a drift touches, and what a report shows of them until a person has looked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from connector.config import Rules
from connector.health.drift import Code, Drift, names_of
from connector.health.fields import about, configured
from connector.kpi.definition import Kpi
from connector.result import Result

FROZEN = "frozen"
_CALLS = frozenset({"call_out", "call_in", "call_missed", "call_missed_off"})
_UNCLOSED = _CALLS | {
    *("meeting", "enquiry", "handed", "callback", "talk_meeting", "task_due", "reschedule", "open_task", "created"),
    *("payment", "invoice", "billed", "objection", "script_passed", "script_items", "technique"),
}
"""Facts that come about whatever a stage's outcome is."""
_BY_NAME = {
    "junk_reasons": "enquiry handed junked loss lead_won lead_qualified lead_processed",
    "other_reasons": "loss",
    "quote_stage": "quote quote_paid",
}
"""Rules that name stages, and the kinds of facts they decide."""


def touched(drift: Drift, kpis: Iterable[Kpi], rules: Rules) -> tuple[str, ...]:
    """Keys of the KPIs that this drift could make silently wrong; none where it is only worth a note."""
    named = _settings_naming(drift, rules)
    test = _TESTS[drift.code]
    return tuple(kpi.key for kpi in kpis if kpi.has_source(None, rules) and test(kpi, drift, rules, named))


def settled(drift: Drift, rules: Rules, now_named: Collection[str] = ()) -> bool:
    """Whether the configuration has answered already: it names the new thing, or does not rest on the old one.

    `now_named`: how the subject is called now, id and name.
    """
    if drift.code.startswith("field_"):
        named = configured(rules).get(drift.id)
        return named is None or named != (drift.before if drift.code == "field_vanished" else drift.pipeline)
    if drift.code in ("pipeline_added", "pipeline_renamed"):
        named_pipelines = {name.strip().casefold() for name in rules.sales_pipelines}
        return bool(named_pipelines & {name.strip().casefold() for name in (drift.id, drift.after or "", *now_named)})
    return False


def thaw_moments(open_drifts: Iterable[tuple[Collection[str], int]]) -> dict[str, int]:
    """For each frozen KPI the moment (epoch ms) up to which it is sound: before the earliest drift that touches it."""
    found: dict[str, int] = {}
    for keys, since in open_drifts:
        for key in keys:
            found[key] = min(since, found.get(key, since))
    return found


def freeze(
    results: Sequence[Result],
    moments: Mapping[str, int],
    then: Mapping[tuple[str, str], Result],
    *,
    begins: int,
    ends: int,
) -> tuple[Result, ...]:
    """The results with frozen KPIs as they were known (`then`, by KPI and subject); others stay.

    A period [begins, ends) (epoch ms) that began after the moment has no value from before, nor has one of which
    nothing was known: that is no 0. One that was over by then and whose value is still the same is not in question.
    """
    return tuple(
        _frozen(result, moments[result.kpi], then.get((result.kpi, result.subject)), begins, ends)
        if result.kpi in moments
        else result
        for result in results
    )


def _frozen(result: Result, moment: int, was: Result | None, begins: int, ends: int) -> Result:
    if was is not None and ends <= moment and was.value == result.value:
        return result
    if was is None or not was.n or begins >= moment:
        return Result(
            kpi=result.kpi, subject=result.subject, period=result.period, unit=result.unit, value=None, reason=FROZEN
        )
    return replace(was, enough=False, reason=FROZEN)


def _settings_naming(drift: Drift, rules: Rules) -> frozenset[str]:
    """Settings whose value names the subject, as it was called or by its id."""
    words = {drift.id.casefold(), *(name.strip().casefold() for name in (drift.before,) if name)}
    return frozenset(key for key, names in names_of(rules).items() if words & set(names))


Test = Callable[[Kpi, Drift, Rules, frozenset[str]], bool]


def _kinds(kpi: Kpi) -> frozenset[str]:
    return frozenset(kind for one in kpi.measures for kind in one.kinds)


def _closing(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    """Whether a deal counts as won or lost."""
    return ("deal" in kpi.needs and bool(_kinds(kpi) - _UNCLOSED)) or _rests_on(kpi, named)


def _stage(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    """A stage that came or went: closed ones decide wins and losses, open ones only what names them."""
    won = drift.outcome == "won" or (drift.outcome == "lost" and drift.code == "stage_removed")
    return _closing(kpi, drift, rules, named) if won else _rests_on(kpi, named)


def _named(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    """A new name matters only where the configuration calls it by the old one."""
    return _rests_on(kpi, named)


def _pipeline(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    """A pipeline that came counts only where all do, one that went only where it did."""
    counts = not rules.sales_pipelines if drift.code == "pipeline_added" else _sold(drift, rules)
    return counts and bool(_kinds(kpi) - _CALLS - {"meeting"}) and "deal" in kpi.needs


def _renamed_pipeline(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    return "sales_pipelines" in named and "deal" in kpi.needs and bool(_kinds(kpi) - _CALLS - {"meeting"})


def _sold(drift: Drift, rules: Rules) -> bool:
    named = {name.strip().casefold() for name in rules.sales_pipelines}
    return not named or bool(named & {drift.id.casefold(), (drift.before or "").strip().casefold()})


def _rests_on(kpi: Kpi, named: frozenset[str]) -> bool:
    by_setting = kpi.setting in named
    by_kind = any(key in named and _kinds(kpi) & set(kinds.split()) for key, kinds in _BY_NAME.items())
    return by_setting or by_kind or (bool(named & {"key_steps"}) and "step" in _kinds(kpi))


def _field(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    money = drift.id == "currency_field" and any(one.money for one in kpi.measures)
    shared = drift.id == "split_field" and "win_part" in _kinds(kpi.credited(rules.credit))
    return money or shared or about(drift.id, [kpi.setting])


def _calls(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    return "call" in kpi.needs


def _talk(kpi: Kpi, drift: Drift, rules: Rules, named: frozenset[str]) -> bool:
    """Talk times say who was reached: answers to enquiries rest on them too, plain counts of calls do not."""
    plain = _kinds(kpi) <= _CALLS and not any(one.where or one.take != "count" for one in kpi.measures)
    return "call" in kpi.needs and not plain and not (_kinds(kpi) <= _CALLS | {"win"} and _unconditional(kpi))


def _unconditional(kpi: Kpi) -> bool:
    return not any(one.where for one in kpi.measures if _CALLS & set(one.kinds))


_TESTS: dict[Code, Test] = {
    "stage_added": _stage,
    "stage_removed": _stage,
    "stage_renamed": _named,
    "stage_outcome": _closing,
    "pipeline_added": _pipeline,
    "pipeline_removed": _pipeline,
    "pipeline_renamed": _renamed_pipeline,
    "field_emptied": _field,
    "field_vanished": _field,
    "calls_stopped": _calls,
    "calls_flat": _talk,
    "calls_answered": _talk,
    "calls_short": _talk,
}
