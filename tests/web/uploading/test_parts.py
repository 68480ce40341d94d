"""The body of a form with files, as browsers send it and as it may come in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.web.uploading.parts import Part, boundary_of, parts

EDGE = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


def sent(*some: Part, edge: str = EDGE) -> bytes:
    """As a browser writes it."""
    whole = b""
    for one in some:
        named = (
            "" if one.file is None else f'; filename="{one.file.replace(chr(34), "%22")}"\r\nContent-Type: text/plain'
        )
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{one.name}"{named}\r\n\r\n'
        whole += head.encode() + one.data + b"\r\n"
    return whole + f"--{edge}--\r\n".encode()


def test_fields_and_files_come_as_they_were_chosen() -> None:
    told = [Part("token", b"abc"), Part("files", "привет\r\n\r\n--".encode(), 'звонок "7".txt'), Part("files", b"", "")]
    assert parts(sent(*told), EDGE) == told


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=60).filter(lambda data: EDGE.encode() not in data), max_size=4))
def test_any_content_comes_back_byte_by_byte(contents: list[bytes]) -> None:
    told = [Part("files", data, f"{place}.txt") for place, data in enumerate(contents)]
    assert parts(sent(*told), EDGE) == told


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_body_that_ends_in_the_middle_is_no_form(cut: int) -> None:
    whole = sent(Part("files", b"words", "a.txt"))
    with pytest.raises(ValueError, match="ends in the middle"):
        parts(whole[: -cut - len("--\r\n")], EDGE)


def test_a_part_without_a_name_is_refused() -> None:
    body = f"--{EDGE}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{EDGE}--\r\n".encode()
    with pytest.raises(ValueError, match="no name"):
        parts(body, EDGE)


def test_of_a_head_without_end_only_the_beginning_is_looked_through() -> None:
    """Megabytes of half a header would keep the program's other threads waiting for minutes."""
    endless = b"content-disposition:" * 200_000
    with pytest.raises(ValueError, match="no name"):
        parts(b"--" + EDGE.encode() + b"\r\n" + endless + b"\r\n--" + EDGE.encode() + b"--\r\n", EDGE)


@pytest.mark.parametrize(
    ("told", "edge"),
    [
        (f"multipart/form-data; boundary={EDGE}", EDGE),
        (f'Multipart/Form-Data; boundary="{EDGE}"', EDGE),
        ("application/x-www-form-urlencoded", None),
        ("multipart/form-data", None),
        (f"multipart/form-data; boundary={'x' * 71}", None),
        ("", None),
    ],
)
def test_the_boundary_is_told_by_the_type(told: str, edge: str | None) -> None:
    assert boundary_of(told) == edge
