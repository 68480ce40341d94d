"""What lint says of each flaw: the line, the number as people count, the grade; and how many are computed."""

from __future__ import annotations

import json

from connector.config import lines
from connector.kpi.custom.compiled import compiled
from connector.kpi.custom.linting import Linted, as_json, as_text, linted
from connector.kpi.custom.selecting import World
from connector.records import Pipeline
from tests.kpi.custom.own import RULES, sections

FILE = """
[[account]]
name = "north"
[[account]]
name = "south"
[[account.kpi]]
key = "a1"
count = "win"
minimum = 3
[[account.kpi]]
key = "a2"
count = "winn"
[[account.kpi]]
key = "a3"
count = { of = "win", pipeline = "Retail" }
[[account.kpi]]
key = "a4"
count = { of = "call_out", where = ["number >= 5"] }
counter = "nobody"
"""


def found() -> Linted:
    own = FILE[FILE.index("[[account.kpi]]") :].replace("account.kpi", "kpi")
    told = sections(own)
    made = compiled(told, World(RULES, pipelines=(Pipeline(id="1", name="Trade"),)))
    return linted("south", 1, told, made, lines(FILE))


def test_each_flaw_has_its_line_and_they_come_in_the_order_of_the_file() -> None:
    assert [(one.line, one.key, one.flaw.grade, one.flaw.code) for one in found().findings] == [
        (7, "a1", "warning", "same"),
        (12, "a2", "refused", "no_kind"),
        (15, "a3", "missing", "no_pipeline"),
        (19, "a4", "refused", "no_counter"),
    ]


def test_only_what_is_not_computed_fails_and_is_not_counted() -> None:
    one = found()
    assert (one.account, one.sections, one.good, one.failed) == ("south", 4, 1, True)
    mild = Linted("south", 4, 4, one.findings[:1])
    assert not mild.failed
    assert Linted("south", 4, 3, one.findings[2:3]).failed


def test_it_is_written_as_compilers_do() -> None:
    first, second, *_, last = as_text("config.toml", [found()], "en").splitlines()
    assert first.startswith("config.toml:7: warning: south, no. 1 a1, key: ")
    assert second.startswith("config.toml:12: refused: south, no. 2 a2, count.of: ")
    assert last == "south: 4 own KPIs, 1 computed; 2 refused, 1 without a source, 1 warnings"


def test_machines_read_the_same() -> None:
    (told,) = json.loads(as_json([found()]))
    assert (told["account"], told["kpis"], told["computed"]) == ("south", 4, 1)
    assert [(one["line"], one["number"], one["grade"]) for one in told["findings"]] == [
        (7, 1, "warning"),
        (12, 2, "refused"),
        (15, 3, "missing"),
        (19, 4, "refused"),
    ]


def test_the_json_is_readable_where_it_is_russian() -> None:
    assert "показател" in as_json([found()])
