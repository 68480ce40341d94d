"""From rows to numbers and back: what is imported counts, nothing counts twice, an undone import counts nowhere."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.brought.facts.files import from_csv
from connector.config import Settings
from connector.errors import BadConfig, Busy
from connector.moment import from_ms
from connector.pipeline import importing
from connector.pipeline.bench import Workbench
from connector.pipeline.importing import imports_of, undo_import, versions_of
from connector.pipeline.measuring import explanation_of, sources
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.running import held
from connector.store.engine import Store, open_store
from tests.pipeline.shop import SEPTEMBER, bring, facts, opened, result

HEAD = "key;what;at;user;deal;client;amount;currency;number;items;due;paid;technique\n"
PAID = HEAD + "p1;payment;2026-09-10;;1;;100,50;;;;;;\np2;payment;2026-09-11;501;;;1;USD;;;;;\n"
RATED = HEAD + "r1;rating;2026-09-10;;1;;;;5;;;;\n"


@pytest.fixture
def bench(store: Store) -> Workbench:
    return opened(store, csat_field="CSAT")


def test_what_nobody_imported_has_no_source_and_what_somebody_did_has(bench: Workbench) -> None:
    assert (result(bench, "paid_revenue").value, result(bench, "paid_revenue").reason) == (None, "no_source")
    taken = bring(bench, PAID)
    assert (taken.taken[1:], taken.problem) == ((2, 0, 0), "")
    assert taken.synced is not None
    assert result(bench, "paid_revenue").value == Decimal("190.50")
    assert {"import:payment", "import:quote_paid"} == {one for one in sources(bench) if one.startswith("import:")}


def test_the_crm_is_not_asked_for_an_import(bench: Workbench) -> None:
    before = bench.provider.requests
    bring(bench, PAID)
    assert bench.provider.requests == before


def test_undone_it_is_as_if_never_imported_and_a_past_moment_still_knows_it(bench: Workbench) -> None:
    number = bring(bench, PAID).taken.id
    assert number is not None
    knew = from_ms(bench.now())
    undone, brought = undo_import(bench, number, author="boris")
    assert (undone, brought.problem) == ((2, 0, 0), "")
    assert (result(bench, "paid_revenue").value, result(bench, "paid_revenue").reason) == (None, "no_source")
    assert result(bench, "paid_revenue", as_of=knew).value == Decimal("190.50")
    told = explanation_of(bench, "paid_revenue", SEPTEMBER, user="501")
    assert ([item.why for item in told.left_out], told.items) == (["undone", "undone"], ())
    assert [(one.id, one.undone_by) for one in imports_of(bench)] == [(number, "boris")]
    assert [(row.id, told.amount) for row, told in versions_of(bench, "import:p1")] == [(number, 100_50)]


def test_a_changed_row_replaces_and_the_number_follows(bench: Workbench) -> None:
    bring(bench, PAID)
    assert bring(bench, PAID.replace("100,50", "50")).taken[1:] == (0, 1, 1)
    assert result(bench, "paid_revenue").value == Decimal("140.00")


def test_the_same_file_again_changes_nothing(bench: Workbench) -> None:
    bring(bench, PAID)
    before, known = facts(bench), len(imports_of(bench))
    again = bring(bench, PAID, source="renamed.csv")
    assert (again.taken, again.synced) == ((None, 0, 0, 2), None)
    assert (facts(bench), len(imports_of(bench))) == (before, known)


def test_a_rating_counts_once_whether_the_field_or_an_import_tells_it(bench: Workbench) -> None:
    assert (result(bench, "csat").value, result(bench, "csat").n) == (0, 1)
    number = bring(bench, RATED).taken.id
    assert (result(bench, "csat").value, result(bench, "csat").n) == (1, 1)
    assert number is not None
    undo_import(bench, number, author="anna")
    assert (result(bench, "csat").value, result(bench, "csat").n) == (0, 1)


def test_the_proof_names_the_row(bench: Workbench) -> None:
    bring(bench, PAID)
    told = explanation_of(bench, "paid_revenue", SEPTEMBER, user="501")
    links = [item.links for item in told.items]
    assert [one.get("external:p1") or one.get("external:p2") for one in links] == ["import:p1", "import:p2"]
    assert "deal:1" in links[0]


def test_every_kind_of_kpi_that_only_imports_give_gets_its_number(bench: Workbench) -> None:
    rows = (
        "i1;invoice;2026-09-01;;2;;500;;;;2026-09-05;200;\nb1;refund;2026-09-05;;2;;400;;;;;;\n"
        "s1;script;2026-09-05;501;;;;;7;10;;;\no1;objection;2026-09-05;501;;;;;0,9;;;;\n"
        "t1;training;2026-09-02;501;;;;;;;;;SPIN\nu1;technique;2026-09-05;501;;;;;1;;;;spin\n"
        "u2;technique;2026-09-01;501;;;;;0;;;;spin\n"
    )
    assert bring(bench, HEAD + rows).bad == ()
    wanted = {
        "receivables_overdue": "300", "refund_share": "0.1", "refunds_booked": "400", "script_compliance": "0.7",
        "objection_handling": "1", "technique_use": "1",
    }  # fmt: skip
    assert {kpi: result(bench, kpi).value for kpi in wanted} == {kpi: Decimal(value) for kpi, value in wanted.items()}


def test_an_invoice_paid_in_full_is_overdue_no_more(bench: Workbench) -> None:
    bill = HEAD + "i1;invoice;2026-09-01;;2;;500;;;;2026-09-05;{};\n"
    bring(bench, bill.format("200"))
    bring(bench, bill.format("да"))
    assert result(bench, "receivables_overdue").value == 0


def test_a_training_imported_later_makes_earlier_rows_count(bench: Workbench) -> None:
    bring(bench, HEAD + "u1;technique;2026-09-05;501;;;;;1;;;;SPIN\n")
    assert result(bench, "technique_use").n == 0
    taught = bring(bench, HEAD + "t1;training;2026-09-02;501;;;;;;;;;spin\n").taken.id
    assert result(bench, "technique_use").n == 1
    assert taught is not None
    undo_import(bench, taught, author="anna")
    assert result(bench, "technique_use").n == 0


def test_nothing_is_taken_while_a_row_is_wrong_and_all_are_named(bench: Workbench) -> None:
    wrong = PAID + "p3;payment;2026-09-10;;99;;5;;;;;;\np1;payment;2026-09-10;;1;;7;;;;;;\n"
    brought = bring(bench, wrong)
    assert [one.line for one in brought.bad] == [4, 5]
    assert (imports_of(bench), brought.taken.new) == ([], 0)
    assert result(bench, "paid_revenue").value is None


def test_a_dry_run_says_what_would_be_and_stores_nothing(bench: Workbench) -> None:
    bring(bench, PAID)
    would = bring(bench, PAID.replace("100,50", "50") + "p3;payment;2026-09-10;;1;;5;;;;;;\n", dry_run=True)
    assert would.taken == (None, 1, 1, 1)
    assert len(imports_of(bench)) == 1
    assert bring(bench, PAID + "p4;payment;;;1;;5;;;;;;\n", dry_run=True).bad[0].line == 4


def test_a_key_of_another_sort_is_not_replaced_silently(bench: Workbench) -> None:
    bring(bench, PAID)
    assert "a payment already" in bring(bench, RATED.replace("r1", "p1")).bad[0].problem


def test_whoever_holds_the_account_is_waited_for_and_then_named(bench: Workbench) -> None:
    waited: list[float] = []
    data = PAID.encode()
    with held(bench), pytest.raises(Busy):
        importing.import_facts(bench, from_csv(data), data, author="a", source="s", patience=1, wait=waited.append)
    assert sum(waited) == 1


def test_nobody_is_waited_for_where_there_is_nothing_to_take(bench: Workbench) -> None:
    bring(bench, PAID)
    with held(bench):
        assert bring(bench, PAID, patience=0).taken.same == 2
        assert bring(bench, PAID + "p3;payment;;;;;;;;;;;\n", patience=0).bad


def test_rows_are_kept_though_they_cannot_be_derived_now(bench: Workbench) -> None:
    rules = bench.settings.rules.model_copy(update={"sales_pipelines": ("Gone",)})
    good, bench.settings = bench.settings, bench.settings.model_copy(update={"rules": rules})
    brought = bring(bench, PAID)
    assert (brought.taken.new, brought.synced, "Gone" in brought.problem) == (2, None, True)
    bench.settings = good
    sync_and_derive(bench)
    assert result(bench, "paid_revenue").value == Decimal("190.50")


def test_before_the_first_sync_nobody_is_known(sqlite_store: Store) -> None:
    known = opened(sqlite_store)
    fresh = Workbench(known.settings, sqlite_store, known.account + 1, known.provider, known.clock)
    fresh._zone = known.zone()
    with pytest.raises(BadConfig, match="kpi sync"):
        bring(fresh, PAID)


ROWS = [
    ("p1", "payment;2026-09-10;;1;;{n};;;;;;"), ("p2", "payment;2026-09-11;501;;;{n};USD;;;;;"),
    ("r1", "rating;2026-09-12;;1;;;;{n};;;;"), ("b1", "refund;2026-09-13;;2;;{n};;;;;;"),
    ("i1", "invoice;2026-09-10;;3;;{n};;;;2026-09-11;;"), ("t1", "training;2026-09-0{n};501;;;;;;;;;SPIN"),
    ("u1", "technique;2026-09-03;501;;;;;1;;;;SPIN"), ("s1", "script;2026-09-10;501;;;;;{n};9;;;"),
]  # fmt: skip
FILES = st.lists(st.dictionaries(st.integers(0, len(ROWS) - 1), st.integers(1, 4), min_size=1), min_size=1, max_size=3)


def text_of(told: dict[int, int], dice: random.Random) -> str:
    lines = [f"{ROWS[place][0]};{ROWS[place][1].format(n=n)}\n" for place, n in told.items()]
    return HEAD + "".join(dice.sample(lines, len(lines)))


def check_undo_leaves_nothing(store: Store, several: list[dict[int, int]], dice: random.Random) -> None:
    """Import, undo and import again is as importing once, in whatever order the rows stand and imports are undone."""
    bench = opened(store, csat_field="CSAT")
    numbers = [bring(bench, text_of(told, dice)).taken.id for told in several]
    once = facts(bench)
    for number in dice.sample([one for one in numbers if one is not None], len(set(numbers) - {None})):
        undo_import(bench, number, author="anna")
    assert not [row for row in facts(bench) if "external:" in str(row) and "undone" not in row]
    for told in several:
        bring(bench, text_of(told, dice))
    assert facts(bench) == once


@settings(max_examples=15, deadline=timedelta(seconds=30))
@given(several=FILES, dice=st.randoms(use_true_random=False))
def test_import_undo_and_import_again_is_importing_once(
    migrated_sqlite: Path, several: list[dict[int, int]], dice: random.Random
) -> None:
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated_sqlite, f"{folder}/kpi.db")
        opened_here = open_store(f"sqlite:///{folder}/kpi.db")
        check_undo_leaves_nothing(opened_here, several, dice)
        opened_here.dispose()


def test_the_same_on_both_databases(store: Store) -> None:
    every = [{place: 1 for place in range(len(ROWS))}, {0: 2, 5: 4, 4: 3}, {0: 3}]
    check_undo_leaves_nothing(store, every, random.Random(3))


def test_settings_know_the_address_to_listen_at() -> None:
    def listen(text: str) -> Any:
        return Settings.model_validate({"web": {"listen": text}}).web.listen

    assert (listen("127.0.0.1:8800"), listen("[::1]:80")) == ("127.0.0.1:8800", "[::1]:80")
    for wrong in ("8800", "localhost", "host:99999", "a b:1", "127.0.0.1:http"):
        with pytest.raises(ValueError, match="HOST:PORT"):
            listen(wrong)
