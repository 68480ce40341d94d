"""Forms as PHP spells them: nested, bounded, whatever comes."""

from __future__ import annotations

import time
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.http.form import DEEPEST, LONGEST, MOST, BadForm, at, parse, rows, text


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {}),
        (b"a=1", {"a": "1"}),
        (b"leads[update][0][id]=7", {"leads": {"update": {"0": {"id": "7"}}}}),
        (b"leads%5Bupdate%5D%5B0%5D%5Bid%5D=7", {"leads": {"update": {"0": {"id": "7"}}}}),
        (b"a[]=1&a[]=2", {"a": {"0": "1", "1": "2"}}),
        (b"a=1&a=2", {"a": "2"}),
        (b"n[type]=3&n[type][u]=x", {"n": {"type": {"": "3", "u": "x"}}}),
        (b"n[type][u]=x&n[type]=3", {"n": {"type": {"u": "x", "": "3"}}}),
        (b"a=%D0%90+b&b", {"a": "А b", "b": ""}),
        (b"a=%FF%00", {"a": "�\x00"}),
        (b"]a[=1&[x]=2&a[b]c=3", {}),
    ],
)
def test_names_become_maps(body: bytes, fields: object) -> None:
    assert parse(body).fields == fields


def test_what_was_repeated_or_unreadable_is_counted() -> None:
    form = parse(b"a=1&a=2&[x]=1&b=1")
    assert (form.repeated, form.odd) == (1, 1)


def test_a_legal_hook_of_three_thousand_fields_is_read() -> None:
    pairs = [(f"leads[update][0][custom_fields][{n}][values][0][value]", f"Значение {n}") for n in range(3000)]
    body = urlencode([("leads[update][0][id]", "7001"), *pairs, ("account[id]", "1")]).encode()
    fields = parse(body).fields
    assert text(at(fields, "leads", "update", "0", "id")) == "7001"
    assert len(rows(at(fields, "leads", "update", "0", "custom_fields"))) == 3000


@pytest.mark.parametrize(
    "bomb",
    [
        b"&".join(b"a%d=1" % n for n in range(MOST + 1)),
        b"&" * 200_000,
        b"a" + b"[x]" * (DEEPEST + 1) + b"=1",
        b"a" + b"[" * 10_000 + b"=1",
        b"x" * (LONGEST + 1) + b"=1",
        b"%5B" * 1_000_000 + b"=1",
    ],
    ids=["fields", "separators", "depth", "brackets", "name", "encoded"],
)
def test_bombs_are_refused_at_once(bomb: bytes) -> None:
    began = time.process_time()
    with pytest.raises(BadForm):
        parse(bomb)
    assert time.process_time() - began < 0.5


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="[]"), min_size=1, max_size=12)
TREES = st.recursive(
    st.text(max_size=8), lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=4), max_leaves=12
)


def spelt(tree: object, name: str) -> list[str]:
    if isinstance(tree, dict):
        return [one for key, inner in tree.items() for one in spelt(inner, f"{name}[{key}]")]
    return [f"{quote(name, safe='')}={quote(str(tree), safe='')}"]


@settings(max_examples=60)
@given(st.dictionaries(NAMES, TREES, max_size=3))
def test_what_php_would_write_reads_back(tree: dict[str, object]) -> None:
    body = "&".join(one for key, inner in tree.items() for one in spelt(inner, key)).encode()
    assert parse(body, deepest=50, longest=10_000).fields == tree


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        parse(body)
    except BadForm:
        return
