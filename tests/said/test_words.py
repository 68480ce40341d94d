"""Nothing that is raised or reported lacks its Russian; what nobody says any more is no part of the catalogue."""

from __future__ import annotations

import re

from connector.config import broken
from connector.contest import roles
from connector.pipeline import closable
from connector.said.words import WORDS
from connector.store import leases, trouble
from connector.store.agreed import plan_guard
from connector.writeback import deliver
from tests.said.sources import numbered, sentences

TABLES = [
    *(text for pair in (*trouble._SQLITE.values(), *trouble._POSTGRESQL.values()) for text in pair),
    *trouble._UNREACHED,
    leases.PROCESS,
    leases.FASTER,
    *plan_guard._TEXTS.values(),
    *closable._TEXTS.values(),
    *roles.WORDS.values(),
    deliver.LOOPING,
    *broken.MEANT.values(),
]
"""Sentences that stand in tables beside the code that says them."""
CODES = {
    "kpi drift accept all", "chmod 600 {0}", "chmod go-w {0}", "chmod o-w {0}", "ulimit -n {0}",
    "account.quality.speech.keep",
}  # fmt: skip


def test_every_sentence_has_its_russian() -> None:
    said = sentences() | {numbered(text): "a table of sentences" for text in TABLES}
    assert len(said) > 400
    missing = {text: where for text, where in said.items() if text not in WORDS}
    assert not missing, "put them into connector/said/words"


def test_both_have_the_same_gaps_and_the_russian_is_russian() -> None:
    gaps = re.compile(r"\{\d+\}")
    for english, russian in WORDS.items():
        assert set(gaps.findall(russian)) <= set(gaps.findall(english)), english
    latin = [english for english, russian in WORDS.items() if not re.search("[а-яё]", russian, re.IGNORECASE)]
    assert [one for one in latin if len(re.findall("[a-z]{3,}", gaps.sub("", one))) > 2 and "pip install" not in one
            and one not in CODES and "team or company" not in one] == []  # fmt: skip
