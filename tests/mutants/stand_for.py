"""Which tests stand for which file: those that say what it decides, the quickest first; and which files decide nothing.

A file's own tests come first, then what goes through it: a mutant is dead at the first that fails.
"""

from __future__ import annotations

_DERIVED = {
    "__init__": ("test_version", "test_rules", "test_deals", "test_derive", "test_purchases"),
    "calls": ("test_calls", "test_called", "test_leads", "test_messages", "test_excluded"),
    "client": ("test_client", "test_win_rules"),
    "clocks": ("test_clocks", "test_leads"),
    "deals": ("test_deals", "test_win_rules"),
    "dones": ("test_tasks", "test_calls"),
    "excluded": ("test_excluded",),
    "external": ("test_external", "test_called"),
    "fields": ("test_client", "test_worth", "test_scores", "test_steps", "test_parts"),
    "handed": ("test_handed", "test_leads"),
    "history": ("test_deals", "test_leads", "test_open_deals", "test_lives", "test_worth", "test_steps", "test_derive"),
    "ladder": ("test_ladder", "test_steps", "test_outcomes"),
    "leads": ("test_leads", "test_outcomes"),
    "lives": ("test_lives",),
    "missed": ("test_missed", "test_calls"),
    "open_deals": ("test_open_deals", "test_expected", "test_excluded"),
    "outcomes": ("test_outcomes", "test_leads"),
    "parts": ("test_parts",),
    "purchases": ("test_purchases",),
    "rules": ("test_rules", "test_clocks", "test_parts", "test_ladder", "test_deals", "test_version"),
    "scores": ("test_scores",),
    "steps": ("test_steps",),
    "talks": ("test_talks",),
    "tasks": ("test_tasks",),
    "worth": ("test_worth", "test_win_rules"),
}
_CONTESTED = ("tests/contest/test_roles.py", "tests/pipeline/contesting/test_contests.py")
_DEFINED = ("tests/kpi/test_definition.py", "tests/kpi/telling/test_document.py")
_OWN = ("tests/kpi/custom/test_refusals.py", "tests/kpi/custom/test_compiled.py")
_SHOWN = "tests/kpi/test_explain.py"
_FAMILIES = ("calls", "client", "cohort", "deals", "leads", "money", "pipeline", "quality", "tasks", "trade")
_MEASURED: dict[str, tuple[str, ...]] = {
    **{f"families/{name}": _DEFINED for name in _FAMILIES},
    "families/cohort": (*_DEFINED, "tests/kpi/test_engine.py"),
    "families/tasks": (*_DEFINED, "tests/kpi/test_engine.py"),
    "catalogue": _DEFINED,
    "cells": ("tests/kpi/test_cells.py", "tests/kpi/test_keeping.py"),
    "chance": ("tests/kpi/test_chance.py", "tests/pipeline/test_chances.py"),
    "clocks": ("tests/kpi/test_worked.py", "tests/pipeline/test_calendars.py"),
    "closing": ("tests/kpi/test_closing.py", "tests/pipeline/test_closing.py"),
    "condition": ("tests/kpi/test_definition.py", "tests/kpi/test_defined.py", "tests/kpi/test_measure.py"),
    "corrections/reading": ("tests/kpi/corrections/test_reading.py", "tests/pipeline/test_correcting.py"),
    "corrections/steps": ("tests/kpi/corrections/test_steps.py", "tests/pipeline/test_correcting.py"),
    "custom/carried": (*_OWN, "tests/kpi/test_kinds.py"),
    "custom/compiled": _OWN,
    "custom/conditions": _OWN,
    "custom/flaws": _OWN,
    "custom/linting": ("tests/kpi/custom/test_linting.py", "tests/cli/test_catalogue.py"),
    "custom/parts": _OWN,
    "custom/related": _OWN,
    "custom/selecting": _OWN,
    "custom/shaping": _OWN,
    "dated": ("tests/kpi/test_dated.py",),
    "definition": ("tests/kpi/test_definition.py", "tests/kpi/test_evaluate.py", "tests/kpi/test_measure.py"),
    "diff/changes": ("tests/kpi/diff/test_changes.py", "tests/kpi/diff/test_reading.py"),
    "diff/reading": ("tests/kpi/diff/test_reading.py",),
    "engine": ("tests/kpi/test_engine.py", "tests/kpi/test_dated.py"),
    "evaluate": ("tests/kpi/test_evaluate.py",),
    "evidence": ("tests/kpi/test_evidence.py", "tests/pipeline/talks/test_scoring.py"),
    "explain": (_SHOWN, "tests/kpi/test_engine.py", "tests/kpi/test_dated.py"),
    "fold": ("tests/kpi/test_fold.py", "tests/kpi/test_measure.py", "tests/kpi/test_evaluate.py"),
    "frame": (
        "tests/kpi/test_frame.py",
        "tests/kpi/test_engine.py",
        "tests/kpi/telling/test_replanned.py",
        "tests/kpi/test_dated.py",
    ),
    "items": (_SHOWN, "tests/kpi/test_dated.py", "tests/pipeline/contesting/test_contests.py"),
    "interval": ("tests/kpi/test_interval.py", "tests/kpi/test_evaluate.py"),
    "sampling": ("tests/kpi/test_interval.py", "tests/kpi/test_evaluate.py", "tests/kpi/telling/test_about.py"),
    "keeping": ("tests/kpi/test_keeping.py", "tests/kpi/test_cells.py"),
    "kinds": ("tests/kpi/test_kinds.py", "tests/kpi/test_definition.py", "tests/kpi/test_measure.py", *_OWN),
    "look": ("tests/kpi/test_look.py", "tests/kpi/test_engine.py", "tests/kpi/test_measure.py", _SHOWN),
    "measure": ("tests/kpi/test_measure.py", "tests/kpi/test_cells.py"),
    "people": ("tests/kpi/test_people.py", "tests/kpi/test_dated.py", "tests/kpi/test_engine.py"),
    "proof": ("tests/kpi/test_proof.py",),
    "sellers": ("tests/kpi/test_sellers.py", "tests/kpi/test_dated.py"),
    "sink": ("tests/kpi/test_sink.py", "tests/kpi/test_measure.py"),
    "spans": ("tests/kpi/test_spans.py", "tests/kpi/test_dated.py"),
    "survival": ("tests/kpi/test_survival.py",),
    "tally": ("tests/kpi/test_tally.py", "tests/kpi/test_measure.py"),
    "waiting": ("tests/kpi/test_waiting.py", "tests/kpi/test_evaluate.py"),
    "varying": ("tests/kpi/test_evaluate.py", "tests/kpi/test_interval.py", "tests/kpi/telling/test_about.py"),
    "team_plan": ("tests/kpi/test_sellers.py", "tests/kpi/test_engine.py", "tests/kpi/test_dated.py"),
    "unpriced": ("tests/kpi/test_unpriced.py", _SHOWN),
    "worked": ("tests/kpi/test_worked.py",),
}
STAND_FOR: dict[str, tuple[str, ...]] = {
    **{
        f"connector/derive/{name}.py": tuple(f"tests/derive/{test}.py" for test in own)
        for name, own in _DERIVED.items()
    },
    "connector/derive/contested.py": _CONTESTED,
    **{f"connector/kpi/{name}.py": tests for name, tests in _MEASURED.items()},
}
"""The tests of every file that decides something, in the order in which they are run."""

_WORDS = "what a flaw, a change or a reason is called: words, chosen by a code that something else decides"
_TOLD = "how numbers that are made already are written; a wrong word changes no KPI"
LEFT_OUT: dict[str, str] = {
    "connector/kpi/text.py": _WORDS,
    "connector/kpi/custom/words.py": _WORDS,
    "connector/kpi/diff/words.py": _WORDS,
    "connector/kpi/custom/kinds_telling.py": _TOLD,
    "connector/kpi/corrections/telling.py": _TOLD,
    "connector/kpi/diff/telling.py": _TOLD,
    **{
        f"connector/kpi/telling/{name}.py": _TOLD
        for name in ("about", "document", "explanation", "formula", "render", "table", "words")
    },
}
"""Files of the two packages that are not tried, each with the reason."""
