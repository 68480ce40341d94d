"""The journal on its own: cut it or damage it anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.store.secret.journal import Entry, Journal


def test_a_journal_cut_at_any_byte_gives_the_whole_records_before_the_cut(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    entries = [Entry("intent", 1, 5), Entry("answer", 2, 6, "sealed" * 9), Entry("intent", 2, 7)]
    for entry in entries:
        journal.append(entry)
    assert journal.entries() == entries
    data = journal.path.read_bytes()
    ends = [n + 1 for n, byte in enumerate(data) if byte == 10]
    for cut in range(len(data.rstrip(b" ")) + 1):
        journal.path.write_bytes(data[:cut])
        assert journal.entries() == entries[: sum(end <= cut for end in ends)]
        journal.append(Entry("intent", 8, 8))
        assert journal.entries()[-1] == Entry("intent", 8, 8)


def test_of_what_is_settled_the_newest_pair_stays(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.tokens")
    journal.trim()
    assert list(tmp_path.iterdir()) == []
    journal.append(Entry("intent", 1, 5))
    journal.trim()
    assert journal.entries() == [] and journal.path.stat().st_size == 0
    for entry in (Entry("intent", 1, 5), Entry("answer", 2, 6, "old"), Entry("answer", 3, 7, "new")):
        journal.append(entry)
    for _ in range(2):
        journal.trim()
        assert journal.entries() == [Entry("kept", 3, 7, "new")]
        journal.append(Entry("intent", 3, 8))
    assert [path.name for path in tmp_path.iterdir()] == ["j.tokens"]


def test_without_room_for_it_all_is_forgotten_as_the_database_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "j.tokens")
    journal.append(Entry("answer", 2, 6, "sealed"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    journal.trim()
    assert journal.entries() == []
    assert [path.name for path in tmp_path.iterdir()] == ["j.tokens"]


def test_a_flipped_bit_is_no_record(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.append(Entry("answer", 2, 6, "sealed"))
    data = bytearray(journal.path.read_bytes())
    for n in range(len(data) - 1):
        data[n] ^= 4
        journal.path.write_bytes(data)
        assert journal.entries() == []
        data[n] ^= 4
