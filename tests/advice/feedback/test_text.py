from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connector.advice.case import Evidence, Proof
from connector.advice.rules import advise
from tests.advice.feedback.ground import SELLERS, situation, weeks

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"


def full(language: str):
    others = dict.fromkeys(SELLERS, (0.7, 40))
    seen = weeks({"objection_handling": others | {"501": (0.3, 40)}}, {"objection_handling": {"501": (0.7, 80)}})
    records = [Evidence(f"возражение {n}", f"https://acme/deal/{n}") for n in range(7)]
    proof = Proof(records, ["нет ответственного: 2"])
    return replace(situation(seen), proofs={("501", "objection_handling"): proof}, language=language)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_text_as_it_stands(language):
    (task,) = advise(full(language)).tasks
    told = f"{task.title}\n\n{task.text}\n".replace("\u00a0", "~")
    assert told == (SNAPSHOTS / f"quality_drop.{language}.txt").read_text("utf-8")
