"""The kinds of facts and their columns, for whoever writes KPIs of his own. Pure."""

from __future__ import annotations

import json

from connector.kpi.custom.carried import CARRIED, COHORTS, Dimension
from connector.kpi.custom.conditions import THRESHOLDS, columns_of
from connector.kpi.custom.selecting import NAMED_STAGES
from connector.kpi.kinds import KINDS
from connector.kpi.text import Language, Text

_COHORTS = Text("conversion: из → в", "conversion: from → to")
_THRESHOLDS = Text("пороги, которые можно назвать в where", "thresholds that where may name")

_DIMENSIONS: dict[Dimension, Text] = {
    "seconds": Text("секунды", "seconds"),
    "days": Text("дни", "days"),
    "share": Text("доля", "share"),
    "score": Text("оценка", "score"),
}


def as_text(language: Language) -> str:
    """A line for each kind: its key, its name, its columns; then conversions and thresholds."""
    wide = max(map(len, CARRIED))
    broad = max(len(KINDS[kind].one(language)) for kind in CARRIED)
    out = [
        f"{kind:<{wide}}  {KINDS[kind].one(language):<{broad}}  {columns_of(kind)(language)}{_stages(kind)}"
        for kind in CARRIED
    ]
    pairs = ", ".join(f"{start} → {end}" for start, end in COHORTS)
    named = ", ".join(f"{name} ({_DIMENSIONS[what](language)})" for name, what in THRESHOLDS.items())
    return "\n".join([*out, "", f"{_COHORTS(language)}: {pairs}", f"{_THRESHOLDS(language)}: {named}"])


def _stages(kind: str) -> str:
    """What `stage` may be asked for, where that is the same in every account."""
    words = NAMED_STAGES.get(CARRIED[kind].stage or "")
    return f"; stage: {', '.join(words)}" if words else ""


def as_json() -> str:
    """The same for machines, texts in both languages."""
    kinds = {
        kind: {
            "name": KINDS[kind].one._asdict(),
            "columns": {name: one.dimension(name) for name in ("amount", "number", "other") if one.dimension(name)},
            "due": one.due,
            "pipeline_and_source": one.deal,
            "stage": one.stage,
            "standing": KINDS[kind].standing,
            "setting": one.setting,
            "import": one.imported,
        }
        for kind, one in CARRIED.items()
    }
    told = {"kinds": kinds, "conversions": [list(pair) for pair in COHORTS], "thresholds": THRESHOLDS}
    return json.dumps(told, ensure_ascii=False, indent=2)
