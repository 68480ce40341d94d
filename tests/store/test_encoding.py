"""A record as a row and back."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import StoreTrouble
from connector.records import KINDS, Client, Deal, Record
from connector.store import encoding
from connector.store.upsert import table

T0 = datetime(2026, 9, 1, 9, tzinfo=UTC)


def a_deal(id: str, at: datetime | None, **more: object) -> Deal:
    return Deal(id=id, updated_at=at, created_at=T0, pipeline_id="31", stage_id="31/1", **more)  # type: ignore[arg-type]


@given(id=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40))
def test_the_hash_is_that_of_the_record_without_its_moment(id: str) -> None:
    for name in (id, id + ',"updated_at":"2026"', '"' + id):
        made, kept, _ = encoding.row(1, a_deal(name, T0, fields={"updated_at": "x"}), 5)
        rest = msgspec.json.encode(msgspec.structs.replace(kept, updated_at=None))
        assert made.hash == blake2b(rest, digest_size=16).hexdigest()
        assert encoding.decode("deal", made.body) == kept


def test_the_columns_of_a_row_are_those_of_the_table() -> None:
    assert list(encoding.Row.__struct_fields__) == [column.name for column in table("record").columns]


def test_nothing_is_mended_that_need_not_be() -> None:
    deal = a_deal("1", T0, amount=10**15, source="\\u0000 written out, and 12345678901234567890")
    made, kept, mended = encoding.row(1, deal, 5)
    assert kept is deal
    assert not mended
    assert made.updated_at == 1_788_253_200_000


def test_an_amount_beyond_belief_is_left_out() -> None:
    _, kept, mended = encoding.row(1, a_deal("1", T0, amount=10**15 + 1), 5)
    assert (kept.amount, mended) == (None, True)


def test_integers_hidden_among_free_values_are_found() -> None:
    for large in (2**64, -(2**63) - 1, 10**5000):
        for value in (large, [large], {"deep": [large]}):
            made, _, mended = encoding.row(1, a_deal("1", T0, fields={"f": value}), 5)
            assert mended
            assert msgspec.json.decode(made.body)["fields"] in ({"f": None}, {"f": [None]}, {"f": {"deep": [None]}})


def test_a_body_of_another_version_is_named() -> None:
    with pytest.raises(StoreTrouble, match="a stored deal cannot be read"):
        encoding.decode("deal", '{"id": 5}')
    with pytest.raises(StoreTrouble, match="a stored comet cannot be read"):
        encoding.decode("comet", "{}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_ref_leads_back_to_its_row(kind: type[Record]) -> None:
    id = "company:8" if kind is Client else "8"
    for ref in encoding.refs(kind.kind, id):
        assert (kind.kind, id) in encoding.keys(ref)
